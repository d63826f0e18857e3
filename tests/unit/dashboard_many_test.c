/*
 * dashboard_many_test.c: what a worker keeps of rows says what a fresh process
 * says, after whatever changed: values, status, moves, pins, the ledger, Redis,
 * and the clock alone. The seed is printed; MANY_SEED and MANY_STEPS choose.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/board.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/ledger/jobs.h"
#include "lib/redis/keys.h"
#include "tests/unit/redis.h"
#include "tests/unit/unit.h"

#define TTL 60
#define NODES 6
#define ACCOUNTS 3 /* a node */
#define STEPS 400
#define ONE MONEY_ONE

/* ---- the clock, which stands still but when it is moved ---- */

static int64_t utc_ms = INT64_C(1796000000000), mono_ms = 1000000;
static bool is_still; /* else it is the real one, for what starts Redis */

int
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
clock_gettime(clockid_t id, struct timespec *ts)
{
	int64_t ms = id == CLOCK_MONOTONIC ? mono_ms : utc_ms;

	if (!is_still)
		return (int)syscall(SYS_clock_gettime, id, ts);
	ts->tv_sec = ms / 1000;
	ts->tv_nsec = ms % 1000 * 1000000;
	return 0;
}

static uint64_t seed;

static uint64_t
draw(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

/* ---- a fleet in Redis, its ledger, and a worker that goes on ---- */

struct account_now {
	int login;
	enum status status;
	double balance, profit;
	int64_t since_utc_ms, at_utc_ms;
	int non_trade_deals;
	const char *error;
};

struct world {
	struct redis redis;
	char nodes_file[96], ledger_file[96];
	struct cache *cache;
	struct ledger *ledger;
	int64_t ids[NODES * ACCOUNTS + 1], day_utc_ms;
	struct account_now accounts[NODES][ACCOUNTS];
	bool pins;
	struct app worker;
};

static void
begin_app(struct app *app, struct world *w)
{
	char *error;

	memset(app, 0, sizeof(*app));
	app->config.redis_url = w->redis.url;
	app->config.cache_ttl_s = TTL;
	app->config.nodes_file = w->nodes_file;
	app->source.path = w->ledger_file;
	app->cache = cache_open(&app->config, &error);
	assert_non_null(app->cache);
}

static void
end_app(struct app *app)
{
	kept_done(&app->kept);
	replica_done(&app->replica);
	facts_done(&app->facts);
	facts_source_done(&app->source);
	fleet_done(&app->fleet);
	cache_close(app->cache);
}

static void
write_nodes(struct world *w)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_puts(&b, "[");
	for (int i = 0; i < NODES; i++)
		buf_printf(&b,
		    "%s\n{\"id\":\"n%d\",\"url\":\"http://127.0.0.1:%d\"%s}",
		    i > 0 ? "," : "", i, i + 1,
		    w->pins && i == 0 ? ",\"accounts\":[{\"server\":\"S\","
					"\"login\":\"1\"},{\"server\":\"S\","
					"\"login\":\"99\"}]"
				      : "");
	buf_puts(&b, "\n]\n");
	assert_int_equal(file_write(w->nodes_file, b.data, b.len, 0600), 0);
	buf_done(&b);
}

static void
put_account(struct json *j, const struct account_now *a)
{
	const struct snapshot_entry e = {.server = "S",
	    .login = a->login,
	    .status = a->status,
	    .since_utc_ms = a->since_utc_ms,
	    .at_utc_ms = a->at_utc_ms,
	    .currency = a->login % 2 ? "USD" : "EUR",
	    .currency_digits = 2,
	    .trade_mode = a->login % 3,
	    .balance = a->balance,
	    .credit = 0,
	    .equity = a->balance + a->profit,
	    .profit = a->profit,
	    .non_trade_deals = a->non_trade_deals,
	    .terminal_id = "t",
	    .error = a->error};

	snapshot_put_entry(j, &e);
}

/* As collect writes it: the keys and that it did, in one transaction. */
static void
publish(struct world *w, int i, bool present)
{
	char id[8], key[KEY_SIZE], row[160];
	const struct snapshot_head head = {id, "r", "{}", utc_ms, STATUS_OK};
	struct node_record record = {.node = id,
	    .link = present ? LINK_OK : LINK_UNREACHABLE,
	    .since_utc_ms = utc_ms - 5000,
	    .polled_utc_ms = utc_ms,
	    .error = present ? NULL : "no route"};
	struct cache_batch b;
	struct json j;
	size_t len;
	const char *text;

	snprintf(id, sizeof(id), "n%d", i);
	json_init(&j, 1 << 20);
	cache_batch_init(&b);
	cache_batch_begin(&b);
	if (present) {
		snapshot_put_head(&j, &head);
		for (int k = 0; k < ACCOUNTS; k++)
			put_account(&j, &w->accounts[i][k]);
		snapshot_end_head(&j);
		for (int k = 0; k < ACCOUNTS; k++) {
			const struct account_now *a = &w->accounts[i][k];

			snprintf(row, sizeof(row),
			    "{\"account\":{\"balance\":%.2f,\"name\":\"N %d\"},"
			    "\"positions\":%d,\"orders\":0}",
			    a->balance, a->login, (int)draw(3));
			snapshot_put_lines(&j, row, "{}", "[]", "[]");
		}
		text = json_text(&j, &len);
		assert_non_null(text);
		cache_batch_set(
		    &b, key_of(KEY_SNAPSHOT, id, key), text, len, 0);
		cache_batch_set(&b, key_of(KEY_LAST, id, key), text, len, 0);
		json_reset(&j);
	} else
		cache_batch_del(&b, key_of(KEY_SNAPSHOT, id, key));
	node_record_put(&j, &record);
	text = json_text(&j, &len);
	cache_batch_set(&b, key_of(KEY_NODE, id, key), text, len, 0);
	snprintf(row, sizeof(row), "%llu", (unsigned long long)draw(1 << 30));
	cache_batch_set(&b, KEY_CHANGED, row, strlen(row), 0);
	cache_batch_changed(&b, id);
	cache_batch_end(&b);
	assert_int_equal(cache_batch_run(w->cache, &b), 0);
	cache_batch_done(&b);
	json_done(&j);
}

static void
move_values(struct world *w, int i)
{
	struct account_now *a = &w->accounts[i][draw(ACCOUNTS)];

	a->profit = (double)((int)draw(20000) - 10000) / 100;
	if (draw(4) == 0) {
		a->status = (enum status)draw(STATUS_COUNT);
		a->since_utc_ms = utc_ms;
	}
	a->error = a->status == STATUS_BAD_DATA ? "equity: 1e300" : NULL;
	if (draw(8) == 0)
		a->login = 1 + (int)draw(NODES * ACCOUNTS);
	a->non_trade_deals = draw(3) == 0 ? 1 : draw(2) == 0 ? -1 : 0;
	for (int k = 0; k < ACCOUNTS; k++)
		if (draw(10) != 0) /* some are carried */
			w->accounts[i][k].at_utc_ms = utc_ms;
}

/* ---- the ledger ---- */

#define OK(call) assert_int_equal((call), LEDGER_OK)

static void
change_ledger(struct world *w)
{
	int64_t id = w->ids[1 + draw(NODES * ACCOUNTS)];
	const struct ledger_actor actor = {.who = "t", .at_utc_ms = utc_ms};
	struct ledger_meta_edit meta = {.rule_set = -1};
	struct ledger_phase_edit phase = {.initial_balance = {true, 100 * ONE}};
	struct rule_limits limits = {.at_utc_ms = utc_ms,
	    .resets_utc_ms = w->day_utc_ms + INT64_C(86400000)};
	struct ledger_day day = {.day_utc_ms = w->day_utc_ms,
	    .next_utc_ms = w->day_utc_ms + INT64_C(86400000),
	    .date = "2026-11-29",
	    .balance = {true, 100 * ONE},
	    .equity = {true, (90 + (int)draw(20)) * ONE}};
	struct rule_line *line = &limits.line[RULE_DAILY_LOSS];

	switch (draw(4)) {
	case 0:
		meta.holder = draw(2) ? "Ann" : "";
		meta.prop_firm = draw(2) ? "FTMO" : "Alpha";
		meta.note = draw(2) ? "a \"note\"" : "";
		OK(ledger_meta_edit(
		    w->ledger, id, LEDGER_ANY_VERSION, &meta, &actor));
		break;
	case 1:
		phase.phase = draw(2) ? "F1" : "R";
		OK(ledger_phase_edit(
		    w->ledger, id, LEDGER_ANY_VERSION, &phase, &actor));
		break;
	case 2:
		OK(ledger_day_put(w->ledger, id, &day));
		break;
	default:
		*line = (struct rule_line){.is_set = true,
		    .level = {true, (40 + (int)draw(40)) * ONE},
		    .size = {true, 50 * ONE}};
		limits.line[RULE_FLAT] = (struct rule_line){.is_set = true,
		    .level = {true, 0},
		    .value = {true, ONE},
		    .due_utc_ms = utc_ms + (int64_t)draw(7200000)};
		limits.line[RULE_MAX_DAYS] = (struct rule_line){.is_set = true,
		    .level = {true, 30 * ONE},
		    .due_utc_ms = utc_ms + (int64_t)draw(30) * 86400000};
		OK(ledger_limits_put(w->ledger, id, &limits));
		break;
	}
}

/* ---- one answer, and the same of a fresh process ---- */

typedef void handler(
    struct app *app, const struct request *req, struct response *res);

static char *
ask(struct app *app, handler *handle, const char *query,
    char etag[WEB_ETAG_SIZE])
{
	struct request req;
	struct response res;
	const char *body;
	char *copy;
	size_t len;

	request_init(&req);
	response_init(&res);
	request_set_target(&req, &res, "/", query);
	handle(app, &req, &res);
	/* only a process that saw it before knows that it is no news */
	free(app->fleet.seen);
	app->fleet.seen = NULL;
	if (res.more != NULL)
		while (res.more(res.more_arg, &res.text) == 1)
			;
	body = response_body(&res, &len);
	assert_non_null(body);
	copy = mem_strndup(body, len);
	memcpy(etag, res.etag, WEB_ETAG_SIZE);
	response_done(&res);
	request_done(&req);
	return copy;
}

static void
compare(struct world *w, int step, handler *handle, const char *query)
{
	char kept_tag[WEB_ETAG_SIZE], fresh_tag[WEB_ETAG_SIZE];
	char *kept = ask(&w->worker, handle, query, kept_tag), *fresh;
	struct app app;

	begin_app(&app, w);
	fresh = ask(&app, handle, query, fresh_tag);
	end_app(&app);
	if (strcmp(kept, fresh) != 0) {
		size_t at = 0;

		while (kept[at] == fresh[at])
			at++;
		at = at > 300 ? at - 300 : 0;
		fail_msg("step %d ?%s\nkept:  %.600s\nfresh: %.600s", step,
		    query, kept + at, fresh + at);
	}
	assert_string_equal(kept_tag, fresh_tag);
	free(kept);
	free(fresh);
}

static void
change_something(struct world *w)
{
	int i = (int)draw(NODES);

	switch (draw(12)) {
	case 0:
		publish(w, i, false);
		break;
	case 1:
		w->pins = !w->pins;
		write_nodes(w);
		break;
	case 2:
	case 3:
		utc_ms += (int64_t)draw(TTL * 1500); /* some become stale */
		break;
	case 4:
		if (draw(4) == 0)
			utc_ms += (int64_t)draw(4 * 3600000);
		break;
	case 5:
		if (draw(6) == 0)
			utc_ms -= (int64_t)draw(600000);
		break;
	case 6:
	case 7:
	case 8:
		change_ledger(w);
		break;
	default:
		move_values(w, i);
		publish(w, i, true);
		break;
	}
}

static void
empty_redis(struct world *w)
{
	char key[KEY_SIZE], id[8];

	for (int i = 0; i < NODES; i++) {
		snprintf(id, sizeof(id), "n%d", i);
		assert_int_equal(
		    cache_del(w->cache, key_of(KEY_SNAPSHOT, id, key)), 0);
		assert_int_equal(
		    cache_del(w->cache, key_of(KEY_LAST, id, key)), 0);
		assert_int_equal(
		    cache_del(w->cache, key_of(KEY_NODE, id, key)), 0);
	}
	assert_int_equal(cache_del(w->cache, KEY_CHANGED), 0);
	assert_int_equal(cache_del(w->cache, KEY_CHANGES), 0);
	/* some come back at once: numbers of before must not hide them */
	for (int i = 0; i < NODES; i++)
		if (draw(2))
			publish(w, i, true);
}

static int
start(void **state)
{
	struct world *w = mem_new(1, sizeof(*w));
	struct config config = {0};
	char *error;

	if (redis_new(&w->redis) == -1)
		return -1;
	snprintf(w->nodes_file, sizeof(w->nodes_file), "%s/nodes.json",
	    w->redis.dir);
	snprintf(w->ledger_file, sizeof(w->ledger_file), "%s/ledger.db",
	    w->redis.dir);
	is_still = true;
	config.redis_url = w->redis.url;
	w->cache = cache_open(&config, &error);
	w->ledger = ledger_open(w->ledger_file, LEDGER_WRITE);
	w->day_utc_ms = utc_ms - 3600000;
	for (int login = 1; login <= NODES * ACCOUNTS; login++) {
		const struct ledger_seen seen = {.server = "S",
		    .login = login,
		    .node = "n0",
		    .currency = "USD",
		    .currency_digits = 2,
		    .offset_known = true};

		OK(ledger_account_seen(w->ledger, &seen, &w->ids[login]));
	}
	write_nodes(w);
	for (int i = 0; i < NODES; i++)
		for (int k = 0; k < ACCOUNTS; k++)
			w->accounts[i][k] =
			    (struct account_now){.login = 1 + i * ACCOUNTS + k,
				.status = STATUS_OK,
				.balance = 100,
				.since_utc_ms = utc_ms,
				.at_utc_ms = utc_ms};
	begin_app(&w->worker, w);
	*state = w;
	return 0;
}

static int
stop(void **state)
{
	struct world *w = *state;

	end_app(&w->worker);
	ledger_close(w->ledger);
	cache_close(w->cache);
	is_still = false;
	redis_done(&w->redis);
	free(w);
	return 0;
}

static void
what_is_kept_says_what_a_fresh_process_says(void **state)
{
	static const char *const pages[] = {"limit=4", "sort=-used&limit=3",
	    "status=ok,stale,conflict", "q=ann", "firm=ftmo&sort=day_pct",
	    "sort=status&limit=5&fields=login,pl.day,rules.used_today",
	    "currency=EUR&mode=demo&sort=-at", "phase=F1&sort=firm"};
	struct world *w = *state;
	const char *given = getenv("MANY_SEED"), *steps = getenv("MANY_STEPS");
	int n = steps != NULL ? atoi(steps) : STEPS;

	is_still = false;
	seed = given != NULL ? strtoull(given, NULL, 10)
			     : (uint64_t)clock_utc_ms();
	is_still = true;
	printf("# MANY_SEED=%llu\n", (unsigned long long)seed);
	for (int step = 0; step < n; step++) {
		for (uint64_t k = draw(4); k > 0; k--)
			change_something(w);
		if (draw(60) == 0)
			empty_redis(w);
		/* what the ledger says counts within a second */
		mono_ms += 1001;
		utc_ms += 1 + (int64_t)draw(2000);
		compare(w, step, accounts_get, "");
		compare(w, step, accounts_get,
		    pages[draw(sizeof(pages) / sizeof(pages[0]))]);
		if (draw(3) == 0)
			compare(w, step, summary_get, "");
		if (draw(6) == 0)
			compare(w, step, accounts_csv_get, "sort=login");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(
	    what_is_kept_says_what_a_fresh_process_says, start, stop)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

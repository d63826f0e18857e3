/*
 * rules_replay.c: {"account", "phase", "initial_balance", "period_started_utc",
 * "rules", "deals", "samples", "phases_runs"}: at each run the ledger knows the
 * deals and the samples up to that moment, and the account is judged then.
 * account.broker_offset_s is the broker's clock; account.broker_zone its time
 * zone; account.broker_offsets what its terminal reports from a moment on.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bin/rules.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/judge/judge.h"
#include "lib/ledger/zones.h"
#include "lib/trading/json_amount.h"
#include "lib/trading/money.h"

#define ANSWER_MAX ((size_t)1 << 20)

/* What stands in a list of the path, by its moment: a path may have been put
 * together from several. */
struct moments {
	struct moment {
		int64_t at_utc_ms;
		int place; /* in the path */
		const cJSON *v;
	} * list;
	int len;
};

struct replay {
	const cJSON *path;
	char *why;
	struct judge judge;
	struct ledger *l;
	int64_t account;
	const char *server;
	struct zone_spans clock; /* the broker's */
	money_t balance;         /* of all deals stored */
	struct moments deals, samples, runs;
	int next_deal, next_sample;
	int64_t ticket;
	struct rule_seen *seen;
	int seen_len;
	struct json *answer;
	bool failed;
};

static void fail(struct replay *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
fail(struct replay *r, const char *fmt, ...)
{
	va_list ap;

	if (r->failed)
		return;
	r->failed = true;
	va_start(ap, fmt);
	vsnprintf(r->why, RULES_REPLAY_WHY, fmt, ap);
	va_end(ap);
}

/* With the value as it stands in the path. */
static void
fail_value(
    struct replay *r, const char *where, const char *should, const cJSON *v)
{
	char *text = v != NULL ? cJSON_PrintUnformatted(v) : NULL;

	if (text == NULL)
		fail(r, "%s: missing", where);
	else
		fail(r, "%s: not %s: %.80s", where, should, text);
	cJSON_free(text);
}

static void
check(struct replay *r, enum ledger_result result)
{
	const char *why = ledger_error(r->l);

	if (result != LEDGER_OK)
		fail(r, "%s", why != NULL ? why : ledger_result_word(result));
}

/* "2026-06-10T22:00:05Z", with or without a fraction. */
static int64_t
moment(struct replay *r, const char *where, const cJSON *v)
{
	const char *text = cJSON_IsString(v) ? v->valuestring : "", *rest;
	struct tm tm = {0};
	int ms = 0, scale = 100;

	rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	if (rest != NULL && *rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9'; rest++) {
			ms += (*rest - '0') * scale;
			scale /= 10;
		}
	if (rest == NULL || strcmp(rest, "Z") != 0) {
		fail_value(r, where, "a UTC moment", v);
		return 0;
	}
	return (int64_t)timegm(&tm) * 1000 + ms;
}

static int64_t
member_moment(struct replay *r, const cJSON *o, const char *key)
{
	return moment(r, key, cJSON_GetObjectItemCaseSensitive(o, key));
}

static money_t
amount(struct replay *r, const char *where, const cJSON *v)
{
	money_t m = 0;

	if (!cJSON_IsNumber(v) || money_from_double(v->valuedouble, &m) == -1)
		fail_value(r, where, "an amount", v);
	return m;
}

/* 0 where it is not there. */
static money_t
member_amount(struct replay *r, const cJSON *o, const char *key)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);

	return v != NULL ? amount(r, key, v) : 0;
}

static int
earlier(const void *va, const void *vb)
{
	const struct moment *a = va, *b = vb;

	if (a->at_utc_ms != b->at_utc_ms)
		return a->at_utc_ms < b->at_utc_ms ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* A list of the path in the order of time. Its moments: member `key` of each,
 * the first of a row, or the value itself. */
static void
read_moments(
    struct replay *r, const char *name, const char *key, struct moments *out)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(r->path, name), *v;
	char where[64];

	if (!cJSON_IsArray(list)) {
		fail_value(r, name, "a list", list);
		return;
	}
	out->list =
	    mem_new((size_t)cJSON_GetArraySize(list) + 1, sizeof(*out->list));
	cJSON_ArrayForEach(v, list) {
		const cJSON *at = v;

		if (key != NULL)
			at = cJSON_GetObjectItemCaseSensitive(v, key);
		else if (cJSON_IsArray(v))
			at = cJSON_GetArrayItem(v, 0);
		snprintf(where, sizeof(where), "%s[%d]%s%s", name, out->len,
		    key != NULL ? "." : "", key != NULL ? key : "");
		out->list[out->len] =
		    (struct moment){moment(r, where, at), out->len, v};
		out->len++;
	}
	qsort(out->list, (size_t)out->len, sizeof(*out->list), earlier);
}

/* ---- the account and its period ---- */

/* [[utc, seconds], …] as spans; the first holds before, too. */
static void
read_offsets(struct replay *r, const cJSON *list)
{
	const cJSON *v;
	int n = 0;

	r->clock.list = mem_new(
	    (size_t)cJSON_GetArraySize(list) + 1, sizeof(*r->clock.list));
	cJSON_ArrayForEach(v, list) {
		const cJSON *s = cJSON_GetArrayItem(v, 1);
		int64_t at = moment(
		    r, "account.broker_offsets", cJSON_GetArrayItem(v, 0));

		if (!cJSON_IsNumber(s) || fabs(s->valuedouble) > 86400)
			fail_value(r, "account.broker_offsets", "seconds", s);
		else
			r->clock.list[r->clock.len++] = (struct zone_span){
			    n == 0 ? INT64_MIN : at / 1000, s->valueint};
		n++;
	}
	if (n == 0)
		fail_value(r, "account.broker_offsets", "a list", list);
}

static void
read_clock(struct replay *r, const cJSON *account, int offset_s)
{
	const cJSON *offsets = cJSON_GetObjectItemCaseSensitive(
			account, "broker_offsets"),
		    *zone = cJSON_GetObjectItemCaseSensitive(
			account, "broker_zone");
	int64_t now_s = clock_utc_ms() / 1000;

	if (offsets != NULL) {
		read_offsets(r, offsets);
		return;
	}
	if (zone == NULL) {
		r->clock.list = mem_new(1, sizeof(*r->clock.list));
		*r->clock.list = (struct zone_span){INT64_MIN, offset_s};
		r->clock.len = 1;
		return;
	}
	if (!cJSON_IsString(zone) || zone_check(zone->valuestring) == -1)
		fail_value(r, "account.broker_zone", "a time zone", zone);
	else
		zone_spans(
		    zone->valuestring, 0, now_s + 366 * 86400, &r->clock);
}

static void
see_account(struct replay *r)
{
	const cJSON *o = jsonin_object(r->path, "account");
	struct ledger_seen seen = {.server = "Replay",
	    .login = 1,
	    .node = "replay",
	    .currency = "USD",
	    .currency_digits = 2,
	    .trade_mode = 2,
	    .margin_mode = 2,
	    .leverage = -1,
	    .offset_known = true};

	(void)jsonin_string(o, "server", &seen.server);
	(void)jsonin_int64(o, "login", &seen.login);
	(void)jsonin_string(o, "currency", &seen.currency);
	(void)jsonin_int(o, "currency_digits", &seen.currency_digits);
	(void)jsonin_int(o, "trade_mode", &seen.trade_mode);
	(void)jsonin_int(o, "margin_mode", &seen.margin_mode);
	(void)jsonin_int(o, "broker_offset_s", &seen.offset_s);
	r->server = seen.server;
	read_clock(r, o, seen.offset_s);
	if (r->failed)
		return;
	seen.offset_s = zone_offset(&r->clock, INT64_MAX);
	check(r, ledger_account_seen(r->l, &seen, &r->account));
}

static void
give_rules(struct replay *r, const struct ledger_actor *actor)
{
	struct ledger_meta_edit meta = {.rule_set = -1};
	char *text = cJSON_PrintUnformatted(
	    cJSON_GetObjectItemCaseSensitive(r->path, "rules"));
	struct ledger_rule_set set = {.name = "Replay", .rules = text};
	struct rules rules;

	if (text == NULL)
		fail(r, "rules: not there");
	else if (rules_parse(text, strlen(text), "F1", &rules, r->why,
		     RULES_REPLAY_WHY) == -1)
		r->failed = true;
	if (!r->failed)
		check(
		    r, ledger_rule_set_put(r->l, &set, actor, &meta.rule_set));
	if (!r->failed)
		check(r, ledger_meta_edit(r->l, r->account, LEDGER_ANY_VERSION,
			     &meta, actor));
	cJSON_free(text);
}

static void
begin_period(struct replay *r)
{
	struct ledger_phase_edit edit = {.phase = "F1"};
	struct ledger_actor actor = {.who = "replay"};
	const char *zone;

	actor.at_utc_ms = member_moment(r, r->path, "period_started_utc");
	if (!r->failed && jsonin_string(jsonin_object(r->path, "account"),
			      "broker_zone", &zone))
		check(r, ledger_zone_type(r->l, r->server, zone, &actor));
	(void)jsonin_string(r->path, "phase", &edit.phase);
	edit.initial_balance.v = member_amount(r, r->path, "initial_balance");
	edit.initial_balance.known = edit.initial_balance.v != 0;
	if (!r->failed)
		check(r, ledger_phase_edit(r->l, r->account, LEDGER_ANY_VERSION,
			     &edit, &actor));
	if (!r->failed)
		give_rules(r, &actor);
}

/* ---- what happens ---- */

static void
put_deal(struct replay *r, const cJSON *o, int64_t utc_ms)
{
	int offset_s = zone_offset(&r->clock, utc_ms / 1000);
	int64_t broker_ms = utc_ms + offset_s * INT64_C(1000);
	struct deal d = {.ticket = ++r->ticket,
	    .time = broker_ms / 1000,
	    .time_msc = broker_ms,
	    .volume = 1,
	    .price = NAN,
	    .offset_known = true,
	    .offset_s = offset_s,
	    .utc_ms = utc_ms,
	    .symbol = "",
	    .comment = "",
	    .external_id = "",
	    .sl = NAN,
	    .tp = NAN};
	struct ledger_put put;
	money_t net = 0;

	(void)jsonin_int64(o, "ticket", &d.ticket);
	(void)jsonin_int(o, "type", &d.type);
	(void)jsonin_int(o, "entry", &d.entry);
	(void)jsonin_int(o, "reason", &d.reason);
	(void)jsonin_int64(o, "position_id", &d.position_id);
	(void)jsonin_number(o, "volume", &d.volume);
	(void)jsonin_number(o, "sl", &d.sl);
	(void)jsonin_string(o, "symbol", &d.symbol);
	(void)jsonin_string(o, "comment", &d.comment);
	d.profit = member_amount(r, o, "profit");
	d.commission = member_amount(r, o, "commission");
	d.swap = member_amount(r, o, "swap");
	d.fee = member_amount(r, o, "fee");
	if (r->failed)
		return;
	check(r, ledger_deals_put(r->l, r->account, &d, 1, utc_ms, &put));
	if (deal_kind(&d) != DEAL_KIND_CREDIT &&
	    (deal_net(&d, &net) == -1 || money_add(&r->balance, net) == -1))
		fail(r, "deals: a sum cannot be held");
}

static money_t
row_amount(struct replay *r, const struct moment *m, int column)
{
	char where[64];

	snprintf(where, sizeof(where), "samples[%d][%d]", m->place, column);
	return amount(r, where, cJSON_GetArrayItem(m->v, column));
}

/* [utc, balance, equity], or with low and high behind. */
static void
put_sample(struct replay *r, const struct moment *m)
{
	struct ledger_equity e = {.at_utc_ms = m->at_utc_ms, .span_s = 60};
	int columns = cJSON_GetArraySize(m->v);

	if (!cJSON_IsArray(m->v) || (columns != 3 && columns != 5)) {
		fail_value(r, "samples",
		    "a row of utc, balance, equity (low, high)", m->v);
		return;
	}
	e.balance = row_amount(r, m, 1);
	e.equity = e.low = e.high = row_amount(r, m, 2);
	if (columns == 5) {
		e.low = row_amount(r, m, 3);
		e.high = row_amount(r, m, 4);
	}
	if (!r->failed)
		check(r, ledger_equity_put(r->l, r->account, &e));
}

static void
store_until(struct replay *r, int64_t run_ms)
{
	const struct moment *m;

	for (; r->next_deal < r->deals.len && !r->failed; r->next_deal++) {
		m = &r->deals.list[r->next_deal];
		if (m->at_utc_ms > run_ms)
			break;
		put_deal(r, m->v, m->at_utc_ms);
	}
	for (; r->next_sample < r->samples.len && !r->failed;
	     r->next_sample++) {
		m = &r->samples.list[r->next_sample];
		if (m->at_utc_ms > run_ms)
			break;
		put_sample(r, m);
	}
}

/* What its terminal says of the broker's clock. */
static void
report_clock(struct replay *r, int64_t run_ms)
{
	const cJSON *o = jsonin_object(r->path, "account");

	if (cJSON_HasObjectItem(o, "broker_offsets"))
		check(r, ledger_offset_seen(r->l, r->server,
			     zone_offset(&r->clock, run_ms / 1000), run_ms));
}

/* One run of the job: all up to then is stored, the deals add up. */
static void
run_at(struct replay *r, int64_t run_ms)
{
	struct ledger_sync sync = {.state = LEDGER_HISTORY_OK,
	    .sync_utc_ms = run_ms,
	    .full_utc_ms = run_ms,
	    .credit = {true, 0},
	    .difference = {true, 0},
	    .credit_difference = {true, 0},
	    .checked_utc_ms = run_ms};

	store_until(r, run_ms);
	if (!r->failed)
		report_clock(r, run_ms);
	if (r->failed)
		return;
	sync.balance = (struct amount){true, r->balance};
	check(r, ledger_sync_put(r->l, r->account, &sync));
	r->judge.now_utc_ms = run_ms;
	if (!r->failed)
		check(r, judge_account(&r->judge, r->account));
}

/* ---- the answer ---- */

static void
ignore_phase(void *arg, int64_t account)
{
	(void)arg;
	(void)account;
}

static void
ignore_alert(void *arg, const struct judge_alert *alert)
{
	(void)arg;
	(void)alert;
}

static void
say_bad_rules(void *arg, const struct ledger_account *a, const char *server,
    const char *why)
{
	(void)a;
	(void)server;
	fail(arg, "rules: %s", why);
}

static int
keep_verdict(const struct ledger_verdict *v, void *arg)
{
	struct replay *r = arg;

	r->seen = mem_grow(r->seen, (size_t)r->seen_len + 1, sizeof(*r->seen));
	r->seen[r->seen_len++] = v->seen;
	return 0;
}

/* As a path writes it: no fraction where there is none. */
static void
put_moment(struct json *j, const char *key, int64_t utc_ms)
{
	char text[CLOCK_ISO_SIZE], *dot;

	clock_iso(utc_ms, text);
	dot = strchr(text, '.');
	if (utc_ms % 1000 == 0 && dot != NULL)
		strcpy(dot, "Z");
	json_string(j, key, text);
}

/* The ledger gives the newest first; a path is told from its beginning. */
static void
put_verdicts(struct replay *r, struct json *j)
{
	check(r, ledger_verdicts(r->l, r->account, keep_verdict, r));
	json_array(j, "verdicts");
	for (int i = r->seen_len - 1; i >= 0; i--) {
		const struct rule_seen *seen = &r->seen[i];

		json_object(j, NULL);
		json_string(j, "word", rule_seen_word(seen));
		put_moment(j, "at_utc", seen->at_utc_ms);
		json_money(j, "value", seen->value);
		json_money(j, "level", seen->level);
		json_end(j);
	}
	json_end(j);
}

static int
keep_status(const struct ledger_account *a, void *arg)
{
	struct replay *r = arg;

	json_string(r->answer, "status", a->period.status);
	if (a->has_limits)
		json_int(r->answer, "days_done", a->limits.days_done);
	else
		json_null(r->answer, "days_done");
	return 0;
}

static char *
answer(struct replay *r)
{
	struct json j;
	char *text;

	json_init(&j, ANSWER_MAX);
	r->answer = &j;
	json_object(&j, NULL);
	put_verdicts(r, &j);
	check(r, ledger_account_get(r->l, r->account, keep_status, r));
	json_end(&j);
	text = json_take(&j);
	json_done(&j);
	return text;
}

static void
run_all(struct replay *r)
{
	read_moments(r, "deals", "utc", &r->deals);
	read_moments(r, "samples", NULL, &r->samples);
	read_moments(r, "phases_runs", NULL, &r->runs);
	if (!r->failed)
		check(r, ledger_state(r->l));
	if (!r->failed)
		check(r, ledger_begin(r->l));
	if (!r->failed)
		see_account(r);
	if (!r->failed)
		begin_period(r);
	for (int i = 0; i < r->runs.len && !r->failed; i++)
		run_at(r, r->runs.list[i].at_utc_ms);
}

/* Its ledger is never committed. */
static void
remove_folder(const char *dir)
{
	static const char *const names[] = {
	    "ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db-journal"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = mem_printf("%s/%s", dir, names[i]);

		(void)unlink(path);
		free(path);
	}
	(void)rmdir(dir);
}

char *
rules_replay(const cJSON *path, char why[RULES_REPLAY_WHY])
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_printf("%s/mt5fleet-replay.XXXXXX",
	    tmp != NULL && *tmp != '\0' ? tmp : "/tmp");
	struct replay r = {.path = path, .why = why};
	char *text = NULL, *file;

	if (mkdtemp(dir) == NULL) {
		snprintf(why, RULES_REPLAY_WHY, "no temporary folder %s", dir);
		free(dir);
		return NULL;
	}
	file = mem_printf("%s/ledger.db", dir);
	r.l = ledger_open(file, LEDGER_WRITE);
	r.judge = (struct judge){.ledger = r.l,
	    .phase_changed = ignore_phase,
	    .alert = ignore_alert,
	    .bad_rules = say_bad_rules,
	    .arg = &r};
	run_all(&r);
	if (!r.failed)
		text = answer(&r);
	if (r.failed) {
		free(text);
		text = NULL;
	}
	zone_spans_done(&r.clock);
	free(r.seen);
	free(r.deals.list);
	free(r.samples.list);
	free(r.runs.list);
	ledger_close(r.l);
	remove_folder(dir);
	free(file);
	free(dir);
	return text;
}

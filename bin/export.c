/* export.c: the legacy system's files, written from the ledger. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "bin/command.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/json/json.h"
#include "lib/legacy/phases_file.h"
#include "lib/trading/money.h"

#define CACHE_MAX ((size_t)1 << 30)

/* Broker time as the legacy system wrote it: no zone. */
static void
json_wall(struct json *j, const char *key, int64_t broker_ms)
{
	char text[32];
	time_t t = (time_t)(broker_ms / 1000);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	json_string(j, key, broker_ms > 0 ? text : NULL);
}

static void
json_money(struct json *j, const char *key, money_t v)
{
	json_number(j, key, money_to_double(v));
}

/* One account's trades under way. */
struct cache {
	struct json *j;
	int trades;
	money_t profit, commission;
};

static int
put_trade(const struct ledger_trade *row, void *arg)
{
	struct cache *c = arg;
	const struct trade *t = &row->trade;

	if (t->state != TRADE_CLOSED)
		return 0;
	c->trades++;
	(void)money_add(&c->profit, t->profit);
	(void)money_add(&c->commission, t->commission);
	json_object(c->j, NULL);
	json_string(c->j, "symbol", t->symbol);
	json_string(c->j, "side", t->type == DEAL_BUY ? "BUY" : "SELL");
	json_money(c->j, "lot", t->volume_in);
	/* a pip is the broker's word: not known here */
	json_null(c->j, "pips");
	json_null(c->j, "tp_money");
	json_null(c->j, "sl_money");
	json_money(c->j, "commission", t->commission);
	json_money(c->j, "profit", t->profit);
	json_wall(c->j, "entry_time", t->time_open_broker_ms);
	json_wall(c->j, "exit_time", t->time_close_broker_ms);
	json_number(c->j, "entry_price", t->price_open);
	json_number(c->j, "exit_price", t->price_close);
	json_int(c->j, "position_id", t->position_id);
	json_end(c->j);
	return 0;
}

static enum ledger_result
put_account(struct ledger *l, struct json *j, int64_t id, int64_t login,
    int64_t sync_utc_ms)
{
	struct ledger_trade_filter filter = {.account = id};
	struct cache c = {.j = j};
	enum ledger_result r;
	char key[32];

	snprintf(key, sizeof(key), "%" PRId64, login);
	json_object(j, key);
	json_array(j, "trades");
	r = ledger_trades(l, &filter, NULL, put_trade, &c);
	json_end(j);
	json_int(j, "total_trades", c.trades);
	json_money(j, "total_profit", c.profit);
	json_money(j, "total_commission", c.commission);
	json_utc(j, "last_sync_time", sync_utc_ms);
	json_utc(j, "last_update", clock_utc_ms());
	json_end(j);
	return r;
}

struct account {
	int64_t id, login, sync_utc_ms;
};

struct accounts {
	struct account *list;
	size_t len, size;
};

static int
keep(const struct ledger_account *a, void *arg)
{
	struct accounts *all = arg;

	all->list =
	    mem_room(all->list, all->len, &all->size, sizeof(*all->list));
	all->list[all->len].id = a->id;
	all->list[all->len].login = a->login;
	all->list[all->len++].sync_utc_ms = a->sync.sync_utc_ms;
	return 0;
}

static int
by_login(const void *a, const void *b)
{
	const struct account *x = a, *y = b;

	return (x->login > y->login) - (x->login < y->login);
}

static enum ledger_result
put_accounts(struct ledger *l, struct json *j, int *left_out)
{
	struct accounts all = {NULL, 0, 0};
	enum ledger_result r = ledger_accounts(l, keep, &all);

	if (all.len > 0)
		qsort(all.list, all.len, sizeof(*all.list), by_login);
	json_object(j, NULL);
	for (size_t i = 0; r == LEDGER_OK && i < all.len; i++) {
		const struct account *a = &all.list[i];

		if ((i > 0 && a[-1].login == a->login) ||
		    (i + 1 < all.len && a[1].login == a->login))
			++*left_out;
		else
			r = put_account(l, j, a->id, a->login, a->sync_utc_ms);
	}
	json_end(j);
	json_newline(j);
	free(all.list);
	return r;
}

static int
write_cache(struct ledger *l, const char *path, int *left_out)
{
	struct json j;
	const char *text;
	size_t len;
	enum ledger_result r;
	int rc = COMMAND_OK;

	json_init(&j, CACHE_MAX);
	r = put_accounts(l, &j, left_out);
	text = json_text(&j, &len);
	if (r != LEDGER_OK)
		rc = command_ledger_failed(l, r);
	else if (text == NULL || file_write(path, text, len, 0600) == -1) {
		log_error("%s: %s", path,
		    text == NULL ? "too large" : strerror(errno));
		rc = COMMAND_FAILED;
	}
	json_done(&j);
	return rc;
}

static int
write_phases(
    struct ledger *l, enum phases_file what, const char *path, int *left_out)
{
	char why[PHASES_FILE_WHY_SIZE];

	if (phases_file_write(l, what, path, left_out, why) == 0)
		return COMMAND_OK;
	log_error("%s", why);
	return COMMAND_FAILED;
}

static int
write_all(struct ledger *l, const char *dir)
{
	static const char *const names[] = {
	    "phases.json", "vs_data.json", "trade_cache.json"};
	int rc = COMMAND_OK;

	for (int i = 0; rc == COMMAND_OK && i < 3; i++) {
		char *path = mem_printf("%s/%s", dir, names[i]);
		int left_out = 0;

		rc = i == 2 ? write_cache(l, path, &left_out)
			    : write_phases(l,
				  i == 0 ? PHASES_FILE_PHASE : PHASES_FILE_VS,
				  path, &left_out);
		if (rc == COMMAND_OK)
			printf("%s\n", path);
		if (left_out > 0)
			log_warnx("%s: %d accounts left out: another account "
				  "has the same login",
			    names[i], left_out);
		free(path);
	}
	return rc;
}

int
command_export(const struct config *config, int argc, char *argv[])
{
	struct ledger *l;
	int rc;

	if (argc != 2)
		return command_usage();
	if (mkdir(argv[1], 0700) == -1 && errno != EEXIST) {
		log_error("%s: %s", argv[1], strerror(errno));
		return COMMAND_FAILED;
	}
	l = command_open_ledger(config, LEDGER_READ);
	if (l == NULL)
		return COMMAND_LEDGER;
	rc = write_all(l, argv[1]);
	ledger_close(l);
	return rc;
}

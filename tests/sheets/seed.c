/*
 * seed.c: fills a ledger for the tests of sheets, and says what is in it.
 *
 *   seed LEDGER < lines of JSON      {"account":{…}} {"deal":{…}} {"phase":{…}}
 *                                    {"day":{…}} {"imported":{…}}; what follows
 *                                    an account is that account's
 *   seed --dump LEDGER               each trade and cash flow as a line of JSON
 *
 * Amounts are text: "-12.5".
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/ledger/jobs.h"
#include "lib/ledger/people.h"
#include "lib/trading/money.h"

#define PAGE 2000

struct seed {
	struct ledger *ledger;
	int64_t account;
	bool offset_known;
	int offset_s;
	cJSON *docs[PAGE]; /* that own the deals' texts */
	struct deal deals[PAGE];
	int n;
};

static void
must(struct seed *s, enum ledger_result rc, const char *what)
{
	if (rc == LEDGER_OK)
		return;
	fprintf(stderr, "seed: %s: %s\n", what, ledger_error(s->ledger));
	exit(1);
}

static void
fail(const char *what, const char *text)
{
	fprintf(stderr, "seed: %s: \"%s\"\n", what, text);
	exit(1);
}

static struct amount
amount(const cJSON *o, const char *key)
{
	struct amount a = {false, 0};
	const char *text;

	if (!jsonin_string(o, key, &text))
		return a;
	if (money_from_text(text, &a.v) == -1)
		fail(key, text);
	a.known = true;
	return a;
}

static const char *
text(const cJSON *o, const char *key)
{
	const char *s = NULL;

	jsonin_string(o, key, &s);
	return s;
}

static void
put_deals(struct seed *s)
{
	struct ledger_put put;

	if (s->n == 0)
		return;
	must(s, ledger_begin(s->ledger), "begin");
	must(s,
	    ledger_deals_put(
		s->ledger, s->account, s->deals, s->n, clock_utc_ms(), &put),
	    "deals");
	must(s, ledger_commit(s->ledger), "commit");
	while (s->n > 0)
		cJSON_Delete(s->docs[--s->n]);
}

static void
take_account(struct seed *s, const cJSON *o)
{
	struct ledger_seen seen = {.server = text(o, "server"),
	    .node = text(o, "node"),
	    .currency = text(o, "currency"),
	    .currency_digits = 2,
	    .trade_mode = -1,
	    .margin_mode = -1,
	    .leverage = -1};

	if (!jsonin_int64(o, "login", &seen.login) || seen.server == NULL)
		fail("account", "no server, no login");
	jsonin_int(o, "currency_digits", &seen.currency_digits);
	seen.offset_known = jsonin_int(o, "offset_s", &seen.offset_s);
	s->offset_known = seen.offset_known;
	s->offset_s = seen.offset_s;
	must(s, ledger_account_seen(s->ledger, &seen, &s->account), "account");
}

static void
take_phase(struct seed *s, const cJSON *o)
{
	struct ledger_phase_edit edit = {.phase = text(o, "phase"),
	    .status = text(o, "status"),
	    .initial_balance = amount(o, "initial_balance"),
	    .note = text(o, "note")};
	struct ledger_meta_edit meta = {.holder = text(o, "holder"),
	    .prop_firm = text(o, "prop_firm"),
	    .rule_set = -1};
	struct ledger_actor actor = {.who = "seed",
	    .at_utc_ms = clock_utc_ms(),
	    .balance = amount(o, "balance"),
	    .equity = amount(o, "equity")};

	jsonin_int64(o, "at_msc", &actor.at_utc_ms);
	must(s,
	    ledger_phase_edit(
		s->ledger, s->account, LEDGER_ANY_VERSION, &edit, &actor),
	    "phase");
	must(s,
	    ledger_meta_edit(
		s->ledger, s->account, LEDGER_ANY_VERSION, &meta, &actor),
	    "meta");
}

static void
take_day(struct seed *s, const cJSON *o)
{
	struct ledger_day d = {.balance = amount(o, "balance"),
	    .equity = amount(o, "equity"),
	    .low = amount(o, "low"),
	    .high = amount(o, "high"),
	    .net = amount(o, "net").v,
	    .flows = amount(o, "flows").v};

	jsonin_int64(o, "day_msc", &d.day_utc_ms);
	jsonin_int64(o, "next_msc", &d.next_utc_ms);
	jsonin_int(o, "opened", &d.opened);
	jsonin_int(o, "closed", &d.closed);
	snprintf(d.date, sizeof(d.date), "%s", text(o, "date"));
	must(s, ledger_day_put(s->ledger, s->account, &d), "day");
}

/* A trade of trade_cache.json: without swap and fee. */
static void
take_imported(struct seed *s, const cJSON *o)
{
	struct ledger_import_trade t = {.json = "{}",
	    .trade = {.state = TRADE_CLOSED,
		.reason = -1,
		.volume_in = amount(o, "volume").v,
		.volume_out = amount(o, "volume").v,
		.profit = amount(o, "profit").v,
		.commission = amount(o, "commission").v,
		.price_open = 1.1,
		.price_close = 1.2}};

	if (!jsonin_int64(o, "position_id", &t.trade.position_id) ||
	    !jsonin_int64(o, "time_msc", &t.trade.time_open_broker_ms))
		fail("imported", "no position_id, no time_msc");
	snprintf(t.trade.symbol, sizeof(t.trade.symbol), "%s", "EURUSD");
	t.trade.first_broker_ms = t.trade.time_open_broker_ms;
	t.trade.time_close_broker_ms = t.trade.time_open_broker_ms + 1000;
	t.trade.net = t.trade.profit + t.trade.commission;
	must(s, ledger_import_trade(s->ledger, s->account, &t, clock_utc_ms()),
	    "imported");
}

/* As the trades job does. */
static void
stamp(const struct seed *s, struct deal *d)
{
	d->offset_known = s->offset_known;
	d->offset_s = s->offset_s;
	if (d->offset_known)
		d->utc_ms = d->time_msc - (int64_t)s->offset_s * 1000;
}

static void
take_line(struct seed *s, const char *line, size_t len)
{
	cJSON *o = jsonin_parse(line, len);
	char why[200];

	if (o == NULL)
		fail("not JSON", line);
	if (jsonin_object(o, "deal") != NULL) {
		if (deal_from_json(jsonin_object(o, "deal"), &s->deals[s->n],
			why, sizeof(why)) == -1)
			fail(why, line);
		stamp(s, &s->deals[s->n]);
		s->docs[s->n++] = o;
		if (s->n == PAGE)
			put_deals(s);
		return;
	}
	put_deals(s);
	if (jsonin_object(o, "account") != NULL)
		take_account(s, jsonin_object(o, "account"));
	else if (jsonin_object(o, "phase") != NULL)
		take_phase(s, jsonin_object(o, "phase"));
	else if (jsonin_object(o, "day") != NULL)
		take_day(s, jsonin_object(o, "day"));
	else if (jsonin_object(o, "imported") != NULL)
		take_imported(s, jsonin_object(o, "imported"));
	else
		fail("not understood", line);
	cJSON_Delete(o);
}

/* ---- what is in it ---- */

static void
put_money(struct json *j, const char *key, money_t v)
{
	char amount_text[MONEY_SIZE];

	json_string(j, key, money_format(v, -1, amount_text));
}

static void
print(struct json *j)
{
	json_end(j);
	puts(json_text(j, NULL));
	json_done(j);
}

static int
dump_trade(const struct ledger_trade *t, void *arg)
{
	struct json j;

	(void)arg;
	json_init(&j, 65536);
	json_object(&j, NULL);
	json_string(&j, "what", "trade");
	json_string(&j, "server", t->server);
	json_id(&j, "login", t->login);
	json_id(&j, "position_id", t->trade.position_id);
	json_int(&j, "part", t->trade.part);
	json_string(&j, "symbol", t->trade.symbol);
	json_int(&j, "type", t->trade.type);
	put_money(&j, "volume_in", t->trade.volume_in);
	put_money(&j, "volume_out", t->trade.volume_out);
	json_int(&j, "time_open_msc", t->trade.time_open_broker_ms);
	json_int(&j, "time_close_msc", t->trade.time_close_broker_ms);
	json_number(&j, "price_open", t->trade.price_open);
	json_number(&j, "price_close", t->trade.price_close);
	put_money(&j, "profit", t->trade.profit);
	put_money(&j, "commission", t->trade.commission);
	put_money(&j, "swap", t->trade.swap);
	put_money(&j, "fee", t->trade.fee);
	put_money(&j, "net", t->trade.net);
	json_string(&j, "currency", t->currency);
	json_string(&j, "state", trade_state_word(t->trade.state));
	json_int(&j, "reason", t->trade.reason);
	print(&j);
	return 0;
}

static int
dump_flow(const struct deal *d, void *arg)
{
	const struct ledger_account *a = arg;
	struct json j;
	money_t net = 0;

	deal_net(d, &net);
	json_init(&j, 65536);
	json_object(&j, NULL);
	json_string(&j, "what", "flow");
	json_string(&j, "server", a->server);
	json_id(&j, "login", a->login);
	json_id(&j, "ticket", d->ticket);
	json_int(&j, "time_msc", d->time_msc);
	json_int(&j, "utc_msc", d->utc_ms);
	put_money(&j, "amount", net);
	json_string(&j, "comment", d->comment);
	print(&j);
	return 0;
}

struct accounts {
	struct ledger_account list[64];
	int n;
};

static int
keep_account(const struct ledger_account *a, void *arg)
{
	struct accounts *all = arg;

	if (all->n == 64)
		return 1;
	all->list[all->n] = *a;
	all->list[all->n++].server = mem_strdup(a->server);
	return 0;
}

static void
dump(struct seed *s)
{
	struct ledger_trade_filter filter = {0};
	struct ledger_page page = {.limit = 1000000};
	struct accounts all = {.n = 0};

	must(s, ledger_accounts(s->ledger, keep_account, &all), "accounts");
	must(s, ledger_trades(s->ledger, &filter, NULL, dump_trade, NULL),
	    "trades");
	for (int i = 0; i < all.n; i++) {
		must(s,
		    ledger_cash_flows(s->ledger, all.list[i].id, &page,
			dump_flow, &all.list[i]),
		    "flows");
		free((char *)(uintptr_t)all.list[i].server);
	}
}

int
main(int argc, char *argv[])
{
	struct seed *s = mem_new(1, sizeof(*s));
	bool dumping = argc == 3 && strcmp(argv[1], "--dump") == 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (argc != 2 && !dumping)
		fail("usage", "seed LEDGER < lines, seed --dump LEDGER");
	s->ledger =
	    ledger_open(argv[argc - 1], dumping ? LEDGER_READ : LEDGER_WRITE);
	must(s, ledger_state(s->ledger), argv[argc - 1]);
	if (dumping)
		dump(s);
	while (!dumping && (len = getline(&line, &size, stdin)) != -1)
		take_line(s, line, (size_t)len);
	if (!dumping)
		put_deals(s);
	free(line);
	ledger_close(s->ledger);
	free(s);
	return 0;
}

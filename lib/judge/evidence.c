/* evidence.c: what was seen when a verdict fell, as JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/json/json.h"
#include "lib/judge/subject.h"
#include "lib/trading/json_amount.h"
#include "lib/trading/money.h"

#define BEFORE_MS (30 * 60 * INT64_C(1000))
#define AFTER_MS (10 * 60 * INT64_C(1000))
#define PATH_MAX_SAMPLES 120
#define EVIDENCE_MAX ((size_t)256 * 1024)

/* ---- the positions, by the deals ---- */

struct open {
	struct subject *s;
	struct json *j;
	int64_t *ids;
	size_t len, size;
};

/* A day more than any clock is from another: what is open is asked of UTC. */
#define CLOCKS_MS (36 * INT64_C(3600) * 1000)

static int
keep_open(const struct ledger_trade *t, void *arg)
{
	struct open *o = arg;
	const struct trade *d = &t->trade;

	if ((d->time_close_broker_ms != 0 &&
		d->time_close_broker_ms <= o->s->seen.at_utc_ms - CLOCKS_MS &&
		d->state == TRADE_CLOSED) ||
	    d->state == TRADE_ANNULLED ||
	    (o->len > 0 && o->ids[o->len - 1] == d->position_id))
		return 0;
	o->ids = mem_room(o->ids, o->len, &o->size, sizeof(*o->ids));
	o->ids[o->len++] = d->position_id;
	return 0;
}

/* One position, as its deals up to the moment leave it. */
struct position {
	int64_t at_utc_ms, opened_utc_ms;
	struct trade_fold fold; /* the server's own deals restate it, too */
	money_t net;
};

static int
add_deal(const struct deal *d, void *arg)
{
	struct position *p = arg;
	struct trade done;
	money_t net;

	if (d->utc_ms > p->at_utc_ms || d->excluded != DEAL_COUNTS ||
	    deal_kind(d) != DEAL_KIND_TRADE)
		return 0;
	if (p->opened_utc_ms == 0)
		p->opened_utc_ms = d->utc_ms;
	/* a reversal: what is open now was opened by it */
	if (trade_fold_add(&p->fold, d, 0, &done) == 1)
		p->opened_utc_ms = d->utc_ms;
	if (deal_net(d, &net) == 0)
		(void)money_add(&p->net, net);
	return 0;
}

static void
put_position(struct open *o, int64_t id)
{
	struct subject *s = o->s;
	struct position p = {.at_utc_ms = s->seen.at_utc_ms};
	struct trade t;

	trade_fold_init(&p.fold, id);
	s->result =
	    ledger_position_deals(s->judge->ledger, s->a.id, id, add_deal, &p);
	if (s->result != LEDGER_OK || !trade_fold_end(&p.fold, &t) ||
	    t.volume_in <= t.volume_out)
		return;
	json_object(o->j, NULL);
	json_id(o->j, "position_id", id);
	json_string(o->j, "symbol", t.symbol);
	json_int(o->j, "type", t.type);
	json_money(o->j, "volume", t.volume_in - t.volume_out);
	json_number(o->j, "price_open", t.price_open);
	json_utc(o->j, "opened_utc", p.opened_utc_ms);
	json_money(o->j, "realised", p.net);
	json_end(o->j);
}

static void
put_positions(struct subject *s, struct json *j)
{
	struct ledger_trade_filter filter = {
	    .account = s->a.id, .to_broker_ms = s->seen.at_utc_ms + CLOCKS_MS};
	struct open o = {.s = s, .j = j};

	s->result =
	    ledger_trades(s->judge->ledger, &filter, NULL, keep_open, &o);
	json_array(j, "positions");
	for (size_t i = 0; i < o.len && s->result == LEDGER_OK; i++)
		put_position(&o, o.ids[i]);
	json_end(j);
	free(o.ids);
}

/* As the terminal shows them now, with the moment that is. */
static void
put_snapshot(struct subject *s, struct json *j)
{
	struct judge *judge = s->judge;
	int64_t at = 0;
	char *list = judge->snapshot != NULL ? judge->snapshot(judge->arg,
						   s->server, s->a.login, &at)
					     : NULL;

	if (list == NULL) {
		json_null(j, "snapshot");
		return;
	}
	json_object(j, "snapshot");
	json_utc(j, "at_utc", at);
	json_raw(j, "positions", list, strlen(list));
	json_end(j);
	free(list);
}

/* ---- the equity around it ---- */

struct path {
	struct json *j;
	int n;
};

static int
put_sample(const struct ledger_equity *e, void *arg)
{
	struct path *p = arg;
	struct json *j = p->j;

	json_object(j, NULL);
	json_utc(j, "at_utc", e->at_utc_ms);
	json_money(j, "balance", e->balance);
	json_money(j, "credit", e->credit);
	json_money(j, "equity", e->equity);
	json_money(j, "low", e->low);
	json_money(j, "high", e->high);
	json_end(j);
	return ++p->n >= PATH_MAX_SAMPLES;
}

static void
put_path(struct subject *s, struct json *j)
{
	struct path p = {j, 0};

	json_array(j, "path");
	if (s->result == LEDGER_OK)
		s->result = ledger_equity(s->judge->ledger, s->a.id,
		    s->seen.at_utc_ms - BEFORE_MS, s->seen.at_utc_ms + AFTER_MS,
		    put_sample, &p);
	json_end(j);
}

/* ---- what the floors were made from ---- */

static void
put_state(const struct subject *s, struct json *j)
{
	const struct rule_state *st = &s->saved.st;

	json_object(j, "state");
	json_money(j, "initial_balance", st->initial);
	json_money(j, "base", st->base);
	json_money(j, "highest_balance", st->peak_balance);
	json_money(j, "highest_equity", st->peak_equity);
	json_utc(j, "day_utc", st->day_utc_ms);
	json_money(j, "day_balance", st->day_balance);
	json_money(j, "day_equity", st->day_equity);
	json_money(j, "day_low", st->day_low);
	json_money(j, "day_high", st->day_high);
	json_bool(j, "day_estimated", st->day_estimated);
	json_end(j);
}

char *
evidence_json(struct subject *s)
{
	struct json j;
	char *text;

	json_init(&j, EVIDENCE_MAX);
	json_object(&j, NULL);
	json_string(&j, "phase", s->phase);
	json_money(&j, "value", s->seen.value);
	json_money(&j, "level", s->seen.level);
	json_money(&j, "balance", s->seen.balance);
	json_money(&j, "equity", s->seen.equity);
	json_money(&j, "low", s->seen.low);
	json_money(&j, "baseline", s->seen.baseline);
	json_int(&j, "days_done", s->seen_days.done);
	json_utc(&j, "found_utc", s->judge->now_utc_ms);
	json_utc(&j, "deals_synced_utc", s->a.sync.sync_utc_ms);
	put_state(s, &j);
	put_positions(s, &j);
	put_snapshot(s, &j);
	put_path(s, &j);
	json_end(&j);
	text = json_text(&j, NULL) != NULL ? buf_take(&j.out) : NULL;
	json_done(&j);
	return text;
}

/* report_text.c: what the daily report says of the target's accounts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/report.h"
#include "lib/base/mem.h"
#include "lib/notify/words.h"

#define DAY_MS (24 * 60 * 60 * INT64_C(1000))
#define LISTED 5 /* of each list, then "and 3 more" */
#define VERDICTS_AT_ONCE 500

/* ---- what there is ---- */

static bool
concerns(
    const struct report *r, const char *server, int64_t login, const char *node)
{
	char text[24];
	struct notice n = {.server = server, .login = text, .node = node};

	snprintf(text, sizeof(text), "%lld", (long long)login);
	if (server == NULL)
		n.login = NULL;
	accounts_know(r->accounts, &n);
	return accounts_concern(r->accounts, r->target, &n);
}

static struct sum *
sum_of(struct report *r, const struct view_row *row)
{
	size_t i = 0;

	while (i < r->sums_len &&
	       (strcmp(r->sums[i].currency, row->currency) != 0 ||
		   r->sums[i].trade_mode != row->trade_mode))
		i++;
	if (i == REPORT_SUMS_MAX)
		return NULL;
	if (i == r->sums_len)
		r->sums[r->sums_len++] = (struct sum){
		    .currency = row->currency, .trade_mode = row->trade_mode};
	return &r->sums[i];
}

static void
add_money(struct report *r, const struct view_row *row, const struct pl *pl,
    bool known)
{
	struct sum *s = sum_of(r, row);

	if (s == NULL)
		return;
	s->live++;
	if (money_add(&s->equity, row->equity) == -1 ||
	    money_add(&s->floating, row->profit) == -1)
		s->too_much = true;
	if (!known || !pl->day.known)
		s->day_unknown++;
	else if (money_add(&s->day, pl->day.v) == -1)
		s->too_much = true;
}

static void
add_limits(struct report *r, const struct view_row *row,
    const struct account_facts *facts)
{
	static const enum rule_kind kinds[] = {RULE_DAILY_LOSS, RULE_MAX_LOSS};
	struct rule_left left;

	if (!row_left(row, facts, r->now, &left)) {
		r->limits_unknown++;
		return;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct rule_line_left *l = &left.line[kinds[i]];

		if (!facts->pl.limits.line[kinds[i]].is_set || !l->used_known)
			continue;
		r->used = mem_room(
		    r->used, r->used_len, &r->used_size, sizeof(*r->used));
		r->used[r->used_len++] =
		    (struct used){row, kinds[i], l->used, l->left};
	}
}

static void
add_rows(struct report *r)
{
	for (size_t i = 0; i < r->view.rows_len; i++) {
		const struct view_row *row = &r->view.rows[i];
		const struct account_facts *facts =
		    facts_find(&r->facts, row->server, row->login);
		struct pl pl = {0};
		bool known;

		if (!row->node->enabled || row->node->maintenance ||
		    !concerns(r, row->server, row->login, row->node->id))
			continue;
		r->accounts_count += row->server != NULL;
		if (!status_is_live(row->status) || !row->money_known ||
		    row->currency == NULL) {
			r->down = mem_room(r->down, r->down_len, &r->down_size,
			    sizeof(*r->down));
			r->down[r->down_len++] = row;
			continue;
		}
		known = row_pl(row, facts, r->now, &pl);
		add_money(r, row, &pl, known);
		add_limits(r, row, facts);
	}
}

/* ---- breaches ---- */

static int
add_verdict(const struct ledger_hook_verdict *v, void *arg)
{
	struct report *r = arg;

	r->last_verdict = v->id;
	if (v->at_utc_ms <= r->now - DAY_MS || v->at_utc_ms > r->now ||
	    v->is_annulled || v->status == NULL ||
	    strcmp(v->status, "breached") != 0 ||
	    !concerns(r, v->server, v->login, NULL))
		return 0;
	if (r->breaches_count++ < LISTED)
		buf_printf(&r->breaches, "%s%s %lld (%s)",
		    r->breaches_count > 1 ? ", " : "", v->server,
		    (long long)v->login, v->word);
	return 0;
}

/* False: the ledger does not say. */
static bool
find_breaches(struct report *r)
{
	enum ledger_result result = LEDGER_OK;
	int64_t before = -1;

	while (result == LEDGER_OK && before != r->last_verdict) {
		before = r->last_verdict;
		result = ledger_verdicts_after(
		    r->app->ledger, before, VERDICTS_AT_ONCE, add_verdict, r);
	}
	return result == LEDGER_OK;
}

/* ---- the text ---- */

static void
put_more(const struct report *r, struct buf *b, size_t len)
{
	if (len > LISTED)
		buf_printf(
		    b, r->es ? ", y %zu más" : ", and %zu more", len - LISTED);
}

/* "123,456.00", of a size that a person reads: two decimals, or all that it
 * has. Without them 0.004 BTC were nothing. */
static void
put_amount(struct buf *b, money_t v, int digits, const char *sign)
{
	char text[MONEY_SIZE];
	const char *p;

	money_format(v, digits, text);
	p = strchr(text, '.');
	if (p == NULL || strlen(p) < 3)
		money_format(v, 2, text);
	if (*text != '-')
		buf_puts(b, sign);
	for (p = text; *p != '\0'; p++) {
		size_t left = strcspn(p, ".");

		buf_putc(b, *p);
		if (*p != '-' && *p != '.' && left > 1 &&
		    strchr(p, '.') != NULL && left % 3 == 1)
			buf_putc(b, ',');
	}
}

static const char *
mode_word(const struct report *r, int trade_mode)
{
	switch (trade_mode) {
	case 0:
		return "demo";
	case 1:
		return r->es ? "concurso" : "contest";
	case 2:
		return "real";
	default:
		return r->es ? "modo desconocido" : "mode not known";
	}
}

static void
put_sums(const struct report *r, struct buf *b)
{
	for (size_t i = 0; i < r->sums_len; i++) {
		const struct sum *s = &r->sums[i];

		buf_printf(
		    b, "%s %s: ", s->currency, mode_word(r, s->trade_mode));
		if (s->too_much) {
			buf_puts(b, r->es ? "sumas desconocidas\n"
					  : "sums not known\n");
			continue;
		}
		buf_printf(b,
		    r->es ? "%d en vivo, equity " : "%d live, equity ",
		    s->live);
		put_amount(b, s->equity, -1, "");
		buf_puts(b, r->es ? ", flotante " : ", floating ");
		put_amount(b, s->floating, -1, "+");
		buf_puts(b, r->es ? ", hoy " : ", today ");
		if (s->day_unknown == s->live)
			buf_puts(b, r->es ? "desconocido" : "not known");
		else {
			put_amount(b, s->day, -1, "+");
			if (s->day_unknown > 0)
				buf_printf(b,
				    r->es ? " (sin %d, desconocidas)"
					  : " (without %d, not known)",
				    s->day_unknown);
		}
		buf_putc(b, '\n');
	}
	if (r->sums_len == 0)
		buf_puts(b, r->es ? "Ninguna cuenta en vivo: equity y P/L "
				    "desconocidos\n"
				  : "No account is live: equity and P/L are "
				    "not known\n");
}

static int
more_used(const void *a, const void *b)
{
	const struct used *x = a, *y = b;

	return x->used < y->used ? 1 : x->used > y->used ? -1 : 0;
}

static void
put_limits(const struct report *r, struct buf *b)
{
	if (r->used_len > 0)
		qsort(r->used, r->used_len, sizeof(*r->used), more_used);
	buf_puts(
	    b, r->es ? "Más cerca de un límite: " : "Closest to a limit: ");
	for (size_t i = 0; i < r->used_len && i < LISTED; i++) {
		const struct used *u = &r->used[i];

		buf_printf(b, "%s%s %lld ", i > 0 ? ", " : "", u->row->server,
		    (long long)u->row->login);
		words_put_term(b, r->es ? TARGET_SPANISH : TARGET_ENGLISH,
		    rule_kind_word(u->kind));
		buf_printf(b, " %.0f %%", floor(u->used * 100));
		if (u->left.known) {
			buf_puts(b, r->es ? " (quedan " : " (left ");
			put_amount(b, u->left.v, 2, "");
			buf_printf(b, " %s)", u->row->currency);
		}
	}
	if (r->used_len == 0)
		buf_puts(b, r->es ? "ninguno conocido" : "none known");
	if (r->limits_unknown > 0)
		buf_printf(b,
		    r->es ? "; sin límites conocidos: %d"
			  : "; no limits known: %d",
		    r->limits_unknown);
	buf_putc(b, '\n');
}

static void
put_breaches(struct report *r, struct buf *b)
{
	bool known = find_breaches(r);

	buf_puts(b, r->es ? "Incumplidas en 24 h: " : "Breached within 24 h: ");
	if (!known)
		buf_puts(b, r->es ? "desconocido" : "not known");
	else if (r->breaches_count == 0)
		buf_puts(b, r->es ? "ninguna" : "none");
	else
		buf_puts(b, r->breaches.data);
	put_more(r, b, known ? (size_t)r->breaches_count : 0);
	buf_putc(b, '\n');
}

static void
put_down(const struct report *r, struct buf *b)
{
	if (r->down_len == 0) {
		buf_puts(
		    b, r->es ? "Fuera de servicio: nada\n" : "Down: nothing\n");
		return;
	}
	buf_printf(b,
	    r->es ? "Fuera de servicio, y en ninguna suma: %zu: "
		  : "Down, and in no sum: %zu: ",
	    r->down_len);
	for (size_t i = 0; i < r->down_len && i < LISTED; i++) {
		const struct view_row *row = r->down[i];

		if (i > 0)
			buf_puts(b, ", ");
		if (row->server != NULL)
			buf_printf(b, "%s %lld %s ", row->server,
			    (long long)row->login, r->es ? "en" : "on");
		buf_printf(b, "%s (", row->node->id);
		if (status_is_live(row->status))
			buf_puts(b, r->es ? "sin datos" : "no figures");
		else
			words_put(b, r->es ? TARGET_SPANISH : TARGET_ENGLISH,
			    &(struct notice){.text = status_word(row->status)});
		buf_putc(b, ')');
	}
	put_more(r, b, r->down_len);
	buf_putc(b, '\n');
}

static void
put_alerts(const struct report *r, struct buf *b)
{
	int open[ALERT_CRITICAL + 1] = {0};

	for (size_t i = 0; i < r->app->store.alerts.len; i++) {
		const struct alert *a = &r->app->store.alerts.list[i];
		struct notice n;

		if (!a->open)
			continue;
		notice_of_alert(&n, a, ALERT_GOES_ON);
		accounts_know(r->accounts, &n);
		open[a->level] += accounts_concern(r->accounts, r->target, &n);
	}
	buf_printf(b,
	    r->es ? "Avisos abiertos: %d críticos, %d advertencias"
		  : "Open alerts: %d critical, %d warnings",
	    open[ALERT_CRITICAL], open[ALERT_WARN]);
}

void
report_put(struct report *r, const char *date, struct buf *b)
{
	add_rows(r);
	buf_printf(b,
	    r->es ? "Informe diario %s %02d:%02d %s: %d cuentas\n"
		  : "Daily report %s %02d:%02d %s: %d accounts\n",
	    date, r->target->report_min / 60, r->target->report_min % 60,
	    r->target->zone, r->accounts_count);
	if (!r->facts.known)
		buf_puts(b, r->es ? "El libro no se puede leer: P/L del día y "
				    "límites desconocidos\n"
				  : "The ledger cannot be read: today's P/L "
				    "and limits are not known\n");
	put_sums(r, b);
	put_limits(r, b);
	put_breaches(r, b);
	put_down(r, b);
	put_alerts(r, b);
}

/* sample_batch.c: a minute's samples of many accounts, in one transaction. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/ledger/engine.h"
#include "lib/ledger/samples.h"
#include "lib/trading/money.h"

#define LIST_MAX ((size_t)256 << 20)
#define AT_ONCE 20000 /* samples in one statement */

/* What the ledger knows of the account of a sample. */
struct known {
	int64_t id;   /* 0: nothing */
	bool is_old;  /* its name is that of one that was joined into another */
	bool differs; /* from what is told now */
	bool refused;
};

/* ---- accounts ---- */

static enum ledger_result
find_one(struct ledger *l, const struct ledger_sample *s, struct known *k)
{
	enum ledger_result r = ledger_account_seen(l, &s->seen, &k->id);
	int64_t origin = 0;

	if (r == LEDGER_OK)
		r = ledger_account_origin(
		    l, s->seen.server, s->seen.login, &origin);
	k->is_old = origin != 0;
	return r;
}

/* ---- lists of values, as PostgreSQL reads its arrays ---- */

enum { FIND_LISTS = 11, PUT_LISTS = 9 };

static void
next_value(struct buf *b)
{
	buf_putc(b, b->len == 0 ? '{' : ',');
}

static void
add_text(struct buf *b, const char *s)
{
	next_value(b);
	if (s == NULL || *s == '\0') {
		buf_puts(b, "NULL");
		return;
	}
	buf_putc(b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_putc(b, '\\');
		buf_putc(b, *s);
	}
	buf_putc(b, '"');
}

static void
add_known(struct buf *b, bool known, int64_t v)
{
	next_value(b);
	if (known)
		buf_printf(b, "%" PRId64, v);
	else
		buf_puts(b, "NULL");
}

static void
add_money(struct buf *b, money_t v)
{
	char text[MONEY_SIZE];

	next_value(b);
	buf_puts(b, money_to_units(v, text));
}

static void
lists_init(struct buf *lists, int n)
{
	for (int i = 0; i < n; i++)
		buf_init(&lists[i], LIST_MAX);
}

static void
lists_done(struct buf *lists, int n)
{
	for (int i = 0; i < n; i++)
		buf_done(&lists[i]);
}

/* False: they are too long. */
static bool
put_lists(struct query *q, struct buf *lists, int n)
{
	bool good = true;

	for (int i = 0; i < n; i++) {
		buf_putc(&lists[i], '}');
		put_text(q, lists[i].data);
		good = good && !lists[i].overflow;
	}
	return good;
}

/* ---- in a few statements ---- */

static void
add_seen(struct buf *b, const struct ledger_seen *s)
{
	add_text(b++, s->server);
	add_known(b++, true, s->login);
	add_text(b++, s->node);
	add_text(b++, s->currency);
	add_text(b++, s->company);
	add_text(b++, s->name);
	add_known(b++, s->currency_digits >= 0, s->currency_digits);
	add_known(b++, s->trade_mode >= 0, s->trade_mode);
	add_known(b++, s->margin_mode >= 0, s->margin_mode);
	add_known(b++, s->leverage >= 0, s->leverage);
	add_known(b, s->offset_known, s->offset_s);
}

static enum ledger_result
find_part(struct ledger *l, const struct ledger_sample *list, size_t n,
    struct known *known)
{
	struct buf lists[FIND_LISTS];
	enum ledger_result r;
	struct query q;
	bool fits;

	lists_init(lists, FIND_LISTS);
	for (size_t i = 0; i < n; i++)
		add_seen(lists, &list[i].seen);
	query_init(&q, l, SQL_SAMPLES_FIND);
	fits = put_lists(&q, lists, FIND_LISTS);
	for (size_t i = 0; fits && i < n && query_next(&q); i++) {
		known[i].id = take_int(&q);
		known[i].is_old = take_int(&q) != 0;
		known[i].differs = take_int(&q) != 0;
	}
	r = query_done(&q);
	lists_done(lists, FIND_LISTS);
	return fits ? r
		    : ledger_refused(l, "samples: too long for a statement");
}

/* Those that are new, or are told otherwise now, one by one: they are few. */
static enum ledger_result
find_all(struct ledger *l, const struct ledger_sample *list, size_t n,
    struct known *known)
{
	enum ledger_result r = LEDGER_OK;

	for (size_t at = 0; r == LEDGER_OK && at < n; at += AT_ONCE)
		r = find_part(l, list + at, n - at < AT_ONCE ? n - at : AT_ONCE,
		    known + at);
	for (size_t i = 0; r == LEDGER_OK && i < n; i++)
		if (known[i].id == 0 || known[i].differs)
			r = find_one(l, &list[i], &known[i]);
	return r;
}

/* What stands in one statement: no row of the table twice. */
struct row {
	const struct ledger_sample *s;
	int64_t id, slot;
	size_t at; /* in the caller's list */
};

static int64_t
slot_of(const struct ledger_equity *e)
{
	int64_t span = e->span_s > 0 ? e->span_s : 60;

	return e->at_utc_ms / 1000 / span * span;
}

static int
by_row(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->slot != b->slot)
		return a->slot < b->slot ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

static bool
is_same_row(const struct row *a, const struct row *b)
{
	return a->id == b->id && a->slot == b->slot;
}

static enum ledger_result
put_part(struct ledger *l, const struct row *rows, size_t n)
{
	struct buf lists[PUT_LISTS];
	enum ledger_result r = LEDGER_OK;
	struct query q;
	bool fits;

	lists_init(lists, PUT_LISTS);
	for (size_t i = 0; r == LEDGER_OK && i < n; i++) {
		const struct ledger_equity *e = &rows[i].s->equity;

		r = ledger_equity_room(l, rows[i].slot);
		add_known(&lists[0], true, rows[i].id);
		add_known(&lists[1], true, rows[i].slot);
		add_known(&lists[2], true, e->span_s > 0 ? e->span_s : 60);
		add_known(&lists[3], true, e->at_utc_ms);
		add_money(&lists[4], e->balance);
		add_money(&lists[5], e->credit);
		add_money(&lists[6], e->equity);
		add_money(&lists[7], e->low);
		add_money(&lists[8], e->high);
	}
	if (r == LEDGER_OK) {
		query_init(&q, l, SQL_SAMPLES_PUT);
		fits = put_lists(&q, lists, PUT_LISTS);
		r = query_run(&q);
		if (!fits)
			r = ledger_refused(
			    l, "samples: too long for a statement");
	}
	lists_done(lists, PUT_LISTS);
	return r;
}

/* Two samples of one minute are in two statements, in their order. */
static enum ledger_result
put_rows(struct ledger *l, struct row *rows, size_t n)
{
	enum ledger_result r = LEDGER_OK;

	qsort(rows, n, sizeof(*rows), by_row);
	while (r == LEDGER_OK && n > 0) {
		struct row *part = mem_new(AT_ONCE, sizeof(*part));
		size_t len = 0, left = 0;

		for (size_t i = 0; i < n; i++)
			if (len < AT_ONCE &&
			    (len == 0 ||
				!is_same_row(&part[len - 1], &rows[i])))
				part[len++] = rows[i];
			else
				rows[left++] = rows[i];
		r = put_part(l, part, len);
		free(part);
		n = left;
	}
	return r;
}

/* ---- which of them count ---- */

static int
by_number(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return *a < *b ? -1 : *a > *b;
}

/*
 * Of the old and the new name of one account the new one counts, where both are
 * live: their balances are two.
 */
static void
drop_former(struct known *known, size_t n)
{
	int64_t *live = mem_new(n, sizeof(*live));
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		if (!known[i].is_old && !known[i].refused)
			live[len++] = known[i].id;
	qsort(live, len, sizeof(*live), by_number);
	for (size_t i = 0; i < n; i++)
		if (known[i].is_old && len > 0 &&
		    bsearch(&known[i].id, live, len, sizeof(*live),
			by_number) != NULL)
			known[i].refused = true;
	free(live);
}

static enum ledger_result
put_all(struct ledger *l, const struct ledger_sample *list, size_t n)
{
	struct known *known = mem_new(n, sizeof(*known));
	struct row *rows = mem_new(n, sizeof(*rows));
	enum ledger_result r = find_all(l, list, n, known);
	size_t len = 0;

	if (r == LEDGER_OK) {
		drop_former(known, n);
		for (size_t i = 0; i < n; i++)
			if (!known[i].refused)
				rows[len++] = (struct row){&list[i],
				    known[i].id, slot_of(&list[i].equity), i};
		r = put_rows(l, rows, len);
	}
	free(rows);
	free(known);
	return r;
}

/* ---- one by one ---- */

/* One that cannot be stored fails alone. */
static enum ledger_result
put_each(struct ledger *l, const struct ledger_sample *list, size_t n,
    ledger_sample_fn *refused, void *arg)
{
	struct known *known = mem_new(n, sizeof(*known));
	enum ledger_result r = LEDGER_OK;

	for (size_t i = 0; r == LEDGER_OK && i < n; i++)
		if ((r = find_one(l, &list[i], &known[i])) == LEDGER_REJECTED) {
			known[i].refused = true;
			refused(&list[i], ledger_error(l), arg);
			r = LEDGER_OK;
		}
	drop_former(known, n);
	for (size_t i = 0; r == LEDGER_OK && i < n; i++) {
		if (known[i].refused)
			continue;
		r = ledger_equity_put(l, known[i].id, &list[i].equity);
		if (r == LEDGER_REJECTED) {
			refused(&list[i], ledger_error(l), arg);
			r = LEDGER_OK;
		}
	}
	free(known);
	return r;
}

enum ledger_result
ledger_samples_put(struct ledger *l, const struct ledger_sample *list, size_t n,
    ledger_sample_fn *refused, void *arg)
{
	enum ledger_result r;

	if (n == 0)
		return LEDGER_OK;
	if (ledger_state(l) == LEDGER_OK && l->engine->lists) {
		if ((r = ledger_begin(l)) != LEDGER_OK)
			return r;
		r = put_all(l, list, n);
		if (r == LEDGER_OK)
			return ledger_commit(l);
		ledger_rollback(l);
		/* a refused statement undid all: each its own transaction */
		return r == LEDGER_REJECTED ? put_each(l, list, n, refused, arg)
					    : r;
	}
	if ((r = ledger_begin(l)) != LEDGER_OK)
		return r;
	r = put_each(l, list, n, refused, arg);
	if (r == LEDGER_OK)
		return ledger_commit(l);
	ledger_rollback(l);
	return r;
}

/* transfer.c: all of a ledger into an empty one, row by row, and looked at
 * again. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/ledger/engine.h"
#include "lib/ledger/transfer.h"
#include "lib/trading/money.h"

#define TABLES_MAX 100
#define COLUMNS_MAX 64
#define SQL_MAX_BYTES 8192

struct column {
	char *name;
	enum cell_kind kind;
	bool by_itself; /* the engine numbers it */
};

struct table {
	char *name;
	struct column column[COLUMNS_MAX];
	int columns;
};

/* Of all rows of a table, in whatever order: how many, what they hold. */
struct content {
	int64_t rows;
	uint64_t hash[2];
	money_t sum[COLUMNS_MAX]; /* of whole numbers */
};

struct transfer {
	struct ledger *from, *to;
	char *why;
};

static enum ledger_result fail(struct transfer *t, enum ledger_result r,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static enum ledger_result
fail(struct transfer *t, enum ledger_result r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->why, TRANSFER_WHY_SIZE, fmt, ap);
	va_end(ap);
	return r;
}

static enum ledger_result
checked(struct transfer *t, struct ledger *l, enum ledger_result r)
{
	const char *why = ledger_error(l);

	if (r == LEDGER_OK || t->why[0] != '\0')
		return r;
	return fail(t, r, "%s", why != NULL ? why : ledger_result_word(r));
}

/* ---- what there is ---- */

static int
list_tables(struct ledger *l, char **names)
{
	struct query q;
	int n = 0;

	query_init(&q, l, SQL_TABLE_LIST);
	while (query_next(&q) && n < TABLES_MAX)
		names[n++] = mem_strdup(take_text(&q));
	return query_done(&q) == LEDGER_OK ? n : -1;
}

static void
table_done(struct table *table)
{
	for (int i = 0; i < table->columns; i++)
		free(table->column[i].name);
	table->columns = 0;
}

static enum ledger_result
list_columns(struct ledger *l, const char *name, struct table *table)
{
	struct query q;

	table->columns = 0;
	query_init(&q, l, SQL_COLUMN_LIST);
	put_text(&q, name);
	while (query_next(&q) && table->columns < COLUMNS_MAX) {
		struct column *c = &table->column[table->columns++];

		c->name = mem_strdup(take_text(&q));
		c->kind = (enum cell_kind)take_int(&q);
		c->by_itself = take_int(&q) != 0;
	}
	return query_done(&q);
}

static void
put_columns(struct buf *sql, const struct table *t)
{
	for (int i = 0; i < t->columns; i++)
		buf_printf(
		    sql, "%s\"%s\"", i > 0 ? ", " : "", t->column[i].name);
}

/* ---- rows ---- */

static uint64_t
mix(uint64_t h, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(1099511628211);
	return h;
}

/* Sums of hashes do not depend on the order of rows. */
static void
count_row(struct content *sum, const struct cell *cells, int n)
{
	uint64_t a = UINT64_C(14695981039346656037), b = ~a;
	money_t v;

	for (int i = 0; i < n; i++) {
		const char *text = cells[i].text;
		size_t len = text != NULL ? strlen(text) + 1 : 0;

		a = mix(mix(a, &len, sizeof(len)), text, len);
		b = mix(mix(b, text, len), &len, sizeof(len));
		if (text != NULL && cells[i].kind == CELL_WHOLE &&
		    money_from_units(text, &v) == 0)
			/* wraps the same on both sides */
			(void)__builtin_add_overflow(
			    sum->sum[i], v, &sum->sum[i]);
	}
	sum->hash[0] += a ^ (a >> 29);
	sum->hash[1] += b ^ (b >> 31);
	sum->rows++;
}

static void
take_cells(struct query *q, const struct table *t, struct cell *cells,
    char (*number)[MONEY_SIZE])
{
	for (int i = 0; i < t->columns; i++) {
		cells[i].kind = t->column[i].kind;
		cells[i].text = NULL;
		if (q->l->engine->is_null(q, i))
			continue;
		switch (cells[i].kind) {
		case CELL_WHOLE:
			cells[i].text = money_to_units(
			    q->l->engine->take_money(q, i), number[i]);
			break;
		case CELL_REAL:
			snprintf(number[i], MONEY_SIZE, "%.17g",
			    q->l->engine->take_real(q, i));
			cells[i].text = number[i];
			break;
		case CELL_TEXT:
			cells[i].text = q->l->engine->take_text(q, i);
			break;
		}
	}
}

/* All rows of a table, counted; `to` NULL: only that. */
static enum ledger_result
read_rows(struct transfer *t, struct ledger *from, struct ledger *to,
    const struct table *table, struct content *sum)
{
	char number[COLUMNS_MAX][MONEY_SIZE];
	struct cell cells[COLUMNS_MAX];
	enum ledger_result r = LEDGER_OK, done;
	struct query q;
	struct buf sql;

	memset(sum, 0, sizeof(*sum));
	buf_init(&sql, SQL_MAX_BYTES);
	buf_puts(&sql, "SELECT ");
	put_columns(&sql, table);
	buf_printf(&sql, " FROM \"%s\"", table->name);
	query_init_text(&q, from, sql.data);
	while (r == LEDGER_OK && query_next(&q)) {
		take_cells(&q, table, cells, number);
		count_row(sum, cells, table->columns);
		if (to != NULL)
			r = checked(t, to,
			    to->engine->fill_row(to, cells, table->columns));
	}
	done = checked(t, from, query_done(&q));
	buf_done(&sql);
	return r != LEDGER_OK ? r : done;
}

static enum ledger_result
fill(struct transfer *t, const struct table *table, struct content *sum)
{
	enum ledger_result r, end;
	struct buf sql;

	buf_init(&sql, SQL_MAX_BYTES);
	buf_printf(&sql, "INSERT INTO \"%s\" (", table->name);
	put_columns(&sql, table);
	buf_puts(&sql, ") VALUES (");
	for (int i = 0; i < table->columns; i++)
		buf_puts(&sql, i > 0 ? ", ?" : "?");
	buf_puts(&sql, ")");
	r = checked(t, t->to, t->to->engine->fill_begin(t->to, sql.data));
	buf_done(&sql);
	if (r != LEDGER_OK)
		return r;
	r = read_rows(t, t->from, t->to, table, sum);
	end = checked(t, t->to, t->to->engine->fill_end(t->to));
	return r != LEDGER_OK ? r : end;
}

/* The next id is behind the copied ones. */
static enum ledger_result
number_on(struct transfer *t, const struct table *table)
{
	enum ledger_result r = LEDGER_OK;

	for (int i = 0; r == LEDGER_OK && i < table->columns; i++) {
		struct query q;
		char *sql;

		if (!table->column[i].by_itself)
			continue;
		sql =
		    mem_printf("SELECT setval(pg_get_serial_sequence('\"%s\"',"
			       " '%s'), max(\"%s\")) FROM \"%s\"",
			table->name, table->column[i].name,
			table->column[i].name, table->name);
		query_init_text(&q, t->to, sql);
		r = checked(t, t->to, query_run(&q));
		free(sql);
	}
	return r;
}

static enum ledger_result
compare(struct transfer *t, const struct table *table, const struct content *a)
{
	struct content b;
	enum ledger_result r = read_rows(t, t->to, NULL, table, &b);

	if (r != LEDGER_OK)
		return r;
	if (a->rows != b.rows)
		return fail(t, LEDGER_ERROR,
		    "table %s: %lld rows were copied, %lld are there",
		    table->name, (long long)a->rows, (long long)b.rows);
	for (int i = 0; i < table->columns; i++)
		if (a->sum[i] != b.sum[i])
			return fail(t, LEDGER_ERROR,
			    "table %s: the sum of %s is another one",
			    table->name, table->column[i].name);
	if (memcmp(a->hash, b.hash, sizeof(b.hash)) != 0)
		return fail(
		    t, LEDGER_ERROR, "table %s: rows differ", table->name);
	return LEDGER_OK;
}

/* Both have the same columns; they are listed in the same order. */
static enum ledger_result
match(struct transfer *t, const char *name, struct table *table)
{
	struct table other = {.name = NULL};
	enum ledger_result r;
	bool same;

	r = checked(t, t->from, list_columns(t->from, name, table));
	if (r == LEDGER_OK)
		r = checked(t, t->to, list_columns(t->to, name, &other));
	same = table->columns == other.columns;
	for (int i = 0; r == LEDGER_OK && same && i < other.columns; i++) {
		same =
		    strcmp(table->column[i].name, other.column[i].name) == 0 &&
		    table->column[i].kind == other.column[i].kind;
		table->column[i].by_itself = other.column[i].by_itself;
	}
	table_done(&other);
	if (r == LEDGER_OK && !same)
		r = fail(t, LEDGER_ERROR,
		    "table %s has other columns there: one of the two "
		    "ledgers is of another version",
		    name);
	return r;
}

static enum ledger_result
one_table(struct transfer *t, char *name, transfer_fn each, void *arg)
{
	struct table table = {.name = name};
	struct content sum;
	enum ledger_result r = match(t, name, &table);

	if (r == LEDGER_OK)
		r = fill(t, &table, &sum);
	if (r == LEDGER_OK)
		r = compare(t, &table, &sum);
	if (r == LEDGER_OK)
		r = number_on(t, &table);
	if (r == LEDGER_OK && each != NULL)
		each(name, sum.rows, arg);
	table_done(&table);
	return r;
}

/* ---- before and after ---- */

static enum ledger_result
is_empty(struct transfer *t, char *const *names, int n)
{
	enum ledger_result r = LEDGER_OK;

	for (int i = 0; r == LEDGER_OK && i < n; i++) {
		char *sql =
		    mem_printf("SELECT 1 FROM \"%s\" LIMIT 1", names[i]);
		struct query q;
		bool any;

		query_init_text(&q, t->to, sql);
		any = query_next(&q);
		r = checked(t, t->to, query_done(&q));
		free(sql);
		if (r == LEDGER_OK && any)
			r = fail(t, LEDGER_CONFLICT,
			    "the ledger to copy to is not empty: table %s has "
			    "rows",
			    names[i]);
	}
	return r;
}

/* No table is left out: both have the same. */
static enum ledger_result
same_tables(struct transfer *t, char *const *names, int n)
{
	char *there[TABLES_MAX];
	int len = list_tables(t->to, there);
	bool same = len == n;

	for (int i = 0; i < len; i++) {
		same = same && strcmp(names[i], there[i]) == 0;
		free(there[i]);
	}
	if (len < 0)
		return checked(t, t->to, LEDGER_ERROR);
	return same ? LEDGER_OK
		    : fail(t, LEDGER_ERROR,
			  "the two ledgers have other "
			  "tables: one is of another version");
}

/* A minute's samples have a partition for each day. */
static enum ledger_result
make_room(struct transfer *t)
{
	enum ledger_result r = LEDGER_OK;
	struct query q;

	query_init(&q, t->from, SQL_EQUITY_DAYS);
	while (r == LEDGER_OK && query_next(&q))
		r = checked(t, t->to, ledger_equity_room(t->to, take_int(&q)));
	query_done(&q);
	return r;
}

/* Who kept what he read sees that it is another ledger now. */
static enum ledger_result
copy_revision(struct transfer *t)
{
	enum ledger_result r;
	int64_t revision = 0;
	struct query q;

	r = checked(t, t->from, ledger_revision(t->from, &revision));
	if (r != LEDGER_OK)
		return r;
	query_init(&q, t->to, SQL_REVISION_SET);
	put_int(&q, revision + 1);
	return checked(t, t->to, query_run(&q));
}

static enum ledger_result
transfer(
    struct transfer *t, char *const *names, int n, transfer_fn each, void *arg)
{
	enum ledger_result r = same_tables(t, names, n);

	if (r == LEDGER_OK)
		r = is_empty(t, names, n);
	if (r == LEDGER_OK)
		r = make_room(t);
	for (int i = 0; r == LEDGER_OK && i < n; i++)
		r = one_table(t, names[i], each, arg);
	return r == LEDGER_OK ? copy_revision(t) : r;
}

/* A long copy leaves either of the two alone for a while. */
static enum ledger_result
stay(struct transfer *t, struct ledger *l)
{
	return l->engine->stay == NULL ? LEDGER_OK
				       : checked(t, l, l->engine->stay(l));
}

enum ledger_result
ledger_transfer(struct ledger *from, struct ledger *to, transfer_fn each,
    void *arg, char why[TRANSFER_WHY_SIZE])
{
	struct transfer t = {.from = from, .to = to, .why = why};
	char *names[TABLES_MAX];
	enum ledger_result r;
	int n;

	why[0] = '\0';
	r = checked(&t, to, ledger_begin(to));
	if (r != LEDGER_OK)
		return r;
	if ((r = stay(&t, from)) == LEDGER_OK)
		r = stay(&t, to);
	n = list_tables(from, names);
	if (r == LEDGER_OK && n <= 0)
		r = checked(&t, from, LEDGER_ERROR);
	if (r == LEDGER_OK)
		r = transfer(&t, names, n, each, arg);
	if (r == LEDGER_OK)
		r = checked(&t, to, ledger_commit(to));
	else
		ledger_rollback(to);
	for (int i = 0; i < n; i++)
		free(names[i]);
	return r;
}

enum ledger_result
ledger_snapshot(struct ledger *l)
{
	return l->state == LEDGER_OK ? l->engine->snapshot(l) : l->state;
}

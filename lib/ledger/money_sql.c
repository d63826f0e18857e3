/* money_sql.c: money in SQLite, exactly: how it is stored, and its sums. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lib/ledger/money_sql.h"

const char *
money_store(money_t v, char text[MONEY_STORED_SIZE])
{
	size_t len;

	(void)money_to_units(v, text);
	len = strlen(text);
	text[len] = 'u';
	text[len + 1] = '\0';
	return text;
}

money_t
money_of_stored(const char *stored)
{
	char text[MONEY_STORED_SIZE] = "";
	size_t len = stored != NULL ? strlen(stored) : 0;
	money_t v = 0;

	if (len < 2 || len >= sizeof(text) || stored[len - 1] != 'u')
		return 0;
	memcpy(text, stored, len - 1);
	(void)money_from_units(text, &v);
	return v;
}

static money_t
money_of_value(sqlite3_value *value)
{
	if (sqlite3_value_type(value) != SQLITE_TEXT)
		return sqlite3_value_int64(value);
	return money_of_stored((const char *)sqlite3_value_text(value));
}

static void
answer(sqlite3_context *c, money_t v)
{
	char text[MONEY_STORED_SIZE];

	if (v >= INT64_MIN && v <= INT64_MAX)
		sqlite3_result_int64(c, (int64_t)v);
	else
		sqlite3_result_text(
		    c, money_store(v, text), -1, SQLITE_TRANSIENT);
}

/* NULL where one of them is. */
static void
add(sqlite3_context *c, int n, sqlite3_value **values)
{
	money_t sum = 0;

	for (int i = 0; i < n; i++) {
		if (sqlite3_value_type(values[i]) == SQLITE_NULL)
			return;
		if (money_add(&sum, money_of_value(values[i])) == -1) {
			sqlite3_result_error(c, "money overflow", -1);
			return;
		}
	}
	answer(c, sum);
}

/* ---- over rows ---- */

struct rows {
	bool any;
	money_t v;
};

enum over { SUM, LEAST, MOST };

/* SQLite aligns to 8 bytes, money_t wants 16. NULL: no memory, or no row. */
static struct rows *
rows_of(sqlite3_context *c, int size)
{
	uintptr_t at = (uintptr_t)sqlite3_aggregate_context(c, size);
	const uintptr_t mask = _Alignof(struct rows) - 1;

	return at != 0 ? (struct rows *)((at + mask) & ~mask) : NULL;
}

static void
step(sqlite3_context *c, int n, sqlite3_value **values)
{
	enum over *what = sqlite3_user_data(c);
	struct rows *r =
	    rows_of(c, (int)(sizeof(struct rows) + _Alignof(struct rows)));
	money_t v;

	if (r == NULL || n != 1 || sqlite3_value_type(values[0]) == SQLITE_NULL)
		return;
	v = money_of_value(values[0]);
	if (!r->any)
		r->v = v;
	else if (*what == SUM && money_add(&r->v, v) == -1)
		sqlite3_result_error(c, "money overflow", -1);
	else if (*what == LEAST)
		r->v = money_min(r->v, v);
	else if (*what == MOST)
		r->v = money_max(r->v, v);
	r->any = true;
}

/* Of no rows: NULL. */
static void
final(sqlite3_context *c)
{
	const struct rows *r = rows_of(c, 0);

	if (r != NULL && r->any)
		answer(c, r->v);
}

/* ---- of two values ---- */

static void
of_two(sqlite3_context *c, int n, sqlite3_value **values)
{
	const enum over *what = sqlite3_user_data(c);
	money_t a, b;

	if (n != 2 || sqlite3_value_type(values[0]) == SQLITE_NULL ||
	    sqlite3_value_type(values[1]) == SQLITE_NULL)
		return;
	a = money_of_value(values[0]);
	b = money_of_value(values[1]);
	answer(c, *what == LEAST ? money_min(a, b) : money_max(a, b));
}

int
money_sql_add(sqlite3 *db)
{
	static enum over sum = SUM, least = LEAST, most = MOST;
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
	int code = sqlite3_create_function(
	    db, "money_add", -1, flags, NULL, add, NULL, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_create_function(
		    db, "money_sum", 1, flags, &sum, NULL, step, final);
	if (code == SQLITE_OK)
		code = sqlite3_create_function(
		    db, "money_min", 1, flags, &least, NULL, step, final);
	if (code == SQLITE_OK)
		code = sqlite3_create_function(
		    db, "money_max", 1, flags, &most, NULL, step, final);
	if (code == SQLITE_OK)
		code = sqlite3_create_function(
		    db, "money_min", 2, flags, &least, of_two, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_create_function(
		    db, "money_max", 2, flags, &most, of_two, NULL, NULL);
	return code;
}

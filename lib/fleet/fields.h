/* fields.h: what MT5 tells, by name and type, copied only where typed right. */
#ifndef LIB_FLEET_FIELDS_H
#define LIB_FLEET_FIELDS_H

#include "lib/json/json.h"
#include "lib/json/jsonin.h"

enum field_type {
	FIELD_ID, /* 64 bits, written as a string */
	FIELD_INT,
	FIELD_COUNT,  /* 0 and more */
	FIELD_DIGITS, /* of a currency */
	FIELD_SECOND, /* a broker's time: 1970 to 3000 */
	FIELD_MS,
	FIELD_NUMBER,
	FIELD_MONEY,
	FIELD_VOLUME,
	FIELD_BOOL,
	FIELD_TEXT
};

struct field {
	const char *name; /* NULL ends a table */
	enum field_type type;
};

extern const struct field account_fields[];  /* 28 */
extern const struct field terminal_fields[]; /* 22 */
extern const struct field position_fields[]; /* 19 */
extern const struct field order_fields[];    /* 24 */
extern const struct field equity_fields[];
extern const struct field history_fields[];
extern const struct field agent_fields[];

/*
 * Every field of the table as a member, null where o lacks it or has it of
 * another type: unknown is null, never 0. o NULL: all of it is null.
 */
void fields_put(
    struct json *j, const char *key, const cJSON *o, const struct field *table);

/*
 * Is each value that o has one that MT5 can give? -1: why names the first that
 * is not, "account.balance: 1e+308". What is missing, null or of another type
 * is not told, and no lie. path: what o is called; o may be NULL.
 */
#define FIELDS_WHY_SIZE 200
int fields_check(const cJSON *o, const struct field *table, const char *path,
    char why[FIELDS_WHY_SIZE]);
/* The same for each object of a list: "positions[2].volume: -1". */
int fields_check_list(const cJSON *list, const struct field *table,
    const char *path, char why[FIELDS_WHY_SIZE]);
/* The whole document of a bridge (docs/mailbox.md). */
int fields_check_snapshot(const cJSON *doc, char why[FIELDS_WHY_SIZE]);
/* Its usd_rate: what a unit of any currency can be worth; NAN: not told. */
double fields_usd_rate(const cJSON *doc);

/*
 * The same for a list. -1 where it is no list, or where one in it is no
 * object or has no ticket: a list that is not whole must not look whole.
 */
int fields_put_list(
    struct json *j, const cJSON *list, const struct field *table);

#endif

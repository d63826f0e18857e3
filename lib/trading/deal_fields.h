/*
 * deal_fields.h: what MetaTrader 5 gives of a deal, each field described once.
 *
 * The reader of the agent's JSON, the writer of the API's and the statements of
 * ledger.sql are all made from this table. A new field is a member of struct
 * deal, a line here, and a column in ledger.sql.
 */
#ifndef LIB_TRADING_DEAL_FIELDS_H
#define LIB_TRADING_DEAL_FIELDS_H

#include <stddef.h>

#include "lib/trading/deal.h"

enum deal_field_type {
	DEAL_FIELD_ID,      /* int64_t; 64 bits, more than a double holds */
	DEAL_FIELD_TIME_S,  /* int64_t, broker time */
	DEAL_FIELD_TIME_MS, /* int64_t, broker time */
	DEAL_FIELD_INT,     /* int */
	DEAL_FIELD_VOLUME,  /* double; NAN: unknown */
	DEAL_FIELD_PRICE,   /* double; NAN: unknown */
	DEAL_FIELD_MONEY,   /* money_t */
	DEAL_FIELD_TEXT,    /* const char * */
};

struct deal_field {
	enum deal_field_type type;
	size_t offset;     /* in struct deal */
	const char *name;  /* MT5's, in JSON */
	bool version_only; /* the API does not show it */
};

/* In the order of the statements of ledger.sql and of JSON. */
extern const struct deal_field deal_fields[];
extern const size_t deal_fields_len;

/* Where the field is in a deal, of the type that its type says. */
void *deal_field(const struct deal_field *f, struct deal *d);
const void *deal_field_const(const struct deal_field *f, const struct deal *d);

/* All of what MT5 gives is the same. */
bool deal_fields_equal(const struct deal *a, const struct deal *b);

#endif

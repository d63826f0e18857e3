/*
 * trade_fields.h: what the ledger says of a trade, each field described once.
 *
 * The statements of ledger.sql, the API's JSON, trades.csv and the sheet's tab
 * Trades are all made from this table. A new field is a member of struct
 * trade, a line here, and a column in ledger.sql.
 */
#ifndef LIB_LEDGER_TRADE_FIELDS_H
#define LIB_LEDGER_TRADE_FIELDS_H

#include <stddef.h>

#include "lib/ledger/history.h"

enum trade_field_type {
	TRADE_FIELD_ID,     /* int64_t; 64 bits, more than a double holds */
	TRADE_FIELD_TEXT,   /* const char *; NULL: unknown */
	TRADE_FIELD_SYMBOL, /* char[TRADE_SYMBOL_SIZE] */
	TRADE_FIELD_COUNT,  /* int */
	TRADE_FIELD_FLAG,   /* bool */
	TRADE_FIELD_LOTS,   /* money_t, 1e-8 */
	TRADE_FIELD_MONEY,  /* money_t, money.h */
	TRADE_FIELD_TIME,   /* int64_t, ms, broker time; 0: unknown */
	TRADE_FIELD_UTC,    /* int64_t, ms, UTC; 0: unknown */
	TRADE_FIELD_PRICE,  /* double; NAN: unknown */
	TRADE_FIELD_SIDE,   /* int: 0 bought first, 1 sold first */
	TRADE_FIELD_STATE,  /* enum trade_state */
	TRADE_FIELD_REASON, /* int, MT5's number; -1: unknown */
};

struct trade_field {
	enum trade_field_type type;
	size_t offset;     /* in struct ledger_trade */
	const char *name;  /* in JSON and CSV */
	const char *title; /* of its column in the sheet; NULL: it has none */
	int sheet_column;  /* behind the key, from 1 */
	unsigned flags;
};

/* of the account, not in the table `trade` */
#define TRADE_FIELD_OF_ACCOUNT 1u
/* between the ledger and its own readers */
#define TRADE_FIELD_NOT_JSON 2u
#define TRADE_FIELD_NOT_CSV 4u
/* trade_cache.json does not have it: unknown where the trade is imported */
#define TRADE_FIELD_NOT_IMPORTED 8u
/* of its deals, not in the table `trade` */
#define TRADE_FIELD_OF_DEALS 16u

/* In the order of the statements of ledger.sql, of JSON and of CSV. */
extern const struct trade_field trade_fields[];
extern const size_t trade_fields_len;

/* What a trade has in a field. */
struct trade_value {
	bool known;       /* else nothing else is set */
	int64_t n;        /* of all other types */
	money_t money;    /* LOTS, MONEY */
	double price;     /* PRICE */
	const char *text; /* TEXT, SYMBOL, STATE; borrowed from the trade */
};
struct trade_value trade_field_value(
    const struct trade_field *f, const struct ledger_trade *t);

#endif

/* tab.c: the tabs of ours: their titles, columns and formats. Data only. */
#include <stddef.h>

#include "cron/sheets/tab.h"
#include "lib/ledger/trade_fields.h"

/* The legacy system's columns come first in Accounts, under their names. */
static struct tab tabs[TAB_COUNT] = {
    [TAB_ACCOUNTS] = {"Accounts", 515150001, 19, 18,
	{{"Account Number", TAB_TEXT}, {"Holder", TAB_TEXT},
	    {"Prop Firm", TAB_TEXT}, {"Phase", TAB_TEXT},
	    {"Day Operating", TAB_WHOLE}, {"Balance", TAB_MONEY},
	    {"Equity", TAB_MONEY}, {"P/L", TAB_MONEY},
	    {"Floating P/L", TAB_MONEY}, {"Drawdown", TAB_MONEY},
	    {"Left Today", TAB_MONEY}, {"Status", TAB_TEXT},
	    {"Age (s)", TAB_WHOLE}, {"Updated (UTC)", TAB_TIME},
	    {"Phase Status", TAB_TEXT}, {"Initial Balance", TAB_MONEY},
	    {"Currency", TAB_TEXT}, {"Server", TAB_TEXT}, {"Key", TAB_TEXT}}},
    /* the other columns are trade_fields */
    [TAB_TRADES] = {"Trades", 515150002, 1, 0, {{"Key", TAB_TEXT}}},
    [TAB_FLOWS] = {"Cash flows", 515150003, 12, 0,
	{{"Key", TAB_TEXT}, {"Account Number", TAB_TEXT}, {"Server", TAB_TEXT},
	    {"Ticket", TAB_TEXT}, {"Time (broker)", TAB_TIME},
	    {"Time (UTC)", TAB_TIME}, {"Type", TAB_TEXT}, {"Amount", TAB_MONEY},
	    {"Currency", TAB_TEXT}, {"Comment", TAB_TEXT},
	    {"Meaning", TAB_TEXT}, {"Meaning By", TAB_TEXT}}},
    [TAB_PHASES] = {"Phases", 515150004, 12, 0,
	{{"Key", TAB_TEXT}, {"Account Number", TAB_TEXT}, {"Server", TAB_TEXT},
	    {"Phase", TAB_TEXT}, {"Status", TAB_TEXT},
	    {"Started (UTC)", TAB_TIME}, {"Ended (UTC)", TAB_TIME},
	    {"Initial Balance", TAB_MONEY}, {"Start Balance", TAB_MONEY},
	    {"Start Equity", TAB_MONEY}, {"Changed By", TAB_TEXT},
	    {"Note", TAB_TEXT}}},
    [TAB_DAILY] = {"Daily", 515150005, 15, 0,
	{{"Key", TAB_TEXT}, {"Account Number", TAB_TEXT}, {"Server", TAB_TEXT},
	    {"Date", TAB_DATE}, {"P/L", TAB_MONEY}, {"Realised", TAB_MONEY},
	    {"Balance", TAB_MONEY}, {"Equity", TAB_MONEY},
	    {"Lowest Equity", TAB_MONEY}, {"Highest Equity", TAB_MONEY},
	    {"Opened", TAB_WHOLE}, {"Closed", TAB_WHOLE},
	    {"Cash Flows", TAB_MONEY}, {"Currency", TAB_TEXT},
	    {"Estimated", TAB_TEXT}}},
};

static enum tab_format
trade_format(enum trade_field_type type)
{
	switch (type) {
	case TRADE_FIELD_LOTS:
	case TRADE_FIELD_PRICE:
		return TAB_NUMBER;
	case TRADE_FIELD_MONEY:
		return TAB_MONEY;
	case TRADE_FIELD_TIME:
	case TRADE_FIELD_UTC:
		return TAB_TIME;
	case TRADE_FIELD_COUNT:
	case TRADE_FIELD_FLAG:
		return TAB_WHOLE;
	case TRADE_FIELD_ID:
	case TRADE_FIELD_TEXT:
	case TRADE_FIELD_SYMBOL:
	case TRADE_FIELD_SIDE:
	case TRADE_FIELD_STATE:
	case TRADE_FIELD_REASON:
		break;
	}
	return TAB_TEXT;
}

const struct tab *
tab_get(enum tab_id id)
{
	struct tab *trades = &tabs[TAB_TRADES];
	const struct trade_field *f;

	for (size_t i = 0; trades->columns == 1 && i < trade_fields_len; i++) {
		f = &trade_fields[i];
		if (f->title != NULL)
			trades->column[f->sheet_column] = (struct tab_column){
			    f->title, trade_format(f->type)};
	}
	while (trades->column[trades->columns].name != NULL)
		trades->columns++;
	return &tabs[id];
}

const char *
tab_format_type(enum tab_format f)
{
	switch (f) {
	case TAB_TEXT:
		return "TEXT";
	case TAB_TIME:
		return "DATE_TIME";
	case TAB_DATE:
		return "DATE";
	case TAB_NUMBER:
	case TAB_WHOLE:
	case TAB_MONEY:
		break;
	}
	return "NUMBER";
}

const char *
tab_format_pattern(enum tab_format f)
{
	switch (f) {
	case TAB_TEXT:
		return "@";
	case TAB_TIME:
		return "yyyy-mm-dd hh:mm:ss";
	case TAB_DATE:
		return "yyyy-mm-dd";
	case TAB_WHOLE:
		return "0";
	case TAB_MONEY:
		return "#,##0.00";
	case TAB_NUMBER: /* no pattern shows 1, 1.5 and 1.08765 alike */
		break;
	}
	return NULL;
}

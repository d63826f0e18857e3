/* tab.c: the tabs of ours: their titles, columns and formats. Data only. */
#include <stddef.h>

#include "cron/sheets/tab.h"

/* The first system's columns come first in Accounts, under their names. */
static const struct tab tabs[TAB_COUNT] = {
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
    [TAB_TRADES] = {"Trades", 515150002, 20, 0,
	{{"Key", TAB_TEXT}, {"Account Number", TAB_TEXT}, {"Server", TAB_TEXT},
	    {"Position", TAB_TEXT}, {"Symbol", TAB_TEXT}, {"Type", TAB_TEXT},
	    {"Volume", TAB_NUMBER}, {"Volume Closed", TAB_NUMBER},
	    {"Opened (broker)", TAB_TIME}, {"Closed (broker)", TAB_TIME},
	    {"Open Price", TAB_NUMBER}, {"Close Price", TAB_NUMBER},
	    {"Profit", TAB_MONEY}, {"Commission", TAB_MONEY},
	    {"Swap", TAB_MONEY}, {"Fee", TAB_MONEY}, {"Net", TAB_MONEY},
	    {"Currency", TAB_TEXT}, {"State", TAB_TEXT}, {"Reason", TAB_TEXT}}},
    [TAB_FLOWS] = {"Cash flows", 515150003, 10, 0,
	{{"Key", TAB_TEXT}, {"Account Number", TAB_TEXT}, {"Server", TAB_TEXT},
	    {"Ticket", TAB_TEXT}, {"Time (broker)", TAB_TIME},
	    {"Time (UTC)", TAB_TIME}, {"Type", TAB_TEXT}, {"Amount", TAB_MONEY},
	    {"Currency", TAB_TEXT}, {"Comment", TAB_TEXT}}},
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

const struct tab *
tab_get(enum tab_id id)
{
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

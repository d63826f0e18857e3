/* tab.h: the tabs of ours: their titles, columns and formats. Data only. */
#ifndef SHEETS_TAB_H
#define SHEETS_TAB_H

#include <stdint.h>

enum tab_id {
	TAB_ACCOUNTS,
	TAB_TRADES,
	TAB_FLOWS,
	TAB_PHASES,
	TAB_DAILY,
};
#define TAB_COUNT 5
#define TAB_COLUMNS_MAX 24

enum tab_format {
	TAB_TEXT,   /* also ids: 64 bits do not fit a double */
	TAB_NUMBER, /* shown with as many digits as it has */
	TAB_WHOLE,  /* a count */
	TAB_MONEY,
	TAB_TIME,
	TAB_DATE,
};

struct tab_column {
	const char *name;
	enum tab_format format;
};

struct tab {
	const char *title;
	int sheet_id; /* ours, so that making it twice makes one */
	int columns;
	int key; /* the column that says whose row it is */
	struct tab_column column[TAB_COLUMNS_MAX];
};

const struct tab *tab_get(enum tab_id id);

/* Google's name and pattern for a format; pattern NULL: as it comes. */
const char *tab_format_type(enum tab_format f);
const char *tab_format_pattern(enum tab_format f);

#endif

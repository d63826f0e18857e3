/* a1.c: ranges as Google writes them: 'Cash flows'!A2:K500. Pure. */
#include <stdio.h>
#include <string.h>

#include "cron/sheets/a1.h"

/* 10 million cells is a spreadsheet's limit. */
#define ROWS_MAX 10000000
#define COLUMNS_MAX 18278 /* ZZZ */

const char *
a1_column(int column, char text[A1_COLUMN_SIZE])
{
	char *p = text + A1_COLUMN_SIZE - 1;

	*p = '\0';
	for (column++; column > 0 && p > text; column = (column - 1) / 26)
		*--p = (char)('A' + (column - 1) % 26);
	return memmove(text, p, strlen(p) + 1);
}

/* The title in quotes, its own quotes doubled; returns where to go on. */
static size_t
quote(const char *title, char text[A1_SIZE])
{
	size_t n = 0;

	text[n++] = '\'';
	for (; *title != '\0' && n < A1_SIZE - 64; title++) {
		if (*title == '\'')
			text[n++] = '\'';
		text[n++] = *title;
	}
	text[n++] = '\'';
	text[n++] = '!';
	text[n] = '\0';
	return n;
}

const char *
a1_range(const char *title, int column, int row, int last_column, int last_row,
    char text[A1_SIZE])
{
	char from[A1_COLUMN_SIZE], to[A1_COLUMN_SIZE];
	size_t n = quote(title, text);

	snprintf(text + n, A1_SIZE - n, "%s%d:%s%d", a1_column(column, from),
	    row, a1_column(last_column, to), last_row);
	return text;
}

const char *
a1_whole_column(const char *title, int column, char text[A1_SIZE])
{
	char name[A1_COLUMN_SIZE];
	size_t n = quote(title, text);

	a1_column(column, name);
	snprintf(text + n, A1_SIZE - n, "%s1:%s", name, name);
	return text;
}

const char *
a1_whole_row(const char *title, int row, char text[A1_SIZE])
{
	size_t n = quote(title, text);

	snprintf(text + n, A1_SIZE - n, "%d:%d", row, row);
	return text;
}

int
a1_end(const char *range, int *last_column, int *last_row)
{
	const char *p = strrchr(range, '!');
	int column = 0, row = 0;

	p = p != NULL ? p + 1 : range;
	if (strchr(p, ':') != NULL)
		p = strchr(p, ':') + 1;
	for (; *p >= 'A' && *p <= 'Z' && column <= COLUMNS_MAX; p++)
		column = column * 26 + (*p - 'A' + 1);
	for (; *p >= '0' && *p <= '9' && row <= ROWS_MAX; p++)
		row = row * 10 + (*p - '0');
	if (*p != '\0' || column == 0 || column > COLUMNS_MAX || row == 0 ||
	    row > ROWS_MAX)
		return -1;
	*last_column = column - 1;
	*last_row = row;
	return 0;
}

/* a1.h: ranges as Google writes them: 'Cash flows'!A2:K500. Pure. */
#ifndef SHEETS_A1_H
#define SHEETS_A1_H

#include <stddef.h>

#include "lib/base/buf.h"

#define A1_SIZE 256
#define A1_COLUMN_SIZE 8

/* "A" for 0, "AA" for 26. */
const char *a1_column(int column, char text[A1_COLUMN_SIZE]);

/* Rows from 1, columns from 0, both ends inclusive. */
const char *a1_range(const char *title, int column, int row, int last_column,
    int last_row, char text[A1_SIZE]);
const char *a1_whole_column(const char *title, int column, char text[A1_SIZE]);
const char *a1_whole_row(const char *title, int row, char text[A1_SIZE]);

/* The end of a range that Google answered with: "…!A1:Z1000" is 25, 1000. */
int a1_end(const char *range, int *last_column, int *last_row);

#endif

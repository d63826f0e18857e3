/* timed.h: open positions and orders, with the UTC of their broker times. */
#ifndef DASHBOARD_TIMED_H
#define DASHBOARD_TIMED_H

#include "cgi-bin/dashboard/app.h"

/*
 * A line of a row's positions or orders as an array, each as the terminal gave
 * it and with time_utc (an order: time_setup_utc) and time_utc_estimated; null
 * where the line is unknown.
 */
void timed_list(struct app *app, struct json *j, const char *key,
    const struct view_row *row, const struct cache_value *line, bool orders);

#endif

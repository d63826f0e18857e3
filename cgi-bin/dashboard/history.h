/* history.h: what the lists of the ledger have in common. */
#ifndef DASHBOARD_HISTORY_H
#define DASHBOARD_HISTORY_H

#include "cgi-bin/dashboard/app.h"

#define HISTORY_PAGE 100
#define HISTORY_PAGE_MAX 1000
#define HISTORY_CURSOR_SIZE 72

/* One list of one account, while it is made. */
struct history {
	struct ledger *ledger;
	int64_t account; /* 0: the ledger never saw it; the list is null */
	const char *server;
	int64_t login;
	struct ledger_page page; /* asks for one more than is given */
	int rows;
	char next[HISTORY_CURSOR_SIZE]; /* "": this was the end */
	struct json *j;
};

/*
 * The account of the path and its ledger. False with the answer made: 404
 * for one that nobody knows, 503 where the ledger cannot be read.
 */
bool history_account(struct app *app, const struct request *req,
    struct response *res, struct history *h);

/*
 * limit, after and order of the query; parts: numbers that a cursor has.
 * False with the answer made.
 */
bool history_page(const struct request *req, struct response *res,
    struct history *h, int parts, bool newest_first);

/* Counts a row: true where it is to be put, false at the one too many. */
bool history_row(struct history *h, int64_t broker_ms, int64_t id, int part);

/* server and login at the beginning, "history" and "next" at the end. */
void history_begin(struct history *h);
void history_end(struct history *h);

void history_failed(
    struct app *app, enum ledger_result r, struct response *res);

#endif

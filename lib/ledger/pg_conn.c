/* pg_conn.c: connections to PostgreSQL, and waiting for their answers. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/ledger/pg.h"

bool
pg_is_error(const PGresult *r)
{
	ExecStatusType s = pq.PQresultStatus(r);

	return s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK &&
	       s != PGRES_SINGLE_TUPLE && s != PGRES_COPY_IN;
}

/* What the URL does not say itself. A peer that is gone is noticed within ten
 * seconds, also while we wait for its answer. */
static const char *const defaults[][2] = {
    {"connect_timeout", "3"},
    {"keepalives", "1"},
    {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
    {"application_name", "mt5fleet"},
    {"client_encoding", "UTF8"},
};
#define ONCE_MORE_MS 2000
#define DEFAULTS (sizeof(defaults) / sizeof(defaults[0]))

static void
note(struct pg *p, const char *text)
{
	size_t len = strcspn(text, "\n");

	snprintf(p->why, sizeof(p->why), "%.*s", (int)len, text);
}

void
pg_lose(struct pg *p)
{
	/* the socket of a forked process is its parent's as well, and a
	 * farewell on it would end the parent's session */
	if (p->conn != NULL && p->pid == getpid())
		pq.PQfinish(p->conn);
	p->conn = NULL;
	p->in_transaction = false;
	memset(p->prepared, 0, sizeof(p->prepared));
}

static PQconninfoOption *
option(PQconninfoOption *list, const char *name)
{
	while (list->keyword != NULL && strcmp(list->keyword, name) != 0)
		list++;
	return list->keyword != NULL ? list : NULL;
}

/* The nth of "a,b,c"; the only one where there is one. The caller's. */
static char *
nth(const char *list, int n)
{
	while (n > 0 && strchr(list, ',') != NULL) {
		list = strchr(list, ',') + 1;
		n--;
	}
	return mem_strndup(list, strcspn(list, ","));
}

static int
count(const char *list)
{
	int n = 1;

	if (list == NULL)
		return 0;
	for (; *list != '\0'; list++)
		n += *list == ',';
	return n;
}

/* host -1: all of the URL, in their order. */
static PGconn *
connect_to(PQconninfoOption *options, int host)
{
	const char *key[64], *value[64];
	char *mine[3] = {NULL};
	int n = 0, mine_len = 0;
	PGconn *conn;

	for (size_t i = 0; i < DEFAULTS; i++) {
		PQconninfoOption *o = option(options, defaults[i][0]);

		if (o != NULL && o->val != NULL)
			continue;
		key[n] = defaults[i][0];
		value[n++] = defaults[i][1];
	}
	for (PQconninfoOption *o = options; o->keyword != NULL && n < 63; o++) {
		if (o->val == NULL)
			continue;
		key[n] = o->keyword;
		value[n++] = o->val;
		if (host >= 0 && (strcmp(o->keyword, "host") == 0 ||
				     strcmp(o->keyword, "hostaddr") == 0 ||
				     strcmp(o->keyword, "port") == 0))
			value[n - 1] = mine[mine_len++] = nth(o->val, host);
	}
	key[n] = value[n] = NULL;
	conn = pq.PQconnectdbParams(key, value, 0);
	for (int i = 0; i < mine_len; i++)
		free(mine[i]);
	return conn;
}

/*
 * libpq goes on to the next host where one refuses, but not where one accepts
 * and closes (a proxy whose server is gone does): so each is tried alone, too.
 */
static PGconn *
connect_any(PQconninfoOption *options)
{
	PQconninfoOption *list = option(options, "host");
	const int64_t began = clock_mono_ms();
	PGconn *conn = connect_to(options, -1);
	int hosts;

	if (list == NULL || list->val == NULL)
		list = option(options, "hostaddr");
	hosts = list != NULL ? count(list->val) : 0;
	/* hosts that are silent have had their time */
	if (clock_mono_ms() - began > ONCE_MORE_MS)
		return conn;
	for (int i = 0; hosts > 1 && i < hosts && conn != NULL &&
			pq.PQstatus(conn) != CONNECTION_OK;
	     i++) {
		pq.PQfinish(conn);
		conn = connect_to(options, i);
	}
	return conn;
}

int
pg_connect(struct pg *p)
{
	PQconninfoOption *options;
	char *error = NULL;

	if (pq_load(p->why, sizeof(p->why)) == -1)
		return -1;
	options = pq.PQconninfoParse(p->url, &error);
	pq.PQfreemem(error); /* it may quote the password */
	if (options == NULL) {
		note(p, "the URL cannot be read as one of PostgreSQL's");
		return -1;
	}
	p->pid = getpid();
	p->conn = connect_any(options);
	pq.PQconninfoFree(options);
	if (p->conn != NULL && pq.PQstatus(p->conn) == CONNECTION_OK)
		return 0;
	note(p, p->conn != NULL ? pq.PQerrorMessage(p->conn) : "no memory");
	pg_lose(p);
	return -1;
}

int
pg_reconnect(struct pg *p)
{
	pg_lose(p);
	return pg_connect(p);
}

/* False: lost. */
static bool
readable(struct pg *p, int64_t until_mono_ms)
{
	struct pollfd fd = {.fd = pq.PQsocket(p->conn), .events = POLLIN};
	int64_t left = until_mono_ms - clock_mono_ms();
	int n = left > 0 ? poll(&fd, 1, (int)left) : 0;

	if (n == -1 && errno == EINTR)
		return true;
	if (n > 0 && pq.PQconsumeInput(p->conn) == 1)
		return true;
	if (n > 0)
		note(p, pq.PQerrorMessage(p->conn));
	else
		snprintf(p->why, sizeof(p->why), "no answer within %d s",
		    p->limit_ms / 1000);
	return false;
}

/* The first of two results, if it is an error or the only one. */
static PGresult *
the_one(PGresult *a, PGresult *b)
{
	if (a != NULL && pg_is_error(a)) {
		pq.PQclear(b);
		return a;
	}
	pq.PQclear(a);
	return b;
}

PGresult *
pg_row(struct pg *p)
{
	const int64_t until = clock_mono_ms() + p->limit_ms;

	while (pq.PQisBusy(p->conn))
		if (!readable(p, until)) {
			pg_lose(p);
			return NULL;
		}
	return pq.PQgetResult(p->conn);
}

PGresult *
pg_answer(struct pg *p)
{
	const int64_t until = clock_mono_ms() + p->limit_ms;
	PGresult *all = NULL, *r;

	for (;;) {
		while (pq.PQisBusy(p->conn))
			if (!readable(p, until)) {
				pq.PQclear(all);
				pg_lose(p);
				return NULL;
			}
		if ((r = pq.PQgetResult(p->conn)) == NULL)
			break;
		all = the_one(all, r);
		/* nothing follows until all of it was given */
		if (pq.PQresultStatus(r) == PGRES_COPY_IN)
			return all;
	}
	if (pq.PQstatus(p->conn) == CONNECTION_OK)
		return all;
	note(p, all != NULL && *pq.PQresultErrorMessage(all) != '\0'
		    ? pq.PQresultErrorMessage(all)
		    : pq.PQerrorMessage(p->conn));
	pq.PQclear(all);
	pg_lose(p);
	return NULL;
}

PGresult *
pg_exec(struct pg *p, const char *sql)
{
	if (p->conn == NULL)
		return NULL;
	if (pq.PQsendQuery(p->conn, sql) == 1)
		return pg_answer(p);
	note(p, pq.PQerrorMessage(p->conn));
	pg_lose(p);
	return NULL;
}

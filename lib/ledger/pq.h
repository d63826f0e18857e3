/*
 * pq.h: libpq, loaded when the first ledger in PostgreSQL is opened.
 *
 * It brings some thirty libraries with it (LDAP, Kerberos): linked, they would
 * more than double the time that every program takes to start, and who keeps
 * the ledger in a file would have to install them.
 */
#ifndef LIB_LEDGER_PQ_H
#define LIB_LEDGER_PQ_H

#include <libpq-fe.h>
#include <stddef.h>

#define PQ_FUNCTIONS(X)         \
	X(PQclear)              \
	X(PQbackendPID)         \
	X(PQcmdStatus)          \
	X(PQcmdTuples)          \
	X(PQconnectdbParams)    \
	X(PQconninfoFree)       \
	X(PQconninfoParse)      \
	X(PQconsumeInput)       \
	X(PQerrorMessage)       \
	X(PQfinish)             \
	X(PQfreemem)            \
	X(PQgetisnull)          \
	X(PQgetResult)          \
	X(PQgetvalue)           \
	X(PQisBusy)             \
	X(PQisthreadsafe)       \
	X(PQnfields)            \
	X(PQntuples)            \
	X(PQputCopyData)        \
	X(PQputCopyEnd)         \
	X(PQresultErrorField)   \
	X(PQresultErrorMessage) \
	X(PQresultStatus)       \
	X(PQsendPrepare)        \
	X(PQsendQuery)          \
	X(PQsendQueryParams)    \
	X(PQsendQueryPrepared)  \
	X(PQsetSingleRowMode)   \
	X(PQsocket)             \
	X(PQstatus)

struct pq {
#define X(function) __typeof__(function) *function;
	PQ_FUNCTIONS(X)
#undef X
};

extern struct pq pq;

/* 0, or -1 with why it cannot be loaded. From any thread. */
int pq_load(char *why, size_t size);

#endif

/*
 * sessions.h: who is logged in (lib/auth/session.h). A session is known by the
 * SHA-256 of its id; it is no part of a copy of the ledger, and a backup that
 * is restored has none.
 */
#ifndef LIB_LEDGER_SESSIONS_H
#define LIB_LEDGER_SESSIONS_H

#include "lib/ledger/file.h"

struct ledger_session {
	const char *digest, *user, *csrf;
	int64_t user_changed_utc_ms; /* of the user as he logs in */
	int64_t began_utc_ms, until_utc_ms;
};

/* What is over by then is forgotten. */
enum ledger_result ledger_session_add(
    struct ledger *l, const struct ledger_session *s);

typedef void ledger_session_fn(void *arg, const char *user, const char *role,
    const char *csrf, const char *accounts);

/* NOT_FOUND: there is none, it is over, or its user is disabled or changed. */
enum ledger_result ledger_session_find(struct ledger *l, const char *digest,
    int64_t now_utc_ms, ledger_session_fn *fn, void *arg);

typedef int (*ledger_session_digest_fn)(const char *digest, void *arg);
enum ledger_result ledger_sessions_of(
    struct ledger *l, const char *user, ledger_session_digest_fn fn, void *arg);

enum ledger_result ledger_session_end(struct ledger *l, const char *digest);

#endif

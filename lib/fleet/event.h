/*
 * event.h: what is written to the streams of Redis, and read from them. The
 * one description of it in C; docs/live.md is the other.
 *
 *	event_put_status(&j, &status);
 *	event_add(&batch, EVENT_STATUS, &j);
 */
#ifndef LIB_FLEET_EVENT_H
#define LIB_FLEET_EVENT_H

#include "lib/fleet/alert.h"
#include "lib/fleet/row.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/ledger/ledger.h"
#include "lib/redis/cache.h"
#include "lib/trading/status.h"

enum event_type {
	EVENT_ACCOUNT,
	EVENT_STATUS,
	EVENT_PHASE,
	EVENT_ALERT,
	EVENT_RESET,
	EVENT_TYPES
};

/* "account", "status", …; false: none of them. */
bool event_type_from(const char *word, enum event_type *out);

/* An account's row changed. */
struct event_account {
	const char *server;
	int64_t login;
	const char *node;
	enum status status;
	int64_t since_utc_ms, at_utc_ms;
	const char *row; /* {"account","terminal",…}, JSON */
};
void event_put_account(struct json *j, const struct event_account *e);

/* The status changed of an account or, server NULL, of a node without one. */
struct event_status {
	const char *server;
	int64_t login;
	const char *node;
	enum status status;
	int64_t since_utc_ms;
	const char *error; /* NULL: none */
};
void event_put_status(struct json *j, const struct event_status *e);

/* Its phase was changed by who. */
void event_put_phase(
    struct json *j, const struct ledger_account *a, const char *who);

struct event_alert {
	const char *key, *server, *login, *text; /* server, login: or NULL */
	enum alert_level level;
	int64_t at_utc_ms; /* 0: that of the entry's id */
};
void event_put_alert(struct json *j, const struct event_alert *e);

/* What the pages have may be wrong: fetch it all. */
void event_put_reset(struct json *j);

/* Into a batch's open transaction; j is empty again. false: too long. */
bool event_add(struct cache_batch *b, enum event_type type, struct json *j);
/* The same of a text that event_put_* made and somebody kept. */
void event_add_text(
    struct cache_batch *b, enum event_type type, const char *text, size_t len);

/* One that was read; texts are borrowed from doc. */
struct event_entry {
	cJSON *doc;
	enum event_type type;       /* EVENT_TYPES: none that we know */
	const char *server, *login; /* whom it concerns; NULL: everyone */
};

/* false: no JSON object. event_done in both cases. */
bool event_read(struct event_entry *e, const char *text, size_t len);
void event_done(struct event_entry *e);

/* Of an EVENT_ACCOUNT; not all of it there: known is false. */
void event_read_money(const struct event_entry *e, struct row_money *out);

/* false: it is none, or not whole. */
bool event_read_alert(const struct event_entry *e, struct event_alert *out);

#endif

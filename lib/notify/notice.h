/* notice.h: one thing that a target is told: an alert that began or ended, a
 * test. */
#ifndef LIB_NOTIFY_NOTICE_H
#define LIB_NOTIFY_NOTICE_H

#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/notify/target.h"

/* The numbers are stored. */
enum notice_what {
	NOTICE_BEGAN = 1,
	NOTICE_ENDED,
	NOTICE_GOES_ON,
	NOTICE_ESCALATED, /* nobody acknowledged it where it was told first */
	NOTICE_TEST,
	NOTICE_REPORT /* how the fleet is, in many lines */
};

/* Texts are borrowed. */
struct notice {
	enum notice_what what;
	const char *key;
	const char *server, *login, *node; /* NULL: of none */
	const char *firm, *holder;         /* NULL: not known */
	const char *text;
	enum alert_level level; /* of what ended: as it was told */
	enum alert_level was;   /* told before; ALERT_INFO: not */
	int64_t since_utc_ms;
	const char *from; /* escalated: the target that was told first */
	int minutes;      /* and how long ago */
};

const char *notice_word(enum notice_what what); /* "began" */

/* An object, whose scope is open, and back; o stays while n is used. */
void notice_put(struct json *j, const struct notice *n);
bool notice_read(struct notice *n, const cJSON *o);

/* The node of "status/<server>/<login>/<node>" and "node/<node>"; NULL. */
const char *notice_node_of(const char *key);

/* What an account is filtered by; texts may be NULL. */
struct notice_subject {
	const char *firm, *holder;
	const char *tags; /* JSON array */
};
bool target_wants(const struct target *t, const struct notice *n,
    const struct notice_subject *s);

/* The same of the account alone: neither level nor kind. */
bool target_wants_account(const struct target *t, const struct notice *n,
    const struct notice_subject *s);

/*
 * Are these the target's quiet hours for something of that level? Then
 * *until_utc_ms is their end.
 */
bool target_is_quiet(const struct target *t, enum alert_level level,
    int64_t now_utc_ms, int64_t *until_utc_ms);

#endif

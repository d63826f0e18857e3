/*
 * target.h: whom alerts are sent to, from alerts.json (docs/alerts.md).
 *
 * ALERT_URL with ALERT_FORMAT is one more target, "default". Every mistake in
 * the file is one line, `file: place: expected what, not "the text"`; what may
 * be a secret is not quoted.
 */
#ifndef LIB_NOTIFY_TARGET_H
#define LIB_NOTIFY_TARGET_H

#include "lib/base/buf.h"
#include "lib/base/config.h"
#include "lib/fleet/alert.h"

enum target_type {
	TARGET_WEBHOOK,
	TARGET_TELEGRAM,
	TARGET_DISCORD,
	TARGET_SLACK,
	TARGET_NTFY,
	TARGET_GOTIFY,
	TARGET_PUSHOVER,
	TARGET_PAGERDUTY,
	TARGET_ALERTMANAGER,
	TARGET_EMAIL,
	TARGET_APPRISE,
	TARGET_TYPES
};

enum target_language { TARGET_ENGLISH, TARGET_SPANISH, TARGET_LANGUAGES };

/* What a web hook is sent besides, or in place of, alerts (docs/webhooks.md).
 */
enum target_event {
	TARGET_ALERTS,
	TARGET_ACCOUNT,
	TARGET_STATUS,
	TARGET_PHASE,
	TARGET_VERDICT,
	TARGET_PAYOUT,
	TARGET_EDIT,
	TARGET_EVENTS
};

struct target_words {
	char **list;
	size_t len; /* 0: all */
};

struct target_filter {
	enum alert_level level; /* and what is worse */
	bool some_kinds, kinds[ALERT_KINDS];
	struct target_words firms, tags, holders, nodes, accounts;
};

struct target_quiet {
	bool set;
	int from_min, to_min; /* of the target's zone; to may be the next day */
	bool days[7];         /* on which it begins; Sunday first */
	bool drop;            /* else it is held until its end */
	enum alert_level up_to; /* what is worse is sent at once */
};

struct target {
	char *name;
	enum target_type type;
	enum target_language language;
	bool disabled;   /* switched off, or with mistakes in the file */
	bool is_setting; /* ALERT_URL's */
	bool
	    only_escalated; /* told of what nobody acknowledged, nothing else */
	char *zone;         /* IANA */
	/* NULL: not given; which of them a type takes is in target.c */
	char *url, *token, *user, *password, *secret, *chat_id, *from, *ca;
	char *proxy, *tag;
	struct target_words to;
	bool plain;      /* mail without TLS */
	int emergency_s; /* Pushover: repeated by its app each so many s; 0 */
	struct target_filter filter;
	struct target_quiet quiet;
	bool events[TARGET_EVENTS];
	int group_s;    /* what comes within is one message */
	int repeat_min; /* critical ones, until acknowledged; 0: never */
	int report_min; /* time of day of the daily report; -1: none */
	char *escalate_to;
	int escalate_min;
	enum alert_level escalate_level; /* and what is worse */
};

struct targets {
	struct target *list;
	size_t len;
	char *error; /* all mistakes, one a line; NULL where there is none */
};

/* ALERTS_FILE, where there is one, and ALERT_URL. 0, or -1 with error set: then
 * those with a mistake are disabled, and the others as they should be.
 * targets_done in both cases. */
int targets_load(struct targets *t, const struct config *c);
/* What stands in that text; name is for messages. */
int targets_parse(struct targets *t, const char *name, const char *text,
    size_t len, const struct config *c);
void targets_done(struct targets *t);
/* NULL: there is none of that name. */
const struct target *targets_find(const struct targets *t, const char *name);

const char *target_type_word(enum target_type type);
const char *target_event_word(enum target_event event);

/* Is it sent anything but alerts? */
bool target_is_hook(const struct target *t);

/* "https://hooks.example.org/…": nothing of its URL that may be a secret. */
char *target_shown(const struct target *t);

/* text without any of its secrets, and on one line; cut to max bytes. The
 * caller's. */
char *target_masked(const struct target *t, const char *text, size_t max);

#endif

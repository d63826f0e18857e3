/*
 * list.h: which alerts there are, and what is still to be told of them.
 *
 * Collect says an alert once when it begins, once where it gets worse, and
 * once, with level info, when it ended (it waits 30 s before it believes it).
 * What phases says (ALERT_RULES) has no end: each is news of its own, the 85 %
 * behind the 70 %, the next day's behind today's, the second breach behind the
 * first. Here it is decided what of that a person is called for. Pure: moments
 * come from the caller.
 */
#ifndef ALERTS_LIST_H
#define ALERTS_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fleet/event.h"

#define ALERT_COOLDOWN_MS (15 * 60 * 1000) /* of one key, between calls */
#define ALERT_REPEAT_MS (60 * 60 * 1000)   /* critical, not acknowledged */
#define ALERT_NO_REPEAT INT64_MAX
#define ALERT_LIST_MAX 10000

enum alert_due { ALERT_NOTHING, ALERT_BEGAN, ALERT_ENDED, ALERT_GOES_ON };

struct alert {
	char *key, *server, *login, *text; /* server, login: or NULL */
	enum alert_level level;
	bool open;
	int64_t since_utc_ms;
	int64_t told_utc_ms; /* 0: nobody was called yet */
	enum alert_due due;  /* to be told */
};

struct alert_list {
	struct alert *list;
	size_t len, size;
};

void alert_list_done(struct alert_list *l);

/* False where there is no room for one more. */
bool alert_list_put(struct alert_list *l, const struct event_alert *e);

/* NULL: no such key. */
struct alert *alert_list_find(const struct alert_list *l, const char *key);

/* What is to be told of it now; repeat_ms: of a critical one that nobody
 * acknowledged. */
enum alert_due alert_due_now(const struct alert *a, int64_t now_utc_ms,
    bool muted, bool acknowledged, int64_t repeat_ms);

void alert_told(struct alert *a, int64_t now_utc_ms);

/* Forgets what ended and has nothing left to tell. True: some were. */
bool alert_list_sweep(struct alert_list *l, int64_t now_utc_ms);

#endif

/*
 * alert.h: the kinds of alerts there are, in one table: what each is called,
 * whom it concerns, how bad it is after how long, and what ends it.
 *
 * A new kind is an enum below, a row in alert.c, a row in docs/alerts.md and
 * a test. One that follows from an account's status needs no more: collect
 * raises, repeats and ends it by its row.
 */
#ifndef LIB_FLEET_ALERT_H
#define LIB_FLEET_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/config.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/trading/status.h"

enum alert_level { ALERT_INFO, ALERT_WARN, ALERT_CRITICAL };

enum alert_kind {
	ALERT_NODE,       /* its agent does not answer */
	ALERT_CLOCK,      /* the clock of its machine is off */
	ALERT_STATUS,     /* an account has a bad status */
	ALERT_TRADING,    /* AutoTrading is off */
	ALERT_RULES,      /* a limit is near or broken, a target reached */
	ALERT_COLLECTOR,  /* none runs */
	ALERT_NOT_POLLED, /* one runs, but none polls that node */
	ALERT_REDIS,      /* it does not answer */
	ALERT_KINDS
};

enum alert_subject { ALERT_OF_FLEET, ALERT_OF_NODE, ALERT_OF_ACCOUNT };

/* What a fact means for an alert. */
enum alert_fact {
	ALERT_ENDS,  /* what was bad is over */
	ALERT_HOLDS, /* says nothing about it: it stays as it is */
	ALERT_IS_WARN,
	ALERT_IS_CRITICAL
};

struct alert_kind_info {
	const char *word; /* its keys begin with */
	enum alert_subject subject;
	bool lasts;              /* it must have lasted for ALERT_AFTER, */
	int after_ms;            /* or else that long */
	bool no_end;             /* each is news of its own */
	bool is_option;          /* only where ALERT_ALSO names it */
	const char *text, *over; /* NULL: written where it is found */
	const enum alert_fact *by_status; /* STATUS_COUNT; NULL: not by it */
};

const struct alert_kind_info *alert_kind_info(enum alert_kind kind);
int alert_after_ms(enum alert_kind kind, const struct config *c);

/* "status/Demo-Server/52001001/vps01", "node/vps01", "collector": the caller's.
 * subject NULL: of the whole fleet. */
char *alert_key(enum alert_kind kind, const char *subject);
/* Of which kind a key is; false: none that we know. */
bool alert_kind_of(const char *key, enum alert_kind *kind);

const char *alert_level_word(enum alert_level level);
bool alert_level_from(const char *word, enum alert_level *level);

/*
 * ALERT_ALSO, "word,word": which kinds are wanted. false: *bad is a word in it
 * that is no option, *len its length.
 */
bool alert_wanted(
    const char *also, bool wanted[ALERT_KINDS], const char **bad, int *len);

/* How one alert stands; kept in Redis with its node, so that the next run of
 * collect does not send it again. */
struct alert_state {
	int64_t warn_utc_ms;     /* bad since; 0: it is not */
	int64_t critical_utc_ms; /* so bad that it is critical since */
	enum alert_level sent;   /* ALERT_INFO: none is out */
};

/*
 * What is so now, and since when. true: it is to be sent, with the level that
 * is now in `sent`; ALERT_INFO says that it ended.
 */
bool alert_state_step(struct alert_state *s, enum alert_fact fact,
    int64_t since_utc_ms, int64_t now_utc_ms, int after_ms);

/* "alerts":{"<word>":{"warn_msc","critical_msc","sent"}} of those that are
 * bad; no member where none is. */
void alert_states_put(
    struct json *j, const struct alert_state states[ALERT_KINDS]);
/* o: what has that member. */
void alert_states_read(struct alert_state states[ALERT_KINDS], const cJSON *o);

#endif

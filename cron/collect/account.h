/* account.h: one account on a node, as its agent last told it. */
#ifndef COLLECT_ACCOUNT_H
#define COLLECT_ACCOUNT_H

#include "lib/fleet/reported.h"
#include "lib/fleet/snapshot.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/trading/account_key.h"
#include "lib/trading/status.h"

#define TERMINAL_ID_SIZE 33
#define SESSION_SIZE 65
#define WHY_SIZE 256

/* How equity moved between two writes of the bridge; NAN: not told. */
struct equity_range {
	double low, high, day_low, day_high;
	char day[11]; /* the broker's, "2026-06-22"; "": not told */
};

/* What a sample is made of: lowest and highest equity within one minute. */
struct minute {
	int64_t utc_ms; /* its beginning; 0: nothing was seen yet */
	double low, high;
};

struct account {
	char *server;
	int64_t login;
	char terminal_id[TERMINAL_ID_SIZE];
	bool carried;  /* was on the node and is no longer: its last values */
	bool conflict; /* other nodes show it, too, and none is bound */
	char *claims;  /* which do, "a, b"; NULL */
	char *error;   /* what was told last is not believed, and why; the
			  values are those of before. NULL: all is well */
	char session[SESSION_SIZE]; /* of its bridge; "": an old one */
	int64_t seq;                /* of the bridge's last write */

	enum status said;     /* as the agent's answer has it */
	enum status status;   /* said, unless the agent does not answer */
	int64_t since_utc_ms; /* of status */
	int64_t at_utc_ms;    /* last moment its values were known to be true */

	struct reported reported;
	/* JSON as it goes to Redis and into events */
	char *row;       /* {"account","terminal","broker_offset_s",
			    "positions":n,"orders":n} */
	char *extra;     /* {"equity_range","history"} */
	char *positions; /* […] */
	char *orders;    /* […] */
	struct equity_range range, noted; /* noted: what is in minute */
	struct minute minute;
	bool fresh; /* range was not noted yet */

	struct alert_state alerts[ALERT_KINDS];
	bool seen;          /* in the answer that is being taken */
	bool content_moved; /* since it was last published */
	bool status_moved;  /* since it was last published */
};

/*
 * From a bridge's document (docs/mailbox.md) whose "account" is an object. One
 * that has a value that cannot be has no values, and its error. NULL: not even
 * that can be told, *why says what is wrong.
 */
struct account *account_from_bridge(const cJSON *doc, char why[WHY_SIZE]);

/* One that is not believed: error says why. */
struct account *account_refused(
    const char *server, int64_t login, const char *error);
/* Whose document it is; false: it does not say. server is borrowed. */
bool account_identity(const cJSON *doc, const char **server, int64_t *login);

/* What is told now is refused: the values stay, with why. */
void account_refuse(struct account *a, const char *error);

/* Why it is not live, in words; NULL: its status says it all. */
const char *account_why(const struct account *a, char why[WHY_SIZE]);

/* a is an older write of the same run of the bridge than b. */
bool account_is_older(const struct account *a, const struct account *b);

/* As the run before stored it. NULL: it is not whole. */
struct account *account_from_snapshot(const struct snapshot_account *stored);
void account_free(struct account *a);

void account_put_entry(const struct account *a, struct json *j);
void account_put_lines(const struct account *a, struct json *j);

bool account_is(const struct account *a, const char *server, int64_t login);

/* The same values, but for the equity range and the history? */
bool account_same_content(const struct account *a, const struct account *b);

void account_set_status(struct account *a, enum status s, int64_t now_utc_ms);

/* It is live now: its equity counts in the sample of the minute. */
void account_note_equity(struct account *a, int64_t now_utc_ms);

#endif

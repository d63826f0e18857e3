/* account.h: one account on a node, as its agent last told it. */
#ifndef COLLECT_ACCOUNT_H
#define COLLECT_ACCOUNT_H

#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/trading/status.h"

#define TERMINAL_ID_SIZE 33
#define WHY_SIZE 256

/* What a sample of the minute is made of; a number not told is NAN. */
struct equity {
	double balance, credit, equity, low, high, day_low, day_high;
	char day[11]; /* the broker's, "2026-06-22"; "": not told */
};

/* What a sample is made of: lowest and highest equity within one minute. */
struct minute {
	int64_t utc_msc; /* its beginning; 0: nothing was seen yet */
	double low, high;
};

/* How bad its status is, for alert.c; it outlives a run. */
enum alarm { ALARM_NONE, ALARM_WARN, ALARM_CRITICAL };

struct worry {
	int64_t warn_msc;     /* bad since; 0: it is not */
	int64_t critical_msc; /* so bad that it is critical since */
	enum alarm said;      /* of the alert that is out */
};

struct account {
	char *server;
	int64_t login;
	char terminal_id[TERMINAL_ID_SIZE];
	bool carried; /* was on the node and is no longer: its last values */

	enum status said;   /* as the agent's answer has it */
	enum status status; /* said, unless the agent does not answer */
	int64_t since_msc;  /* of status */
	int64_t at_msc;     /* last moment its values were known to be true */

	/* JSON as it goes to Redis and into events */
	char *summary;   /* {"currency",…}: for the head */
	char *row;       /* {"account","terminal","broker_offset_s",
			    "positions":n,"orders":n} */
	char *extra;     /* {"equity_range","history"} */
	char *positions; /* […] */
	char *orders;    /* […] */
	struct equity equity, before; /* before: when it was last noted */
	struct minute minute;
	bool fresh; /* equity was not noted yet */

	struct worry worry;
	bool seen;          /* in the answer that is being taken */
	bool content_moved; /* since it was last published */
	bool status_moved;  /* since it was last published */
};

/*
 * From a bridge's document (docs/mailbox.md) whose "account" is an object.
 * NULL: it cannot be trusted, *why says what is wrong.
 */
struct account *account_from_snapshot(const cJSON *doc, char why[WHY_SIZE]);

/*
 * From what account_put_* wrote: its entry in the head, and its three lines.
 * NULL where they are not that.
 */
struct account *account_from_lines(
    const cJSON *entry, const char *const lines[3], const size_t lens[3]);
void account_free(struct account *a);

void account_put_entry(const struct account *a, struct json *j);
void account_put_lines(const struct account *a, struct json *j);

/* The same values, but for the equity range and the history? */
bool account_same_content(const struct account *a, const struct account *b);

void account_set_status(struct account *a, enum status s, int64_t now_msc);

/* It is live now: its equity counts in the sample of the minute. */
void account_note_equity(struct account *a, int64_t now_msc);

#endif

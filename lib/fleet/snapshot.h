/*
 * snapshot.h: what Redis holds of a node, written and read here alone
 * (docs/redis.md): snapshot:<node> and last:<node>, node:<node>, collector.
 */
#ifndef LIB_FLEET_SNAPSHOT_H
#define LIB_FLEET_SNAPSHOT_H

#include "lib/fleet/alert.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/redis/cache.h"
#include "lib/trading/money.h"
#include "lib/trading/status.h"

/* ---- snapshot:<node>, last:<node>: a head, three lines an account ---- */

struct snapshot_head {
	const char *node, *rev, *agent; /* agent: JSON, only written */
	int64_t at_utc_ms;
	enum status status; /* of the node where no account says more */
};

/* What the head says of an account; texts are borrowed. */
struct snapshot_entry {
	const char *server; /* NULL: not told, as login */
	int64_t login;
	enum status status;              /* STATUS_STALE where it is not told */
	int64_t since_utc_ms, at_utc_ms; /* 0: not told */
	const char *currency;            /* NULL: not told */
	int currency_digits, trade_mode; /* -1 */
	double balance, credit, equity, profit; /* NAN */
	int64_t non_trade_deals;                /* -1 */
	const char *terminal_id;                /* "" */
	bool carried;        /* no terminal is logged in to it now */
	const char *error;   /* why it is not believed; NULL */
	const char *session; /* of its bridge; NULL: not told */
	int64_t seq;         /* of its last write; -1 */
	struct alert_state alerts[ALERT_KINDS];
};

/* The head is begun, has an entry for each account, and is ended; then come
 * the lines of each account, in that order. */
void snapshot_put_head(struct json *j, const struct snapshot_head *h);
void snapshot_put_entry(struct json *j, const struct snapshot_entry *e);
void snapshot_end_head(struct json *j);
/* row and extra are objects that become one, the others lists: JSON. */
void snapshot_put_lines(struct json *j, const char *row, const char *extra,
    const char *positions, const char *orders);

struct snapshot_account {
	struct snapshot_entry entry;
	/* the lines as they are; data NULL: all three are missing */
	struct cache_value row, positions, orders;
	bool whole; /* the lines, and what identifies it and its status */
	/* the entry's amounts as such: all of them are told, and can be held */
	bool money_known;
	money_t balance, credit, equity, profit;
};

/* As it was read; borrows from the text, and owns the rest. */
struct snapshot {
	cJSON *doc;
	struct snapshot_head head;
	bool has_status;   /* of head; else nothing is known of it */
	bool has_accounts; /* a list of them, perhaps empty */
	struct snapshot_account *accounts;
	size_t len;
};

/* false: there is no head. snapshot_done in both cases. */
bool snapshot_read(struct snapshot *s, const struct cache_value *text);
void snapshot_done(struct snapshot *s);

/* ---- node:<node>: how its agent answers ---- */

enum link_state { LINK_UNKNOWN, LINK_OK, LINK_UNREACHABLE, LINK_UNAUTHORIZED };

const char *link_word(enum link_state link);
/* The status of all that is behind such a link, which is not LINK_OK. */
enum status link_status(enum link_state link);

struct node_record {
	cJSON *doc; /* only where it was read */
	const char *node;
	enum link_state link;                /* LINK_UNKNOWN: not told */
	int64_t since_utc_ms, polled_utc_ms; /* 0: not told */
	const char *error;                   /* NULL: none */
	int latency_ms, terminals;           /* -1: not told */
	const char *agent;                   /* JSON, only written */
	const cJSON *agent_read;             /* NULL: never heard of */
	struct alert_state alerts[ALERT_KINDS];
};

void node_record_put(struct json *j, const struct node_record *r);
/* false: nothing is there. node_record_done in both cases. */
bool node_record_read(struct node_record *r, const struct cache_value *text);
void node_record_done(struct node_record *r);

/* ---- collector: that one runs ---- */

#define HEARTBEAT_OWNER_SIZE 512
struct heartbeat {
	int64_t pid, started_utc_ms, at_utc_ms, nodes;
	char owner[HEARTBEAT_OWNER_SIZE]; /* "host:STATE_DIR"; "": not said */
};

void heartbeat_put(struct json *j, const struct heartbeat *h);
/* false: nothing is there. */
bool heartbeat_read(struct heartbeat *h, const struct cache_value *text);

#endif

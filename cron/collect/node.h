/*
 * node.h: what is known of one node: of its agent, and of the accounts there.
 *
 * Facts come in by node_take (an answer) and node_fail (none); what moved is
 * flagged for publish.c, which clears the flags.
 */
#ifndef COLLECT_NODE_H
#define COLLECT_NODE_H

#include "cron/collect/account.h"
#include "cron/collect/answer.h"
#include "lib/fleet/nodes.h"

struct app;

/* Where a node stands in its round; poll.c moves it. */
enum poll_state {
	POLL_RESTING, /* until due_mono_ms */
	POLL_ASKED,   /* its answer is awaited */
	POLL_OVER     /* --once: it had its turn */
};

struct node_state {
	struct app *app;
	char *id;
	const struct node *conf; /* in app's list */

	enum poll_state poll;
	int64_t due_mono_ms, asked_mono_ms; /* monotonic */
	int failures;                       /* in a row */
	bool may_wait; /* it answered this run: long polls now */

	enum link_state link;
	int64_t link_since_utc_ms; /* UTC, as all below */
	int64_t polled_utc_ms;
	char error[WHY_SIZE];
	int latency_ms;     /* of a poll that did not wait; -1: unknown */
	char rev[REV_SIZE]; /* "": the whole is asked for */
	char *agent;        /* JSON object; NULL: never heard */
	int terminals;
	enum status said; /* worst of its terminals */
	enum status head; /* said, unless the agent does not answer */
	int64_t head_since_utc_ms;
	bool head_moved; /* since it was last published */
	struct account **accounts;
	size_t accounts_len, accounts_size;
	int ttl_s;              /* CACHE_TTL, since the last answer */
	bool kept;              /* by the list that is being read */
	bool clock_known;       /* it was told in this run: */
	int64_t clock_ahead_ms; /* its machine's clock before ours */
	struct alert_state alerts[ALERT_KINDS]; /* of the node itself */
};

struct node_state *node_new(struct app *app, const char *id);
void node_free(struct node_state *n);

/*
 * now_utc_ms: when the answer arrived, UTC. Takes what it needs out of it.
 * -1, and nothing taken, where it does not fit what was asked.
 */
int node_take(struct node_state *n, struct answer *w, int64_t now_utc_ms,
    int ttl_s, char why[WHY_SIZE]);
void node_fail(struct node_state *n, enum link_state link, const char *error,
    int64_t now_utc_ms);

/*
 * Takes out the next account that no terminal reports any more and that is
 * retired; NULL: there is none. The caller frees it.
 */
struct account *node_take_retired(struct node_state *n);

/* What counts of it now, from what the agent said and how old that is. */
enum status node_account_status(
    const struct node_state *n, const struct account *a, int64_t now_utc_ms);

void node_add_account(struct node_state *n, struct account *a);
/* NULL: it was never there. */
struct account *node_find_account(
    const struct node_state *n, const char *server, int64_t login);
/* nodes.json pins that account to another node. */
bool node_is_foreign(const struct node_state *n, const struct account *a);

#endif

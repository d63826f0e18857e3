/*
 * collect.h: the map of collect.
 *
 *	main.c      options, resources, the loop, the end
 *	handover.c  one at a time: takes over from the run before
 *	roster.c    nodes.json -> the nodes this run polls, as it changes
 *	forget.c    what Redis holds of nodes that are polled no more
 *	restore.c   what the run before knew, from Redis
 *	poll.c      when a node is asked, what becomes of the answer
 *	answer.c    an agent's answer, checked
 *	account.c   one account of an answer
 *	node.c      one node, and what an answer changes in it
 *	claims.c    one account on two nodes: whom to believe
 *	publish.c   what moved -> Redis (docs/redis.md)
 *	alert.c     what stayed bad -> alerts
 *	events.c    events on their way to the stream
 *	heartbeat.c the key that says that a collector runs
 *	recovery.c  Redis was away or emptied: all of it again
 *	sample.c    equity -> the ledger, each minute
 */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include <signal.h>
#include <sys/stat.h>

#include "cron/collect/node.h"
#include "cron/collect/sample.h"
#include "lib/base/config.h"
#include "lib/base/lock.h"
#include "lib/fleet/event.h"
#include "lib/fleet/snapshot.h"
#include "lib/http/fetch.h"
#include "lib/program/lease.h"
#include "lib/redis/cache.h"
#include "lib/redis/keys.h"

struct options {
	bool once; /* one sweep */
	int for_s; /* how long at most */
	int shard, shards;
};

/* How polls are spread, by the size of the fleet. */
struct pace {
	int wait_s;    /* of a long poll; 0: answers come at once */
	int pause_ms;  /* from one question to the next, at least */
	int spread_ms; /* of the first questions */
};

struct tally {
	int64_t polls, failed, events, writes;
};

/* What another shard shows. */
struct remote_claim {
	char *server, *node;
	int64_t login;
};

/* Accounts that more than one node shows, or did; and those of other shards. */
struct claims {
	struct account_key *shared;
	size_t len, size;
	struct remote_claim *remote; /* by server and login */
	size_t remote_len, remote_size;
	uint64_t remote_hash; /* of what was read last */
};

struct app {
	struct options opt;
	const volatile sig_atomic_t *stop; /* a signal said so */
	struct config config;
	bool wanted[ALERT_KINDS];

	struct nodes roster; /* what nodes.json says */
	struct stat roster_stat;
	int64_t roster_mono_ms;    /* when it was last looked at */
	struct node_state **nodes; /* those we poll, by id */
	size_t nodes_len;
	struct pace pace;

	struct lock lock;
	struct program_lease lease; /* where several coordinators share it */
	bool leased;
	char fence[KEY_SIZE];
	struct cache *cache, *listener;
	struct cache_batch batch;
	struct json text; /* for one value at a time */
	int64_t changes;  /* that were written to Redis */
	bool redis_down;
	int64_t redis_mono_ms;     /* when it was last tried */
	int64_t heartbeat_mono_ms; /* when `collector` was last written */
	bool heartbeat_written;    /* by this run */
	bool rival;                /* another writer was seen, and said */
	bool refused;              /* it was here first: this run ends */
	char owner[HEARTBEAT_OWNER_SIZE]; /* whose heartbeat is ours */
	int64_t listen_mono_ms; /* when `refresh` was last looked for */
	bool restored;          /* what the run before knew was read */
	bool forget;            /* the list of nodes is new */
	int64_t due_mono_ms;    /* no node is due before */
	int64_t started_utc_ms; /* UTC */
	struct fetch *fetch;
	struct samples samples;
	struct tally tally;
	struct claims claims;
};

/* handover.c: the lock and the lease are ours, or another coordinator's as long
 * as this run lives; HANDOVER_FAILED was logged. */
enum handover { HANDOVER_OURS, HANDOVER_ELSEWHERE, HANDOVER_FAILED };
enum handover handover_take(struct app *app);

/* roster.c: -1 was logged and the nodes are as they were. */
int roster_load(struct app *app);
void roster_make_nodes(struct app *app);
bool roster_is_ours(const struct app *app, const struct node *conf);
void roster_watch(struct app *app, int64_t now);
struct node_state *roster_find(const struct app *app, const char *id);

/* restore.c */
int restore_nodes(struct app *app);
/* What Redis, which was away or emptied, knows of alerts that are out, and of
 * what we could not read at the start. */
int restore_again(struct app *app);
/* One that need not be among ours. */
int restore_node(struct app *app, struct node_state *n);

/* forget.c */
void forget_nodes(struct app *app);

/* poll.c: now is monotonic. */
struct pace poll_pace(size_t nodes, int parallel, int wait_s);
/* Somebody asked for all of it: on the channel `refresh`. */
void poll_refresh(struct app *app, int64_t now);
void poll_due(struct app *app, int64_t now);
int poll_timeout_ms(const struct app *app, int64_t now);
bool poll_is_over(const struct app *app);
int poll_backoff_ms(int failures);

/* shared.c */
/* That node shows it from now on. */
void shared_note(struct app *app, const struct node_state *n,
    const char *server, int64_t login);
void shared_add(struct claims *c, const char *server, int64_t login);
/* The first claim of another shard on that account; NULL: there is none. */
const struct remote_claim *shared_remote(
    const struct claims *c, const char *server, int64_t login);
int shared_compare(const void *a, const void *b); /* remote claims, for qsort */

/* claims.c: now is UTC. */
/* What the answer of n, or the lack of one, changes: nodes that show the same
 * account are published, too. */
void claims_judge(struct app *app, const struct node_state *n, int64_t now);
/* Each second: what the other shards show, and what we do. */
void claims_exchange(struct app *app, int64_t now);
void claims_done(struct claims *c);

/* publish.c */
void publish_node(struct app *app, struct node_state *n);
void publish_gone(struct app *app, const char *id, bool forget);
void publish_again(struct app *app, struct node_state *n);
void publish_reset(struct app *app);

/* events.c: what app->text holds, which is empty then. */
void events_add(struct app *app, enum event_type type);

/* heartbeat.c: now is monotonic. */
enum heartbeat_found { HEARTBEAT_OWN, HEARTBEAT_OTHER, HEARTBEAT_GONE };
void heartbeat_write(struct app *app); /* into the batch */
bool heartbeat_is_due(const struct app *app, int64_t now);
/* Written and sent where it is due, whatever became of the last one. */
void heartbeat_renew(struct app *app, int64_t now);
int heartbeat_look(struct app *app, enum heartbeat_found *found);
/* Sends the batch; Redis may be down then. */
void heartbeat_send(struct app *app);
void heartbeat_lost(struct app *app, int64_t now);
void heartbeat_fenced(struct app *app);

/* rival.c: another coordinator, on this Redis or state folder. */
void rival_own(struct app *app);
bool rival_found(struct app *app); /* it was said which */
void rival_mark(struct app *app);  /* into the state folder */
bool rival_is_first(const struct app *app, const struct heartbeat *h);

/* recovery.c: now is monotonic. */
void recovery_flush(struct app *app, int64_t now);
void recovery_beat(struct app *app, int64_t now);

/* alert.c */
void alert_check(struct app *app, struct node_state *n, int64_t now_utc_ms);
/* The same of one of its accounts. */
void alert_end_account(struct app *app, const struct node_state *n,
    struct account *a, const char *why);
/* Nothing is expected of it any more: what is out of it is over. */
void alert_end(struct app *app, struct node_state *n, const char *why);

#endif

/*
 * view.h: what Redis holds of the fleet at one moment, as rows: one for each
 * account, one for each node where no account can be told.
 */
#ifndef LIB_FLEET_VIEW_H
#define LIB_FLEET_VIEW_H

#include "lib/fleet/fleet.h"
#include "lib/fleet/replica.h"
#include "lib/fleet/snapshot.h"
#include "lib/redis/cache.h"
#include "lib/trading/money.h"
#include "lib/trading/status.h"

/* One node. text is of snapshot:<id> where there is one, else of last:<id>.
 * *_msc is UTC. */
struct node_view {
	const struct node *node;
	bool live; /* the key is there, and its text is fresh (fresh.h) */
	struct cache_value text;
	struct cache_value state;        /* node:<id> */
	const struct snapshot *snapshot; /* of text */
	void **made;                     /* of its accounts (replica.h) */
	enum status status;   /* of the node where no account says more */
	char *error;          /* why its agent gives no answer; NULL */
	int64_t since_utc_ms; /* 0: unknown */
	int64_t at_utc_ms;    /* of the text; 0: there is none */
};

struct view_row {
	const struct node *node;
	const char *server; /* NULL: no account can be told */
	int64_t login;
	enum status status;
	bool pinned; /* nodes.json binds it to that node */
	/* where it is a conflict: the nodes that show it live, by id */
	const struct node *const *claims;
	size_t claims_len;
	const char *error; /* why it is not live, where there is more to say
			      than its status; NULL */
	int64_t since_utc_ms;
	int64_t at_utc_ms;    /* last known true; 0: never */
	const char *currency; /* NULL: unknown */
	int trade_mode;
	bool money_known;                        /* the next five are told */
	money_t balance, credit, equity, profit; /* money.h */
	int64_t cash; /* deals that are no trade; -1: not even then */
	/* lines of the snapshot as they are; data NULL: unknown */
	struct cache_value fragment, positions, orders;
	void **made; /* what a reader keeps of it (replica.h); NULL: nothing */
	size_t number; /* among them before they were sorted */
};

struct view {
	char live_id[CACHE_ID_SIZE];
	int64_t now_utc_ms;
	int ttl_s;
	struct cache_value collector;
	struct node_view *nodes;
	size_t nodes_len;
	struct view_row *rows;
	size_t rows_len;
	const struct node **claims; /* of all rows */
	size_t claims_len;
	struct replica *replica; /* that owns the texts */
	struct replica own;      /* where it is nobody else's */
};

/*
 * 0, or -1 when Redis cannot say (cache_error). Borrows from the fleet.
 * ttl_s: CACHE_TTL, after which a node that is not heard of is stale.
 * view_done in both cases.
 */
int view_read(
    struct view *v, const struct fleet *f, struct cache *cache, int ttl_s);
/* The same, with a replica that the caller keeps from one to the next: what did
 * not change is neither read nor parsed. */
int view_renew(struct view *v, const struct fleet *f, struct cache *cache,
    int ttl_s, struct replica *replica);
void view_done(struct view *v);

/* Sorts rows by floating P/L (profit), best first, the unknown last. */
void view_sort(struct view *v);

/* What to say of a row that is not live; NULL: its status says it all. */
#define VIEW_WHY_SIZE 256
const char *view_row_why(const struct view_row *row, char why[VIEW_WHY_SIZE]);

/* view_rows.c: the rows of what was read, each account once. */
void rows_make(struct view *v);

#endif

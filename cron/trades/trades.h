/*
 * trades.h: the map of the trades job.
 *
 *	main.c      options, lock, the loop, the summary
 *	accounts.c  which accounts there are: from Redis, else from the agents
 *	claims.c    which node's word is taken, where several show an account
 *	reading.c   one account: what is to be read, page by page, to its end
 *	page.c      an agent's answer -> deals in the ledger
 *	check.c     does the balance agree with the deals? why may it not?
 */
#ifndef TRADES_TRADES_H
#define TRADES_TRADES_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/config.h"
#include "lib/fleet/nodes.h"
#include "lib/fleet/reported.h"
#include "lib/http/fetch.h"
#include "lib/json/jsonin.h"
#include "lib/ledger/history.h"
#include "lib/redis/cache.h"

#define TRADES_PAGE 1000
#define TRADES_WHY_SIZE 256
#define TRADES_ORPHANS_MAX 50

struct options {
	bool full;  /* read everything from the beginning */
	bool moved; /* read only accounts with another balance or credit */
	int for_s;  /* how long at most */
};

struct tally {
	int accounts, ok, unmoved, syncing, failed, nodes_failing;
	int differences, orphans;
	int64_t pages, added, changed, missing;
};

/* Who says of an account that its history can be asked for. */
struct candidate {
	const struct node *node;
	char *server;
	int64_t login;
	int64_t since_utc_ms;
	struct reported reported;
};

struct candidates {
	struct candidate *list;
	size_t len, size;
};

/* A node that is asked which accounts it has. */
struct asking {
	struct app *app;
	const struct node *node;
};

struct app {
	struct options opt;
	const volatile sig_atomic_t *stop;
	struct config config;
	struct nodes nodes;
	struct cache *cache;
	struct ledger *ledger;
	struct fetch *fetch;
	enum ledger_result ledger_down; /* it cannot be written: give up */
	struct asking *askings;         /* one a node */
	int askings_open;               /* answers that are waited for */
	struct candidates told;         /* by agents; nothing is read yet */
	struct reading **readings;
	int readings_len;
	size_t readings_size;
	int64_t started_utc_ms;
	struct tally tally;
};

enum reading_state {
	READING_BEGIN,
	READING_ASK_RANGE,  /* the next page of the range is to be asked for */
	READING_RANGE,      /* its answer is waited for */
	READING_ASK_ORPHAN, /* a position without a beginning, where there is
			       one */
	READING_ORPHAN,     /* its answer is waited for */
	READING_CHECK,      /* all is stored: balance against deals */
	/* and its ends */
	READING_OK,
	READING_UNMOVED, /* --moved, and its balance is the one known */
	READING_SYNCING, /* the terminal still loads its history */
	READING_FAILED,
};

/* One account on its way through a sync. */
struct reading {
	struct app *app;
	enum reading_state state;
	const struct node *node;
	char *server;
	int64_t login, account;
	int64_t origin; /* it is shown under the name of an account that was
			   joined into this one; 0: under its own */
	int64_t since_utc_ms; /* since when its status is what it is; 0 */
	bool offset_known;
	int offset_s;
	int digits;                            /* currency_digits; -1 */
	struct amount now_balance, now_credit; /* as collect saw them last */

	struct ledger_sync sync;     /* as it was; texts not */
	struct ledger_cursor cursor; /* where this read stands */
	int64_t from_broker_ms;      /* where it began */
	int64_t to_broker_ms;
	int64_t asked_utc_ms; /* when the request under way left, UTC */
	struct amount balance, credit; /* of the last page */
	int again;                     /* asked again for want of a balance */

	int64_t orphans[TRADES_ORPHANS_MAX];
	int orphans_len;
};

/* ---- accounts.c ---- */

/* Finds the accounts and starts reading each. */
void accounts_start(struct app *app);

/* ---- claims.c ---- */

/* Takes note of a node that shows it live; row: JSON. */
void candidates_add(struct candidates *all, const struct node *node,
    const char *server, int64_t login, int64_t since_utc_ms, const cJSON *row);
/* read starts reading each account of those from the node that it is bound to;
 * then they are forgotten. */
typedef void candidate_read_fn(struct app *app, const struct candidate *c);
void candidates_start(
    struct app *app, struct candidates *all, candidate_read_fn *read);
void candidates_done(struct candidates *all);

/* ---- reading.c ---- */

/* Takes over the fields that tell the account. */
void reading_start(struct app *app, const struct reading *told);
void reading_free(struct reading *r);
/* For ledger_sync_get: a copy without its texts. */
int reading_keep_sync(const struct ledger_sync *s, void *sync);

/* ---- page.c ---- */

struct page {
	bool complete, more;
	struct amount balance, credit;
	struct deal *deals;
	int len;
	cJSON *doc; /* owns the texts */
};

/* page_done in both cases. */
int page_parse(struct page *p, const struct reading *r, const char *text,
    size_t len, char why[TRADES_WHY_SIZE]);
void page_done(struct page *p);

/*
 * Stores a page of the range read: deals, those missing between, and the
 * cursor, in one transaction.
 */
enum ledger_result page_store(struct reading *r, const struct page *p);

/* Deals that come from elsewhere: one position, or an incomplete history. */
enum ledger_result page_store_only(struct reading *r, const struct page *p);

/* ---- check.c ---- */

/* balance and credit against the deals, into s. */
enum ledger_result check_balance(struct reading *r, struct ledger_sync *s);

/* An amount that is there by the digits the account shows. */
bool check_differs(money_t difference, money_t balance, int digits);

/* Why a difference may be; for the caller to free. */
char *check_note(struct reading *r, const struct ledger_sync *s);

#endif

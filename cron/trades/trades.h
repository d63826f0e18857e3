/*
 * trades.h: the map of the trades job.
 *
 *	main.c    options, lock, the loop, the summary
 *	roster.c  which accounts there are: from Redis, else from the agents
 *	read.c    one account: what is to be read, and what its books say then
 *	ask.c     its agent is asked: the deals page by page, then orphans
 *	page.c    an agent's answer -> deals in the ledger
 *	check.c   do the books agree with the balance? why may they not?
 */
#ifndef TRADES_TRADES_H
#define TRADES_TRADES_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/config.h"
#include "lib/fleet/nodes.h"
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
	int residues, orphans;
	int64_t pages, added, changed, missing;
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
	struct reading **readings;
	int readings_len, readings_size;
	int64_t started_msc;
	struct tally tally;
};

/* One account on its way through a sync. */
struct reading {
	struct app *app;
	const struct node *node;
	char *server;
	int64_t login, account;
	int64_t since_msc; /* since when its status is what it is; 0 */
	bool offset_known;
	int offset_s;
	int digits;                            /* currency_digits; -1 */
	struct amount now_balance, now_credit; /* as collect saw them last */

	struct ledger_sync sync;     /* as it was; texts not */
	struct ledger_cursor cursor; /* where this read stands */
	int64_t from_msc;            /* where it began */
	int64_t to_msc;
	int64_t asked_msc; /* when the request under way left, UTC */
	struct amount balance, credit; /* of the last page */
	int again;                     /* asked again for want of a balance */
	bool read_full; /* a read from the beginning is behind us */

	int64_t orphans[TRADES_ORPHANS_MAX];
	int orphans_len;
};

/* ---- roster.c ---- */

/* Finds the accounts and starts reading each. */
void roster_start(struct app *app);

/* ---- read.c ---- */

/* Takes over the fields that tell the account. */
void reading_start(struct app *app, const struct reading *told);
void reading_free(struct reading *r);

/* All that was asked for is stored: do the books agree now? */
void reading_finish(struct reading *r);

/* The terminal still loads its history: what it gave so far is stored. */
struct page;
void reading_syncing(struct reading *r, const struct page *p);

void reading_failed(struct reading *r, const char *why);
void reading_ledger_failed(struct reading *r, enum ledger_result result);

/* ---- ask.c ---- */

/*
 * From the cursor on to the end of the range, then the orphans' positions;
 * ends in one of the four above.
 */
void ask_range(struct reading *r);

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
enum ledger_result check_books(struct reading *r, struct ledger_sync *s);

/* An amount that is there by the digits the account shows. */
bool check_is_residue(int64_t residue, int64_t balance, int digits);

/* Why a residue may be; for the caller to free. */
char *check_note(struct reading *r, const struct ledger_sync *s);

#endif

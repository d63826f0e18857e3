/*
 * merge.h: an account keeps its life when its server is renamed, its login
 * migrated, or its terminal moved: two accounts become one, or one gets another
 * name. Both are in the audit, and ledger_undo takes them back.
 */
#ifndef LIB_LEDGER_MERGE_H
#define LIB_LEDGER_MERGE_H

#include "lib/ledger/people.h"

/*
 * All that is stored of `from` becomes `into`'s: deals, trades, samples, days,
 * periods, verdicts, the audit, rows of the sheet; texts that `into` does not
 * have. Deals that both have count once. The name of `from` finds `into` from
 * then on. REJECTED, and ledger_error says why: a deal of one ticket differs
 * between them, or one of them was joined already. One transaction.
 */
enum ledger_result ledger_merge(struct ledger *l, int64_t from, int64_t into,
    const struct ledger_actor *actor);

/* What that would do. */
struct ledger_merge_preview {
	int64_t deals, same; /* that would come over; that both have */
	int64_t differing;   /* with other content: it would be refused */
	char differ[200];    /* their tickets */
	int64_t trades, samples, periods, verdicts;
	int64_t first_broker_ms, last_broker_ms; /* of its deals; 0 */
};
enum ledger_result ledger_merge_preview(struct ledger *l, int64_t from,
    int64_t into, struct ledger_merge_preview *p);

/* Another server or login; the old ones still find it. REJECTED where there is
 * an account of that name. */
enum ledger_result ledger_rename(struct ledger *l, int64_t account,
    const char *server, int64_t login, const struct ledger_actor *actor);

/* Names that find an account besides its own. */
typedef int (*ledger_alias_fn)(
    const char *server, int64_t login, int64_t account, void *arg);
enum ledger_result ledger_aliases(
    struct ledger *l, ledger_alias_fn fn, void *arg);

/* ---- deals that an admin voids ---- */

/*
 * They stay, marked, and stand in no sum, trade, day or statistic. All of them
 * or none: REJECTED, and ledger_error names the ticket, where one is not there
 * or is voided already. An audit row each, which ledger_undo takes back.
 */
enum ledger_result ledger_deals_void(struct ledger *l, int64_t account,
    const int64_t *tickets, size_t n, const char *reason,
    const struct ledger_actor *actor);
/* They count again. */
enum ledger_result ledger_deals_unvoid(struct ledger *l, int64_t account,
    const int64_t *tickets, size_t n, const struct ledger_actor *actor);

/* For undo.c: the audit row's texts. */
struct edit;
enum ledger_result ledger_merge_undo(const struct edit *e, const char *number);
enum ledger_result ledger_rename_undo(
    const struct edit *e, const char *from, const char *to);
enum ledger_result ledger_void_undo(const struct edit *e, const char *to);

#endif

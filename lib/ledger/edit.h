/* edit.h: between the ledger's own files: one edit and its parts. */
#ifndef LIB_LEDGER_EDIT_H
#define LIB_LEDGER_EDIT_H

#include "lib/ledger/audit.h"
#include "lib/trading/money.h"

struct edit {
	struct ledger *l;
	int64_t account;
	const struct ledger_actor *actor;
	const char *action;
};

/* The current period, its texts copied. */
struct current {
	bool found;
	struct ledger_period p;
	char *phase, *status, *note;
};

#define EDIT_META_TEXTS 5
#define META_TAGS 4
/* The texts of account's own columns, copied; rule_set as a number. */
struct meta {
	char *text[EDIT_META_TEXTS]; /* as edit_meta_fields */
	int64_t rule_set;
};
extern const char *const edit_meta_fields[];

char *edit_copy(const char *s); /* NULL for NULL */
bool edit_differs(const char *a, const char *b);
const char *edit_amount(const struct amount *a, char text[MONEY_SIZE]);

enum ledger_result edit_current(
    struct ledger *l, int64_t account, struct current *c);
void edit_current_done(struct current *c);

enum ledger_result edit_meta_get(
    struct ledger *l, int64_t account, struct meta *m);
void edit_meta_done(struct meta *m);

/* The version moves on. NOT_FOUND without the account, CONFLICT where it is
 * not the one that was looked at. */
enum ledger_result edit_version(
    struct ledger *l, int64_t account, int64_t version);

/* The limits are unknown until the phases job has judged again. */
enum ledger_result edit_rules_moved(const struct edit *e);

/* An audit row where something differs. */
enum ledger_result edit_note(const struct edit *e, const char *field,
    const char *from, const char *to, int64_t period);

/* Another status, initial balance or note within the same period. */
enum ledger_result edit_period(const struct edit *e,
    const struct ledger_phase_edit *edit, const struct current *now);
enum ledger_result edit_meta(
    const struct edit *e, const struct ledger_meta_edit *edit);

#endif

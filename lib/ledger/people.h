/*
 * people.h: what people say of accounts, who said it, and who may.
 *
 * Amounts are money.h's, *_msc is UTC. An account is its id in the ledger.
 */
#ifndef LIB_LEDGER_PEOPLE_H
#define LIB_LEDGER_PEOPLE_H

#include "lib/ledger/file.h"
#include "lib/ledger/history.h"
#include "lib/ledger/samples.h"

/* An account's time in one phase. */
struct ledger_period {
	int64_t id;         /* 0: no phase was ever set */
	const char *phase;  /* F1 F2 F3 R Q or a word of the user's */
	const char *status; /* active target_reached passed breached paused
			       archived */
	int64_t started_utc_ms;
	int64_t ended_utc_ms; /* 0: it is the current one */
	struct amount initial_balance;
	struct amount start_balance, start_equity; /* as they were then */
	int64_t paused_until_utc_ms;               /* 0 */
	const char *who;
	const char *note;
	/* of one that began in the past: the high so far, when it was entered;
	 * 0: at its beginning */
	struct amount high;
	int64_t entered_utc_ms;
};

/* One account, whole: one prepared query for all of them. */
struct ledger_account {
	int64_t id;
	int64_t version; /* for optimistic locking; moves with each edit */
	const char *server;
	int64_t login;
	const char *node; /* where it was seen last */
	/* NULL, -1: never told */
	const char *currency, *company, *name;
	int currency_digits, trade_mode, margin_mode, leverage;
	bool offset_known;
	int offset_s;
	const char *broker_zone; /* its deals' UTC are by it; NULL: by offset */
	int64_t first_seen_utc_ms;

	const char *holder, *prop_firm, *vs_group, *note; /* NULL: not set */
	const char *tags; /* JSON array of strings; never NULL */
	int64_t rule_set; /* 0: none */
	const char *rule_set_name;

	struct ledger_period period;
	struct ledger_sync sync;
	bool has_day;
	struct ledger_day day; /* the newest; has it ended? see next_utc_ms */
	/* as of the last sync; unknown where the UTC of one is */
	struct amount flows_today;  /* since day.day_utc_ms */
	struct amount flows_period; /* since period.started_utc_ms, or the
				       firm's last reset of the account */
	money_t capital; /* of the credit, what is the account's own */
	money_t trades_net, costs, flows; /* of all stored deals */
	/* of them what came with accounts that were joined into this one, and
	 * is not in its balance by itself */
	money_t carried;
	int64_t
	    last_non_trade_utc_ms; /* UTC of the newest that is no trade; 0 */
	int64_t non_trade_deals; /* deals that are no trade and that the broker
				    gives */
	bool has_limits;
	struct rule_limits limits;
};

typedef int (*ledger_account_fn)(const struct ledger_account *a, void *arg);

/* All, in the order (server, login). */
enum ledger_result ledger_accounts(
    struct ledger *l, ledger_account_fn fn, void *arg);
/* One; NOT_FOUND, fn not called. */
enum ledger_result ledger_account_get(
    struct ledger *l, int64_t id, ledger_account_fn fn, void *arg);
/* Those with that login, whatever the server (for old clients). */
enum ledger_result ledger_accounts_by_login(
    struct ledger *l, int64_t login, ledger_account_fn fn, void *arg);

/* ---- editing ---- */

/* Who does it, and what the account looked like then (for the audit). */
struct ledger_actor {
	const char *who; /* a user's name, or the job's */
	int64_t at_utc_ms;
	struct amount balance, equity;
};

/*
 * Any version will do (jobs); people give the one they saw. An edit answers
 * CONFLICT where somebody else edited the account since, NOT_FOUND where there
 * is no such account, and is in the audit, a row for each field it changed.
 */
#define LEDGER_ANY_VERSION (-1)

/*
 * phase NULL: as it is; another one ends the period and starts a new one.
 * status NULL: as it is, "active" for a new period. initial_balance: of the
 * new period, or of the present one; not known: as it is, and for a new
 * period the balance in actor. REJECTED: there is no period yet, and no phase
 * to begin one with.
 */
struct ledger_phase_edit {
	const char *phase, *status;
	struct amount initial_balance;
	bool forget_initial_balance; /* it is unknown again */
	int64_t
	    paused_until_utc_ms; /* with status paused; 0: until it is said */
	const char *note;        /* of the period; NULL: as it is */
	/* When it began; 0: a new one now, the present one as it is. In the
	 * past it is folded from there, by the stored deals and samples; what
	 * they cannot bear is REJECTED, and ledger_reason quotes it. */
	int64_t started_utc_ms;
	struct amount high; /* the highest so far, where that is known */
	bool forget_high;
};
/* active, target_reached… */
bool ledger_status_is_word(const char *word);
#define LEDGER_STATUS_WORDS \
	"active, target_reached, passed, breached, paused or archived"
enum ledger_result ledger_phase_edit(struct ledger *l, int64_t account,
    int64_t version, const struct ledger_phase_edit *edit,
    const struct ledger_actor *actor);

/* NULL: as it is; "": not set. rule_set -1: as it is; 0: none. */
struct ledger_meta_edit {
	const char *holder, *prop_firm, *vs_group, *note;
	const char *tags; /* JSON array of strings */
	int64_t rule_set;
};
enum ledger_result ledger_meta_edit(struct ledger *l, int64_t account,
    int64_t version, const struct ledger_meta_edit *edit,
    const struct ledger_actor *actor);

/*
 * Puts back what that audit row changed. CONFLICT where it was changed again
 * since; NOT_FOUND where there is no such row or it cannot be undone. The
 * undoing is an audit row too.
 */
enum ledger_result ledger_undo(
    struct ledger *l, int64_t audit_id, const struct ledger_actor *actor);

/* Newest first, undone ones left out. */
typedef int (*ledger_period_fn)(const struct ledger_period *p, void *arg);
enum ledger_result ledger_periods(
    struct ledger *l, int64_t account, ledger_period_fn fn, void *arg);

/* ---- the audit: every change ---- */

struct ledger_audit {
	int64_t id, at_utc_ms;
	const char *who;
	const char *action; /* edit, undo, verdict, login, user, node… */
	int64_t account;    /* 0: none */
	const char *server; /* NULL without an account */
	int64_t login;
	const char *field, *from, *to; /* NULL: not set */
	struct amount balance, equity;
	bool undone;
};
/* For what is no account's: log-ins, users, nodes. id is made. */
enum ledger_result ledger_audit_add(
    struct ledger *l, const struct ledger_audit *a);
typedef int (*ledger_audit_fn)(const struct ledger_audit *a, void *arg);
/* Newest first; before_id 0: from the newest; account 0, limit 0: all. */
enum ledger_result ledger_audits(struct ledger *l, int64_t account,
    int64_t before_id, int limit, ledger_audit_fn fn, void *arg);

/* ---- rule sets ---- */

struct ledger_rule_set {
	int64_t id, version;
	const char *name; /* unique */
	const char *firm, *program;
	const char *source_url, *verified_on; /* NULL: not given */
	const char *rules;                    /* JSON, docs/rules.md */
	bool preset; /* from etc/rules.json, unedited */
};
typedef int (*ledger_rule_set_fn)(const struct ledger_rule_set *r, void *arg);
/* By name. */
enum ledger_result ledger_rule_sets(
    struct ledger *l, ledger_rule_set_fn fn, void *arg);
/* NOT_FOUND, fn not called. */
enum ledger_result ledger_rule_set_get(
    struct ledger *l, int64_t id, ledger_rule_set_fn fn, void *arg);
/*
 * id 0: a new one. CONFLICT when another has the name, or when its version is
 * not r's any more (LEDGER_ANY_VERSION: any); NOT_FOUND without that id. The
 * id in *id.
 */
enum ledger_result ledger_rule_set_put(struct ledger *l,
    const struct ledger_rule_set *r, const struct ledger_actor *actor,
    int64_t *id);
/* REJECTED: accounts have it, how many is in ledger_error; CONFLICT, NOT_FOUND:
 * as above. Audited with its rules. */
enum ledger_result ledger_rule_set_remove(struct ledger *l, int64_t id,
    int64_t version, const struct ledger_actor *actor);
/* A preset: made, or brought up to date as long as nobody edited it. */
enum ledger_result ledger_rule_set_preset(
    struct ledger *l, const struct ledger_rule_set *r, int64_t now_utc_ms);

/* ---- users ---- */

struct ledger_user {
	const char *name;
	const char *role; /* viewer, trader, manager, admin */
	const char *hash; /* argon2id, libsodium's text */
	int64_t changed_utc_ms;
	bool disabled;
	/* which were given to him (lib/fleet/scope.h): a line each, "": all.
	 * NULL, where it is put: as it is, all for a new one */
	const char *accounts;
};
typedef int (*ledger_user_fn)(const struct ledger_user *u, void *arg);
/* NOT_FOUND, fn not called. */
enum ledger_result ledger_user_get(
    struct ledger *l, const char *name, ledger_user_fn fn, void *arg);
/* By name. */
enum ledger_result ledger_users(struct ledger *l, ledger_user_fn fn, void *arg);
/* Makes or changes; audited without the hash. */
enum ledger_result ledger_user_put(struct ledger *l,
    const struct ledger_user *u, const struct ledger_actor *actor);

/* ---- tokens of programs ---- */

struct ledger_token {
	const char *name;
	const char *digest; /* password_digest's; the token is not stored */
	const char *scope;  /* metrics, read, write */
	int64_t created_utc_ms;
	int64_t expires_utc_ms; /* 0: never */
	const char *who;        /* made it */
	const char *accounts;   /* it tells of; as a user's; never NULL */
};
typedef int (*ledger_token_fn)(const struct ledger_token *t, void *arg);
/* NOT_FOUND, fn not called. Says nothing about expiry. */
enum ledger_result ledger_token_find(
    struct ledger *l, const char *digest, ledger_token_fn fn, void *arg);
/* By name. */
enum ledger_result ledger_tokens(
    struct ledger *l, ledger_token_fn fn, void *arg);
/* CONFLICT: there is one of that name. Audited without the digest. */
enum ledger_result ledger_token_add(struct ledger *l,
    const struct ledger_token *t, const struct ledger_actor *actor);
/* NOT_FOUND. Audited. */
enum ledger_result ledger_token_remove(
    struct ledger *l, const char *name, const struct ledger_actor *actor);

#endif

/*
 * merge.c: two accounts become one history, and two again.
 *
 * The rows of `from` are moved to `into`, and which ones is kept, so that the
 * same rows go back. `from` stays as an account that nobody lists; its server
 * and login find `into`. What `into` has only one of (texts, the sync, the rule
 * state) is copied first to a hidden account, its shadow. All of it is one
 * transaction.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/ledger/db.h"
#include "lib/ledger/edit.h"
#include "lib/ledger/merge.h"
#include "lib/ledger/samples.h"
#include "lib/ledger/trades.h"
#include "lib/ledger/utc.h"

#define NAMED_MAX 5 /* deals that differ, by ticket */
#define WHY_MAX 400
#define KEY_MAX 320

/* Tables whose rows move: which ones is noted, then they go. */
static const struct {
	enum ledger_sql note, move;
} moves[] = {
    {SQL_MERGE_NOTE_DEAL, SQL_MERGE_MOVE_DEAL},
    {SQL_MERGE_NOTE_TRADE, SQL_MERGE_MOVE_TRADE},
    {SQL_MERGE_NOTE_EQUITY, SQL_MERGE_MOVE_EQUITY},
    {SQL_MERGE_NOTE_DAY, SQL_MERGE_MOVE_DAY},
    {SQL_MERGE_NOTE_PERIOD, SQL_MERGE_MOVE_PERIOD},
    {SQL_MERGE_NOTE_VERDICT, SQL_MERGE_MOVE_VERDICT},
    {SQL_MERGE_NOTE_AUDIT, SQL_MERGE_MOVE_AUDIT},
    {SQL_MERGE_NOTE_IMPORTED, SQL_MERGE_MOVE_IMPORTED},
    {SQL_MERGE_NOTE_ALIAS, SQL_MERGE_MOVE_ALIAS},
    {SQL_MERGE_NOTE_MERGED, SQL_MERGE_MOVE_MERGED},
};
#define MOVES (sizeof(moves) / sizeof(moves[0]))

/* What hangs on deals and verdicts that moved. */
static const enum ledger_sql with_deals[] = {SQL_MERGE_MOVE_VERSION,
    SQL_MERGE_MOVE_VOID, SQL_MERGE_MOVE_ANNULLED, SQL_MERGE_COPY_TOLD};
#define WITH_DEALS (sizeof(with_deals) / sizeof(with_deals[0]))

struct merge {
	struct ledger *l;
	int64_t id, from, into, shadow;
	const struct ledger_actor *actor;
};

static enum ledger_result
run(const struct merge *m, enum ledger_sql which, int64_t from, int64_t into)
{
	struct query q;

	query_init(&q, m->l, which);
	put_int(&q, m->id);
	put_int(&q, from);
	put_int(&q, into);
	return query_run(&q);
}

static enum ledger_result
run_two(struct ledger *l, enum ledger_sql which, int64_t a, int64_t b)
{
	struct query q;

	query_init(&q, l, which);
	put_int(&q, a);
	put_int(&q, b);
	return query_run(&q);
}

static enum ledger_result
run_one(struct ledger *l, enum ledger_sql which, int64_t a)
{
	struct query q;

	query_init(&q, l, which);
	put_int(&q, a);
	return query_run(&q);
}

/* ---- may they be joined? ---- */

/* "5, 7 and 3 more", of deals that both have with other content; "": none. */
static enum ledger_result
differing(
    struct ledger *l, int64_t from, int64_t into, struct buf *names, int64_t *n)
{
	struct query q;

	*n = 0;
	query_init(&q, l, SQL_MERGE_DIFFERING);
	put_int(&q, from);
	put_int(&q, into);
	while (query_next(&q)) {
		int64_t ticket = take_int(&q);

		if (++*n <= NAMED_MAX)
			buf_printf(
			    names, "%s%" PRId64, *n > 1 ? ", " : "", ticket);
	}
	if (*n > NAMED_MAX)
		buf_printf(names, " and %" PRId64 " more", *n - NAMED_MAX);
	return query_done(&q);
}

/* Amounts of two currencies have no sum. */
static enum ledger_result
check_currencies(const struct merge *m)
{
	char why[WHY_MAX] = "";
	struct query q;
	enum ledger_result r;

	query_init(&q, m->l, SQL_MERGE_CURRENCIES);
	put_int(&q, m->from);
	put_int(&q, m->into);
	if (query_next(&q)) {
		const char *from = take_text(&q), *into = take_text(&q);

		snprintf(why, sizeof(why),
		    "one is in %.40s, the other in %.40s", from, into);
	}
	r = query_done(&q);
	return r == LEDGER_OK && *why != '\0' ? ledger_rejected(m->l, why) : r;
}

static enum ledger_result
check(const struct merge *m)
{
	bool from_merged = false, into_merged = false;
	char why[WHY_MAX];
	enum ledger_result r;
	struct buf names;
	int64_t n;

	if (m->from == m->into)
		return ledger_rejected(m->l, "it is the same account");
	r = ledger_account_is_merged(m->l, m->from, &from_merged);
	if (r == LEDGER_OK)
		r = ledger_account_is_merged(m->l, m->into, &into_merged);
	if (r != LEDGER_OK)
		return r;
	if (from_merged || into_merged)
		return ledger_rejected(
		    m->l, "one of them was joined into another account");
	r = check_currencies(m);
	if (r != LEDGER_OK)
		return r;
	buf_init(&names, WHY_MAX / 2);
	r = differing(m->l, m->from, m->into, &names, &n);
	if (r == LEDGER_OK && n > 0) {
		snprintf(why, sizeof(why),
		    "both have other deals with the tickets %.200s",
		    names.data);
		r = ledger_rejected(m->l, why);
	}
	buf_done(&names);
	return r;
}

/* ---- the parts ---- */

/* Two current periods: the one that began first ends where the other began. */
static enum ledger_result
end_one_period(const struct merge *m, bool *keeps_from)
{
	struct current from, into;
	const struct current *first;
	struct query q;
	enum ledger_result r = edit_current(m->l, m->from, &from);
	int64_t at;

	if (r == LEDGER_OK)
		r = edit_current(m->l, m->into, &into);
	else
		memset(&into, 0, sizeof(into));
	*keeps_from = from.found && !into.found;
	if (r == LEDGER_OK && from.found && into.found) {
		*keeps_from = from.p.started_utc_ms > into.p.started_utc_ms;
		first = *keeps_from ? &into : &from;
		at =
		    *keeps_from ? from.p.started_utc_ms : into.p.started_utc_ms;
		query_init(&q, m->l, SQL_MERGE_NOTE);
		put_int(&q, m->id);
		put_text(&q, "ended");
		put_int(&q, first->p.id);
		r = query_run(&q);
		if (r == LEDGER_OK) {
			query_init(&q, m->l, SQL_PERIOD_END);
			put_int(&q, at);
			put_int(&q, *keeps_from ? m->into : m->from);
			put_int(&q, first->p.id);
			r = query_run(&q);
		}
	}
	edit_current_done(&from);
	edit_current_done(&into);
	return r;
}

static enum ledger_result
make_shadow(struct merge *m)
{
	char name[64];
	struct query q;
	enum ledger_result r;

	snprintf(name, sizeof(name), "merge/%" PRId64, m->id);
	query_init(&q, m->l, SQL_MERGE_SHADOW_ADD);
	put_int(&q, m->into);
	put_text(&q, name);
	if (query_next(&q))
		m->shadow = take_int(&q);
	r = query_done(&q);
	if (r == LEDGER_OK)
		r = run_two(m->l, SQL_MERGE_SHADOW, m->id, m->shadow);
	if (r == LEDGER_OK)
		r = run_two(m->l, SQL_MERGE_COPY_SYNC, m->into, m->shadow);
	if (r == LEDGER_OK)
		r = run_two(m->l, SQL_MERGE_COPY_STATE, m->into, m->shadow);
	return r;
}

/* What follows from the deals that an account has now. */
static enum ledger_result
recount(const struct merge *m, int64_t account)
{
	enum ledger_result r = run_one(m->l, SQL_BOOK_CLEAR, account);

	if (r == LEDGER_OK)
		r = run_one(m->l, SQL_BOOK_COUNT, account);
	if (r == LEDGER_OK)
		r = ledger_trades_renew(m->l, account, m->actor->at_utc_ms);
	if (r == LEDGER_OK)
		r = ledger_cursor_put(m->l, account, NULL);
	/* a flow is guessed by the balance before it */
	if (r == LEDGER_OK)
		r = run_one(m->l, SQL_FLOW_STALE_ADD, account);
	return r == LEDGER_OK ? ledger_limits_put(m->l, account, NULL) : r;
}

static enum ledger_result
move_rows(const struct merge *m, int64_t from, int64_t into, bool note)
{
	enum ledger_result r = LEDGER_OK;

	for (size_t i = 0; r == LEDGER_OK && note && i < MOVES; i++)
		r = run(m, moves[i].note, m->from, m->into);
	for (size_t i = 0; r == LEDGER_OK && i < MOVES; i++)
		r = run(m, moves[i].move, from, into);
	for (size_t i = 0; r == LEDGER_OK && i < WITH_DEALS; i++)
		r = run(m, with_deals[i], from, into);
	return r;
}

/* "52001001@Server": as the sheets' rows are called (cron/sheets). */
static enum ledger_result
sheet_key(struct ledger *l, int64_t account, char key[KEY_MAX])
{
	struct query q;

	*key = '\0';
	query_init(&q, l, SQL_ACCOUNT_NAME);
	put_int(&q, account);
	if (query_next(&q)) {
		const char *server = take_text(&q);

		snprintf(key, KEY_MAX, "%" PRId64 "@%s", take_int(&q), server);
	}
	return query_found(&q);
}

static enum ledger_result
rename_sheet_rows(const struct merge *m, enum ledger_sql which,
    const char *from, const char *into)
{
	struct query q;

	query_init(&q, m->l, which);
	put_int(&q, m->id);
	put_text(&q, from);
	put_text(&q, into);
	return query_run(&q);
}

static enum ledger_result
move_sheet_rows(const struct merge *m, bool back)
{
	char from[KEY_MAX], into[KEY_MAX];
	enum ledger_result r = sheet_key(m->l, m->from, from);

	if (r == LEDGER_OK)
		r = sheet_key(m->l, m->into, into);
	if (r == LEDGER_OK && !back)
		r = rename_sheet_rows(m, SQL_MERGE_NOTE_SHEET, from, into);
	return r == LEDGER_OK ? rename_sheet_rows(m, SQL_MERGE_MOVE_SHEET,
				    back ? into : from, back ? from : into)
			      : r;
}

static enum ledger_result
begin_merge(struct merge *m)
{
	struct query q;

	query_init(&q, m->l, SQL_MERGE_ADD);
	put_int(&q, m->from);
	put_int(&q, m->into);
	put_int(&q, m->actor->at_utc_ms);
	put_text(&q, m->actor->who);
	if (query_next(&q))
		m->id = take_int(&q);
	return query_done(&q);
}

static enum ledger_result
join(struct merge *m)
{
	bool keeps_from = false;
	enum ledger_result r = begin_merge(m);

	if (r == LEDGER_OK)
		r = make_shadow(m);
	if (r == LEDGER_OK)
		r = end_one_period(m, &keeps_from);
	if (r == LEDGER_OK)
		r = move_rows(m, m->from, m->into, true);
	if (r == LEDGER_OK)
		r = move_sheet_rows(m, false);
	if (r == LEDGER_OK && keeps_from)
		r = run_one(m->l, SQL_MERGE_CLEAR_STATE, m->into);
	if (r == LEDGER_OK && keeps_from)
		r = run_two(m->l, SQL_MERGE_COPY_STATE, m->from, m->into);
	if (r == LEDGER_OK)
		r = run_two(m->l, SQL_MERGE_TEXTS, m->into, m->from);
	if (r == LEDGER_OK)
		r = run_two(m->l, SQL_MERGE_HIDE, m->into, m->from);
	/* positions of which each had a part */
	if (r == LEDGER_OK)
		r = run_two(m->l, SQL_MERGE_STALE, m->into, m->from);
	if (r == LEDGER_OK)
		r = recount(m, m->into);
	return r == LEDGER_OK ? run_one(m->l, SQL_SYNC_DOUBT, m->into) : r;
}

/* ---- both ways ---- */

enum ledger_result
ledger_merge(struct ledger *l, int64_t from, int64_t into,
    const struct ledger_actor *actor)
{
	struct merge m = {.l = l, .from = from, .into = into, .actor = actor};
	struct edit e = {l, into, actor, "edit"};
	char name[KEY_MAX], whole[KEY_MAX], id[32];
	enum ledger_result r;
	bool own;

	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = check(&m);
	if (r == LEDGER_OK)
		r = sheet_key(l, from, name);
	if (r == LEDGER_OK)
		r = sheet_key(l, into, whole);
	if (r == LEDGER_OK)
		r = zone_carry(
		    l, strchr(name, '@') + 1, strchr(whole, '@') + 1, actor);
	if (r == LEDGER_OK)
		r = ledger_trades_renew(l, from, actor->at_utc_ms);
	if (r == LEDGER_OK)
		r = join(&m);
	if (r == LEDGER_OK)
		r = edit_version(l, into, LEDGER_ANY_VERSION);
	snprintf(id, sizeof(id), "#%" PRId64, m.id);
	if (r == LEDGER_OK)
		r = edit_note(&e, "merge", name, id, 0);
	return ledger_own_end(l, own, r);
}

static enum ledger_result
load(struct merge *m)
{
	struct query q;

	query_init(&q, m->l, SQL_MERGE_GET);
	put_int(&q, m->id);
	if (query_next(&q)) {
		m->from = take_int(&q);
		m->into = take_int(&q);
		m->shadow = take_int(&q);
	}
	return query_found(&q);
}

/* The last one first: a later one has taken what this one made. */
static enum ledger_result
is_last(const struct merge *m)
{
	struct query q;
	enum ledger_result r;
	bool later;

	query_init(&q, m->l, SQL_MERGE_LATER);
	put_int(&q, m->id);
	put_int(&q, m->into);
	later = query_next(&q);
	r = query_done(&q);
	return r == LEDGER_OK && later
		   ? ledger_rejected(m->l,
			 "a later joining of this account must "
			 "be undone first")
		   : r;
}

static enum ledger_result
part(struct merge *m)
{
	enum ledger_result r = run(m, SQL_MERGE_NOTE_ORIGIN, m->into, m->from);

	if (r == LEDGER_OK)
		r = move_rows(m, m->into, m->from, false);
	if (r == LEDGER_OK)
		r = move_sheet_rows(m, true);
	if (r == LEDGER_OK)
		r = run_one(m->l, SQL_MERGE_REOPEN, m->id);
	if (r == LEDGER_OK) {
		struct query q;

		query_init(&q, m->l, SQL_MERGE_TEXTS_BACK);
		put_int(&q, m->into);
		put_int(&q, m->shadow);
		put_int(&q, m->from);
		r = query_run(&q);
	}
	if (r == LEDGER_OK)
		r = run_one(m->l, SQL_MERGE_CLEAR_SYNC, m->into);
	if (r == LEDGER_OK)
		r = run_two(m->l, SQL_MERGE_COPY_SYNC, m->shadow, m->into);
	if (r == LEDGER_OK)
		r = run_one(m->l, SQL_MERGE_CLEAR_STATE, m->into);
	if (r == LEDGER_OK)
		r = run_two(m->l, SQL_MERGE_COPY_STATE, m->shadow, m->into);
	if (r == LEDGER_OK)
		r = run_one(m->l, SQL_MERGE_UNHIDE, m->from);
	if (r == LEDGER_OK)
		r = run_two(m->l, SQL_MERGE_STALE, m->into, m->from);
	if (r == LEDGER_OK)
		r = recount(m, m->into);
	if (r == LEDGER_OK)
		r = recount(m, m->from);
	return r == LEDGER_OK ? run_one(m->l, SQL_MERGE_UNDONE, m->id) : r;
}

enum ledger_result
ledger_merge_undo(const struct edit *e, const char *number)
{
	struct merge m = {.l = e->l, .actor = e->actor};
	char name[KEY_MAX];
	enum ledger_result r;

	if (*number != '#')
		return LEDGER_NOT_FOUND;
	m.id = atoll(number + 1);
	r = load(&m);
	if (r == LEDGER_OK)
		r = is_last(&m);
	if (r == LEDGER_OK)
		r = part(&m);
	if (r == LEDGER_OK)
		r = sheet_key(e->l, m.from, name);
	return r == LEDGER_OK ? edit_note(e, "merge", number, name, 0) : r;
}

/* ---- another name ---- */

static enum ledger_result
set_name(struct ledger *l, int64_t account, const char *server, int64_t login)
{
	struct query q;

	query_init(&q, l, SQL_ACCOUNT_RENAME);
	put_int(&q, account);
	put_text(&q, server);
	put_int(&q, login);
	return query_run(&q);
}

static enum ledger_result
set_alias(struct ledger *l, enum ledger_sql which, int64_t account,
    const char *server, int64_t login)
{
	struct query q;

	query_init(&q, l, which);
	put_int(&q, account);
	put_text(&q, server);
	put_int(&q, login);
	return query_run(&q);
}

/* All that is called by it. */
static enum ledger_result
rename_all(const struct edit *e, const char *server, int64_t login)
{
	char was[KEY_MAX], is[KEY_MAX];
	struct merge m = {.l = e->l};
	enum ledger_result r = sheet_key(e->l, e->account, was);

	snprintf(is, sizeof(is), "%" PRId64 "@%s", login, server);
	if (r == LEDGER_OK)
		r = set_name(e->l, e->account, server, login);
	if (r == LEDGER_OK)
		r = rename_sheet_rows(&m, SQL_SHEET_RENAME, was, is);
	return r == LEDGER_OK ? edit_note(e, "name", was, is, 0) : r;
}

/* "52001001@Server" in two. */
static bool
split(const char *name, char **server, int64_t *login)
{
	char *end;

	*login = strtoll(name, &end, 10);
	if (*end != '@' || end[1] == '\0' || *login <= 0)
		return false;
	*server = mem_strdup(end + 1);
	return true;
}

static enum ledger_result
rename_account(const struct edit *e, const char *server, int64_t login)
{
	char was[KEY_MAX], *old_server = NULL;
	int64_t other, old_login;
	enum ledger_result r = ledger_account_find(e->l, server, login, &other);

	if (r == LEDGER_OK && other != e->account)
		return ledger_rejected(e->l,
		    "there is an account of that name: join them instead");
	if (r != LEDGER_OK && r != LEDGER_NOT_FOUND)
		return r;
	r = sheet_key(e->l, e->account, was);
	if (r != LEDGER_OK)
		return r;
	if (!split(was, &old_server, &old_login))
		return ledger_rejected(e->l, "it has no name to keep");
	/* its new name may be one that it had before */
	r = set_alias(e->l, SQL_ALIAS_CLEAR, e->account, server, login);
	if (r == LEDGER_OK)
		r = rename_all(e, server, login);
	if (r == LEDGER_OK)
		r = zone_carry(e->l, old_server, server, e->actor);
	if (r == LEDGER_OK)
		r = set_alias(
		    e->l, SQL_ALIAS_ADD, e->account, old_server, old_login);
	free(old_server);
	return r;
}

enum ledger_result
ledger_rename(struct ledger *l, int64_t account, const char *server,
    int64_t login, const struct ledger_actor *actor)
{
	struct edit e = {l, account, actor, "edit"};
	bool merged = false, own;
	enum ledger_result r;

	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = ledger_account_is_merged(l, account, &merged);
	if (r == LEDGER_OK && merged)
		r = ledger_rejected(l, "it was joined into another account");
	if (r == LEDGER_OK)
		r = edit_version(l, account, LEDGER_ANY_VERSION);
	if (r == LEDGER_OK)
		r = rename_account(&e, server, login);
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_rename_undo(const struct edit *e, const char *from, const char *to)
{
	char is[KEY_MAX], *server, *new_server;
	enum ledger_result r = sheet_key(e->l, e->account, is);
	int64_t login, new_login;

	if (r != LEDGER_OK || from == NULL || to == NULL)
		return r != LEDGER_OK ? r : LEDGER_NOT_FOUND;
	if (strcmp(is, to) != 0)
		return LEDGER_CONFLICT;
	if (!split(from, &server, &login))
		return LEDGER_NOT_FOUND;
	if (!split(to, &new_server, &new_login)) {
		free(server);
		return LEDGER_NOT_FOUND;
	}
	r = set_alias(e->l, SQL_ALIAS_CLEAR, e->account, server, login);
	if (r == LEDGER_OK)
		r = rename_all(e, server, login);
	free(server);
	free(new_server);
	return r;
}

/* ---- before it is done ---- */

enum ledger_result
ledger_merge_preview(struct ledger *l, int64_t from, int64_t into,
    struct ledger_merge_preview *p)
{
	enum ledger_result r;
	struct buf names;
	struct query q;

	memset(p, 0, sizeof(*p));
	query_init(&q, l, SQL_MERGE_PREVIEW);
	put_int(&q, from);
	put_int(&q, into);
	if (query_next(&q)) {
		p->deals = take_int(&q);
		p->same = take_int(&q);
		p->trades = take_int(&q);
		p->samples = take_int(&q);
		p->periods = take_int(&q);
		p->verdicts = take_int(&q);
		p->first_broker_ms = take_int(&q);
		p->last_broker_ms = take_int(&q);
	}
	r = query_done(&q);
	if (r != LEDGER_OK)
		return r;
	buf_init(&names, sizeof(p->differ) - 1);
	r = differing(l, from, into, &names, &p->differing);
	snprintf(p->differ, sizeof(p->differ), "%s",
	    names.data != NULL ? names.data : "");
	buf_done(&names);
	p->same -= p->differing;
	return r;
}

enum ledger_result
ledger_aliases(struct ledger *l, ledger_alias_fn fn, void *arg)
{
	struct query q;

	query_init(&q, l, SQL_ALIAS_LIST);
	while (query_next(&q)) {
		const char *server = take_text(&q);
		int64_t login = take_int(&q), account = take_int(&q);

		if (fn(server, login, account, arg) != 0)
			break;
	}
	return query_done(&q);
}

enum ledger_result
ledger_carried(struct ledger *l, int64_t account, int64_t origin, money_t *sum,
    money_t *credit)
{
	struct query q;

	*sum = *credit = 0;
	query_init(&q, l, SQL_CARRIED_SUMS);
	put_int(&q, account);
	put_int(&q, origin);
	if (query_next(&q)) {
		*sum = take_money(&q);
		*credit = take_money(&q);
	}
	return query_done(&q);
}

/* flow_edit.c: what a person says of a deal that is no trade, and its undo. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/ledger/db.h"
#include "lib/ledger/edit.h"
#include "lib/ledger/flow_store.h"
#include "lib/ledger/flows.h"
#include "lib/ledger/trades.h"

#define FIELD "flow "
#define GUESSED " (guessed)"
#define OF " of #"
#define NOTE ": "

struct found {
	bool is;
	struct deal d; /* its texts are copies */
};

static void
found_done(struct found *f)
{
	free((char *)f->d.symbol);
	free((char *)f->d.comment);
	free((char *)f->d.meaning_why);
	free((char *)f->d.meaning_who);
}

static enum ledger_result
find(struct ledger *l, int64_t account, int64_t ticket, struct found *f)
{
	struct query q;

	memset(f, 0, sizeof(*f));
	query_init(&q, l, SQL_DEAL_GET);
	put_int(&q, account);
	put_int(&q, ticket);
	f->is = query_next(&q);
	if (f->is) {
		ledger_take_deal(&q, &f->d);
		f->d.symbol = edit_copy(f->d.symbol);
		f->d.comment = edit_copy(f->d.comment);
		f->d.external_id = NULL;
		f->d.meaning_why = edit_copy(f->d.meaning_why);
		f->d.meaning_who = edit_copy(f->d.meaning_who);
	}
	return query_found(&q);
}

/* As the audit has it: "payout (guessed)", "correction of #7: a slip". */
static char *
as_text(const struct deal *d)
{
	const char *word = flow_word(d->meaning);
	char of[40] = "";

	if (word == NULL)
		return NULL;
	if (d->meaning_who == NULL)
		return mem_printf("%s" GUESSED, word);
	if (d->cancels != 0)
		snprintf(of, sizeof(of), OF "%" PRId64, d->cancels);
	return mem_printf("%s%s%s%s", word, of,
	    d->meaning_why != NULL ? NOTE : "",
	    d->meaning_why != NULL ? d->meaning_why : "");
}

static enum ledger_result refuse(struct ledger *l, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static enum ledger_result
refuse(struct ledger *l, const char *fmt, ...)
{
	char why[FLOW_WHY_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return ledger_rejected(l, why);
}

/* The deal that a correction takes back. */
static enum ledger_result
check_cancels(const struct edit *e, const struct deal *d, int64_t ticket,
    enum deal_kind *kind)
{
	enum ledger_result r;
	struct found f;

	r = find(e->l, e->account, ticket, &f);
	if (r == LEDGER_NOT_FOUND)
		r = refuse(e->l,
		    "there is no deal %" PRId64 " that it could take back",
		    ticket);
	else if (r == LEDGER_OK &&
		 (f.d.time_msc > d->time_msc ||
		     (f.d.time_msc == d->time_msc && f.d.ticket >= d->ticket)))
		r = refuse(e->l,
		    "deal %" PRId64 " is no earlier one than %" PRId64, ticket,
		    d->ticket);
	else if (r == LEDGER_OK && deal_kind(&f.d) == DEAL_KIND_CREDIT)
		r = refuse(e->l,
		    "deal %" PRId64 " moved the credit, not the balance",
		    ticket);
	if (r == LEDGER_OK)
		*kind = deal_kind(&f.d);
	found_done(&f);
	return r;
}

static enum ledger_result
apply(const struct edit *e, const struct ledger_flow_edit *edit,
    const struct deal *was, struct deal *is)
{
	enum deal_kind kind = DEAL_KIND_FLOW;
	enum ledger_result r = LEDGER_OK;
	char why[FLOW_WHY_SIZE];

	*is = *was;
	is->meaning = edit->meaning;
	is->meaning_why = edit->note;
	is->meaning_who = e->actor->who;
	is->cancels = 0;
	if (!flow_fits(was, edit->meaning, why))
		return ledger_rejected(e->l, why);
	if (edit->meaning != DEAL_CORRECTED && edit->cancels != 0)
		return refuse(
		    e->l, "only a correction takes back another deal");
	if (edit->meaning != DEAL_CORRECTED)
		return LEDGER_OK;
	if (edit->cancels != 0) {
		is->cancels = edit->cancels;
		r = check_cancels(e, was, edit->cancels, &kind);
	} else
		(void)flow_find_cancelled(
		    e->l, e->account, was, &is->cancels, &kind);
	if (kind != DEAL_KIND_FLOW)
		is->meaning = DEAL_CORRECTED_PL;
	return r;
}

/* Said, or to be guessed again. */
static enum ledger_result
set(const struct edit *e, const struct ledger_flow_edit *edit,
    const char *expected)
{
	struct found was = {0}, now = {0};
	char field[40], *from = NULL, *to = NULL;
	enum ledger_result r;
	bool changed = false;
	struct deal is;

	snprintf(field, sizeof(field), FIELD "%" PRId64, edit->ticket);
	r = find(e->l, e->account, edit->ticket, &was);
	if (r == LEDGER_OK)
		from = as_text(&was.d);
	if (r == LEDGER_OK && expected != NULL && edit_differs(expected, from))
		r = LEDGER_CONFLICT;
	if (r == LEDGER_OK && edit->meaning != DEAL_MEANS_NOTHING)
		r = apply(e, edit, &was.d, &is);
	else if (r == LEDGER_OK) {
		is = was.d;
		is.meaning_who = NULL;
	}
	if (r == LEDGER_OK)
		r = flow_store(e->l, e->account, &was.d, &is, &changed);
	/* what is guessed of the deals behind it may hang on it */
	if (r == LEDGER_OK)
		r = ledger_flows_guess(e->l, e->account, was.d.time_msc);
	if (r == LEDGER_OK && changed)
		r = flow_followed(e->l, e->account, e->actor->at_utc_ms);
	if (r == LEDGER_OK)
		r = find(e->l, e->account, edit->ticket, &now);
	if (r == LEDGER_OK) {
		to = as_text(&now.d);
		r = edit_note(e, field, from, to, 0);
	}
	found_done(&was);
	found_done(&now);
	free(from);
	free(to);
	return r;
}

enum ledger_result
ledger_flow_set(struct ledger *l, int64_t account, int64_t version,
    const struct ledger_flow_edit *edit, const struct ledger_actor *actor)
{
	struct edit e = {l, account, actor, "edit"};
	enum ledger_result r;
	bool own;

	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	r = edit_version(l, account, version);
	if (r == LEDGER_OK)
		r = set(&e, edit, NULL);
	return ledger_own_end(l, own, r);
}

/* ---- undo ---- */

bool
flow_field_is(const char *field)
{
	return strncmp(field, FIELD, strlen(FIELD)) == 0;
}

/* The text of as_text; what was guessed is guessed again. */
static bool
of_text(char *text, struct ledger_flow_edit *edit)
{
	size_t len = strlen(text), tail = strlen(GUESSED);
	char *note, *of;

	if (len >= tail && strcmp(text + len - tail, GUESSED) == 0)
		return true;
	if ((note = strstr(text, NOTE)) != NULL) {
		*note = '\0';
		edit->note = note + strlen(NOTE);
	}
	if ((of = strstr(text, OF)) != NULL) {
		*of = '\0';
		if (num_int64(of + strlen(OF), 1, INT64_MAX, &edit->cancels) ==
		    -1)
			return false;
	}
	return flow_from(text, &edit->meaning);
}

enum ledger_result
flow_undo(
    const struct edit *e, const char *field, const char *from, const char *to)
{
	struct ledger_flow_edit edit = {.ticket = 0};
	char *text = mem_strdup(from != NULL ? from : GUESSED);
	enum ledger_result r = LEDGER_NOT_FOUND;

	if (num_int64(field + strlen(FIELD), INT64_MIN, INT64_MAX,
		&edit.ticket) == 0 &&
	    of_text(text, &edit))
		r = set(e, &edit, to != NULL ? to : "");
	free(text);
	return r;
}

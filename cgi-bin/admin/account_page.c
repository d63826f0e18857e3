/*
 * GET /admin/phases/{server}/{login}: the form of one account.
 * POST /admin/phases: saves it; 303 back to the form, the form with the error,
 * or 409 when somebody else has changed the account since.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/edit.h"
#include "cgi-bin/admin/sections.h"
#include "cgi-bin/admin/page.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/moment.h"
#include "lib/base/num.h"
#include "lib/base/url.h"
#include "lib/ledger/phase_start.h"
#include "lib/trading/money.h"

/* Everything the page shows. */
struct form {
	struct buf *b;
	const struct request *req;
	struct ledger *ledger;
	int64_t rule_set, version;
};

static void
put_tags(struct buf *b, const char *tags)
{
	cJSON *list = jsonin_parse(tags, strlen(tags));
	const cJSON *tag;
	struct buf text;

	buf_init(&text, 65536);
	cJSON_ArrayForEach(tag, list)
		if (cJSON_IsString(tag))
			buf_printf(&text, "%s%s", text.len > 0 ? ", " : "",
			    tag->valuestring);
	page_input(b, "Tags, separated by commas", "tags", text.data);
	buf_done(&text);
	cJSON_Delete(list);
}

static int
put_rule_option(const struct ledger_rule_set *r, void *arg)
{
	const struct form *f = arg;

	buf_printf(f->b, "<option value=\"%" PRId64 "\"%s>", r->id,
	    r->id == f->rule_set ? " selected" : "");
	html_text(f->b, r->name);
	buf_puts(f->b, "</option>");
	return 0;
}

static void
put_rule_sets(const struct form *f)
{
	buf_puts(f->b, "<label>Rules<select name=\"rule_set\">"
		       "<option value=\"0\">–</option>");
	ledger_rule_sets(f->ledger, put_rule_option, (void *)f);
	buf_puts(f->b, "</select></label>");
}

/* Hidden fields that carry the values the page showed. */
static void
put_identity(struct buf *b, const struct ledger_account *a)
{
	page_hidden(b, "server", a->server);
	page_hidden_int(b, "login", a->login);
	page_hidden_int(b, "version", a->version);
}

/* When it began, and the high so far; beside it what the deals say of it. */
static void
put_start(struct form *f, const struct ledger_account *a)
{
	const struct ledger_period *p = &a->period;
	char when[CLOCK_ISO_SIZE], money[MONEY_SIZE], high[MONEY_SIZE];
	const char *started =
	    p->id != 0 ? clock_iso(p->started_utc_ms, when) : "";
	struct ledger_proposal found;

	page_input(f->b, "Began (UTC; empty: now)", "started_utc", started);
	page_hidden(f->b, "started_was", started);
	page_input(f->b, "Highest so far, where it began in the past", "high",
	    p->high.known ? money_format(p->high.v, -1, money) : NULL);
	page_hidden(f->b, "high_was",
	    p->high.known ? money_format(p->high.v, -1, money) : "");
	if (ledger_phase_propose(f->ledger, a->id, 0, &found) != LEDGER_OK)
		return;
	buf_puts(f->b, "<p id=\"proposal\">By the stored deals: began ");
	html_text(f->b, clock_iso(found.started_utc_ms, when));
	buf_puts(f->b, " (");
	html_text(f->b, found.why);
	buf_printf(f->b,
	    "), initial balance %s, highest balance since %s, %d days with a "
	    "trade opened%s.</p>",
	    found.initial_balance.known
		? money_format(found.initial_balance.v, -1, money)
		: "unknown",
	    found.high.known ? money_format(found.high.v, -1, high) : "unknown",
	    found.days_opened,
	    found.has_samples ? "" : "; the equity of then was not seen");
}

static int
put_form(const struct ledger_account *a, void *arg)
{
	const struct ledger_period *p = &a->period;
	struct form *f = arg;
	char money[MONEY_SIZE];
	struct buf *b = f->b;

	f->rule_set = a->rule_set;
	f->version = a->version;
	page_form(b, f->req, "/admin/phases");
	put_identity(b, a);
	page_input(b, "Phase (F1 F2 F3 R Q, or your own)", "phase",
	    p->id != 0 ? p->phase : NULL);
	page_hidden(b, "phase_was", p->id != 0 ? p->phase : "");
	page_hidden(b, "status_was", p->id != 0 ? p->status : "");
	page_select(b, "Status", "status", p->id != 0 ? p->status : NULL,
	    edit_statuses, edit_statuses_len);
	page_input(b, "Initial balance", "initial_balance",
	    p->initial_balance.known
		? money_format(p->initial_balance.v, -1, money)
		: NULL);
	put_start(f, a);
	page_input(b, "Holder", "holder", a->holder);
	page_input(b, "Prop firm", "prop_firm", a->prop_firm);
	page_input(b, "VS group", "vs_group", a->vs_group);
	put_tags(b, a->tags);
	put_rule_sets(f);
	buf_puts(b, "<label>Note<textarea name=\"note\" rows=\"4\">\n");
	html_text(b, a->note != NULL ? a->note : "");
	buf_puts(b, "</textarea></label>");
	page_form_end(b, "Save");
	return 0;
}

static void
put_link(struct buf *b, const struct request *req, const char *page,
    const char *account, const char *text)
{
	char *path = mem_printf("%s%s", page, account);

	page_link(b, req, path);
	html_text(b, text);
	buf_puts(b, "</a>");
	free(path);
}

/* What else there is to do about it. */
static void
put_more(struct buf *b, const struct request *req, const struct subject *s)
{
	struct buf path;

	buf_init(&path, 4096);
	url_escape(&path, s->server);
	buf_printf(&path, "/%" PRId64, s->login);
	buf_puts(b, "<p>");
	put_link(b, req, "/admin/deals/", path.data, "Its deals, to void some");
	buf_puts(b, " · ");
	put_link(b, req, "/admin/merge/", path.data,
	    "Join it into another account, or rename it");
	buf_puts(b, "</p>");
	buf_done(&path);
}

static void
put_page(struct app *app, const struct request *req, struct response *res,
    const struct subject *s, const char *wrong)
{
	struct form f = {.req = req, .ledger = app_ledger(app)};
	char title[256];
	enum ledger_result r;

	snprintf(
	    title, sizeof(title), "%" PRId64 " on %s", s->login, s->server);
	f.b = page_begin(res, req, title);
	if (wrong != NULL) {
		buf_puts(f.b, "<p class=\"wrong\" role=\"alert\">");
		html_text(f.b, wrong);
		buf_puts(f.b, "</p>");
	}
	r = ledger_account_get(f.ledger, s->id, put_form, &f);
	if (r == LEDGER_OK)
		r = verdict_section(f.b, req, f.ledger, s, f.version);
	if (r == LEDGER_OK)
		r = flow_section(f.b, req, f.ledger, s, f.version);
	put_more(f.b, req, s);
	page_end(f.b);
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

void
account_page(struct app *app, const struct request *req, struct response *res)
{
	struct subject s;

	if (subject_of_path(app, req, res, &s))
		put_page(app, req, res, &s, NULL);
}

static const char *
field(const struct request *req, const char *name)
{
	return web_params_get(&req->form, name);
}

/* "a, b" as the JSON list the ledger stores; the caller frees it. */
static char *
tags_from(const char *typed)
{
	struct json j;
	char *text = mem_strdup(typed), *rest = text, *tag, *out;

	json_init(&j, 65536);
	json_array(&j, NULL);
	while ((tag = strsep(&rest, ",")) != NULL) {
		size_t len;

		tag += strspn(tag, " \t");
		len = strlen(tag);
		while (len > 0 && strchr(" \t", tag[len - 1]) != NULL)
			tag[--len] = '\0';
		if (len > 0)
			json_string(&j, NULL, tag);
	}
	json_end(&j);
	out = mem_strdup(json_text(&j, NULL));
	json_done(&j);
	free(text);
	return out;
}

/* Forms send CR LF for a line feed. The caller frees the result. */
static char *
without_returns(const char *text)
{
	char *copy = mem_strdup(text), *to = copy;

	for (const char *p = copy; *p != '\0'; p++)
		if (*p != '\r')
			*to++ = *p;
	*to = '\0';
	return copy;
}

/* An empty phase field means unchanged: a phase is never removed. */
static const char *
given(const struct request *req, const char *name)
{
	const char *text = field(req, name);

	return text != NULL && *text != '\0' ? text : NULL;
}

/* The form sends each field; the status of the phase before is not the new
 * one's. */
static bool
status_is_left_over(const struct request *req)
{
	const char *was = given(req, "phase_was"), *is = given(req, "phase");
	const char *status_was = given(req, "status_was");
	const char *status = given(req, "status");

	return was != NULL && is != NULL && strcmp(was, is) != 0 &&
	       status_was != NULL && status != NULL &&
	       strcmp(status_was, status) == 0;
}

/* The form shows when it began: only another moment is said anew. A new phase
 * begins now, unless it is. */
static bool
read_start(
    const struct request *req, struct edit_fields *f, char why[EDIT_WHY_SIZE])
{
	const char *started = given(req, "started_utc");
	const char *was = given(req, "started_was"), *high = given(req, "high");
	const char *high_was = given(req, "high_was");
	struct amount *a = &f->phase.high;

	if (started != NULL && (was == NULL || strcmp(started, was) != 0)) {
		f->phase_given = true;
		if (moment_parse(started, &f->phase.started_utc_ms) == -1) {
			snprintf(why, EDIT_WHY_SIZE,
			    "began: not a UTC moment (2026-06-01T08:00:00Z): "
			    "\"%.60s\"",
			    started);
			return false;
		}
	}
	/* what was left as it is, is not said again, least of a new phase */
	if (high == NULL || (high_was != NULL && strcmp(high, high_was) == 0)) {
		f->phase.forget_high = high == NULL && high_was != NULL;
		f->phase_given = f->phase_given || f->phase.forget_high;
		return true;
	}
	f->phase_given = true;
	a->known = money_from_text(high, &a->v) == 0 && a->v > 0;
	if (!a->known)
		snprintf(why, EDIT_WHY_SIZE,
		    "highest so far: not an amount: \"%.60s\"", high);
	return a->known;
}

static bool
read_fields(
    const struct request *req, struct edit_fields *f, char why[EDIT_WHY_SIZE])
{
	const char *money = given(req, "initial_balance");
	const char *rules = given(req, "rule_set");

	f->phase.phase = given(req, "phase");
	if (!status_is_left_over(req))
		f->phase.status = given(req, "status");
	f->phase_given =
	    f->phase.phase != NULL || f->phase.status != NULL || money != NULL;
	f->meta_given = true;
	f->meta.holder = field(req, "holder");
	f->meta.prop_firm = field(req, "prop_firm");
	f->meta.vs_group = field(req, "vs_group");
	f->meta.rule_set = -1;
	if (money != NULL) {
		struct amount *a = &f->phase.initial_balance;

		a->known = money_from_text(money, &a->v) == 0 && a->v > 0;
		if (!a->known) {
			snprintf(why, EDIT_WHY_SIZE,
			    "initial balance: not an amount: \"%.60s\"", money);
			return false;
		}
	}
	if (!read_start(req, f, why))
		return false;
	if (rules != NULL &&
	    num_int64(rules, 0, INT64_MAX, &f->meta.rule_set) == -1) {
		snprintf(
		    why, EDIT_WHY_SIZE, "no such rule set: \"%.60s\"", rules);
		return false;
	}
	return edit_fields_are_good(f, why);
}

/* Redirects to the form. */
static void
go_back(struct response *res, const struct subject *s)
{
	struct buf path;

	buf_init(&path, 4096);
	buf_puts(&path, "/admin/phases/");
	url_escape(&path, s->server);
	buf_printf(&path, "/%" PRId64, s->login);
	response_redirect(res, path.data);
	buf_done(&path);
}

static void
store(struct app *app, const struct request *req, struct response *res,
    const struct subject *s, struct edit_fields *f)
{
	char why[EDIT_WHY_SIZE];

	if (!read_fields(req, f, why) || !edit_rules_are_there(app, f, why)) {
		put_page(app, req, res, s, why);
		res->status = 400;
		return;
	}
	edit_form_result(app, req, res, s, edit_store(app, s, f));
}

bool
edit_form(struct app *app, const struct request *req, struct response *res,
    struct subject *s, int64_t *version)
{
	const char *server = field(req, "server"), *login = field(req, "login");
	const char *text = field(req, "version");
	int64_t number;

	if (server != NULL && login != NULL && text != NULL &&
	    num_int64(login, 1, INT64_MAX, &number) == 0 &&
	    num_int64(text, 0, INT64_MAX, version) == 0)
		return subject_find(app, req, res, server, number, s);
	page_error(res, req, 400,
	    "Incomplete form: server, login and version are required.");
	return false;
}

void
edit_form_result(struct app *app, const struct request *req,
    struct response *res, const struct subject *s, enum ledger_result r)
{
	char why[EDIT_WHY_SIZE];

	if (r == LEDGER_CONFLICT) {
		put_page(app, req, res, s,
		    "Somebody else has changed this account; your changes "
		    "were not saved. The form shows the current values.");
		res->status = 409;
	} else if (r == LEDGER_REJECTED) {
		snprintf(why, sizeof(why), "Not saved: %s.",
		    ledger_reason(app->ledger));
		put_page(app, req, res, s, why);
		res->status = 400;
	} else if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
	else {
		edit_tell(app, s);
		go_back(res, s);
	}
}

void
account_post(struct app *app, const struct request *req, struct response *res)
{
	const char *tags = field(req, "tags"), *note = field(req, "note");
	char *tag_list = NULL, *note_text = NULL;
	struct edit_fields f = {0};
	struct subject s;

	if (!edit_form(app, req, res, &s, &f.version))
		return;
	if (tags != NULL)
		f.meta.tags = tag_list = tags_from(tags);
	if (note != NULL)
		f.meta.note = note_text = without_returns(note);
	store(app, req, res, &s, &f);
	free(tag_list);
	free(note_text);
}

/*
 * GET /admin/rules: the rule sets. GET /admin/rules/{id}: the form of one, or
 * of a new one (0). POST /admin/rules: that form; 303, or the form again.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/page.h"
#include "cgi-bin/admin/rules_form.h"
#include "lib/base/clock.h"
#include "lib/base/num.h"
#include "lib/json/jsonin.h"
#include "lib/trading/rules_trial.h"

static const struct ledger_rule_set empty = {.name = "", .rules = "{}"};

/* What a form is filled with, and where it and the list go. */
struct form {
	struct buf *b;
	const struct request *req;
};

static int
put_row(const struct ledger_rule_set *r, void *arg)
{
	const struct form *f = arg;
	struct buf *b = f->b;
	char path[64];

	snprintf(path, sizeof(path), "/admin/rules/%" PRId64, r->id);
	buf_puts(b, "<tr><th scope=\"row\">");
	page_link(b, f->req, path);
	html_text(b, r->name);
	buf_puts(b, "</a></th>");
	page_cell(b, r->firm);
	page_cell(b, r->program);
	page_cell(b, r->source_url);
	page_cell(b, r->verified_on);
	page_cell(b, r->preset ? "preset" : "edited");
	buf_puts(b, "</tr>\n");
	return 0;
}

void
rules_page(struct app *app, const struct request *req, struct response *res)
{
	static const char *const names[] = {
	    "Name", "Firm", "Program", "Source", "Verified on", ""};
	struct buf *b = page_begin(res, req, "Rules");
	struct form list = {.b = b, .req = req};
	enum ledger_result r;

	page_head(b, names, sizeof(names) / sizeof(names[0]));
	r = ledger_rule_sets(app_ledger(app), put_row, &list);
	buf_puts(b, "</tbody></table><p>");
	page_link(b, req, "/admin/rules/0");
	buf_puts(b, "New rule set</a></p>");
	page_end(b);
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

static const char *
field(const struct request *req, const char *name)
{
	const char *text = web_params_get(&req->form, name);

	return text != NULL ? text : "";
}

static const char *
field_or(const struct request *req, const char *name, const char *otherwise)
{
	const char *text = web_params_get(&req->form, name);

	return text != NULL ? text : otherwise;
}

static void
put_area(struct buf *b, const char *label, const char *name, int rows,
    const char *text)
{
	buf_puts(b, "<label>");
	html_text(b, label);
	buf_printf(b, "<textarea name=\"%s\" rows=\"%d\">\n", name, rows);
	html_text(b, text);
	buf_puts(b, "</textarea></label>");
}

/* Within the same form, so that rules not saved yet are tried, too. */
static void
put_try(const struct form *f)
{
	static const char example[] =
	    "sample 100000 100000\nreset 104000 104000\nsample 103000 "
	    "101500\npayout 2000\n";

	buf_puts(f->b,
	    "<fieldset><legend>Try a path</legend><p>A line each event: "
	    "<code>sample</code> balance equity [low high], "
	    "<code>reset</code> balance equity (a day ends), "
	    "<code>flow</code> amount, <code>payout</code> amount, "
	    "<code>day</code> net. Nothing is stored.</p>");
	page_input(f->b, "Phase", "phase", field_or(f->req, "phase", "F1"));
	page_input(f->b, "Initial balance", "initial",
	    field_or(f->req, "initial", "100000"));
	put_area(f->b, "Path", "path", 8, field_or(f->req, "path", example));
	buf_puts(f->b, "<button type=\"submit\" formaction=\"");
	html_text(f->b, f->req->base);
	buf_puts(
	    f->b, "/admin/rules/try\">Show the floors</button></fieldset>");
}

static int
put_form(const struct ledger_rule_set *r, void *arg)
{
	const struct form *f = arg;

	page_form(f->b, f->req, "/admin/rules");
	page_hidden_int(f->b, "id", r->id);
	page_hidden_int(f->b, "version", r->version);
	page_input(f->b, "Name", "name", r->name);
	page_input(f->b, "Firm", "firm", r->firm);
	page_input(f->b, "Program", "program", r->program);
	page_input(f->b, "Source (URL)", "source_url", r->source_url);
	page_input(f->b, "Verified on", "verified_on", r->verified_on);
	put_area(f->b, "Rules (JSON)", "rules", 24, r->rules);
	buf_puts(f->b, "<button type=\"submit\">Save</button>");
	put_try(f);
	buf_puts(f->b, "</form>");
	return 0;
}

void
rule_set_page(struct app *app, const struct request *req, struct response *res)
{
	struct form f = {.req = req};
	enum ledger_result r = LEDGER_OK;
	int64_t id;

	if (num_int64(request_var(req, "id"), 0, INT64_MAX, &id) == -1) {
		page_error(res, req, 404, "No such rule set: %s",
		    request_var(req, "id"));
		return;
	}
	f.b = page_begin(res, req, id != 0 ? "Rules" : "New rules");
	if (id == 0)
		put_form(&empty, &f);
	else
		r = ledger_rule_set_get(app_ledger(app), id, put_form, &f);
	page_end(f.b);
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

static const char *
given(const struct request *req, const char *name)
{
	const char *text = field(req, name);

	return *text != '\0' ? text : NULL;
}

/* The worked examples that stand with the rules come out. */
static bool
examples_hold(const char *rules, char why[RULES_WHY_SIZE])
{
	cJSON *doc = jsonin_parse(rules, strlen(rules));
	const char *name = "(no name)";
	const cJSON *e;
	bool good = true;

	cJSON_ArrayForEach(e, jsonin_array(doc, "examples")) {
		struct buf out;

		buf_init(&out, 16384);
		if (good && !rules_trial_example(e, doc, &out)) {
			good = false;
			(void)jsonin_string(e, "name", &name);
			snprintf(why, RULES_WHY_SIZE,
			    "example \"%.80s\": %.400s", name, out.data);
		}
		buf_done(&out);
	}
	cJSON_Delete(doc);
	return good;
}

static bool
read_form(const struct request *req, struct ledger_rule_set *r,
    char why[RULES_WHY_SIZE])
{
	*r = (struct ledger_rule_set){.name = field(req, "name"),
	    .firm = given(req, "firm"),
	    .program = given(req, "program"),
	    .source_url = given(req, "source_url"),
	    .verified_on = given(req, "verified_on"),
	    .rules = field(req, "rules")};
	if (num_int64(field(req, "id"), 0, INT64_MAX, &r->id) == -1 ||
	    num_int64(field(req, "version"), 0, INT64_MAX, &r->version) == -1) {
		snprintf(why, RULES_WHY_SIZE, "the form is not complete");
		return false;
	}
	return rules_are_good(r, why);
}

bool
rules_are_good(const struct ledger_rule_set *r, char why[RULES_WHY_SIZE])
{
	struct rules rules;

	if (*r->name == '\0' || strlen(r->name) > 100) {
		snprintf(
		    why, RULES_WHY_SIZE, "a name is needed, 100 bytes at most");
		return false;
	}
	/* of any phase: the mistakes of all of them are found */
	return rules_parse(r->rules, strlen(r->rules), "F1", &rules, why,
		   RULES_WHY_SIZE) == 0 &&
	       examples_hold(r->rules, why);
}

void
rules_form_again(struct buf *b, const struct request *req)
{
	struct form f = {.b = b, .req = req};
	struct ledger_rule_set r;
	char why[RULES_WHY_SIZE];

	(void)read_form(req, &r, why);
	put_form(&r, &f);
}

/* The form again, with what was typed and what is wrong with it. */
static void
show_again(const struct request *req, struct response *res, int status,
    const struct ledger_rule_set *r, const char *why)
{
	struct form f = {.req = req};

	f.b = page_begin(res, req, "Rules");
	buf_puts(f.b, "<p class=\"wrong\" role=\"alert\">Not saved: ");
	html_text(f.b, why);
	buf_puts(f.b, "</p>");
	put_form(r, &f);
	page_end(f.b);
	res->status = status;
}

void
rules_post(struct app *app, const struct request *req, struct response *res)
{
	const struct ledger_actor actor = {
	    .who = req->user.name, .at_utc_ms = clock_utc_ms()};
	struct ledger_rule_set r;
	char why[RULES_WHY_SIZE] = "";
	enum ledger_result result;
	int64_t id;

	if (!read_form(req, &r, why)) {
		show_again(req, res, 400, &r, why);
		return;
	}
	result = ledger_rule_set_put(app_ledger(app), &r, &actor, &id);
	if (result == LEDGER_CONFLICT)
		show_again(req, res, 409, &r,
		    "somebody changed it meanwhile, or the name is taken");
	else if (result != LEDGER_OK)
		app_ledger_failed(app, result, res);
	else
		response_redirect(res, "/admin/rules");
}

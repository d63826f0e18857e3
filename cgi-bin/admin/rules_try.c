/*
 * POST /admin/rules/try: the form of a rule set with a path typed into it, and
 * the floors after each of its events; nothing is stored.
 * POST /api/rules/try: the same as JSON, {rules | rule_set, phase, initial,
 * events} -> {steps}.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/page.h"
#include "cgi-bin/admin/rules_form.h"
#include "lib/base/mem.h"
#include "lib/json/jsonin.h"
#include "lib/trading/money.h"
#include "lib/trading/rules_trial.h"

/* ---- the page ---- */

static const struct {
	const char *word, *title;
} columns[] = {
    {"total_floor", "Total floor"},
    {"total_left", "Total left"},
    {"daily_floor", "Daily floor"},
    {"daily_allowance", "Daily allowance"},
    {"daily_left", "Daily left"},
    {"verdict", "Verdict"},
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static char *
line_word(const struct rules_trial *t, const char *kind, const char *part)
{
	char *word = mem_printf("%s_%s", kind, part), *text;
	struct buf out;

	buf_init(&out, 256);
	(void)rules_trial_value(t, word, &out);
	text = buf_take(&out);
	buf_done(&out);
	free(word);
	return text;
}

/* A rule of trading: what is left, or by when something has to happen. */
static void
put_line(struct buf *b, const struct rules_trial *t, const char *kind)
{
	char *left = line_word(t, kind, "left"),
	     *due = line_word(t, kind, "due_s"),
	     *broken = line_word(t, kind, "broken"),
	     *judged = line_word(t, kind, "judged"), *text;
	double s = strtod(due, NULL);

	if (strcmp(judged, "false") == 0)
		text = mem_strdup("cannot be judged");
	else if (strcmp(due, "null") != 0)
		text = mem_printf("%sdue in %.4g %s",
		    strcmp(broken, "true") == 0 ? "broken, " : "",
		    s < 3600 ? s : s / 3600, s < 3600 ? "s" : "h");
	else
		text = mem_printf("%s%s",
		    strcmp(broken, "true") == 0 ? "broken, " : "",
		    strcmp(left, "null") != 0 ? left : "–");
	page_cell(b, text);
	free(text);
	free(left);
	free(due);
	free(broken);
	free(judged);
}

static void
put_step(const struct rules_trial *t, const cJSON *event, void *arg)
{
	struct buf *b = arg, cell;
	char *text = event != NULL ? cJSON_PrintUnformatted(event) : NULL;

	buf_puts(b, "<tr><th scope=\"row\"><code>");
	html_text(b, text != NULL ? text : "the beginning");
	buf_puts(b, "</code></th>");
	cJSON_free(text);
	for (size_t i = 0; i < COLUMNS; i++) {
		buf_init(&cell, 256);
		rules_trial_value(t, columns[i].word, &cell);
		page_cell(b, strcmp(cell.data, "null") != 0 ? cell.data : "–");
		buf_done(&cell);
	}
	for (int k = RULE_MAX_DAYS; k < RULE_KINDS; k++)
		if (rules_trial_has(t, (enum rule_kind)k))
			put_line(b, t, rule_kind_word((enum rule_kind)k));
	buf_puts(b, "</tr>\n");
}

static const char *
put_result(struct buf *b, const cJSON *example, struct rules_trial *t)
{
	struct buf rows;
	int rc;

	buf_init(&rows, (size_t)4 << 20);
	rc = rules_trial_run(t, example, NULL, put_step, &rows);
	if (rc == 0) {
		buf_puts(b,
		    "<table id=\"steps\"><caption>The floors after each "
		    "event</caption><thead><tr><th>Event</th>");
		for (size_t i = 0; i < COLUMNS; i++) {
			buf_puts(b, "<th>");
			html_text(b, columns[i].title);
			buf_puts(b, "</th>");
		}
		for (int k = RULE_MAX_DAYS; k < RULE_KINDS; k++)
			if (rules_trial_has(t, (enum rule_kind)k))
				buf_printf(b, "<th>%s</th>",
				    rule_kind_word((enum rule_kind)k));
		buf_puts(b, "</tr></thead><tbody>");
		buf_add(b, rows.data != NULL ? rows.data : "", rows.len);
		buf_printf(b, "</tbody></table><p>Best day: %s</p>",
		    rules_best_day_passed(&t->rules, &t->days) ? "not kept"
							       : "kept");
	}
	buf_done(&rows);
	return rc == 0 ? NULL : t->why;
}

static const char *
field(const struct request *req, const char *name)
{
	const char *text = web_params_get(&req->form, name);

	return text != NULL ? text : "";
}

/* What was typed, as an example; NULL: why. */
static cJSON *
typed_example(const struct request *req, char why[RULES_TRIAL_WHY])
{
	const char *rules = field(req, "rules"),
		   *initial = field(req, "initial");
	char where[JSONIN_WHERE_SIZE];
	cJSON *example, *set, *events;
	money_t m;

	if (money_from_text(initial, &m) == -1 || m <= 0) {
		snprintf(why, RULES_TRIAL_WHY,
		    "initial balance: not an amount above 0: \"%.40s\"",
		    initial);
		return NULL;
	}
	if ((set = jsonin_parse(rules, strlen(rules))) == NULL) {
		snprintf(why, RULES_TRIAL_WHY, "rules: line %s: not JSON",
		    jsonin_where(rules, strlen(rules), where));
		return NULL;
	}
	if ((events = rules_trial_path(field(req, "path"), why)) == NULL) {
		cJSON_Delete(set);
		return NULL;
	}
	example = cJSON_CreateObject();
	cJSON_AddItemToObject(example, "rules", set);
	cJSON_AddItemToObject(example, "events", events);
	cJSON_AddNumberToObject(example, "initial", money_to_double(m));
	cJSON_AddStringToObject(example, "phase", field(req, "phase"));
	return example;
}

void
rules_try_post(struct app *app, const struct request *req, struct response *res)
{
	struct buf *b = page_begin(res, req, "Rules");
	char no_events[RULES_TRIAL_WHY] = "";
	const char *why = no_events;
	struct rules_trial t = {.at_utc_ms = 0};
	cJSON *example = typed_example(req, no_events);

	(void)app;
	if (example != NULL)
		why = put_result(b, example, &t);
	cJSON_Delete(example);
	if (why != NULL) {
		buf_puts(b, "<p class=\"wrong\" role=\"alert\">Not tried: ");
		html_text(b, why);
		buf_puts(b, "</p>");
		res->status = 400;
	}
	rules_form_again(b, req);
	page_end(b);
	rules_trial_done(&t);
}

/* ---- the API ---- */

static void
put_json_step(const struct rules_trial *t, const cJSON *event, void *arg)
{
	struct json *j = arg;

	json_object(j, NULL);
	json_string(j, "event", event != NULL ? rules_trial_kind(event) : NULL);
	rules_trial_json(t, j);
	json_end(j);
}

static int
take_rules(const struct ledger_rule_set *r, void *arg)
{
	cJSON_AddItemToObject(
	    arg, "rules", jsonin_parse(r->rules, strlen(r->rules)));
	return 0;
}

/* A stored set is named by its id; it becomes the rules. */
static bool
fill_rules(struct app *app, cJSON *doc, struct response *res)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(doc, "rule_set");
	enum ledger_result r;
	int64_t id = 0;

	if (v == NULL)
		return true;
	if (cJSON_HasObjectItem(doc, "rules") ||
	    !jsonin_int64(doc, "rule_set", &id)) {
		response_error(res, 400, "bad_request",
		    "either rules, or rule_set, the id of a stored one");
		return false;
	}
	cJSON_DeleteItemFromObjectCaseSensitive(doc, "rule_set");
	r = ledger_rule_set_get(app_ledger(app), id, take_rules, doc);
	if (r == LEDGER_OK)
		return true;
	if (r == LEDGER_NOT_FOUND)
		response_error(
		    res, 404, "not_found", "no rule set %" PRId64, id);
	else
		app_ledger_failed(app, r, res);
	return false;
}

void
rules_try_api(struct app *app, const struct request *req, struct response *res)
{
	struct rules_trial t;
	cJSON *doc;

	memset(&t, 0, sizeof(t));
	if (!request_is_json(req)) {
		response_error(res, 415, "not_json",
		    "Content-Type must be application/json");
		return;
	}
	doc = jsonin_parse(req->body, req->body_len);
	if (!cJSON_IsObject(doc))
		response_error(
		    res, 400, "bad_request", "the body is not a JSON object");
	else if (fill_rules(app, doc, res)) {
		json_object(&res->json, NULL);
		json_array(&res->json, "steps");
		if (rules_trial_run(&t, doc, NULL, put_json_step, &res->json) ==
		    -1)
			response_error(res, 400, "bad_request", "%s", t.why);
		else {
			json_end(&res->json);
			json_end(&res->json);
		}
	}
	cJSON_Delete(doc);
	rules_trial_done(&t);
}

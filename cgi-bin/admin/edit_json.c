/*
 * PUT /api/accounts/{server}/{login}/phase  {phase, status, initial_balance}
 * PUT …/vs                                  {vs_group}
 * PUT …/meta              {holder, prop_firm, tags, note, rule_set}
 *
 * Each with "version", as last read: 409 with the current phase when it has
 * changed. Absent members stay as they are; null clears.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/edit.h"
#include "lib/base/mem.h"
#include "lib/trading/money.h"

/* The body being read; keeps the first error. */
struct body {
	cJSON *doc;
	char why[EDIT_WHY_SIZE];
	char *tags; /* as JSON text */
};

static void
complain(struct body *b, const char *what, const char *name)
{
	if (*b->why == '\0')
		snprintf(b->why, sizeof(b->why), "%s: \"%.60s\"", what, name);
}

static void
check_names(struct body *b, const char *const known[])
{
	const cJSON *member;
	int i;

	cJSON_ArrayForEach(member, b->doc) {
		for (i = 0; known[i] != NULL; i++)
			if (strcmp(known[i], member->string) == 0)
				break;
		if (known[i] == NULL)
			complain(b, "unknown member", member->string);
	}
}

static bool
body_open(struct body *b, const struct request *req, struct response *res,
    const char *const known[])
{
	memset(b, 0, sizeof(*b));
	if (!request_is_json(req)) {
		response_error(res, 415, "not_json",
		    "Content-Type must be application/json");
		return false;
	}
	b->doc = jsonin_parse(req->body, req->body_len);
	if (!cJSON_IsObject(b->doc)) {
		response_error(
		    res, 400, "bad_request", "the body is not a JSON object");
		cJSON_Delete(b->doc);
		return false;
	}
	check_names(b, known);
	return true;
}

static void
body_done(struct body *b)
{
	cJSON_Delete(b->doc);
	free(b->tags);
}

static const cJSON *
member(const struct body *b, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(b->doc, name);
}

/* A string; null gives `none`. NULL when absent. */
static const char *
text(struct body *b, const char *name, const char *none)
{
	const cJSON *v = member(b, name);

	if (v == NULL)
		return NULL;
	if (cJSON_IsNull(v) && none != NULL)
		return none;
	if (cJSON_IsString(v))
		return v->valuestring;
	complain(b, "not a string", name);
	return NULL;
}

static void
read_money(struct body *b, const char *name, struct amount *out)
{
	const cJSON *v = member(b, name);

	if (v == NULL)
		return;
	if (cJSON_IsNumber(v) &&
	    money_from_double(v->valuedouble, &out->v) == 0 && out->v > 0)
		out->known = true;
	else
		complain(b, "not an amount above 0", name);
}

/* A list of strings, as the JSON text the ledger stores. */
static void
read_tags(struct body *b, struct ledger_meta_edit *edit)
{
	const cJSON *v = member(b, "tags"), *tag;

	if (v == NULL)
		return;
	if (!cJSON_IsArray(v) && !cJSON_IsNull(v)) {
		complain(b, "not a list of strings", "tags");
		return;
	}
	cJSON_ArrayForEach(tag, v)
		if (!cJSON_IsString(tag))
			complain(b, "not a list of strings", "tags");
	b->tags =
	    cJSON_IsNull(v) ? mem_strdup("[]") : cJSON_PrintUnformatted(v);
	edit->tags = b->tags;
}

static void
read_rule_set(struct body *b, struct ledger_meta_edit *edit)
{
	const cJSON *v = member(b, "rule_set");

	edit->rule_set = -1;
	if (v == NULL)
		return;
	edit->rule_set = 0;
	if (!cJSON_IsNull(v) &&
	    (!jsonin_int64(b->doc, "rule_set", &edit->rule_set) ||
		edit->rule_set < 1))
		complain(b, "not a rule set id", "rule_set");
}

/* Absent and null are 0: an account never edited. */
static void
read_version(struct body *b, struct edit_fields *f)
{
	const cJSON *v = member(b, "version");

	if (v == NULL || cJSON_IsNull(v))
		return;
	if (!jsonin_int64(b->doc, "version", &f->version) || f->version < 0)
		complain(b, "not a version", "version");
}

static void
finish(struct app *app, const struct request *req, struct response *res,
    struct body *b, struct edit_fields *f)
{
	struct subject s;

	read_version(b, f);
	if (*b->why != '\0')
		response_error(res, 400, "bad_request", "%s", b->why);
	else if (subject_of_path(app, req, res, &s))
		edit_answer(app, res, &s, f);
	body_done(b);
}

void
phase_put(struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {
	    "phase", "status", "initial_balance", "version", NULL};
	struct edit_fields f = {.phase_given = true};
	struct body b;

	if (!body_open(&b, req, res, known))
		return;
	f.phase.phase = text(&b, "phase", NULL);
	f.phase.status = text(&b, "status", NULL);
	read_money(&b, "initial_balance", &f.phase.initial_balance);
	finish(app, req, res, &b, &f);
}

void
vs_put(struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {"vs_group", "version", NULL};
	struct edit_fields f = {.meta_given = true, .meta.rule_set = -1};
	struct body b;

	if (!body_open(&b, req, res, known))
		return;
	f.meta.vs_group = text(&b, "vs_group", "");
	finish(app, req, res, &b, &f);
}

void
meta_put(struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {
	    "holder", "prop_firm", "tags", "note", "rule_set", "version", NULL};
	struct edit_fields f = {.meta_given = true};
	struct body b;

	if (!body_open(&b, req, res, known))
		return;
	f.meta.holder = text(&b, "holder", "");
	f.meta.prop_firm = text(&b, "prop_firm", "");
	f.meta.note = text(&b, "note", "");
	read_tags(&b, &f.meta);
	read_rule_set(&b, &f.meta);
	finish(app, req, res, &b, &f);
}

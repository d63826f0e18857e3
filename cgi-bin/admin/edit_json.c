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

#include "cgi-bin/admin/body.h"
#include "lib/base/mem.h"
#include "lib/base/moment.h"
#include "lib/trading/money.h"

static void
read_money(struct body *b, const char *name, struct amount *out)
{
	const cJSON *v = body_member(b, name);

	if (v == NULL)
		return;
	if (cJSON_IsNumber(v) &&
	    money_from_double(v->valuedouble, &out->v) == 0 && out->v > 0)
		out->known = true;
	else
		body_wrong(b, "not an amount above 0", name);
}

/* A list of strings, as the JSON text the ledger stores. */
static void
read_tags(struct body *b, struct ledger_meta_edit *edit)
{
	const cJSON *v = body_member(b, "tags"), *tag;

	if (v == NULL)
		return;
	if (!cJSON_IsArray(v) && !cJSON_IsNull(v)) {
		body_wrong(b, "not a list of strings", "tags");
		return;
	}
	cJSON_ArrayForEach(tag, v)
		if (!cJSON_IsString(tag))
			body_wrong(b, "not a list of strings", "tags");
	b->tags =
	    cJSON_IsNull(v) ? mem_strdup("[]") : cJSON_PrintUnformatted(v);
	edit->tags = b->tags;
}

static void
read_rule_set(struct body *b, struct ledger_meta_edit *edit)
{
	const cJSON *v = body_member(b, "rule_set");

	edit->rule_set = -1;
	if (v == NULL)
		return;
	edit->rule_set = 0;
	if (!cJSON_IsNull(v) &&
	    (!jsonin_int64(b->doc, "rule_set", &edit->rule_set) ||
		edit->rule_set < 1))
		body_wrong(b, "not a rule set id", "rule_set");
}

static void
finish(struct app *app, const struct request *req, struct response *res,
    struct body *b, struct edit_fields *f)
{
	struct subject s;

	body_version(b, &f->version);
	if (*b->why != '\0')
		response_error(res, 400, "bad_request", "%s", b->why);
	else if (subject_of_path(app, req, res, &s))
		edit_answer(app, res, &s, f);
	body_done(b);
}

/* When it began, and the high so far: null of it is "not known". */
static void
read_start(struct body *b, struct ledger_phase_edit *edit)
{
	const char *started = body_text(b, "started_utc", "");
	const cJSON *high = body_member(b, "high");

	if (started != NULL && *started != '\0' &&
	    moment_parse(started, &edit->started_utc_ms) == -1 &&
	    *b->why == '\0')
		snprintf(b->why, sizeof(b->why),
		    "started_utc: not a UTC moment: \"%.60s\"", started);
	edit->forget_high = cJSON_IsNull(high);
	if (high != NULL && !edit->forget_high)
		read_money(b, "high", &edit->high);
}

void
phase_put(struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {"phase", "status",
	    "initial_balance", "started_utc", "high", "version", NULL};
	struct edit_fields f = {.phase_given = true};
	struct body b;

	if (!body_open(&b, req, res, known))
		return;
	f.phase.phase = body_text(&b, "phase", NULL);
	f.phase.status = body_text(&b, "status", NULL);
	read_money(&b, "initial_balance", &f.phase.initial_balance);
	read_start(&b, &f.phase);
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
	f.meta.vs_group = body_text(&b, "vs_group", "");
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
	f.meta.holder = body_text(&b, "holder", "");
	f.meta.prop_firm = body_text(&b, "prop_firm", "");
	f.meta.note = body_text(&b, "note", "");
	read_tags(&b, &f.meta);
	read_rule_set(&b, &f.meta);
	finish(app, req, res, &b, &f);
}

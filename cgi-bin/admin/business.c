/*
 * POST /api/business/entry:
 * {"kind","amount","currency","at_utc","server","login",
 * "firm","holder","note"}: a fee, reset, cost, refund, payout or split is
 * entered; {"ok","id"}. DELETE /api/business/entry/{id}: it is removed. Both
 * are in the audit and can be undone.
 */
#include <ctype.h>
#include <string.h>

#include "cgi-bin/admin/body.h"
#include "lib/base/clock.h"
#include "lib/base/moment.h"
#include "lib/base/num.h"

#define TEXT_MAX 100
#define NOTE_MAX 500
#define AHEAD_MS INT64_C(86400000)

static void
answer(struct response *res, int64_t id)
{
	json_object(&res->json, NULL);
	json_bool(&res->json, "ok", true);
	json_id(&res->json, "id", id);
	json_end(&res->json);
}

static const char *
given(struct body *b, const char *name, size_t max)
{
	const char *text = body_text(b, name, "");

	if (*b->why == '\0')
		(void)edit_word_is_good(name, text, max, b->why);
	return text != NULL && *text != '\0' ? text : NULL;
}

static bool
is_currency(const char *s)
{
	size_t len = strlen(s);

	for (size_t i = 0; i < len; i++)
		if (!isupper((unsigned char)s[i]) &&
		    !isdigit((unsigned char)s[i]))
			return false;
	return len >= 3 && len <= 8;
}

static void
read_amount(struct body *b, struct ledger_business *e)
{
	const cJSON *o = body_member(b, "amount");
	int rc = -1;

	if (cJSON_IsNumber(o))
		rc = money_from_double(o->valuedouble, &e->amount);
	else if (cJSON_IsString(o))
		rc = money_from_text(o->valuestring, &e->amount);
	if (rc == -1)
		body_wrong(b, "not an amount, as 155 or \"155.50\"",
		    cJSON_IsString(o) ? o->valuestring : "amount");
	else if (e->amount <= 0)
		body_wrong(
		    b, "above 0: a cost is no negative number", "amount");
}

static void
read_entry(struct body *b, struct ledger_business *e, int64_t now_utc_ms)
{
	const char *at;
	bool split;

	e->kind = given(b, "kind", TEXT_MAX);
	if (e->kind == NULL || !ledger_business_is_kind(e->kind))
		body_wrong(b, "kind: " LEDGER_BUSINESS_KINDS ", not",
		    e->kind != NULL ? e->kind : "");
	read_amount(b, e);
	e->firm = given(b, "firm", TEXT_MAX);
	e->holder = given(b, "holder", TEXT_MAX);
	e->note = given(b, "note", NOTE_MAX);
	e->server = given(b, "server", TEXT_MAX);
	body_id(b, "login", &e->login);
	at = given(b, "at_utc", TEXT_MAX);
	e->at_utc_ms = now_utc_ms;
	if (at != NULL &&
	    (moment_parse(at, &e->at_utc_ms) == -1 || e->at_utc_ms <= 0 ||
		e->at_utc_ms > now_utc_ms + AHEAD_MS))
		body_wrong(b, "at_utc: a moment that was, not", at);
	e->currency = given(b, "currency", TEXT_MAX);
	if (*b->why != '\0')
		return;
	split = strcmp(e->kind, "split") == 0;
	if (split && e->amount > 100 * MONEY_ONE)
		body_wrong(b, "a split is 100 percent at most", "amount");
	if (split && e->currency != NULL)
		body_wrong(b, "a split has no currency", e->currency);
	if (!split && (e->currency == NULL || !is_currency(e->currency)))
		body_wrong(b, "currency: as USD, not",
		    e->currency != NULL ? e->currency : "");
	if ((e->server == NULL) != (body_member(b, "login") == NULL ||
				       cJSON_IsNull(body_member(b, "login"))))
		body_wrong(b, "server and login belong together",
		    e->server != NULL ? e->server : "login");
	if (split && e->server == NULL && e->firm == NULL)
		body_wrong(b, "a split is of an account or a firm", "firm");
}

void
business_post(struct app *app, const struct request *req, struct response *res)
{
	static const char *const known[] = {"kind", "amount", "currency",
	    "at_utc", "server", "login", "firm", "holder", "note", NULL};
	struct ledger_business e = {0};
	struct subject s = {0};
	enum ledger_result r;
	struct body b;
	int64_t id = 0;

	if (!body_open(&b, req, res, known))
		return;
	s.actor.who = req->user.name;
	s.actor.at_utc_ms = clock_utc_ms();
	read_entry(&b, &e, s.actor.at_utc_ms);
	if (*b.why != '\0')
		response_error(res, 400, "bad_request", "%s", b.why);
	else if (e.server == NULL ||
		 subject_find(app, req, res, e.server, e.login, &s)) {
		e.account = s.id;
		r = ledger_business_add(app_ledger(app), &e, &s.actor, &id);
		if (r == LEDGER_OK)
			answer(res, id);
		else
			app_ledger_failed(app, r, res);
	}
	body_done(&b);
}

void
business_delete(
    struct app *app, const struct request *req, struct response *res)
{
	const struct ledger_actor actor = {
	    .who = req->user.name, .at_utc_ms = clock_utc_ms()};
	const char *text = request_var(req, "id");
	enum ledger_result r = LEDGER_NOT_FOUND;
	int64_t id;

	if (num_int64(text, 1, INT64_MAX, &id) == 0)
		r = ledger_business_remove(app_ledger(app), id, &actor);
	if (r == LEDGER_OK)
		answer(res, id);
	else if (r == LEDGER_NOT_FOUND)
		response_error(
		    res, 404, "not_found", "no such entry: \"%.40s\"", text);
	else
		app_ledger_failed(app, r, res);
}

/* deals_get.c: a page of deals, asked of the terminal itself. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/account.h"
#include "agent/question.h"
#include "agent/routes.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/json/jsonin.h"
#include "lib/trading/deal.h"

#define LIMIT_DEFAULT 1000
#define LIMIT_MAX 5000
#define TWO_DAYS_MS ((int64_t)2 * 24 * 3600 * 1000)
#define MEMBERS_MAX 4096

static bool
read_range(const struct request *req, struct response *res, struct json *j)
{
	int64_t from = 0, to = clock_utc_ms() + TWO_DAYS_MS;
	int64_t after_broker_ms = 0, after_ticket = 0, limit = LIMIT_DEFAULT;

	if (!request_int64(req, res, "from_msc", 0, INT64_MAX, &from) ||
	    !request_int64(req, res, "to_msc", 0, INT64_MAX, &to) ||
	    !request_int64(
		req, res, "after_msc", 0, INT64_MAX, &after_broker_ms) ||
	    !request_int64(
		req, res, "after_ticket", 0, INT64_MAX, &after_ticket) ||
	    !request_int64(req, res, "limit", 1, LIMIT_MAX, &limit))
		return false;
	json_int(j, "from_msc", from);
	json_int(j, "to_msc", to);
	json_int(j, "after_msc", after_broker_ms);
	json_id(j, "after_ticket", after_ticket);
	json_int(j, "limit", limit);
	return true;
}

static bool
read_position(const struct request *req, struct response *res, struct json *j)
{
	int64_t id = 0;

	if (!request_params_known(req, res, "server login position_id") ||
	    !request_int64(req, res, "position_id", 1, INT64_MAX, &id))
		return false;
	json_id(j, "position_id", id);
	return true;
}

/* The question's members as an object. False: 400 is already answered. */
static bool
read_question(const struct request *req, struct response *res,
    const struct terminal *t, struct json *j)
{
	bool ok;

	json_object(j, NULL);
	json_id(j, "login", t->snapshot->login);
	json_string(j, "server", t->snapshot->server);
	if (request_query(req, "position_id") != NULL)
		ok = read_position(req, res, j);
	else
		ok = read_range(req, res, j);
	json_end(j);
	return ok;
}

/* ",a:1}" of "{a:1}": what follows "id". */
static struct question *
ask(struct app *app, const struct request *req, struct terminal *t,
    struct json *j)
{
	int64_t deadline =
	    req->came_mono_ms + (int64_t)app->config.agent_timeout_s * 1000;
	char id[24], members[MEMBERS_MAX];
	const char *kind = "deals", *text;
	struct question *q;
	size_t len;

	if ((text = json_text(j, &len)) == NULL || len >= sizeof(members))
		return NULL;
	if (request_query(req, "position_id") != NULL)
		kind = "position";
	snprintf(members, sizeof(members), ",%.*s", (int)len - 2, text + 1);
	snprintf(id, sizeof(id), "r%.8sx%" PRIx64, app->terminals.run,
	    ++app->questions);
	if ((q = question_ask(&t->questions, id, kind, members, deadline)) !=
	    NULL) {
		q->server = mem_strdup(t->snapshot->server);
		q->login = t->snapshot->login;
	}
	return q;
}

static bool
is_done(const void *kept)
{
	return question_is_done(kept);
}

static void
drop(void *kept)
{
	question_free(kept);
}

/* Puts the question; NULL with the answer made. */
static struct question *
start(struct app *app, const struct request *req, struct response *res)
{
	struct terminal *t = account_named(app, req, res);
	struct question *q = NULL;
	struct json j;

	if (t == NULL)
		return NULL;
	json_init(&j, MEMBERS_MAX);
	if (read_question(req, res, t, &j)) {
		if ((q = ask(app, req, t, &j)) != NULL) {
			response_keep(res, q, is_done, drop);
		} else {
			response_header(res, "Retry-After", "1");
			response_error(res, 503, "busy",
			    "too many requests are queued for this terminal");
		}
	}
	json_done(&j);
	return q;
}

static void
put_member(struct json *j, const struct members *m, const char *name)
{
	const struct member *v = members_find(m, name);

	if (v == NULL)
		json_null(j, name);
	else
		json_raw(j, name, v->value, v->len);
}

static void
answer_error(struct response *res, const struct member *error)
{
	struct members m;
	char *message;
	bool wrong;

	if (!jsonscan_object(error->value, error->len, &m))
		return response_error(
		    res, 502, "bad_reply", "the bridge's error is malformed");
	wrong = member_equals(members_find(&m, "code"), "wrong_account");
	message = member_text(members_find(&m, "message"));
	if (wrong)
		response_error(res, 404, "wrong_account", "%.400s",
		    message != NULL ? message : "another account is logged in");
	else
		response_error(res, 502, "bridge", "the bridge reports: %.400s",
		    message != NULL ? message : "no reason");
	free(message);
}

/* The bridge's answer is of the account that was asked for. */
static bool
is_of_account(const struct question *q)
{
	char *server = member_text(members_find(&q->answer, "server"));
	int64_t login = 0;
	bool same = server != NULL && strcmp(server, q->server) == 0;

	free(server);
	return same &&
	       member_int64(members_find(&q->answer, "login"), &login) &&
	       login == q->login;
}

static bool
amount_is_good(const struct members *m, const char *name)
{
	const struct member *v = members_find(m, name);
	cJSON *o = v != NULL ? jsonin_parse_foreign(v->value, v->len) : NULL;
	money_t amount;
	bool good = v == NULL || cJSON_IsNull(o) ||
		    (cJSON_IsNumber(o) &&
			money_from_double(o->valuedouble, &amount) == 0);

	cJSON_Delete(o);
	return good;
}

/* Is each of them one that MT5 can give? By the checks of trades. */
static bool
deals_are_good(const struct member *deals, char *why, size_t why_size)
{
	const cJSON *o;
	struct deal d;
	cJSON *list = NULL;
	bool good = true;

	snprintf(why, why_size, "more deals than were asked for");
	if (deals->count > LIMIT_MAX ||
	    !jsonscan_may_parse(deals->value, deals->len) ||
	    (list = jsonin_parse_foreign(deals->value, deals->len)) == NULL)
		return false;
	cJSON_ArrayForEach(o, list)
		if (good)
			good = deal_from_json(o, &d, why, why_size) == 0;
	cJSON_Delete(list);
	return good;
}

static void
answer(const struct question *q, struct response *res)
{
	char why[200];
	const struct members *m = &q->answer;
	const struct member *error = members_find(m, "error");
	struct json *j = &res->json;

	if (member_is(error, '{'))
		return answer_error(res, error);
	if (!member_is(error, 'n') ||
	    !member_is(members_find(m, "deals"), '[') || !is_of_account(q))
		return response_error(res, 502, "bad_reply",
		    "the bridge's reply does not hold this account's deals");
	if (!amount_is_good(m, "balance") || !amount_is_good(m, "credit"))
		return response_error(res, 502, "bad_data",
		    "the terminal reports a balance or credit that MT5 does "
		    "not give");
	if (!deals_are_good(members_find(m, "deals"), why, sizeof(why)))
		return response_error(res, 502, "bad_data",
		    "the terminal reports what MT5 does not give: %s", why);
	json_object(j, NULL);
	put_member(j, m, "server");
	put_member(j, m, "login");
	put_member(j, m, "complete");
	put_member(j, m, "more");
	put_member(j, m, "balance");
	put_member(j, m, "credit");
	put_member(j, m, "deals");
	json_end(j);
}

/* GET /deals?server=&login=&from_msc=&to_msc=&after_msc=&after_ticket=&limit=
 * or &position_id= in place of the range */
void
deals_get(struct app *app, const struct request *req, struct response *res)
{
	const struct question *q = res->kept;

	if (q == NULL && (q = start(app, req, res)) == NULL)
		return;
	switch (q->state) {
	case QUESTION_QUEUED:
	case QUESTION_SENT:
		if (!req->hurry)
			return response_wait(res, q->deadline_mono_ms);
		/* FALLTHROUGH */
	case QUESTION_TIMED_OUT:
		return response_error(res, 504, "timeout",
		    "the terminal did not answer within %d s",
		    app->config.agent_timeout_s);
	case QUESTION_ANSWERED:
		return answer(q, res);
	case QUESTION_BAD_REPLY:
		return response_error(
		    res, 502, "bad_reply", "the bridge's reply is malformed");
	case QUESTION_REFUSED:
		return response_error(res, 503, "mailbox",
		    "the request could not be written to the mailbox");
	case QUESTION_GONE:
		return response_error(res, 404, "terminal_gone",
		    "the terminal's mailbox was removed");
	}
}

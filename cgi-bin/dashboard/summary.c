/*
 * GET /api/summary: what the accounts amount to, without a row each: counts by
 * status, totals by currency, the same for each firm, how many are in which
 * phase, and those whose loss limits are used most (?worst=, 10). The filters
 * are those of /api/accounts.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/accounts_query.h"
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/names.h"
#include "cgi-bin/dashboard/sums.h"
#include "lib/base/mem.h"
#include "lib/trading/json_amount.h"

#define WORST 10
#define WORST_MAX 100

struct summary {
	struct sums all;
	struct names firms, phases; /* "" where there is none */
	struct sums *of_firm;
	size_t of_firm_size;
	int *in_phase;
	size_t in_phase_size;
	const struct board_row *worst[WORST_MAX];
	size_t worst_len;
};

static const char *
or_none(const char *word)
{
	return word != NULL ? word : "";
}

static void
add_to_firm(struct summary *s, const struct board_row *r)
{
	size_t len = s->firms.len;
	size_t n = names_number(
	    &s->firms, or_none(r->facts != NULL ? r->facts->prop_firm : NULL));

	s->of_firm =
	    mem_room(s->of_firm, len, &s->of_firm_size, sizeof(*s->of_firm));
	if (n == len)
		memset(&s->of_firm[n], 0, sizeof(s->of_firm[n]));
	sums_add(&s->of_firm[n], r);
}

static void
add_to_phase(struct summary *s, const struct board_row *r)
{
	size_t len = s->phases.len;
	size_t n = names_number(&s->phases,
	    or_none(r->facts != NULL ? r->facts->phase_word : NULL));

	s->in_phase =
	    mem_room(s->in_phase, len, &s->in_phase_size, sizeof(*s->in_phase));
	if (n == len)
		s->in_phase[n] = 0;
	s->in_phase[n]++;
}

/* Of two used alike the one that came first stays before the other. */
static void
add_to_worst(struct summary *s, const struct board_row *r, size_t most)
{
	size_t at = s->worst_len;

	if (!status_is_live(r->row->status) || !r->made->used_known)
		return;
	while (at > 0 && s->worst[at - 1]->made->used < r->made->used)
		at--;
	if (at == most)
		return;
	if (s->worst_len < most)
		s->worst_len++;
	memmove(&s->worst[at + 1], &s->worst[at],
	    (s->worst_len - at - 1) * sizeof(s->worst[0]));
	s->worst[at] = r;
}

static void
put_firms(struct json *j, struct summary *s)
{
	json_array(j, "firms");
	for (size_t i = 0; i < s->firms.len; i++) {
		json_object(j, NULL);
		json_string(j, "firm",
		    *s->firms.words[i] != '\0' ? s->firms.words[i] : NULL);
		json_int(j, "accounts", s->of_firm[i].accounts);
		sums_json(j, &s->of_firm[i]);
		json_end(j);
	}
	json_end(j);
}

static void
put_phases(struct json *j, const struct summary *s)
{
	json_array(j, "phases");
	for (size_t i = 0; i < s->phases.len; i++) {
		json_object(j, NULL);
		json_string(j, "phase",
		    *s->phases.words[i] != '\0' ? s->phases.words[i] : NULL);
		json_int(j, "accounts", s->in_phase[i]);
		json_end(j);
	}
	json_end(j);
}

static void
put_worst(struct json *j, const struct summary *s)
{
	json_array(j, "worst");
	for (size_t i = 0; i < s->worst_len; i++) {
		const struct board_row *r = s->worst[i];

		json_object(j, NULL);
		json_string(j, "server", r->row->server);
		json_id(j, "login", r->row->login);
		json_string(j, "node", r->row->node->id);
		json_string(j, "status", status_word(r->row->status));
		json_string(j, "currency", r->row->currency);
		json_string(j, "prop_firm", r->facts->prop_firm);
		json_string(j, "phase", r->facts->phase_word);
		json_string(j, "rule", rule_kind_word(r->made->used_rule));
		json_number(j, "used", round(r->made->used * 1e4) / 1e4);
		json_amount(j, "left", &r->made->used_left);
		json_bool(j, "estimated", r->made->used_estimated);
		json_end(j);
	}
	json_end(j);
}

static void
put_summary(struct json *j, const struct accounts_query *q, struct board *b,
    size_t most)
{
	struct summary s = {0};

	for (size_t i = 0; i < b->len; i++) {
		struct board_row *r = &b->rows[i];

		if (accounts_query_fits(q, r) != FACETS_ALL)
			continue;
		sums_add(&s.all, r);
		add_to_firm(&s, r);
		add_to_phase(&s, r);
		add_to_worst(&s, r, most);
	}
	json_int(j, "accounts", s.all.accounts);
	sums_json(j, &s.all);
	put_firms(j, &s);
	put_phases(j, &s);
	put_worst(j, &s);
	for (size_t i = 0; i < s.firms.len; i++)
		sums_done(&s.of_firm[i]);
	free(s.of_firm);
	free(s.in_phase);
	names_done(&s.firms);
	names_done(&s.phases);
	sums_done(&s.all);
}

void
summary_get(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;
	int64_t worst = WORST;
	struct accounts_query q;
	struct view v = {0};
	struct board b;
	size_t head;

	if (accounts_query_read(&q, req, res) &&
	    request_int64(req, res, "worst", 0, WORST_MAX, &worst) &&
	    app_view(app, req, &v, res) == 0) {
		board_make(&b, &v, &app->facts);
		json_object(j, NULL);
		json_utc(j, "as_of_utc", v.now_utc_ms);
		json_string(j, "live_id", v.live_id);
		head = j->out.len;
		put_summary(j, &q, &b, (size_t)worst);
		json_end(j);
		response_etag(res,
		    web_hash(q.hash, j->out.data + head, j->out.len - head));
		board_done(&b);
	}
	view_done(&v);
	accounts_query_done(&q);
}

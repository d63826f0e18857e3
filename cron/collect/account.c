/* account.c: one account on a node, as its agent last told it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/collect/account.h"
#include "lib/base/mem.h"
#include "lib/fleet/fields.h"
#include "lib/fleet/fresh.h"

#define PART_MAX ((size_t)32 << 20)
#define SERVER_MAX 256 /* bytes */
/* what a row is of which nothing is known */
#define UNKNOWN_ROW                                                     \
	"{\"account\":null,\"terminal\":null,\"broker_offset_s\":null," \
	"\"usd_rate\":null,\"positions\":null,\"orders\":null}"
#define UNKNOWN_EXTRA "{\"equity_range\":null,\"history\":null}"

void
account_free(struct account *a)
{
	if (a == NULL)
		return;
	free(a->server);
	free(a->error);
	free(a->claims);
	reported_done(&a->reported);
	free(a->row);
	free(a->extra);
	free(a->positions);
	free(a->orders);
	free(a);
}

bool
account_is(const struct account *a, const char *server, int64_t login)
{
	return account_key_is(a->server, a->login, server, login);
}

static double
number_or_nan(const cJSON *o, const char *key)
{
	double v = NAN;

	jsonin_number(o, key, &v);
	return v;
}

static void
read_range(struct equity_range *r, const cJSON *o)
{
	const char *day = "";

	r->low = number_or_nan(o, "low");
	r->high = number_or_nan(o, "high");
	r->day_low = number_or_nan(o, "day_low");
	r->day_high = number_or_nan(o, "day_high");
	jsonin_string(o, "day", &day);
	snprintf(r->day, sizeof(r->day), "%.10s", day);
}

static bool
is_server(const char *s)
{
	return *s != '\0' && strlen(s) <= SERVER_MAX &&
	       strstr(s, JSONIN_NUL) == NULL;
}

bool
account_identity(const cJSON *doc, const char **server, int64_t *login)
{
	const cJSON *account = jsonin_object(doc, "account");

	return jsonin_string(account, "server", server) && is_server(*server) &&
	       jsonin_int64(account, "login", login) && *login > 0;
}

static int
read_identity(struct account *a, const cJSON *account, char why[WHY_SIZE])
{
	const char *server;
	int64_t login;

	if (!jsonin_string(account, "server", &server) || !is_server(server)) {
		snprintf(why, WHY_SIZE, "an account without a server");
		return -1;
	}
	if (!jsonin_int64(account, "login", &login) || login <= 0) {
		snprintf(why, WHY_SIZE, "an account without a login");
		return -1;
	}
	a->server = mem_strdup(server);
	a->login = login;
	return 0;
}

/* -1: not told. */
static void
put_count(struct json *j, const char *key, int n)
{
	if (n >= 0)
		json_int(j, key, n);
	else
		json_null(j, key);
}

/* The parts whose members have the same names in a bridge's document and in a
 * stored line. */
static void
read_parts(struct account *a, struct json *j, const cJSON *doc,
    const cJSON *range, int positions, int orders)
{
	const struct reported *r = &a->reported;

	reported_read(&a->reported, doc);
	read_range(&a->range, range);
	json_object(j, NULL);
	fields_put(j, "account", jsonin_object(doc, "account"), account_fields);
	fields_put(
	    j, "terminal", jsonin_object(doc, "terminal"), terminal_fields);
	if (r->offset_known)
		json_int(j, "broker_offset_s", r->offset_s);
	else
		json_null(j, "broker_offset_s");
	json_number(j, "usd_rate", fields_usd_rate(doc));
	put_count(j, "positions", positions);
	put_count(j, "orders", orders);
	/* the page must see a deposit before it counts it as P/L */
	if (r->non_trade_deals >= 0)
		json_int(j, "cash", r->non_trade_deals);
	json_end(j);
	a->row = json_take(j);
	json_object(j, NULL);
	fields_put(j, "equity_range", range, equity_fields);
	fields_put(j, "history", jsonin_object(doc, "history"), history_fields);
	json_end(j);
	a->extra = json_take(j);
}

static char *
write_list(struct json *j, const cJSON *doc, const char *key,
    const struct field *table, char why[WHY_SIZE])
{
	if (fields_put_list(j, jsonin_array(doc, key), table) == 0)
		return json_take(j);
	snprintf(why, WHY_SIZE, "no whole list of %s", key);
	return NULL;
}

/* Bridges of before give no session. */
static void
read_write(struct account *a, const cJSON *doc)
{
	const char *session;

	a->seq = -1;
	if (jsonin_string(jsonin_object(doc, "bridge"), "session", &session) &&
	    strlen(session) < sizeof(a->session) &&
	    jsonin_int64(doc, "seq", &a->seq))
		snprintf(a->session, sizeof(a->session), "%s", session);
}

bool
account_is_older(const struct account *a, const struct account *b)
{
	return *a->session != '\0' && strcmp(a->session, b->session) == 0 &&
	       a->seq < b->seq;
}

const char *
account_why(const struct account *a, char why[WHY_SIZE])
{
	if (a->status == STATUS_CONFLICT)
		snprintf(why, WHY_SIZE,
		    "shown by nodes %.160s: pin it to one in nodes.json",
		    a->claims);
	else if (a->status == STATUS_BAD_DATA && a->error != NULL)
		snprintf(why, WHY_SIZE, "%s", a->error);
	else
		return NULL;
	return why;
}

void
account_refuse(struct account *a, const char *error)
{
	if (a->error != NULL && strcmp(a->error, error) == 0)
		return;
	free(a->error);
	a->error = mem_strdup(error);
	a->status_moved = true;
}

struct account *
account_refused(const char *server, int64_t login, const char *error)
{
	struct account *a = mem_new(1, sizeof(*a));
	const cJSON *nothing = NULL;

	a->server = mem_strdup(server);
	a->login = login;
	a->seq = -1;
	reported_read(&a->reported, nothing);
	read_range(&a->range, nothing);
	a->noted = a->range;
	a->row = mem_strdup(UNKNOWN_ROW);
	a->extra = mem_strdup(UNKNOWN_EXTRA);
	a->positions = mem_strdup("null");
	a->orders = mem_strdup("null");
	account_refuse(a, error);
	return a;
}

struct account *
account_from_bridge(const cJSON *doc, char why[WHY_SIZE])
{
	struct account *a = mem_new(1, sizeof(*a));
	const cJSON *account = jsonin_object(doc, "account");
	char wrong[FIELDS_WHY_SIZE];
	struct account *refused;
	struct json j;
	bool good = false;

	json_init(&j, PART_MAX);
	if (read_identity(a, account, why) == -1)
		goto out;
	read_write(a, doc);
	if (fields_check_snapshot(doc, wrong) == -1) {
		refused = account_refused(a->server, a->login, wrong);
		json_done(&j);
		account_free(a);
		return refused;
	}
	a->positions = write_list(&j, doc, "positions", position_fields, why);
	if (a->positions == NULL)
		goto out;
	a->orders = write_list(&j, doc, "orders", order_fields, why);
	if (a->orders == NULL)
		goto out;
	read_parts(a, &j, doc, jsonin_object(doc, "equity"),
	    cJSON_GetArraySize(jsonin_array(doc, "positions")),
	    cJSON_GetArraySize(jsonin_array(doc, "orders")));
	good = a->row != NULL && a->extra != NULL;
	a->fresh = true;
	if (!good)
		snprintf(why, WHY_SIZE, "an account too large to keep");
out:
	json_done(&j);
	if (good)
		return a;
	account_free(a);
	return NULL;
}

struct account *
account_from_snapshot(const struct snapshot_account *stored)
{
	const struct snapshot_entry *e = &stored->entry;
	struct account *a;
	cJSON *doc;
	int positions = -1, orders = -1;
	struct json j;

	if (!stored->whole ||
	    (doc = jsonin_parse(stored->row.data, stored->row.len)) == NULL)
		return NULL;
	a = mem_new(1, sizeof(*a));
	a->server = mem_strdup(e->server);
	a->login = e->login;
	a->said = a->status = e->status;
	a->since_utc_ms = e->since_utc_ms;
	a->at_utc_ms = e->at_utc_ms;
	snprintf(a->terminal_id, sizeof(a->terminal_id), "%s", e->terminal_id);
	a->carried = e->carried;
	a->seq = e->seq;
	if (e->error != NULL)
		a->error = mem_strdup(e->error);
	if (e->session != NULL)
		snprintf(a->session, sizeof(a->session), "%s", e->session);
	memcpy(a->alerts, e->alerts, sizeof(a->alerts));
	jsonin_int(doc, "positions", &positions);
	jsonin_int(doc, "orders", &orders);
	json_init(&j, PART_MAX);
	read_parts(
	    a, &j, doc, jsonin_object(doc, "equity_range"), positions, orders);
	json_done(&j);
	cJSON_Delete(doc);
	a->noted = a->range;
	a->positions =
	    mem_strndup(stored->positions.data, stored->positions.len);
	a->orders = mem_strndup(stored->orders.data, stored->orders.len);
	if (a->row != NULL && a->extra != NULL)
		return a;
	account_free(a);
	return NULL;
}

void
account_put_entry(const struct account *a, struct json *j)
{
	const struct reported *r = &a->reported;
	struct snapshot_entry e = {.server = a->server,
	    .login = a->login,
	    .status = a->status,
	    .since_utc_ms = a->since_utc_ms,
	    .at_utc_ms = a->at_utc_ms,
	    .currency = r->currency,
	    .currency_digits = r->currency_digits,
	    .trade_mode = r->trade_mode,
	    .balance = r->balance,
	    .credit = r->credit,
	    .equity = r->equity,
	    .profit = r->profit,
	    .non_trade_deals = r->non_trade_deals,
	    .terminal_id = a->terminal_id,
	    .carried = a->carried,
	    .error = a->error,
	    .session = *a->session != '\0' ? a->session : NULL,
	    .seq = a->seq};

	memcpy(e.alerts, a->alerts, sizeof(e.alerts));
	snapshot_put_entry(j, &e);
}

void
account_put_lines(const struct account *a, struct json *j)
{
	snapshot_put_lines(j, a->row, a->extra, a->positions, a->orders);
}

bool
account_same_content(const struct account *a, const struct account *b)
{
	return strcmp(a->row, b->row) == 0 &&
	       strcmp(a->positions, b->positions) == 0 &&
	       strcmp(a->orders, b->orders) == 0;
}

void
account_set_status(struct account *a, enum status s, int64_t now_utc_ms)
{
	/* since a moment that lies ahead: the clock was set back */
	if (a->status == s && a->since_utc_ms != 0 &&
	    fresh_moment(a->since_utc_ms, now_utc_ms) != 0)
		return;
	a->status = s;
	a->since_utc_ms = now_utc_ms;
	a->status_moved = true;
}

/* fmin and fmax leave out what is not a number. */
static void
widen(struct minute *m, double low, double high)
{
	m->low = fmin(m->low, low);
	m->high = fmax(m->high, high);
}

void
account_note_equity(struct account *a, int64_t now_utc_ms)
{
	const struct equity_range *r = &a->range, *was = &a->noted;
	double equity = a->reported.equity;
	int64_t minute = now_utc_ms / 60000 * 60000;

	if (a->minute.utc_ms != minute)
		a->minute = (struct minute){minute, equity, equity};
	widen(&a->minute, equity, equity);
	if (!a->fresh)
		return; /* its range was counted when it came */
	a->fresh = false;
	widen(&a->minute, r->low, r->high);
	/*
	 * The bridge writes more often than we ask. A low of the day that is
	 * new since our last look fell in between.
	 */
	if (*r->day != '\0' && strcmp(r->day, was->day) == 0) {
		if (r->day_low < was->day_low)
			widen(&a->minute, r->day_low, NAN);
		if (r->day_high > was->day_high)
			widen(&a->minute, NAN, r->day_high);
	}
	a->noted = a->range;
}

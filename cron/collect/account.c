/* account.c: one account on a node, as its agent last told it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/collect/account.h"
#include "cron/collect/fields.h"
#include "lib/base/mem.h"

#define PART_MAX ((size_t)32 << 20)

void
account_free(struct account *a)
{
	if (a == NULL)
		return;
	free(a->server);
	free(a->summary);
	free(a->row);
	free(a->extra);
	free(a->positions);
	free(a->orders);
	free(a);
}

/* The writer's text for the caller; the writer is empty again. */
static char *
take(struct json *j)
{
	char *text = NULL;

	if (json_text(j, NULL) != NULL)
		text = buf_take(&j->out);
	json_reset(j);
	return text;
}

static double
number_or_nan(const cJSON *o, const char *key)
{
	double v = NAN;

	jsonin_number(o, key, &v);
	return v;
}

static void
read_equity(struct equity *e, const cJSON *account, const cJSON *range)
{
	const char *day = "";

	e->balance = number_or_nan(account, "balance");
	e->credit = number_or_nan(account, "credit");
	e->equity = number_or_nan(account, "equity");
	e->low = number_or_nan(range, "low");
	e->high = number_or_nan(range, "high");
	e->day_low = number_or_nan(range, "day_low");
	e->day_high = number_or_nan(range, "day_high");
	jsonin_string(range, "day", &day);
	snprintf(e->day, sizeof(e->day), "%.10s", day);
}

static int
read_identity(struct account *a, const cJSON *account, char why[WHY_SIZE])
{
	const char *server;
	int64_t login;

	if (!jsonin_string(account, "server", &server) || *server == '\0') {
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

/* For the head: what sums are made of, and how many deals are no trade. */
static char *
summary_of(struct json *j, const cJSON *account, const cJSON *history)
{
	char *fields;
	int64_t cash;

	fields_put(j, NULL, account, summary_fields);
	if ((fields = take(j)) == NULL)
		return NULL;
	json_object(j, NULL);
	json_members(j, fields, strlen(fields));
	if (jsonin_int64(history, "cash", &cash))
		json_int(j, "cash", cash);
	json_end(j);
	free(fields);
	return take(j);
}

/* The parts whose members are named the same in both of our sources. */
static void
write_parts(struct account *a, struct json *j, const cJSON *doc,
    const cJSON *range, int positions, int orders)
{
	const cJSON *account = jsonin_object(doc, "account");
	int64_t offset, cash;

	a->summary = summary_of(j, account, jsonin_object(doc, "history"));
	json_object(j, NULL);
	fields_put(j, "account", account, account_fields);
	fields_put(
	    j, "terminal", jsonin_object(doc, "terminal"), terminal_fields);
	if (jsonin_int64(doc, "broker_offset_s", &offset))
		json_int(j, "broker_offset_s", offset);
	else
		json_null(j, "broker_offset_s");
	json_int(j, "positions", positions);
	json_int(j, "orders", orders);
	/* the page must see a deposit before it counts it as P/L */
	if (jsonin_int64(jsonin_object(doc, "history"), "cash", &cash))
		json_int(j, "cash", cash);
	json_end(j);
	a->row = take(j);
	json_object(j, NULL);
	fields_put(j, "equity_range", range, equity_fields);
	fields_put(j, "history", jsonin_object(doc, "history"), history_fields);
	json_end(j);
	a->extra = take(j);
	read_equity(&a->equity, account, range);
}

static char *
write_list(struct json *j, const cJSON *doc, const char *key,
    const struct field *table, char why[WHY_SIZE])
{
	if (fields_put_list(j, jsonin_array(doc, key), table) == 0)
		return take(j);
	snprintf(why, WHY_SIZE, "no whole list of %s", key);
	return NULL;
}

struct account *
account_from_snapshot(const cJSON *doc, char why[WHY_SIZE])
{
	struct account *a = mem_new(1, sizeof(*a));
	const cJSON *account = jsonin_object(doc, "account");
	struct json j;
	bool good = false;

	json_init(&j, PART_MAX);
	if (read_identity(a, account, why) == -1)
		goto out;
	a->positions = write_list(&j, doc, "positions", position_fields, why);
	if (a->positions == NULL)
		goto out;
	if ((a->orders = write_list(&j, doc, "orders", order_fields, why)) ==
	    NULL)
		goto out;
	write_parts(a, &j, doc, jsonin_object(doc, "equity"),
	    cJSON_GetArraySize(jsonin_array(doc, "positions")),
	    cJSON_GetArraySize(jsonin_array(doc, "orders")));
	good = a->summary != NULL && a->row != NULL && a->extra != NULL;
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

static const char *const alarms[] = {"none", "warn", "critical"};

static void
read_worry(struct worry *w, const cJSON *entry)
{
	const char *word;

	jsonin_int64(entry, "warn_msc", &w->warn_msc);
	jsonin_int64(entry, "critical_msc", &w->critical_msc);
	if (jsonin_string(entry, "alerted", &word))
		w->said = strcmp(word, alarms[ALARM_WARN]) == 0
			      ? ALARM_WARN
			      : ALARM_CRITICAL;
}

static void
put_worry(const struct worry *w, struct json *j)
{
	if (w->warn_msc != 0)
		json_int(j, "warn_msc", w->warn_msc);
	if (w->critical_msc != 0)
		json_int(j, "critical_msc", w->critical_msc);
	if (w->said != ALARM_NONE)
		json_string(j, "alerted", alarms[w->said]);
}

static bool
read_entry(struct account *a, const cJSON *entry)
{
	const char *word = "", *terminal = "";
	char why[WHY_SIZE];

	if (read_identity(a, entry, why) == -1 ||
	    !jsonin_string(entry, "status", &word) ||
	    !status_from(word, &a->said) ||
	    !jsonin_int64(entry, "since_msc", &a->since_msc) ||
	    !jsonin_int64(entry, "at_msc", &a->at_msc))
		return false;
	jsonin_string(entry, "terminal_id", &terminal);
	snprintf(a->terminal_id, sizeof(a->terminal_id), "%s", terminal);
	jsonin_bool(entry, "carried", &a->carried);
	read_worry(&a->worry, entry);
	a->status = a->said;
	return true;
}

struct account *
account_from_lines(
    const cJSON *entry, const char *const lines[3], const size_t lens[3])
{
	struct account *a = mem_new(1, sizeof(*a));
	cJSON *doc = jsonin_parse(lines[0], lens[0]);
	int positions = 0, orders = 0;
	struct json j;

	json_init(&j, PART_MAX);
	jsonin_int(doc, "positions", &positions);
	jsonin_int(doc, "orders", &orders);
	if (doc != NULL && read_entry(a, entry)) {
		write_parts(a, &j, doc, jsonin_object(doc, "equity_range"),
		    positions, orders);
		a->before = a->equity;
		a->positions = mem_strndup(lines[1], lens[1]);
		a->orders = mem_strndup(lines[2], lens[2]);
	}
	json_done(&j);
	cJSON_Delete(doc);
	if (a->summary != NULL && a->row != NULL && a->extra != NULL)
		return a;
	account_free(a);
	return NULL;
}

void
account_put_entry(const struct account *a, struct json *j)
{
	json_object(j, NULL);
	json_string(j, "server", a->server);
	json_id(j, "login", a->login);
	json_string(j, "status", status_word(a->status));
	json_int(j, "since_msc", a->since_msc);
	json_int(j, "at_msc", a->at_msc);
	json_members(j, a->summary, strlen(a->summary));
	json_string(j, "terminal_id", a->terminal_id);
	if (a->carried)
		json_bool(j, "carried", true);
	put_worry(&a->worry, j);
	json_end(j);
}

void
account_put_lines(const struct account *a, struct json *j)
{
	json_object(j, NULL);
	json_members(j, a->row, strlen(a->row));
	json_members(j, a->extra, strlen(a->extra));
	json_end(j);
	json_newline(j);
	json_raw(j, NULL, a->positions, strlen(a->positions));
	json_newline(j);
	json_raw(j, NULL, a->orders, strlen(a->orders));
	json_newline(j);
}

bool
account_same_content(const struct account *a, const struct account *b)
{
	return strcmp(a->row, b->row) == 0 &&
	       strcmp(a->positions, b->positions) == 0 &&
	       strcmp(a->orders, b->orders) == 0;
}

void
account_set_status(struct account *a, enum status s, int64_t now_msc)
{
	if (a->status == s && a->since_msc != 0)
		return;
	a->status = s;
	a->since_msc = now_msc;
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
account_note_equity(struct account *a, int64_t now_msc)
{
	const struct equity *e = &a->equity, *was = &a->before;
	int64_t minute = now_msc / 60000 * 60000;

	if (a->minute.utc_msc != minute)
		a->minute = (struct minute){minute, e->equity, e->equity};
	widen(&a->minute, e->equity, e->equity);
	if (!a->fresh)
		return; /* its range was counted when it came */
	a->fresh = false;
	widen(&a->minute, e->low, e->high);
	/*
	 * The bridge writes more often than we ask. A low of the day that is
	 * new since our last look fell in between.
	 */
	if (*e->day != '\0' && strcmp(e->day, was->day) == 0) {
		if (e->day_low < was->day_low)
			widen(&a->minute, e->day_low, NAN);
		if (e->day_high > was->day_high)
			widen(&a->minute, NAN, e->day_high);
	}
	a->before = a->equity;
}

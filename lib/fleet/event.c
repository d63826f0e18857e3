/* event.c: what is written to the streams of Redis, and read from them. */
#include <string.h>

#include "lib/fleet/event.h"
#include "lib/fleet/phase_json.h"

static const char *const words[EVENT_TYPES] = {
    [EVENT_ACCOUNT] = "account",
    [EVENT_STATUS] = "status",
    [EVENT_PHASE] = "phase",
    [EVENT_ALERT] = "alert",
    [EVENT_RESET] = "reset",
};

bool
event_type_from(const char *word, enum event_type *out)
{
	for (int t = 0; t < EVENT_TYPES; t++)
		if (strcmp(word, words[t]) == 0) {
			*out = (enum event_type)t;
			return true;
		}
	return false;
}

static void
begin(struct json *j, enum event_type type)
{
	json_object(j, NULL);
	json_string(j, "type", words[type]);
}

static void
put_key(struct json *j, const char *server, int64_t login)
{
	json_string(j, "server", server);
	if (server != NULL)
		json_id(j, "login", login);
	else
		json_null(j, "login");
}

void
event_put_account(struct json *j, const struct event_account *e)
{
	begin(j, EVENT_ACCOUNT);
	put_key(j, e->server, e->login);
	json_string(j, "node", e->node);
	json_string(j, "status", status_word(e->status));
	json_utc(j, "since_utc", e->since_utc_ms);
	json_utc(j, "at_utc", e->at_utc_ms);
	json_members(j, e->row, strlen(e->row));
	json_end(j);
}

void
event_put_status(struct json *j, const struct event_status *e)
{
	begin(j, EVENT_STATUS);
	put_key(j, e->server, e->login);
	json_string(j, "node", e->node);
	json_string(j, "status", status_word(e->status));
	json_utc(j, "since_utc", e->since_utc_ms);
	json_string(j, "error", e->error);
	json_end(j);
}

void
event_put_phase(struct json *j, const struct ledger_account *a, const char *who)
{
	begin(j, EVENT_PHASE);
	put_key(j, a->server, a->login);
	phase_json(j, "phase", a);
	json_string(j, "who", who);
	json_end(j);
}

void
event_put_alert(struct json *j, const struct event_alert *e)
{
	begin(j, EVENT_ALERT);
	json_string(j, "key", e->key);
	json_string(j, "level", alert_level_word(e->level));
	json_string(j, "server", e->server);
	json_string(j, "login", e->login);
	json_string(j, "text", e->text);
	if (e->at_utc_ms != 0)
		json_int(j, "at_msc", e->at_utc_ms);
	json_end(j);
}

void
event_put_reset(struct json *j)
{
	begin(j, EVENT_RESET);
	json_end(j);
}

void
event_add_text(
    struct cache_batch *b, enum event_type type, const char *text, size_t len)
{
	cache_batch_event(b, words[type], text, len);
}

bool
event_add(struct cache_batch *b, enum event_type type, struct json *j)
{
	size_t len;
	const char *text = json_text(j, &len);

	if (text != NULL)
		event_add_text(b, type, text, len);
	json_reset(j);
	return text != NULL;
}

bool
event_read(struct event_entry *e, const char *text, size_t len)
{
	const char *word;

	*e = (struct event_entry){.type = EVENT_TYPES};
	e->doc = jsonin_parse(text, len);
	if (!cJSON_IsObject(e->doc))
		return false;
	if (jsonin_string(e->doc, "type", &word))
		(void)event_type_from(word, &e->type);
	if (!jsonin_string(e->doc, "server", &e->server) ||
	    !jsonin_string(e->doc, "login", &e->login))
		e->server = e->login = NULL;
	return true;
}

void
event_done(struct event_entry *e)
{
	cJSON_Delete(e->doc);
	*e = (struct event_entry){.type = EVENT_TYPES};
}

static bool
read_money(const cJSON *o, const char *key, money_t *out)
{
	double v;

	return jsonin_number(o, key, &v) && money_from_double(v, out) == 0;
}

void
event_read_money(const struct event_entry *e, struct row_money *out)
{
	const cJSON *o = jsonin_object(e->doc, "account");

	*out = (struct row_money){.money.non_trade_deals = -1};
	out->known = read_money(o, "balance", &out->money.balance) &&
		     read_money(o, "credit", &out->money.credit) &&
		     read_money(o, "equity", &out->money.equity) &&
		     read_money(o, "profit", &out->profit);
	jsonin_int64(e->doc, "cash", &out->money.non_trade_deals);
}

bool
event_read_alert(const struct event_entry *e, struct event_alert *out)
{
	struct event_alert a = {.server = e->server, .login = e->login};
	const char *level;

	if (e->type != EVENT_ALERT || !jsonin_string(e->doc, "key", &a.key) ||
	    !jsonin_string(e->doc, "text", &a.text) ||
	    !jsonin_string(e->doc, "level", &level) ||
	    !alert_level_from(level, &a.level))
		return false;
	jsonin_int64(e->doc, "at_msc", &a.at_utc_ms);
	*out = a;
	return true;
}

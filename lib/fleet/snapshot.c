/* snapshot.c: what Redis holds of a node, written and read. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/fleet/snapshot.h"

/* ---- written ---- */

void
snapshot_put_head(struct json *j, const struct snapshot_head *h)
{
	json_object(j, NULL);
	json_string(j, "node", h->node);
	json_string(j, "rev", h->rev);
	json_int(j, "at_msc", h->at_utc_ms);
	json_raw(j, "agent", h->agent, strlen(h->agent));
	json_string(j, "status", status_word(h->status));
	json_array(j, "accounts");
}

static void
put_known_int(struct json *j, const char *key, int v)
{
	if (v >= 0)
		json_int(j, key, v);
	else
		json_null(j, key);
}

void
snapshot_put_entry(struct json *j, const struct snapshot_entry *e)
{
	json_object(j, NULL);
	json_string(j, "server", e->server);
	json_id(j, "login", e->login);
	json_string(j, "status", status_word(e->status));
	json_int(j, "since_msc", e->since_utc_ms);
	json_int(j, "at_msc", e->at_utc_ms);
	json_string(j, "currency", e->currency);
	put_known_int(j, "currency_digits", e->currency_digits);
	put_known_int(j, "trade_mode", e->trade_mode);
	json_number(j, "balance", e->balance);
	json_number(j, "credit", e->credit);
	json_number(j, "equity", e->equity);
	json_number(j, "profit", e->profit);
	if (e->non_trade_deals >= 0)
		json_int(j, "cash", e->non_trade_deals);
	json_string(j, "terminal_id", e->terminal_id);
	if (e->carried)
		json_bool(j, "carried", true);
	if (e->error != NULL)
		json_string(j, "error", e->error);
	if (e->session != NULL) {
		json_string(j, "session", e->session);
		json_int(j, "seq", e->seq);
	}
	alert_states_put(j, e->alerts);
	json_end(j);
}

void
snapshot_end_head(struct json *j)
{
	json_end(j);
	json_end(j);
	json_newline(j);
}

void
snapshot_put_lines(struct json *j, const char *row, const char *extra,
    const char *positions, const char *orders)
{
	json_object(j, NULL);
	json_members(j, row, strlen(row));
	json_members(j, extra, strlen(extra));
	json_end(j);
	json_newline(j);
	json_raw(j, NULL, positions, strlen(positions));
	json_newline(j);
	json_raw(j, NULL, orders, strlen(orders));
	json_newline(j);
}

/* ---- read ---- */

/* Cuts the next line off *text; data NULL where there is none. */
static struct cache_value
next_line(struct cache_value *text)
{
	struct cache_value line = {NULL, 0};
	const char *end;

	if (text->data == NULL || text->len == 0)
		return line;
	end = memchr(text->data, '\n', text->len);
	line.data = text->data;
	line.len = end != NULL ? (size_t)(end - text->data) : text->len;
	text->len -= line.len + (end != NULL);
	text->data += line.len + (end != NULL);
	return line;
}

/* Of a live status that is not understood nothing may be taken for live. */
static bool
read_status(const cJSON *o, enum status *status)
{
	const char *word;

	return jsonin_string(o, "status", &word) && status_from(word, status);
}

static bool
read_entry(struct snapshot_entry *e, const cJSON *o)
{
	bool whole;

	*e = (struct snapshot_entry){.status = STATUS_STALE,
	    .currency_digits = -1,
	    .trade_mode = -1,
	    .balance = NAN,
	    .credit = NAN,
	    .equity = NAN,
	    .profit = NAN,
	    .non_trade_deals = -1,
	    .terminal_id = "",
	    .seq = -1};
	if (!jsonin_string(o, "server", &e->server) || *e->server == '\0' ||
	    !jsonin_int64(o, "login", &e->login) || e->login <= 0)
		e->server = NULL;
	whole = e->server != NULL && read_status(o, &e->status);
	whole = jsonin_int64(o, "since_msc", &e->since_utc_ms) && whole;
	whole = jsonin_int64(o, "at_msc", &e->at_utc_ms) && whole;
	jsonin_string(o, "currency", &e->currency);
	jsonin_int(o, "currency_digits", &e->currency_digits);
	jsonin_int(o, "trade_mode", &e->trade_mode);
	jsonin_number(o, "balance", &e->balance);
	jsonin_number(o, "credit", &e->credit);
	jsonin_number(o, "equity", &e->equity);
	jsonin_number(o, "profit", &e->profit);
	jsonin_int64(o, "cash", &e->non_trade_deals);
	jsonin_string(o, "terminal_id", &e->terminal_id);
	jsonin_bool(o, "carried", &e->carried);
	jsonin_string(o, "error", &e->error);
	if (jsonin_string(o, "session", &e->session))
		jsonin_int64(o, "seq", &e->seq);
	alert_states_read(e->alerts, o);
	return whole;
}

static bool
read_money(double v, money_t *out)
{
	return isfinite(v) && money_from_double(v, out) == 0;
}

static void
read_account(
    struct snapshot_account *a, const cJSON *o, struct cache_value *rest)
{
	const struct cache_value none = {NULL, 0};

	a->whole = read_entry(&a->entry, o);
	a->money_known = read_money(a->entry.balance, &a->balance) &&
			 read_money(a->entry.credit, &a->credit) &&
			 read_money(a->entry.equity, &a->equity) &&
			 read_money(a->entry.profit, &a->profit);
	a->row = next_line(rest);
	a->positions = next_line(rest);
	a->orders = next_line(rest);
	if (a->orders.data == NULL) {
		a->row = a->positions = a->orders = none;
		a->whole = false;
	}
}

bool
snapshot_read(struct snapshot *s, const struct cache_value *text)
{
	struct cache_value rest = *text, line = next_line(&rest);
	const cJSON *list, *o;

	memset(s, 0, sizeof(*s));
	s->head.node = s->head.rev = "";
	s->head.status = STATUS_STALE;
	if (line.data != NULL)
		s->doc = jsonin_parse(line.data, line.len);
	if (s->doc == NULL)
		return false;
	jsonin_string(s->doc, "node", &s->head.node);
	jsonin_string(s->doc, "rev", &s->head.rev);
	jsonin_int64(s->doc, "at_msc", &s->head.at_utc_ms);
	s->has_status = read_status(s->doc, &s->head.status);
	list = jsonin_array(s->doc, "accounts");
	s->has_accounts = list != NULL;
	s->accounts =
	    mem_new((size_t)cJSON_GetArraySize(list), sizeof(*s->accounts));
	cJSON_ArrayForEach(o, list)
		read_account(&s->accounts[s->len++], o, &rest);
	return true;
}

void
snapshot_done(struct snapshot *s)
{
	cJSON_Delete(s->doc);
	free(s->accounts);
	memset(s, 0, sizeof(*s));
}

/* ---- node:<node> ---- */

static const char *const links[] = {
    [LINK_UNKNOWN] = "unreachable",
    [LINK_OK] = "ok",
    [LINK_UNREACHABLE] = "unreachable",
    [LINK_UNAUTHORIZED] = "unauthorized",
};

const char *
link_word(enum link_state link)
{
	return links[link];
}

enum status
link_status(enum link_state link)
{
	return link == LINK_UNAUTHORIZED ? STATUS_UNAUTHORIZED
					 : STATUS_UNREACHABLE;
}

static enum link_state
link_from(const char *word)
{
	return strcmp(word, links[LINK_OK]) == 0             ? LINK_OK
	       : strcmp(word, links[LINK_UNAUTHORIZED]) == 0 ? LINK_UNAUTHORIZED
							     : LINK_UNREACHABLE;
}

void
node_record_put(struct json *j, const struct node_record *r)
{
	json_object(j, NULL);
	json_string(j, "node", r->node);
	json_string(j, "status", links[r->link]);
	json_int(j, "since_msc", r->since_utc_ms);
	json_string(j, "error", r->error);
	json_int(j, "polled_msc", r->polled_utc_ms);
	put_known_int(j, "latency_ms", r->latency_ms);
	if (r->agent != NULL)
		json_raw(j, "agent", r->agent, strlen(r->agent));
	else
		json_null(j, "agent");
	put_known_int(j, "terminals", r->terminals);
	alert_states_put(j, r->alerts);
	json_end(j);
}

bool
node_record_read(struct node_record *r, const struct cache_value *text)
{
	const char *word;

	*r =
	    (struct node_record){.node = "", .latency_ms = -1, .terminals = -1};
	if (text->data != NULL)
		r->doc = jsonin_parse(text->data, text->len);
	if (r->doc == NULL)
		return false;
	jsonin_string(r->doc, "node", &r->node);
	if (jsonin_string(r->doc, "status", &word) &&
	    jsonin_int64(r->doc, "since_msc", &r->since_utc_ms))
		r->link = link_from(word);
	jsonin_string(r->doc, "error", &r->error);
	jsonin_int64(r->doc, "polled_msc", &r->polled_utc_ms);
	jsonin_int(r->doc, "latency_ms", &r->latency_ms);
	jsonin_int(r->doc, "terminals", &r->terminals);
	r->agent_read = jsonin_object(r->doc, "agent");
	alert_states_read(r->alerts, r->doc);
	return true;
}

void
node_record_done(struct node_record *r)
{
	cJSON_Delete(r->doc);
	memset(r, 0, sizeof(*r));
}

/* ---- collector ---- */

void
heartbeat_put(struct json *j, const struct heartbeat *h)
{
	json_object(j, NULL);
	json_int(j, "pid", h->pid);
	json_int(j, "started_msc", h->started_utc_ms);
	json_int(j, "at_msc", h->at_utc_ms);
	json_int(j, "nodes", h->nodes);
	json_string(j, "owner", h->owner);
	json_end(j);
}

bool
heartbeat_read(struct heartbeat *h, const struct cache_value *text)
{
	cJSON *doc =
	    text->data != NULL ? jsonin_parse(text->data, text->len) : NULL;
	const char *owner;
	bool good;

	memset(h, 0, sizeof(*h));
	jsonin_int64(doc, "pid", &h->pid);
	jsonin_int64(doc, "started_msc", &h->started_utc_ms);
	jsonin_int64(doc, "nodes", &h->nodes);
	if (jsonin_string(doc, "owner", &owner))
		snprintf(h->owner, sizeof(h->owner), "%s", owner);
	good = jsonin_int64(doc, "at_msc", &h->at_utc_ms);
	cJSON_Delete(doc);
	return good;
}

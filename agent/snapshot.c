/* snapshot.c: what a bridge wrote, checked, kept byte for byte. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "agent/snapshot.h"
#include "lib/base/mem.h"
#include "lib/base/utf8.h"
#include "lib/fleet/fields.h"
#include "lib/json/json.h"

/* Beside the names in a refused document. */
#define FORGOTTEN_MAX 4096

static const struct member *
get(const struct snapshot *s, const char *name)
{
	return members_find(&s->members, name);
}

static bool
read_bridge(struct snapshot *s)
{
	const struct member *m = get(s, "bridge");
	struct members bridge;

	if (!member_is(m, '{') || !jsonscan_object(m->value, m->len, &bridge))
		return false;
	s->session = member_text(members_find(&bridge, "session"));
	return s->session != NULL && *s->session != '\0' &&
	       member_int64(get(s, "seq"), &s->seq) &&
	       member_int64(get(s, "rev"), &s->rev);
}

static bool
read_account(struct snapshot *s)
{
	const struct member *m = get(s, "account");
	struct members account;

	if (member_is(m, 'n'))
		return true;
	if (!member_is(m, '{') || !jsonscan_object(m->value, m->len, &account))
		return false;
	s->server = member_text(members_find(&account, "server"));
	s->account_trade_allowed =
	    member_is(members_find(&account, "trade_allowed"), 't');
	s->account_trade_expert =
	    member_is(members_find(&account, "trade_expert"), 't');
	return s->server != NULL &&
	       member_int64(members_find(&account, "login"), &s->login) &&
	       s->login > 0;
}

static bool
read_terminal(struct snapshot *s)
{
	const struct member *m = get(s, "terminal");

	if (!member_is(m, '{') ||
	    !jsonscan_object(m->value, m->len, &s->terminal))
		return false;
	s->connected = member_is(members_find(&s->terminal, "connected"), 't');
	s->terminal_trade_allowed =
	    member_is(members_find(&s->terminal, "trade_allowed"), 't');
	return true;
}

static bool
read_history(struct snapshot *s)
{
	const struct member *m = get(s, "history");
	struct members history;

	if (!member_is(m, '{') || !jsonscan_object(m->value, m->len, &history))
		return false;
	s->history_complete =
	    member_is(members_find(&history, "complete"), 't');
	return true;
}

/* NULL: all is well. */
static const char *
read_all(struct snapshot *s, const char *terminal_id)
{
	int64_t v;

	if (!utf8_valid(s->text, s->len))
		return "not UTF-8";
	if (!jsonscan_object(s->text, s->len, &s->members))
		return "not a JSON object";
	if (!member_int64(get(s, "v"), &v) || v != 1)
		return "v is not 1";
	if (!member_equals(get(s, "kind"), "snapshot"))
		return "kind is not snapshot";
	if (!member_equals(get(s, "terminal_id"), terminal_id))
		return "terminal_id is not the folder's";
	if (!read_bridge(s))
		return "bridge, seq or rev is missing or malformed";
	if (!read_account(s))
		return "account is malformed";
	if (!read_terminal(s))
		return "terminal is malformed";
	if (!read_history(s))
		return "history is malformed";
	if (!member_is(get(s, "positions"), '[') ||
	    !member_is(get(s, "orders"), '['))
		return "positions or orders is not an array";
	return NULL;
}

/* What is left of a refused one: whose it is, of which write, and how the
 * terminal is, but no value. */
static void
forget_values(struct snapshot *s, const char *terminal_id)
{
	struct json j;

	json_init(&j, s->len + FORGOTTEN_MAX);
	json_object(&j, NULL);
	json_int(&j, "v", 1);
	json_string(&j, "kind", "snapshot");
	json_string(&j, "terminal_id", terminal_id);
	json_object(&j, "bridge");
	json_string(&j, "session", s->session);
	json_end(&j);
	json_int(&j, "seq", s->seq);
	json_int(&j, "rev", s->rev);
	if (s->server != NULL) {
		json_object(&j, "account");
		json_id(&j, "login", s->login);
		json_string(&j, "server", s->server);
		json_end(&j);
	} else
		json_null(&j, "account");
	json_null(&j, "terminal");
	json_null(&j, "history");
	json_null(&j, "positions");
	json_null(&j, "orders");
	json_end(&j);
	free(s->text);
	s->text = json_take(&j);
	s->len = strlen(s->text);
	json_done(&j);
	memset(&s->terminal, 0, sizeof(s->terminal));
	(void)jsonscan_object(s->text, s->len, &s->members);
}

/* By the same checks as collect's, so that both refuse the same. */
static void
refuse_impossible(struct snapshot *s, const char *terminal_id)
{
	char why[FIELDS_WHY_SIZE] = "more values than a terminal has";
	cJSON *doc = NULL;

	if (jsonscan_may_parse(s->text, s->len))
		doc = jsonin_parse_foreign(s->text, s->len);
	if (doc == NULL || fields_check_snapshot(doc, why) == -1) {
		s->refused = mem_strdup(why);
		forget_values(s, terminal_id);
	}
	s->usd_rate = s->refused == NULL ? fields_usd_rate(doc) : NAN;
	cJSON_Delete(doc);
}

struct snapshot *
snapshot_new(char *text, size_t len, const char *terminal_id, const char **why)
{
	struct snapshot *s = mem_new(1, sizeof(*s));
	const char *wrong;

	s->text = text;
	s->len = len;
	if ((wrong = read_all(s, terminal_id)) == NULL) {
		refuse_impossible(s, terminal_id);
		return s;
	}
	*why = wrong;
	snapshot_free(s);
	return NULL;
}

void
snapshot_free(struct snapshot *s)
{
	if (s == NULL)
		return;
	free(s->text);
	free(s->session);
	free(s->server);
	free(s->refused);
	free(s);
}

bool
snapshot_same(const struct snapshot *a, const struct snapshot *b)
{
	return a->rev == b->rev && strcmp(a->session, b->session) == 0;
}

bool
snapshot_is_older(const struct snapshot *a, const struct snapshot *b)
{
	return a->seq < b->seq && strcmp(a->session, b->session) == 0;
}

/* import_people.c: phases.json, vs_data.json and agents.json. */
#include <stdio.h>
#include <string.h>

#include "bin/import.h"
#include "lib/trading/money.h"

struct now {
	char phase[64], vs[128];
	char holder[256], prop_firm[256];
	char who[64];       /* set the phase; "" for nobody */
	bool wants_initial; /* of its period it is not known */
	int64_t id;
	int n;
};

static int
keep(const struct ledger_account *a, void *arg)
{
	struct now *now = arg;

	now->n++;
	now->id = a->id;
	now->wants_initial =
	    a->period.id != 0 && !a->period.initial_balance.known;
	snprintf(now->phase, sizeof(now->phase), "%s",
	    a->period.phase != NULL ? a->period.phase : "");
	snprintf(now->who, sizeof(now->who), "%s",
	    a->period.who != NULL ? a->period.who : "");
	snprintf(now->vs, sizeof(now->vs), "%s",
	    a->vs_group != NULL ? a->vs_group : "");
	snprintf(now->holder, sizeof(now->holder), "%s",
	    a->holder != NULL ? a->holder : "");
	snprintf(now->prop_firm, sizeof(now->prop_firm), "%s",
	    a->prop_firm != NULL ? a->prop_firm : "");
	return 0;
}

/* Who changed a field last; "": nobody. */
struct changer {
	const char *field;
	char who[64];
};

static int
take_changer(const struct ledger_audit *a, void *arg)
{
	struct changer *c = arg;

	if (a->undone || a->field == NULL || strcmp(a->field, c->field) != 0)
		return 0;
	snprintf(c->who, sizeof(c->who), "%s", a->who);
	return 1;
}

/* Does a person's change stand in the way of what the file says? Then why. */
static bool
stands(struct import *im, int64_t account, const char *field, const char *now,
    const char *said, char why[128])
{
	struct changer c = {.field = field};

	if (im->result != LEDGER_OK || said == NULL || strcmp(now, said) == 0)
		return false;
	im->result = ledger_audits(im->l, account, 0, 0, take_changer, &c);
	if (c.who[0] == '\0' || strcmp(c.who, import_actor(im).who) == 0)
		return false;
	snprintf(why, 128, "%s set another %s since", c.who, field);
	return true;
}

static bool
is_word(const cJSON *value, size_t max)
{
	return cJSON_IsString(value) && value->valuestring[0] != '\0' &&
	       strlen(value->valuestring) < max;
}

void
import_phase(struct import *im, const char *key, const cJSON *value)
{
	struct ledger_phase_edit edit = {0};
	struct ledger_actor actor = import_actor(im);
	struct now now = {.n = 0};
	char why[128];
	int64_t id;
	bool same;

	if (!is_word(value, sizeof(now.phase))) {
		import_aside(im, key, value, "not a phase");
		return;
	}
	if (!import_account(im, key, value, &id))
		return;
	im->result = ledger_account_get(im->l, id, keep, &now);
	same = strcmp(now.phase, value->valuestring) == 0;
	if (!same && now.who[0] != '\0' && strcmp(now.who, actor.who) != 0) {
		snprintf(
		    why, sizeof(why), "%s set another phase since", now.who);
		import_aside(im, key, value, why);
		return;
	}
	edit.phase = value->valuestring;
	if (im->result == LEDGER_OK && !same)
		im->result = ledger_phase_edit(
		    im->l, id, LEDGER_ANY_VERSION, &edit, &actor);
	if (im->result == LEDGER_OK)
		import_placed(im, key, !same);
}

void
import_vs(struct import *im, const char *key, const cJSON *value)
{
	struct ledger_meta_edit edit = {.rule_set = -1};
	struct ledger_actor actor = import_actor(im);
	struct now now = {.n = 0};
	char why[128];
	int64_t id;
	bool same;

	if (!cJSON_IsString(value) ||
	    strlen(value->valuestring) >= sizeof(now.vs)) {
		import_aside(im, key, value, "not a group");
		return;
	}
	if (!import_account(im, key, value, &id))
		return;
	im->result = ledger_account_get(im->l, id, keep, &now);
	same = strcmp(now.vs, value->valuestring) == 0;
	if (stands(im, id, "vs_group", now.vs, value->valuestring, why)) {
		import_aside(im, key, value, why);
		return;
	}
	edit.vs_group = value->valuestring;
	if (im->result == LEDGER_OK && !same)
		im->result = ledger_meta_edit(
		    im->l, id, LEDGER_ANY_VERSION, &edit, &actor);
	if (im->result == LEDGER_OK)
		import_placed(im, key, !same);
}

/* ---- agents.json: it names machines and programs, not logins ---- */

struct wanted {
	const char *node; /* NULL: server and login are known */
	const char *server;
	int64_t login;
	struct now now;
};

static int
look(const struct ledger_account *a, void *arg)
{
	struct wanted *w = arg;

	if (w->node != NULL
		? a->node != NULL && strcmp(a->node, w->node) == 0
		: a->login == w->login && strcmp(a->server, w->server) == 0)
		keep(a, &w->now);
	return 0;
}

static enum ledger_result
set_initial(struct import *im, const struct now *now, const cJSON *agent)
{
	struct ledger_phase_edit edit = {0};
	struct ledger_actor actor = import_actor(im);
	double v;

	if (!now->wants_initial ||
	    !jsonin_number(agent, "initial_balance", &v) || v <= 0 ||
	    money_from_double(v, &edit.initial_balance.v) == -1)
		return LEDGER_OK;
	edit.initial_balance.known = true;
	return ledger_phase_edit(
	    im->l, now->id, LEDGER_ANY_VERSION, &edit, &actor);
}

/*
 * The account of the terminal with the agent's program; where that is not
 * known, the one account of a node with the agent's name. False: value was put
 * aside.
 */
static bool
find_agent(
    struct import *im, const char *key, const cJSON *value, struct now *now)
{
	const char *name = im->node != NULL ? im->node : key, *program = "";
	struct wanted w = {.node = name};
	char why[128];
	int n;

	(void)jsonin_string(value, "terminal_path", &program);
	n = terminals_find(
	    im->terminals, program, im->node, name, &w.server, &w.login);
	if (n > 1) {
		snprintf(why, sizeof(why),
		    "%d terminals are at that path: import each machine's file "
		    "with --node NAME",
		    n);
		import_aside(im, key, value, why);
		return false;
	}
	if (n == 1)
		w.node = NULL;
	im->result = ledger_accounts(im->l, look, &w);
	if (im->result != LEDGER_OK)
		return false;
	*now = w.now;
	if (w.now.n == 1)
		return true;
	import_aside(im, key, value,
	    n == 1         ? "its account is not in the ledger yet"
	    : w.now.n == 0 ? "no account on a node of that name, and no "
			     "terminal known at that path"
			   : "several accounts on that node, and no terminal "
			     "known at that path");
	return false;
}

/* Each agent of the legacy system had one terminal. */
void
import_agent(struct import *im, const char *key, const cJSON *value)
{
	struct ledger_meta_edit edit = {.rule_set = -1};
	struct ledger_actor actor = import_actor(im);
	struct now now = {.n = 0};
	char why[128] = "";

	if (!find_agent(im, key, value, &now))
		return;
	(void)jsonin_string(value, "account_holder", &edit.holder);
	(void)jsonin_string(value, "prop_firm", &edit.prop_firm);
	if (stands(im, now.id, "holder", now.holder, edit.holder, why))
		edit.holder = NULL;
	if (stands(im, now.id, "prop_firm", now.prop_firm, edit.prop_firm, why))
		edit.prop_firm = NULL;
	im->result =
	    ledger_meta_edit(im->l, now.id, LEDGER_ANY_VERSION, &edit, &actor);
	if (im->result == LEDGER_OK)
		im->result = set_initial(im, &now, value);
	if (im->result != LEDGER_OK)
		return;
	if (why[0] != '\0')
		import_aside(im, key, value, why);
	else
		import_placed(im, key, true);
}

/* facts.c: what the ledger knows of every account, kept between questions. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/facts.h"
#include "lib/fleet/phase_json.h"
#include "lib/trading/account_key.h"

#define OPEN_EVERY_MS 1000
/* A server that does not answer costs the seconds of its time-out. */
#define CONNECT_EVERY_MS 5000
#define PHASE_MAX ((size_t)64 * 1024)

struct ledger *
facts_ledger(struct facts_source *s)
{
	int64_t now = clock_mono_ms();

	if (s->ledger != NULL && ledger_state(s->ledger) == LEDGER_OK)
		return s->ledger;
	if (s->ledger != NULL &&
	    now - s->opened_mono_ms <
		(ledger_state(s->ledger) == LEDGER_UNREACHABLE
			? CONNECT_EVERY_MS
			: OPEN_EVERY_MS))
		return NULL;
	ledger_close(s->ledger);
	s->ledger = ledger_open(s->path, LEDGER_READ);
	s->opened_mono_ms = clock_mono_ms();
	if (ledger_state(s->ledger) == LEDGER_OK)
		return s->ledger;
	log_warnx("ledger: %s", ledger_error(s->ledger));
	return NULL;
}

void
facts_source_done(struct facts_source *s)
{
	ledger_close(s->ledger);
	s->ledger = NULL;
}

static void
free_texts(struct account_facts *e)
{
	char *const texts[] = {e->server, e->phase, e->history_error,
	    e->broker_zone, e->phase_word, e->holder, e->prop_firm, e->vs_group,
	    e->tags};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]);
}

static void
forget(struct facts *f)
{
	for (size_t i = 0; i < f->len; i++)
		free_texts(&f->list[i]);
	f->len = 0;
	f->known = false;
	f->reading++;
}

static char *
phase_text(const struct ledger_account *a)
{
	struct json j;
	const char *text;
	char *copy;

	json_init(&j, PHASE_MAX);
	phase_json(&j, NULL, a);
	text = json_text(&j, NULL);
	copy = mem_strdup(text != NULL ? text : "null");
	json_done(&j);
	return copy;
}

static char *
copy(const char *text)
{
	return text != NULL ? mem_strdup(text) : NULL;
}

static int
add(const struct ledger_account *a, void *arg)
{
	struct facts *f = arg;
	struct account_facts *e;

	f->list = mem_room(f->list, f->len, &f->size, sizeof(*f->list));
	e = &f->list[f->len++];
	*e = (struct account_facts){.server = mem_strdup(a->server),
	    .login = a->login,
	    .id = a->id,
	    .phase = phase_text(a),
	    .difference = a->sync.difference,
	    .broker_zone = copy(a->broker_zone),
	    .phase_word = copy(a->period.id != 0 ? a->period.phase : NULL),
	    .holder = copy(a->holder),
	    .prop_firm = copy(a->prop_firm),
	    .vs_group = copy(a->vs_group),
	    .tags = copy(a->tags),
	    .stamp = ++f->stamps};
	if (a->sync.state == LEDGER_HISTORY_FAILED)
		e->history_error = mem_strdup(
		    a->sync.error != NULL ? a->sync.error : "not read");
	pl_facts_from(a, &e->pl);
	return 0;
}

static int
compare(const void *pa, const void *pb)
{
	const struct account_facts *a = pa, *b = pb;

	return account_key_compare(a->server, a->login, b->server, b->login);
}

/* What an account was called before: an old terminal shows it so. */
static int
add_alias(const char *server, int64_t login, int64_t account, void *arg)
{
	struct facts *f = arg;
	size_t len = f->len;

	for (size_t i = 0; i < len; i++) {
		struct account_facts e = f->list[i];

		if (e.id != account)
			continue;
		e.server = mem_strdup(server);
		e.login = login;
		e.phase = copy(e.phase);
		e.history_error = copy(e.history_error);
		e.broker_zone = copy(e.broker_zone);
		e.phase_word = copy(e.phase_word);
		e.holder = copy(e.holder);
		e.prop_firm = copy(e.prop_firm);
		e.vs_group = copy(e.vs_group);
		e.tags = copy(e.tags);
		e.stamp = ++f->stamps;
		f->list = mem_room(f->list, f->len, &f->size, sizeof(*f->list));
		f->list[f->len++] = e;
		return 0;
	}
	return 0;
}

static bool
read_all(struct facts *f, struct ledger *l)
{
	size_t own;

	if (ledger_accounts(l, add, f) != LEDGER_OK)
		return false;
	own = f->len;
	if (ledger_aliases(l, add_alias, f) != LEDGER_OK)
		return false;
	if (f->len > own)
		qsort(f->list, f->len, sizeof(*f->list), compare);
	return true;
}

bool
facts_refresh(struct facts *f, struct facts_source *s, int max_age_ms)
{
	int64_t now = clock_mono_ms(), revision;
	bool was_known = f->known;
	struct ledger *l;

	if (f->known && now - s->asked_mono_ms < max_age_ms)
		return false;
	if ((l = facts_ledger(s)) == NULL ||
	    ledger_revision(l, &revision) != LEDGER_OK) {
		forget(f);
		return was_known;
	}
	s->asked_mono_ms = now;
	if (f->known && revision == f->revision)
		return false;
	forget(f);
	f->revision = revision;
	f->known = read_all(f, l);
	if (!f->known) {
		log_warnx("ledger: %s", ledger_error(l));
		forget(f);
	}
	return f->known || was_known;
}

void
facts_done(struct facts *f)
{
	forget(f);
	free(f->list);
	memset(f, 0, sizeof(*f));
}

const struct account_facts *
facts_find(const struct facts *f, const char *server, int64_t login)
{
	size_t from = 0, to = server != NULL ? f->len : 0, middle;
	int order;

	while (from < to) {
		middle = from + (to - from) / 2;
		order = account_key_compare(server, login,
		    f->list[middle].server, f->list[middle].login);
		if (order == 0)
			return &f->list[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

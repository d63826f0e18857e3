/* book.c: what the ledger knows of every account, kept between requests. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/book.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/phase_json.h"
#include "lib/trading/money.h"

#define EVERY_MSC 1000
#define PHASE_MAX ((size_t)64 * 1024)

struct ledger *
book_ledger(struct book *b, const char *path)
{
	int64_t now = clock_mono_msc();

	if (b->ledger != NULL && ledger_state(b->ledger) == LEDGER_OK)
		return b->ledger;
	if (b->ledger != NULL && now - b->opened_msc < EVERY_MSC)
		return NULL;
	ledger_close(b->ledger);
	b->ledger = ledger_open(path, LEDGER_READ);
	b->opened_msc = now;
	if (ledger_state(b->ledger) == LEDGER_OK)
		return b->ledger;
	log_warnx("ledger: %s", ledger_error(b->ledger));
	return NULL;
}

static void
forget(struct book *b)
{
	for (size_t i = 0; i < b->len; i++) {
		free(b->list[i].server);
		free(b->list[i].phase);
	}
	b->len = 0;
	b->known = false;
}

static char *
phase_text(const struct ledger_account *a)
{
	struct json j;
	char *text;

	json_init(&j, PHASE_MAX);
	phase_json(&j, NULL, a);
	text = json_text(&j, NULL) != NULL ? mem_strdup(json_text(&j, NULL))
					   : mem_strdup("null");
	json_done(&j);
	return text;
}

static int
add(const struct ledger_account *a, void *arg)
{
	struct book *b = arg;
	struct book_entry *e;

	if (b->len == b->size) {
		b->size = b->size > 0 ? 2 * b->size : 64;
		b->list = mem_grow(b->list, b->size, sizeof(*b->list));
	}
	e = &b->list[b->len++];
	*e = (struct book_entry){.server = mem_strdup(a->server),
	    .login = a->login,
	    .id = a->id,
	    .phase = phase_text(a)};
	standing_of(a, &e->standing);
	return 0;
}

void
book_refresh(struct book *b, const char *path)
{
	int64_t now = clock_mono_msc(), revision;
	struct ledger *l;

	if (b->known && now - b->asked_msc < EVERY_MSC)
		return;
	if ((l = book_ledger(b, path)) == NULL ||
	    ledger_revision(l, &revision) != LEDGER_OK) {
		forget(b);
		return;
	}
	b->asked_msc = now;
	if (b->known && revision == b->revision)
		return;
	forget(b);
	b->revision = revision;
	b->known = ledger_accounts(l, add, b) == LEDGER_OK;
	if (!b->known) {
		log_warnx("ledger: %s", ledger_error(l));
		forget(b);
	}
}

void
book_done(struct book *b)
{
	forget(b);
	free(b->list);
	ledger_close(b->ledger);
	memset(b, 0, sizeof(*b));
}

static int
compare(const char *server, int64_t login, const struct book_entry *e)
{
	int order = strcmp(server, e->server);

	if (order != 0)
		return order;
	return login < e->login ? -1 : login > e->login;
}

const struct book_entry *
book_find(const struct book *b, const char *server, int64_t login)
{
	size_t from = 0, to = server != NULL ? b->len : 0, middle;
	int order;

	while (from < to) {
		middle = from + (to - from) / 2;
		order = compare(server, login, &b->list[middle]);
		if (order == 0)
			return &b->list[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

bool
book_money(const struct book_entry *e, const struct view_row *row,
    struct standing_money *out)
{
	*out = (struct standing_money){
	    row->balance, row->equity, row->credit, row->cash};
	return e != NULL && row->money_known;
}

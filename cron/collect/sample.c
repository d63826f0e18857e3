/* sample.c: equity of every live account, each minute, into the ledger. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/ledger/history.h"
#include "lib/trading/money.h"

#define MINUTE_MS 60000
/* Minutes that may wait for a ledger that cannot be written. */
#define BACKLOG 10

static void
samples_free(struct sample *list, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		free(list[i].node);
		free(list[i].server);
		reported_done(&list[i].reported);
	}
	free(list);
}

/* False: a number is not told, or cannot be money: then there is no sample. */
static bool
fill(struct ledger_equity *e, const struct account *a)
{
	*e = (struct ledger_equity){.span_s = MINUTE_MS / 1000};
	/* within the minute, also where the last look was in the next one */
	e->at_utc_ms = a->at_utc_ms < a->minute.utc_ms ? a->minute.utc_ms
		       : a->at_utc_ms >= a->minute.utc_ms + MINUTE_MS
			   ? a->minute.utc_ms + MINUTE_MS - 1
			   : a->at_utc_ms;
	return money_from_double(a->reported.balance, &e->balance) == 0 &&
	       money_from_double(a->reported.credit, &e->credit) == 0 &&
	       money_from_double(a->reported.equity, &e->equity) == 0 &&
	       money_from_double(a->minute.low, &e->low) == 0 &&
	       money_from_double(a->minute.high, &e->high) == 0;
}

static void
add_sample(
    struct samples *s, const struct node_state *n, const struct account *a)
{
	struct sample new = {0};

	if (!fill(&new.equity, a))
		return;
	new.node = mem_strdup(n->id);
	new.server = mem_strdup(a->server);
	new.login = a->login;
	reported_copy(&new.reported, &a->reported);
	s->list = mem_room(s->list, s->len, &s->size, sizeof(*s->list));
	s->list[s->len++] = new;
}

/* Accounts that were seen live within the minute; no others. */
static void
gather(struct app *app, int64_t minute_utc_ms)
{
	struct samples *s = &app->samples;

	if (s->len > BACKLOG * (app->nodes_len + 100)) {
		log_warnx("ledger: %zu equity samples dropped, the ledger "
			  "could not be written for %d minutes",
		    s->len, BACKLOG);
		samples_free(s->list, s->len);
		s->list = NULL;
		s->len = s->size = 0;
	}
	for (size_t i = 0; i < app->nodes_len; i++) {
		const struct node_state *n = app->nodes[i];

		for (size_t k = 0; k < n->accounts_len; k++)
			if (n->accounts[k]->minute.utc_ms == minute_utc_ms)
				add_sample(s, n, n->accounts[k]);
	}
}

static void
say_refused(const struct ledger_sample *s, const char *why, void *arg)
{
	(void)arg;
	log_warnx("ledger: %s %" PRId64 ": no sample: %s", s->seen.server,
	    s->seen.login, why != NULL ? why : "no reason");
}

static enum ledger_result
write_samples(struct ledger *l, const struct samples *s)
{
	struct ledger_sample *list = mem_new(s->work_len, sizeof(*list));
	enum ledger_result r;

	for (size_t i = 0; i < s->work_len; i++) {
		const struct sample *x = &s->work[i];

		list[i].seen =
		    reported_seen(&x->reported, x->server, x->login, x->node);
		list[i].equity = x->equity;
	}
	r = ledger_samples_put(l, list, s->work_len, say_refused, NULL);
	free(list);
	return r;
}

static void *
work(void *arg)
{
	struct samples *s = arg;
	struct ledger *l = ledger_open(s->where, LEDGER_WRITE);

	s->failed = write_samples(l, s) != LEDGER_OK;
	if (s->failed)
		log_warnx("ledger: %zu samples not written: %s", s->work_len,
		    ledger_error(l) != NULL ? ledger_error(l) : "no reason");
	ledger_close(l);
	atomic_store(&s->done, true);
	return NULL;
}

/* What the thread could not write is tried again with the next. */
static void
join(struct samples *s)
{
	if (!s->running)
		return;
	pthread_join(s->thread, NULL);
	s->running = false;
	if (s->failed) {
		s->size = s->len + s->work_len;
		s->list = mem_grow(s->list, s->size, sizeof(*s->list));
		memcpy(
		    s->list + s->len, s->work, s->work_len * sizeof(*s->work));
		s->len += s->work_len;
		free(s->work);
	} else
		samples_free(s->work, s->work_len);
	s->work = NULL;
	s->work_len = 0;
}

static void
begin_writing(struct samples *s)
{
	if (s->len == 0)
		return;
	s->work = s->list;
	s->work_len = s->len;
	s->list = NULL;
	s->len = s->size = 0;
	atomic_store(&s->done, false);
	s->failed = true;
	s->running = pthread_create(&s->thread, NULL, work, s) == 0;
	if (s->running)
		return;
	s->list = s->work; /* no thread to be had: the next minute */
	s->len = s->size = s->work_len;
	s->work = NULL;
	s->work_len = 0;
}

void
sample_check(struct app *app, int64_t now_utc_ms)
{
	struct samples *s = &app->samples;
	int64_t minute_utc_ms = now_utc_ms / MINUTE_MS * MINUTE_MS;

	if (s->running && atomic_load(&s->done))
		join(s);
	if (s->minute_utc_ms == minute_utc_ms)
		return;
	if (s->minute_utc_ms != 0)
		gather(app, s->minute_utc_ms);
	s->minute_utc_ms = minute_utc_ms;
	if (!s->running)
		begin_writing(s);
}

void
sample_finish(struct app *app)
{
	struct samples *s = &app->samples;

	join(s);
	if (s->minute_utc_ms != 0)
		gather(app, s->minute_utc_ms);
	begin_writing(s);
	join(s);
	samples_free(s->list, s->len);
	s->list = NULL;
	s->len = s->size = 0;
}

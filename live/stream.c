/* stream.c: keeps the ring equal to the newest part of the Redis stream. */
#include <stdlib.h>
#include <string.h>

#include "lib/redis/keys.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/snapshot.h"
#include "live/entry.h"
#include "live/link.h"
#include "live/reader.h"
#include "live/ring.h"
#include "live/stream.h"

#define BATCH 100
#define BATCH_TEXT "100"
#define TICK_US LWS_US_PER_SEC
#define ANSWER_MS 5000                /* Redis has that long, then it is away */
#define EVENT_MAX ((size_t)1 << 20)   /* bytes of an entry */
#define LEDGER_MAX ((size_t)16 << 10) /* and of what the ledger adds */

struct stream {
	struct stream_parts of;
	struct link *questions, *nudges;
	struct entries entries;
	struct event_id last; /* read so far; 0-0: the stream was empty */
	bool started;         /* last is known */
	bool reading, again;
	int64_t asked_mono_ms; /* clock_mono_ms() of the read, while reading */
	lws_sorted_usec_list_t tick;
};

static void on_entries(redisAsyncContext *redis, void *answer, void *arg);

static bool
at_start(const struct stream *s)
{
	return !s->started || (s->last.ms == 0 && s->last.seq == 0);
}

static void
ask(struct stream *s)
{
	char from[EVENT_ID_SIZE] = "-";
	const char *words[] = {
	    "XRANGE", KEY_LIVE, from, "+", "COUNT", BATCH_TEXT};

	if (!at_start(s))
		event_id_text(s->last, from);
	s->again = false;
	s->reading = link_send(s->questions, on_entries, s, 6, words) == 0;
	s->asked_mono_ms = clock_mono_ms();
}

void
stream_read(struct stream *s)
{
	if (s->reading)
		s->again = true;
	else
		ask(s);
}

/* What we had is not what Redis has: begin with the oldest it has now. */
static void
start_anew(struct stream *s)
{
	s->started = false;
	ring_clear(s->of.ring, NULL);
	s->of.events->gap(s->of.arg);
}

/* The text of the field `data` of an entry, or NULL. */
static const redisReply *
data_of(const redisReply *fields)
{
	for (size_t i = 0; i + 1 < fields->elements; i += 2)
		if (strcmp(fields->element[i]->str, "data") == 0)
			return fields->element[i + 1];
	return NULL;
}

static void
add(struct stream *s, struct event_id id, const redisReply *fields)
{
	const redisReply *data = data_of(fields);
	char text[EVENT_ID_SIZE];
	struct entry_facts known;
	struct entry entry;

	s->last = id;
	known.facts = reader_facts(s->of.reader, &known.began_mono_ms);
	if (data == NULL || (size_t)data->len > EVENT_MAX ||
	    !entry_make(&s->entries, id, data->str, (size_t)data->len, &known,
		&entry)) {
		log_warnx("stream: id=%s: no JSON object in `data`",
		    event_id_text(id, text));
		return;
	}
	if (entry.is_phase)
		reader_wake(s->of.reader);
	if (ring_add(s->of.ring, id, entry.account, entry.text, entry.len))
		ring_describe(s->of.ring, entry.type, entry.newest);
}

static bool
are_texts(const redisReply *fields)
{
	for (size_t i = 0; i < fields->elements; i++)
		if (fields->element[i]->type != REDIS_REPLY_STRING)
			return false;
	return true;
}

static bool
is_entry(const redisReply *e, struct event_id *id)
{
	return e->type == REDIS_REPLY_ARRAY && e->elements == 2 &&
	       e->element[0]->type == REDIS_REPLY_STRING &&
	       e->element[1]->type == REDIS_REPLY_ARRAY &&
	       are_texts(e->element[1]) &&
	       event_id_from(e->element[0]->str, id);
}

/* Does the answer begin with the entry we had last? */
static bool
continues(const struct stream *s, const redisReply *r)
{
	struct event_id id;

	return r->elements > 0 && is_entry(r->element[0], &id) &&
	       event_id_compare(id, s->last) == 0;
}

static void
take(struct stream *s, const redisReply *r)
{
	struct event_id id, empty = {0, 0};
	size_t skip = at_start(s) ? 0 : 1;

	if (!s->started) {
		s->last = empty;
		s->started = true;
		ring_clear(s->of.ring, r->elements == 0 ? &empty : NULL);
	}
	for (size_t i = skip; i < r->elements; i++)
		if (is_entry(r->element[i], &id))
			add(s, id, r->element[i]->element[1]);
	if (r->elements > skip)
		s->of.events->entries(s->of.arg);
}

static void
on_entries(redisAsyncContext *redis, void *answer, void *arg)
{
	struct stream *s = arg;
	const redisReply *r = answer;

	(void)redis;
	s->reading = false;
	if (r == NULL)
		return;
	if (r->type != REDIS_REPLY_ARRAY) {
		log_warnx("redis: XRANGE: %s", r->str != NULL ? r->str : "?");
		return; /* the next tick asks again */
	}
	s->of.events->cache(s->of.arg, false);
	if (!at_start(s) && !continues(s, r)) {
		log_warnx("stream: the entry read last was trimmed: all "
			  "clients are reset");
		start_anew(s);
		ask(s);
		return;
	}
	take(s, r);
	if (s->again || r->elements >= BATCH)
		ask(s);
	else
		s->of.events->caught_up(s->of.arg);
}

static void
on_collector(redisAsyncContext *redis, void *answer, void *arg)
{
	struct stream *s = arg;
	const redisReply *r = answer;
	struct heartbeat h = {0};

	(void)redis;
	if (r == NULL)
		return;
	if (r->type == REDIS_REPLY_STRING)
		heartbeat_read(
		    &h, &(struct cache_value){r->str, (size_t)r->len});
	s->of.events->collector(s->of.arg, h.at_utc_ms);
}

static void
on_questions(void *arg, bool up)
{
	struct stream *s = arg;

	s->reading = false;
	if (!up) {
		s->of.events->cache(s->of.arg, true);
		return;
	}
	/* an empty stream tells no one whether something came and went */
	if (s->started && at_start(s))
		start_anew(s);
	link_send(s->questions, on_collector, s, 2,
	    (const char *[]){"GET", KEY_COLLECTOR});
	stream_read(s);
}

static void
on_nudge(redisAsyncContext *redis, void *answer, void *arg)
{
	(void)redis;
	if (answer != NULL)
		stream_read(arg);
}

static void
on_nudges(void *arg, bool up)
{
	struct stream *s = arg;

	if (up)
		link_send(s->nudges, on_nudge, s, 2,
		    (const char *[]){"SUBSCRIBE", CHANNEL_LIVE});
}

static void
on_tick(lws_sorted_usec_list_t *tick)
{
	struct stream *s = lws_container_of(tick, struct stream, tick);

	if (s->reading && clock_mono_ms() - s->asked_mono_ms > ANSWER_MS) {
		log_warnx("redis: no answer for %d ms", ANSWER_MS);
		link_drop(s->questions);
		link_drop(s->nudges);
	}
	if (!s->reading) {
		link_send(s->questions, on_collector, s, 2,
		    (const char *[]){"GET", KEY_COLLECTOR});
		stream_read(s);
		if (!s->reading)
			s->of.events->cache(s->of.arg, true);
	}
	lws_sul_schedule(s->of.context, 0, &s->tick, on_tick, TICK_US);
}

struct stream *
stream_new(const struct stream_parts *parts)
{
	struct stream *s = mem_new(1, sizeof(*s));

	s->of = *parts;
	entries_init(&s->entries, EVENT_MAX + LEDGER_MAX);
	s->questions = link_new(
	    parts->context, parts->vhost, parts->redis, on_questions, s);
	s->nudges =
	    link_new(parts->context, parts->vhost, parts->redis, on_nudges, s);
	lws_sul_schedule(parts->context, 0, &s->tick, on_tick, TICK_US);
	return s;
}

void
stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	lws_sul_cancel(&s->tick);
	link_free(s->questions);
	link_free(s->nudges);
	entries_done(&s->entries);
	free(s);
}

int
stream_refresh(struct stream *s)
{
	return link_send(s->questions, NULL, NULL, 3,
	    (const char *[]){"PUBLISH", CHANNEL_REFRESH, ""});
}

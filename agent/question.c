/* question.c: what a terminal is asked through its mailbox, one at a time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/envelope.h"
#include "agent/platform.h"
#include "agent/question.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/utf8.h"

#define REQUEST_MAX 65536
#define LOOK_MS 50 /* for a reply, whatever the watch says */

struct question *
question_ask(struct questions *qs, const char *id, const char *kind,
    const char *members, int64_t deadline_mono_ms)
{
	struct question *q, **end = &qs->first;
	int waiting = 0;

	for (; *end != NULL; end = &(*end)->next)
		waiting++;
	if (waiting == QUESTIONS_MAX)
		return NULL;
	q = mem_new(1, sizeof(*q));
	snprintf(q->id, sizeof(q->id), "%s", id);
	buf_init(&q->request, REQUEST_MAX);
	buf_init(&q->reply, ENVELOPE_FILE_MAX);
	buf_printf(&q->request, "{\"v\":1,\"kind\":\"%s\",\"id\":\"%s\"%s}",
	    kind, id, members);
	envelope_seal(&q->request);
	q->deadline_mono_ms = deadline_mono_ms;
	q->queue = qs;
	*end = q;
	return q;
}

static char *
path_of(const struct questions *qs, const char *prefix, const char *id)
{
	return mem_printf("%s/%s%s.json", qs->dir, prefix, id);
}

static void
remove_file(const struct questions *qs, const char *prefix, const char *id)
{
	char *path = path_of(qs, prefix, id);

	platform_remove(path);
	free(path);
}

/* Leaves the queue. What was sent must not be answered by a bridge that
 * starts later. */
static void
end(struct question *q, enum question_state state)
{
	struct questions *qs = q->queue;
	struct question **at;

	if (q->state == QUESTION_SENT)
		remove_file(qs, "request", "");
	for (at = &qs->first; *at != q; at = &(*at)->next)
		;
	*at = q->next;
	q->next = NULL;
	q->queue = NULL;
	q->state = state;
}

void
question_free(struct question *q)
{
	if (q == NULL)
		return;
	if (q->queue != NULL)
		end(q, QUESTION_GONE);
	buf_done(&q->request);
	buf_done(&q->reply);
	free(q->server);
	free(q);
}

bool
question_is_done(const struct question *q)
{
	return q != NULL && q->state != QUESTION_QUEUED &&
	       q->state != QUESTION_SENT;
}

void
questions_drop(struct questions *qs)
{
	while (qs->first != NULL)
		end(qs->first, QUESTION_GONE);
}

static void
send(struct question *q)
{
	char *path = path_of(q->queue, "request", "");

	if (q->request.overflow) {
		end(q, QUESTION_REFUSED);
	} else if (platform_publish(path, q->request.data, q->request.len) ==
		   -1) {
		log_warnx(
		    "%s.tmp: cannot be written: %s", path, platform_error());
		end(q, QUESTION_REFUSED);
	} else {
		q->state = QUESTION_SENT;
	}
	free(path);
}

static bool
is_reply(struct question *q, size_t len)
{
	return utf8_valid(q->reply.data, len) &&
	       jsonscan_object(q->reply.data, len, &q->answer) &&
	       member_equals(members_find(&q->answer, "kind"), "reply") &&
	       member_equals(members_find(&q->answer, "id"), q->id);
}

/* False: not there yet, or still being written. */
static bool
take_reply(struct question *q)
{
	struct questions *qs = q->queue;
	char *path = path_of(qs, "reply-", q->id);
	enum envelope envelope = ENVELOPE_TORN;
	enum platform_read read;
	struct stamp stamp;
	size_t len = 0;

	buf_reset(&q->reply);
	read = platform_read(path, &q->reply, &stamp);
	free(path);
	if (read == READ_OK)
		envelope = envelope_open(q->reply.data, q->reply.len, &len);
	if (read == READ_OVERSIZED || envelope == ENVELOPE_OVERSIZED) {
		qs->counts->oversized++;
		end(q, QUESTION_BAD_REPLY);
	} else if (envelope == ENVELOPE_TORN) {
		return false;
	} else if (!is_reply(q, len)) {
		qs->counts->bad++;
		end(q, QUESTION_BAD_REPLY);
	} else {
		end(q, QUESTION_ANSWERED);
	}
	remove_file(qs, "reply-", q->id);
	return true;
}

static void
give_up_late(struct questions *qs, int64_t now_mono_ms)
{
	struct question *q, *next;

	for (q = qs->first; q != NULL; q = next) {
		next = q->next;
		if (q->deadline_mono_ms <= now_mono_ms)
			end(q, QUESTION_TIMED_OUT);
	}
}

int64_t
questions_step(struct questions *qs, int64_t now_mono_ms)
{
	if (qs->first != NULL && qs->first->state == QUESTION_SENT)
		take_reply(qs->first);
	give_up_late(qs, now_mono_ms);
	while (qs->first != NULL && qs->first->state == QUESTION_QUEUED)
		send(qs->first);
	return qs->first == NULL ? INT64_MAX : now_mono_ms + LOOK_MS;
}

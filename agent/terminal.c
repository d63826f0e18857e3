/* terminal.c: the terminals of this machine, and the revision of all. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/terminal.h"
#include "lib/base/mem.h"

void
terminals_init(struct terminals *ts, const char *run, int64_t silent_ms)
{
	memset(ts, 0, sizeof(*ts));
	snprintf(ts->run, sizeof(ts->run), "%s", run);
	ts->silent_ms = silent_ms;
}

static void
terminal_free(struct terminal *t)
{
	questions_drop(&t->questions);
	snapshot_free(t->snapshot);
	free(t->error);
	free(t->expected_server);
	free(t->dir);
	free(t);
}

void
terminals_done(struct terminals *ts)
{
	for (size_t i = 0; i < ts->len; i++)
		terminal_free(ts->list[i]);
	ts->len = 0;
}

const char *
terminals_rev(const struct terminals *ts, char rev[REV_SIZE])
{
	snprintf(rev, REV_SIZE, "%s-%" PRIu64, ts->run, ts->moves);
	return rev;
}

struct terminal *
terminals_add(struct terminals *ts, const char *id, const char *dir)
{
	struct terminal *t;

	if (ts->len == TERMINALS_MAX)
		return NULL;
	t = mem_new(1, sizeof(*t));
	snprintf(t->id, sizeof(t->id), "%s", id);
	t->dir = mem_strdup(dir);
	t->questions.dir = t->dir;
	t->questions.counts = &t->mailbox;
	t->silent = true;
	t->watch = -1;
	t->dirty = true;
	ts->list[ts->len++] = t;
	return t;
}

void
terminals_remove(struct terminals *ts, struct terminal *t)
{
	for (size_t i = 0; i < ts->len; i++)
		if (ts->list[i] == t) {
			memmove(&ts->list[i], &ts->list[i + 1],
			    (--ts->len - i) * sizeof(ts->list[0]));
			break;
		}
	if (t->snapshot != NULL)
		ts->moves++;
	terminal_free(t);
}

struct terminal *
terminals_find(const struct terminals *ts, const char *dir)
{
	for (size_t i = 0; i < ts->len; i++)
		if (strcmp(ts->list[i]->dir, dir) == 0)
			return ts->list[i];
	return NULL;
}

static void
set_silent(struct terminals *ts, struct terminal *t, bool silent)
{
	if (t->silent != silent)
		ts->moves++;
	t->silent = silent;
}

/* Takes error, which may be NULL. */
static void
set_error(struct terminals *ts, struct terminal *t, char *error)
{
	if ((error == NULL) != (t->error == NULL) ||
	    (error != NULL && strcmp(error, t->error) != 0))
		ts->moves++;
	free(t->error);
	t->error = error;
}

bool
terminal_take(struct terminals *ts, struct terminal *t, struct snapshot *s,
    int64_t now_mono_ms, int64_t age_ms)
{
	struct snapshot *old = t->snapshot;
	bool same = old != NULL && snapshot_same(old, s);

	if (same && old->seq == s->seq) {
		snapshot_free(s);
		return false;
	}
	if (old != NULL && snapshot_is_older(s, old)) {
		set_error(ts, t,
		    mem_printf("seq: %" PRId64 " is older than %" PRId64
			       ", the last one of this run of the bridge",
			s->seq, old->seq));
		snapshot_free(s);
		return false;
	}
	set_error(ts, t, s->refused != NULL ? mem_strdup(s->refused) : NULL);
	if (!same)
		ts->moves++;
	t->snapshot = s;
	t->written_mono_ms = now_mono_ms - age_ms;
	snapshot_free(old);
	set_silent(ts, t, age_ms >= ts->silent_ms);
	return true;
}

int64_t
terminals_tick(struct terminals *ts, int64_t now_mono_ms)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < ts->len; i++) {
		struct terminal *t = ts->list[i];
		int64_t at = t->written_mono_ms + ts->silent_ms;

		if (t->snapshot == NULL || t->silent)
			continue;
		if (at <= now_mono_ms)
			set_silent(ts, t, true);
		else if (at < next)
			next = at;
	}
	return next;
}

void
terminal_set_process(
    struct terminals *ts, struct terminal *t, enum process process)
{
	if (t->process != process)
		ts->moves++;
	t->process = process;
}

int64_t
terminal_age_ms(const struct terminal *t, int64_t now_mono_ms)
{
	return now_mono_ms - t->written_mono_ms;
}

static bool
is_wrong_account(const struct terminal *t)
{
	const struct snapshot *s = t->snapshot;

	if (s->server == NULL)
		return false;
	if (t->expected_login != 0 && t->expected_login != s->login)
		return true;
	return t->expected_server != NULL &&
	       strcmp(t->expected_server, s->server) != 0;
}

enum status
terminal_status(const struct terminal *t)
{
	const struct snapshot *s = t->snapshot;
	struct status_facts f = {
	    .process_down = t->process == PROCESS_DOWN,
	    .bridge_silent = t->silent || s == NULL,
	    .bad_data = t->error != NULL,
	};

	if (s != NULL) {
		f.wrong_account = is_wrong_account(t);
		f.logged_in = s->server != NULL;
		f.connected = s->connected;
		f.history_complete = s->history_complete;
		f.terminal_trade_allowed = s->terminal_trade_allowed;
		f.account_trade_allowed = s->account_trade_allowed;
		f.account_trade_expert = s->account_trade_expert;
	}
	return status_decide(&f);
}

const char *
terminal_process_word(const struct terminal *t)
{
	switch (t->process) {
	case PROCESS_RUNNING:
		return "running";
	case PROCESS_DOWN:
		return "down";
	case PROCESS_UNKNOWN:
		break;
	}
	return NULL;
}

/* supervise.c: one terminal that is started, watched and started again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/platform.h"
#include "agent/supervise.h"
#include "lib/base/hash.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"

#define START_MS 90000  /* to be up after a start */
#define ABSENT_MS 5000  /* for its process to appear */
#define UPDATE_MS 30000 /* LiveUpdate restarts the terminal */
#define END_MS 15000    /* to end when it is asked to */
#define STABLE_MS 600000
#define HANG_FACTOR 6 /* times AGENT_SILENT: the bridge hangs */
#define BACKOFF_MAX_S 300
#define BUSY_LOOK_MS 200
#define CALM_LOOK_MS 1000

static const char *const words[] = {
    [PHASE_OFF] = "off",
    [PHASE_STARTING] = "starting",
    [PHASE_RUNNING] = "running",
    [PHASE_MISSING] = "missing",
    [PHASE_WAITING] = "waiting",
    [PHASE_ENDING] = "ending",
    [PHASE_FAILED] = "failed",
};

const char *
phase_word(enum phase phase)
{
	return words[phase];
}

/* The start-up file is needed during the start only. */
static void
enter(struct supervisor *s, enum phase phase, int64_t now_mono_ms)
{
	if (phase != PHASE_STARTING)
		startfile_remove(&s->startfile);
	s->phase = phase;
	s->since_mono_ms = now_mono_ms;
}

static void
forget_start(struct supervisor *s, int64_t now_mono_ms)
{
	s->authorized = false;
	s->refused = false;
	s->bridge_seen = false;
	s->wrong_account = false;
	s->started_mono_ms = now_mono_ms;
}

/* 2, 4, 8 … 300 s. */
static int
backoff_s(int tries)
{
	return tries < 9
		   ? (1 << tries) < BACKOFF_MAX_S ? 1 << tries : BACKOFF_MAX_S
		   : BACKOFF_MAX_S;
}

/* It failed to start or to stay up: retry later, or give up. */
static void
fail(struct supervisor *s, const char *kind, const char *why,
    int64_t now_mono_ms)
{
	events_add(&s->events, kind, "%s", why);
	if (++s->tries > s->config->agent_restarts) {
		enter(s, PHASE_FAILED, now_mono_ms);
		events_add(&s->events, "gave_up",
		    "%d starts in a row failed; POST /mt5/connect "
		    "to try again",
		    s->tries);
		log_error("terminal %s: gave up after %d starts", s->program,
		    s->tries);
		return;
	}
	enter(s, PHASE_WAITING, now_mono_ms);
	s->due_mono_ms = now_mono_ms + (int64_t)backoff_s(s->tries) * 1000;
	events_add(
	    &s->events, "waiting", "next start in %d s", backoff_s(s->tries));
}

static bool
has_login(const struct config *c)
{
	return *c->mt5_login != '\0';
}

static void
started(struct supervisor *s, int64_t pid)
{
	s->pid = pid;
	events_add(&s->events, "start", "start %d", s->starts);
}

static void
start(struct supervisor *s, int64_t now_mono_ms)
{
	char *file = platform_terminal_path(s->program, s->startfile.path);
	char *config = mem_printf("/config:%s", file);
	const char *args[3] = {NULL, NULL, NULL};
	int64_t pid;
	int n = 0;

	if (*s->config->terminal_data == '\0')
		args[n++] = "/portable";
	if (has_login(s->config))
		args[n++] = config;
	forget_start(s, now_mono_ms);
	journal_skip(&s->journal);
	s->starts++;
	enter(s, PHASE_STARTING, now_mono_ms);
	if (has_login(s->config) &&
	    startfile_write(&s->startfile, s->config) == -1)
		fail(s, "start_failed", "the start-up file cannot be written",
		    now_mono_ms);
	else if ((pid = platform_start(s->program, args)) == -1)
		fail(s, "start_failed", platform_error(), now_mono_ms);
	else
		started(s, pid);
	free(config);
	free(file);
}

/* The name of its mailbox (docs/mailbox.md). */
static void
mailbox_name(const char *data, char id[TERMINAL_ID_LEN + 1])
{
	snprintf(id, TERMINAL_ID_LEN + 1, "%016" PRIx64,
	    hash_add(HASH_START, data, strlen(data)));
}

static struct terminal *
mailbox_of(const struct supervisor *s)
{
	char *data = platform_terminal_path(s->program, s->data);
	char id[TERMINAL_ID_LEN + 1];
	struct terminal *t = NULL;

	mailbox_name(data, id);
	free(data);
	for (size_t i = 0; i < s->terminals->len && t == NULL; i++)
		if (strcmp(s->terminals->list[i]->id, id) == 0)
			t = s->terminals->list[i];
	return t;
}

static void
on_journal(void *arg, enum journal_says says, const char *line)
{
	struct supervisor *s = arg;
	const char *message = strrchr(line, '\t');

	message = message != NULL ? message + 1 : line;
	switch (says) {
	case JOURNAL_AUTHORIZED:
		s->authorized = true;
		s->refused = false;
		events_add(&s->events, "authorized", "%s", message);
		break;
	case JOURNAL_REFUSED:
		s->refused = true;
		events_add(&s->events, "login_refused", "%s", message);
		break;
	case JOURNAL_LOST:
		events_add(&s->events, "connection_lost", "%s", message);
		break;
	case JOURNAL_NOTHING:
		break;
	}
}

/* Compares what its mailbox shows with what is expected. */
static void
look_at_mailbox(struct supervisor *s, struct terminal *t)
{
	bool wrong;

	if (has_login(s->config) && t->expected_server == NULL) {
		t->expected_server = mem_strdup(s->config->mt5_server);
		num_int64(
		    s->config->mt5_login, 1, INT64_MAX, &t->expected_login);
	}
	terminal_set_process(
	    s->terminals, t, s->pid != 0 ? PROCESS_RUNNING : PROCESS_DOWN);
	if (t->snapshot != NULL && t->written_mono_ms > s->started_mono_ms)
		s->bridge_seen = true;
	wrong =
	    t->snapshot != NULL && terminal_status(t) == STATUS_WRONG_ACCOUNT;
	if (wrong && !s->wrong_account)
		events_add(&s->events, "wrong_account",
		    "logged in as %" PRId64 " at %s", t->snapshot->login,
		    t->snapshot->server);
	s->wrong_account = wrong;
}

static bool
is_up(const struct supervisor *s)
{
	return s->authorized || s->refused || s->bridge_seen;
}

static void
enter_running(struct supervisor *s, const char *kind, int64_t now_mono_ms)
{
	enter(s, PHASE_RUNNING, now_mono_ms);
	events_add(&s->events, kind, "pid %" PRId64, s->pid);
}

/* A bridge that was never seen may not be installed, so nothing hangs. */
static bool
is_hung(
    const struct supervisor *s, const struct terminal *t, int64_t now_mono_ms)
{
	return t != NULL && s->bridge_seen &&
	       terminal_age_ms(t, now_mono_ms) >
		   s->terminals->silent_ms * HANG_FACTOR;
}

/* One step of the state machine. exit: how the process ended, where it has. */
static void
step(struct supervisor *s, const struct terminal *t, enum platform_exit exit,
    int64_t now_mono_ms)
{
	int64_t age_ms = now_mono_ms - s->since_mono_ms;
	bool runs = s->pid != 0;

	switch (s->phase) {
	case PHASE_STARTING:
		if (!runs && age_ms > ABSENT_MS) {
			fail(s, "start_failed", "it exited immediately",
			    now_mono_ms);
		} else if (runs && is_up(s)) {
			enter_running(s, "up", now_mono_ms);
		} else if (runs && age_ms > START_MS) {
			platform_end_process(s->pid, true);
			fail(s, "start_failed",
			    "neither its bridge nor its journal reported it up",
			    now_mono_ms);
		}
		break;
	case PHASE_RUNNING:
		if (age_ms > STABLE_MS)
			s->tries = 0;
		if (!runs && exit == EXIT_CRASH) {
			fail(s, "crashed", "the terminal crashed", now_mono_ms);
		} else if (!runs) {
			enter(s, PHASE_MISSING, now_mono_ms);
			events_add(&s->events, "ended",
			    "the terminal exited; after an update it restarts "
			    "itself");
		} else if (is_hung(s, t, now_mono_ms)) {
			platform_end_process(s->pid, true);
			fail(s, "hung", "its bridge stopped writing",
			    now_mono_ms);
		}
		break;
	case PHASE_MISSING:
		if (runs)
			enter_running(s, "back", now_mono_ms);
		else if (age_ms > UPDATE_MS)
			fail(s, "down", "it did not restart", now_mono_ms);
		break;
	case PHASE_WAITING:
		if (runs && age_ms > ABSENT_MS)
			enter_running(s, "found", now_mono_ms);
		else if (!runs && now_mono_ms >= s->due_mono_ms)
			start(s, now_mono_ms);
		break;
	case PHASE_FAILED:
		if (runs && age_ms > ABSENT_MS)
			enter_running(s, "found", now_mono_ms);
		break;
	case PHASE_ENDING:
		if (runs && age_ms > END_MS) {
			platform_end_process(s->pid, true);
		} else if (!runs && s->restart) {
			start(s, now_mono_ms);
		} else if (!runs) {
			enter(s, PHASE_OFF, now_mono_ms);
			events_add(
			    &s->events, "off", "the terminal was stopped");
		}
		break;
	case PHASE_OFF:
		break;
	}
}

int64_t
supervise_step(struct supervisor *s, int64_t now_mono_ms)
{
	enum platform_exit exit;
	struct terminal *t;

	if (s == NULL)
		return INT64_MAX;
	exit = platform_exit(s->pid);
	s->pid = platform_find_process(s->program, s->pid);
	journal_read(&s->journal, on_journal, s);
	if ((t = mailbox_of(s)) != NULL)
		look_at_mailbox(s, t);
	step(s, t, exit, now_mono_ms);
	if (s->phase != PHASE_STARTING)
		startfile_remove(&s->startfile); /* where it was in use */
	if (s->phase == PHASE_STARTING || s->phase == PHASE_ENDING ||
	    s->phase == PHASE_MISSING)
		return now_mono_ms + BUSY_LOOK_MS;
	return now_mono_ms + CALM_LOOK_MS;
}

struct supervisor *
supervise_new(const struct config *c, struct terminals *ts, int64_t now_mono_ms)
{
	struct supervisor *s;
	char *slash;

	if (*c->terminal_path == '\0')
		return NULL;
	s = mem_new(1, sizeof(*s));
	s->config = c;
	s->terminals = ts;
	s->program = platform_real_path(c->terminal_path);
	if (*c->terminal_data != '\0') {
		s->data = platform_real_path(c->terminal_data);
	} else {
		s->data = mem_strdup(s->program);
		slash = s->data + strlen(s->data);
		while (slash > s->data && *slash != '/' && *slash != '\\')
			slash--;
		*slash = '\0';
	}
	startfile_init(&s->startfile, s->data);
	journal_init(&s->journal, s->data);
	s->pid = platform_find_process(s->program, 0);
	journal_skip(&s->journal);
	forget_start(s, now_mono_ms);
	if (s->pid != 0)
		enter_running(s, "found", now_mono_ms);
	else
		start(s, now_mono_ms);
	return s;
}

void
supervise_free(struct supervisor *s)
{
	if (s == NULL)
		return;
	startfile_done(&s->startfile);
	journal_done(&s->journal);
	free(s->program);
	free(s->data);
	free(s);
}

void
supervise_connect(struct supervisor *s, int64_t now_mono_ms)
{
	s->tries = 0;
	s->pid = platform_find_process(s->program, s->pid);
	if (s->phase == PHASE_ENDING)
		s->restart = true;
	else if (s->pid != 0 && s->phase != PHASE_STARTING &&
		 s->phase != PHASE_RUNNING)
		enter_running(s, "found", now_mono_ms);
	else if (s->pid == 0 && s->phase != PHASE_STARTING)
		start(s, now_mono_ms);
}

void
supervise_disconnect(struct supervisor *s, int64_t now_mono_ms)
{
	s->restart = false;
	s->tries = 0;
	s->pid = platform_find_process(s->program, s->pid);
	if (s->phase != PHASE_ENDING)
		platform_end_process(s->pid, false);
	enter(s, PHASE_ENDING, now_mono_ms);
}

void
supervise_reconnect(struct supervisor *s, int64_t now_mono_ms)
{
	supervise_disconnect(s, now_mono_ms);
	s->restart = true;
}

static void
check_path(const char *name, const char *path, struct buf *errors)
{
	if (!platform_is_whole(path))
		buf_printf(
		    errors, "%s: not an absolute path: \"%s\"\n", name, path);
}

void
supervise_check(const struct config *c, struct buf *errors)
{
	int64_t login;

	if (*c->terminal_path == '\0')
		return;
	check_path("MT5_TERMINAL_PATH", c->terminal_path, errors);
	if (*c->terminal_data != '\0')
		check_path("MT5_TERMINAL_DATA", c->terminal_data, errors);
	if (!has_login(c))
		return;
	if (num_int64(c->mt5_login, 1, INT64_MAX, &login) == -1)
		buf_printf(
		    errors, "MT5_LOGIN: not a login: \"%s\"\n", c->mt5_login);
	if (*c->mt5_password == '\0')
		buf_puts(errors, "MT5_PASSWORD: not set, but MT5_LOGIN is\n");
	if (*c->mt5_server == '\0')
		buf_puts(errors, "MT5_SERVER: not set, but MT5_LOGIN is\n");
}

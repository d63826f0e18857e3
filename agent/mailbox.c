/* mailbox.c: finds the terminals by their folders, reads what they write. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agent/envelope.h"
#include "agent/mailbox.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define SCAN_MS 1000   /* for new and removed folders */
#define LOOK_MS 1000   /* besides the watch, as a safety net */
#define POLL_MS 50     /* without a watch, and after a torn file */
#define FUTURE_MS 2000 /* a file's time may be ahead of ours by this */
#define ROOTS_MAX 16

struct root {
	char *dir; /* <common>/mt5fleet */
	int watch;
};

struct mailbox {
	struct platform *platform;
	struct terminals *terminals;
	struct root roots[ROOTS_MAX];
	size_t roots_len;
	int64_t scan_mono_ms;
	bool full; /* more than TERMINALS_MAX: already logged */
};

struct mailbox *
mailbox_new(const char *common, struct platform *platform, struct terminals *ts)
{
	const char separator[2] = {platform_path_separator, '\0'};
	struct mailbox *m = mem_new(1, sizeof(*m));
	char *copy = mem_strdup(common), *rest = copy, *dir;

	m->platform = platform;
	m->terminals = ts;
	while (m->roots_len < ROOTS_MAX &&
	       (dir = strsep(&rest, separator)) != NULL) {
		if (*dir == '\0')
			continue;
		m->roots[m->roots_len].dir = mem_printf("%s/mt5fleet", dir);
		m->roots[m->roots_len++].watch = -1;
	}
	free(copy);
	return m;
}

void
mailbox_free(struct mailbox *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->roots_len; i++)
		free(m->roots[i].dir);
	free(m);
}

static bool
is_terminal_id(const char *name)
{
	return strlen(name) == TERMINAL_ID_LEN &&
	       strspn(name, "0123456789abcdef") == TERMINAL_ID_LEN;
}

static void
add_terminal(struct mailbox *m, const char *id, const char *dir)
{
	struct terminal *t = terminals_add(m->terminals, id, dir);

	if (t == NULL) {
		if (!m->full)
			log_error("more than %d terminals: ignoring %s",
			    TERMINALS_MAX, dir);
		m->full = true;
		return;
	}
	t->seen = true;
	t->watch = platform_watch(m->platform, dir);
	log_info("terminal=%s found dir=%s", id, dir);
}

struct found {
	struct mailbox *mailbox;
	const char *root;
};

static void
found(void *arg, const char *name)
{
	struct found *f = arg;
	struct terminal *t;
	char *dir;

	if (!is_terminal_id(name))
		return;
	dir = mem_printf("%s/%s", f->root, name);
	if ((t = terminals_find(f->mailbox->terminals, dir)) != NULL)
		t->seen = true;
	else
		add_terminal(f->mailbox, name, dir);
	free(dir);
}

static bool
is_inside(const struct terminal *t, const char *root)
{
	size_t len = strlen(root);

	return strncmp(t->dir, root, len) == 0 && t->dir[len] == '/';
}

static void
remove_unseen(struct mailbox *m, const char *root)
{
	struct terminals *ts = m->terminals;

	for (size_t i = ts->len; i-- > 0;) {
		struct terminal *t = ts->list[i];

		if (t->seen || !is_inside(t, root))
			continue;
		log_info("terminal=%s gone dir=%s", t->id, t->dir);
		platform_unwatch(m->platform, t->watch);
		terminals_remove(ts, t);
	}
}

static void
scan_root(struct mailbox *m, struct root *r)
{
	struct found f = {m, r->dir};

	for (size_t i = 0; i < m->terminals->len; i++)
		m->terminals->list[i]->seen = false;
	/* any other error than ENOENT tells nothing about the terminals */
	if (platform_list(r->dir, found, &f) == -1 && errno != ENOENT)
		return;
	remove_unseen(m, r->dir);
	if (r->watch == -1)
		r->watch = platform_watch(m->platform, r->dir);
}

static void
scan(struct mailbox *m, int64_t now_mono_ms)
{
	for (size_t i = 0; i < m->roots_len; i++)
		scan_root(m, &m->roots[i]);
	m->scan_mono_ms = now_mono_ms + SCAN_MS;
}

/* Marks what changed since the last call. */
static void
take_changes(struct mailbox *m)
{
	int watch;

	while ((watch = platform_changed(m->platform)) != -1) {
		for (size_t i = 0; i < m->roots_len; i++)
			if (m->roots[i].watch == watch)
				m->scan_mono_ms = 0;
		for (size_t i = 0; i < m->terminals->len; i++)
			if (m->terminals->list[i]->watch == watch)
				m->terminals->list[i]->dirty = true;
	}
}

/*
 * How old a file already was when we read it: a terminal that died yesterday
 * left its last file behind, which is not a current snapshot. A modification
 * time ahead of our clock is unusable: such a file starts out as silent.
 */
static int64_t
file_age_ms(
    const struct terminals *ts, const struct terminal *t, const struct stamp *s)
{
	int64_t age_ms = clock_utc_ms() - s->mtime_ns / 1000000;

	if (age_ms >= 0)
		return age_ms;
	if (age_ms >= -FUTURE_MS || t->snapshot != NULL)
		return 0;
	return ts->silent_ms;
}

/* A bridge that writes what cannot be does so each second: logged once. */
static void
take_snapshot(struct mailbox *m, struct terminal *t, struct snapshot *s,
    int64_t now_mono_ms)
{
	char *was = t->error != NULL ? mem_strdup(t->error) : NULL;
	bool taken = terminal_take(m->terminals, t, s, now_mono_ms,
	    file_age_ms(m->terminals, t, &t->stamp));

	if (taken && t->error == NULL)
		t->mailbox.read++;
	else if (t->error != NULL)
		t->mailbox.bad++;
	if (t->error != NULL && (was == NULL || strcmp(was, t->error) != 0))
		log_warnx(
		    "terminal=%s snapshot.json refused: %s", t->id, t->error);
	free(was);
}

/* The body of a complete envelope. NULL, or why it is rejected. */
static const char *
take_body(struct mailbox *m, struct terminal *t, struct buf *file, size_t len,
    int64_t now_mono_ms)
{
	const char *why = NULL;
	struct snapshot *s;
	char *text;

	text = buf_take(file);
	text[len] = '\0';
	s = snapshot_new(text, len, t->id, &why);
	if (s != NULL)
		take_snapshot(m, t, s, now_mono_ms);
	return why;
}

/* NULL where the file was accepted, or why not. */
static const char *
judge(struct mailbox *m, struct terminal *t, enum platform_read read,
    struct buf *file, int64_t now_mono_ms, uint64_t **count)
{
	enum envelope envelope = ENVELOPE_TORN;
	size_t len = 0;

	*count = &t->mailbox.bad;
	if (read == READ_FOREIGN)
		return "not a regular file of the folder's owner";
	if (read == READ_ERROR)
		return "cannot be read";
	if (read == READ_OK)
		envelope = envelope_open(file->data, file->len, &len);
	if (read == READ_OVERSIZED || envelope == ENVELOPE_OVERSIZED) {
		*count = &t->mailbox.oversized;
		return "more than 8 MiB";
	}
	if (envelope == ENVELOPE_TORN) {
		*count = &t->mailbox.torn;
		t->torn = true;
		return "torn";
	}
	return take_body(m, t, file, len, now_mono_ms);
}

static bool
stamp_equal(const struct stamp *a, const struct stamp *b)
{
	return a->mtime_ns == b->mtime_ns && a->size == b->size &&
	       a->inode == b->inode;
}

/* Each version of the file is counted once, however often it is read. */
static void
read_snapshot(struct mailbox *m, struct terminal *t, const char *path,
    int64_t now_mono_ms)
{
	struct stamp before = t->stamp;
	enum platform_read read;
	uint64_t *count;
	const char *why;
	struct buf file;

	buf_init(&file, ENVELOPE_FILE_MAX);
	read = platform_read(path, &file, &t->stamp);
	t->torn = false;
	why = read == READ_MISSING
		  ? NULL
		  : judge(m, t, read, &file, now_mono_ms, &count);
	if (why != NULL && !stamp_equal(&before, &t->stamp)) {
		++*count;
		log_warnx("terminal=%s snapshot.json rejected: %s", t->id, why);
	}
	buf_done(&file);
}

static void
look_at_snapshot(struct mailbox *m, struct terminal *t, int64_t now_mono_ms)
{
	char *path = mem_printf("%s/snapshot.json", t->dir);
	struct stamp stamp;

	if (platform_stamp(path, &stamp) == 0 &&
	    (t->dirty || t->torn || !stamp_equal(&stamp, &t->stamp)))
		read_snapshot(m, t, path, now_mono_ms);
	free(path);
	t->dirty = false;
	t->look_mono_ms =
	    now_mono_ms + (t->watch == -1 || t->torn ? POLL_MS : LOOK_MS);
}

int64_t
mailbox_look(struct mailbox *m, int64_t now_mono_ms)
{
	int64_t next;

	take_changes(m);
	if (now_mono_ms >= m->scan_mono_ms)
		scan(m, now_mono_ms);
	next = m->scan_mono_ms;
	for (size_t i = 0; i < m->terminals->len; i++) {
		struct terminal *t = m->terminals->list[i];
		int64_t again = questions_step(&t->questions, now_mono_ms);

		if (t->dirty || now_mono_ms >= t->look_mono_ms)
			look_at_snapshot(m, t, now_mono_ms);
		if (t->look_mono_ms < next)
			next = t->look_mono_ms;
		if (again < next)
			next = again;
	}
	return next;
}

/*
 * untold.c: alerts on their way to Redis, one a line, in a file from before the
 * ledger has what they tell of until Redis has them. Told twice after a crash
 * in between, and never lost.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cron/phases/phases.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/event.h"

#define UNTOLD_MAX ((size_t)4 << 20)
/* A warning of long ago is none; a verdict stands. */
#define WARN_MS (15 * 60 * INT64_C(1000))

static char *
path_of(const struct app *app)
{
	return mem_printf("%s/phases-untold", app->config.state_dir);
}

void
untold_load(struct app *app)
{
	char *path = path_of(app), *text;
	size_t len;

	buf_init(&app->untold, UNTOLD_MAX);
	if ((text = file_read(path, UNTOLD_MAX, &len)) != NULL)
		buf_add(&app->untold, text, len);
	else if (errno != ENOENT)
		log_warnx("%s: %s", path, strerror(errno));
	free(text);
	free(path);
}

static int
save(const struct app *app)
{
	const struct buf *b = &app->untold;
	char *path = path_of(app);
	int rc;

	if (b->len > 0)
		rc = file_write(path, b->data, b->len, 0600);
	else
		rc = unlink(path) == -1 && errno != ENOENT ? -1 : 0;
	if (rc == -1)
		log_warnx("%s: %s", path, strerror(errno));
	free(path);
	return rc;
}

void
untold_keep(struct app *app)
{
	size_t before = app->untold.len;

	for (int i = 0; i < app->events_len; i++)
		if (app->events[i].json != NULL) {
			buf_puts(&app->untold, app->events[i].json);
			buf_putc(&app->untold, '\n');
		}
	if (app->untold.len != before)
		(void)save(app); /* the ledger must not wait for it */
}

void
untold_cut(struct app *app, size_t len)
{
	if (app->untold.len <= len)
		return;
	app->untold.len = len;
	app->untold.data[len] = '\0';
	(void)save(app);
}

void
untold_forget(struct app *app)
{
	untold_cut(app, 0);
	app->untold.overflow = false;
}

static bool
is_still_due(const struct app *app, const char *line, size_t len)
{
	struct event_entry e;
	struct event_alert a;
	bool due;

	due =
	    event_read(&e, line, len) && event_read_alert(&e, &a) &&
	    a.at_utc_ms != 0 &&
	    (a.level != ALERT_WARN || app->now_utc_ms - a.at_utc_ms <= WARN_MS);
	event_done(&e);
	return due;
}

void
untold_put(const struct app *app, struct cache_batch *b)
{
	const char *line = app->untold.data, *end = line + app->untold.len;
	const char *stop;

	for (; line < end; line = stop + 1) {
		size_t len;

		if ((stop = memchr(line, '\n', (size_t)(end - line))) == NULL)
			return;
		len = (size_t)(stop - line);
		if (!is_still_due(app, line, len))
			continue;
		cache_batch_begin(b);
		event_add_text(b, EVENT_ALERT, line, len);
		cache_batch_end(b);
	}
}

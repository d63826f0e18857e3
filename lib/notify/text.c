/* text.c: notices as the lines of a message. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/url.h"
#include "lib/base/utf8.h"
#include "lib/notify/text.h"
#include "lib/notify/words.h"
#include "lib/trading/zone.h"

#define LINE_MAX_BYTES 700 /* of one alert's words */
#define REPORT_MAX_BYTES 8000
#define TEXT_CAP (256 * 1024)
#define NO_BREAK "\xe2\x80\x8b" /* a blank of no width */

void
text_escape(struct buf *b, enum text_markup markup, const char *s)
{
	for (; *s != '\0'; s++) {
		bool entity = markup == TEXT_TELEGRAM || markup == TEXT_SLACK;

		if (((unsigned char)*s < ' ' && *s != '\n') || *s == 0x7f) {
			buf_putc(b, ' ');
			continue;
		}
		if (entity && strchr("<>&", *s) != NULL) {
			buf_puts(b, *s == '<'   ? "&lt;"
				    : *s == '>' ? "&gt;"
						: "&amp;");
			continue;
		}
		if (markup == TEXT_DISCORD &&
		    strchr("\\*_~|`>#[]<", *s) != NULL)
			buf_putc(b, '\\');
		buf_putc(b, *s);
		if (*s == '@' && markup != TEXT_PLAIN)
			buf_puts(b, NO_BREAK); /* nobody's name follows it */
	}
}

/* "2026-06-22T18:53:58Z", or in a zone "2026-06-22 20:53:58 Europe/Madrid". */
static void
put_moment(struct buf *b, const struct target *t, int64_t utc_ms)
{
	struct zone_spans z;
	char text[CLOCK_ISO_SIZE];
	time_t local;
	struct tm tm;

	if (strcmp(t->zone, "UTC") == 0) {
		buf_printf(b, "%.19sZ", clock_iso(utc_ms, text));
		return;
	}
	zone_spans(t->zone, utc_ms / 1000, utc_ms / 1000, &z);
	local = (time_t)(utc_ms / 1000 + zone_offset(&z, utc_ms / 1000));
	zone_spans_done(&z);
	gmtime_r(&local, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	buf_printf(b, "%s %s", text, t->zone);
}

static void
put_head(struct buf *b, const struct target *t, const struct notice *n)
{
	static const char *const levels[TARGET_LANGUAGES][3] = {
	    {"note", "warning", "CRITICAL"}, {"nota", "aviso", "CRÍTICO"}};
	bool es = t->language == TARGET_SPANISH;
	const char *level = levels[t->language][n->level];

	switch (n->what) {
	case NOTICE_BEGAN:
		buf_puts(b, level);
		break;
	case NOTICE_ENDED:
		buf_puts(b, es ? "terminado" : "ended");
		break;
	case NOTICE_GOES_ON:
		buf_printf(b, "%s %s", es ? "sigue" : "still", level);
		break;
	case NOTICE_ESCALATED:
		buf_printf(b,
		    es ? "nadie lo ha confirmado en %d min (%s): %s"
		       : "not acknowledged within %d min (%s): %s",
		    n->minutes, n->from != NULL ? n->from : "", level);
		break;
	case NOTICE_TEST:
		buf_puts(b, es ? "prueba" : "test");
		break;
	case NOTICE_REPORT:
		return;
	}
	buf_puts(b, ": ");
}

static void
cut(struct buf *b, size_t max)
{
	if (b->len <= max)
		return;
	while (max > 0 && ((unsigned char)b->data[max] & 0xc0) == 0x80)
		max--;
	b->data[max] = '\0';
	b->len = max;
	buf_puts(b, "…");
}

static void
put_line(struct buf *b, const struct target *t, const struct notice *n)
{
	if (n->what == NOTICE_REPORT) {
		buf_puts(b, n->text);
		cut(b, REPORT_MAX_BYTES);
		return;
	}
	words_put(b, t->language, n);
	cut(b, LINE_MAX_BYTES);
	if (n->what == NOTICE_TEST)
		return;
	buf_puts(b, t->language == TARGET_SPANISH ? " (desde " : " (since ");
	put_moment(b, t, n->since_utc_ms);
	buf_putc(b, ')');
}

void
text_line(struct buf *b, const struct target *t, enum text_markup markup,
    const struct notice *n)
{
	struct buf line;

	buf_init(&line, TEXT_CAP);
	put_head(&line, t, n);
	put_line(&line, t, n);
	text_escape(b, markup, line.data);
	buf_done(&line);
}

enum alert_level
text_worst(const struct notice *notices, size_t len)
{
	enum alert_level worst = ALERT_INFO;

	for (size_t i = 0; i < len; i++)
		if (notices[i].what != NOTICE_ENDED && notices[i].level > worst)
			worst = notices[i].level;
	return worst;
}

static int
rank(const struct notice *n)
{
	return n->what == NOTICE_ENDED ? -1 : (int)n->level;
}

void
text_lines(struct buf *b, const struct target *t, enum text_markup markup,
    const struct notice *notices, size_t len, size_t max)
{
	const size_t room = 40; /* of "and 100 more" */
	struct buf line;
	size_t done = 0;

	for (int level = ALERT_CRITICAL; level >= -1; level--)
		for (size_t i = 0; i < len; i++) {
			if (rank(&notices[i]) != level)
				continue;
			buf_init(&line, TEXT_CAP);
			text_line(&line, t, markup, &notices[i]);
			if (done == 0 && line.len + room > max)
				cut(&line, max - room);
			if (b->len + line.len + room > max) {
				buf_done(&line);
				goto out;
			}
			buf_printf(b, "%s\n", line.data);
			buf_done(&line);
			done++;
		}
out:
	if (done < len)
		buf_printf(b,
		    t->language == TARGET_SPANISH ? "y %zu más\n"
						  : "and %zu more\n",
		    len - done);
}

void
text_title(struct buf *b, const struct target *t, const struct notice *notices,
    size_t len, size_t max)
{
	bool es = t->language == TARGET_SPANISH;
	struct notice n = notices[0];
	char *first;

	if (len == 1) {
		first = mem_strndup(n.text, strcspn(n.text, "\n"));
		n.text = first;
		put_head(b, t, &n);
		words_put(b, t->language, &n);
		free(first);
	} else {
		n.level = text_worst(notices, len);
		n.what = NOTICE_BEGAN;
		put_head(b, t, &n);
		buf_printf(b, es ? "%zu avisos" : "%zu alerts", len);
	}
	cut(b, max - strlen("…"));
}

void
text_link(
    struct buf *b, const char *site, const struct notice *notices, size_t len)
{
	const struct notice *n = &notices[0];
	bool same = n->server != NULL && n->login != NULL;

	if (*site == '\0')
		return;
	buf_printf(b, "%s/", site);
	for (size_t i = 1; same && i < len; i++)
		same = notices[i].server != NULL && notices[i].login != NULL &&
		       strcmp(n->server, notices[i].server) == 0 &&
		       strcmp(n->login, notices[i].login) == 0;
	if (same) {
		buf_puts(b, "#/a/");
		url_escape(b, n->server);
		buf_putc(b, '/');
		url_escape(b, n->login);
	} else if (len == 1 && n->node != NULL) {
		buf_puts(b, "#/?q=");
		url_escape(b, n->node);
	}
}

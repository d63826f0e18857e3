/* body.c: what a webhook wants to be sent. */
#include <string.h>

#include "cron/alerts/body.h"
#include "lib/base/clock.h"
#include "lib/json/json.h"

#define BODY_MAX (1 << 20)
#define TEXT_MAX 1800 /* Discord takes 2000 characters, the others more */

static const char *const words[] = {
    "json", "telegram", "discord", "slack", "ntfy"};
static const char *const due_words[] = {"", "began", "ended", "goes_on"};

bool
body_format_from(const char *word, enum body_format *format)
{
	for (int i = BODY_JSON; i <= BODY_NTFY; i++)
		if (strcmp(word, words[i]) == 0) {
			*format = (enum body_format)i;
			return true;
		}
	return false;
}

const char *
body_type(enum body_format format)
{
	return format == BODY_NTFY ? "text/plain; charset=utf-8"
				   : "application/json";
}

/* Slack reads < > & as markup. */
static void
put_escaped(struct buf *b, const char *s, bool slack)
{
	for (; *s != '\0'; s++)
		if (slack && *s == '<')
			buf_puts(b, "&lt;");
		else if (slack && *s == '>')
			buf_puts(b, "&gt;");
		else if (slack && *s == '&')
			buf_puts(b, "&amp;");
		else
			buf_putc(b, *s);
}

static void
put_line(struct buf *b, const struct notice *n, bool slack)
{
	static const char *const heads[] = {"note", "warning", "CRITICAL"};
	char since[CLOCK_ISO_SIZE];
	const char *head = heads[n->alert->level];

	if (n->due == ALERT_ENDED)
		head = "ended";
	else if (n->due == ALERT_GOES_ON)
		head = "still CRITICAL";
	buf_printf(b, "%s: ", head);
	put_escaped(b, n->alert->text, slack);
	buf_printf(
	    b, " (since %.19sZ)\n", clock_iso(n->alert->since_utc_ms, since));
}

/* One line each; what is too much is counted. */
static void
put_lines(
    struct buf *text, const struct notice *notices, size_t len, bool slack)
{
	struct buf line;
	size_t i;

	for (i = 0; i < len; i++) {
		buf_init(&line, TEXT_MAX);
		put_line(&line, &notices[i], slack);
		if (text->len + line.len > TEXT_MAX) {
			buf_done(&line);
			break;
		}
		buf_add(text, line.data, line.len);
		buf_done(&line);
	}
	if (i < len)
		buf_printf(text, "and %zu more\n", len - i);
}

static void
put_json(struct json *j, const struct notice *notices, size_t len)
{
	json_array(j, "alerts");
	for (size_t i = 0; i < len; i++) {
		const struct alert *a = notices[i].alert;

		json_object(j, NULL);
		json_string(j, "key", a->key);
		json_string(j, "what", due_words[notices[i].due]);
		json_string(j, "level", alert_level_word(a->level));
		json_string(j, "server", a->server);
		json_string(j, "login", a->login);
		json_string(j, "text", a->text);
		json_utc(j, "since_utc", a->since_utc_ms);
		json_end(j);
	}
	json_end(j);
}

static void
put_members(struct json *j, enum body_format format, const char *text)
{
	switch (format) {
	case BODY_TELEGRAM: /* chat_id stands in the URL */
		json_string(j, "text", text);
		json_bool(j, "disable_web_page_preview", true);
		break;
	case BODY_DISCORD: /* nobody is called by name */
		json_string(j, "content", text);
		json_object(j, "allowed_mentions");
		json_array(j, "parse");
		json_end(j);
		json_end(j);
		break;
	case BODY_SLACK:
		json_string(j, "text", text);
		break;
	case BODY_JSON:
	case BODY_NTFY:
		break;
	}
}

void
body_make(struct buf *b, enum body_format format, const struct notice *notices,
    size_t len)
{
	struct buf text;
	struct json j;
	const char *done;
	size_t size;

	buf_init(b, BODY_MAX);
	buf_init(&text, 2 * TEXT_MAX);
	json_init(&j, BODY_MAX);
	put_lines(&text, notices, len, format == BODY_SLACK);
	json_object(&j, NULL);
	if (format == BODY_JSON)
		put_json(&j, notices, len);
	else
		put_members(&j, format, text.data);
	json_end(&j);
	if (format == BODY_NTFY)
		buf_add(b, text.data, text.len);
	else if ((done = json_text(&j, &size)) != NULL)
		buf_add(b, done, size);
	json_done(&j);
	buf_done(&text);
}

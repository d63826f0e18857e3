/* post_chat.c: the bodies of what people read: chats and phones. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/url.h"
#include "lib/notify/post_own.h"

/* Their limits, less what stands around the text. Those of Telegram and
 * Discord are of characters: bytes are never fewer. */
#define TELEGRAM_MAX (4096 - 500)
#define DISCORD_MAX (2000 - 300)
#define SLACK_MAX 2900 /* of a section: 3000 */
#define NTFY_MAX 4000  /* more becomes a file */
#define PUSHOVER_MAX 1000
#define PUSHOVER_TITLE_MAX 200
#define GOTIFY_MAX 8000
#define APPRISE_MAX 8000
#define TITLE_MAX 200
#define JSON_CAP (1 << 20)
#define TEXT_CAP (64 * 1024)

/* Lines, and the link; both are the caller's to free. */
static char *
lines(const struct job *j, enum text_markup markup, size_t max, char **link)
{
	struct buf text, url;
	char *out;

	buf_init(&text, TEXT_CAP);
	buf_init(&url, 2048);
	text_lines(&text, j->t, markup, j->notices, j->len, max);
	text_link(&url, j->site->url, j->notices, j->len);
	out = buf_take(&text);
	*link = url.len > 0 ? buf_take(&url) : NULL;
	buf_done(&text);
	buf_done(&url);
	return out;
}

static char *
title(const struct job *j, size_t max)
{
	struct buf text;
	char *out;

	buf_init(&text, TEXT_CAP);
	text_title(&text, j->t, j->notices, j->len, max);
	out = buf_take(&text);
	buf_done(&text);
	return out;
}

/* Of three numbers the one that fits the worst of them. */
static int
by_level(const struct job *j, int info, int warn, int critical)
{
	enum alert_level worst = text_worst(j->notices, j->len);

	return worst == ALERT_CRITICAL ? critical
	       : worst == ALERT_WARN   ? warn
				       : info;
}

/* https://core.telegram.org/bots/api#sendmessage; ALERT_URL has the method and
 * the chat in it. */
void
post_telegram(struct job *j)
{
	char *link, *text = lines(j, TEXT_TELEGRAM, TELEGRAM_MAX, &link), *all;
	struct json doc;

	if (!j->t->is_setting) {
		free(j->r->url);
		j->r->url = mem_printf("%.*s/bot%s/sendMessage",
		    (int)strlen(j->t->url) -
			(j->t->url[strlen(j->t->url) - 1] == '/'),
		    j->t->url, j->t->token);
		j->r->fetch.token = NULL;
	}
	all = link != NULL
		  ? mem_printf("%s<a href=\"%s\">%s</a>", text, link,
			j->t->language == TARGET_SPANISH ? "Ver en mt5fleet"
							 : "Open mt5fleet")
		  : mem_strdup(text);
	json_init(&doc, JSON_CAP);
	json_object(&doc, NULL);
	if (j->t->chat_id != NULL)
		json_string(&doc, "chat_id", j->t->chat_id);
	json_string(&doc, "text", all);
	json_string(&doc, "parse_mode", "HTML");
	json_bool(&doc, "disable_web_page_preview", true);
	json_end(&doc);
	post_json(j->r, &doc);
	json_done(&doc);
	free(all);
	free(text);
	free(link);
}

/* https://discord.com/developers/docs/resources/webhook#execute-webhook */
void
post_discord(struct job *j)
{
	char *link, *text = lines(j, TEXT_DISCORD, DISCORD_MAX, &link), *all;
	struct json doc;

	/* in angle brackets it gets no preview */
	all =
	    link != NULL ? mem_printf("%s<%s>", text, link) : mem_strdup(text);
	json_init(&doc, JSON_CAP);
	json_object(&doc, NULL);
	json_string(&doc, "content", all);
	json_object(&doc, "allowed_mentions");
	json_array(&doc, "parse");
	json_end(&doc);
	json_end(&doc);
	json_end(&doc);
	post_json(j->r, &doc);
	json_done(&doc);
	free(all);
	free(text);
	free(link);
}

static void
slack_section(struct json *doc, const char *type, const char *text)
{
	json_object(doc, NULL);
	json_string(doc, "type", "section");
	json_object(doc, "text");
	json_string(doc, "type", type);
	json_string(doc, "text", text);
	json_end(doc);
	json_end(doc);
}

/* https://docs.slack.dev/reference/block-kit/blocks: what is of others stands
 * in plain_text, which has no markup. */
void
post_slack(struct job *j)
{
	char *link, *text = lines(j, TEXT_SLACK, SLACK_MAX, &link);
	char *plain, *other, *mark;
	struct json doc;

	plain = lines(j, TEXT_PLAIN, SLACK_MAX, &other);
	json_init(&doc, JSON_CAP);
	json_object(&doc, NULL);
	json_string(&doc, "text", text); /* of the notification */
	json_array(&doc, "blocks");
	slack_section(&doc, "plain_text", plain);
	if (link != NULL) {
		mark = mem_printf("<%s|%s>", link,
		    j->t->language == TARGET_SPANISH ? "Ver en mt5fleet"
						     : "Open mt5fleet");
		slack_section(&doc, "mrkdwn", mark);
		free(mark);
	}
	json_end(&doc);
	json_end(&doc);
	post_json(j->r, &doc);
	json_done(&doc);
	free(other);
	free(plain);
	free(text);
	free(link);
}

/* https://docs.ntfy.sh/publish/ */
void
post_ntfy(struct job *j)
{
	static const char *const priorities[] = {"2", "3", "4", "5"};
	char *link, *text = lines(j, TEXT_PLAIN, NTFY_MAX, &link);

	j->r->fetch.type = "text/plain; charset=utf-8";
	post_header(j->r, "Priority", priorities[by_level(j, 1, 2, 3)]);
	if (link != NULL)
		post_header(j->r, "Click", link);
	buf_puts(&j->r->body, text);
	free(text);
	free(link);
}

/* https://gotify.net/api-docs#/message/createMessage */
void
post_gotify(struct job *j)
{
	char *link, *text = lines(j, TEXT_PLAIN, GOTIFY_MAX, &link);
	char *head = title(j, TITLE_MAX);
	struct json doc;

	free(j->r->url);
	j->r->url = mem_printf("%s%smessage", j->t->url,
	    j->t->url[strlen(j->t->url) - 1] == '/' ? "" : "/");
	j->r->fetch.token = NULL;
	post_header(j->r, "X-Gotify-Key", j->t->token);
	json_init(&doc, JSON_CAP);
	json_object(&doc, NULL);
	json_string(&doc, "title", head);
	json_string(&doc, "message", text);
	json_int(&doc, "priority", by_level(j, 2, 5, 8));
	if (link != NULL) {
		json_object(&doc, "extras");
		json_object(&doc, "client::notification");
		json_object(&doc, "click");
		json_string(&doc, "url", link);
		json_end(&doc);
		json_end(&doc);
		json_end(&doc);
	}
	json_end(&doc);
	post_json(j->r, &doc);
	json_done(&doc);
	free(head);
	free(text);
	free(link);
}

static void
put_field(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, "%s%s=", b->len > 0 ? "&" : "", name);
	url_escape(b, value);
}

/* https://pushover.net/api: priority 2 needs retry and expire. */
void
post_pushover(struct job *j)
{
	static const char *const priorities[] = {"-1", "0", "1", "2"};
	char *link, *text = lines(j, TEXT_PLAIN, PUSHOVER_MAX, &link);
	char *head = title(j, PUSHOVER_TITLE_MAX), *number;
	int priority = by_level(j, 0, 1, j->t->emergency_s > 0 ? 3 : 2);
	struct buf *b = &j->r->body;

	j->r->fetch.type = "application/x-www-form-urlencoded";
	j->r->fetch.token = NULL;
	put_field(b, "token", j->t->token);
	put_field(b, "user", j->t->user);
	put_field(b, "title", head);
	put_field(b, "message", text);
	put_field(b, "priority", priorities[priority]);
	if (priority == 3) {
		number = mem_printf("%d", j->t->emergency_s);
		put_field(b, "retry", number);
		put_field(b, "expire", "3600");
		free(number);
	}
	if (link != NULL && strlen(link) <= 512)
		put_field(b, "url", link);
	free(head);
	free(text);
	free(link);
}

/* https://github.com/caronc/apprise-api: to a stored key of its own (…/KEY),
 * or to the URLs of `to`. */
void
post_apprise(struct job *j)
{
	static const char *const kinds[] = {"info", "warning", "failure"};
	char *link, *text = lines(j, TEXT_PLAIN, APPRISE_MAX, &link), *all;
	char *head = title(j, TITLE_MAX);
	struct json doc;
	struct buf urls;
	bool ended = j->len == 1 && j->notices[0].what == NOTICE_ENDED;

	all = mem_printf("%s%s", text, link != NULL ? link : "");
	json_init(&doc, JSON_CAP);
	json_object(&doc, NULL);
	if (j->t->to.len > 0) {
		buf_init(&urls, TEXT_CAP);
		for (size_t i = 0; i < j->t->to.len; i++)
			buf_printf(
			    &urls, "%s%s", i > 0 ? "," : "", j->t->to.list[i]);
		json_string(&doc, "urls", urls.data);
		buf_done(&urls);
	}
	json_string(&doc, "title", head);
	json_string(&doc, "body", all);
	json_string(
	    &doc, "type", ended ? "success" : kinds[by_level(j, 0, 1, 2)]);
	json_string(&doc, "format", "text");
	if (j->t->tag != NULL)
		json_string(&doc, "tag", j->t->tag);
	json_end(&doc);
	post_json(j->r, &doc);
	json_done(&doc);
	free(all);
	free(head);
	free(text);
	free(link);
}

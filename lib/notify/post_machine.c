/* post_machine.c: the bodies of what programs read. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/sha256.h"
#include "lib/notify/post_own.h"
#include "lib/notify/words.h"

#define JSON_CAP (4 << 20)
#define SUMMARY_MAX 1000 /* PagerDuty: 1024 */
#define DEDUP_MAX 255
/* An Alertmanager ends by itself what has no end: far away, until we say so */
#define OPEN_MS (7 * 24 * 60 * 60 * INT64_C(1000))

static char *
words_of(const struct job *j, const struct notice *n, size_t max)
{
	struct buf b;
	char *text;

	buf_init(&b, 64 * 1024);
	words_put(&b, j->t->language, n);
	text = target_masked(j->t, b.data, max);
	buf_done(&b);
	return text;
}

static char *
link_of(const struct job *j, const struct notice *n)
{
	struct buf b;
	char *text;

	buf_init(&b, 4096);
	text_link(&b, j->site->url, n, 1);
	text = b.len > 0 ? buf_take(&b) : NULL;
	buf_done(&b);
	return text;
}

static void
put_link(struct json *doc, const char *name, const struct job *j,
    const struct notice *n)
{
	char *link = link_of(j, n);

	json_string(doc, name, link);
	free(link);
}

/* docs/alerts.md */
void
post_webhook(struct job *j)
{
	struct json doc;

	json_init(&doc, JSON_CAP);
	json_object(&doc, NULL);
	json_string(&doc, "id", j->id);
	json_array(&doc, "alerts");
	for (size_t i = 0; i < j->len; i++) {
		const struct notice *n = &j->notices[i];

		json_object(&doc, NULL);
		json_string(&doc, "key", n->key);
		json_string(&doc, "what", notice_word(n->what));
		json_string(&doc, "level",
		    n->what == NOTICE_ENDED ? "info"
					    : alert_level_word(n->level));
		json_string(&doc, "server", n->server);
		json_string(&doc, "login", n->login);
		json_string(&doc, "node", n->node);
		json_string(&doc, "firm", n->firm);
		json_string(&doc, "holder", n->holder);
		json_string(&doc, "text", n->text);
		json_utc(&doc, "since_utc", n->since_utc_ms);
		if (n->what == NOTICE_ESCALATED) {
			json_string(&doc, "escalated_from", n->from);
			json_int(&doc, "minutes", n->minutes);
		}
		put_link(&doc, "link", j, n);
		json_end(&doc);
	}
	json_end(&doc);
	json_end(&doc);
	post_json(j->r, &doc);
	json_done(&doc);
}

/* https://developer.pagerduty.com/docs/send-alert-event: one a request. */
void
post_pagerduty(struct job *j)
{
	static const char *const severities[] = {"info", "warning", "critical"};
	const struct notice *n = &j->notices[0];
	char hex[SHA256_HEX_SIZE], *words = words_of(j, n, SUMMARY_MAX);
	char *link = link_of(j, n);
	struct json doc;

	j->r->fetch.token = NULL;
	json_init(&doc, JSON_CAP);
	json_object(&doc, NULL);
	json_string(&doc, "routing_key", j->t->token);
	json_string(&doc, "event_action",
	    n->what == NOTICE_ENDED ? "resolve" : "trigger");
	if (strlen(n->key) > DEDUP_MAX)
		sha256_hex(n->key, strlen(n->key), hex);
	json_string(
	    &doc, "dedup_key", strlen(n->key) > DEDUP_MAX ? hex : n->key);
	json_object(&doc, "payload");
	json_string(&doc, "summary", words);
	json_string(&doc, "source",
	    n->node != NULL     ? n->node
	    : n->server != NULL ? n->server
				: "mt5fleet");
	json_string(&doc, "severity", severities[n->level]);
	json_utc(&doc, "timestamp", n->since_utc_ms);
	json_object(&doc, "custom_details");
	json_string(&doc, "server", n->server);
	json_string(&doc, "login", n->login);
	json_string(&doc, "firm", n->firm);
	json_string(&doc, "holder", n->holder);
	json_end(&doc);
	json_end(&doc);
	json_string(&doc, "client", "mt5fleet");
	if (link != NULL) {
		json_string(&doc, "client_url", link);
		json_array(&doc, "links");
		json_object(&doc, NULL);
		json_string(&doc, "href", link);
		json_string(&doc, "text", "mt5fleet");
		json_end(&doc);
		json_end(&doc);
	}
	json_end(&doc);
	post_json(j->r, &doc);
	json_done(&doc);
	free(words);
	free(link);
}

static void
put_label(struct json *doc, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		json_string(doc, name, value);
}

static void
put_am(struct json *doc, const struct job *j, const struct notice *n,
    enum alert_level level, bool ended)
{
	char *words = words_of(j, n, 2000), *link = link_of(j, n);
	enum alert_kind kind;

	json_object(doc, NULL);
	json_object(doc, "labels");
	json_string(doc, "alertname",
	    alert_kind_of(n->key, &kind) ? alert_kind_info(kind)->word
					 : n->key);
	json_string(doc, "job", "mt5fleet");
	json_string(doc, "key", n->key);
	json_string(doc, "severity",
	    level == ALERT_WARN ? "warning" : alert_level_word(level));
	put_label(doc, "server", n->server);
	put_label(doc, "login", n->login);
	put_label(doc, "node", n->node);
	json_end(doc);
	json_object(doc, "annotations");
	json_string(doc, "summary", words);
	put_label(doc, "firm", n->firm);
	put_label(doc, "holder", n->holder);
	json_end(doc);
	if (!ended)
		json_utc(doc, "startsAt", n->since_utc_ms);
	json_utc(doc, "endsAt",
	    ended ? j->site->now_utc_ms : j->site->now_utc_ms + OPEN_MS);
	if (link != NULL)
		json_string(doc, "generatorURL", link);
	json_end(doc);
	free(words);
	free(link);
}

/*
 * POST /api/v2/alerts. Its labels are an alert's identity, and the severity is
 * one of them: what got worse ends as what it was.
 */
void
post_alertmanager(struct job *j)
{
	struct json doc;

	free(j->r->url);
	j->r->url = mem_printf("%s%sapi/v2/alerts", j->t->url,
	    j->t->url[strlen(j->t->url) - 1] == '/' ? "" : "/");
	json_init(&doc, JSON_CAP);
	json_array(&doc, NULL);
	for (size_t i = 0; i < j->len; i++) {
		const struct notice *n = &j->notices[i];

		if (n->what != NOTICE_ENDED && n->was != ALERT_INFO &&
		    n->was != n->level)
			put_am(&doc, j, n, n->was, true);
		put_am(&doc, j, n, n->level, n->what == NOTICE_ENDED);
	}
	json_end(&doc);
	post_json(j->r, &doc);
	json_done(&doc);
}

/* post.c: what one target is sent, and what came of it. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/base64.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/sha256.h"
#include "lib/notify/post_own.h"

#define CONNECT_MS 5000
#define TOTAL_MS 10000
#define ANSWER_MAX 65536
#define BODY_MAX (4 << 20)
#define ERROR_MAX 200
#define RETRY_MS INT64_C(5000)
#define RETRY_MAX_MS INT64_C(300000)
#define WAIT_MAX_MS (24 * 60 * 60 * INT64_C(1000))

static post_body_fn *const bodies[TARGET_TYPES] = {
    [TARGET_WEBHOOK] = post_webhook,
    [TARGET_TELEGRAM] = post_telegram,
    [TARGET_DISCORD] = post_discord,
    [TARGET_SLACK] = post_slack,
    [TARGET_NTFY] = post_ntfy,
    [TARGET_GOTIFY] = post_gotify,
    [TARGET_PUSHOVER] = post_pushover,
    [TARGET_PAGERDUTY] = post_pagerduty,
    [TARGET_ALERTMANAGER] = post_alertmanager,
    [TARGET_EMAIL] = post_email,
    [TARGET_APPRISE] = post_apprise,
};

size_t
post_takes(enum target_type type)
{
	return type == TARGET_PAGERDUTY ? 1 : 500;
}

/* Standard Webhooks: HMAC-SHA-256 of "id.timestamp.body". */
static void
sign(struct post *r, const struct target *t, const char *id, int64_t now_ms)
{
	static const char prefix[] = "whsec_";
	const char *secret = t->secret;
	unsigned char digest[SHA256_SIZE];
	struct buf key, text, sum;
	char *stamp;

	if (secret == NULL)
		return;
	stamp = mem_printf("%lld", (long long)(now_ms / 1000));
	buf_init(&key, 4096);
	buf_init(&text, BODY_MAX + 256);
	buf_init(&sum, 128);
	if (strncmp(secret, prefix, strlen(prefix)) != 0 ||
	    base64_decode(&key, secret + strlen(prefix)) == -1) {
		buf_reset(&key);
		buf_puts(&key, secret);
	}
	buf_printf(&text, "%s.%s.", id, stamp);
	buf_add(&text, r->body.data, r->body.len);
	sha256_hmac(key.data, key.len, text.data, text.len, digest);
	buf_puts(&sum, "v1,");
	base64_encode(&sum, digest, sizeof(digest));
	post_header(r, "webhook-id", id);
	post_header(r, "webhook-timestamp", stamp);
	post_header(r, "webhook-signature", sum.data);
	buf_done(&key);
	buf_done(&text);
	buf_done(&sum);
	free(stamp);
}

static void
begin(struct post *r, const struct target *t, const struct post_site *site)
{
	const char *proxy = t->proxy != NULL ? t->proxy : site->proxy;

	*r = (struct post){.fetch = {.connect_ms = CONNECT_MS,
			       .total_ms = TOTAL_MS,
			       .max = ANSWER_MAX,
			       .ca = t->ca,
			       .token = t->token}};
	buf_init(&r->body, BODY_MAX);
	if (strcmp(proxy, "off") != 0 && t->type != TARGET_EMAIL)
		r->fetch.proxy = proxy;
	r->url = mem_strdup(t->url);
}

static void
finish(struct post *r)
{
	r->fetch.url = r->url;
	r->fetch.body = r->body.data;
	r->fetch.body_len = r->body.len;
	r->fetch.headers = (const char *const *)r->headers;
}

void
post_make(struct post *r, const struct target *t, const struct post_site *site,
    const char *id, const struct notice *notices, size_t len)
{
	struct job j = {r, t, site, id, notices, len};

	begin(r, t, site);
	bodies[t->type](&j);
	if (t->type == TARGET_WEBHOOK)
		sign(r, t, id, site->now_utc_ms);
	finish(r);
}

void
post_make_hook(struct post *r, const struct target *t,
    const struct post_site *site, const char *id, const char *body)
{
	begin(r, t, site);
	buf_puts(&r->body, body);
	sign(r, t, id, site->now_utc_ms);
	finish(r);
}

void
post_done(struct post *r)
{
	for (size_t i = 0; i < r->headers_len; i++)
		free(r->headers[i]);
	free(r->url);
	buf_done(&r->body);
}

void
post_test(const struct target *t, const struct post_site *site,
    fetch_done *done, void *arg)
{
	const struct notice n = {.what = NOTICE_TEST,
	    .key = "test",
	    .text = t->language == TARGET_SPANISH
			? "mensaje de prueba de mt5fleet; no hay que hacer nada"
			: "a message of mt5fleet to try it out; there is "
			  "nothing to do",
	    .level = ALERT_INFO,
	    .since_utc_ms = site->now_utc_ms};
	char *id =
	    mem_printf("mt5fleet-test-%lld", (long long)site->now_utc_ms);
	struct post p = {0};

	post_make(&p, t, site, id, &n, 1);
	fetch_now(&p.fetch, done, arg);
	post_done(&p);
	free(id);
}

/* ---- what came of it ---- */

/* Telegram: parameters.retry_after, Discord: retry_after, both in seconds. */
static int64_t
wait_in_body(const cJSON *doc)
{
	const cJSON *p = jsonin_object(doc, "parameters");
	double s = 0;

	if (!jsonin_number(p, "retry_after", &s))
		jsonin_number(doc, "retry_after", &s);
	return s > 0 && s < 1e6 ? (int64_t)(s * 1000) : 0;
}

/* What the service itself says, where it says it in one of the usual ways. */
static const char *
reason_in(const cJSON *doc, const struct fetch_answer *a)
{
	static const char *const names[] = {
	    "description", "message", "error", "detail"};
	const char *text;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (jsonin_string(doc, names[i], &text) && *text != '\0')
			return text;
	return a->body;
}

void
post_judge(struct post_outcome *o, const struct target *t,
    const struct fetch_answer *a)
{
	cJSON *doc;
	char *said;

	*o = (struct post_outcome){.sent = a->error == NULL};
	if (o->sent)
		return;
	doc = jsonin_parse(a->body, a->len);
	o->wait_ms = (int64_t)a->retry_after_s * 1000;
	if (o->wait_ms == 0 && a->code == 429)
		o->wait_ms = wait_in_body(doc);
	if (o->wait_ms > WAIT_MAX_MS)
		o->wait_ms = WAIT_MAX_MS;
	o->unsure = a->unsure && a->code < 400;
	if (t->type == TARGET_EMAIL)
		o->permanent = a->code >= 500 && a->code <= 599;
	else
		o->permanent = a->code >= 400 && a->code <= 499 &&
			       a->code != 408 && a->code != 425 &&
			       a->code != 429;
	said = mem_printf("%s%s%s", a->error, a->len > 0 ? ": " : "",
	    a->len > 0 ? reason_in(doc, a) : "");
	o->error = target_masked(t, said, ERROR_MAX);
	free(said);
	cJSON_Delete(doc);
}

int64_t
post_wait_ms(int64_t failures, const struct post_outcome *o)
{
	int64_t wait_ms = failures < 6 ? RETRY_MS << failures : RETRY_MAX_MS;

	if (wait_ms > RETRY_MAX_MS || o->permanent)
		wait_ms = RETRY_MAX_MS;
	return o->wait_ms > 0 ? o->wait_ms : wait_ms;
}

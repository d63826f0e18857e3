/* google.c: requests to Google, tried again where that helps. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "cron/sheets/google/error.h"
#include "cron/sheets/google/google.h"
#include "cron/sheets/google/pace.h"
#include "cron/sheets/google/retry.h"
#include "cron/sheets/google/token.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/http/fetch.h"

#define CONNECT_MS 10000
#define FORM_MAX (32 * 1024)
#define TOKEN_ANSWER_MAX (64 * 1024)
#define READ_MAX ((size_t)64 << 20) /* the keys of a million rows */

struct google {
	struct google_options opt;
	const struct key *key;
	struct fetch *fetch;
	struct token token;
	bool token_asked; /* of the file */
	struct pace pace;
	struct google_counts counts;
	char error[GOOGLE_ERROR_SIZE];
};

/* What one try came to. */
struct attempt {
	int code;
	char *body;
	size_t len;
	char *error;
	bool done;
};

struct google *
google_new(const struct google_options *options, const struct key *key)
{
	struct google *g = mem_new(1, sizeof(*g));

	g->opt = *options;
	g->key = key;
	g->fetch = fetch_new(1, true);
	token_init(&g->token, options->state_dir);
	return g;
}

void
google_free(struct google *g)
{
	if (g == NULL)
		return;
	fetch_free(g->fetch);
	token_done(&g->token);
	free(g);
}

const char *
google_error(const struct google *g)
{
	return g->error;
}

struct google_counts
google_counts(const struct google *g)
{
	return g->counts;
}

static void
on_done(void *arg, const struct fetch_answer *answer)
{
	struct attempt *a = arg;

	a->code = answer->code;
	a->body = mem_strndup(answer->body, answer->len);
	a->len = answer->len;
	if (answer->error != NULL)
		a->error = mem_strdup(answer->error);
	a->done = true;
}

static void
attempt_done(struct attempt *a)
{
	free(a->body);
	free(a->error);
	memset(a, 0, sizeof(*a));
}

static void
send_one(struct google *g, const struct fetch_request *req, struct attempt *a)
{
	struct fetch_request proxied = *req;

	memset(a, 0, sizeof(*a));
	proxied.proxy = g->opt.proxy;
	fetch_start(g->fetch, &proxied, on_done, a);
	while (!a->done)
		fetch_run_once(g->fetch, 1000);
}

static void
wait_ms(int64_t ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000};

	while (ms > 0 && nanosleep(&ts, &ts) == -1)
		continue;
}

/* False: no time is left, or it was tried often enough. */
static bool
wait_again(struct google *g, int tries)
{
	uint32_t random = 0;
	int ms;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) == -1)
		random = (uint32_t)clock_mono_ms();
	ms = retry_wait_ms(tries, random, g->opt.wait_max_ms);
	if (tries + 1 >= RETRY_TRIES ||
	    clock_mono_ms() + ms > g->opt.until_mono_ms)
		return false;
	wait_ms(ms);
	g->counts.again++;
	return true;
}

/* Nothing secret leaves, not even in words that others wrote. */
static void
hide(struct google *g)
{
	google_error_hide(g->error, g->opt.spreadsheet);
	google_error_hide(g->error, g->token.text);
}

static enum google_result
token_refused(struct google *g, const struct attempt *a)
{
	if (a->code == 0)
		snprintf(g->error, sizeof(g->error), "token: %s", a->error);
	else
		google_error_token(a->code, a->body, a->len, g->error);
	return retry_after(a->code) == RETRY_WAIT ? GOOGLE_LATER : GOOGLE_NEVER;
}

/* One request for a token. */
static enum google_result
ask_token(struct google *g)
{
	struct fetch_request req = {.url = g->key->token_uri,
	    .ca = g->opt.ca,
	    .type = "application/x-www-form-urlencoded",
	    .connect_ms = CONNECT_MS,
	    .total_ms = g->opt.answer_ms,
	    .max = TOKEN_ANSWER_MAX};
	enum google_result rc = GOOGLE_OK;
	struct attempt a = {0};
	struct buf form;

	buf_init(&form, FORM_MAX);
	if (token_form(g->key, clock_utc_ms(), &form) == -1) {
		snprintf(g->error, sizeof(g->error), "token: cannot be signed");
		rc = GOOGLE_NEVER;
		goto out;
	}
	req.body = form.data;
	req.body_len = form.len;
	g->counts.tokens++;
	send_one(g, &req, &a);
	if (retry_after(a.code) != RETRY_DONE)
		rc = token_refused(g, &a);
	else if (token_take(&g->token, g->key, a.body, a.len, clock_utc_ms()) ==
		 -1) {
		snprintf(
		    g->error, sizeof(g->error), "token: the answer holds none");
		rc = GOOGLE_LATER;
	}
out:
	OPENSSL_cleanse(form.data, form.len);
	if (a.body != NULL)
		OPENSSL_cleanse(a.body, a.len);
	attempt_done(&a);
	buf_done(&form);
	return rc;
}

/* A token that is still good: this run's, the file's, or a new one. */
static enum google_result
need_token(struct google *g)
{
	enum google_result rc;

	if (g->token.text != NULL &&
	    g->token.expires_utc_ms - TOKEN_SPARE_MS > clock_utc_ms())
		return GOOGLE_OK;
	if (!g->token_asked) {
		g->token_asked = true;
		token_load(&g->token, g->key, clock_utc_ms());
		if (g->token.text != NULL)
			return GOOGLE_OK;
	}
	for (int tries = 0;; tries++) {
		rc = ask_token(g);
		if (rc != GOOGLE_LATER || !wait_again(g, tries))
			return rc;
	}
}

static enum google_result
refused(struct google *g, const struct attempt *a)
{
	if (a->code == 0)
		snprintf(g->error, sizeof(g->error), "%s", a->error);
	else
		google_error_api(
		    a->code, a->body, a->len, g->key->email, g->error);
	hide(g);
	if (retry_after(a->code) == RETRY_WAIT)
		return GOOGLE_LATER;
	return a->code == 400 ? GOOGLE_BAD : GOOGLE_NEVER;
}

/* One request, without the token that it needs. */
static void
ask(struct google *g, const struct fetch_request *wanted, struct attempt *a)
{
	struct fetch_request req = *wanted;

	if (req.body != NULL) {
		wait_ms(pace_wait_ms(&g->pace, clock_mono_ms()));
		pace_sent(&g->pace, clock_mono_ms());
		g->counts.writes++;
		g->counts.bytes += (int64_t)req.body_len;
	} else {
		g->counts.reads++;
	}
	req.token = g->token.text;
	send_one(g, &req, a);
}

static enum google_result
ask_until(struct google *g, const struct fetch_request *req, struct attempt *a)
{
	enum google_result rc;
	enum retry next;
	bool renewed = false;

	for (int tries = 0;; tries++) {
		if ((rc = need_token(g)) != GOOGLE_OK)
			return rc;
		ask(g, req, a);
		next = retry_after(a->code);
		if (next == RETRY_DONE)
			return GOOGLE_OK;
		rc = refused(g, a);
		attempt_done(a);
		if (next == RETRY_TOKEN && !renewed) {
			renewed = true;
			token_drop(&g->token);
			g->counts.again++;
		} else if (next != RETRY_WAIT || !wait_again(g, tries)) {
			return rc;
		}
	}
}

static enum google_result
call(struct google *g, const char *path, const char *body, size_t body_len,
    char **answer, size_t *len)
{
	char *url = mem_printf("%s/v4/spreadsheets/%s%s", g->opt.api_base,
	    g->opt.spreadsheet, path);
	struct fetch_request req = {.url = url,
	    .ca = g->opt.ca,
	    .body = body,
	    .body_len = body_len,
	    .connect_ms = CONNECT_MS,
	    .total_ms = g->opt.answer_ms,
	    .max = READ_MAX};
	struct attempt a = {0};
	enum google_result rc;

	*g->error = '\0';
	rc = ask_until(g, &req, &a);
	if (rc == GOOGLE_OK && answer != NULL) {
		*answer = a.body;
		*len = a.len;
		a.body = NULL;
	}
	attempt_done(&a);
	free(url);
	return rc;
}

enum google_result
google_read(struct google *g, const char *path, char **answer, size_t *len)
{
	return call(g, path, NULL, 0, answer, len);
}

enum google_result
google_write(struct google *g, const char *path, const char *body, size_t len,
    char **answer, size_t *answer_len)
{
	return call(g, path, body, len, answer, answer_len);
}

/* fetch_transfer.c: one HTTP request: what curl is told, what came of it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cert.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/http/fetch_transfer.h"

/* While all answers together hold this much, none may pass its fair share. */
#define HELD_MAX ((size_t)256 << 20)
#define HELD_SHARE ((size_t)1 << 20)
#define ERROR_SIZE (CURL_ERROR_SIZE + 64)
#define CA_MAX ((size_t)256 * 1024)
#define PIN_OF_NOBODY "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static char *
copy(const char *s)
{
	return s != NULL ? mem_strdup(s) : NULL;
}

static void
add_header(struct transfer *t, const char *name, const char *value)
{
	char *line = mem_printf("%s: %s", name, value);

	t->headers = curl_slist_append(t->headers, line);
	free(line);
}

static void
copy_mail(struct transfer *t, const struct fetch_request *req)
{
	const struct fetch_mail *m = req->mail;

	t->body = mem_strndup(req->body, req->body_len);
	t->body_len = req->body_len;
	t->mail_from = mem_strdup(m->from);
	t->mail_user = copy(m->user);
	t->mail_password = copy(req->token);
	t->mail_plain = m->plain;
	for (size_t i = 0; i < m->to_len; i++)
		t->mail_to = curl_slist_append(t->mail_to, m->to[i]);
}

struct transfer *
transfer_new(
    const struct fetch_request *req, fetch_done *done, void *arg, size_t *held)
{
	struct transfer *t = mem_new(1, sizeof(*t));
	char *bearer;

	t->url = mem_strdup(req->url);
	t->method = copy(req->method);
	t->ca = copy(req->ca);
	t->pinned = req->pinned;
	t->proxy = copy(req->proxy);
	t->connect_ms = req->connect_ms;
	t->total_ms = req->total_ms;
	t->done = done;
	t->arg = arg;
	t->held = held;
	buf_init(&t->answer, req->max > 0 ? req->max : FETCH_BODY_MAX);
	if (req->mail != NULL) {
		copy_mail(t, req);
		return t;
	}
	for (const char *const *h = req->headers; h != NULL && *h != NULL; h++)
		if (strpbrk(*h, "\r\n") == NULL)
			t->headers = curl_slist_append(t->headers, *h);
	/* a line feed in it would start a header of its own */
	if (req->token != NULL && strpbrk(req->token, "\r\n") == NULL) {
		bearer = mem_printf("Bearer %s", req->token);
		add_header(t, "Authorization", bearer);
		free(bearer);
	}
	if (req->body != NULL) {
		t->body = mem_strndup(req->body, req->body_len);
		t->body_len = req->body_len;
		add_header(t, "Content-Type",
		    req->type != NULL ? req->type : "application/json");
		t->headers = curl_slist_append(t->headers, "Expect:");
	}
	return t;
}

void
transfer_free(struct transfer *t)
{
	if (t->held != NULL)
		*t->held -= t->answer.len;
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->mail_to);
	free(t->mail_from);
	free(t->mail_user);
	free(t->mail_password);
	buf_done(&t->answer);
	free(t->url);
	free(t->method);
	free(t->ca);
	free(t->proxy);
	free(t->body);
	free(t);
}

/* The cap holds here for chunked answers, too: curl's own does not. */
static size_t
take_bytes(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * n;

	if (t->held != NULL && *t->held + len > HELD_MAX &&
	    t->answer.len + len > HELD_SHARE)
		t->too_large = true;
	else if (buf_add(&t->answer, data, len) == -1)
		t->too_large = true;
	else if (t->held != NULL)
		*t->held += len;
	return t->too_large ? 0 : len;
}

/*
 * The keys of the certificates in its file, read for each connection as curl
 * reads the certificates. A file that cannot be read is curl's to report; where
 * it can and we do not understand it, no key is the right one.
 */
static void
set_pins(CURL *e, const struct transfer *t)
{
	size_t len;
	char *text = file_read(t->ca, CA_MAX, &len);
	char *pins = text != NULL ? cert_pins(text, len) : NULL;

	curl_easy_setopt(
	    e, CURLOPT_PINNEDPUBLICKEY, pins != NULL ? pins : PIN_OF_NOBODY);
	free(pins);
	free(text);
}

static void
set_limits(CURL *e, struct transfer *t)
{
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)t->connect_ms);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)t->total_ms);
	curl_easy_setopt(
	    e, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->answer.cap);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR,
	    t->mail_to != NULL ? "smtp,smtps" : "http,https");
	/* none but the one that is asked for, whatever the environment says */
	curl_easy_setopt(e, CURLOPT_PROXY, t->proxy != NULL ? t->proxy : "");
	curl_easy_setopt(e, CURLOPT_NOPROXY, "");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	/* a dead resolver must not hold up the end of the program */
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	/* else each transfer walks the whole cache: O(n^2) */
	curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, -1L);
	/* with Debian's CAPATH the bundle is parsed for each connection */
	curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	if (t->ca != NULL) {
		curl_easy_setopt(e, CURLOPT_CAINFO, t->ca);
		/* else one that was replaced is not seen for a day */
		curl_easy_setopt(e, CURLOPT_CA_CACHE_TIMEOUT, 0L);
	}
	if (t->ca != NULL && t->pinned)
		set_pins(e, t);
}

static size_t
give_bytes(char *to, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t left = t->body_len - t->body_read, len = size * n;

	if (len > left)
		len = left;
	memcpy(to, t->body + t->body_read, len);
	t->body_read += len;
	return len;
}

static void
set_mail(CURL *e, struct transfer *t)
{
	curl_easy_setopt(e, CURLOPT_MAIL_FROM, t->mail_from);
	curl_easy_setopt(e, CURLOPT_MAIL_RCPT, t->mail_to);
	curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(e, CURLOPT_READFUNCTION, give_bytes);
	curl_easy_setopt(e, CURLOPT_READDATA, t);
	curl_easy_setopt(e, CURLOPT_USE_SSL,
	    (long)(t->mail_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	if (t->mail_user == NULL)
		return;
	curl_easy_setopt(e, CURLOPT_USERNAME, t->mail_user);
	curl_easy_setopt(e, CURLOPT_PASSWORD,
	    t->mail_password != NULL ? t->mail_password : "");
}

void
transfer_start(struct transfer *t, CURL *e, bool keep)
{
	t->easy = e;
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->curl_text);
	curl_easy_setopt(e, CURLOPT_URL, t->url);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "mt5fleet");
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	if (t->mail_to != NULL)
		set_mail(e, t);
	else if (t->body != NULL) {
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, t->body);
		curl_easy_setopt(
		    e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body_len);
	}
	if (t->method != NULL)
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, t->method);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->headers);
	if (!keep)
		curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
	set_limits(e, t);
}

static void
say_connect(const struct transfer *t, char *text, size_t size)
{
	long no = 0;

	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &no);
	if (no == ECONNREFUSED)
		snprintf(text, size, "connection refused");
	else if (no != 0)
		snprintf(text, size, "no connection: %s", strerror((int)no));
	else
		snprintf(text, size, "no connection: %s", t->curl_text);
}

static void
say_timeout(const struct transfer *t, char *text, size_t size)
{
	curl_off_t connected = 0, sent = 0;

	curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &connected);
	curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
	if (connected == 0 && sent == 0)
		snprintf(text, size, "no connection within %.1f s",
		    (t->connect_ms < t->total_ms ? t->connect_ms
						 : t->total_ms) /
			1000.0);
	else
		snprintf(
		    text, size, "timed out after %.1f s", t->total_ms / 1000.0);
}

static void
say_failure(
    const struct transfer *t, CURLcode curl_code, char *text, size_t size)
{
	if (t->too_large || curl_code == CURLE_FILESIZE_EXCEEDED)
		snprintf(text, size, "answer is larger than %zu bytes",
		    t->answer.cap);
	else if (curl_code == CURLE_COULDNT_CONNECT)
		say_connect(t, text, size);
	else if (curl_code == CURLE_OPERATION_TIMEDOUT)
		say_timeout(t, text, size);
	else if (curl_code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		snprintf(text, size,
		    "its key is not that of the certificate "
		    "that is known of it");
	else if (curl_code == CURLE_GOT_NOTHING)
		snprintf(text, size, "closed without an answer");
	else if (*t->curl_text != '\0')
		snprintf(text, size, "%s", t->curl_text);
	else
		snprintf(text, size, "%s", curl_easy_strerror(curl_code));
}

void
transfer_end(struct transfer *t, CURLcode curl_code)
{
	struct fetch_answer a = {.body = ""};
	char text[ERROR_SIZE];
	curl_off_t took = 0, wait_s = 0, sent = 0;
	long code = 0;

	curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &took);
	a.took_ms = (int)(took / 1000);
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &code);
	curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &wait_s);
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	a.retry_after_s = wait_s > INT_MAX ? INT_MAX : (int)wait_s;
	if (curl_code != CURLE_OK) {
		say_failure(t, curl_code, text, sizeof(text));
		a.error = text;
		/* all of it is on its way, and the answer did not come */
		a.unsure = sent > 0;
		if (t->mail_to != NULL)
			a.code = (int)code;
	} else {
		a.code = (int)code;
		if (t->answer.len > 0) {
			a.body = t->answer.data;
			a.len = t->answer.len;
		}
		if (code < 200 || code > 299) {
			snprintf(text, sizeof(text), "HTTP %ld", code);
			a.error = text;
		}
	}
	t->done(t->arg, &a);
}

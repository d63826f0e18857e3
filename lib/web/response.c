/* response.c: what is answered; sent after the handler returned. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/web/response.h"

#define BODY_MAX ((size_t)256 * 1024 * 1024)
#define HEADERS_MAX ((size_t)16 * 1024)

static const struct {
	int status;
	const char *words;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

static const char *
reason(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].words;
	return "Unknown";
}

void
response_init(struct response *res)
{
	memset(res, 0, sizeof(*res));
	res->base = "";
	json_init(&res->json, BODY_MAX);
	buf_init(&res->text, BODY_MAX);
	buf_init(&res->headers, HEADERS_MAX);
	response_reset(res);
}

void
response_reset(struct response *res)
{
	if (res->more_done != NULL)
		res->more_done(res->more_arg);
	res->more = NULL;
	res->more_done = NULL;
	res->status = 200;
	res->type = "application/json";
	res->is_text = res->cacheable = false;
	res->etag[0] = '\0';
	res->wait_until_mono_ms = 0;
	json_reset(&res->json);
	buf_reset(&res->text);
	buf_reset(&res->headers);
}

void
response_done(struct response *res)
{
	if (res == NULL)
		return;
	if (res->more_done != NULL)
		res->more_done(res->more_arg);
	if (res->kept_done != NULL)
		res->kept_done(res->kept);
	json_done(&res->json);
	buf_done(&res->text);
	buf_done(&res->headers);
	memset(res, 0, sizeof(*res));
}

struct buf *
response_text(struct response *res, const char *type)
{
	res->is_text = true;
	res->type = type;
	buf_reset(&res->text);
	return &res->text;
}

void
response_error(
    struct response *res, int status, const char *code, const char *fmt, ...)
{
	char message[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	res->status = status;
	res->type = "application/json";
	res->is_text = res->cacheable = false;
	res->more = NULL;
	res->wait_until_mono_ms = 0;
	json_reset(&res->json);
	json_object(&res->json, NULL);
	json_object(&res->json, "error");
	json_string(&res->json, "code", code);
	json_string(&res->json, "message", message);
	json_end(&res->json);
	json_end(&res->json);
}

void
response_redirect(struct response *res, const char *path)
{
	char *where;

	res->status = 303;
	response_text(res, "text/plain; charset=utf-8");
	where = mem_printf("%s%s", res->base, path);
	response_header(res, "Location", where);
	free(where);
}

void
response_wait(struct response *res, int64_t until_mono_ms)
{
	res->wait_until_mono_ms = until_mono_ms;
}

void
response_keep(struct response *res, void *kept, bool (*ready)(const void *kept),
    void (*done)(void *kept))
{
	res->kept = kept;
	res->kept_ready = ready;
	res->kept_done = done;
}

void
response_header(struct response *res, const char *name, const char *value)
{
	buf_printf(&res->headers, "%s: ", name);
	for (; *value != '\0'; value++)
		if ((unsigned char)*value >= ' ' && *value != 0x7f)
			buf_putc(&res->headers, *value);
	buf_puts(&res->headers, "\r\n");
}

uint64_t
web_hash(uint64_t hash, const void *data, size_t len)
{
	const char *p = data;
	uint64_t word;

	for (hash ^= len; len > 0; hash ^= hash >> 29) {
		size_t n = len < sizeof(word) ? len : sizeof(word);

		word = 0;
		memcpy(&word, p, n);
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		p += n;
		len -= n;
	}
	return hash;
}

void
response_etag(struct response *res, uint64_t hash)
{
	snprintf(res->etag, sizeof(res->etag), "W/\"%016" PRIx64 "\"", hash);
}

/* If-None-Match: a list of tags, or *. Weak and strong compare the same. */
static bool
names_tag(const char *list, const char *etag)
{
	const char *opaque = strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;

	return strcmp(list, "*") == 0 || strstr(list, opaque) != NULL;
}

void
response_conditional(struct response *res, const char *if_none_match)
{
	const char *body;
	size_t len;

	if (res->status != 200 || res->more != NULL ||
	    (body = response_body(res, &len)) == NULL)
		return;
	if (*res->etag == '\0')
		response_etag(res, web_hash(1, body, len));
	if (*if_none_match == '\0' || !names_tag(if_none_match, res->etag))
		return;
	res->status = 304;
	response_text(res, res->type);
}

const char *
response_body(const struct response *res, size_t *len)
{
	if (res->is_text) {
		*len = res->text.len;
		return res->text.overflow ? NULL : res->text.data;
	}
	if (res->json.out.len == 0) {
		*len = 0;
		return "";
	}
	return json_text(&res->json, len);
}

char *
response_take_body(struct response *res, size_t *len)
{
	if (response_body(res, len) == NULL)
		return NULL;
	return buf_take(res->is_text ? &res->text : &res->json.out);
}

/* "Name: value\r\n" each. */
static void
put_own(const struct buf *headers,
    void (*put)(void *arg, const char *name, const char *value), void *arg)
{
	char *copy = mem_strndup(headers->data, headers->len), *rest = copy;
	char *line, *value;

	while ((line = strsep(&rest, "\n")) != NULL) {
		line[strcspn(line, "\r")] = '\0';
		if ((value = strstr(line, ": ")) == NULL)
			continue;
		*value = '\0';
		put(arg, line, value + 2);
	}
	free(copy);
}

/*
 * X-Accel-Expires is nginx's alone and has to stand before Cache-Control,
 * which is the browser's: ask each time, and be told 304.
 */
void
response_headers(const struct response *res,
    void (*put)(void *arg, const char *name, const char *value), void *arg)
{
	bool kept = res->status == 200 || res->status == 304;

	if (res->cacheable && kept)
		put(arg, "X-Accel-Expires", "1");
	if (kept && *res->etag != '\0') {
		put(arg, "ETag", res->etag);
		put(arg, "Cache-Control", "private, no-cache");
	} else {
		put(arg, "Cache-Control", "no-store");
	}
	put_own(&res->headers, put, arg);
	if (res->status != 204 && res->status != 304)
		put(arg, "Content-Type", res->type);
}

static void
put_line(void *arg, const char *name, const char *value)
{
	buf_printf(arg, "%s: %s\r\n", name, value);
}

void
response_head(const struct response *res, struct buf *out)
{
	size_t len = 0;

	buf_printf(out, "Status: %d %s\r\n", res->status, reason(res->status));
	response_headers(res, put_line, out);
	if (res->status != 204 && res->status != 304 && res->more == NULL &&
	    response_body(res, &len) != NULL)
		buf_printf(out, "Content-Length: %zu\r\n", len);
	buf_puts(out, "\r\n");
}

/* target_secret.c: what of a target may be shown. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/utf8.h"
#include "lib/notify/target.h"

#define SECRET_MIN 4 /* shorter ones stand in any text */

char *
target_shown(const struct target *t)
{
	const char *host = strstr(t->url, "://"), *end, *at;

	if (host == NULL)
		return mem_strdup("");
	host += 3;
	end = host + strcspn(host, "/?#");
	for (at = end; at > host && at[-1] != '@'; at--)
		;
	return mem_printf("%.*s%.*s%s", (int)(host - t->url), t->url,
	    (int)(end - at), at, *end != '\0' ? "/…" : "");
}

static void
hide(struct buf *b, const char *secret)
{
	char *text, *p, *next;
	size_t len;

	if (secret == NULL || (len = strlen(secret)) < SECRET_MIN ||
	    b->len == 0 || strstr(b->data, secret) == NULL)
		return;
	text = mem_strdup(b->data);
	buf_reset(b);
	for (p = text; (next = strstr(p, secret)) != NULL; p = next + len) {
		buf_add(b, p, (size_t)(next - p));
		buf_puts(b, "***");
	}
	buf_puts(b, p);
	free(text);
}

/* Each part of a path or a query that is long enough to be a secret. */
static void
hide_parts(struct buf *b, const char *url)
{
	const char *p = strstr(url, "://");
	char *copy, *rest, *part;

	if (p == NULL)
		return;
	rest = copy = mem_strdup(p + 3);
	while ((part = strsep(&rest, "/?&=#@")) != NULL)
		if (part != copy && strlen(part) >= 8)
			hide(b, part);
	free(copy);
}

char *
target_masked(const struct target *t, const char *text, size_t max)
{
	char *out = mem_new(max + 4, 1);
	struct buf b;

	buf_init(&b, 64 * 1024);
	for (; *text != '\0' && b.len < 16 * 1024; text++)
		buf_putc(&b,
		    (unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text);
	hide(&b, t->url);
	hide(&b, t->token);
	hide(&b, t->password);
	hide(&b, t->secret);
	hide(&b, t->user);
	hide(&b, t->proxy);
	if (t->url != NULL)
		hide_parts(&b, t->url);
	if (b.len > 0 && utf8_valid(b.data, b.len))
		utf8_copy(out, max + 1, b.data);
	buf_done(&b);
	return out;
}

/* post_parts.c: what the writers of bodies share. */
#include "lib/base/mem.h"
#include "lib/notify/post_own.h"

void
post_header(struct post *r, const char *name, const char *value)
{
	if (r->headers_len < POST_HEADERS_MAX)
		r->headers[r->headers_len++] =
		    mem_printf("%s: %s", name, value);
}

void
post_json(struct post *r, struct json *j)
{
	const char *text;
	size_t len;

	if ((text = json_text(j, &len)) != NULL)
		buf_add(&r->body, text, len);
}

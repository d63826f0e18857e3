/* GET /docs: the API as a page; GET /docs/openapi.yaml: as a file. */
#include <string.h>

#include "cgi-bin/dashboard/app.h"
#include "lib/web/html.h"

/* docs/openapi.yaml as of the build. */
__asm__(".section .rodata\n"
	".global openapi_begin\n"
	"openapi_begin: .incbin \"docs/openapi.yaml\"\n"
	".global openapi_end\n"
	"openapi_end: .byte 0\n"
	".previous\n");
extern const char openapi_begin[], openapi_end[];

void
openapi_get(struct app *app, const struct request *req, struct response *res)
{
	struct buf *b = response_text(res, "application/yaml; charset=utf-8");
	const char *tags = strstr(openapi_begin, "\ntags:");

	(void)app;
	if (*req->base == '\0' || tags == NULL) {
		buf_puts(b, openapi_begin);
		return;
	}
	/* the paths begin at the site, not at the host */
	buf_add(b, openapi_begin, (size_t)(tags + 1 - openapi_begin));
	buf_puts(b, "servers: [{url: \"");
	html_text(b, req->base);
	buf_puts(b, "\"}]\n");
	buf_puts(b, tags + 1);
}

static void
put_routes(struct buf *b, const struct app *app)
{
	buf_puts(b, "<table><thead><tr><th>Path<th>Answer</thead><tbody>");
	for (size_t i = 0; i < app->routes_len; i++) {
		buf_puts(b, "<tr><td><code>");
		html_text(b, app->routes[i].path);
		buf_puts(b, "</code><td>");
		html_text(b, app->routes[i].about);
	}
	buf_puts(b, "</tbody></table>");
}

void
docs_get(struct app *app, const struct request *req, struct response *res)
{
	struct buf *b = response_text(res, "text/html; charset=utf-8");

	buf_puts(b, "<!DOCTYPE html><html lang=en><meta charset=utf-8>"
		    "<title>mt5fleet: the API</title><h1>The API</h1>"
		    "<p>The whole contract: <a href=\"");
	html_text(b, req->base);
	buf_puts(b, "/docs/openapi.yaml\">openapi.yaml</a>, shown below.</p>");
	put_routes(b, app);
	buf_puts(b, "<h2>openapi.yaml</h2><pre>");
	html_text_n(b, openapi_begin, (size_t)(openapi_end - openapi_begin));
	buf_puts(b, "</pre></html>");
}

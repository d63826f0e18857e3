/* page.c: frame and parts of the HTML pages; escapes all text. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/page.h"

static const char style[] =
    ":root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}"
    "body{max-width:70rem;margin:0 auto;padding:1rem}"
    "nav{display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;"
    "vertical-align:baseline}"
    "label{display:block;margin:.6rem 0}"
    "input,select,textarea{display:block;width:100%;max-width:30rem;"
    "font:inherit;padding:.3rem}"
    "button{font:inherit;padding:.3rem .8rem}"
    "td form,nav form{display:inline}"
    ".wrong{border-left:4px solid #c33;padding-left:.6rem}"
    "pre.line{white-space:pre-wrap;overflow-wrap:anywhere;padding:.6rem;"
    "border:1px solid #8886}"
    ".good{border-left:4px solid #393;padding-left:.6rem}";

/* GET /admin/style.css: style sheet of the forms. */
void
style_get(struct app *app, const struct request *req, struct response *res)
{
	(void)app;
	(void)req;
	buf_puts(response_text(res, "text/css; charset=utf-8"), style);
}

void
page_link(struct buf *b, const struct request *req, const char *path)
{
	buf_puts(b, "<a href=\"");
	html_text(b, req->base);
	html_text(b, path);
	buf_puts(b, "\">");
}

static void
put_navigation(struct buf *b, const struct request *req)
{
	static const struct {
		const char *path, *text;
	} links[] = {{"/admin/phases", "Phases"}, {"/admin/audit", "Audit"},
	    {"/admin/rules", "Rules"}, {"/admin/nodes", "Nodes"},
	    {"/admin/zones", "Broker time"}, {"/admin/alerts", "Alerts"}};

	buf_puts(b, "<nav>");
	page_link(b, req, "/");
	buf_puts(b, "mt5fleet</a>");
	if (*req->user.name != '\0') {
		for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
			page_link(b, req, links[i].path);
			buf_printf(b, "%s</a>", links[i].text);
		}
		buf_puts(b, "<span>");
		html_text(b, req->user.name);
		buf_puts(b, "</span>");
		page_form(b, req, "/auth/logout");
		page_form_end(b, "Log out");
	}
	buf_puts(b, "</nav>");
}

struct buf *
page_begin(struct response *res, const struct request *req, const char *title)
{
	struct buf *b = response_text(res, "text/html; charset=utf-8");

	buf_puts(b, "<!DOCTYPE html>\n<html lang=\"en\"><head>"
		    "<meta charset=\"utf-8\"><meta name=\"viewport\" "
		    "content=\"width=device-width\"><title>");
	html_text(b, title);
	buf_puts(b, " · mt5fleet</title><link rel=\"stylesheet\" href=\"");
	html_text(b, req->base);
	buf_puts(b, "/admin/style.css\"></head><body>");
	put_navigation(b, req);
	buf_puts(b, "<main><h1>");
	html_text(b, title);
	buf_puts(b, "</h1>\n");
	return b;
}

void
page_end(struct buf *b)
{
	buf_puts(b, "</main></body></html>\n");
}

void
page_form(struct buf *b, const struct request *req, const char *action)
{
	buf_puts(b, "<form method=\"post\" action=\"");
	html_text(b, req->base);
	html_text(b, action);
	buf_puts(b, "\">");
	if (*req->user.csrf != '\0')
		page_hidden(b, "csrf", req->user.csrf);
}

void
page_form_end(struct buf *b, const char *button)
{
	buf_puts(b, "<button type=\"submit\">");
	html_text(b, button);
	buf_puts(b, "</button></form>");
}

void
page_hidden(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	html_text(b, value);
	buf_puts(b, "\">");
}

void
page_hidden_int(struct buf *b, const char *name, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	page_hidden(b, name, text);
}

void
page_input(
    struct buf *b, const char *label, const char *name, const char *value)
{
	bool secret =
	    strcmp(name, "password") == 0 || strcmp(name, "token") == 0;

	buf_puts(b, "<label>");
	html_text(b, label);
	buf_printf(b, "<input name=\"%s\"%s value=\"", name,
	    secret ? " type=\"password\"" : "");
	if (value != NULL)
		html_text(b, value);
	buf_puts(b, "\"></label>");
}

static void
put_option(struct buf *b, const char *word, bool chosen)
{
	buf_puts(b, "<option value=\"");
	html_text(b, word);
	buf_puts(b, chosen ? "\" selected>" : "\">");
	html_text(b, *word != '\0' ? word : "–");
	buf_puts(b, "</option>");
}

void
page_select(struct buf *b, const char *label, const char *name,
    const char *value, const char *const words[], size_t n)
{
	buf_puts(b, "<label>");
	html_text(b, label);
	buf_printf(b, "<select name=\"%s\">", name);
	put_option(b, "", value == NULL || *value == '\0');
	for (size_t i = 0; i < n; i++)
		put_option(
		    b, words[i], value != NULL && strcmp(words[i], value) == 0);
	buf_puts(b, "</select></label>");
}

void
page_cell(struct buf *b, const char *text)
{
	buf_puts(b, "<td>");
	html_text(b, text != NULL && *text != '\0' ? text : "–");
	buf_puts(b, "</td>");
}

void
page_head(struct buf *b, const char *const names[], size_t n)
{
	buf_puts(b, "<table><thead><tr>");
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "<th scope=\"col\">%s</th>", names[i]);
	buf_puts(b, "</tr></thead><tbody>\n");
}

void
page_error(struct response *res, const struct request *req, int status,
    const char *fmt, ...)
{
	char message[1024];
	struct buf *b;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	res->status = status;
	b = page_begin(res, req, "Error");
	buf_puts(b, "<p class=\"wrong\" role=\"alert\">");
	html_text(b, message);
	buf_puts(b, "</p><p>Go back to your entries.</p>");
	page_end(b);
}

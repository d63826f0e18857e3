/*
 * GET /admin/alerts: whom alerts are sent to, how that goes, and alerts.json in
 * a form.
 * POST /admin/alerts: do=test with target; do=save with json and the digest of
 * the file that it was filled from.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/page.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/sha256.h"
#include "lib/base/site.h"
#include "lib/ledger/alerts.h"
#include "lib/notify/post.h"

#define FILE_MAX ((size_t)1024 * 1024)
#define PRIVATE 0640 /* it holds tokens */

static const char nothing[] = "{\"targets\":[\n]}\n";

/* ---- what there is ---- */

struct state {
	struct buf *b;
	const char *name;
	bool found;
};

static int
put_state(const struct ledger_target *t, void *arg)
{
	struct state *s = arg;
	char at[CLOCK_ISO_SIZE];

	if (strcmp(t->name, s->name) != 0)
		return 0;
	s->found = true;
	if (t->failures > 0) {
		buf_puts(s->b, "<p class=\"wrong\">Not told since ");
		html_text(s->b, clock_iso(t->failed_since_utc_ms, at));
		buf_puts(s->b, t->permanent
				   ? ", and that will not heal by itself: "
				   : ": ");
		html_text(s->b, t->error != NULL ? t->error : "");
		buf_puts(s->b, "</p>");
	} else {
		buf_puts(s->b, "good, last told ");
		html_text(s->b, clock_iso(t->sent_utc_ms, at));
	}
	if (t->waiting > 0)
		buf_printf(s->b, " (%lld wait)", (long long)t->waiting);
	return 1;
}

static void
put_row(struct app *app, const struct request *req, struct buf *b,
    const struct target *t)
{
	struct state s = {b, t->name, false};
	char *where = t->url != NULL ? target_shown(t) : NULL;
	struct ledger *l = app_ledger(app);

	buf_puts(b, "<tr>");
	page_cell(b, t->name);
	page_cell(b, target_type_word(t->type));
	page_cell(b, where);
	buf_puts(b, "<td>");
	if (t->disabled)
		buf_puts(b, "disabled");
	else {
		if (l != NULL)
			ledger_targets(l, put_state, &s);
		if (!s.found)
			buf_puts(b, "nothing sent yet");
	}
	buf_puts(b, "</td><td>");
	if (req->user.role == WEB_ADMIN && !t->disabled) {
		page_form(b, req, "/admin/alerts");
		page_hidden(b, "do", "test");
		page_hidden(b, "target", t->name);
		page_form_end(b, "Send a test");
	}
	buf_puts(b, "</td></tr>\n");
	free(where);
}

/* What is wrong is a line each. */
static void
put_lines(struct buf *b, const char *lines)
{
	char *copy = mem_strdup(lines), *rest = copy, *line;

	while ((line = strsep(&rest, "\n")) != NULL)
		if (*line != '\0') {
			buf_puts(b, "<p class=\"wrong\" role=\"alert\">");
			html_text(b, line);
			buf_puts(b, "</p>");
		}
	free(copy);
}

static void
put_editor(const struct request *req, struct buf *b, const char *text,
    const char *digest)
{
	buf_puts(b, "<h2>alerts.json</h2>");
	page_form(b, req, "/admin/alerts");
	page_hidden(b, "do", "save");
	page_hidden(b, "digest", digest);
	buf_puts(b, "<label>All targets (docs/alerts.md); it holds secrets"
		    "<textarea name=\"json\" rows=\"24\" spellcheck=\"false\" "
		    "autocomplete=\"off\">\n");
	html_text(b, text);
	buf_puts(b, "</textarea></label>");
	page_form_end(b, "Save");
}

/* The file's text, or what it would be; the caller's. NULL: why is said. */
static char *
read_file(const struct app *app, char digest[SHA256_HEX_SIZE])
{
	size_t len;
	char *text = file_read(app->config.alerts_file, FILE_MAX, &len);

	if (text == NULL && errno != ENOENT) {
		log_warnx("%s: %s", app->config.alerts_file, strerror(errno));
		return NULL;
	}
	sha256_hex(text != NULL ? text : "", text != NULL ? len : 0, digest);
	return text != NULL ? text : mem_strdup(nothing);
}

/* typed: what stands in the form; NULL: the file. */
static void
put_page(struct app *app, const struct request *req, struct response *res,
    int status, const char *wrong, const char *done, const char *typed,
    const char *typed_digest)
{
	static const char *const names[] = {
	    "Target", "Type", "Where", "State", ""};
	struct buf *b = page_begin(res, req, "Alerts");
	char digest[SHA256_HEX_SIZE] = "", *text;
	struct targets all;

	res->status = status;
	if (wrong != NULL)
		put_lines(b, wrong);
	if (done != NULL) {
		buf_puts(b, "<p class=\"good\" role=\"status\">");
		html_text(b, done);
		buf_puts(b, "</p>");
	}
	if (targets_load(&all, &app->config) == -1 && typed == NULL)
		put_lines(b, all.error);
	page_head(b, names, sizeof(names) / sizeof(names[0]));
	for (size_t i = 0; i < all.len; i++)
		if (all.list[i].name != NULL)
			put_row(app, req, b, &all.list[i]);
	buf_puts(b, "</tbody></table>");
	if (all.len == 0)
		buf_puts(b, "<p>Nobody is told of alerts yet.</p>");
	targets_done(&all);
	/* its secrets are for who may change it */
	if (req->user.role == WEB_ADMIN) {
		text =
		    typed != NULL ? mem_strdup(typed) : read_file(app, digest);
		if (text != NULL)
			put_editor(req, b, text,
			    typed != NULL ? typed_digest : digest);
		else
			put_lines(b, "alerts.json cannot be read");
		free(text);
	}
	page_end(b);
}

void
alerts_page(struct app *app, const struct request *req, struct response *res)
{
	put_page(app, req, res, 200, NULL, NULL, NULL, NULL);
}

/* ---- a test ---- */

struct tried {
	const struct target *target;
	struct post_outcome outcome;
};

static void
on_answer(void *arg, const struct fetch_answer *answer)
{
	struct tried *t = arg;

	post_judge(&t->outcome, t->target, answer);
}

static void
test_one(struct app *app, const struct request *req, struct response *res,
    const struct target *t)
{
	char *address = site_address(&app->config), *text;
	const struct post_site site = {.url = address,
	    .proxy = app->config.proxy_url,
	    .now_utc_ms = clock_utc_ms()};
	struct tried tried = {.target = t};

	post_test(t, &site, on_answer, &tried);
	free(address);
	if (tried.outcome.sent) {
		text = mem_printf("%s took the test message.", t->name);
		put_page(app, req, res, 200, NULL, text, NULL, NULL);
	} else {
		text = mem_printf("%s did not take it: %s%s", t->name,
		    tried.outcome.error,
		    tried.outcome.permanent ? "; that will not heal by itself"
					    : "");
		put_page(app, req, res, 502, text, NULL, NULL, NULL);
	}
	free(tried.outcome.error);
	free(text);
}

static void
test_post(struct app *app, const struct request *req, struct response *res)
{
	const char *name = web_params_get(&req->form, "target");
	const struct target *t;
	struct targets all;

	targets_load(&all, &app->config);
	t = name != NULL ? targets_find(&all, name) : NULL;
	if (t == NULL || t->disabled)
		put_page(app, req, res, 404, "There is no such target.", NULL,
		    NULL, NULL);
	else if (app_audit(app, req, res, "alert", "test", t->name) == 0)
		test_one(app, req, res, t);
	targets_done(&all);
}

/* ---- the file ---- */

static int
write_file(struct app *app, const char *text)
{
	const char *path = app->config.alerts_file;
	struct stat st;
	mode_t mode =
	    stat(path, &st) == 0 ? st.st_mode & 0777 : (mode_t)PRIVATE;

	if (file_write(path, text, strlen(text), mode) == 0)
		return 0;
	log_error("%s: %s", path, strerror(errno));
	return -1;
}

/* A form sends line ends as CR LF. */
static char *
without_returns(const char *text)
{
	char *out = mem_new(strlen(text) + 2, 1), *to = out;

	for (; *text != '\0'; text++)
		if (*text != '\r' || text[1] != '\n')
			*to++ = *text;
	if (to > out && to[-1] != '\n')
		*to++ = '\n';
	*to = '\0';
	return out;
}

static void
save_post(struct app *app, const struct request *req, struct response *res)
{
	const char *json = web_params_get(&req->form, "json");
	const char *digest = web_params_get(&req->form, "digest");
	char now[SHA256_HEX_SIZE] = "", *text, *before;
	struct targets all;

	if (json == NULL || digest == NULL) {
		put_page(app, req, res, 400, "json and digest are needed.",
		    NULL, NULL, NULL);
		return;
	}
	text = without_returns(json);
	before = read_file(app, now);
	if (before == NULL)
		put_page(app, req, res, 503, "alerts.json cannot be read", NULL,
		    text, digest);
	else if (strcmp(now, digest) != 0)
		put_page(app, req, res, 409,
		    "Not saved: somebody else changed the file meanwhile. "
		    "Copy your text and load the page again.",
		    NULL, text, digest);
	else if (targets_parse(&all, "alerts.json", text, strlen(text),
		     &app->config) == -1) {
		put_page(app, req, res, 400, all.error, NULL, text, digest);
		targets_done(&all);
	} else {
		targets_done(&all);
		if (app_audit(app, req, res, "alert", "targets",
			"alerts.json changed") == -1)
			;
		else if (write_file(app, text) == 0)
			response_redirect(res, "/admin/alerts");
		else
			put_page(app, req, res, 503,
			    "Not saved: the file cannot be written.", NULL,
			    text, digest);
	}
	free(before);
	free(text);
}

void
alerts_post(struct app *app, const struct request *req, struct response *res)
{
	const char *what = web_params_get(&req->form, "do");

	if (what != NULL && strcmp(what, "test") == 0)
		test_post(app, req, res);
	else if (what != NULL && strcmp(what, "save") == 0)
		save_post(app, req, res);
	else
		put_page(app, req, res, 400, "do is test or save.", NULL, NULL,
		    NULL);
}

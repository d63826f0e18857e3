/*
 * GET /admin/deals/{server}/{login}: the newest deals of an account, ?after=
 * pages on; an admin marks those that are to count no more, and says why. POST
 * /admin/deals: voids them (reason), or lets them count again (unvoid).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/edit.h"
#include "cgi-bin/admin/page.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/base/url.h"
#include "lib/trading/money.h"

#define PER_PAGE 100
#define REASON_MAX 1000

struct list {
	struct buf *b;
	bool may;
	int rows;
	int64_t last_broker_ms, last_ticket;
};

static int
put_deal(const struct deal *d, void *arg)
{
	char ticket[24], type[16], when[CLOCK_ISO_SIZE], money[MONEY_SIZE];
	struct list *l = arg;
	money_t net;

	l->rows++;
	l->last_broker_ms = d->time_msc;
	l->last_ticket = d->ticket;
	snprintf(ticket, sizeof(ticket), "%" PRId64, d->ticket);
	snprintf(type, sizeof(type), "%d", d->type);
	buf_puts(l->b, "<tr><td>");
	if (l->may)
		buf_printf(l->b,
		    "<input type=\"checkbox\" name=\"t%s\" value=\"1\" "
		    "aria-label=\"deal %s\">",
		    ticket, ticket);
	buf_puts(l->b, "</td>");
	page_cell(l->b, ticket);
	page_cell(l->b, d->utc_ms != 0 ? clock_iso(d->utc_ms, when) : NULL);
	page_cell(l->b, type);
	page_cell(l->b, d->symbol);
	page_cell(
	    l->b, deal_net(d, &net) == 0 ? money_format(net, -1, money) : NULL);
	page_cell(l->b, d->comment);
	page_cell(l->b, deal_excluded_word(d->excluded));
	page_cell(l->b, d->void_reason);
	buf_puts(l->b, "</tr>\n");
	return 0;
}

static bool
read_after(const struct request *req, struct ledger_page *page)
{
	const char *text = request_query(req, "after"), *dot;
	char first[24];

	if (text == NULL)
		return true;
	dot = strchr(text, '.');
	if (dot == NULL || dot - text >= (int)sizeof(first))
		return false;
	snprintf(first, sizeof(first), "%.*s", (int)(dot - text), text);
	return num_int64(first, 1, INT64_MAX, &page->after_broker_ms) == 0 &&
	       num_int64(dot + 1, 1, INT64_MAX, &page->after_id) == 0;
}

void
deals_page(struct app *app, const struct request *req, struct response *res)
{
	static const char *const names[] = {"", "Ticket", "Time (UTC)", "Type",
	    "Symbol", "Net", "Comment", "Counts not", "Why"};
	struct ledger_page page = {.limit = PER_PAGE, .newest_first = true};
	struct list l = {.may = req->user.role >= WEB_MANAGER};
	char login[24], title[320];
	enum ledger_result r;
	struct subject s;

	if (!subject_of_path(app, req, res, &s))
		return;
	if (!read_after(req, &page)) {
		page_error(res, req, 400, "after: not a place in this list");
		return;
	}
	snprintf(login, sizeof(login), "%" PRId64, s.login);
	snprintf(
	    title, sizeof(title), "Deals of %s on %.250s", login, s.server);
	l.b = page_begin(res, req, title);
	if (l.may) {
		page_form(l.b, req, "/admin/deals");
		page_hidden(l.b, "server", s.server);
		page_hidden(l.b, "login", login);
	}
	page_head(l.b, names, sizeof(names) / sizeof(names[0]));
	r = ledger_deals(app_ledger(app), s.id, &page, put_deal, &l);
	buf_puts(l.b, "</tbody></table>");
	if (l.may) {
		page_input(l.b, "Why they count no more", "reason", NULL);
		buf_puts(l.b, "<label><input type=\"checkbox\" name=\"unvoid\" "
			      "value=\"1\">let the marked ones count again"
			      "</label>");
		page_form_end(l.b, "Void the marked deals");
	}
	if (l.rows == PER_PAGE)
		buf_printf(l.b,
		    "<p><a href=\"?after=%" PRId64 ".%" PRId64
		    "\">Older</a></p>",
		    l.last_broker_ms, l.last_ticket);
	page_end(l.b);
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

/* Fields "t<ticket>". The caller's. */
static int64_t *
marked(const struct request *req, size_t *n)
{
	int64_t *list = mem_new(req->form.len + 1, sizeof(*list));

	*n = 0;
	for (size_t i = 0; i < req->form.len; i++)
		if (req->form.list[i].name[0] == 't' &&
		    num_int64(req->form.list[i].name + 1, 1, INT64_MAX,
			&list[*n]) == 0)
			++*n;
	return list;
}

static void
go_back(struct response *res, const struct subject *s)
{
	struct buf path;

	buf_init(&path, 4096);
	buf_puts(&path, "/admin/deals/");
	url_escape(&path, s->server);
	buf_printf(&path, "/%" PRId64, s->login);
	response_redirect(res, path.data);
	buf_done(&path);
}

void
deals_post(struct app *app, const struct request *req, struct response *res)
{
	const char *server = web_params_get(&req->form, "server");
	const char *login = web_params_get(&req->form, "login");
	const char *reason = web_params_get(&req->form, "reason");
	bool unvoid = web_params_get(&req->form, "unvoid") != NULL;
	enum ledger_result r;
	struct subject s;
	int64_t number, *tickets;
	size_t n;

	if (server == NULL || login == NULL ||
	    num_int64(login, 1, INT64_MAX, &number) == -1) {
		page_error(res, req, 400,
		    "Incomplete form: server and login are required.");
		return;
	}
	if (!unvoid && (reason == NULL || *reason == '\0' ||
			   strlen(reason) > REASON_MAX)) {
		page_error(res, req, 400,
		    "A deal is voided for a reason: please say which.");
		return;
	}
	if (!subject_find(app, req, res, server, number, &s))
		return;
	tickets = marked(req, &n);
	if (n == 0)
		page_error(res, req, 400, "No deal is marked.");
	else {
		r = unvoid ? ledger_deals_unvoid(
				 app_ledger(app), s.id, tickets, n, &s.actor)
			   : ledger_deals_void(app_ledger(app), s.id, tickets,
				 n, reason, &s.actor);
		if (r == LEDGER_REJECTED)
			page_error(res, req, 409, "Nothing was changed: %s.",
			    ledger_error(app->ledger));
		else if (r != LEDGER_OK)
			app_ledger_failed(app, r, res);
		else {
			edit_tell(app, &s);
			go_back(res, &s);
		}
	}
	free(tickets);
}

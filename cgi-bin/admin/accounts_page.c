/* GET /admin/phases: every account's phase, linked to its form. */
#include <inttypes.h>
#include <stdio.h>

#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/page.h"
#include "lib/base/url.h"
#include "lib/trading/money.h"

struct list {
	struct app *app;
	struct buf *b;
	const struct request *req;
};

static int
put_account(const struct ledger_account *a, void *arg)
{
	const struct ledger_period *p = &a->period;
	const struct list *list = arg;
	struct buf *b = list->b, path;
	char text[MONEY_SIZE];

	if (!app_may_see(list->app, list->req, a->server, a->login))
		return 0;
	buf_init(&path, 4096);
	buf_puts(&path, "/admin/phases/");
	url_escape(&path, a->server);
	buf_printf(&path, "/%" PRId64, a->login);
	buf_puts(b, "<tr><th scope=\"row\">");
	page_link(b, list->req, path.data);
	buf_printf(b, "%" PRId64 "</a></th>", a->login);
	buf_done(&path);
	page_cell(b, a->server);
	page_cell(b, a->node);
	page_cell(b, p->id != 0 ? p->phase : NULL);
	page_cell(b, p->id != 0 ? p->status : NULL);
	page_cell(b, p->initial_balance.known
			 ? money_format(p->initial_balance.v, -1, text)
			 : NULL);
	page_cell(b, a->holder);
	page_cell(b, a->prop_firm);
	page_cell(b, a->vs_group);
	page_cell(b, a->rule_set_name);
	buf_puts(b, "</tr>\n");
	return 0;
}

void
accounts_page(struct app *app, const struct request *req, struct response *res)
{
	static const char *const names[] = {"Login", "Server", "Node", "Phase",
	    "Status", "Initial balance", "Holder", "Firm", "VS", "Rules"};
	struct buf *b = page_begin(res, req, "Phases");
	struct list list = {app, b, req};
	enum ledger_result r;

	page_head(b, names, sizeof(names) / sizeof(names[0]));
	r = ledger_accounts(app_ledger(app), put_account, &list);
	buf_puts(b, "</tbody></table>");
	page_end(b);
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

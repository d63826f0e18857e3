/*
 * GET /admin/zones: the time zone of each broker's clock, and a form for each.
 * POST /admin/zones: server, zone (an IANA name, "New York close", "none",
 * "proposed"): the UTC of all its deals follows before the answer.
 */
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/page.h"
#include "lib/base/clock.h"
#include "lib/ledger/zones.h"
#include "lib/trading/zone.h"

struct list {
	struct buf *b;
	const struct request *req;
};

static const char *
hours(const struct amount *offset_s, char text[16])
{
	if (!offset_s->known)
		return NULL;
	snprintf(text, 16, "%+.4g h", (double)(int64_t)offset_s->v / 3600);
	return text;
}

static void
put_form(struct list *l, const struct ledger_zone *z, const char *zone,
    const char *button)
{
	page_form(l->b, l->req, "/admin/zones");
	page_hidden(l->b, "server", z->server);
	if (zone != NULL)
		page_hidden(l->b, "zone", zone);
	else
		page_input(l->b, "Zone", "zone",
		    z->zone != NULL ? z->zone : z->proposed);
	page_form_end(l->b, button);
}

static int
put_zone(const struct ledger_zone *z, void *arg)
{
	struct list *l = arg;
	char source[LEDGER_ZONE_SOURCE], text[16];
	int zone_s, reported_s;

	ledger_zone_source(z, source);
	buf_puts(l->b, "<tr>");
	page_cell(l->b, z->server);
	page_cell(l->b, z->zone);
	buf_puts(l->b, "<td>");
	html_text(l->b, source);
	if (ledger_zone_disagrees(z, clock_utc_ms(), &zone_s, &reported_s))
		buf_printf(l->b,
		    "<p class=\"wrong\">The zone is %+.4g h now, the "
		    "terminals report %+.4g h.</p>",
		    zone_s / 3600.0, reported_s / 3600.0);
	buf_puts(l->b, "</td>");
	page_cell(l->b, hours(&z->offset, text));
	buf_puts(l->b, "<td>");
	if (l->req->user.role == WEB_ADMIN) {
		put_form(l, z, NULL, "Set");
		if (!z->typed && z->proposed != NULL)
			put_form(l, z, z->proposed, "Confirm");
		if (z->typed)
			put_form(l, z, "proposed", "Forget what was typed");
	}
	buf_puts(l->b, "</td></tr>\n");
	return 0;
}

static void
put_page(struct app *app, const struct request *req, struct response *res,
    int status, const char *wrong)
{
	static const char *const names[] = {
	    "Server", "Zone", "Source", "Offset now", ""};
	struct list l = {page_begin(res, req, "Broker time"), req};
	enum ledger_result r;

	if (wrong != NULL) {
		buf_puts(l.b, "<p class=\"wrong\" role=\"alert\">");
		html_text(l.b, wrong);
		buf_puts(l.b, "</p>");
	}
	buf_puts(l.b,
	    "<p>MetaTrader gives times by the broker's clock. Its zone "
	    "makes them UTC, over the switches of summer time. A zone is an "
	    "IANA name (Europe/Athens), <b>New York close</b> (17:00 in New "
	    "York is the broker's midnight), <b>none</b> (each deal by the "
	    "offset seen with it) or <b>proposed</b>.</p>");
	page_head(l.b, names, sizeof(names) / sizeof(names[0]));
	r = ledger_zones(app_ledger(app), put_zone, &l);
	buf_puts(l.b, "</tbody></table>");
	page_end(l.b);
	res->status = status;
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

void
zones_page(struct app *app, const struct request *req, struct response *res)
{
	put_page(app, req, res, 200, NULL);
}

void
zones_post(struct app *app, const struct request *req, struct response *res)
{
	const struct ledger_actor actor = {
	    .who = req->user.name, .at_utc_ms = clock_utc_ms()};
	const char *server = web_params_get(&req->form, "server");
	const char *zone = web_params_get(&req->form, "zone");
	enum ledger_result r;
	char wrong[256];

	if (server == NULL || zone == NULL || *zone == '\0') {
		put_page(app, req, res, 400, "a server and a zone are needed");
		return;
	}
	r = ledger_zone_type(app_ledger(app), server,
	    strcmp(zone, "proposed") == 0 ? NULL : zone, &actor);
	if (r == LEDGER_OK)
		r = ledger_zones_apply(app->ledger);
	if (r == LEDGER_REJECTED || r == LEDGER_NOT_FOUND) {
		snprintf(wrong, sizeof(wrong), "%s: \"%.100s\"",
		    r == LEDGER_REJECTED
			? "Not saved: no such time zone"
			: "Not saved: no account of that server was seen",
		    r == LEDGER_REJECTED ? zone : server);
		put_page(
		    app, req, res, r == LEDGER_REJECTED ? 400 : 404, wrong);
	} else if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
	else
		response_redirect(res, "/admin/zones");
}

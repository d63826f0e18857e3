/*
 * GET /api/nodes: {"nodes":[{"id","url","enabled","maintenance","note",
 * "retired":[{"server","login"}]}],"joins":[{"name","who","note","expires_utc",
 * "expired","came_utc","address","url","fingerprint"}],"error"}. No token is in
 * it. How each one does now is in /api/agents/status.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/app.h"
#include "lib/base/cert.h"
#include "lib/base/clock.h"

static void
put_node(struct json *j, const struct node *n)
{
	char login[24];

	json_object(j, NULL);
	json_string(j, "id", n->id);
	json_string(j, "url", n->url);
	json_bool(j, "enabled", n->enabled);
	json_bool(j, "maintenance", n->maintenance);
	json_string(j, "note", n->note);
	json_array(j, "retired");
	for (size_t i = 0; i < n->retired_len; i++) {
		json_object(j, NULL);
		json_string(j, "server", n->retired[i].server);
		snprintf(login, sizeof(login), "%" PRId64, n->retired[i].login);
		json_string(j, "login", login);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

static void
put_moment(struct json *j, const char *name, int64_t utc_ms)
{
	char text[CLOCK_ISO_SIZE];

	json_string(j, name, utc_ms != 0 ? clock_iso(utc_ms, text) : NULL);
}

static int
put_join(const struct ledger_join *join, void *arg)
{
	struct json *j = arg;
	struct cert cert;

	if (join->certificate == NULL ||
	    cert_read(join->certificate, strlen(join->certificate), &cert) ==
		-1)
		*cert.fingerprint = '\0';
	json_object(j, NULL);
	json_string(j, "name", join->name);
	json_string(j, "who", join->who);
	json_string(j, "note", join->note);
	put_moment(j, "expires_utc", join->expires_utc_ms);
	json_bool(j, "expired", join->expires_utc_ms <= clock_utc_ms());
	put_moment(j, "came_utc", join->came_utc_ms);
	json_string(j, "address", join->address);
	json_string(j, "url", join->url);
	json_string(j, "fingerprint",
	    *cert.fingerprint != '\0' ? cert.fingerprint : NULL);
	json_end(j);
	return 0;
}

void
nodes_api(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;
	enum ledger_result r;

	(void)req;
	fleet_refresh(&app->fleet, &app->config);
	json_object(j, NULL);
	json_array(j, "nodes");
	for (size_t i = 0; i < app->fleet.nodes.len; i++)
		put_node(j, &app->fleet.nodes.list[i]);
	json_end(j);
	json_array(j, "joins");
	r = ledger_joins(app_ledger(app), put_join, j);
	json_end(j);
	json_string(j, "error", app->fleet.error);
	json_end(j);
	if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
}

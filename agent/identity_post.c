/*
 * POST /identity: {"token","certificate"}: new ones, which do not replace the
 * old ones yet; the same again until they are confirmed. POST
 * /identity/confirm, by the new token: from now on they are the agent's own.
 */
#include <stdlib.h>

#include "agent/http.h"
#include "agent/routes.h"
#include "lib/base/log.h"

void
identity_post(struct app *app, const struct request *req, struct response *res)
{
	char *cert = NULL;
	const char *why = rotation_next(&app->rotation, &app->config, &cert);

	(void)req;
	if (why != NULL) {
		log_error("rotation: %s", why);
		response_error(
		    res, 501, "no_rotation", "no new identity: %s", why);
		return;
	}
	json_object(&res->json, NULL);
	json_string(&res->json, "token", app->rotation.next);
	json_string(&res->json, "certificate", cert);
	json_end(&res->json);
	free(cert);
}

void
identity_confirm_post(
    struct app *app, const struct request *req, struct response *res)
{
	struct identity id = {NULL, NULL};
	const char *why = NULL;

	if (!app->by_next) {
		response_error(
		    res, 409, "conflict", "it is confirmed by the new token");
		return;
	}
	why = rotation_confirm(
	    &app->rotation, &app->config, &id, req->now_mono_ms);
	if (why == NULL)
		why = http_set_identity(app->http, id.cert, id.key);
	identity_done(&id);
	if (why != NULL) {
		log_error("rotation: %s", why);
		response_error(res, 500, "internal", "%s", why);
		return;
	}
	log_info("token and certificate are new");
	json_object(&res->json, NULL);
	json_bool(&res->json, "confirmed", true);
	json_end(&res->json);
}

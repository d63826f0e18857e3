/* GET /api: the list of endpoints. */
#include <stdlib.h>

#include "cgi-bin/dashboard/app.h"
#include "lib/base/mem.h"
#include "lib/base/version.h"

static const char *const method_words[] = {[WEB_GET] = "GET",
    [WEB_POST] = "POST",
    [WEB_PUT] = "PUT",
    [WEB_DELETE] = "DELETE"};

void
api_get(struct app *app, const struct request *req, struct response *res)
{
	struct json *j = &res->json;
	char *path;

	json_object(j, NULL);
	json_string(j, "service", "mt5fleet");
	json_string(j, "version", MT5FLEET_VERSION);
	path = mem_printf("%s/docs", req->base);
	json_string(j, "docs", path);
	free(path);
	json_array(j, "routes");
	for (size_t i = 0; i < app->routes_len; i++) {
		const struct route *r = &app->routes[i];

		json_object(j, NULL);
		json_string(j, "method", method_words[r->method]);
		path = mem_printf("%s%s", req->base, r->path);
		json_string(j, "path", path);
		free(path);
		json_string(j, "role", web_role_word(r->role));
		json_string(j, "about", r->about);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

/* POST /api/refresh: makes the collector poll every node now. */
#include "cgi-bin/admin/app.h"
#include "lib/redis/keys.h"

void
refresh_post(struct app *app, const struct request *req, struct response *res)
{
	(void)req;
	if (cache_publish(app->cache, CHANNEL_REFRESH, "") == -1) {
		app_cache_failed(app, res);
		return;
	}
	res->status = 202;
	json_object(&res->json, NULL);
	json_bool(&res->json, "ok", true);
	json_end(&res->json);
}

/* positions.c: the open positions of an account, as Redis has them now: whether
 * each has its stop loss. Read once a run, and only where a rule asks. */
#include <string.h>

#include "cron/phases/phases.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/json/jsonin.h"

static bool
read_fleet(struct app *app)
{
	if (app->view_read)
		return app->view_good;
	app->view_read = true;
	fleet_refresh(&app->fleet, &app->config);
	app->view_good = view_read(&app->view, &app->fleet, app->cache,
			     app->config.cache_ttl_s) == 0;
	if (!app->view_good)
		log_warnx("redis: %s: the stop loss of open positions is not "
			  "seen",
		    cache_error(app->cache));
	return app->view_good;
}

static bool
tell_positions(const struct view_row *row, judge_position_fn fn, void *arg)
{
	cJSON *list =
	    row->positions.data != NULL
		? jsonin_parse(row->positions.data, row->positions.len)
		: NULL;
	const cJSON *p;
	bool good = cJSON_IsArray(list);

	cJSON_ArrayForEach(p, list) {
		int64_t id;
		double sl;

		/* an agent that says no sl says nothing of it */
		if (jsonin_int64(p, "identifier", &id) &&
		    jsonin_number(p, "sl", &sl))
			fn(id, row->at_utc_ms, sl > 0, arg);
	}
	cJSON_Delete(list);
	return good;
}

bool
positions_tell(void *arg, const char *server, int64_t login,
    judge_position_fn fn, void *fn_arg)
{
	struct app *app = arg;

	if (!read_fleet(app))
		return false;
	for (size_t i = 0; i < app->view.rows_len; i++) {
		const struct view_row *row = &app->view.rows[i];

		if (row->server != NULL && row->login == login &&
		    strcmp(row->server, server) == 0)
			return status_is_live(row->status) &&
			       tell_positions(row, fn, fn_arg);
	}
	return false;
}

/* The same as the list it is, for a verdict's evidence. */
char *
positions_text(void *arg, const char *server, int64_t login, int64_t *at_utc_ms)
{
	struct app *app = arg;

	if (!read_fleet(app))
		return NULL;
	for (size_t i = 0; i < app->view.rows_len; i++) {
		const struct view_row *row = &app->view.rows[i];

		if (row->server == NULL || row->login != login ||
		    strcmp(row->server, server) != 0 ||
		    !status_is_live(row->status) || row->positions.data == NULL)
			continue;
		*at_utc_ms = row->at_utc_ms;
		return mem_strndup(row->positions.data, row->positions.len);
	}
	return NULL;
}

void
positions_done(struct app *app)
{
	if (app->view_read)
		view_done(&app->view);
	fleet_done(&app->fleet);
}

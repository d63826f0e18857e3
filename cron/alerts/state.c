/* state.c: what all parts ask for: the ledger, and what is muted. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/alerts.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/ledger/merge.h"
#include "lib/redis/keys.h"

#define LEDGER_AGAIN_MS 30000

struct ledger *
app_ledger(struct app *app)
{
	if (app->ledger != NULL && ledger_state(app->ledger) == LEDGER_OK)
		return app->ledger;
	if (app->ledger != NULL &&
	    clock_mono_ms() - app->ledger_mono_ms < LEDGER_AGAIN_MS)
		return NULL;
	ledger_close(app->ledger);
	app->ledger = ledger_open(config_ledger(&app->config), LEDGER_WRITE);
	app->ledger_mono_ms = clock_mono_ms();
	if (ledger_state(app->ledger) == LEDGER_OK)
		return app->ledger;
	log_error("ledger: %s: alerts are sent at once, to whom they reach",
	    ledger_error(app->ledger));
	return NULL;
}

/* ---- what is muted ---- */

/* By `alerts --mute` (Redis), or by what was said on the page (the ledger; one
 * that is away mutes nothing). */
static int
see_mute(struct app *app, const char *name, bool *muted)
{
	char *key = mem_printf(KEY_ALERT_MUTE "%s", name);
	bool there = false;
	int rc = cache_exists(app->cache, key, &there);

	if (rc == 0 && !there && app_ledger(app) != NULL)
		(void)ledger_is_muted(
		    app->ledger, name, clock_utc_ms(), &there);
	*muted |= there;
	free(key);
	return rc;
}

/* The names that an alert's account had before it was renamed or joined. */
struct former {
	struct app *app;
	const struct alert *a;
	char *account; /* its name now */
	int64_t id;
	bool *muted;
	int rc;
};

/* By its former name, or by the key that this alert had then. */
static int
see_former(const char *server, int64_t login, int64_t account, void *arg)
{
	struct former *f = arg;
	const char *at = strstr(f->a->key, f->account);
	char *name, *key;

	if (account != f->id)
		return 0;
	name = mem_printf("%s/%" PRId64, server, login);
	f->rc = see_mute(f->app, name, f->muted);
	if (f->rc == 0 && at != NULL) {
		key = mem_printf("%.*s%s%s", (int)(at - f->a->key), f->a->key,
		    name, at + strlen(f->account));
		f->rc = see_mute(f->app, key, f->muted);
		free(key);
	}
	free(name);
	return f->rc;
}

static int
see_account(struct app *app, const struct alert *a, bool *muted)
{
	struct ledger *l = app_ledger(app);
	struct former f = {.app = app, .a = a, .muted = muted};
	int64_t login;

	f.account = mem_printf("%s/%s", a->server, a->login);
	f.rc = see_mute(app, f.account, muted);
	if (f.rc == 0 && l != NULL &&
	    num_int64(a->login, INT64_MIN, INT64_MAX, &login) == 0 &&
	    ledger_account_find(l, a->server, login, &f.id) == LEDGER_OK)
		(void)ledger_aliases(l, see_former, &f);
	free(f.account);
	return f.rc;
}

int
app_is_muted(struct app *app, const struct alert *a, bool *muted)
{
	int rc;

	*muted = false;
	rc = see_mute(app, "all", muted);
	if (rc == 0)
		rc = see_mute(app, a->key, muted);
	if (rc == 0 && a->server != NULL && a->login != NULL)
		rc = see_account(app, a, muted);
	return rc;
}

/* state.c: what all parts ask for: the ledger, and what is muted. */
#include <stdlib.h>

#include "cron/alerts/alerts.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
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

int
app_is_muted(struct app *app, const struct alert *a, bool *muted)
{
	char *account = a->server != NULL && a->login != NULL
			    ? mem_printf("%s/%s", a->server, a->login)
			    : NULL;
	const char *const names[] = {"all", a->key, account};
	int rc = 0;

	*muted = false;
	for (size_t i = 0; rc == 0 && i < 3 && names[i] != NULL; i++) {
		char *key = mem_printf(KEY_ALERT_MUTE "%s", names[i]);
		bool there = false;

		rc = cache_exists(app->cache, key, &there);
		*muted |= there;
		free(key);
	}
	free(account);
	return rc;
}

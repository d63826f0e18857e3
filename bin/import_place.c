/* import_place.c: where an imported record goes: placed, known or kept aside.
 */
#include <time.h>

#include "bin/import.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/num.h"

/* How long a transaction keeps other writers out, and how long they have
 * then: a log-in waits 5 s at most. */
#define HOLD_MS 200
#define PAUSE_MS 50

struct ledger_actor
import_actor(const struct import *im)
{
	struct ledger_actor actor = {
	    .who = "import", .at_utc_ms = im->now_utc_ms};

	return actor;
}

void
import_aside(
    struct import *im, const char *key, const cJSON *value, const char *why)
{
	char *text = cJSON_PrintUnformatted(value);

	im->aside++;
	log_warnx("%s: \"%s\": %s: kept aside", im->file, key, why);
	im->result = ledger_import_aside(im->l, im->file, key,
	    text != NULL ? text : "null", why, im->now_utc_ms);
	cJSON_free(text);
}

void
import_placed(struct import *im, const char *key, bool changed)
{
	if (changed)
		im->placed++;
	else
		im->same++;
	im->result = ledger_import_placed(im->l, im->file, key);
}

struct found {
	int64_t id;
	int n;
};

static int
count(const struct ledger_account *a, void *arg)
{
	struct found *f = arg;

	f->id = a->id;
	f->n++;
	return 0;
}

bool
import_account(
    struct import *im, const char *login, const cJSON *value, int64_t *account)
{
	struct found f = {0, 0};
	int64_t number;

	if (num_int64(login, 1, INT64_MAX, &number) == -1) {
		import_aside(im, login, value, "not a login");
		return false;
	}
	im->result = ledger_accounts_by_login(im->l, number, count, &f);
	if (im->result != LEDGER_OK)
		return false;
	if (f.n != 1) {
		import_aside(im, login, value,
		    f.n == 0 ? "no such account was seen yet"
			     : "several accounts have this login");
		return false;
	}
	*account = f.id;
	return true;
}

void
import_yield(struct import *im)
{
	const struct timespec pause = {0, PAUSE_MS * 1000000};

	if (im->result != LEDGER_OK ||
	    clock_mono_ms() - im->begun_mono_ms < HOLD_MS)
		return;
	im->result = ledger_commit(im->l);
	if (im->result != LEDGER_OK)
		return;
	nanosleep(&pause, NULL);
	im->result = ledger_begin(im->l);
	im->begun_mono_ms = clock_mono_ms();
}

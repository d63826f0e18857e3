/* alerts.c: mt5fleet alerts: whom alerts are sent to, a test, acknowledging. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/site.h"
#include "lib/notify/post.h"

/* ---- the list ---- */

struct shown {
	const struct target *target;
	bool found;
};

static int
print_state(const struct ledger_target *t, void *arg)
{
	struct shown *s = arg;
	char at[CLOCK_ISO_SIZE];

	if (strcmp(t->name, s->target->name) != 0)
		return 0;
	s->found = true;
	if (t->failures > 0)
		printf("fails since %.19sZ: %s%s",
		    clock_iso(t->failed_since_utc_ms, at),
		    t->error != NULL ? t->error : "",
		    t->permanent ? " (will not heal by itself)" : "");
	else
		printf("good, last told %.19sZ", clock_iso(t->sent_utc_ms, at));
	if (t->waiting > 0)
		printf(", %lld wait", (long long)t->waiting);
	putchar('\n');
	return 1;
}

static int
list(const struct config *config, const struct targets *all)
{
	struct ledger *l = command_open_ledger(config, LEDGER_READ);

	for (size_t i = 0; i < all->len; i++) {
		struct shown s = {.target = &all->list[i]};
		char *where =
		    s.target->url != NULL ? target_shown(s.target) : NULL;

		printf("%-20s %-12s %s  ",
		    s.target->name != NULL ? s.target->name : "?",
		    target_type_word(s.target->type),
		    where != NULL ? where : "");
		free(where);
		if (s.target->disabled)
			puts("disabled");
		else {
			if (l != NULL)
				ledger_targets(l, print_state, &s);
			if (!s.found)
				puts("nothing sent yet");
		}
	}
	ledger_close(l);
	return COMMAND_OK;
}

/* ---- a test ---- */

struct tried {
	const struct target *target;
	struct post_outcome outcome;
};

static void
on_answer(void *arg, const struct fetch_answer *answer)
{
	struct tried *t = arg;

	post_judge(&t->outcome, t->target, answer);
}

static int
test(const struct config *config, const struct target *t)
{
	struct tried tried = {.target = t};
	char *address = site_address(config);
	const struct post_site site = {.url = address,
	    .proxy = config->proxy_url,
	    .now_utc_ms = clock_utc_ms()};

	post_test(t, &site, on_answer, &tried);
	free(address);
	if (tried.outcome.sent) {
		printf("%s took it\n", t->name);
		return COMMAND_OK;
	}
	log_error("target \"%s\": %s%s", t->name, tried.outcome.error,
	    tried.outcome.permanent ? "; that will not heal by itself" : "");
	free(tried.outcome.error);
	return COMMAND_FAILED;
}

static int
acknowledge(const struct config *config, const char *key, bool is_ack)
{
	const struct ledger_actor actor = {
	    .who = "mt5fleet alerts", .at_utc_ms = clock_utc_ms()};
	struct ledger *l = command_open_ledger(config, LEDGER_WRITE);
	enum ledger_result r;
	int rc = COMMAND_OK;

	if (l == NULL)
		return COMMAND_LEDGER;
	r = is_ack ? ledger_ack_put(l, key, &actor)
		   : ledger_ack_remove(l, key, &actor);
	if (r == LEDGER_NOT_FOUND) {
		log_error("not acknowledged: \"%s\"", key);
		rc = COMMAND_FAILED;
	} else if (r != LEDGER_OK)
		rc = command_ledger_failed(l, r);
	ledger_close(l);
	return rc;
}

int
command_alerts(const struct config *config, int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "";
	bool is_list = strcmp(what, "targets") == 0;
	bool is_test = strcmp(what, "test") == 0;
	bool is_ack = strcmp(what, "ack") == 0;
	const struct target *t;
	struct targets all;
	int rc;

	if (argc != (is_list ? 2 : 3) ||
	    (!is_list && !is_test && !is_ack && strcmp(what, "unack") != 0))
		return command_usage();
	if (!is_list && !is_test)
		return acknowledge(config, argv[2], is_ack);
	if (targets_load(&all, config) == -1)
		log_error_lines(all.error);
	if (is_list)
		rc = list(config, &all);
	else if ((t = targets_find(&all, argv[2])) == NULL || t->disabled) {
		log_error("%s: \"%s\"",
		    t == NULL ? "no such target" : "the target is disabled",
		    argv[2]);
		rc = COMMAND_FAILED;
	} else
		rc = test(config, t);
	if (all.error != NULL)
		rc = COMMAND_USAGE;
	targets_done(&all);
	return rc;
}

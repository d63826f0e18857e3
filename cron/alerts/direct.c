/*
 * direct.c: at once to all that want it: where there is no ledger for an
 * outbox, and where Redis is away, which is told by nobody else.
 */
#include <stdlib.h>
#include <string.h>

#include "cron/alerts/alerts.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

void
notice_of_alert(struct notice *n, const struct alert *a, enum alert_due due)
{
	*n = (struct notice){.what = due == ALERT_ENDED     ? NOTICE_ENDED
				     : due == ALERT_GOES_ON ? NOTICE_GOES_ON
							    : NOTICE_BEGAN,
	    .key = a->key,
	    .server = a->server,
	    .login = a->login,
	    .node = notice_node_of(a->key),
	    .text = a->text,
	    .level = a->level,
	    .since_utc_ms = a->since_utc_ms};
}

struct answer {
	const struct target *target;
	struct post_outcome outcome;
};

static void
on_answer(void *arg, const struct fetch_answer *answer)
{
	struct answer *a = arg;

	post_judge(&a->outcome, a->target, answer);
	if (!a->outcome.sent)
		log_warnx("target %s: %s: %s", a->target->name,
		    target_type_word(a->target->type), a->outcome.error);
}

/* An end is told to whom its beginning was told: it passes any level. What the
 * ledger alone knows of an account keeps nobody from being told. */
static size_t
wanted(const struct target *t, const struct notice *notices, size_t len,
    struct notice *out)
{
	const struct notice_subject nothing = {.tags = NULL};
	struct target open = *t;
	size_t n = 0;

	open.filter.firms.len = open.filter.holders.len = 0;
	open.filter.tags.len = 0;

	for (size_t i = 0; i < len; i++) {
		struct notice as = notices[i];

		if (as.what == NOTICE_ENDED)
			as.level = ALERT_CRITICAL;
		if (!t->only_escalated && t->events[TARGET_ALERTS] &&
		    target_wants(&open, &as, &nothing))
			out[n++] = notices[i];
	}
	return n;
}

bool
direct_send(
    struct app *app, const struct notice *notices, size_t len, int64_t now)
{
	const struct post_site site = {.url = app->site,
	    .proxy = app->config.proxy_url,
	    .now_utc_ms = now};
	struct notice *some = mem_new(len, sizeof(*some));
	size_t asked = 0, told = 0, n, step;
	char *id = mem_printf("mt5fleet-direct-%lld", (long long)now);

	for (size_t i = 0; i < app->targets.len; i++) {
		struct answer a = {.target = &app->targets.list[i]};
		struct post r;

		n = wanted(a.target, notices, len, some);
		for (size_t k = 0; k < n; k += step) {
			step = n - k < post_takes(a.target->type)
				   ? n - k
				   : post_takes(a.target->type);
			post_make(&r, a.target, &site, id, some + k, step);
			fetch_now(&r.fetch, on_answer, &a);
			post_done(&r);
			asked++;
			told += a.outcome.sent;
			free(a.outcome.error);
		}
	}
	free(some);
	free(id);
	return told > 0 || asked == 0;
}

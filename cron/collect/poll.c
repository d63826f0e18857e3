/* poll.c: when a node is asked, and what becomes of the answer. */
#include <stdlib.h>
#include <string.h>

#include "cron/collect/collect.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/redis/keys.h"

/* Up to here all nodes are asked at once and changes arrive as they happen. */
#define SMALL_FLEET 1000
#define SMALL_WAIT_S 5
#define LARGE_WAIT_S 25
#define PAUSE_MS 50 /* 20 changes a second of one node are enough */
#define SWEEP_MS 5000
#define SPREAD_MAX_MS 3000
#define BACKOFF_MAX_MS 5000
#define CONNECT_MAX_MS 4000
#define TICK_MAX_MS 100
#define LISTEN_MS 50
#define LISTEN_RETRY_MS 1000

struct pace
poll_pace(size_t nodes, int parallel, int wait_s)
{
	struct pace p = {.wait_s = wait_s};
	int n = nodes > 1000000 ? 1000000 : (int)nodes;

	/* half a millisecond is what one poll costs us, roughly */
	p.pause_ms = n / 2 > PAUSE_MS ? n / 2 : PAUSE_MS;
	if (n > SMALL_FLEET)
		p.spread_ms = n * 3 / 10;
	if (p.spread_ms > SPREAD_MAX_MS)
		p.spread_ms = SPREAD_MAX_MS;
	if (p.wait_s == 0)
		p.wait_s = n / 200 > SMALL_WAIT_S ? n / 200 : SMALL_WAIT_S;
	if (p.wait_s > LARGE_WAIT_S && wait_s == 0)
		p.wait_s = LARGE_WAIT_S;
	/* who waits holds a place: where there is none for each, sweep */
	if (n > parallel) {
		p.wait_s = 0;
		p.pause_ms = p.pause_ms > SWEEP_MS ? p.pause_ms : SWEEP_MS;
	}
	return p;
}

int
poll_backoff_ms(int failures)
{
	return failures > 3    ? BACKOFF_MAX_MS
	       : failures == 0 ? 0
			       : 1000 << (failures - 1);
}

static void
set_due(struct app *app, struct node_state *n, int64_t due)
{
	n->poll = POLL_RESTING;
	n->due_mono_ms = due;
	if (due < app->due_mono_ms)
		app->due_mono_ms = due;
}

/* The next time: by the pause after success, by back-off after failure. */
static void
rest(struct app *app, struct node_state *n)
{
	int64_t now = clock_mono_ms(), due;

	if (app->opt.once) {
		n->poll = POLL_OVER;
		return;
	}
	if (n->failures == 0)
		due = n->asked_mono_ms + app->pace.pause_ms;
	else {
		due = n->asked_mono_ms + poll_backoff_ms(n->failures);
		/* one that took its whole time-out has rested already */
		if (due < now + 1000)
			due = now + 1000;
	}
	set_due(app, n, due > now ? due : now);
}

static void
log_link(const struct node_state *n, enum link_state before)
{
	if (n->link == before)
		return;
	if (n->link == LINK_OK && before != LINK_UNKNOWN)
		log_info("node=%s: ok again", n->id);
	else if (n->link != LINK_OK)
		log_warnx(
		    "node=%s: %s: %s", n->id, link_word(n->link), n->error);
}

/* 429: the agent had too many wrong tokens from our address, and does not
 * look at this one (docs/agent-api.md). */
static bool
is_refusal(int code)
{
	return code == 401 || code == 403 || code == 429;
}

static void
read_answer(struct node_state *n, const struct fetch_answer *got)
{
	const struct app *app = n->app;
	int64_t now = clock_utc_ms();
	struct answer answer;
	char why[WHY_SIZE];

	if (is_refusal(got->code))
		node_fail(n, LINK_UNAUTHORIZED, got->error, now);
	else if (got->error != NULL)
		node_fail(n, LINK_UNREACHABLE, got->error, now);
	else {
		if (answer_read(&answer, got->body, got->len, now, why) == -1 ||
		    node_take(n, &answer, now, app->config.cache_ttl_s, why) ==
			-1) {
			*n->rev = '\0';
			node_fail(n, LINK_UNREACHABLE, why, now);
		}
		answer_done(&answer);
	}
}

static void
on_answer(void *arg, const struct fetch_answer *got)
{
	struct node_state *n = arg;
	struct app *app = n->app;
	enum link_state before = n->link;
	bool waited = n->may_wait;

	app->tally.polls++;
	read_answer(n, got);
	if (n->link == LINK_OK && (!waited || app->pace.wait_s == 0))
		n->latency_ms = got->took_ms;
	if (n->link != LINK_OK)
		app->tally.failed++;
	log_link(n, before);
	claims_judge(app, n, clock_utc_ms());
	publish_node(app, n);
	rest(app, n);
}

static void
ask(struct app *app, struct node_state *n, int64_t now)
{
	int wait_s = n->may_wait && !app->opt.once ? app->pace.wait_s : 0;
	int timeout_ms = app->config.agent_timeout_s * 1000;
	char *url = mem_printf("%s/snapshot?wait=%d%s%s", n->conf->url, wait_s,
	    *n->rev != '\0' ? "&after=" : "", n->rev);
	struct fetch_request req = {
	    .url = url,
	    .token = n->conf->token,
	    .ca = n->conf->ca,
	    .pinned = !n->conf->ca_signs,
	    .connect_ms =
		timeout_ms < CONNECT_MAX_MS ? timeout_ms : CONNECT_MAX_MS,
	    .total_ms = timeout_ms + wait_s * 1000,
	};

	n->poll = POLL_ASKED;
	n->asked_mono_ms = now;
	fetch_start(app->fetch, &req, on_answer, n);
	free(url);
}

static void
step(struct app *app, struct node_state *n, int64_t now)
{
	switch (n->poll) {
	case POLL_RESTING:
		if (n->due_mono_ms <= now)
			ask(app, n, now);
		else if (n->due_mono_ms < app->due_mono_ms)
			app->due_mono_ms = n->due_mono_ms;
		break;
	case POLL_ASKED:
	case POLL_OVER:
		break;
	}
}

void
poll_due(struct app *app, int64_t now)
{
	if (now < app->due_mono_ms)
		return;
	app->due_mono_ms = INT64_MAX;
	for (size_t i = 0; i < app->nodes_len; i++)
		step(app, app->nodes[i], now);
	/* looking through 10,000 nodes each millisecond costs a tenth of it */
	if (app->due_mono_ms < now + (int64_t)app->nodes_len / 500)
		app->due_mono_ms = now + (int64_t)app->nodes_len / 500;
}

int
poll_timeout_ms(const struct app *app, int64_t now)
{
	int64_t left = app->due_mono_ms - now;

	return left < 0 ? 0 : left < TICK_MAX_MS ? (int)left : TICK_MAX_MS;
}

static void
poll_all_now(struct app *app, int64_t now)
{
	for (size_t i = 0; i < app->nodes_len; i++) {
		app->nodes[i]->may_wait = false;
		if (app->nodes[i]->poll == POLL_RESTING)
			set_due(app, app->nodes[i], now);
	}
}

void
poll_refresh(struct app *app, int64_t now)
{
	bool heard = false;

	if (now - app->listen_mono_ms < LISTEN_MS || app->redis_down)
		return;
	app->listen_mono_ms = now;
	if (cache_heard(app->listener, CHANNEL_REFRESH, &heard) == -1)
		app->listen_mono_ms = now + LISTEN_RETRY_MS;
	if (heard)
		poll_all_now(app, now);
}

bool
poll_is_over(const struct app *app)
{
	for (size_t i = 0; i < app->nodes_len; i++)
		if (app->nodes[i]->poll != POLL_OVER)
			return false;
	return true;
}

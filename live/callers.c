/* callers.c: whether the session or token of each client still holds. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auth/caller.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/facts.h"
#include "live/callers.h"
#include "live/client.h"

struct question {
	char caller[CALLER_SIZE];
	bool holds, answered;
	char accounts[WEB_ACCOUNTS_SIZE];
};

struct callers {
	struct cache *cache;        /* the thread's */
	struct facts_source source; /* the thread's */
	pthread_t thread;
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t asked;
	bool stop, busy;
	uint64_t turn; /* counts them, from 1 */
	struct question list[CALLERS_AT_ONCE];
	size_t len;
};

/* What cannot be said now is asked again in the next turn. */
static void
answer(struct callers *c, struct question *q)
{
	struct ledger *ledger = facts_ledger(&c->source);

	if (caller_holds(c->cache, ledger, q->caller, &q->holds, q->accounts) ==
	    0)
		q->answered = true;
	else
		log_debug(
		    "sessions cannot be checked: %s", cache_error(c->cache));
}

/* While it is busy the list is the thread's alone. */
static void *
answer_on(void *arg)
{
	struct callers *c = arg;

	pthread_mutex_lock(&c->lock);
	for (;;) {
		while (!c->stop && !c->busy)
			pthread_cond_wait(&c->asked, &c->lock);
		if (c->stop)
			break;
		pthread_mutex_unlock(&c->lock);
		for (size_t i = 0; i < c->len; i++)
			answer(c, &c->list[i]);
		pthread_mutex_lock(&c->lock);
		c->busy = false;
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

struct callers *
callers_new(const struct config *config)
{
	struct callers *c = mem_new(1, sizeof(*c));
	char *error = NULL;
	int code;

	c->source.path = config_ledger(config);
	if ((c->cache = cache_open(config, &error)) == NULL) {
		log_error("%s", error);
		free(error);
		free(c);
		return NULL;
	}
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->asked, NULL);
	if ((code = pthread_create(&c->thread, NULL, answer_on, c)) != 0) {
		log_error("pthread_create: %s", strerror(code));
		cache_close(c->cache);
		free(c);
		return NULL;
	}
	return c;
}

void
callers_free(struct callers *c)
{
	if (c == NULL)
		return;
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_signal(&c->asked);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->thread, NULL);
	pthread_cond_destroy(&c->asked);
	pthread_mutex_destroy(&c->lock);
	facts_source_done(&c->source);
	cache_close(c->cache);
	free(c);
}

static void
take_answers(struct callers *c, struct hub *h)
{
	struct client *client;

	for (client = h->clients; client != NULL;
	     client = client->next_client) {
		const struct question *q;

		if (client->question == 0)
			continue;
		q = &c->list[client->question - 1];
		if (!q->holds)
			client_close(client, LWS_CLOSE_STATUS_POLICY_VIOLATION);
		else if (q->answered && client->given.some)
			given_told(&client->given, q->accounts);
	}
}

/* What is another account's by now may stand on his page. */
static void
look_up(struct hub *h, const struct facts *facts)
{
	struct client *client;

	for (client = h->clients; client != NULL;
	     client = client->next_client) {
		bool known = client->given.known;

		if (given_refresh(&client->given, facts))
			client_say(client, SAY_RESET);
		else if (client->given.known != known)
			client_wake(client);
	}
}

/* The number of the question about that caller, from 1; 0: none. */
static size_t
question_of(struct callers *c, const char *caller)
{
	size_t i;

	for (i = 0; i < c->len; i++)
		if (strcmp(c->list[i].caller, caller) == 0)
			return i + 1;
	if (c->len == CALLERS_AT_ONCE)
		return 0;
	memcpy(c->list[i].caller, caller, CALLER_SIZE);
	c->list[i].holds = true;
	c->list[i].answered = false;
	return ++c->len;
}

static void
ask_for(struct callers *c, struct hub *h, uint64_t before)
{
	struct client *client;

	for (client = h->clients; client != NULL; client = client->next_client)
		if (*client->caller != '\0' && client->asked_turn < before &&
		    (client->question = question_of(c, client->caller)) != 0)
			client->asked_turn = c->turn;
}

/* Those that have waited longest come first. */
static void
ask(struct callers *c, struct hub *h)
{
	uint64_t oldest = ++c->turn;
	struct client *client;

	c->len = 0;
	for (client = h->clients; client != NULL;
	     client = client->next_client) {
		client->question = 0;
		if (*client->caller != '\0' && client->asked_turn < oldest)
			oldest = client->asked_turn;
	}
	ask_for(c, h, oldest + 1);
	ask_for(c, h, c->turn);
}

void
callers_turn(struct callers *c, struct hub *h, const struct facts *facts)
{
	pthread_mutex_lock(&c->lock);
	if (!c->busy) {
		take_answers(c, h);
		ask(c, h);
		c->busy = c->len > 0;
		pthread_cond_signal(&c->asked);
	}
	pthread_mutex_unlock(&c->lock);
	look_up(h, facts);
}

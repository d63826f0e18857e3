/* reader.c: what the ledger knows, read by a thread of its own. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "live/reader.h"

#define EVERY_S 1
#define FIRST_S 2

struct reader {
	struct facts_source source; /* the thread's */
	struct facts facts;         /* the loop's */
	pthread_t thread;
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t wake, first;
	bool stop, woken;
	struct facts *next; /* read, and not taken yet; or NULL */
	int64_t began_mono_ms;
};

static void
facts_free(struct facts *f)
{
	if (f == NULL)
		return;
	facts_done(f);
	free(f);
}

static struct timespec
seconds_from_now(int s)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += s;
	return t;
}

/* Waits for a second or until woken; false: it is time to end. */
static bool
wait_turn(struct reader *r)
{
	const struct timespec until = seconds_from_now(EVERY_S);
	bool stop;

	pthread_mutex_lock(&r->lock);
	while (!r->stop && !r->woken &&
	       pthread_cond_timedwait(&r->wake, &r->lock, &until) == 0)
		continue;
	r->woken = false;
	stop = r->stop;
	pthread_mutex_unlock(&r->lock);
	return !stop;
}

static void *
read_on(void *arg)
{
	struct reader *r = arg;
	struct facts stamp = {0}; /* of the last reading; no list */

	do {
		struct facts *f = mem_new(1, sizeof(*f));
		int64_t began = clock_mono_ms();
		bool fresh;

		*f = stamp;
		fresh = facts_refresh(f, &r->source, 0);
		stamp =
		    (struct facts){.known = f->known, .revision = f->revision};
		pthread_mutex_lock(&r->lock);
		if (fresh) {
			facts_free(r->next);
			r->next = f;
			f = NULL;
		}
		r->began_mono_ms = began;
		pthread_cond_signal(&r->first);
		pthread_mutex_unlock(&r->lock);
		facts_free(f);
	} while (wait_turn(r));
	return NULL;
}

struct reader *
reader_new(const char *path)
{
	struct reader *r = mem_new(1, sizeof(*r));
	pthread_condattr_t attr;
	struct timespec until;
	int error;

	r->source.path = path;
	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&r->wake, &attr);
	pthread_cond_init(&r->first, &attr);
	pthread_condattr_destroy(&attr);
	if ((error = pthread_create(&r->thread, NULL, read_on, r)) != 0) {
		log_error("pthread_create: %s", strerror(error));
		free(r);
		return NULL;
	}
	until = seconds_from_now(FIRST_S);
	pthread_mutex_lock(&r->lock);
	while (r->began_mono_ms == 0 &&
	       pthread_cond_timedwait(&r->first, &r->lock, &until) == 0)
		continue;
	pthread_mutex_unlock(&r->lock);
	return r;
}

void
reader_free(struct reader *r)
{
	if (r == NULL)
		return;
	pthread_mutex_lock(&r->lock);
	r->stop = true;
	pthread_cond_signal(&r->wake);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	pthread_cond_destroy(&r->wake);
	pthread_cond_destroy(&r->first);
	pthread_mutex_destroy(&r->lock);
	facts_source_done(&r->source);
	facts_free(r->next);
	facts_done(&r->facts);
	free(r);
}

void
reader_wake(struct reader *r)
{
	pthread_mutex_lock(&r->lock);
	r->woken = true;
	pthread_cond_signal(&r->wake);
	pthread_mutex_unlock(&r->lock);
}

const struct facts *
reader_facts(struct reader *r, int64_t *began_mono_ms)
{
	struct facts *next;

	pthread_mutex_lock(&r->lock);
	next = r->next;
	r->next = NULL;
	*began_mono_ms = r->began_mono_ms;
	pthread_mutex_unlock(&r->lock);
	if (next != NULL) {
		facts_done(&r->facts);
		r->facts = *next;
		free(next);
	}
	return &r->facts;
}

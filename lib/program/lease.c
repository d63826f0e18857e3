/* lease.c: a job's lease, renewed by a thread. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/hash.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/program/lease.h"

#define RENEW_MS 1500
#define LOOK_MS 500
#define NO_TOKEN INT64_C(-1) /* nobody's */
#define FILE_MAX 1024

/*
 * This coordinator: its host and state folder. Machines and containers that
 * were copied, names and all, are told apart by their boot and folder.
 */
static void
name_holder(struct program_lease *p, const char *folder)
{
	char host[128] = "?", text[256], *real = realpath(folder, NULL);
	char *boot = file_read("/proc/sys/kernel/random/boot_id", 64, NULL);
	struct stat st = {0};

	gethostname(host, sizeof(host) - 1);
	(void)stat(folder, &st);
	snprintf(text, sizeof(text), "%s %ju %ju", boot != NULL ? boot : "",
	    (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	snprintf(p->holder, sizeof(p->holder), "%s:%.200s %08x", host,
	    real != NULL ? real : folder, (unsigned)hash_short(text));
	free(boot);
	free(real);
}

void
program_lease_open(struct program_lease *p, const struct config *c,
    const char *job, int shard, int shards)
{
	pthread_condattr_t monotonic;

	memset(p, 0, sizeof(*p));
	p->where = config_ledger(c);
	p->needed = ledger_is_url(p->where);
	if (!p->needed)
		return;
	snprintf(p->shard, sizeof(p->shard), "%d/%d", shard, shards);
	p->name = (struct lease_name){job, p->shard};
	p->file = shards == 1 ? mem_printf("%s/%s.lease", c->state_dir, job)
			      : mem_printf("%s/%s-%d-of-%d.lease", c->state_dir,
				    job, shard, shards);
	name_holder(p, c->state_dir);
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	p->ledger = ledger_open(p->where, LEDGER_WRITE);
}

/* ---- what this coordinator had last, for when the ledger is away ---- */

static void
keep(const struct program_lease *p)
{
	char *text = mem_printf("%" PRId64 " %s\n", p->token, p->holder);

	if (file_write(p->file, text, strlen(text),
		file_shared_mode(p->file, 0600)) == -1)
		log_warnx("%s: %s", p->file, strerror(errno));
	free(text);
}

static bool
kept(struct program_lease *p)
{
	char *text = file_read(p->file, FILE_MAX, NULL), *space, *end;
	bool good = false;

	if (text == NULL)
		return false;
	space = strchr(text, ' ');
	end = strchr(text, '\n');
	if (space != NULL && end != NULL) {
		*space = *end = '\0';
		good = strcmp(space + 1, p->holder) == 0 &&
		       num_int64(text, 1, INT64_MAX, &p->token) == 0;
	}
	free(text);
	return good;
}

void
program_lease_lost(struct program_lease *p)
{
	if (p->needed)
		unlink(p->file);
}

/* ---- while the job works ---- */

/* False: the process is to end. */
static bool
renew(struct program_lease *p)
{
	enum ledger_result r;

	if (ledger_state(p->ledger) != LEDGER_OK) {
		ledger_close(p->ledger);
		p->ledger = ledger_open(p->where, LEDGER_WRITE);
	}
	r = lease_renew(p->ledger, &p->name, p->token);
	if (r != LEDGER_NOT_FOUND)
		return true;
	log_error("another coordinator does %s %s now: this run ends",
	    p->name.job, p->name.shard);
	program_lease_lost(p);
	kill(getpid(), SIGTERM);
	return false;
}

static void
wait_for_end(struct program_lease *p, int ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_nsec += ms % 1000 * 1000000L;
	at.tv_sec += ms / 1000 + at.tv_nsec / 1000000000L;
	at.tv_nsec %= 1000000000L;
	pthread_cond_timedwait(&p->wake, &p->lock, &at);
}

static void *
renew_on(void *arg)
{
	struct program_lease *p = arg;
	bool held = true;

	pthread_mutex_lock(&p->lock);
	while (held && !p->ending) {
		wait_for_end(p, RENEW_MS);
		if (p->ending)
			break;
		pthread_mutex_unlock(&p->lock);
		held = renew(p);
		pthread_mutex_lock(&p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static enum lease_got
begin(struct program_lease *p)
{
	sigset_t all, before;

	lease_fence(&p->name, p->token);
	/* signals are for who waits for them */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	p->running = pthread_create(&p->thread, NULL, renew_on, p) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (p->running)
		return LEASE_OURS;
	log_error("no thread for the lease");
	return LEASE_NO_LEDGER;
}

/* ---- taking it ---- */

static bool
was_ended_by_another(struct program_lease *p)
{
	char holder[LEASE_HOLDER_SIZE];
	bool ended = false;

	return lease_find(p->ledger, &p->name, holder, &ended) == LEDGER_OK &&
	       ended && strcmp(holder, p->holder) != 0;
}

static void
say_who(struct program_lease *p)
{
	char holder[LEASE_HOLDER_SIZE] = "?";
	bool ended;

	(void)lease_find(p->ledger, &p->name, holder, &ended);
	log_info("%s %s is done by another coordinator, %s", p->name.job,
	    p->name.shard, holder);
}

/* It cannot be asked: an earlier run's token may be as good as ever. */
static enum lease_got
without_ledger(struct program_lease *p, enum lease_wait wait, bool *said)
{
	if (!*said)
		log_warnx("%s", ledger_error(p->ledger) != NULL
				    ? ledger_error(p->ledger)
				    : "the ledger does not answer");
	*said = true;
	if (wait == LEASE_FOR_GOOD && kept(p)) {
		log_warnx("the ledger is away: going on with the lease that "
			  "this coordinator had");
		return begin(p);
	}
	return LEASE_NO_LEDGER;
}

enum lease_got
program_lease_take(struct program_lease *p, enum lease_wait wait,
    const volatile sig_atomic_t *stop, int64_t until_mono_ms)
{
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
	bool first = true, said = false, away_said = false;
	enum lease_got got;
	enum ledger_result r;

	if (!p->needed)
		return LEASE_OURS;
	for (;; first = false) {
		if (!first && wait == LEASE_THIS_RUN && was_ended_by_another(p))
			return LEASE_ELSEWHERE;
		r = lease_take(p->ledger, &p->name, p->holder, &p->token);
		if (r == LEDGER_OK) {
			keep(p);
			return begin(p);
		}
		got = LEASE_ELSEWHERE;
		if (r == LEDGER_CONFLICT) {
			program_lease_lost(p);
			if (!said)
				say_who(p);
			said = true;
		} else if ((got = without_ledger(p, wait, &away_said)) ==
			   LEASE_OURS)
			return got;
		if (wait == LEASE_AT_ONCE || *stop ||
		    (wait == LEASE_THIS_RUN && got == LEASE_NO_LEDGER) ||
		    clock_mono_ms() >= until_mono_ms)
			break;
		nanosleep(&pause, NULL);
		if (ledger_state(p->ledger) != LEDGER_OK) {
			ledger_close(p->ledger);
			p->ledger = ledger_open(p->where, LEDGER_WRITE);
		}
	}
	/* what it writes all the same is refused */
	p->token = NO_TOKEN;
	lease_fence(&p->name, p->token);
	return got;
}

void
program_lease_close(struct program_lease *p, bool done)
{
	if (!p->needed)
		return;
	if (p->running) {
		pthread_mutex_lock(&p->lock);
		p->ending = true;
		pthread_cond_signal(&p->wake);
		pthread_mutex_unlock(&p->lock);
		pthread_join(p->thread, NULL);
		if (done)
			(void)lease_end(p->ledger, &p->name, p->token);
		p->running = false;
	}
	ledger_close(p->ledger);
	p->ledger = NULL;
	free(p->file);
	p->file = NULL;
	p->needed = false;
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->wake);
}

/* main.c: alerts, the job that calls people. docs/alerts.md */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cron/alerts/alerts.h"
#include "lib/clock.h"
#include "lib/lock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/num.h"
#include "lib/version.h"

#define LIFE_S 55   /* cron starts the next run after 60 s */
#define BESIDE_S 60 /* for what is under way then */
#define MUTE_MAX_MIN (7 * 24 * 60)

enum { EXIT_OK, EXIT_FAILED, EXIT_CONFIG };
enum action { ACTION_RUN, ACTION_CHECK, ACTION_LIST, ACTION_MUTE, ACTION_ACK };

struct options {
	enum action action;
	int for_s;
	bool verbose;
	const char *key;
	int minutes;
};

static volatile sig_atomic_t stop;

static void
on_signal(int signo)
{
	stop = signo;
}

static void
usage(FILE *to)
{
	fputs(
	    "usage: alerts [-nvVh] [--for SECONDS] [--list]\n"
	    "              [--mute KEY --minutes N] [--ack KEY]\n"
	    "  -n                check the configuration and say what is "
	    "wrong\n"
	    "  -v                say more\n"
	    "  -V                the version\n"
	    "  --for SECONDS     end after that (default 55; 0: one look)\n"
	    "  --list            the alerts there are, as JSON\n"
	    "  --mute KEY --minutes N\n"
	    "                    tell nothing of KEY so long: an alert's key,\n"
	    "                    SERVER/LOGIN, or all; 0 ends it\n"
	    "  --ack KEY         somebody works on it: do not repeat it\n",
	    to);
}

static int
bad_value(const char *name, const char *text)
{
	fprintf(stderr, "alerts: --%s: not understood: \"%s\"\n", name, text);
	return -1;
}

/* 1: go on. 0: all is said. -1: bad. */
static int
read_options(struct options *o, int argc, char *argv[])
{
	static const struct option names[] = {{"for", 1, NULL, 'f'},
	    {"list", 0, NULL, 'l'}, {"mute", 1, NULL, 'm'},
	    {"minutes", 1, NULL, 't'}, {"ack", 1, NULL, 'a'},
	    {NULL, 0, NULL, 0}};
	int ch;

	*o = (struct options){.for_s = LIFE_S, .minutes = -1};
	while ((ch = getopt_long(argc, argv, "nvVh", names, NULL)) != -1)
		switch (ch) {
		case 'n':
			o->action = ACTION_CHECK;
			break;
		case 'v':
			o->verbose = true;
			break;
		case 'V':
			puts("alerts " MT5FLEET_VERSION);
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		case 'f':
			if (num_int(optarg, 0, 3600, &o->for_s) == -1)
				return bad_value("for", optarg);
			break;
		case 't':
			if (num_int(optarg, 0, MUTE_MAX_MIN, &o->minutes) == -1)
				return bad_value("minutes", optarg);
			break;
		case 'l':
			o->action = ACTION_LIST;
			break;
		case 'm':
		case 'a':
			o->action = ch == 'm' ? ACTION_MUTE : ACTION_ACK;
			o->key = optarg;
			break;
		default:
			usage(stderr);
			return -1;
		}
	if (optind < argc || (o->action == ACTION_MUTE && o->minutes == -1)) {
		usage(stderr);
		return -1;
	}
	return 1;
}

static int
configure(struct app *app)
{
	struct config *c = &app->config;
	char *error = NULL;

	if (config_load(c, NULL) == -1) {
		fputs(c->error, stderr);
		return -1;
	}
	if (!body_format_from(c->alert_format, &app->format)) {
		fprintf(stderr,
		    "ALERT_FORMAT: none of json telegram discord slack ntfy: "
		    "\"%s\"\n",
		    c->alert_format);
		return -1;
	}
	if (*c->alert_url != '\0' &&
	    strncmp(c->alert_url, "https://", 8) != 0 &&
	    strncmp(c->alert_url, "http://", 7) != 0) {
		fputs("ALERT_URL: begins with neither https:// nor http://\n",
		    stderr);
		return -1;
	}
	if ((app->cache = cache_open(c, &error)) == NULL) {
		fprintf(stderr, "%s\n", error);
		free(error);
		return -1;
	}
	return 0;
}

static int
redis_failed(const struct app *app)
{
	log_error("redis: %s", cache_error(app->cache));
	return EXIT_FAILED;
}

static int
print_list(struct app *app)
{
	char *data;

	if (cache_get(app->cache, STORE_KEY, &data, NULL) == -1)
		return redis_failed(app);
	puts(data != NULL ? data : "{\"alerts\":[]}");
	free(data);
	return EXIT_OK;
}

static int
mark(struct app *app, const struct options *o)
{
	const char *prefix =
	    o->action == ACTION_MUTE ? MUTE_PREFIX : ACK_PREFIX;
	char *key = mem_printf("%s%s", prefix, o->key);
	int rc;

	if (o->action == ACTION_MUTE && o->minutes == 0)
		rc = cache_del(app->cache, key);
	else
		rc = cache_set_ttl(app->cache, key, "1", 1,
		    o->action == ACTION_MUTE ? o->minutes * 60 : 0);
	free(key);
	return rc == -1 ? redis_failed(app) : EXIT_OK;
}

static void
wait_a_second(void)
{
	const struct timespec second = {1, 0};

	nanosleep(&second, NULL);
}

static int
work(struct app *app, int for_s)
{
	int64_t end = clock_mono_msc() + for_s * 1000;

	if (store_read(&app->store, app->cache) == -1)
		return redis_failed(app);
	for (;;) {
		if (step_run(app) == -1)
			return redis_failed(app);
		if (stop || clock_mono_msc() >= end)
			break;
		wait_a_second();
	}
	if (step_save(app) == -1)
		return redis_failed(app);
	log_info("%zu alerts, %lld told", app->store.alerts.len,
	    (long long)app->told);
	return EXIT_OK;
}

static int
run(struct app *app, const struct options *o)
{
	char *path = mem_printf("%s/alerts.lock", app->config.state_dir);
	struct sigaction action = {.sa_handler = on_signal};
	struct lock lock;
	int rc = EXIT_OK;

	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	alarm((unsigned)(o->for_s + BESIDE_S));
	if (lock_open(&lock, path) == -1) {
		log_error("%s", lock.error);
		rc = EXIT_CONFIG;
	} else if (lock_try(&lock))
		rc = work(app, o->for_s);
	else
		log_info("another run is at it");
	lock_close(&lock);
	store_done(&app->store);
	free(path);
	return rc;
}

int
main(int argc, char *argv[])
{
	struct app app = {.format = BODY_JSON};
	struct options o;
	int rc = read_options(&o, argc, argv);

	if (rc < 1)
		return rc == 0 ? EXIT_OK : EXIT_CONFIG;
	rc = EXIT_CONFIG;
	if (configure(&app) == 0) {
		log_init("alerts",
		    o.verbose ? LOG_LEVEL_DEBUG : app.config.log_level);
		if (o.action == ACTION_CHECK)
			rc = EXIT_OK;
		else if (o.action == ACTION_LIST)
			rc = print_list(&app);
		else if (o.action == ACTION_RUN)
			rc = run(&app, &o);
		else
			rc = mark(&app, &o);
	}
	cache_close(app.cache);
	config_done(&app.config);
	return rc;
}

/* main.c: mt5fleet-agent, the program beside the terminals. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/app.h"
#include "agent/auth.h"
#include "agent/bridge_copy.h"
#include "agent/http.h"
#include "agent/identity.h"
#include "agent/init.h"
#include "agent/join.h"
#include "agent/listen.h"
#include "agent/mailbox.h"
#include "agent/platform.h"
#include "agent/routes.h"
#include "agent/supervise.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/program/program.h"

#define IDLE_MS 1000
#define PEM_MAX 65536
#define NO_WATCH_MS 50

static const char usage[] =
    "usage: mt5fleet-agent [-nvVh] [-c file]\n"
    "       mt5fleet-agent [-c file] --init [--quiet] [address ...]\n"
    "       mt5fleet-agent [-c file] --bridge folder\n"
    "       mt5fleet-agent join --site URL --fingerprint PIN (docs/nodes.md)\n"
    "Serves the state of this machine's MetaTrader 5 terminals by HTTP.\n"
    "  -c file  settings, NAME=value a line (docs/agent.md)\n"
    "  --init   make certificate and token; the addresses are those by which\n"
    "           the coordinator reaches this machine; --quiet: it prints no\n"
    "           entry for nodes.json\n"
    "  --bridge copy the bridge's sources from there into every terminal\n"
    "  -n       check the settings and exit\n"
    "  -v       verbose\n"
    "  -V       print the version and exit\n"
    "  -h       print this help and the settings\n\n";

static void
find_common(struct config *c)
{
	char *common = *c->agent_common == '\0' ? platform_common() : NULL;

	if (common == NULL)
		return;
	free(c->agent_common);
	c->agent_common = common;
}

/* Of the files and folders that the settings name: is it there? */
static int
look_for(const char *name, const char *path)
{
	if (*path == '\0' || access(path, R_OK) == 0)
		return 0;
	log_error("%s: %s: %s", name, path, strerror(errno));
	return -1;
}

/* -n asks for more than a start does: what comes later may not be there yet. */
static int
check_files(const struct config *c)
{
	const char separator[2] = {platform_path_separator, '\0'};
	char *list = mem_strdup(c->agent_common), *rest = list, *folder;
	int rc = 0;

	while ((folder = strsep(&rest, separator)) != NULL)
		rc |= look_for("AGENT_COMMON", folder);
	free(list);
	rc |= look_for("AGENT_CERT_FILE", c->agent_cert_file);
	rc |= look_for("AGENT_KEY_FILE", c->agent_key_file);
	if (*c->terminal_path != '\0') {
		rc |= look_for("MT5_TERMINAL_PATH", c->terminal_path);
		rc |= look_for("MT5_TERMINAL_DATA", c->terminal_data);
	}
	return rc;
}

/* 0, or -1 with the errors logged. */
static int
configure(struct app *app, const struct program *p)
{
	struct config *c = &app->config;
	char *error;

	if (program_settings(p, c) == -1)
		return -1;
	find_common(c);
	if ((error = listen_check(c)) == NULL)
		return 0;
	log_error_lines(error);
	free(error);
	return -1;
}

static void
start(struct app *app)
{
	const struct config *c = &app->config;
	char run[RUN_SIZE];

	auth_random_hex(run, sizeof(run));
	platform_hostname(app->name, sizeof(app->name));
	if (*c->agent_name != '\0')
		snprintf(app->name, sizeof(app->name), "%s", c->agent_name);
	app->started_utc_ms = clock_utc_ms();
	app->started_mono_ms = clock_mono_ms();
	app->platform = platform_open();
	terminals_init(&app->terminals, run, (int64_t)c->agent_silent_s * 1000);
	app->mailbox =
	    mailbox_new(c->agent_common, app->platform, &app->terminals);
	mailbox_look(app->mailbox, clock_mono_ms());
}

static bool
read_pem(const char *name, const char *path, char **pem)
{
	if ((*pem = file_read(path, PEM_MAX, NULL)) != NULL)
		return true;
	log_error("%s: %s: %s", name, path, platform_error());
	return false;
}

/* listen_check made sure that both files are set, or neither. */
static bool
read_identity(const struct config *c, struct identity *id)
{
	return *c->agent_cert_file == '\0' ||
	       (read_pem("AGENT_CERT_FILE", c->agent_cert_file, &id->cert) &&
		   read_pem("AGENT_KEY_FILE", c->agent_key_file, &id->key));
}

static bool
serve(struct app *app, const struct web *web)
{
	const struct config *c = &app->config;
	struct identity id = {NULL, NULL};
	struct http_options o = {
	    .host = c->agent_host, .port = c->agent_port, .web = web};
	char *error;

	if (read_identity(c, &id)) {
		o.cert = id.cert;
		o.key = id.key;
		if ((app->http = http_new(&o, &error)) == NULL) {
			log_error("%s", error);
			free(error);
		}
	}
	if (app->http != NULL)
		log_info("listening on %s://%s:%d",
		    id.cert != NULL ? "https" : "http", o.host,
		    http_port(app->http));
	identity_done(&id);
	return app->http != NULL;
}

static int
ms_until(int64_t at_mono_ms, int64_t now_mono_ms)
{
	if (at_mono_ms <= now_mono_ms)
		return 0;
	return at_mono_ms - now_mono_ms < IDLE_MS
		   ? (int)(at_mono_ms - now_mono_ms)
		   : IDLE_MS;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Waits for a change in a mailbox, a client, a signal or a deadline. */
static void
wait_for_work(struct app *app, int64_t next_mono_ms, int64_t now_mono_ms)
{
	int fd = http_fd(app->http), ms;

	next_mono_ms = earlier(next_mono_ms, http_deadline_mono_ms(app->http));
	ms = http_timeout_ms(app->http, ms_until(next_mono_ms, now_mono_ms));
	if (fd == -1) {
		http_run(app->http, ms < NO_WATCH_MS ? ms : NO_WATCH_MS);
		return;
	}
	platform_wait(app->platform, fd, ms);
	http_run(app->http, 0);
}

static void
loop(struct app *app)
{
	uint64_t moves = app->terminals.moves;
	int64_t now_mono_ms, next_mono_ms, supervise_mono_ms;

	supervise_mono_ms = clock_mono_ms();
	while (!platform_stopped(app->platform)) {
		now_mono_ms = clock_mono_ms();
		next_mono_ms = mailbox_look(app->mailbox, now_mono_ms);
		if (now_mono_ms >= supervise_mono_ms)
			supervise_mono_ms =
			    supervise_step(app->supervisor, now_mono_ms);
		next_mono_ms = earlier(next_mono_ms, supervise_mono_ms);
		next_mono_ms = earlier(
		    next_mono_ms, terminals_tick(&app->terminals, now_mono_ms));
		http_wake(
		    app->http, app->terminals.moves != moves, now_mono_ms);
		moves = app->terminals.moves;
		wait_for_work(app, next_mono_ms, now_mono_ms);
	}
}

static void
stop(struct app *app)
{
	log_info("stopping");
	http_free(app->http);
	supervise_free(app->supervisor);
	mailbox_free(app->mailbox);
	terminals_done(&app->terminals);
	platform_close(app->platform);
	rotation_done(&app->rotation);
}

/* The exit code. */
static int
run(struct app *app)
{
	const struct web web = {.app = app,
	    .routes = routes,
	    .routes_len = routes_len,
	    .body_max = ROUTES_BODY_MAX,
	    .no_etag = true,
	    .allow_get = true,
	    .admit = routes_admit};
	bool serves;

	rotation_begin(&app->rotation, &app->config);
	start(app);
	if ((serves = serve(app, &web))) {
		app->supervisor = supervise_new(
		    &app->config, &app->terminals, clock_mono_ms());
		loop(app);
	}
	stop(app);
	return serves ? 0 : 1;
}

int
main(int argc, char **argv)
{
	static struct app app;
	bool init = false, quiet = false;
	const char *bridge = NULL;
	const struct program_option own[] = {{.name = "init", .flag = &init},
	    {.name = "quiet", .flag = &quiet},
	    {.name = "bridge", .text = &bridge}, {.name = NULL}};
	struct program p = {.name = "agent",
	    .title = "mt5fleet-agent",
	    .usage = usage,
	    .settings = true,
	    .file = true,
	    .bad_option = 2,
	    .arguments = &init};
	int rc;

	if (argc > 1 && strcmp(argv[1], "join") == 0)
		return join_main(argc - 1, argv + 1);
	if (!program_begin(&p, own, argc, argv, &rc))
		return rc;
	if (init)
		return init_run(
		    p.config_file, argv + optind, argc - optind, quiet);
	rc = 1;
	if (configure(&app, &p) == 0)
		rc = p.check          ? check_files(&app.config) != 0
		     : bridge != NULL ? bridge_run(&app.config, bridge)
				      : run(&app);
	config_done(&app.config);
	return rc;
}

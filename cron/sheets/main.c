/* main.c: sheets, the job that fills the Google spreadsheet. docs/sheets.md */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cron/sheets/sheets.h"
#include "lib/base/clock.h"
#include "lib/base/config.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/ledger/jobs.h"
#include "lib/program/program.h"
#include "lib/redis/cache.h"

/* Google works up to 180 s on a request; ours are small. */
#define ANSWER_S 90
#define WAIT_MAX_S 64 /* Google's own advice */
#define LIFE_S 1800   /* a first fill of a million trades */

enum exit_code {
	EXIT_WRITTEN,
	EXIT_PERSON,  /* a setting, a key, the sheet: the log says what to do */
	EXIT_NO_LIVE, /* Redis is gone: the history was written, Accounts not */
	EXIT_LATER,   /* tried often enough: the next run goes on */
};

struct options {
	bool dry, full;
	double wait_max_s, answer_s;
};

struct app {
	struct options opt;
	struct config config;
	struct key key;
	struct ledger *ledger;
	struct cache *cache;
	struct live live;
	struct source source;
	int64_t started_utc_ms;
	bool with_accounts;
	char summary[600];
};

static const char usage[] =
    "usage: sheets [-nvVh] [--dry-run] [--full]\n"
    "              [--max-wait SECONDS] [--timeout SECONDS]\n"
    "  -n          check the configuration and say what is wrong\n"
    "  -v          verbose\n"
    "  -V          the version\n"
    "  --dry-run   read the spreadsheet, print what would be written\n"
    "  --full      write every row, changed or not\n"
    "  --max-wait  longest wait between two tries (64)\n"
    "  --timeout   longest wait for an answer (90)\n"
    "Exit: 0 all is written; 1 a person must do something, and the log says "
    "what;\n"
    "2 Redis is gone, only the history was written; 3 Google did not answer "
    "as it\n"
    "should, the next run goes on.\n"
    "Settings come from the environment and MT5FLEET_CONFIG:\n\n";

static int
read_seconds(void *out, const char *text)
{
	double v;

	if (num_double(text, &v) == -1 || v < 0.001 || v > 600)
		return -1;
	*(double *)out = v;
	return 0;
}

/* ---- settings ---- */

/* Of a spreadsheet's id; it is never quoted. */
static bool
is_id(const char *s)
{
	return strlen(s) >= 8 &&
	       s[strspn(s,
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		   "0123456789-_")] == '\0';
}

static int
check_settings(struct app *app)
{
	const struct config *c = &app->config;
	size_t len = strlen(c->sheets_api_base);
	char why[160];

	if (strncasecmp(c->sheets_api_base, "https://", 8) != 0) {
		log_error(
		    "SHEETS_API_BASE: not https: \"%s\"", c->sheets_api_base);
		return -1;
	}
	if (c->sheets_api_base[len - 1] == '/')
		app->config.sheets_api_base[len - 1] = '\0';
	if (!is_id(c->sheets_spreadsheet_id)) {
		log_error("SHEETS_SPREADSHEET_ID: %s: the part between /d/ and "
			  "/edit of the spreadsheet's address",
		    *c->sheets_spreadsheet_id == '\0' ? "not set" : "no id");
		return -1;
	}
	if (*c->google_credentials == '\0') {
		log_error("GOOGLE_APPLICATION_CREDENTIALS: not set: the path "
			  "of the service account's key file");
		return -1;
	}
	if (key_load(&app->key, c->google_credentials, why, sizeof(why)) ==
	    -1) {
		log_error("GOOGLE_APPLICATION_CREDENTIALS: %s: %s",
		    c->google_credentials, why);
		return -1;
	}
	if (app->key.file_mode & 077)
		log_warnx("%s: others can read the key: chmod 600",
		    c->google_credentials);
	return 0;
}

static bool
is_set_up(const struct config *c)
{
	return *c->sheets_spreadsheet_id != '\0' ||
	       *c->google_credentials != '\0';
}

/* 1: go on. 0: all is said. -1: bad. */
static int
configure(struct app *app, const struct program *p)
{
	if (program_configure(p, &app->config) == -1)
		return -1;
	if (!is_set_up(&app->config)) {
		log_info("not set up: there is no GOOGLE_APPLICATION_"
			 "CREDENTIALS and no SHEETS_SPREADSHEET_ID");
		return 0;
	}
	if (check_settings(app) == -1)
		return -1;
	return p->check ? 0 : 1;
}

/* ---- what is live ---- */

static void
read_live(struct app *app)
{
	char *why = NULL;

	app->cache = cache_open(&app->config, &why);
	app->with_accounts =
	    app->cache != NULL &&
	    live_read(&app->live, app->cache, &app->config, &why) == 0;
	if (!app->with_accounts)
		log_warnx("%s: Accounts is left as it is", why);
	free(why);
}

/* ---- the run ---- */

static void
summarize(struct app *app, const struct sheets *s, enum sheets_result rc)
{
	struct google_counts n = google_counts(s->google);

	if (rc != SHEETS_DONE)
		snprintf(app->summary, sizeof(app->summary), "%s", s->error);
	else
		snprintf(app->summary, sizeof(app->summary),
		    "rows=%d moved=%d emptied=%d tokens=%d reads=%d writes=%d "
		    "again=%d bytes=%" PRId64 "%s",
		    s->batch.rows, s->moved, s->blanked, n.tokens, n.reads,
		    n.writes, n.again, n.bytes,
		    app->with_accounts ? "" : " accounts=left");
}

static enum sheets_result
fill(struct app *app)
{
	const struct config *c = &app->config;
	struct google_options opt = {.api_base = c->sheets_api_base,
	    .proxy = c->proxy_url,
	    .spreadsheet = c->sheets_spreadsheet_id,
	    .state_dir = c->state_dir,
	    .ca = getenv("SSL_CERT_FILE"),
	    .wait_max_ms = (int)(app->opt.wait_max_s * 1000),
	    .answer_ms = (int)(app->opt.answer_s * 1000),
	    .until_mono_ms = clock_mono_ms() + LIFE_S * 1000};
	struct sheets s = {.dry = app->opt.dry,
	    .full = app->opt.full,
	    .with_accounts = app->with_accounts,
	    .ledger = app->ledger,
	    .source = &app->source,
	    .google = google_new(&opt, &app->key)};
	enum sheets_result rc;

	sync_init(&s, c->sheets_spreadsheet_id, c->sheets_api_base);
	rc = sync_run(&s);
	summarize(app, &s, rc);
	sync_done(&s);
	google_free(s.google);
	return rc;
}

static enum exit_code
work(struct app *app)
{
	const char *why;
	char *shown;

	app->ledger = ledger_open(config_ledger(&app->config),
	    app->opt.dry ? LEDGER_READ : LEDGER_WRITE);
	if (ledger_state(app->ledger) != LEDGER_OK ||
	    source_open(&app->source, app->ledger) == -1) {
		why = ledger_error(app->ledger);
		shown = ledger_shown(config_ledger(&app->config));
		snprintf(app->summary, sizeof(app->summary), "ledger: %s: %s",
		    shown, why != NULL ? why : "no answer");
		free(shown);
		return ledger_state(app->ledger) == LEDGER_UNREACHABLE
			   ? EXIT_LATER
			   : EXIT_PERSON;
	}
	read_live(app);
	app->source.live = &app->live;
	app->source.now_utc_ms = clock_utc_ms();
	switch (fill(app)) {
	case SHEETS_LATER:
		return EXIT_LATER;
	case SHEETS_PERSON:
		return EXIT_PERSON;
	case SHEETS_DONE:
		break;
	}
	return app->with_accounts ? EXIT_WRITTEN : EXIT_NO_LIVE;
}

static void
note(struct app *app, enum exit_code code)
{
	int64_t now = clock_utc_ms();
	struct ledger_job_run run = {.job = "sheets",
	    .started_utc_ms = app->started_utc_ms,
	    .finished_utc_ms = now,
	    .exit_code = code,
	    .summary = app->summary};

	if (code == EXIT_PERSON || code == EXIT_LATER)
		log_error("%s", app->summary);
	else
		log_info("%s took_ms=%" PRId64, app->summary,
		    now - app->started_utc_ms);
	if (!app->opt.dry && ledger_state(app->ledger) == LEDGER_OK &&
	    ledger_job_run_put(app->ledger, &run) != LEDGER_OK)
		log_warnx(
		    "the run is not noted: %s", ledger_error(app->ledger));
}

static int
run(struct app *app)
{
	enum exit_code code;

	alarm(LIFE_S + 2 * ANSWER_S); /* whatever happens */
	code = work(app);
	note(app, code);
	return (int)code;
}

static void
clean_up(struct app *app)
{
	source_close(&app->source);
	live_done(&app->live);
	cache_close(app->cache);
	ledger_close(app->ledger);
	key_done(&app->key);
	config_done(&app->config);
}

int
main(int argc, char *argv[])
{
	struct program p = {.name = "sheets",
	    .title = "mt5fleet sheets",
	    .usage = usage,
	    .settings = true,
	    .bad_option = EXIT_PERSON};
	struct app app = {
	    .opt = {.wait_max_s = WAIT_MAX_S, .answer_s = ANSWER_S}};
	const struct program_option own[] = {
	    {.name = "dry-run", .flag = &app.opt.dry},
	    {.name = "full", .flag = &app.opt.full},
	    {.name = "max-wait",
		.read = read_seconds,
		.arg = &app.opt.wait_max_s},
	    {.name = "timeout", .read = read_seconds, .arg = &app.opt.answer_s},
	    {.name = NULL},
	};
	int rc;

	if (!program_begin(&p, own, argc, argv, &rc))
		return rc;
	signal(SIGPIPE, SIG_IGN);
	app.started_utc_ms = clock_utc_ms();
	if ((rc = configure(&app, &p)) == 1)
		rc = program_run(&p, &app.config, run, &app);
	else
		rc = rc == 0 ? EXIT_WRITTEN : EXIT_PERSON;
	clean_up(&app);
	return rc;
}

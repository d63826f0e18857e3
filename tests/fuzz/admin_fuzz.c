/*
 * admin_fuzz.c: the bodies of every request that admin.fcgi takes, by an
 * administrator. A seed's first line is method and URI, its second the content
 * type; the rest is the body. Ledger and settings lie in a folder of their own;
 * Redis and the agents are away.
 */
#include "cgi-bin/admin/app.h"
#include "cgi-bin/admin/routes.h"
#include "lib/base/log.h"
#include "lib/base/utf8.h"
#include "lib/json/jsonin.h"
#include "lib/ledger/history.h"
#include "lib/web/answer.h"
#include "tests/fuzz/fuzz.h"

struct asked {
	char *method, *uri, *type;
	const char *body;
	char length[24];
	struct buf got;
};

static struct app app;
static char folder[] = "/tmp/mt5fleet-fuzz.XXXXXX";

static void
must(bool good)
{
	if (!good)
		abort();
}

static const char *
get_var(void *arg, const char *name)
{
	const struct asked *a = arg;

	if (strcmp(name, "REQUEST_METHOD") == 0)
		return a->method;
	if (strcmp(name, "REQUEST_URI") == 0)
		return a->uri;
	if (strcmp(name, "CONTENT_TYPE") == 0)
		return a->type;
	return strcmp(name, "CONTENT_LENGTH") == 0 ? a->length : NULL;
}

static ssize_t
get_body(void *arg, char *data, size_t len)
{
	struct asked *a = arg;
	size_t n = strnlen(a->body, len);

	memcpy(data, a->body, n);
	a->body += n;
	return (ssize_t)n;
}

static int
put_answer(void *arg, const char *data, size_t len)
{
	struct asked *a = arg;

	return buf_add(&a->got, data, len);
}

static int
an_administrator(struct app *a, struct request *req)
{
	(void)a;
	req->user.role = WEB_ADMIN;
	req->user.bearer = true;
	strcpy(req->user.name, "fuzz");
	return 0;
}

static void
sweep(void)
{
	char *command = mem_printf("rm -rf %s", folder);

	ledger_close(app.ledger);
	fleet_done(&app.fleet);
	cache_close(app.cache);
	config_done(&app.config);
	if (system(command) != 0)
		fprintf(stderr, "%s is left\n", folder);
	free(command);
}

static void
prepare(void)
{
	const struct ledger_seen seen = {.server = "S",
	    .login = 1,
	    .node = "vps01",
	    .currency = "USD",
	    .currency_digits = 2,
	    .trade_mode = 2,
	    .margin_mode = 2,
	    .leverage = 100};
	char *path, *text, *error = NULL;
	int64_t id;

	must(mkdtemp(folder) != NULL);
	atexit(sweep);
	path = mem_printf("%s/settings", folder);
	text = mem_printf("LEDGER_FILE=%s/ledger.db\nNODES_FILE=%s/nodes.json\n"
			  "ALERTS_FILE=%s/alerts.json\nSTATE_DIR=%s\n"
			  "REDIS_URL=unix:%s/redis.sock\n",
	    folder, folder, folder, folder, folder);
	must(file_write(path, text, strlen(text), 0600) == 0);
	free(text);
	must(config_load(&app.config, path) == 0);
	free(path);
	log_init("fuzz", LOG_LEVEL_ERROR);
	app.cache = cache_open(&app.config, &error);
	must(app.cache != NULL);
	fleet_refresh(&app.fleet, &app.config);
	must(ledger_account_seen(app_ledger(&app), &seen, &id) == LEDGER_OK);
}

/* An answer has a status, and what is called JSON is. */
static void
check(const struct buf *got)
{
	const char *body =
	    got->data != NULL ? strstr(got->data, "\r\n\r\n") : NULL;
	cJSON *doc;

	must(body != NULL && strncmp(got->data, "Status: ", 8) == 0);
	must(strncmp(got->data + 8, "500", 3) != 0);
	body += 4;
	if (*body == '\0' ||
	    strstr(got->data, "Content-Type: application/json") == NULL)
		return;
	doc = jsonin_parse(body, got->len - (size_t)(body - got->data));
	must(doc != NULL);
	cJSON_Delete(doc);
}

static void
fuzz_one(const char *text, size_t len)
{
	const struct web w = {.app = &app,
	    .routes = routes,
	    .routes_len = routes_len,
	    .authenticate = an_administrator};
	struct asked a = {.body = ""};
	const struct web_io io = {get_var, get_body, put_answer, &a};
	char *copy = mem_new(len + 1, 1), *rest = copy, *line;

	if (app.cache == NULL)
		prepare();
	memcpy(copy, text, len);
	line = strsep(&rest, "\n");
	a.method = strsep(&line, " ");
	a.uri = line != NULL ? line : copy + len;
	a.type = rest != NULL ? strsep(&rest, "\n") : copy + len;
	if (rest != NULL)
		a.body = rest;
	snprintf(a.length, sizeof(a.length), "%zu", strlen(a.body));
	buf_init(&a.got, 16u << 20);
	must(web_answer(&w, &io) == 0);
	check(&a.got);
	buf_done(&a.got);
	free(copy);
}

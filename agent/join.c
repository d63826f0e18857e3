/*
 * join.c: mt5fleet-agent join: puts the agent in place, and tells the
 * coordinator how it is reached, by the token that the coordinator gave out.
 *
 * All that is fetched comes from the site whose key the line names. It is
 * fetched into the current folder, where join.sh or the line of Windows has put
 * this program. With --dir all of the agent stays in that folder, and nothing
 * is installed.
 */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/app.h"
#include "agent/bridge_copy.h"
#include "agent/init.h"
#include "agent/join.h"
#include "agent/pinned.h"
#include "agent/platform.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "lib/program/program.h"

#define ANSWER_MAX ((size_t)256 * 1024)
#define FILE_MAX ((size_t)4 * 1024 * 1024)
#define PEM_MAX ((size_t)65536)
#define JSON_MAX ((size_t)128 * 1024)

static const char usage[] =
    "usage: mt5fleet-agent join --site URL --fingerprint PIN [options]\n"
    "Makes this machine a node of the coordinator at URL (docs/nodes.md).\n"
    "  --fingerprint PIN    of its key, sha256//…; nobody else is trusted\n"
    "  --token TOKEN        of the join; else MT5FLEET_JOIN in the "
    "environment\n"
    "  --address ADDRESS    by which the coordinator reaches this machine\n"
    "                       (where it sees this machine come from)\n"
    "  --coordinator ADDRESS  whom the firewall lets in (the site's)\n"
    "  --port PORT          of the agent (8000)\n"
    "  --user NAME          who runs the terminals, --common DIR their\n"
    "                       Common/Files (both are found by themselves)\n"
    "  --dir DIR            all into that folder, nothing is installed\n"
    "  -c FILE              an agent that is in place already: its settings\n";

struct joining {
	struct pinned site;
	const char *url, *pin, *token;
	const char *address, *coordinator, *user, *common, *dir;
	int port;
	char own_address[PLATFORM_PEER_SIZE];
	char site_address[PLATFORM_PEER_SIZE];
};

static int
say(const struct joining *j)
{
	log_error("%s", j->site.error);
	return -1;
}

/* The answer's body, for the caller to free; NULL was logged. */
static char *
get(struct joining *j, const char *path, size_t max, size_t *len)
{
	struct buf body;
	char *text = NULL;
	int status;

	buf_init(&body, max);
	status = pinned_request(&j->site, path, NULL, &body);
	if (status == -1)
		say(j);
	else if (status != 200)
		log_error("%s%s: HTTP %d", j->url, path, status);
	else {
		if (len != NULL)
			*len = body.len;
		text = body.len > 0 ? buf_take(&body) : mem_strdup("");
	}
	buf_done(&body);
	return text;
}

/* Where the coordinator sees us, and we the coordinator. */
static int
find_addresses(struct joining *j)
{
	char *text = get(j, "/join/address", ANSWER_MAX, NULL);
	cJSON *doc = text != NULL ? jsonin_parse(text, strlen(text)) : NULL;
	const char *address;
	int rc = -1;

	if (text == NULL)
		;
	else if (!jsonin_string(doc, "address", &address) ||
		 strlen(address) >= sizeof(j->own_address))
		log_error("%s: no coordinator of mt5fleet answers", j->url);
	else {
		snprintf(j->own_address, sizeof(j->own_address), "%s", address);
		memcpy(j->site_address, j->site.peer, sizeof(j->site_address));
		if (j->address == NULL)
			j->address = j->own_address;
		if (j->coordinator == NULL)
			j->coordinator = j->site_address;
		rc = 0;
	}
	cJSON_Delete(doc);
	free(text);
	return rc;
}

/* ---- what else is needed ---- */

static bool
is_file_name(const char *name)
{
	if (strncmp(name, "bridge/", 7) == 0)
		name += 7;
	return *name != '\0' && *name != '.' &&
	       strspn(name,
		   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		   "0123456789._-") == strlen(name);
}

static int
fetch_file(struct joining *j, const char *name)
{
	char *path = mem_printf("/join/%s", name), *text;
	size_t len = 0;
	int rc = -1;

	if (!is_file_name(name))
		log_error("%s: not a file's name: \"%.100s\"", j->url, name);
	else if ((text = get(j, path, FILE_MAX, &len)) != NULL) {
		if ((rc = file_write(name, text, len, 0644)) == -1)
			log_error("%s: %s", name, strerror(errno));
		free(text);
	}
	free(path);
	return rc;
}

/* All that the site's list names, into the current folder. */
static int
fetch_files(struct joining *j)
{
	char *list = get(j, "/join/files", ANSWER_MAX, NULL), *rest = list;
	char *name;
	int rc = list != NULL ? 0 : -1;

	if (rc == 0 && mkdir("bridge", 0755) == -1 && errno != EEXIST) {
		log_error("bridge: %s", strerror(errno));
		rc = -1;
	}
	while (rc == 0 && (name = strsep(&rest, "\r\n")) != NULL)
		if (*name != '\0')
			rc = fetch_file(j, name);
	free(list);
	return rc;
}

/* ---- in place ---- */

static int
write_settings(const struct joining *j, const char *file)
{
	char *common =
	    j->common != NULL ? mem_strdup(j->common) : platform_common();
	char host[AGENT_NAME_SIZE], *text;
	struct stamp stamp;
	int rc = -1;

	platform_hostname(host, sizeof(host));
	if (platform_stamp(file, &stamp) == 0)
		rc = 0;
	else if (common == NULL)
		log_error("--common is missing: the terminals' Common/Files");
	else {
		text = mem_printf("AGENT_NAME=%s\nAGENT_HOST=0.0.0.0\n"
				  "AGENT_PORT=%d\nAGENT_COMMON=%s\n"
				  "AGENT_TOKEN_FILE=%s/token\n"
				  "AGENT_CERT_FILE=%s/cert.pem\n"
				  "AGENT_KEY_FILE=%s/key.pem\n",
		    host, j->port, common, j->dir, j->dir, j->dir);
		if ((rc = file_write(file, text, strlen(text), 0600)) == -1)
			log_error("%s: %s", file, strerror(errno));
		free(text);
	}
	free(common);
	return rc;
}

static int
install(const struct joining *j)
{
	const char *words[16];
	char port[8];
	int n = 0;

	if (!platform_is_privileged()) {
		log_error("this needs root (an administrator); or --dir DIR");
		return -1;
	}
	snprintf(port, sizeof(port), "%d", j->port);
	words[n++] = "--quiet";
	words[n++] = "--port";
	words[n++] = port;
	words[n++] = "--coordinator";
	words[n++] = j->coordinator;
	if (j->user != NULL) {
		words[n++] = "--user";
		words[n++] = j->user;
	}
	if (j->common != NULL) {
		words[n++] = "--common";
		words[n++] = j->common;
	}
	words[n++] = j->address;
	words[n] = NULL;
	if (platform_install(words) == 0)
		return 0;
	log_error("the agent was not installed (above)");
	return -1;
}

/* ---- the word to the coordinator ---- */

/* As the coordinator shows it, "AB:CD:…". */
static void
show_fingerprint(const char *pem)
{
	const gnutls_datum_t text = {
	    (unsigned char *)(uintptr_t)pem, (unsigned)strlen(pem)};
	unsigned char hash[32];
	size_t size = sizeof(hash);
	gnutls_x509_crt_t crt = NULL;

	if (gnutls_x509_crt_init(&crt) < 0)
		return;
	if (gnutls_x509_crt_import(crt, &text, GNUTLS_X509_FMT_PEM) >= 0 &&
	    gnutls_x509_crt_get_fingerprint(
		crt, GNUTLS_DIG_SHA256, hash, &size) >= 0)
		for (size_t i = 0; i < size; i++)
			printf("%02X%s", hash[i], i + 1 < size ? ":" : "\n");
	gnutls_x509_crt_deinit(crt);
}

static char *
make_word(const struct joining *j, const struct config *c, const char *pem)
{
	bool v6 = strchr(j->address, ':') != NULL;
	char *url = mem_printf("https://%s%s%s:%d", v6 ? "[" : "", j->address,
	    v6 ? "]" : "", c->agent_port);
	struct json json;
	char *text;

	json_init(&json, JSON_MAX);
	json_object(&json, NULL);
	json_string(&json, "token", j->token);
	json_string(&json, "url", url);
	json_string(&json, "certificate", pem);
	json_string(&json, "agent_token", c->agent_token);
	json_end(&json);
	text = mem_strdup(json_text(&json, NULL));
	json_done(&json);
	free(url);
	return text;
}

static void
say_refusal(int status, const struct buf *body)
{
	cJSON *doc =
	    jsonin_parse(body->data != NULL ? body->data : "", body->len);
	const char *message = NULL;

	(void)jsonin_string(jsonin_object(doc, "error"), "message", &message);
	log_error("the coordinator refused: HTTP %d: %s", status,
	    message != NULL ? message : "(no reason)");
	cJSON_Delete(doc);
}

static int
send_word(struct joining *j, const struct config *c)
{
	char *pem = file_read(c->agent_cert_file, PEM_MAX, NULL), *word;
	struct buf body;
	int status, rc = -1;

	if (pem == NULL) {
		log_error("%s: %s", c->agent_cert_file, strerror(errno));
		return -1;
	}
	word = make_word(j, c, pem);
	buf_init(&body, ANSWER_MAX);
	status = pinned_request(&j->site, "/join", word, &body);
	if (status == -1)
		say(j);
	else if (status != 200)
		say_refusal(status, &body);
	else {
		printf("The coordinator knows of this machine. Approve it "
		       "there (Nodes) if it shows this fingerprint:\n\n  ");
		show_fingerprint(pem);
		rc = 0;
	}
	buf_done(&body);
	gnutls_memset(word, 0, strlen(word));
	free(word);
	free(pem);
	return rc;
}

static void
say_rest(const struct joining *j, int terminals, const char *settings)
{
	if (j->dir != NULL)
		printf("\nStart the agent:  %s/mt5fleet-agent -c %s\n", j->dir,
		    settings);
	if (terminals != 0)
		printf("\nThe bridge's sources are in the terminals. In each: "
		       "F4, Services > mt5fleet > Mt5FleetService.mq5, F7; "
		       "then Navigator > Services: add it and start it.\n");
	else
		printf("\nNo terminal's data folder was found: the bridge "
		       "goes into each by hand (docs/bridge.md).\n");
}

static int
join(struct joining *j, const char *settings)
{
	char *own = NULL, *address;
	struct config c = {.error = NULL};
	int terminals = 0, rc = -1;

	if (find_addresses(j) == -1 ||
	    (settings == NULL && fetch_files(j) == -1))
		return -1;
	if (settings == NULL && j->dir != NULL) {
		own = mem_printf("%s/agent.env", j->dir);
		settings = own;
		if (write_settings(j, settings) == -1)
			goto out;
	} else if (settings == NULL) {
		if (install(j) == -1)
			goto out;
		settings = platform_settings();
	}
	address = mem_strdup(j->address);
	rc = init_prepare(settings, &address, 1, &c);
	free(address);
	if (rc == 0 && *c.agent_common == '\0') {
		free(c.agent_common);
		if ((c.agent_common = platform_common()) == NULL)
			c.agent_common = mem_strdup("");
	}
	/* installed, its installer did that as the terminals' user */
	if (rc == 0 && j->dir != NULL)
		terminals = bridge_copy(&c, "bridge");
	else
		terminals = -1;
	if (rc == 0)
		rc = send_word(j, &c);
	if (rc == 0)
		say_rest(j, terminals, settings);
	config_done(&c);
out:
	free(own);
	return rc;
}

/* An absolute path, and the current folder from now on. */
static int
enter(struct joining *j, char **path)
{
	if (j->dir == NULL)
		return 0;
	if ((mkdir(j->dir, 0700) == -1 && errno != EEXIST) ||
	    chdir(j->dir) == -1) {
		log_error("--dir: %s: %s", j->dir, strerror(errno));
		return -1;
	}
	*path = platform_real_path(".");
	j->dir = *path;
	return 0;
}

int
join_main(int argc, char **argv)
{
	struct joining j = {.port = 8000};
	const struct program_option own[] = {{.name = "site", .text = &j.url},
	    {.name = "fingerprint", .text = &j.pin},
	    {.name = "token", .text = &j.token},
	    {.name = "address", .text = &j.address},
	    {.name = "coordinator", .text = &j.coordinator},
	    {.name = "user", .text = &j.user},
	    {.name = "common", .text = &j.common},
	    {.name = "dir", .text = &j.dir},
	    {.name = "port", .number = &j.port, .min = 1, .max = 65535},
	    {.name = NULL}};
	struct program p = {.name = "agent",
	    .title = "mt5fleet-agent join",
	    .usage = usage,
	    .file = true,
	    .bad_option = 2};
	char *dir = NULL;
	int rc;

	if (!program_begin(&p, own, argc, argv, &rc))
		return rc;
	if (j.token == NULL)
		j.token = getenv("MT5FLEET_JOIN");
	if (j.url == NULL || j.pin == NULL || j.token == NULL ||
	    *j.token == '\0') {
		log_error("--site, --fingerprint and a token are needed");
		fputs(usage, stderr);
		return 2;
	}
	rc = pinned_init(&j.site, j.url, j.pin);
	if (rc == -1)
		say(&j);
	else if ((rc = enter(&j, &dir)) == 0)
		rc = join(&j, p.config_file);
	pinned_done(&j.site);
	free(dir);
	return rc == 0 ? 0 : 1;
}

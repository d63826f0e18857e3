/*
 * GET /join/address: {"address"}: where the one who asks comes from; it is what
 * the coordinator calls an agent there by.
 * POST /join: {"token", "url", "certificate", "agent_token"}: the machine that
 * was invited by that token says how its agent is reached. Without a session:
 * the token is good once. An admin decides what becomes of it (nodes.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/app.h"
#include "lib/base/cert.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/sha256.h"
#include "lib/fleet/nodes.h"
#include "lib/json/jsonin.h"
#include "lib/redis/keys.h"

#define TRIES 20 /* of an address, in TRIES_TTL_S */
#define TRIES_TTL_S 600
#define BODY_MAX ((size_t)32 * 1024)
#define URL_MAX 300
#define TOKEN_MIN 32
#define TOKEN_MAX 256

void
join_address_get(
    struct app *app, const struct request *req, struct response *res)
{
	(void)app;
	json_object(&res->json, NULL);
	json_string(&res->json, "address", req->remote);
	json_end(&res->json);
}

static bool
may_try(struct app *app, const struct request *req, struct response *res)
{
	char *key = mem_printf(KEY_LOGIN "join:%s", req->remote);
	int64_t n = 0;
	int rc = cache_count(app->cache, key, TRIES_TTL_S, &n);

	free(key);
	if (rc == -1) {
		app_cache_failed(app, res);
		return false;
	}
	if (n <= TRIES)
		return true;
	response_header(res, "Retry-After", "600");
	response_error(res, 429, "too_many",
	    "too many attempts; try again in ten minutes");
	return false;
}

/* What is said of the agent; false: 400 is answered. */
static bool
read_agent(const cJSON *doc, struct ledger_join *j, struct cert *cert,
    struct response *res)
{
	const char *wrong = NULL;

	if (!jsonin_string(doc, "url", &j->url) ||
	    strncmp(j->url, "https://", 8) != 0 || strlen(j->url) > URL_MAX ||
	    !nodes_url_is_good(j->url))
		wrong = "url: not https://host:port of an agent";
	else if (!jsonin_string(doc, "agent_token", &j->token) ||
		 strlen(j->token) < TOKEN_MIN || strlen(j->token) > TOKEN_MAX ||
		 !nodes_token_is_good(j->token))
		wrong = "agent_token: not 32 to 256 visible characters";
	else if (!jsonin_string(doc, "certificate", &j->certificate) ||
		 cert_read(j->certificate, strlen(j->certificate), cert) == -1)
		wrong = "certificate: not one certificate in PEM";
	if (wrong == NULL)
		return true;
	response_error(res, 400, "bad_request", "%s", wrong);
	return false;
}

struct known {
	bool found, used;
	char *name;
};

static int
take_known(const struct ledger_join *j, void *arg)
{
	struct known *k = arg;

	k->found = true;
	k->used = j->came_utc_ms != 0;
	k->name = mem_strdup(j->name);
	return 0;
}

static void
refuse(const struct request *req, const struct known *k, struct response *res)
{
	log_info("join refused from=%s: token %s", req->remote,
	    !k->found ? "unknown"
	    : k->used ? "used"
		      : "expired");
	response_error(res, 403, "join_refused",
	    "this join token %s; make another one: mt5fleet node add NAME",
	    !k->found ? "is not known"
	    : k->used ? "was used already"
		      : "has expired: it is good for an hour");
}

static void
come(struct app *app, const struct request *req, struct ledger_join *j,
    const struct cert *cert, struct response *res)
{
	const struct ledger_actor actor = {
	    .who = "join", .at_utc_ms = j->came_utc_ms};
	struct ledger *l = app_ledger(app);
	struct known known = {.found = false};
	char *what;
	enum ledger_result r =
	    ledger_join_find(l, j->digest, take_known, &known);

	if (r == LEDGER_OK) {
		what = mem_printf("%s from %s: %s %s", known.name, req->remote,
		    j->url, cert->fingerprint);
		r = ledger_join_come(l, j, what, &actor);
		free(what);
	}
	if (r == LEDGER_NOT_FOUND)
		refuse(req, &known, res);
	else if (r != LEDGER_OK)
		app_ledger_failed(app, r, res);
	else {
		log_info("join node=%s from=%s", known.name, req->remote);
		json_object(&res->json, NULL);
		json_string(&res->json, "node", known.name);
		json_string(&res->json, "fingerprint", cert->fingerprint);
		json_string(&res->json, "state", "waiting");
		json_end(&res->json);
	}
	free(known.name);
}

void
join_post(struct app *app, const struct request *req, struct response *res)
{
	char digest[SHA256_HEX_SIZE];
	struct ledger_join j = {.digest = digest,
	    .came_utc_ms = clock_utc_ms(),
	    .address = req->remote};
	const char *token;
	struct cert cert;
	cJSON *doc;

	if (!may_try(app, req, res))
		return;
	if (req->body_len > BODY_MAX) {
		response_error(res, 413, "too_large",
		    "a join has %zu bytes at most", BODY_MAX);
		return;
	}
	doc = jsonin_parse(req->body, req->body_len);
	if (!jsonin_string(doc, "token", &token) || *token == '\0')
		response_error(res, 400, "bad_request",
		    "a JSON object with token, url, certificate and "
		    "agent_token is needed");
	else if (read_agent(doc, &j, &cert, res)) {
		sha256_hex(token, strlen(token), digest);
		come(app, req, &j, &cert, res);
	}
	cJSON_Delete(doc);
}

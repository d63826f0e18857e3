/*
 * node_rotate.c: another token and another certificate for a node's agent.
 *
 *   POST /identity           the agent makes both, and accepts both tokens
 *   nodes.json               the new token; in the file both certificates
 *   POST /identity/confirm   by the new token: the agent shows the new
 *                            certificate, and forgets the old token in a while
 *   the file                 the new certificate alone
 *
 * No poll fails at any of these moments, and after a failure at any of them
 * the node is polled as before. The agent gives the same new ones when it is
 * asked again, so doing it again goes on from there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cert.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/fleet/node_change_own.h"
#include "lib/fleet/nodes.h"
#include "lib/http/fetch.h"

#define ANSWER_MAX ((size_t)128 * 1024)

struct rotation {
	struct node_change *c;
	const char *id, *url;
	char *ca;    /* path */
	char *token; /* new */
	char *certificate;
	bool confirmed;
};

static void
take_identity(void *arg, const struct fetch_answer *a)
{
	struct rotation *r = arg;
	cJSON *doc = a->error == NULL ? jsonin_parse(a->body, a->len) : NULL;
	const char *token, *certificate;
	struct cert cert;

	if (a->code == 404 || a->code == 405)
		node_change_refuse(r->c, false,
		    "its agent cannot do that: it is older than this version");
	else if (a->error != NULL)
		node_change_refuse(r->c, false, "its agent: %s", a->error);
	else if (!jsonin_string(doc, "token", &token) || strlen(token) < 16 ||
		 !nodes_token_is_good(token) ||
		 !jsonin_string(doc, "certificate", &certificate) ||
		 cert_read(certificate, strlen(certificate), &cert) == -1)
		node_change_refuse(
		    r->c, false, "its agent gives no token and certificate");
	else {
		r->token = mem_strdup(token);
		r->certificate = mem_strdup(certificate);
	}
	cJSON_Delete(doc);
}

static void
take_confirmation(void *arg, const struct fetch_answer *a)
{
	struct rotation *r = arg;

	r->confirmed = a->error == NULL;
	if (!r->confirmed)
		node_change_refuse(r->c, false,
		    "nodes.json has the new token, its agent does not confirm "
		    "it: %s; rotate again",
		    a->error);
}

static void
ask(const struct rotation *r, const char *path, const char *token,
    fetch_done *done)
{
	char *url = mem_printf("%s%s", r->url, path);
	const struct fetch_request request = {.method = "POST",
	    .url = url,
	    .token = token,
	    .ca = r->ca,
	    .pinned = true,
	    .body = "",
	    .connect_ms = 4000,
	    .total_ms = r->c->config->agent_timeout_s * 1000,
	    .max = ANSWER_MAX};

	fetch_now(&request, done, (void *)(uintptr_t)r);
	free(url);
}

/* The file of its certificates, "<id>.pem". */
static int
write_certificates(struct rotation *r, const char *before)
{
	char *name = mem_printf("%s.pem", r->id);
	char *path = node_change_beside(r->c, name);
	char *text = mem_printf("%s%s", before, r->certificate);
	int rc = 0;

	if (file_write(path, text, strlen(text), 0644) == -1)
		rc = node_change_refuse(
		    r->c, false, "%s: %s", path, strerror(errno));
	free(text);
	free(path);
	free(name);
	return rc;
}

/* What is there, and what is new where that is not there yet. */
static int
write_both(struct rotation *r)
{
	size_t len;
	char *old = file_read(r->ca, NODE_CERT_MAX, &len), *pins = NULL;
	struct cert cert;
	int rc;

	cert_read(r->certificate, strlen(r->certificate), &cert);
	if (old != NULL)
		pins = cert_pins(old, len);
	if (pins == NULL)
		rc = node_change_refuse(
		    r->c, false, "%s: no certificate", r->ca);
	else if (strstr(pins, cert.pin) != NULL)
		rc = 0;
	else
		rc = write_certificates(r, old);
	free(pins);
	free(old);
	return rc;
}

static int
rotate(struct rotation *r, struct nodes_edit *e, cJSON *node,
    const char *old_token)
{
	char *file = mem_printf("%s.pem", r->id);
	int rc = -1;

	ask(r, "/identity", old_token, take_identity);
	if (r->token != NULL && write_both(r) == 0) {
		nodes_edit_text(node, "token", r->token);
		nodes_edit_text(node, "ca", file);
		free(r->ca);
		r->ca = node_change_beside(r->c, file);
		rc = node_change_save(r->c, e, "rotate", r->id);
	}
	if (rc == 0) {
		ask(r, "/identity/confirm", r->token, take_confirmation);
		rc = r->confirmed ? write_certificates(r, "") : -1;
	}
	free(file);
	return rc;
}

int
node_change_rotate(struct node_change *c, const char *id)
{
	struct rotation r = {.c = c, .id = id};
	struct nodes_edit e;
	const char *token, *ca;
	bool signs = false;
	int rc = -1;
	cJSON *o;

	if (node_change_open(c, &e) == 0 &&
	    (o = node_change_find(c, &e, id)) != NULL) {
		(void)jsonin_bool(o, "ca_signs", &signs);
		if (!jsonin_string(o, "token", &token) ||
		    !jsonin_string(o, "ca", &ca) ||
		    !jsonin_string(o, "url", &r.url) || signs)
			node_change_refuse(c, true,
			    "\"%s\" has no token and certificate of its own",
			    id);
		else {
			char *old = mem_strdup(token);
			char *url = mem_strdup(r.url);

			r.url = url;
			r.ca = *ca == '/' ? mem_strdup(ca)
					  : node_change_beside(c, ca);
			rc = rotate(&r, &e, o, old);
			free(old);
			free(url);
		}
	}
	nodes_edit_close(&e);
	if (r.token != NULL)
		explicit_bzero(r.token, strlen(r.token));
	free(r.token);
	free(r.certificate);
	free(r.ca);
	return rc;
}

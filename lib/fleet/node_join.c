/* node_join.c: machines that join: invited, looked at, taken or not. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/cert.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/base/sha256.h"
#include "lib/fleet/node_change_own.h"
#include "lib/fleet/nodes.h"

#define NOTE_MAX 200

/* Is there no node of that name yet, and could there be one? */
static int
check_name(struct node_change *c, const char *name)
{
	struct nodes_edit e;
	int rc = -1;

	if (!nodes_id_is_good(name))
		return node_change_refuse(c, true,
		    "not a node's name (1 to 64 letters, digits, . _ -): "
		    "\"%.80s\"",
		    name);
	if (node_change_open(c, &e) == 0) {
		if (nodes_edit_find(&e, name) != NULL)
			node_change_refuse(c, true,
			    "there is a node \"%s\" already: remove it first, "
			    "or rotate what it has",
			    name);
		else
			rc = 0;
	}
	nodes_edit_close(&e);
	return rc;
}

int
node_change_invite(struct node_change *c, const char *name, const char *note,
    char token[NODE_JOIN_TOKEN_SIZE])
{
	unsigned char bytes[32];
	char digest[SHA256_HEX_SIZE];
	struct ledger_join j = {.name = name,
	    .digest = digest,
	    .note = note != NULL && *note != '\0' ? note : NULL,
	    .who = c->actor.who,
	    .created_utc_ms = c->actor.at_utc_ms,
	    .expires_utc_ms = c->actor.at_utc_ms + NODE_JOIN_S * INT64_C(1000)};
	enum ledger_result r;

	if (check_name(c, name) == -1)
		return -1;
	if (j.note != NULL && strlen(j.note) > NOTE_MAX)
		return node_change_refuse(
		    c, true, "the note is longer than %d bytes", NOTE_MAX);
	if (getentropy(bytes, sizeof(bytes)) == -1)
		return node_change_refuse(
		    c, false, "no random bytes: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(token + 2 * i, 3, "%02x", bytes[i]);
	sha256_hex(token, strlen(token), digest);
	r = ledger_join_add(c->ledger, &j, &c->actor);
	if (r == LEDGER_CONFLICT)
		return node_change_refuse(c, true,
		    "a machine came as \"%s\" and waits: approve or reject it "
		    "first",
		    name);
	return node_change_ledger(c, r);
}

/* A copy of what came. */
struct came {
	bool found, came;
	char *url, *certificate, *token, *note;
};

static char *
copy(const char *text)
{
	return text != NULL ? mem_strdup(text) : NULL;
}

static int
take_join(const struct ledger_join *j, void *arg)
{
	struct came *came = arg;

	came->found = true;
	came->came = j->came_utc_ms != 0;
	came->url = copy(j->url);
	came->certificate = copy(j->certificate);
	came->token = copy(j->token);
	came->note = copy(j->note);
	return 0;
}

static void
came_done(struct came *came)
{
	if (came->token != NULL)
		explicit_bzero(came->token, strlen(came->token));
	free(came->url);
	free(came->certificate);
	free(came->token);
	free(came->note);
}

/* 0: it is there; who decides has seen that certificate. */
static int
look(struct node_change *c, const char *name, const char *fingerprint,
    struct came *came)
{
	enum ledger_result r =
	    ledger_join_get(c->ledger, name, take_join, came);
	struct cert cert;

	if (r != LEDGER_OK && r != LEDGER_NOT_FOUND)
		return node_change_ledger(c, r);
	if (!came->found || !came->came)
		return node_change_refuse(
		    c, true, "no machine came as \"%.80s\"", name);
	if (cert_read(came->certificate, strlen(came->certificate), &cert) ==
	    -1)
		return node_change_refuse(
		    c, false, "its certificate cannot be read");
	if (strcasecmp(cert.fingerprint, fingerprint) != 0)
		return node_change_refuse(c, true,
		    "the fingerprint of the machine that came is another: %s",
		    cert.fingerprint);
	return 0;
}

/* The certificate first: nodes.json never names one that is not there. */
static int
enter(struct node_change *c, struct nodes_edit *e, const char *name,
    const struct came *came)
{
	char *file = mem_printf("%s.pem", name);
	char *path = node_change_beside(c, file);
	cJSON *o = cJSON_CreateObject();
	int rc = 0;

	nodes_edit_text(o, "id", name);
	nodes_edit_text(o, "url", came->url);
	nodes_edit_text(o, "token", came->token);
	nodes_edit_text(o, "ca", file);
	if (came->note != NULL)
		nodes_edit_text(o, "note", came->note);
	cJSON_AddItemToArray(e->doc, o);
	if (nodes_edit_check(e) == -1)
		rc = node_change_refuse(c, e->wrong, "%s", e->error);
	else if (file_write(path, came->certificate, strlen(came->certificate),
		     0644) == -1)
		rc = node_change_refuse(
		    c, false, "%s: %s", path, strerror(errno));
	else if ((rc = node_change_save(c, e, "approve", name)) == -1)
		unlink(path);
	free(path);
	free(file);
	return rc;
}

int
node_change_approve(
    struct node_change *c, const char *name, const char *fingerprint)
{
	struct nodes_edit e = {.lock.fd = -1};
	struct came came = {.found = false};
	int rc = -1;

	if (look(c, name, fingerprint, &came) == 0 &&
	    node_change_open(c, &e) == 0)
		rc = enter(c, &e, name, &came);
	/* of the agent's token no second copy stays */
	if (rc == 0)
		rc = node_change_ledger(c, ledger_join_remove(c->ledger, name));
	nodes_edit_close(&e);
	came_done(&came);
	return rc;
}

int
node_change_reject(struct node_change *c, const char *name)
{
	struct came came = {.found = false};
	enum ledger_result r =
	    ledger_join_get(c->ledger, name, take_join, &came);

	came_done(&came);
	if (r == LEDGER_NOT_FOUND)
		return node_change_refuse(c, true,
		    "no machine came, or is invited, as \"%.80s\"", name);
	if (node_change_ledger(c, r) == -1 ||
	    node_change_audit(c, "reject", name) == -1)
		return -1;
	return node_change_ledger(c, ledger_join_remove(c->ledger, name));
}

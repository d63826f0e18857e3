/* node_change.c: what people do to the list of nodes. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/cert.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/fleet/node_change_own.h"
#include "lib/fleet/nodes.h"

int
node_change_refuse(struct node_change *c, bool wrong, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->error, sizeof(c->error), fmt, ap);
	va_end(ap);
	c->wrong = wrong;
	return -1;
}

int
node_change_ledger(struct node_change *c, enum ledger_result r)
{
	const char *why = ledger_error(c->ledger);

	if (r == LEDGER_OK)
		return 0;
	return node_change_refuse(c, false, "the ledger: %s",
	    why != NULL ? why : ledger_result_word(r));
}

int
node_change_audit(struct node_change *c, const char *field, const char *to)
{
	struct ledger_audit a = {.at_utc_ms = c->actor.at_utc_ms,
	    .who = c->actor.who,
	    .action = "node",
	    .field = field,
	    .to = to};

	return node_change_ledger(c, ledger_audit_add(c->ledger, &a));
}

int
node_change_open(struct node_change *c, struct nodes_edit *e)
{
	if (nodes_edit_open(e, c->config) == 0)
		return 0;
	return node_change_refuse(c, e->wrong, "%s", e->error);
}

cJSON *
node_change_find(struct node_change *c, struct nodes_edit *e, const char *id)
{
	cJSON *o = nodes_edit_find(e, id);

	if (o == NULL)
		node_change_refuse(c, true, "%s", e->error);
	return o;
}

int
node_change_save(struct node_change *c, struct nodes_edit *e, const char *field,
    const char *to)
{
	if (nodes_edit_check(e) == -1)
		return node_change_refuse(c, e->wrong, "%s", e->error);
	if (field != NULL && node_change_audit(c, field, to) == -1)
		return -1;
	if (nodes_edit_write(e) == -1)
		return node_change_refuse(c, e->wrong, "%s", e->error);
	return 0;
}

char *
node_change_beside(const struct node_change *c, const char *name)
{
	const char *file = c->config->nodes_file;
	const char *slash = strrchr(file, '/');

	if (slash == NULL)
		return mem_strdup(name);
	return mem_printf("%.*s/%s", (int)(slash - file), file, name);
}

/* The certificate that was put there for that node: "<id>.pem"; or NULL. */
static char *
own_certificate(const struct node_change *c, const cJSON *node, const char *id)
{
	char *name = mem_printf("%s.pem", id), *path = NULL;
	const char *ca;

	if (jsonin_string(node, "ca", &ca) && strcmp(ca, name) == 0)
		path = node_change_beside(c, name);
	free(name);
	return path;
}

int
node_change_add(struct node_change *c, const struct node_entry *n)
{
	struct nodes_edit e;
	int rc = -1;

	if (node_change_open(c, &e) == 0) {
		cJSON *o = cJSON_CreateObject();

		nodes_edit_text(o, "id", n->id);
		nodes_edit_text(o, "url", n->url);
		if (n->token != NULL)
			nodes_edit_text(o, "token", n->token);
		if (n->ca != NULL)
			nodes_edit_text(o, "ca", n->ca);
		if (n->note != NULL)
			nodes_edit_text(o, "note", n->note);
		cJSON_AddItemToArray(e.doc, o);
		rc = node_change_save(c, &e, "add", n->id);
	}
	nodes_edit_close(&e);
	return rc;
}

int
node_change_state(struct node_change *c, const char *id, const char *what)
{
	struct nodes_edit e;
	cJSON *o = NULL;
	int rc = -1;

	if (node_change_open(c, &e) == 0 &&
	    (o = node_change_find(c, &e, id)) != NULL) {
		if (strcmp(what, "enable") == 0 || strcmp(what, "disable") == 0)
			nodes_edit_flag(o, "enabled", *what == 'e');
		else if (strcmp(what, "maintenance") == 0 ||
			 strcmp(what, "ready") == 0)
			nodes_edit_flag(o, "maintenance", *what == 'm');
		else
			o = NULL;
		rc = o != NULL ? node_change_save(c, &e, what, id)
			       : node_change_refuse(
				     c, true, "no such action: \"%s\"", what);
	}
	nodes_edit_close(&e);
	return rc;
}

int
node_change_remove(struct node_change *c, const char *id)
{
	struct nodes_edit e;
	char *certificate = NULL;
	int rc = -1;
	cJSON *o;

	if (node_change_open(c, &e) == 0 &&
	    (o = node_change_find(c, &e, id)) != NULL) {
		certificate = own_certificate(c, o, id);
		cJSON_Delete(cJSON_DetachItemViaPointer(e.doc, o));
		rc = node_change_save(c, &e, "remove", id);
		if (rc == 0 && certificate != NULL)
			unlink(certificate);
	}
	free(certificate);
	nodes_edit_close(&e);
	return rc;
}

/* ---- rename ---- */

static int
copy_file(struct node_change *c, const char *from, const char *to)
{
	size_t len;
	char *text = file_read(from, NODE_CERT_MAX, &len);
	int rc = 0;

	if (text == NULL)
		rc = node_change_refuse(
		    c, false, "%s: %s", from, strerror(errno));
	else if (file_write(to, text, len, 0644) == -1)
		rc =
		    node_change_refuse(c, false, "%s: %s", to, strerror(errno));
	free(text);
	return rc;
}

/* Its certificate first, under both names: no poll finds none. */
static int
rename_in(struct node_change *c, struct nodes_edit *e, cJSON *o,
    const char *from, const char *to)
{
	char *old = own_certificate(c, o, from), *name = NULL, *file = NULL;
	char *what = mem_printf("%s is %s", from, to);
	bool copied = false;
	int rc = 0;

	nodes_edit_text(o, "id", to);
	if (old != NULL) {
		name = mem_printf("%s.pem", to);
		file = node_change_beside(c, name);
		nodes_edit_text(o, "ca", name);
	}
	/* nothing is copied to a name that is none */
	if (nodes_edit_check(e) == -1)
		rc = node_change_refuse(c, e->wrong, "%s", e->error);
	if (rc == 0 && old != NULL) {
		rc = copy_file(c, old, file);
		copied = rc == 0;
	}
	if (rc == 0)
		rc = node_change_save(c, e, "rename", what);
	if (copied)
		unlink(rc == 0 ? old : file);
	if (rc == 0)
		rc = node_change_ledger(
		    c, ledger_node_renamed(c->ledger, from, to));
	free(what);
	free(file);
	free(name);
	free(old);
	return rc;
}

int
node_change_rename(struct node_change *c, const char *from, const char *to)
{
	struct nodes_edit e;
	int rc = -1;
	cJSON *o;

	if (strcmp(from, to) == 0)
		return node_change_refuse(c, true, "it is \"%s\" already", to);
	if (node_change_open(c, &e) == 0 &&
	    (o = node_change_find(c, &e, from)) != NULL) {
		if (nodes_edit_find(&e, to) != NULL)
			rc = node_change_refuse(
			    c, true, "there is a node \"%s\" already", to);
		else
			rc = rename_in(c, &e, o, from, to);
	}
	nodes_edit_close(&e);
	return rc;
}

/* ---- retire ---- */

struct seen {
	const char *server;
	char *node;
};

static int
take_node(const struct ledger_account *a, void *arg)
{
	struct seen *s = arg;

	if (strcmp(a->server, s->server) != 0)
		return 0;
	free(s->node);
	s->node = mem_strdup(a->node != NULL ? a->node : "");
	return 0;
}

static cJSON *
find_account(cJSON *list, const char *server, int64_t login)
{
	const char *name;
	int64_t number;
	cJSON *o;

	cJSON_ArrayForEach(o, list)
		if (jsonin_string(o, "server", &name) &&
		    jsonin_int64(o, "login", &number) &&
		    account_key_is(name, number, server, login))
			return o;
	return NULL;
}

static void
set_retired(cJSON *node, const char *server, int64_t login, bool back)
{
	cJSON *list = cJSON_GetObjectItemCaseSensitive(node, "retired"), *o;
	char digits[24];

	if (list == NULL && !back)
		list = cJSON_AddArrayToObject(node, "retired");
	o = find_account(list, server, login);
	if (back && o != NULL)
		cJSON_Delete(cJSON_DetachItemViaPointer(list, o));
	if (!back && o == NULL) {
		o = cJSON_CreateObject();
		snprintf(digits, sizeof(digits), "%" PRId64, login);
		cJSON_AddStringToObject(o, "server", server);
		cJSON_AddStringToObject(o, "login", digits);
		cJSON_AddItemToArray(list, o);
	}
	if (cJSON_GetArraySize(list) == 0)
		cJSON_DeleteItemFromObjectCaseSensitive(node, "retired");
}

int
node_change_retire(
    struct node_change *c, const char *server, int64_t login, bool back)
{
	struct seen seen = {.server = server};
	char *what = mem_printf("%s/%" PRId64, server, login);
	struct nodes_edit e = {.lock.fd = -1};
	int rc = -1;
	cJSON *o;

	if (node_change_ledger(c, ledger_accounts_by_login(c->ledger, login,
				      take_node, &seen)) == -1)
		;
	else if (seen.node == NULL || *seen.node == '\0')
		node_change_refuse(
		    c, true, "no account %s was seen on any node", what);
	else if (node_change_open(c, &e) == 0 &&
		 (o = node_change_find(c, &e, seen.node)) != NULL) {
		set_retired(o, server, login, back);
		rc = node_change_save(
		    c, &e, back ? "expected again" : "retire", what);
	}
	nodes_edit_close(&e);
	free(seen.node);
	free(what);
	return rc;
}

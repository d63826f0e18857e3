/* nodes.c: the agents that the coordinator polls, from nodes.json. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/fleet/nodes.h"
#include "lib/json/jsonin.h"

#define FILE_MAX (16 * 1024 * 1024)
#define ERROR_MAX (64 * 1024)
#define ID_MAX 64

/* What is being read, for the messages. */
struct reader {
	struct nodes *nodes;
	const char *file;
	const char *text;
	struct buf errors;
};

static int
line_at(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/*
 * cJSON keeps no positions: the line is that of the last place where the
 * quoted text stands (the last, since the second of two is the wrong one).
 */
static int
line_of(const struct reader *r, const char *quoted)
{
	const char *at = NULL, *p = r->text;
	char *needle = mem_printf("\"%s\"", quoted);

	for (; (p = strstr(p, needle)) != NULL; p++)
		at = p;
	free(needle);
	return at != NULL ? line_at(r->text, at) : 1;
}

/* A mistake, and where it is. */
static void
begin(struct reader *r, int line)
{
	if (r->nodes->error_line == 0)
		r->nodes->error_line = line;
	buf_printf(&r->errors, "%s:%d: ", r->file, line);
}

/* Without what may be a password: what stands before an @, or behind the path.
 */
static char *
url_shown(const char *url)
{
	const char *host = strstr(url, "://"), *at;
	size_t head, len;

	host = host != NULL ? host + 3 : url;
	head = (size_t)(host - url);
	if ((at = strrchr(host, '@')) != NULL)
		host = at;
	len = strcspn(host, "?# \t\r\n");
	return mem_printf("%.*s%s%.*s%s", (int)head, url, at != NULL ? "…" : "",
	    (int)len, host, host[len] != '\0' ? "…" : "");
}

static void
complain_url(struct reader *r, const char *what, const char *url)
{
	char *shown = url_shown(url);

	begin(r, line_of(r, url));
	buf_printf(&r->errors, "%s: \"%s\"\n", what, shown);
	free(shown);
}

static void
complain(struct reader *r, const char *what, const char *quoted)
{
	begin(r, line_of(r, quoted));
	buf_printf(&r->errors, "%s: \"%s\"\n", what, quoted);
}

static void
complain_in(struct reader *r, const char *id, const char *what)
{
	begin(r, line_of(r, id));
	buf_printf(&r->errors, "node \"%s\": %s\n", id, what);
}

bool
nodes_id_is_good(const char *id)
{
	size_t len = strlen(id);

	for (const char *p = id; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-", *p) == NULL)
			return false;
	return len > 0 && len <= ID_MAX;
}

/* A name, an IPv4 address or an IPv6 address in brackets; its end, or NULL. */
static const char *
host_end(const char *host)
{
	const char *p = host;

	if (*p != '[') {
		while (isalnum((unsigned char)*p) || *p == '.' || *p == '_' ||
		       *p == '-')
			p++;
		return p > host ? p : NULL;
	}
	for (p++; isxdigit((unsigned char)*p) || *p == ':' || *p == '.'; p++)
		;
	return *p == ']' && p > host + 2 ? p + 1 : NULL;
}

bool
nodes_url_is_good(const char *url)
{
	const char *p = strncmp(url, "http://", 7) == 0    ? url + 7
			: strncmp(url, "https://", 8) == 0 ? url + 8
							   : NULL;
	char port[8] = "";
	int number;

	if (p == NULL || (p = host_end(p)) == NULL)
		return false;
	if (*p == ':') {
		size_t len = strcspn(++p, "/");

		if (len < sizeof(port))
			memcpy(port, p, len);
		if (num_int(port, 1, 65535, &number) == -1)
			return false;
		p += len;
	}
	if (*p != '\0' && *p != '/')
		return false;
	for (; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || strchr("?#@", *p) != NULL)
			return false;
	return true;
}

bool
nodes_token_is_good(const char *token)
{
	for (; *token != '\0'; token++)
		if (*token <= ' ' || *token > '~')
			return false;
	return true;
}

static char *
url_trimmed(const char *url)
{
	size_t len = strlen(url);

	while (len > 0 && url[len - 1] == '/')
		len--;
	return mem_strndup(url, len);
}

static void
check_keys(struct reader *r, const cJSON *o, const char *const known[])
{
	const cJSON *member;
	int i;

	cJSON_ArrayForEach(member, o) {
		for (i = 0; known[i] != NULL; i++)
			if (strcmp(known[i], member->string) == 0)
				break;
		if (known[i] == NULL)
			complain(r, "unknown key", member->string);
	}
}

/* A text that may be missing; anything else under its name is a mistake. */
static char *
optional_text(struct reader *r, const cJSON *o, const char *id, const char *key)
{
	const char *text;
	char *what;

	if (jsonin_string(o, key, &text))
		return mem_strdup(text);
	if (cJSON_GetObjectItemCaseSensitive(o, key) != NULL) {
		what = mem_printf("%s is not a text", key);
		complain_in(r, id, what);
		free(what);
	}
	return NULL;
}

static bool
optional_flag(
    struct reader *r, const cJSON *o, const char *id, const char *key, bool def)
{
	char *what;

	if (jsonin_bool(o, key, &def) ||
	    cJSON_GetObjectItemCaseSensitive(o, key) == NULL)
		return def;
	what = mem_printf("%s is neither true nor false", key);
	complain_in(r, id, what);
	free(what);
	return def;
}

/* ca is relative to the folder of nodes.json. */
static char *
beside(const char *file, char *name)
{
	const char *slash = strrchr(file, '/');
	char *path;

	if (name == NULL || *name == '/' || slash == NULL)
		return name;
	path = mem_printf("%.*s/%s", (int)(slash - file), file, name);
	free(name);
	return path;
}

/* "accounts" and "retired": [{"server","login"}]. */
static void
read_accounts(struct reader *r, const struct node *node, const cJSON *o,
    const char *key, struct account_key **out, size_t *len)
{
	static const char *const known[] = {"server", "login", NULL};
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, key);
	const cJSON *one;
	char *what;

	if (list == NULL)
		return;
	if (!cJSON_IsArray(list)) {
		what = mem_printf("%s is not a list", key);
		complain_in(r, node->id, what);
		free(what);
		return;
	}
	*out = mem_new((size_t)cJSON_GetArraySize(list), sizeof(**out));
	cJSON_ArrayForEach(one, list) {
		struct account_key *k = &(*out)[*len];
		const char *server;

		if (cJSON_IsObject(one))
			check_keys(r, one, known);
		if (!jsonin_string(one, "server", &server) || *server == '\0' ||
		    !jsonin_int64(one, "login", &k->login) || k->login <= 0) {
			complain_in(r, node->id,
			    "an account needs \"server\" and \"login\"");
			continue;
		}
		k->server = mem_strdup(server);
		(*len)++;
	}
}

static void
read_node(struct reader *r, const cJSON *o, int number)
{
	static const char *const known[] = {"id", "url", "token", "ca",
	    "ca_signs", "accounts", "retired", "enabled", "maintenance", "note",
	    NULL};
	struct node *node = &r->nodes->list[r->nodes->len];
	const char *id, *url;

	if (!cJSON_IsObject(o) || !jsonin_string(o, "id", &id) ||
	    !jsonin_string(o, "url", &url)) {
		buf_printf(&r->errors,
		    "%s: node number %d needs \"id\" and \"url\"\n", r->file,
		    number);
		return;
	}
	check_keys(r, o, known);
	if (!nodes_id_is_good(id))
		complain(r, "bad node id", id);
	if (nodes_find(r->nodes, id) != NULL)
		complain(r, "node id given twice", id);
	if (!nodes_url_is_good(url))
		complain_url(r, "not a http:// or https:// URL", url);
	node->id = mem_strdup(id);
	node->url = url_trimmed(url);
	node->token = optional_text(r, o, id, "token");
	if (node->token != NULL && !nodes_token_is_good(node->token))
		complain_in(r, id, "token has a blank or control character");
	node->ca = beside(r->file, optional_text(r, o, id, "ca"));
	node->ca_signs = optional_flag(r, o, id, "ca_signs", false);
	node->note = optional_text(r, o, id, "note");
	node->enabled = optional_flag(r, o, id, "enabled", true);
	node->maintenance = optional_flag(r, o, id, "maintenance", false);
	read_accounts(r, node, o, "accounts", &node->pins, &node->pins_len);
	read_accounts(
	    r, node, o, "retired", &node->retired, &node->retired_len);
	nodes_index_add(r->nodes, r->nodes->len++);
}

static void
read_list(struct reader *r, const cJSON *doc)
{
	const cJSON *o;
	int number = 0;

	if (!cJSON_IsArray(doc)) {
		begin(r, 1);
		buf_puts(&r->errors, "not a JSON list\n");
		return;
	}
	r->nodes->list =
	    mem_new((size_t)cJSON_GetArraySize(doc), sizeof(struct node));
	nodes_index_begin(r->nodes, (size_t)cJSON_GetArraySize(doc));
	cJSON_ArrayForEach(o, doc)
		read_node(r, o, ++number);
	nodes_index_pins(r->nodes);
}

/* What is quoted is punctuation: any text may be a token or a password. */
static void
complain_syntax(struct reader *r)
{
	const char *at = cJSON_GetErrorPtr(), *line;

	/* only inside our text is it a place */
	if (at == NULL || at < r->text || at > r->text + strlen(r->text))
		at = r->text;
	for (line = at; line > r->text && line[-1] != '\n'; line--)
		;
	begin(r, line_at(r->text, at));
	buf_printf(
	    &r->errors, "not JSON from here, column %d", (int)(at - line) + 1);
	if (strspn(at, "[]{}:,") > 0)
		buf_printf(
		    &r->errors, ": \"%.*s\"", (int)strspn(at, "[]{}:,"), at);
	buf_putc(&r->errors, '\n');
}

static int
finish(struct reader *r)
{
	if (r->errors.len > 0)
		r->nodes->error = buf_take(&r->errors);
	buf_done(&r->errors);
	return r->nodes->error != NULL ? -1 : 0;
}

int
nodes_load(struct nodes *n, const char *file)
{
	struct reader r = {.nodes = n, .file = file};
	char *text;
	size_t len;
	cJSON *doc;

	memset(n, 0, sizeof(*n));
	buf_init(&r.errors, ERROR_MAX);
	if ((text = file_read(file, FILE_MAX, &len)) == NULL) {
		buf_printf(&r.errors, "%s: %s\n", file, strerror(errno));
		return finish(&r);
	}
	r.text = text;
	if ((doc = jsonin_parse(text, len)) == NULL)
		complain_syntax(&r);
	else
		read_list(&r, doc);
	cJSON_Delete(doc);
	free(text);
	return finish(&r);
}

/* "http://10.0.0.5:8000" becomes the id "10.0.0.5-8000". */
static char *
id_of_url(const char *url)
{
	const char *host = strstr(url, "://") + 3;
	char *id = mem_strndup(host, strcspn(host, "/"));

	for (char *p = id; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-", *p) == NULL)
			*p = '-';
	return id;
}

static void
read_url(struct reader *r, const cJSON *item)
{
	struct node *node = &r->nodes->list[r->nodes->len];
	const char *url = cJSON_IsString(item) ? item->valuestring : "";
	const char *name = NULL;
	char *id;

	/* the legacy system's {"name", "url"}: the name is the node's id */
	(void)jsonin_string(item, "url", &url);
	(void)jsonin_string(item, "name", &name);
	if (!nodes_url_is_good(url)) {
		complain_url(r, "not a http:// or https:// URL", url);
		return;
	}
	if (name != NULL && !nodes_id_is_good(name)) {
		complain(r, "a name that is no id of a node", name);
		return;
	}
	id = name != NULL ? mem_strdup(name) : id_of_url(url);
	if (nodes_find(r->nodes, id) != NULL)
		complain_url(r, "agent given twice", url);
	node->id = id;
	node->url = url_trimmed(url);
	node->enabled = true;
	nodes_index_add(r->nodes, r->nodes->len++);
}

int
nodes_from_urls(struct nodes *n, const char *json)
{
	struct reader r = {.nodes = n, .file = "VPS_AGENTS_JSON", .text = json};
	cJSON *doc = jsonin_parse(json, strlen(json));
	const cJSON *item;

	memset(n, 0, sizeof(*n));
	buf_init(&r.errors, ERROR_MAX);
	if (!cJSON_IsArray(doc)) {
		begin(&r, 1);
		buf_puts(&r.errors, "not a JSON list of URLs\n");
	} else {
		n->list = mem_new(
		    (size_t)cJSON_GetArraySize(doc), sizeof(struct node));
		nodes_index_begin(n, (size_t)cJSON_GetArraySize(doc));
		cJSON_ArrayForEach(item, doc)
			read_url(&r, item);
		nodes_index_pins(n);
	}
	cJSON_Delete(doc);
	return finish(&r);
}

void
nodes_done(struct nodes *n)
{
	if (n == NULL)
		return;
	for (size_t i = 0; i < n->len; i++) {
		struct node *node = &n->list[i];

		for (size_t k = 0; k < node->pins_len; k++)
			free(node->pins[k].server);
		for (size_t k = 0; k < node->retired_len; k++)
			free(node->retired[k].server);
		free(node->pins);
		free(node->retired);
		free(node->id);
		free(node->url);
		free(node->token);
		free(node->ca);
		free(node->note);
	}
	nodes_index_done(n);
	free(n->list);
	free(n->error);
	memset(n, 0, sizeof(*n));
}

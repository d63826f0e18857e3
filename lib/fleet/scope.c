/* scope.c: which accounts were given to somebody. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/base/utf8.h"
#include "lib/fleet/scope.h"

static const char *const kinds[] = {"holder:", "firm:", "tag:", "account:"};
enum kind { HOLDER, FIRM, TAG, ACCOUNT, KINDS };

/* A line of the text, and what is behind its kind. */
struct line {
	enum kind kind; /* KINDS: none that we know, or "none" */
	const char *value;
	size_t len;
};

static struct line
read_line(const char *text, size_t len)
{
	struct line l = {.kind = KINDS};

	for (int k = 0; k < KINDS; k++) {
		size_t head = strlen(kinds[k]);

		if (len > head && strncmp(text, kinds[k], head) == 0)
			l = (struct line){
			    (enum kind)k, text + head, len - head};
	}
	return l;
}

static bool
is_text(const struct line *l, const char *text)
{
	return text != NULL && strlen(text) == l->len &&
	       memcmp(text, l->value, l->len) == 0;
}

/* "SERVER/LOGIN"; a server may have a / in it. False: it is none. */
static bool
read_account(const struct line *l, char *server, size_t size, int64_t *login)
{
	char text[SCOPE_SIZE], *slash;

	snprintf(text, sizeof(text), "%.*s", (int)l->len, l->value);
	slash = strrchr(text, '/');
	if (slash == NULL || slash == text ||
	    num_int64(slash + 1, 1, INT64_MAX, login) == -1)
		return false;
	*slash = '\0';
	snprintf(server, size, "%s", text);
	return true;
}

/* ---- the text ---- */

static bool
is_plain(const char *line)
{
	for (const char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	return utf8_valid(line, strlen(line));
}

bool
scope_add(char text[SCOPE_SIZE], const char *line, char why[SCOPE_WHY_SIZE])
{
	struct line l = read_line(line, strlen(line));
	size_t len = strlen(text);
	char server[SCOPE_SIZE];
	int64_t login;

	if (!is_plain(line) ||
	    (l.kind == KINDS && strcmp(line, SCOPE_NONE) != 0)) {
		snprintf(why, SCOPE_WHY_SIZE,
		    "holder:NAME, firm:NAME, tag:WORD or "
		    "account:SERVER/LOGIN, not \"%.80s\"",
		    line);
		return false;
	}
	if (l.kind == ACCOUNT &&
	    !read_account(&l, server, sizeof(server), &login)) {
		snprintf(why, SCOPE_WHY_SIZE, "not SERVER/LOGIN: \"%.80s\"",
		    l.value);
		return false;
	}
	if (len + 1 + strlen(line) >= SCOPE_SIZE) {
		snprintf(why, SCOPE_WHY_SIZE,
		    "more than %d bytes of accounts: give them a tag instead",
		    SCOPE_SIZE - 1);
		return false;
	}
	snprintf(
	    text + len, SCOPE_SIZE - len, "%s%s", len > 0 ? "\n" : "", line);
	return true;
}

bool
scope_read(char text[SCOPE_SIZE], const cJSON *list, char why[SCOPE_WHY_SIZE])
{
	const cJSON *line;

	*text = '\0';
	if (cJSON_IsNull(list))
		return true;
	if (!cJSON_IsArray(list)) {
		snprintf(why, SCOPE_WHY_SIZE, "a list of lines, or null");
		return false;
	}
	cJSON_ArrayForEach(line, list) {
		if (!cJSON_IsString(line)) {
			snprintf(why, SCOPE_WHY_SIZE, "a list of texts");
			return false;
		}
		if (!scope_add(text, line->valuestring, why))
			return false;
	}
	if (*text == '\0')
		snprintf(text, SCOPE_SIZE, SCOPE_NONE);
	return true;
}

void
scope_json(struct json *j, const char *key, const char *text)
{
	const char *end;
	char line[SCOPE_SIZE];

	if (*text == '\0') {
		json_null(j, key);
		return;
	}
	json_array(j, key);
	for (; *text != '\0'; text = *end != '\0' ? end + 1 : end) {
		end = strchrnul(text, '\n');
		snprintf(line, sizeof(line), "%.*s", (int)(end - text), text);
		if (strcmp(line, SCOPE_NONE) != 0)
			json_string(j, NULL, line);
	}
	json_end(j);
}

/* ---- an account ---- */

static bool
has_tag(const char *tags, const struct line *l)
{
	cJSON *list = tags != NULL ? jsonin_parse(tags, strlen(tags)) : NULL;
	const cJSON *tag;
	bool has = false;

	cJSON_ArrayForEach(tag, list)
		has = has ||
		      (cJSON_IsString(tag) && is_text(l, tag->valuestring));
	cJSON_Delete(list);
	return has;
}

/* By the name that it has now, or had. */
static bool
is_account(const struct line *l, const struct facts *facts,
    const struct account_facts *known, const char *server, int64_t login)
{
	const struct account_facts *given;
	char name[SCOPE_SIZE];
	int64_t number;

	if (!read_account(l, name, sizeof(name), &number))
		return false;
	if (number == login && strcmp(name, server) == 0)
		return true;
	given = known != NULL ? facts_find(facts, name, number) : NULL;
	return given != NULL && given->id == known->id;
}

static bool
gives(const struct line *l, const struct facts *facts,
    const struct account_facts *known, const char *server, int64_t login)
{
	switch (l->kind) {
	case HOLDER:
		return known != NULL && is_text(l, known->holder);
	case FIRM:
		return known != NULL && is_text(l, known->prop_firm);
	case TAG:
		return known != NULL && has_tag(known->tags, l);
	case ACCOUNT:
		return is_account(l, facts, known, server, login);
	case KINDS:
		break;
	}
	return false;
}

bool
scope_has(const char *text, const struct facts *facts, const char *server,
    int64_t login)
{
	const struct account_facts *known;
	const char *end;

	if (*text == '\0')
		return true;
	if (server == NULL)
		return false;
	known = facts_find(facts, server, login);
	for (; *text != '\0'; text = *end != '\0' ? end + 1 : end) {
		struct line l;

		end = strchrnul(text, '\n');
		l = read_line(text, (size_t)(end - text));
		if (gives(&l, facts, known, server, login))
			return true;
	}
	return false;
}

/* "52001001@Server", as a joining is audited; what names no account is his. */
static bool
has_named(const char *text, const struct facts *facts, const char *name)
{
	const char *at = name != NULL ? strchr(name, '@') : NULL;
	char number[24];
	int64_t login;

	if (at == NULL)
		return true;
	snprintf(number, sizeof(number), "%.*s", (int)(at - name), name);
	return num_int64(number, 1, INT64_MAX, &login) == 0 &&
	       scope_has(text, facts, at + 1, login);
}

bool
scope_has_audit(
    const char *text, const struct facts *facts, const struct ledger_audit *a)
{
	if (!scope_has(text, facts, a->server, a->login))
		return false;
	return *text == '\0' || a->field == NULL ||
	       strcmp(a->field, "merge") != 0 ||
	       (has_named(text, facts, a->from) &&
		   has_named(text, facts, a->to));
}

bool
scope_next_account(const char **text, char server[SCOPE_SIZE], int64_t *login)
{
	const char *end = strchrnul(*text, '\n');
	struct line l = read_line(*text, (size_t)(end - *text));

	*text = *end != '\0' ? end + 1 : NULL;
	return l.kind == ACCOUNT && read_account(&l, server, SCOPE_SIZE, login);
}

static bool
has_row(const struct view *v, const struct node *node)
{
	for (size_t i = 0; i < v->rows_len; i++)
		if (v->rows[i].node == node)
			return true;
	return false;
}

void
scope_view(struct view *v, const char *text, const struct facts *facts)
{
	size_t rows = 0, nodes = 0;

	if (*text == '\0')
		return;
	for (size_t i = 0; i < v->rows_len; i++)
		if (scope_has(text, facts, v->rows[i].server, v->rows[i].login))
			v->rows[rows++] = v->rows[i];
	v->rows_len = rows;
	for (size_t i = 0; i < v->nodes_len; i++)
		if (has_row(v, v->nodes[i].node))
			v->nodes[nodes++] = v->nodes[i];
		else
			free(v->nodes[i].error);
	v->nodes_len = nodes;
}

/* params.c: names and values, of a query, a form, a cookie, a path. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/url.h"
#include "lib/base/utf8.h"
#include "lib/web/params.h"

/* %XX in place; with plus, '+' is a blank. False: not good text. */
static bool
decode(char *text, bool plus)
{
	char *to = text;
	int byte;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '%') {
			if ((byte = url_byte(p)) <= 0)
				return false;
			*to = (char)byte;
			p += 2;
		} else
			*to = *p == '+' && plus ? ' ' : *p;
		to++;
	}
	*to = '\0';
	return utf8_valid(text, (size_t)(to - text));
}

static int
add(struct web_params *p, const char *name, const char *value)
{
	if (p->len == WEB_PARAMS_MAX)
		return -1;
	p->list[p->len].name = name;
	p->list[p->len++].value = value;
	return 0;
}

/* Cuts "name=value" in two; where there is no sign, the value is empty. */
static char *
cut_value(char *item)
{
	char *sign = strchr(item, '=');

	if (sign == NULL)
		return item + strlen(item);
	*sign = '\0';
	return sign + 1;
}

int
web_params_form(struct web_params *p, const char *text, size_t len)
{
	char *rest, *item, *value;

	memset(p, 0, sizeof(*p));
	if (memchr(text, '\0', len) != NULL)
		return -1;
	rest = p->text = mem_strndup(text, len);
	while ((item = strsep(&rest, "&")) != NULL) {
		if (*item == '\0')
			continue;
		value = cut_value(item);
		if (!decode(item, true) || !decode(value, true) ||
		    add(p, item, value) == -1) {
			web_params_done(p);
			return -1;
		}
	}
	return 0;
}

void
web_params_cookies(struct web_params *p, const char *text)
{
	char *rest, *item, *value;

	memset(p, 0, sizeof(*p));
	rest = p->text = mem_strdup(text);
	while ((item = strsep(&rest, ";")) != NULL) {
		item += strspn(item, " \t");
		value = cut_value(item);
		if (*item != '\0' && utf8_valid(value, strlen(value)))
			add(p, item, value);
	}
}

/* The pieces of pattern and path side by side, cut in place. */
static int
fit(struct web_params *p, char *pattern, char *path)
{
	char *want, *got, *end;

	while ((want = strsep(&pattern, "/")) != NULL) {
		if ((got = strsep(&path, "/")) == NULL)
			return 0;
		if (*want != '{') {
			if (strcmp(want, got) != 0)
				return 0;
			continue;
		}
		if (*got == '\0' || (end = strchr(want, '}')) == NULL)
			return 0;
		*end = '\0';
		add(p, want + 1, got);
	}
	return path == NULL;
}

int
web_params_path(struct web_params *p, const char *pattern, const char *path)
{
	size_t len = strlen(pattern) + 1;

	memset(p, 0, sizeof(*p));
	p->text = mem_new(len + strlen(path) + 1, 1);
	memcpy(p->text, pattern, len);
	memcpy(p->text + len, path, strlen(path));
	if (!fit(p, p->text, p->text + len))
		return 0;
	for (size_t i = 0; i < p->len; i++)
		/* ours to write: it lies in p->text */
		if (!decode(p->text + (p->list[i].value - p->text), false))
			return -1;
	return 1;
}

void
web_params_done(struct web_params *p)
{
	if (p == NULL)
		return;
	free(p->text);
	memset(p, 0, sizeof(*p));
}

const char *
web_params_get(const struct web_params *p, const char *name)
{
	for (size_t i = 0; i < p->len; i++)
		if (strcmp(p->list[i].name, name) == 0)
			return p->list[i].value;
	return NULL;
}

bool
web_params_list_has(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; *p != '\0'; p += strspn(p, " ,")) {
		size_t n = strcspn(p, " ,");

		if (n == len && strncmp(p, word, n) == 0)
			return true;
		p += n;
	}
	return false;
}

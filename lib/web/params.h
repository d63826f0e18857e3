/* params.h: names and values, of a query, a form, a cookie, a path. */
#ifndef LIB_WEB_PARAMS_H
#define LIB_WEB_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#define WEB_PARAMS_MAX 64

struct web_params {
	struct {
		const char *name, *value;
	} list[WEB_PARAMS_MAX];
	size_t len;
	char *text; /* that they point into */
};

/*
 * "a=1&b=x%20y+z". -1 when it is not UTF-8 after decoding, has a zero byte,
 * a bad %XX, or more than WEB_PARAMS_MAX of them; *p is empty then.
 */
int web_params_form(struct web_params *p, const char *text, size_t len);

/* "a=1; b=2": what cannot be understood is left out. */
void web_params_cookies(struct web_params *p, const char *text);

/*
 * Does a raw path fit "/api/{server}/{login}"? 1 and the decoded parts, 0,
 * or -1 where it would but a part cannot be decoded. *p is set in all cases.
 */
int web_params_path(
    struct web_params *p, const char *pattern, const char *path);

void web_params_done(struct web_params *p);

/* NULL where there is none. */
const char *web_params_get(const struct web_params *p, const char *name);

/* Is word one of a list's words, which blanks or commas separate? */
bool web_params_list_has(const char *list, const char *word);

#endif

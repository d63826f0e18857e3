/* settings.c: a settings file as text, of which single values are changed. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bin/settings.h"
#include "lib/base/mem.h"

/* Is it a line that sets name, or with `comment` one that shows it? */
static bool
line_sets(const char *line, const char *name, bool comment)
{
	size_t len = strlen(name);

	line += strspn(line, " \t");
	if (comment && *line++ != '#')
		return false;
	if (strncmp(line, "export ", 7) == 0)
		line += 7;
	if (strncmp(line, name, len) != 0)
		return false;
	line += len;
	return line[strspn(line, " \t")] == '=';
}

static bool
any_line_sets(const char *text, const char *name, bool comment)
{
	for (; text != NULL && *text != '\0';
	     text = (text = strchr(text, '\n')) != NULL ? text + 1 : NULL)
		if (line_sets(text, name, comment))
			return true;
	return false;
}

void
settings_put(struct buf *text, const char *name, const char *value)
{
	char *old = mem_strdup(text->data != NULL ? text->data : "");
	char *rest = old, *line;
	bool comment = !any_line_sets(old, name, false), done = false;

	buf_reset(text);
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line == '\0' && rest == NULL)
			break; /* behind the last line feed */
		if (!line_sets(line, name, comment) || (comment && done))
			buf_printf(text, "%s\n", line);
		else if (!done) {
			buf_printf(text, "%s=%s\n", name, value);
			done = true;
		}
	}
	if (!done)
		buf_printf(text, "%s=%s\n", name, value);
	free(old);
}

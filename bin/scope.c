/* scope.c: which accounts, as options of a command. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/scope.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

bool
scope_option(struct scope_given *g, int option, const char *value)
{
	static const struct {
		int option;
		const char *kind;
	} kinds[] = {{'F', "firm:"}, {'H', "holder:"}, {'T', "tag:"},
	    {'A', "account:"}, {'N', SCOPE_NONE}};
	char why[SCOPE_WHY_SIZE], *line = NULL;
	bool good;

	if (option == 'L') {
		g->is_given = true;
		return *g->text == '\0';
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].option == option)
			line = mem_printf(
			    "%s%s", kinds[i].kind, value != NULL ? value : "");
	if (line == NULL)
		return false;
	g->is_given = true;
	good = scope_add(g->text, line, why);
	if (!good)
		log_error("%s", why);
	g->said = g->said || !good;
	free(line);
	return good;
}

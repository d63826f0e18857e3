/* tools.h: the tools: their names, their arguments, what they ask. */
#ifndef LIB_MCP_TOOLS_H
#define LIB_MCP_TOOLS_H

#include "lib/base/buf.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"

struct tool;

/* NULL: there is none of that name. */
const struct tool *tool_find(const char *name);

/* "tools": […], within an object. */
void tools_json(struct json *j);

/*
 * The path and query that the arguments (NULL: none) mean. -1: they cannot be;
 * why says what is wrong, with the argument's name.
 */
#define TOOL_WHY_SIZE 256
int tool_target(const struct tool *t, const cJSON *arguments, struct buf *out,
    char why[TOOL_WHY_SIZE]);

/* Is that status of HTTP an answer, and no failure? /health answers 503 with
 * what is wrong. */
bool tool_status_is_good(const struct tool *t, int status);

#endif

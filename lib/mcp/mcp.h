/*
 * mcp.h: the Model Context Protocol: an assistant lists and calls tools by
 * JSON-RPC messages. Each tool is one question to the coordinator's API, which
 * is only read. docs/mcp.md
 *
 * How a message comes and how the API is asked is the caller's: `mt5fleet mcp`
 * has both by lines and HTTP, dashboard.fcgi answers POST /mcp.
 */
#ifndef LIB_MCP_MCP_H
#define LIB_MCP_MCP_H

#include <stdbool.h>
#include <stddef.h>

#define MCP_MESSAGE_MAX ((size_t)256 * 1024)
#define MCP_ANSWER_MAX ((size_t)1 << 20) /* of the API */

/* What the API says. error: there is no answer, and why. */
struct mcp_reply {
	int status; /* of HTTP */
	char *body; /* zero-terminated; NULL: none */
	size_t len;
	char *error; /* NULL: status and body are the answer */
};

struct mcp {
	/* GET of that path with its query; *out is empty, and what it gets is
	 * freed by who called */
	void (*ask)(void *arg, const char *target, struct mcp_reply *out);
	void *arg;
};

/*
 * The answer to one message, or to a list of them, of len bytes: JSON on one
 * line, the caller's. NULL: none is due.
 */
char *mcp_answer(const struct mcp *m, const char *text, size_t len);

/* That a message was longer than MCP_MESSAGE_MAX. The caller's. */
char *mcp_answer_too_long(void);

/* Is that a version of the protocol that is spoken here? */
bool mcp_version_known(const char *version);

#endif

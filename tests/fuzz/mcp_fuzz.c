/* mcp_fuzz.c: messages of an assistant: each answer is JSON on one line. */
#include "lib/json/jsonin.h"
#include "lib/mcp/mcp.h"
#include "tests/fuzz/fuzz.h"

/* The target is a path of ours, whatever the arguments are; what the API says
 * of it changes from call to call. */
static void
ask(void *arg, const char *target, struct mcp_reply *out)
{
	static const char *const bodies[] = {
	    "{\"accounts\":[]}", "null", "", "<html>", "{\"error\":{}}"};
	unsigned *n = arg;

	if ((strncmp(target, "/api/", 5) != 0 &&
		strcmp(target, "/health") != 0) ||
	    strstr(target, "/../") != NULL || strpbrk(target, " \r\n") != NULL)
		abort();
	switch (*n += 1) {
	case 1:
		out->error = mem_strdup("connection refused");
		return;
	case 2:
		out->status = 404;
		break;
	default:
		out->status = 200;
	}
	out->body = mem_strdup(bodies[*n % 5]);
	out->len = strlen(out->body);
}

static void
fuzz_one(const char *text, size_t len)
{
	unsigned n = 0;
	const struct mcp m = {ask, &n};

	for (int i = 0; i < 4; i++) {
		char *answer = mcp_answer(&m, text, len);
		cJSON *doc;

		if (answer == NULL)
			continue;
		if (strchr(answer, '\n') != NULL ||
		    (doc = jsonin_parse(answer, strlen(answer))) == NULL)
			abort();
		cJSON_Delete(doc);
		free(answer);
	}
}

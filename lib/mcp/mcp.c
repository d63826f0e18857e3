/* mcp.c: the Model Context Protocol: JSON-RPC messages and their answers. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/version.h"
#include "lib/mcp/mcp.h"
#include "lib/mcp/tools.h"

/* An answer of the API is escaped once more, as text. */
#define OUT_MAX (8 * MCP_ANSWER_MAX)
#define BATCH_MAX 20
#define ID_MAX 256

/* JSON-RPC's */
enum {
	PARSE_ERROR = -32700,
	INVALID_REQUEST = -32600,
	NO_SUCH_METHOD = -32601,
	INVALID_PARAMS = -32602,
};

/* The newest first: what a client is offered that speaks none of them. */
static const char *const versions[] = {
    "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"};
#define VERSIONS (sizeof(versions) / sizeof(versions[0]))

static const char instructions[] =
    "Figures of a fleet of MetaTrader 5 accounts; nothing can be changed or "
    "traded. Each answer says when it was asked (asked_utc) and what of "
    "(path). A row with a status that is not live (stale, unreachable …) has "
    "last known values: say their age (age_s, at_utc) and do not call them "
    "current. null means unknown, never 0 and never none. When a tool ends "
    "with an error, nothing is known: say so.";

bool
mcp_version_known(const char *version)
{
	for (size_t i = 0; i < VERSIONS; i++)
		if (strcmp(versions[i], version) == 0)
			return true;
	return false;
}

/* ---- the frame ---- */

/* As it came; NULL: null. */
static void
put_id(struct json *j, const cJSON *id)
{
	if (id == NULL)
		json_null(j, "id");
	else if (cJSON_IsString(id))
		json_string(j, "id", id->valuestring);
	else if (cJSON_IsNumber(id))
		json_int(j, "id", (int64_t)id->valuedouble);
	else
		json_null(j, "id");
}

/* A text, or a whole number that a double holds. */
static bool
id_is_good(const cJSON *id)
{
	if (cJSON_IsString(id))
		return strlen(id->valuestring) <= ID_MAX &&
		       strstr(id->valuestring, JSONIN_NUL) == NULL;
	return cJSON_IsNumber(id) &&
	       id->valuedouble == trunc(id->valuedouble) &&
	       fabs(id->valuedouble) < 9007199254740992.0;
}

static void
begin(struct json *j, const cJSON *id)
{
	json_object(j, NULL);
	json_string(j, "jsonrpc", "2.0");
	put_id(j, id);
}

static void
put_error(struct json *j, const cJSON *id, int code, const char *message)
{
	begin(j, id);
	json_object(j, "error");
	json_int(j, "code", code);
	json_string(j, "message", message);
	json_end(j);
	json_end(j);
}

/* ---- tools/call ---- */

/* One text, within the answer's "result". */
static void
put_result(struct json *j, const cJSON *id, const char *text, bool is_error)
{
	begin(j, id);
	json_object(j, "result");
	json_array(j, "content");
	json_object(j, NULL);
	json_string(j, "type", "text");
	json_string(j, "text", text);
	json_end(j);
	json_end(j);
	json_bool(j, "isError", is_error);
	json_end(j);
	json_end(j);
}

/* {"error":{"message"}} of the API, or what its status says; the caller's. */
static char *
refusal(const struct mcp_reply *r, const char *target)
{
	cJSON *doc = r->body != NULL ? jsonin_parse(r->body, r->len) : NULL;
	const char *message = NULL;
	char *text;

	jsonin_string(jsonin_object(doc, "error"), "message", &message);
	text = mem_printf("HTTP %d for %s%s%.500s%s", r->status, target,
	    message != NULL ? ": " : "", message != NULL ? message : "",
	    r->status == 401 || r->status == 403
		? " (the token is missing, expired, or of another scope)"
		: "");
	cJSON_Delete(doc);
	return text;
}

/* The answer as the assistant reads it; NULL with *error set. */
static char *
take_reply(const struct tool *t, const struct mcp_reply *r, const char *target,
    int64_t asked_utc_ms, char **error)
{
	struct json j;
	cJSON *doc;
	char *text;

	if (r->error != NULL)
		*error = mem_printf("%s: no answer: %s", target, r->error);
	else if (!tool_status_is_good(t, r->status))
		*error = refusal(r, target);
	else if (r->body == NULL || r->len > MCP_ANSWER_MAX)
		*error = mem_printf("%s: the answer is larger than %zu bytes: "
				    "ask for less (limit, fields)",
		    target, MCP_ANSWER_MAX);
	if (*error != NULL)
		return NULL;
	if ((doc = jsonin_parse(r->body, r->len)) == NULL) {
		*error = mem_printf("%s: the answer is no JSON", target);
		return NULL;
	}
	cJSON_Delete(doc);
	json_init(&j, 2 * MCP_ANSWER_MAX);
	json_object(&j, NULL);
	json_string(&j, "path", target);
	json_utc(&j, "asked_utc", asked_utc_ms);
	json_raw(&j, "answer", r->body, r->len);
	json_end(&j);
	text = json_take(&j);
	json_done(&j);
	return text;
}

static void
call_tool(
    const struct mcp *m, struct json *j, const cJSON *id, const cJSON *params)
{
	const cJSON *arguments =
	    cJSON_GetObjectItemCaseSensitive(params, "arguments");
	struct mcp_reply reply = {.status = 0};
	char why[TOOL_WHY_SIZE], *text, *error = NULL;
	const struct tool *t;
	const char *name;
	struct buf target;
	int64_t now;

	if (!jsonin_string(params, "name", &name)) {
		put_error(j, id, INVALID_PARAMS, "name: expected a text");
		return;
	}
	if ((t = tool_find(name)) == NULL) {
		snprintf(why, sizeof(why), "unknown tool: \"%.64s\"", name);
		put_error(j, id, INVALID_PARAMS, why);
		return;
	}
	if (arguments != NULL && !cJSON_IsObject(arguments) &&
	    !cJSON_IsNull(arguments)) {
		put_error(
		    j, id, INVALID_PARAMS, "arguments: expected an object");
		return;
	}
	buf_init(&target, 16384);
	if (tool_target(t, arguments, &target, why) == -1)
		put_result(j, id, why, true);
	else {
		now = clock_utc_ms();
		m->ask(m->arg, target.data, &reply);
		text = take_reply(t, &reply, target.data, now, &error);
		put_result(j, id, text != NULL ? text : error, text == NULL);
		free(text);
		free(error);
		free(reply.body);
		free(reply.error);
	}
	buf_done(&target);
}

/* ---- the other methods ---- */

static void
initialize(
    const struct mcp *m, struct json *j, const cJSON *id, const cJSON *params)
{
	const char *version;

	(void)m;
	if (!jsonin_string(params, "protocolVersion", &version)) {
		put_error(j, id, INVALID_PARAMS,
		    "protocolVersion: expected a text, \"2025-06-18\"");
		return;
	}
	begin(j, id);
	json_object(j, "result");
	json_string(j, "protocolVersion",
	    mcp_version_known(version) ? version : versions[0]);
	json_object(j, "capabilities");
	json_object(j, "tools");
	json_bool(j, "listChanged", false);
	json_end(j);
	json_end(j);
	json_object(j, "serverInfo");
	json_string(j, "name", "mt5fleet");
	json_string(j, "version", MT5FLEET_VERSION);
	json_end(j);
	json_string(j, "instructions", instructions);
	json_end(j);
	json_end(j);
}

static void
ping(const struct mcp *m, struct json *j, const cJSON *id, const cJSON *params)
{
	(void)m;
	(void)params;
	begin(j, id);
	json_object(j, "result");
	json_end(j);
	json_end(j);
}

static void
list_tools(
    const struct mcp *m, struct json *j, const cJSON *id, const cJSON *params)
{
	(void)m;
	(void)params;
	begin(j, id);
	json_object(j, "result");
	tools_json(j);
	json_end(j);
	json_end(j);
}

static const struct {
	const char *name;
	void (*answer)(const struct mcp *m, struct json *j, const cJSON *id,
	    const cJSON *params);
} methods[] = {
    {"initialize", initialize},
    {"ping", ping},
    {"tools/list", list_tools},
    {"tools/call", call_tool},
};

/* ---- messages ---- */

/* One message; nothing is written where no answer is due. */
static void
answer_one(const struct mcp *m, struct json *j, const cJSON *message)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(message, "id");
	const char *version, *method;
	char why[128];

	if (id != NULL && !id_is_good(id)) {
		put_error(j, NULL, INVALID_REQUEST,
		    "id: expected a text or a whole number");
		return;
	}
	if (!cJSON_IsObject(message) ||
	    !jsonin_string(message, "jsonrpc", &version) ||
	    strcmp(version, "2.0") != 0) {
		put_error(j, id, INVALID_REQUEST,
		    "expected a message of JSON-RPC 2.0");
		return;
	}
	if (!jsonin_string(message, "method", &method)) {
		/* an answer, though nothing was asked here */
		if (id != NULL && (cJSON_HasObjectItem(message, "result") ||
				      cJSON_HasObjectItem(message, "error")))
			return;
		put_error(j, id, INVALID_REQUEST, "method: expected a text");
		return;
	}
	if (id == NULL) /* a notification */
		return;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].name, method) == 0) {
			methods[i].answer(
			    m, j, id, jsonin_object(message, "params"));
			return;
		}
	snprintf(why, sizeof(why), "no such method: \"%.64s\"", method);
	put_error(j, id, NO_SUCH_METHOD, why);
}

/* The text; NULL where nothing was written. */
static char *
finish(struct json *j)
{
	char *text = NULL;

	if (j->out.len > 0 || j->failed)
		text = json_take(j);
	if (text == NULL && (j->failed || j->out.overflow)) {
		json_reset(j);
		put_error(j, NULL, INVALID_REQUEST, "the answer is too large");
		text = json_take(j);
	}
	json_done(j);
	return text;
}

static void
answer_batch(const struct mcp *m, struct json *j, const cJSON *list)
{
	int n = cJSON_GetArraySize(list);
	const cJSON *message;
	char why[64];

	if (n < 1 || n > BATCH_MAX) {
		snprintf(
		    why, sizeof(why), "expected 1 to %d messages", BATCH_MAX);
		put_error(j, NULL, INVALID_REQUEST, why);
		return;
	}
	json_array(j, NULL);
	cJSON_ArrayForEach(message, list)
		answer_one(m, j, message);
	json_end(j);
	if (j->out.len == strlen("[]"))
		json_reset(j);
}

char *
mcp_answer(const struct mcp *m, const char *text, size_t len)
{
	cJSON *doc = jsonin_parse_foreign(text, len);
	struct json j;

	json_init(&j, OUT_MAX);
	if (doc == NULL)
		put_error(&j, NULL, PARSE_ERROR, "expected JSON");
	else if (cJSON_IsArray(doc))
		answer_batch(m, &j, doc);
	else
		answer_one(m, &j, doc);
	cJSON_Delete(doc);
	return finish(&j);
}

char *
mcp_answer_too_long(void)
{
	struct json j;

	json_init(&j, OUT_MAX);
	put_error(&j, NULL, INVALID_REQUEST,
	    "the message is longer than 262144 bytes");
	return finish(&j);
}

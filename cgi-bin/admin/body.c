/* body.c: a PUT's JSON body, member by member. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/admin/body.h"

void
body_wrong(struct body *b, const char *what, const char *name)
{
	if (*b->why == '\0')
		snprintf(b->why, sizeof(b->why), "%s: \"%.60s\"", what, name);
}

static void
check_names(struct body *b, const char *const known[])
{
	const cJSON *member;
	int i;

	cJSON_ArrayForEach(member, b->doc) {
		for (i = 0; known[i] != NULL; i++)
			if (strcmp(known[i], member->string) == 0)
				break;
		if (known[i] == NULL)
			body_wrong(b, "unknown member", member->string);
	}
}

bool
body_open(struct body *b, const struct request *req, struct response *res,
    const char *const known[])
{
	memset(b, 0, sizeof(*b));
	if (!request_is_json(req)) {
		response_error(res, 415, "not_json",
		    "Content-Type must be application/json");
		return false;
	}
	b->doc = jsonin_parse(req->body, req->body_len);
	if (!cJSON_IsObject(b->doc)) {
		response_error(
		    res, 400, "bad_request", "the body is not a JSON object");
		cJSON_Delete(b->doc);
		return false;
	}
	check_names(b, known);
	return true;
}

void
body_done(struct body *b)
{
	cJSON_Delete(b->doc);
	free(b->tags);
}

const cJSON *
body_member(const struct body *b, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(b->doc, name);
}

const char *
body_text(struct body *b, const char *name, const char *none)
{
	const cJSON *v = body_member(b, name);

	if (v == NULL)
		return NULL;
	if (cJSON_IsNull(v) && none != NULL)
		return none;
	if (cJSON_IsString(v))
		return v->valuestring;
	body_wrong(b, "not a string", name);
	return NULL;
}

void
body_id(struct body *b, const char *name, int64_t *out)
{
	const cJSON *v = body_member(b, name);

	if (v != NULL && !cJSON_IsNull(v) && !jsonin_int64(b->doc, name, out))
		body_wrong(b, "not a number", name);
}

void
body_version(struct body *b, int64_t *version)
{
	const cJSON *v = body_member(b, "version");

	if (v == NULL || cJSON_IsNull(v))
		return;
	if (!jsonin_int64(b->doc, "version", version) || *version < 0)
		body_wrong(b, "not a version", "version");
}

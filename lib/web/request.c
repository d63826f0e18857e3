/* request.c: what was asked, and by whom. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/num.h"
#include "lib/web/request.h"

void
request_done(struct request *req)
{
	if (req == NULL)
		return;
	free(req->path);
	free(req->body);
	web_params_done(&req->query);
	web_params_done(&req->cookies);
	web_params_done(&req->vars);
	web_params_done(&req->form);
	memset(req, 0, sizeof(*req));
}

const char *
request_query(const struct request *req, const char *name)
{
	return web_params_get(&req->query, name);
}

const char *
request_var(const struct request *req, const char *name)
{
	return web_params_get(&req->vars, name);
}

bool
request_account(const struct request *req, const char **server, int64_t *login)
{
	const char *s = request_var(req, "server");
	const char *l = request_var(req, "login");

	if (l == NULL) {
		s = request_query(req, "server");
		l = request_query(req, "login");
	}
	if (s == NULL || l == NULL || num_int64(l, 1, INT64_MAX, login) == -1)
		return false;
	*server = s;
	return true;
}

int
request_number(const struct request *req, const char *name, int64_t min,
    int64_t max, int64_t def, int64_t *out)
{
	const char *text = request_query(req, name);

	if (text != NULL)
		return num_int64(text, min, max, out);
	*out = def;
	return 0;
}

bool
request_is_json(const struct request *req)
{
	size_t len = strcspn(req->content_type, "; ");

	return len == strlen("application/json") &&
	       strncasecmp(req->content_type, "application/json", len) == 0;
}

/* row_find.c: finds the account row a request names. */
#include <inttypes.h>
#include <string.h>

#include "cgi-bin/dashboard/rows.h"
#include "lib/base/num.h"

/* The account a request names. */
struct wanted {
	const char *server; /* NULL: any */
	int64_t login;      /* 0: any */
};

static bool
read_wanted(struct wanted *w, const struct request *req, struct response *res)
{
	const char *login = request_var(req, "login");

	w->server = request_var(req, "server");
	if (login == NULL) {
		login = request_query(req, "login");
		w->server = request_query(req, "server");
	}
	w->login = 0;
	if (login == NULL || num_int64(login, 1, INT64_MAX, &w->login) == 0)
		return true;
	response_error(
	    res, 400, "bad_request", "login is not a number: \"%.40s\"", login);
	return false;
}

static bool
fits(const struct view_row *row, const struct wanted *w)
{
	return row->server != NULL &&
	       (w->login == 0 || row->login == w->login) &&
	       (w->server == NULL || strcmp(row->server, w->server) == 0);
}

/* 409 with the candidates: the login exists on several servers. */
static void
put_candidates(
    const struct view *v, const struct wanted *w, struct response *res)
{
	struct json *j = &res->json;

	res->status = 409;
	json_object(j, NULL);
	json_object(j, "error");
	json_string(j, "code", "ambiguous");
	json_string(
	    j, "message", "several accounts fit: name one by server and login");
	json_end(j);
	json_array(j, "candidates");
	for (size_t i = 0; i < v->rows_len; i++)
		if (fits(&v->rows[i], w)) {
			json_object(j, NULL);
			json_string(j, "server", v->rows[i].server);
			json_id(j, "login", v->rows[i].login);
			json_string(j, "node", v->rows[i].node->id);
			json_end(j);
		}
	json_end(j);
	json_end(j);
}

const struct view_row *
row_find(const struct view *v, const struct request *req, struct response *res)
{
	const struct view_row *found = NULL;
	struct wanted w;

	if (!read_wanted(&w, req, res))
		return NULL;
	for (size_t i = 0; i < v->rows_len; i++) {
		if (!fits(&v->rows[i], &w))
			continue;
		if (found != NULL) {
			put_candidates(v, &w, res);
			return NULL;
		}
		found = &v->rows[i];
	}
	if (found == NULL)
		response_error(res, 404, "not_found",
		    "no such account: %s/%" PRId64,
		    w.server != NULL ? w.server : "(any server)", w.login);
	return found;
}

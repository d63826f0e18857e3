/*
 * health_accounts.c: accounts that fail by themselves: how many, and of each
 * which and why for who may read; all others get the numbers alone.
 */
#include <string.h>

#include "cgi-bin/dashboard/app.h"

/* NULL: it does not. A word, and in *why what there is to say besides. */
static const char *
failure(const struct view_row *row, const struct account_facts *known,
    char text[VIEW_WHY_SIZE], const char **why)
{
	if (row->status == STATUS_CONFLICT || row->status == STATUS_BAD_DATA) {
		*why = view_row_why(row, text);
		return status_word(row->status);
	}
	*why = known != NULL ? known->history_error : NULL;
	return *why != NULL ? "history_failed" : NULL;
}

enum { CONFLICT, BAD_DATA, HISTORY, WORDS };
static const char *const words[WORDS] = {
    "conflict", "bad_data", "history_failed"};

int
health_put_accounts(struct json *j, const struct app *app,
    const struct request *req, const struct view *v, bool may_read)
{
	int counts[WORDS] = {0}, accounts = 0, failed = 0;
	char text[VIEW_WHY_SIZE];
	const char *word, *why;

	for (size_t i = 0; i < v->rows_len; i++) {
		const struct view_row *row = &v->rows[i];

		if (row->server == NULL)
			continue;
		accounts++;
		word = failure(row,
		    facts_find(&app->facts, row->server, row->login), text,
		    &why);
		for (int k = 0; word != NULL && k < WORDS; k++)
			counts[k] += strcmp(word, words[k]) == 0;
		failed += word != NULL;
	}
	json_object(j, "accounts");
	json_int(j, "total", accounts);
	json_int(j, "failed", failed);
	json_object(j, "reasons");
	for (int k = 0; k < WORDS; k++)
		if (counts[k] > 0)
			json_int(j, words[k], counts[k]);
	json_end(j);
	if (!may_read)
		json_null(j, "which");
	else {
		json_array(j, "which");
		for (size_t i = 0; i < v->rows_len; i++) {
			const struct view_row *row = &v->rows[i];

			word = row->server == NULL
				   ? NULL
				   : failure(row,
					 facts_find(&app->facts, row->server,
					     row->login),
					 text, &why);
			if (word == NULL ||
			    !app_may_see(app, req, row->server, row->login))
				continue;
			json_object(j, NULL);
			json_string(j, "server", row->server);
			json_id(j, "login", row->login);
			json_string(j, "node", row->node->id);
			json_string(j, "word", word);
			json_string(j, "why", why);
			json_end(j);
		}
		json_end(j);
	}
	json_end(j);
	return failed;
}

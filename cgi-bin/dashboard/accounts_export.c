/*
 * GET /api/export/accounts.csv and accounts.ndjson: the accounts that fit, all
 * of them, as a table with a column a field or a line of JSON each; filters,
 * sort and fields are those of /api/accounts. It is made some rows at a time.
 */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/accounts_query.h"
#include "cgi-bin/dashboard/app.h"
#include "cgi-bin/dashboard/csv.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/json/jsonin.h"

#define ROWS_AT_ONCE 100
#define ROW_MAX ((size_t)256 << 10)

struct accounts_export {
	struct accounts_query query;
	struct view view;
	struct board board;
	struct board_row **rows;
	size_t len, at;
	bool csv, bom, begun;
};

static void
end(void *arg)
{
	struct accounts_export *x = arg;

	free(x->rows);
	board_done(&x->board);
	view_done(&x->view);
	accounts_query_done(&x->query);
	free(x);
}

/* A text as it is, a number, true and false as JSON has them, null as nothing;
 * what is a list or an object as its JSON. */
static void
put_cell(struct buf *text, const char *value, size_t len)
{
	cJSON *doc;
	char *copy;

	if (len == 4 && memcmp(value, "null", 4) == 0)
		return;
	if (*value != '"' && *value != '[' && *value != '{') {
		buf_add(text, value, len);
		return;
	}
	if (*value == '"' && (doc = jsonin_parse(value, len)) != NULL) {
		csv_put_text(text, cJSON_GetStringValue(doc));
		cJSON_Delete(doc);
		return;
	}
	copy = mem_strndup(value, len);
	csv_put_text(text, copy);
	free(copy);
}

static void
put_line(struct accounts_export *x, struct board_row *r, struct buf *text)
{
	const struct pick *fields = &x->query.fields;
	const char *value;
	struct buf row;
	size_t len;

	buf_init(&row, ROW_MAX);
	board_put_row(&x->board, r, NULL, &row);
	for (size_t i = 0; i < fields->len; i++) {
		if (i > 0)
			buf_putc(text, ',');
		if (pick_find(
			fields->names[i], row.data, row.len, &value, &len))
			put_cell(text, value, len);
	}
	buf_puts(text, "\r\n");
	buf_done(&row);
}

static void
put_heading(const struct accounts_export *x, struct buf *text)
{
	const struct pick *fields = &x->query.fields;

	buf_puts(text, x->bom ? "\xef\xbb\xbf" : "");
	for (size_t i = 0; i < fields->len; i++)
		buf_printf(text, "%s%s", i > 0 ? "," : "", fields->names[i]);
	buf_puts(text, "\r\n");
}

static int
next_rows(void *arg, struct buf *text)
{
	struct accounts_export *x = arg;
	const struct pick *fields =
	    x->query.has_fields ? &x->query.fields : NULL;

	if (x->csv && !x->begun)
		put_heading(x, text);
	x->begun = true;
	for (int n = 0; n < ROWS_AT_ONCE && x->at < x->len; n++, x->at++) {
		if (x->csv) {
			put_line(x, x->rows[x->at], text);
			continue;
		}
		board_put_row(&x->board, x->rows[x->at], fields, text);
		buf_putc(text, '\n');
	}
	return x->at < x->len;
}

static bool
read_query(
    struct accounts_export *x, const struct request *req, struct response *res)
{
	const char *bom = request_query(req, "bom"), *bad;

	if (!accounts_query_read(&x->query, req, res))
		return false;
	if (bom != NULL && num_bool(bom, &x->bom) == -1) {
		response_error(
		    res, 400, "bad_request", "bom: 0 or 1, not \"%.20s\"", bom);
		return false;
	}
	return !x->csv || x->query.has_fields ||
	       pick_read(&x->query.fields, pick_columns, &bad) == 0;
}

static void export(
    struct app *app, const struct request *req, struct response *res, bool csv)
{
	struct accounts_export *x = mem_new(1, sizeof(*x));

	x->csv = csv;
	res->more_arg = x;
	res->more_done = end;
	if (!read_query(x, req, res) || app_view(app, req, &x->view, res) == -1)
		return;
	board_make(&x->board, &x->view, &app->facts);
	x->rows = accounts_query_rows(&x->query, &x->board, &x->len);
	res->more = next_rows;
	response_text(
	    res, csv ? "text/csv; charset=utf-8" : "application/x-ndjson");
	response_header(res, "Content-Disposition",
	    csv ? "attachment; filename=\"accounts.csv\""
		: "attachment; filename=\"accounts.ndjson\"");
}

void
accounts_csv_get(
    struct app *app, const struct request *req, struct response *res)
{
	export(app, req, res, true);
}

void
accounts_ndjson_get(
    struct app *app, const struct request *req, struct response *res)
{
	export(app, req, res, false);
}

/* prepare.c: makes tabs with header and formats, and room in their grids. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/prepare.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"

#define BODY_MAX (256 * 1024)
#define FIRST_ROWS 1000 /* as Google makes a tab */
#define ROWS_STEP_MAX 20000
#define PROPERTIES                                                   \
	"?fields=sheets.properties(sheetId%2Ctitle%2CgridProperties" \
	"(rowCount%2CcolumnCount))"

/* A tab as the spreadsheet has it now. */
struct found {
	int sheet_id, rows, columns;
};

static bool
take_properties(const cJSON *sheet, const char **title, struct found *f)
{
	const cJSON *p = jsonin_object(sheet, "properties");
	const cJSON *grid = jsonin_object(p, "gridProperties");

	f->sheet_id = 0; /* Google leaves a 0 out */
	jsonin_int(p, "sheetId", &f->sheet_id);
	return jsonin_string(p, "title", title) &&
	       jsonin_int(grid, "rowCount", &f->rows) &&
	       jsonin_int(grid, "columnCount", &f->columns);
}

static bool
find_title(const cJSON *sheets, const char *wanted, struct found *f)
{
	const cJSON *sheet;
	const char *title;

	cJSON_ArrayForEach(sheet, sheets)
		if (take_properties(sheet, &title, f) &&
		    strcmp(title, wanted) == 0)
			return true;
	return false;
}

/* The title of the tab that has our id, borrowed; NULL: none. */
static const char *
find_id(const cJSON *sheets, int sheet_id)
{
	const cJSON *sheet;
	const char *title;
	struct found f;

	cJSON_ArrayForEach(sheet, sheets)
		if (take_properties(sheet, &title, &f) &&
		    f.sheet_id == sheet_id)
			return title;
	return NULL;
}

static enum google_result
read_sheets(struct book *b, cJSON **o)
{
	enum google_result rc;
	char *text = NULL;
	size_t len;

	rc = google_read(b->google, PROPERTIES, &text, &len);
	if (rc == GOOGLE_OK && (*o = jsonin_parse(text, len)) == NULL) {
		snprintf(b->error, sizeof(b->error),
		    "the answer to spreadsheets.get is not JSON");
		rc = GOOGLE_LATER;
	}
	free(text);
	return rc;
}

/* ---- requests ---- */

static void
put_formats(struct json *j, const struct book_tab *t, int sheet_id,
    int first_row, const int *column, const bool *only)
{
	const struct tab *tab = t->tab;

	for (int i = 0; i < tab->columns; i++) {
		enum tab_format f = tab->column[i].format;

		if (tab_format_pattern(f) == NULL || (only && !only[i]))
			continue;
		json_object(j, NULL);
		json_object(j, "repeatCell");
		json_object(j, "range");
		json_int(j, "sheetId", sheet_id);
		json_int(j, "startRowIndex", first_row);
		json_int(j, "startColumnIndex", column[i]);
		json_int(j, "endColumnIndex", column[i] + 1);
		json_end(j);
		json_object(j, "cell");
		json_object(j, "userEnteredFormat");
		json_object(j, "numberFormat");
		json_string(j, "type", tab_format_type(f));
		json_string(j, "pattern", tab_format_pattern(f));
		json_end(j);
		json_end(j);
		json_end(j);
		json_string(j, "fields", "userEnteredFormat.numberFormat");
		json_end(j);
		json_end(j);
	}
}

static void
put_header(struct json *j, const struct tab *tab)
{
	json_object(j, NULL);
	json_object(j, "updateCells");
	json_object(j, "start");
	json_int(j, "sheetId", tab->sheet_id);
	json_int(j, "rowIndex", 0);
	json_int(j, "columnIndex", 0);
	json_end(j);
	json_array(j, "rows");
	json_object(j, NULL);
	json_array(j, "values");
	for (int i = 0; i < tab->columns; i++) {
		json_object(j, NULL);
		json_object(j, "userEnteredValue");
		json_string(j, "stringValue", tab->column[i].name);
		json_end(j);
		json_object(j, "userEnteredFormat");
		json_object(j, "textFormat");
		json_bool(j, "bold", true);
		json_end(j);
		json_end(j);
		json_end(j);
	}
	json_end(j);
	json_end(j);
	json_end(j);
	json_string(
	    j, "fields", "userEnteredValue,userEnteredFormat.textFormat.bold");
	json_end(j);
	json_end(j);
}

static void
put_tab(struct json *j, const struct book_tab *t)
{
	int column[TAB_COLUMNS_MAX];

	json_object(j, NULL);
	json_object(j, "addSheet");
	json_object(j, "properties");
	json_int(j, "sheetId", t->tab->sheet_id);
	json_string(j, "title", t->tab->title);
	json_object(j, "gridProperties");
	json_int(j, "rowCount", FIRST_ROWS);
	json_int(j, "columnCount", t->tab->columns);
	json_int(j, "frozenRowCount", 1);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
	put_header(j, t->tab);
	for (int i = 0; i < t->tab->columns; i++)
		column[i] = i;
	put_formats(j, t, t->tab->sheet_id, 1, column, NULL);
}

static void
put_grid(struct json *j, int sheet_id, const char *what, int n)
{
	char field[64];

	snprintf(field, sizeof(field), "gridProperties.%s", what);
	json_object(j, NULL);
	json_object(j, "updateSheetProperties");
	json_object(j, "properties");
	json_int(j, "sheetId", sheet_id);
	json_object(j, "gridProperties");
	json_int(j, what, n);
	json_end(j);
	json_end(j);
	json_string(j, "fields", field);
	json_end(j);
	json_end(j);
}

static void
begin_requests(struct json *j)
{
	json_init(j, BODY_MAX);
	json_object(j, NULL);
	json_array(j, "requests");
}

static enum google_result
send_requests(struct book *b, struct json *j)
{
	enum google_result rc;
	const char *text;
	size_t len;

	json_end(j);
	json_end(j);
	text = json_text(j, &len);
	rc = google_write(b->google, ":batchUpdate", text, len, NULL, NULL);
	json_done(j);
	return rc;
}

/* ---- tabs ---- */

enum google_result
prepare_look(struct book *b)
{
	enum google_result rc;
	const char *other;
	const cJSON *sheets;
	struct found f;
	cJSON *o = NULL;

	if ((rc = read_sheets(b, &o)) != GOOGLE_OK)
		return rc;
	sheets = jsonin_array(o, "sheets");
	for (int i = 0; i < TAB_COUNT; i++) {
		struct book_tab *t = &b->tab[i];

		t->missing = t->narrow = false;
		if (!t->active || t->refused != NULL)
			continue;
		if (find_title(sheets, t->tab->title, &f)) {
			t->sheet_id = f.sheet_id;
			t->columns = f.columns;
			t->narrow = t->key_column >= f.columns;
		} else if ((other = find_id(sheets, t->tab->sheet_id)) != NULL)
			book_refuse(t,
			    "somebody named it \"%.60s\": give it its name "
			    "back, or delete it",
			    other);
		else
			t->missing = true;
	}
	cJSON_Delete(o);
	return GOOGLE_OK;
}

/* What a tab needs before it can be read; false: nothing. */
static bool
put_needs(struct json *j, struct book_tab *t)
{
	/* the keys would lie outside: room for all columns */
	if (t->narrow)
		put_grid(j, t->sheet_id, "columnCount",
		    t->columns + t->tab->columns);
	if (t->missing)
		put_tab(j, t);
	return t->narrow || t->missing;
}

/* Tab by tab: those that Google does not make are left alone. */
static enum google_result
make_each(struct book *b)
{
	enum google_result rc = GOOGLE_OK;

	for (int i = 0; i < TAB_COUNT && rc == GOOGLE_OK; i++) {
		struct book_tab *t = &b->tab[i];
		struct json j;

		begin_requests(&j);
		if (!put_needs(&j, t)) {
			json_done(&j);
			continue;
		}
		rc = send_requests(b, &j);
		if (rc != GOOGLE_BAD)
			continue;
		book_refuse(t, "cannot be made: %s", book_error(b));
		rc = GOOGLE_OK;
	}
	return rc;
}

enum google_result
prepare_make(struct book *b)
{
	enum google_result rc;
	bool needed = false;
	struct json j;

	begin_requests(&j);
	for (int i = 0; i < TAB_COUNT; i++) {
		struct book_tab *t = &b->tab[i];

		needed = put_needs(&j, t) || needed;
		if (t->missing) {
			t->fresh = t->want_keys = true;
			t->absent = t->have_keys = b->dry;
		}
	}
	if (!needed || b->dry) {
		json_done(&j);
		return GOOGLE_OK;
	}
	rc = send_requests(b, &j);
	if (rc != GOOGLE_BAD)
		return rc;
	/* as if they were there: an earlier request was answered, but the
	 * answer got lost */
	rc = prepare_look(b);
	return rc == GOOGLE_OK ? make_each(b) : rc;
}

/* ---- rows ---- */

/* A little more than needed, so that it is not asked for each day. */
static int
room_for(int rows)
{
	int more = rows / 2;

	if (more < FIRST_ROWS)
		more = FIRST_ROWS;
	if (more > ROWS_STEP_MAX)
		more = ROWS_STEP_MAX;
	return rows + more;
}

static void
put_room(struct json *j, struct book_tab *t, const struct found *f, int rows)
{
	int columns = book_last_column(t) + 1;

	if (f->columns < columns)
		put_grid(j, f->sheet_id, "columnCount", columns);
	if (f->rows < rows + 1) {
		put_grid(j, f->sheet_id, "rowCount", room_for(rows + 1));
		put_formats(j, t, f->sheet_id, f->rows, t->column, NULL);
	}
	if (!t->formatted)
		put_formats(j, t, f->sheet_id, 1, t->column, t->unnamed);
}

static bool
has_requests(const struct json *j)
{
	return j->out.data[j->out.len - 1] != '[';
}

static bool
any_unformatted(const struct book_tab *t)
{
	for (int i = 0; i < t->tab->columns && !t->formatted; i++)
		if (t->unnamed[i])
			return true;
	return false;
}

enum google_result
prepare_grid(struct book *b, struct book_tab *t, int rows)
{
	enum google_result rc;
	cJSON *o = NULL;
	struct found f;
	struct json j;
	bool there;

	if (rows <= t->rows && book_last_column(t) < t->columns &&
	    !any_unformatted(t))
		return GOOGLE_OK;
	/* the grid may have grown, and a smaller count would cut rows off */
	if ((rc = read_sheets(b, &o)) != GOOGLE_OK)
		return rc;
	there = find_title(jsonin_array(o, "sheets"), t->tab->title, &f);
	cJSON_Delete(o);
	if (!there) {
		snprintf(b->error, sizeof(b->error),
		    "tab \"%s\" went away meanwhile", t->tab->title);
		return GOOGLE_LATER;
	}
	begin_requests(&j);
	put_room(&j, t, &f, rows);
	if (!has_requests(&j))
		json_done(&j);
	else if ((rc = send_requests(b, &j)) != GOOGLE_OK)
		return rc;
	if (f.rows < rows + 1)
		f.rows = room_for(rows + 1);
	if (f.columns <= book_last_column(t))
		f.columns = book_last_column(t) + 1;
	t->formatted = true;
	t->rows = f.rows - 1;
	t->columns = f.columns;
	return GOOGLE_OK;
}

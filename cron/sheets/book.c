/* book.c: the spreadsheet as it is now, in one read. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/a1.h"
#include "cron/sheets/book.h"
#include "cron/sheets/hash.h"
#include "lib/base/mem.h"
#include "lib/base/url.h"
#include "lib/json/jsonin.h"

#define PATH_MAX_LEN 8192
#define FOREIGN_MAX 60 /* characters of a cell that a message quotes */

void
book_init(struct book *b, struct google *google, bool dry)
{
	memset(b, 0, sizeof(*b));
	b->google = google;
	b->dry = dry;
	for (int i = 0; i < TAB_COUNT; i++) {
		b->tab[i].tab = tab_get((enum tab_id)i);
		b->tab[i].key_column = b->tab[i].tab->key;
	}
}

void
book_done(struct book *b)
{
	for (int i = 0; i < TAB_COUNT; i++) {
		free(b->tab[i].seen);
		free(b->tab[i].beside);
		free(b->tab[i].refused);
		free(b->tab[i].foreign.text);
	}
	memset(b, 0, sizeof(*b));
}

const char *
book_error(const struct book *b)
{
	return *b->error != '\0' ? b->error : google_error(b->google);
}

void
book_refuse(struct book_tab *t, const char *fmt, ...)
{
	struct buf b;
	char text[512];
	va_list ap;

	if (t->refused != NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_init(&b, 1024);
	buf_printf(&b, "tab \"%s\": %s", t->tab->title, text);
	t->refused = buf_take(&b);
	buf_done(&b);
}

struct book_seen
book_seen(const struct book_tab *t, int row)
{
	static const struct book_seen none = {0, BOOK_EMPTY};

	return row >= 1 && row <= t->seen_len ? t->seen[row - 1] : none;
}

/* A key of ours: 60000001@Broker-Live, with #… in all tabs but the first. */
static bool
is_key(const struct tab *tab, const char *s)
{
	size_t digits = strspn(s, "0123456789");

	return digits > 0 && s[digits] == '@' &&
	       (tab == tab_get(TAB_ACCOUNTS) || strchr(s, '#') != NULL);
}

static const char *
cell_text(const cJSON *cell, char number[32])
{
	if (cJSON_IsString(cell))
		return cell->valuestring;
	if (!cJSON_IsNumber(cell))
		return cJSON_IsBool(cell) ? "TRUE" : "";
	snprintf(number, 32, "%.15g", cell->valuedouble);
	return number;
}

/* ---- the header ---- */

static int
ours(const struct tab *tab, const char *name)
{
	for (int i = 0; i < tab->columns; i++)
		if (strcmp(tab->column[i].name, name) == 0)
			return i;
	return -1;
}

/* Where our columns are, by their names; -1: not there. The last used. */
static int
find_columns(struct book_tab *t, const cJSON *columns)
{
	const cJSON *column;
	char number[32];
	const char *name;
	int at = 0, last = -1, i;

	for (i = 0; i < t->tab->columns; i++)
		t->column[i] = -1;
	free(t->beside);
	t->beside = NULL;
	cJSON_ArrayForEach(column, columns) {
		name = cell_text(cJSON_GetArrayItem(column, 0), number);
		if (*name != '\0') {
			last = at;
			i = ours(t->tab, name);
			if (i != -1 && t->column[i] == -1)
				t->column[i] = at;
			else if (t->beside == NULL)
				t->beside = mem_strdup(name);
		}
		at++;
	}
	return last;
}

/* Our columns that are not there yet come to the right of all others. */
static void
place_columns(struct book_tab *t, const cJSON *columns)
{
	int last = find_columns(t, columns);

	t->fresh = t->fresh || last == -1;
	t->legacy = false;
	if (last != -1 && t->column[t->tab->key] == -1) {
		if (t->tab == tab_get(TAB_ACCOUNTS) && t->column[0] != -1)
			t->legacy = true;
		else
			book_refuse(
			    t, BOOK_NOT_OURS, t->tab->column[t->tab->key].name);
	}
	for (int i = 0; i < t->tab->columns; i++) {
		t->unnamed[i] = t->column[i] == -1;
		if (t->unnamed[i])
			t->column[i] = ++last;
	}
}

/* ---- the keys ---- */

static void
take_keys(struct book_tab *t, const cJSON *column)
{
	const cJSON *cell;
	char number[32];
	const char *text;
	int n = cJSON_GetArraySize(column), at = -1;

	free(t->seen);
	free(t->foreign.text);
	t->foreign.text = NULL;
	t->seen = mem_new((size_t)(n > 0 ? n : 1), sizeof(*t->seen));
	t->seen_len = n > 0 ? n - 1 : 0;
	t->have_keys = true;
	cJSON_ArrayForEach(cell, column) {
		text = cell_text(cell, number);
		if (at++ == -1 || *text == '\0')
			continue; /* the header, an empty cell */
		t->seen[at - 1].key = hash_text(text);
		t->seen[at - 1].kind =
		    is_key(t->tab, text) ? BOOK_OURS : BOOK_FOREIGN;
		if (t->seen[at - 1].kind == BOOK_FOREIGN &&
		    t->foreign.text == NULL) {
			t->foreign.row = at;
			t->foreign.text =
			    mem_strndup(text, strnlen(text, FOREIGN_MAX));
		}
	}
}

/* ---- the read ---- */

static bool
is_read(const struct book_tab *t)
{
	return t->active && t->refused == NULL && !t->absent;
}

static void
add_range(struct buf *path, const char *range)
{
	buf_puts(path, "&ranges=");
	url_escape(path, range);
}

static void
add_ranges(const struct book *b, struct buf *path)
{
	const struct book_tab *t;
	char range[A1_SIZE];

	buf_puts(path, "/values:batchGet?majorDimension=COLUMNS"
		       "&valueRenderOption=UNFORMATTED_VALUE"
		       "&fields=valueRanges(range%2Cvalues)");
	for (int i = 0; i < TAB_COUNT; i++) {
		t = &b->tab[i];
		if (!is_read(t))
			continue;
		add_range(path, a1_whole_row(t->tab->title, 1, range));
		if (t->want_keys)
			add_range(path, a1_whole_column(t->tab->title,
					    t->key_column, range));
	}
}

/* One range of the answer; false: it does not fit the question. */
static bool
take_range(struct book_tab *t, const cJSON *answer, bool keys)
{
	const cJSON *values = jsonin_array(answer, "values");
	const char *range;
	int column, row;

	if (!jsonin_string(answer, "range", &range) ||
	    a1_end(range, &column, &row) == -1)
		return false;
	if (!keys) {
		t->columns = column + 1;
		place_columns(t, values);
	} else if (column == t->key_column) {
		t->rows = row - 1;
		take_keys(t, cJSON_GetArrayItem(values, 0));
	} else {
		return false;
	}
	return true;
}

static bool
take_ranges(struct book *b, const char *text, size_t len)
{
	cJSON *o = jsonin_parse(text, len);
	const cJSON *list = jsonin_array(o, "valueRanges");
	const cJSON *next = list != NULL ? list->child : NULL;
	bool ok = list != NULL;

	for (int i = 0; ok && i < TAB_COUNT; i++) {
		struct book_tab *t = &b->tab[i];

		if (!is_read(t))
			continue;
		ok = next != NULL && take_range(t, next, false);
		next = next != NULL ? next->next : NULL;
		if (ok && t->want_keys) {
			ok = next != NULL && take_range(t, next, true);
			next = next != NULL ? next->next : NULL;
		}
	}
	cJSON_Delete(o);
	return ok;
}

static enum google_result
read_once(struct book *b)
{
	enum google_result rc;
	struct buf path;
	char *text = NULL;
	size_t len;

	buf_init(&path, PATH_MAX_LEN);
	add_ranges(b, &path);
	rc = google_read(b->google, path.data, &text, &len);
	buf_done(&path);
	if (rc == GOOGLE_OK && !take_ranges(b, text, len)) {
		snprintf(b->error, sizeof(b->error),
		    "the answer to values:batchGet is not understood");
		rc = GOOGLE_LATER;
	}
	free(text);
	return rc;
}

static bool
any(const struct book *b)
{
	for (int i = 0; i < TAB_COUNT; i++)
		if (is_read(&b->tab[i]))
			return true;
	return false;
}

/* True: something is where it was not looked for; again. */
static bool
keys_elsewhere(struct book *b)
{
	bool again = false;

	for (int i = 0; i < TAB_COUNT; i++) {
		struct book_tab *t = &b->tab[i];
		int column = t->column[t->legacy ? 0 : t->tab->key];

		if (!is_read(t))
			continue;
		if ((t->fresh || t->legacy) && !t->want_keys) {
			t->want_keys = true;
			again = true;
		}
		if (column != t->key_column)
			again = again || t->want_keys;
		t->key_column = column;
	}
	return again;
}

enum google_result
book_read(struct book *b)
{
	enum google_result rc;

	for (int tries = 0; any(b); tries++) {
		rc = read_once(b);
		if (rc != GOOGLE_OK || !keys_elsewhere(b))
			return rc;
		if (tries == 3)
			return GOOGLE_LATER;
	}
	return GOOGLE_OK;
}

int
book_last_column(const struct book_tab *t)
{
	int last = 0;

	for (int i = 0; i < t->tab->columns; i++)
		if (t->column[i] > last)
			last = t->column[i];
	return last;
}

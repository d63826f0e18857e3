/* phases_file.c: phases.json and vs_data.json, as the legacy system has them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/json/json.h"
#include "lib/ledger/people.h"
#include "lib/legacy/phases_file.h"

#define FILE_MAX ((size_t)64 << 20)

struct entry {
	int64_t login;
	char *text; /* NULL: not set */
};

struct entries {
	enum phases_file what;
	struct entry *list;
	size_t len, size;
};

static int
add(const struct ledger_account *a, void *arg)
{
	struct entries *e = arg;
	const char *text =
	    e->what == PHASES_FILE_PHASE ? a->period.phase : a->vs_group;

	e->list = mem_room(e->list, e->len, &e->size, sizeof(*e->list));
	e->list[e->len].login = a->login;
	e->list[e->len++].text = text != NULL ? mem_strdup(text) : NULL;
	return 0;
}

static int
by_login(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->login > y->login) - (x->login < y->login);
}

static void
put_entries(struct json *j, struct entries *e, int *left_out)
{
	if (e->len > 0)
		qsort(e->list, e->len, sizeof(*e->list), by_login);
	json_object(j, NULL);
	for (size_t i = 0; i < e->len; i++) {
		const struct entry *at = &e->list[i];
		char login[32];
		bool twice = (i > 0 && at[-1].login == at->login) ||
			     (i + 1 < e->len && at[1].login == at->login);

		if (at->text == NULL)
			continue;
		if (twice) {
			++*left_out;
			continue;
		}
		snprintf(login, sizeof(login), "%" PRId64, at->login);
		json_string(j, login, at->text);
	}
	json_end(j);
	json_newline(j);
}

static int
write_changed(const char *path, const char *text, size_t len,
    char why[PHASES_FILE_WHY_SIZE])
{
	size_t there;
	char *old = file_read(path, FILE_MAX, &there);
	bool same = old != NULL && there == len && memcmp(old, text, len) == 0;

	free(old);
	if (same || file_write(path, text, len, 0644) == 0)
		return 0;
	snprintf(why, PHASES_FILE_WHY_SIZE, "%s: %s", path, strerror(errno));
	return -1;
}

int
phases_file_write(struct ledger *l, enum phases_file what, const char *path,
    int *left_out, char why[PHASES_FILE_WHY_SIZE])
{
	struct entries e = {.what = what};
	const char *text;
	struct json j;
	size_t len;
	int rc = -1;

	*left_out = 0;
	json_init(&j, FILE_MAX);
	if (ledger_accounts(l, add, &e) != LEDGER_OK)
		snprintf(why, PHASES_FILE_WHY_SIZE, "%s", ledger_error(l));
	else {
		put_entries(&j, &e, left_out);
		text = json_text(&j, &len);
		if (text != NULL)
			rc = write_changed(path, text, len, why);
		else
			snprintf(
			    why, PHASES_FILE_WHY_SIZE, "%s: too large", path);
	}
	for (size_t i = 0; i < e.len; i++)
		free(e.list[i].text);
	free(e.list);
	json_done(&j);
	return rc;
}

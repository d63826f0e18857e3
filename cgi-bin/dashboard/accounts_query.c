/* accounts_query.c: which accounts, in which order, how many. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cgi-bin/dashboard/accounts_query.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/trading/account_key.h"

#define NONE "none"
#define SORT_FIRST "-profit"
#define LIST_MAX 1024

static const char *const facet_names[FACETS] = {
    [FACET_STATUS] = "status",
    [FACET_PHASE] = "phase",
    [FACET_FIRM] = "firm",
    [FACET_CURRENCY] = "currency",
    [FACET_MODE] = "mode",
};

const char *
facet_name(enum facet f)
{
	return facet_names[f];
}

static const char *
mode_word(int trade_mode)
{
	static const char *const words[] = {"demo", "contest", "real"};

	return trade_mode >= 0 && trade_mode <= 2 ? words[trade_mode] : NULL;
}

const char *
facet_value(const struct board_row *r, enum facet f)
{
	switch (f) {
	case FACET_STATUS:
		return status_word(r->row->status);
	case FACET_PHASE:
		return r->facts != NULL ? r->facts->phase_word : NULL;
	case FACET_FIRM:
		return r->facts != NULL ? r->facts->prop_firm : NULL;
	case FACET_CURRENCY:
		return r->row->currency;
	case FACET_MODE:
		return r->row->currency != NULL ? mode_word(r->row->trade_mode)
						: NULL;
	case FACETS:
		break;
	}
	return NULL;
}

/* ---- what was asked ---- */

static bool
bad(struct response *res, const char *name, const char *what, const char *given)
{
	response_error(
	    res, 400, "bad_request", "%s: %s: \"%.100s\"", name, what, given);
	return false;
}

/* "a,b": each a word of those that there are. */
static bool
check_words(struct response *res, enum facet f, const char *list)
{
	char *copy = mem_strdup(list), *rest = copy;
	const char *word;
	enum status status;
	bool good = true;

	while (good && (word = strsep(&rest, ",")) != NULL) {
		if (*word == '\0')
			good = bad(res, facet_names[f],
			    "an empty word (\"none\" is those without)", list);
		else if (f == FACET_STATUS && !status_from(word, &status))
			good = bad(res, "status", "no such status", word);
		else if (f == FACET_MODE && strcmp(word, NONE) != 0 &&
			 strcmp(word, "real") != 0 &&
			 strcmp(word, "demo") != 0 &&
			 strcmp(word, "contest") != 0)
			good = bad(res, "mode",
			    "real, demo, contest or none, not", word);
	}
	free(copy);
	return good;
}

static bool
read_sort(struct accounts_query *q, const char *given, struct response *res)
{
	struct buf known;

	if (given == NULL)
		given = SORT_FIRST;
	q->descending = *given == '-';
	q->sort = sort_key_find(q->descending ? given + 1 : given);
	if (q->sort != NULL)
		return true;
	buf_init(&known, LIST_MAX);
	sort_keys_list(&known);
	response_error(res, 400, "bad_request",
	    "sort: one of %s, with - from the highest down; not \"%.100s\"",
	    known.data, given);
	buf_done(&known);
	return false;
}

static bool
read_fields(struct accounts_query *q, const char *given, struct response *res)
{
	const char *what;

	if (given == NULL)
		return true;
	q->has_fields = true;
	if (pick_read(&q->fields, given, &what) == 0)
		return true;
	if (what == NULL)
		return bad(res, "fields", "too many", given);
	return bad(res, "fields", "no member of a row", what);
}

/*
 * "profit:-1250:52001001:vps01:Demo-Server": what the rows are sorted by, the
 * value there ("" unknown), login, node, server. A text has its length before
 * it, "5=FTMO1".
 */
static bool
split(char **rest, const char **part)
{
	*part = strsep(rest, ":");
	return *part != NULL && *rest != NULL;
}

static bool
read_value(struct sort_value *v, char **rest, bool is_text)
{
	size_t len;
	int64_t n;
	char *end;
	const char *number;

	if (!is_text) {
		if (!split(rest, &number))
			return false;
		v->known = *number != '\0';
		return !v->known || money_from_units(number, &v->number) == 0;
	}
	v->text = "";
	if (**rest == ':') {
		++*rest;
		return true;
	}
	if ((end = strchr(*rest, '=')) == NULL)
		return false;
	*end++ = '\0';
	if (num_int64(*rest, 0, LIST_MAX, &n) == -1)
		return false;
	len = (size_t)n;
	if (strlen(end) <= len || end[len] != ':')
		return false;
	end[len] = '\0';
	v->known = true;
	v->text = end;
	*rest = end + len + 1;
	return true;
}

static bool
sorts_text(const struct sort_key *key)
{
	static const struct node node = {.id = (char *)""};
	static const struct view_row none = {.node = &node};
	static const struct row_made made;
	const struct board_row row = {&none, NULL, (struct row_made *)&made};
	struct sort_value v = {0};

	key->value(&row, &v);
	return v.text != NULL;
}

static bool
read_after(struct accounts_query *q, const char *given, struct response *res)
{
	struct cursor *c = &q->after;
	const char *sort, *login;
	char *rest;

	if (given == NULL)
		return true;
	c->is_set = true;
	rest = c->text = mem_strdup(given);
	if (split(&rest, &sort) &&
	    sort_key_find(*sort == '-' ? sort + 1 : sort) != NULL) {
		if (q->descending != (*sort == '-') ||
		    sort_key_find(*sort == '-' ? sort + 1 : sort) != q->sort) {
			response_error(res, 400, "bad_request",
			    "after: it is of sort=%.20s, not of this order: "
			    "\"%.100s\"",
			    sort, given);
			return false;
		}
		if (read_value(&c->value, &rest, sorts_text(q->sort)) &&
		    split(&rest, &login) &&
		    num_int64(login, 0, INT64_MAX, &c->login) == 0 &&
		    split(&rest, &c->node)) {
			c->server = rest;
			return true;
		}
	}
	return bad(res, "after", "not a \"next\" of ours", given);
}

static uint64_t
hash_query(const struct request *req)
{
	uint64_t hash = 1;

	for (size_t i = 0; i < req->query.len; i++) {
		const char *name = req->query.list[i].name;
		const char *value = req->query.list[i].value;

		hash = web_hash(hash, name, strlen(name) + 1);
		hash = web_hash(hash, value, strlen(value) + 1);
	}
	return hash;
}

bool
accounts_query_read(
    struct accounts_query *q, const struct request *req, struct response *res)
{
	const char *words = request_query(req, "q");

	memset(q, 0, sizeof(*q));
	q->hash = hash_query(req);
	if (request_query(req, "limit") != NULL &&
	    !request_int64(req, res, "limit", 1, ACCOUNTS_PAGE_MAX, &q->limit))
		return false;
	for (int f = 0; f < FACETS; f++) {
		q->facets[f] = request_query(req, facet_names[f]);
		if (q->facets[f] != NULL &&
		    !check_words(res, (enum facet)f, q->facets[f]))
			return false;
	}
	if (words != NULL)
		q->words = board_fold(words);
	return read_sort(q, request_query(req, "sort"), res) &&
	       read_fields(q, request_query(req, "fields"), res) &&
	       read_after(q, request_query(req, "after"), res);
}

void
accounts_query_done(struct accounts_query *q)
{
	free(q->words);
	free(q->after.text);
	pick_done(&q->fields);
	memset(q, 0, sizeof(*q));
}

/* ---- which rows fit ---- */

/* The whole list is one name where it has a comma in it. */
static bool
lists(const char *list, const char *value)
{
	size_t len;

	if (value == NULL)
		value = NONE;
	if (strcasecmp(list, value) == 0)
		return true;
	for (;; list += len + 1) {
		len = strcspn(list, ",");
		if (len == strlen(value) && strncasecmp(list, value, len) == 0)
			return true;
		if (list[len] == '\0')
			return false;
	}
}

static bool
has_words(const char *words, const char *in)
{
	char *copy = mem_strdup(words), *rest = copy;
	const char *word;
	bool all = true;

	while (all && (word = strsep(&rest, " \t\n\r")) != NULL)
		all = strstr(in, word) != NULL;
	free(copy);
	return all;
}

int
accounts_query_fits(const struct accounts_query *q, struct board_row *r)
{
	int fits = 0;

	if (q->words != NULL && *q->words != '\0' &&
	    !has_words(q->words, board_words(r)))
		return -1;
	for (int f = 0; f < FACETS; f++)
		if (q->facets[f] == NULL ||
		    lists(q->facets[f], facet_value(r, (enum facet)f)))
			fits |= 1 << f;
	return fits;
}

/* ---- their order ---- */

static int
compare_values(
    const struct sort_value *a, const struct sort_value *b, bool descending)
{
	int order;

	if (!a->known || !b->known)
		return a->known ? -1 : b->known ? 1 : 0;
	if (a->text != NULL) {
		order = strcasecmp(a->text, b->text);
		if (order == 0)
			order = strcmp(a->text, b->text);
	} else
		order = a->number < b->number ? -1 : a->number > b->number;
	return descending ? -order : order;
}

/* As view_sort has them: those of no account last, by their node. */
static int
compare_names(const char *server_a, int64_t login_a, const char *node_a,
    const char *server_b, int64_t login_b, const char *node_b)
{
	if (server_a == NULL && server_b == NULL)
		return strcmp(node_a, node_b);
	return account_key_compare(server_a, login_a, server_b, login_b);
}

/* A row and what it is sorted by, found once. */
struct sorted {
	struct board_row *r;
	struct sort_value value;
	bool descending;
};

static int
compare_rows(const void *pa, const void *pb)
{
	const struct sorted *a = pa, *b = pb;
	const struct view_row *x = a->r->row, *y = b->r->row;
	int order = compare_values(&a->value, &b->value, a->descending);

	return order != 0 ? order
			  : compare_names(x->server, x->login, x->node->id,
				y->server, y->login, y->node->id);
}

struct board_row **
accounts_query_rows(
    const struct accounts_query *q, struct board *b, size_t *len)
{
	struct sorted *sorted = mem_new(b->len, sizeof(*sorted));
	struct board_row **rows;

	*len = 0;
	for (size_t i = 0; i < b->len; i++) {
		struct sorted *s = &sorted[*len];

		if (accounts_query_fits(q, &b->rows[i]) != FACETS_ALL)
			continue;
		*s = (struct sorted){
		    .r = &b->rows[i], .descending = q->descending};
		q->sort->value(s->r, &s->value);
		++*len;
	}
	qsort(sorted, *len, sizeof(*sorted), compare_rows);
	rows = mem_new(*len, sizeof(struct board_row *));
	for (size_t i = 0; i < *len; i++)
		rows[i] = sorted[i].r;
	free(sorted);
	return rows;
}

size_t
accounts_query_from(
    const struct accounts_query *q, struct board_row *const *rows, size_t len)
{
	const struct cursor *c = &q->after;
	size_t from = 0, to = c->is_set ? len : 0;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct view_row *row = rows[middle]->row;
		struct sort_value value = {0};
		int order;

		q->sort->value(rows[middle], &value);
		order = compare_values(&value, &c->value, q->descending);
		if (order == 0)
			order = compare_names(row->server, row->login,
			    row->node->id,
			    *c->server != '\0' ? c->server : NULL, c->login,
			    c->node);
		if (order > 0)
			to = middle;
		else
			from = middle + 1;
	}
	return from;
}

void
accounts_query_next(
    const struct accounts_query *q, const struct board_row *r, struct buf *out)
{
	const struct view_row *row = r->row;
	struct sort_value value = {0};
	char units[MONEY_SIZE];

	q->sort->value(r, &value);
	buf_printf(out, "%s%s:", q->descending ? "-" : "", q->sort->name);
	if (value.known && value.text != NULL)
		buf_printf(out, "%zu=%s", strlen(value.text), value.text);
	else if (value.known)
		buf_puts(out, money_to_units(value.number, units));
	buf_printf(out, ":%" PRId64 ":%s:%s",
	    row->server != NULL ? row->login : 0, row->node->id,
	    row->server != NULL ? row->server : "");
}

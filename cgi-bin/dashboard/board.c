/* board.c: the rows of a view, and what was made of each. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/board.h"
#include "cgi-bin/dashboard/pick.h"
#include "lib/base/mem.h"
#include "lib/fleet/row.h"
#include "lib/web/web.h"

#define ROW_MAX ((size_t)256 << 10)
#define LOOK_AHEAD_MS INT64_C(60000)
#define AGE ",\"age_s\":"

/* ---- what was made of a row, and whether it still counts ---- */

void
row_made_free(void *made)
{
	struct row_made *m = made;

	if (m == NULL)
		return;
	free(m->text);
	free(m->words);
	free(m);
}

static uint64_t
hash_text(uint64_t hash, const char *text)
{
	return text != NULL ? web_hash(hash, text, strlen(text))
			    : web_hash(hash, "", 1);
}

/* All that row_json takes of the row but for the bytes of its fragment. */
static uint64_t
hash_said(const struct view_row *r)
{
	const int64_t values[] = {r->status, r->since_utc_ms, r->at_utc_ms,
	    r->login, r->cash, r->money_known, r->fragment.data != NULL,
	    (int64_t)r->claims_len};
	const money_t amounts[] = {r->balance, r->credit, r->equity, r->profit};
	uint64_t hash = web_hash(1, values, sizeof(values));

	hash = web_hash(hash, amounts, sizeof(amounts));
	hash = hash_text(hash, r->node->id);
	hash = hash_text(hash, r->server);
	hash = hash_text(hash, r->error);
	for (size_t i = 0; i < r->claims_len; i++)
		hash = hash_text(hash, r->claims[i]->id);
	return hash;
}

/* What the ledger makes of the row at some moment. */
struct reckoned {
	struct pl pl;
	bool has_left;
	struct rule_left left;
};

static void
reckon(const struct board_row *r, int64_t utc_ms, struct reckoned *out)
{
	memset(out, 0, sizeof(*out));
	if (r->facts == NULL)
		return;
	if (row_pl(r->row, r->facts, utc_ms, &out->pl))
		out->has_left = row_left(r->row, r->facts, utc_ms, &out->left);
}

/* The text of "pl" and "rules" at that moment. */
static char *
ledger_text(const struct board_row *r, int64_t utc_ms)
{
	struct json j;
	char *text;

	json_init(&j, ROW_MAX);
	json_object(&j, NULL);
	row_json_of_ledger(&j, r->row, r->facts, utc_ms);
	json_end(&j);
	text = json_take(&j);
	json_done(&j);
	return text != NULL ? text : mem_strdup("");
}

static bool
same_text(const struct board_row *r, const char *text, int64_t utc_ms)
{
	char *other = ledger_text(r, utc_ms);
	bool same = strcmp(text, other) == 0;

	free(other);
	return same;
}

/*
 * Until when the clock changes nothing in the row: at most a minute. Whatever
 * the clock changes, it does so once in a direction, so that what is the same
 * at both ends was so between.
 */
static int64_t
unchanged_until(const struct board_row *r, const struct reckoned *now_is,
    int64_t now_utc_ms)
{
	int64_t same = now_utc_ms, other = now_utc_ms + LOOK_AHEAD_MS;
	struct reckoned then;
	char *text;

	reckon(r, other, &then);
	/* where padding differs one looks closer, and that is all */
	/* NOLINTNEXTLINE(cert-*,bugprone-*) */
	if (memcmp(now_is, &then, sizeof(then)) == 0)
		return other;
	text = ledger_text(r, now_utc_ms);
	if (same_text(r, text, other))
		same = other;
	while (other - same > 1) {
		int64_t middle = same + (other - same) / 2;

		if (same_text(r, text, middle))
			same = middle;
		else
			other = middle;
	}
	free(text);
	return other;
}

/* Of money, and somebody is warned of it: a loss; no target, no time. */
static bool
is_loss(enum rule_kind kind)
{
	return rule_kind_title(kind) != NULL && !rule_kind_of_trading(kind);
}

static void
find_most_used(struct row_made *m, const struct rule_limits *limits,
    const struct rule_left *left)
{
	for (int k = 0; k < RULE_KINDS; k++) {
		const struct rule_line_left *line = &left->line[k];

		if (!limits->line[k].is_set || !is_loss((enum rule_kind)k) ||
		    !line->used_known ||
		    (m->used_known && line->used <= m->used))
			continue;
		m->used_known = true;
		m->used = line->used;
		m->used_rule = (enum rule_kind)k;
		m->used_left = line->left;
		m->used_estimated = line->estimated;
	}
}

static void
make_numbers(struct board_row *r, int64_t now_utc_ms)
{
	struct row_made *m = r->made;
	struct reckoned is;

	reckon(r, now_utc_ms, &is);
	m->pl = is.pl;
	m->used_known = false;
	if (is.has_left)
		find_most_used(m, &r->facts->pl.limits, &is.left);
	m->from_utc_ms = now_utc_ms;
	m->until_utc_ms = unchanged_until(r, &is, now_utc_ms);
}

/* Another row, or another reading of it: nothing of it counts any more. */
static void
settle(const struct board *b, struct board_row *r)
{
	int64_t now = b->view->now_utc_ms;
	int64_t stamp = r->facts != NULL ? r->facts->stamp : 0;
	uint64_t said = hash_said(r->row);
	struct row_made *m = r->made;

	if (m->said == said && m->facts_stamp == stamp &&
	    now >= m->from_utc_ms && now < m->until_utc_ms)
		return;
	free(m->text);
	free(m->words);
	m->text = m->words = NULL;
	m->said = said;
	m->facts_stamp = stamp;
	make_numbers(r, now);
}

/* What the ledger knows of it; looked up once a reading of the ledger. */
static void
find_facts(struct board_row *r, const struct facts *facts)
{
	struct row_made *m = r->made;

	if (m->facts_of != facts || m->facts_reading != facts->reading) {
		m->facts_of = facts;
		m->facts_reading = facts->reading;
		m->facts = facts_find(facts, r->row->server, r->row->login);
	}
	r->facts = m->facts;
}

/* Where what was made of it is kept: in its node's place, where it has one. */
static struct row_made *
place_of(struct board *b, const struct view_row *row)
{
	if (row->made == NULL)
		return &b->own[b->own_len++];
	if (*row->made == NULL)
		*row->made = mem_new(1, sizeof(struct row_made));
	return *row->made;
}

void
board_make(struct board *b, const struct view *v, const struct facts *facts)
{
	memset(b, 0, sizeof(*b));
	b->view = v;
	b->rows = mem_new(v->rows_len, sizeof(*b->rows));
	b->own = mem_new(v->rows_len, sizeof(*b->own));
	for (size_t i = 0; i < v->rows_len; i++) {
		struct board_row *r = &b->rows[b->len++];

		r->row = &v->rows[i];
		r->made = place_of(b, r->row);
		find_facts(r, facts);
		settle(b, r);
	}
}

void
board_done(struct board *b)
{
	for (size_t i = 0; i < b->own_len; i++) {
		free(b->own[i].text);
		free(b->own[i].words);
	}
	free(b->own);
	free(b->rows);
	memset(b, 0, sizeof(*b));
}

/* ---- its text ---- */

/*
 * Cuts the age out. Its name stands first among the members of a row, and in no
 * string, where its quotes would have a backslash before them.
 */
static void
make_text(const struct board *b, struct board_row *r)
{
	struct row_made *m = r->made;
	struct json j;
	char *at, *end;

	if (m->text != NULL)
		return;
	json_init(&j, ROW_MAX);
	json_object(&j, NULL);
	row_json(&j, r->row, r->facts, b->view->now_utc_ms);
	json_end(&j);
	m->text = json_take(&j);
	json_done(&j);
	if (m->text == NULL)
		m->text = mem_strdup("{}");
	m->len = strlen(m->text);
	m->age_at = m->len;
	if ((at = strstr(m->text, AGE)) != NULL) {
		at += strlen(AGE);
		m->age_at = (size_t)(at - m->text);
		end = at + strspn(at, "0123456789.");
		memmove(at, end, strlen(end) + 1);
		m->len -= (size_t)(end - at);
	}
	m->hash = web_hash(1, m->text, m->len);
}

void
board_put_row(const struct board *b, struct board_row *r,
    const struct pick *fields, struct buf *out)
{
	int64_t now = b->view->now_utc_ms, at = r->row->at_utc_ms;
	const struct row_made *m = r->made;
	struct buf whole;

	make_text(b, r);
	if (fields != NULL) {
		buf_init(&whole, ROW_MAX);
		board_put_row(b, r, NULL, &whole);
		pick_put(fields, whole.data, whole.len, out);
		buf_done(&whole);
		return;
	}
	buf_add(out, m->text, m->age_at);
	if (at > 0)
		row_put_age(out, now > at ? now - at : 0);
	buf_add(out, m->text + m->age_at, m->len - m->age_at);
}

void
board_json_row(const struct board *b, struct board_row *r,
    const struct pick *fields, struct json *j)
{
	json_raw(j, NULL, "", 0); /* the comma */
	board_put_row(b, r, fields, &j->out);
}

uint64_t
board_hash(const struct board *b, struct board_row *r, uint64_t hash)
{
	make_text(b, r);
	return web_hash(hash, &r->made->hash, sizeof(r->made->hash));
}

/* pick.c: some members of a row instead of all. */
#include <stdlib.h>
#include <string.h>

#include "cgi-bin/dashboard/pick.h"
#include "lib/base/mem.h"
#include "lib/fleet/fields.h"

/* The members of a row, and those of its objects; lists have no dot. */
static const char *const plain[] = {"server", "login", "node", "status",
    "since_utc", "age_s", "at_utc", "error", "claims", "broker_offset_s",
    "usd_rate", "positions", "orders", "cash", "broker_zone", "rule_lines",
    NULL};
static const char *const of_pl[] = {
    "floating", "day", "day_pct", "total", "total_pct", "estimated", NULL};
static const char *const of_rules[] = {"today_left", "total_left",
    "target_left", "used_today", "used_total", "today_test", "total_test",
    "target_test", "total_mode", "total_high", "total_room", "total_rise",
    "days_done", "days_needed", "best_day_passed", "resets_utc", "estimated",
    NULL};
static const char *const of_phase[] = {"phase", "status", "holder", "prop_firm",
    "vs_group", "initial_balance", "tags", "note", "started_utc", "high",
    "paused_until_utc", "rule_set", "version", NULL};

static const struct {
	const char *name;
	const char *const *members;
	const struct field *fields; /* where a terminal says it */
} objects[] = {
    {"account", NULL, account_fields},
    {"terminal", NULL, terminal_fields},
    {"equity_range", NULL, equity_fields},
    {"history", NULL, history_fields},
    {"pl", of_pl, NULL},
    {"rules", of_rules, NULL},
    {"phase", of_phase, NULL},
};

const char pick_columns[] =
    "server,login,node,status,since_utc,age_s,at_utc,error,account.name,"
    "account.company,account.currency,account.trade_mode,account.leverage,"
    "account.balance,account.credit,account.equity,account.profit,"
    "account.margin,account.margin_free,account.margin_level,positions,orders,"
    "pl.day,pl.day_pct,pl.total,pl.total_pct,pl.estimated,phase.phase,"
    "phase.status,phase.holder,phase.prop_firm,phase.vs_group,"
    "phase.initial_balance,phase.started_utc,rules.today_left,"
    "rules.total_left,rules.target_left,rules.used_today,rules.used_total,"
    "rules.days_done,rules.days_needed,rules.resets_utc";

static bool
is_in(const char *const list[], const char *name)
{
	while (*list != NULL && strcmp(*list, name) != 0)
		list++;
	return *list != NULL;
}

static bool
is_field(const struct field *f, const char *name)
{
	while (f->name != NULL && strcmp(f->name, name) != 0)
		f++;
	return f->name != NULL;
}

static bool
is_known(const char *name)
{
	size_t len = strcspn(name, ".");
	const char *member = name[len] == '.' ? name + len + 1 : NULL;

	if (member == NULL && is_in(plain, name))
		return true;
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		if (strlen(objects[i].name) != len ||
		    strncmp(objects[i].name, name, len) != 0)
			continue;
		return member == NULL ||
		       (objects[i].members != NULL
			       ? is_in(objects[i].members, member)
			       : is_field(objects[i].fields, member));
	}
	return false;
}

int
pick_read(struct pick *p, const char *list, const char **bad)
{
	char *rest;

	memset(p, 0, sizeof(*p));
	*bad = NULL;
	rest = p->text = mem_strdup(list);
	while (rest != NULL) {
		const char *name = strsep(&rest, ",");

		if (!is_known(name)) {
			*bad = name;
			return -1;
		}
		if (p->len == PICK_MAX)
			return -1;
		p->names[p->len++] = name;
	}
	return 0;
}

void
pick_done(struct pick *p)
{
	free(p->text);
	memset(p, 0, sizeof(*p));
}

/* ---- JSON that we made: no blank between its parts ---- */

/* Behind the value that begins at p. */
static const char *
value_end(const char *p, const char *end)
{
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '"')
			for (p++; p < end && *p != '"'; p++)
				p += *p == '\\';
		else if (*p == '{' || *p == '[')
			depth++;
		else if (*p == '}' || *p == ']') {
			if (depth == 0)
				return p;
			depth--;
		} else if (*p == ',' && depth == 0)
			return p;
	}
	return end;
}

struct member {
	const char *name, *value;
	size_t name_len, value_len;
};

/* The member that begins at *at, which then is behind it. */
static bool
next_member(const char **at, const char *end, struct member *m)
{
	const char *p = *at, *quote;

	if (p < end && (*p == '{' || *p == ','))
		p++;
	if (p >= end || *p != '"' ||
	    (quote = memchr(p + 1, '"', (size_t)(end - p - 1))) == NULL ||
	    quote + 2 > end)
		return false;
	m->name = p + 1;
	m->name_len = (size_t)(quote - m->name);
	m->value = quote + 2; /* the colon */
	*at = value_end(m->value, end);
	m->value_len = (size_t)(*at - m->value);
	return true;
}

static bool
is_named(const struct member *m, const char *name, size_t len)
{
	return m->name_len == len && memcmp(m->name, name, len) == 0;
}

static bool
find(const char *name, size_t name_len, const char *text, size_t len,
    struct member *m)
{
	const char *at = text;

	while (next_member(&at, text + len, m))
		if (is_named(m, name, name_len))
			return true;
	return false;
}

bool
pick_find(const char *name, const char *text, size_t len, const char **value,
    size_t *value_len)
{
	size_t first = strcspn(name, ".");
	struct member m;

	if (!find(name, first, text, len, &m))
		return false;
	if (name[first] == '.' &&
	    (*m.value != '{' ||
		!find(name + first + 1, strlen(name + first + 1), m.value,
		    m.value_len, &m)))
		return false;
	*value = m.value;
	*value_len = m.value_len;
	return true;
}

/* The member itself is picked, or some of its members. */
static void
how_picked(const struct pick *p, const struct member *m, bool *all, bool *some)
{
	*all = *some = false;
	for (size_t i = 0; i < p->len; i++) {
		size_t first = strcspn(p->names[i], ".");

		if (!is_named(m, p->names[i], first))
			continue;
		*all = *all || p->names[i][first] == '\0';
		*some = *some || p->names[i][first] == '.';
	}
}

static bool
is_picked(const struct pick *p, const struct member *of, const struct member *m)
{
	for (size_t i = 0; i < p->len; i++) {
		const char *name = p->names[i];

		if (strncmp(name, of->name, of->name_len) == 0 &&
		    name[of->name_len] == '.' &&
		    is_named(m, name + of->name_len + 1,
			strlen(name + of->name_len + 1)))
			return true;
	}
	return false;
}

static void
put_member(struct buf *out, const struct member *m, bool first, size_t len)
{
	if (!first)
		buf_putc(out, ',');
	buf_putc(out, '"');
	buf_add(out, m->name, m->name_len);
	buf_puts(out, "\":");
	buf_add(out, m->value, len);
}

static void
put_some(const struct pick *p, const struct member *of, struct buf *out)
{
	const char *at = of->value, *end = of->value + of->value_len;
	struct member m;
	bool first = true;

	buf_putc(out, '{');
	while (next_member(&at, end, &m))
		if (is_picked(p, of, &m)) {
			put_member(out, &m, first, m.value_len);
			first = false;
		}
	buf_putc(out, '}');
}

void
pick_put(const struct pick *p, const char *text, size_t len, struct buf *out)
{
	const char *at = text;
	bool first = true, all, some;
	struct member m;

	buf_putc(out, '{');
	while (next_member(&at, text + len, &m)) {
		how_picked(p, &m, &all, &some);
		if (!all && !some)
			continue;
		/* of what is null there are no members */
		if (all || *m.value != '{')
			put_member(out, &m, first, m.value_len);
		else {
			put_member(out, &m, first, 0);
			put_some(p, &m, out);
		}
		first = false;
	}
	buf_putc(out, '}');
}

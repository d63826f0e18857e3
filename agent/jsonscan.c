/* jsonscan.c: is this JSON to the letter, and where do its members stand? */
#include <string.h>

#include "agent/jsonscan.h"

struct scan {
	const char *at, *end;
	int depth;
};

static bool value(struct scan *s, size_t *count);

static char
peek(const struct scan *s)
{
	return s->at < s->end ? *s->at : '\0';
}

static bool
take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static void
blanks(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' ||
				     *s->at == '\r' || *s->at == '\n'))
		s->at++;
}

static bool
digits(struct scan *s)
{
	const char *start = s->at;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->at++;
	return s->at > start;
}

static bool
number(struct scan *s)
{
	take(s, '-');
	if (!take(s, '0') && !digits(s))
		return false;
	if (take(s, '.') && !digits(s))
		return false;
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			take(s, '-');
		return digits(s);
	}
	return true;
}

static bool
word(struct scan *s, const char *w)
{
	size_t len = strlen(w);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, w, len) != 0)
		return false;
	s->at += len;
	return true;
}

static bool
hex4(struct scan *s, unsigned *out)
{
	static const char alphabet[] = "0123456789abcdef";
	const char *digit;
	unsigned v = 0;

	for (int i = 0; i < 4; i++) {
		char c = peek(s);

		if (c >= 'A' && c <= 'F')
			c = (char)(c - 'A' + 'a');
		if (c == '\0' || (digit = strchr(alphabet, c)) == NULL)
			return false;
		v = v * 16 + (unsigned)(digit - alphabet);
		s->at++;
	}
	*out = v;
	return true;
}

/* What follows a backslash. */
static bool
escape(struct scan *s)
{
	unsigned high, low;
	char c = peek(s);

	if (c == '\0' || strchr("\"\\/bfnrtu", c) == NULL)
		return false;
	s->at++;
	if (c != 'u')
		return true;
	if (!hex4(s, &high) || (high >= 0xdc00 && high <= 0xdfff))
		return false;
	if (high < 0xd800 || high > 0xdbff)
		return high != 0; /* a text of C ends there */
	return word(s, "\\u") && hex4(s, &low) && low >= 0xdc00 &&
	       low <= 0xdfff;
}

static bool
string(struct scan *s)
{
	if (!take(s, '"'))
		return false;
	while (s->at < s->end && *s->at != '"') {
		unsigned char c = (unsigned char)*s->at++;

		if (c < 0x20 || (c == '\\' && !escape(s)))
			return false;
	}
	return take(s, '"');
}

/* A name and its colon. */
static bool
name(struct scan *s)
{
	if (!string(s))
		return false;
	blanks(s);
	if (!take(s, ':'))
		return false;
	blanks(s);
	return true;
}

static bool
scope(struct scan *s, char close, size_t *count)
{
	size_t ignored;

	s->at++;
	blanks(s);
	if (take(s, close))
		return true;
	do {
		blanks(s);
		if (close == '}' && !name(s))
			return false;
		if (!value(s, &ignored))
			return false;
		blanks(s);
		++*count;
	} while (take(s, ','));
	return take(s, close);
}

static bool
value(struct scan *s, size_t *count)
{
	bool ok;

	*count = 0;
	switch (peek(s)) {
	case '{':
	case '[':
		if (++s->depth > JSONSCAN_DEPTH_MAX)
			return false;
		ok = scope(s, *s->at == '{' ? '}' : ']', count);
		s->depth--;
		return ok;
	case '"':
		return string(s);
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	case 'n':
		return word(s, "null");
	default:
		return number(s);
	}
}

static const struct member *
find(const struct members *m, const char *name_at, size_t len)
{
	for (size_t i = 0; i < m->len; i++)
		if (m->list[i].name_len == len &&
		    memcmp(m->list[i].name, name_at, len) == 0)
			return &m->list[i];
	return NULL;
}

static bool
top_member(struct scan *s, struct members *out)
{
	struct member m;
	const char *quote = s->at;

	if (out->len == JSONSCAN_MEMBERS_MAX || !string(s))
		return false;
	m.name = quote + 1;
	m.name_len = (size_t)(s->at - quote) - 2;
	s->at = quote;
	if (find(out, m.name, m.name_len) != NULL || !name(s))
		return false;
	m.value = s->at;
	if (!value(s, &m.count))
		return false;
	m.len = (size_t)(s->at - m.value);
	out->list[out->len++] = m;
	return true;
}

bool
jsonscan_object(const char *text, size_t len, struct members *out)
{
	struct scan s = {text, text + len, 1};

	out->len = 0;
	if (!take(&s, '{'))
		return false;
	blanks(&s);
	if (!take(&s, '}')) {
		do {
			blanks(&s);
			if (!top_member(&s, out))
				return false;
			blanks(&s);
		} while (take(&s, ','));
		if (!take(&s, '}'))
			return false;
	}
	return s.at == s.end;
}

const struct member *
members_find(const struct members *m, const char *name_text)
{
	return find(m, name_text, strlen(name_text));
}

/* words.c: what a search looks in, in small letters of any alphabet. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "cgi-bin/dashboard/board.h"
#include "cgi-bin/dashboard/pick.h"
#include "lib/base/mem.h"
#include "lib/base/utf8.h"

#define WORDS_MAX ((size_t)256 << 10)

static wint_t
decode(const char *s, size_t len)
{
	static const unsigned char first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	wint_t c = (unsigned char)s[0] & first[len];

	for (size_t i = 1; i < len; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	return c;
}

static void
encode(struct buf *out, wint_t c)
{
	if (c < 0x80)
		buf_putc(out, (char)c);
	else if (c < 0x800) {
		buf_putc(out, (char)(0xc0 | c >> 6));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_putc(out, (char)(0xe0 | c >> 12));
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_putc(out, (char)(0xf0 | c >> 18));
		buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	}
}

static void
fold(struct buf *out, const char *text, size_t len)
{
	static locale_t utf8;
	size_t n;

	if (utf8 == NULL)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	for (size_t i = 0; i < len; i += n) {
		char c = text[i];

		n = utf8_length(text + i, len - i);
		if (n > 1 && utf8 != NULL)
			encode(out, towlower_l(decode(text + i, n), utf8));
		else if (n > 1)
			buf_add(out, text + i, n);
		else {
			n = 1;
			buf_putc(out,
			    c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
		}
	}
}

char *
board_fold(const char *text)
{
	struct buf b;
	char *folded;

	buf_init(&b, WORDS_MAX);
	fold(&b, text, strlen(text));
	folded = buf_take(&b);
	buf_done(&b);
	return folded;
}

static void
add(struct buf *out, const char *text)
{
	if (text == NULL)
		return;
	fold(out, text, strlen(text));
	buf_putc(out, '\n');
}

/* As it was before it was escaped, as far as anybody would search for it. */
static void
add_json(struct buf *out, const char *text, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++)
		if (text[i] == '\\') {
			fold(out, text + from, i - from);
			from = ++i;
		}
	fold(out, text + from, len - from);
	buf_putc(out, '\n');
}

/* A text of the row as its JSON has it. */
static void
add_told(struct buf *out, const struct view_row *row, const char *name)
{
	const char *value;
	size_t len;

	if (row->fragment.data == NULL ||
	    !pick_find(
		name, row->fragment.data, row->fragment.len, &value, &len) ||
	    len < 2 || *value != '"')
		return;
	add_json(out, value + 1, len - 2);
}

const char *
board_words(struct board_row *r)
{
	const struct account_facts *facts = r->facts;
	const struct view_row *row = r->row;
	struct buf b;

	if (r->made->words != NULL)
		return r->made->words;
	buf_init(&b, WORDS_MAX);
	if (row->server != NULL) {
		buf_printf(&b, "%lld\n", (long long)row->login);
		add(&b, row->server);
	}
	add(&b, row->node->id);
	add_told(&b, row, "account.name");
	add_told(&b, row, "account.company");
	if (facts != NULL) {
		add(&b, facts->holder);
		add(&b, facts->prop_firm);
		add(&b, facts->vs_group);
		if (facts->tags != NULL)
			add_json(&b, facts->tags, strlen(facts->tags));
	}
	r->made->words = buf_take(&b);
	buf_done(&b);
	return r->made->words;
}

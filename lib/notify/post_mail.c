/* post_mail.c: a message as RFC 5322 and MIME have it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/base64.h"
#include "lib/base/mem.h"
#include "lib/notify/post_own.h"

#define TEXT_MAX 60000
#define TEXT_CAP (256 * 1024)
#define SUBJECT_MAX 150
#define LINE_BYTES 57 /* 76 of base64 */

/* RFC 2047, in words of at most 75 characters, never cut inside a letter. */
static void
put_subject(struct buf *b, const char *text)
{
	size_t len = strlen(text), n;

	buf_puts(b, "Subject:");
	for (; len > 0; text += n, len -= n) {
		for (n = len > 42 ? 42 : len;
		     n < len && n > 1 &&
		     ((unsigned char)text[n] & 0xc0) == 0x80;
		     n--)
			;
		buf_puts(b, " =?utf-8?B?");
		base64_encode(b, text, n);
		buf_puts(b, n < len ? "?=\r\n" : "?=");
	}
	buf_puts(b, "\r\n");
}

static void
put_date(struct buf *b, int64_t utc_ms)
{
	/* not strftime: a locale has other words */
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t at = (time_t)(utc_ms / 1000);
	struct tm tm;

	gmtime_r(&at, &tm);
	buf_printf(b, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
	    days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void
post_email(struct job *j)
{
	const struct target *t = j->t;
	struct buf *b = &j->r->body, text;

	j->r->mail = (struct fetch_mail){.from = t->from,
	    .to = (const char *const *)t->to.list,
	    .to_len = t->to.len,
	    .user = t->user,
	    .plain = t->plain};
	j->r->fetch.mail = &j->r->mail;
	j->r->fetch.token = t->password;
	buf_init(&text, TEXT_CAP);
	text_title(&text, t, j->notices, j->len, SUBJECT_MAX);
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] < ' ')
			text.data[i] = ' ';
	buf_printf(b, "From: mt5fleet <%s>\r\nTo: ", t->from);
	for (size_t i = 0; i < t->to.len; i++)
		buf_printf(b, "%s%s", i > 0 ? ",\r\n " : "", t->to.list[i]);
	buf_puts(b, "\r\n");
	put_subject(b, text.data);
	put_date(b, j->site->now_utc_ms);
	buf_printf(b, "Message-ID: <%s%s>\r\n", j->id, strrchr(t->from, '@'));
	buf_puts(b, "Auto-Submitted: auto-generated\r\n"
		    "MIME-Version: 1.0\r\n"
		    "Content-Type: text/plain; charset=utf-8\r\n"
		    "Content-Transfer-Encoding: base64\r\n\r\n");
	buf_reset(&text);
	text_lines(&text, t, TEXT_PLAIN, j->notices, j->len, TEXT_MAX);
	text_link(&text, j->site->url, j->notices, j->len);
	for (size_t i = 0; i < text.len; i += LINE_BYTES) {
		base64_encode(b, text.data + i,
		    text.len - i < LINE_BYTES ? text.len - i : LINE_BYTES);
		buf_puts(b, "\r\n");
	}
	buf_done(&text);
}

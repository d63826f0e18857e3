/* text.h: notices as the lines of a message. */
#ifndef LIB_NOTIFY_TEXT_H
#define LIB_NOTIFY_TEXT_H

#include "lib/notify/notice.h"

/* What a service takes for markup. */
enum text_markup { TEXT_PLAIN, TEXT_TELEGRAM, TEXT_DISCORD, TEXT_SLACK };

/* s so that it is shown as it stands: no markup, nobody called by name. */
void text_escape(struct buf *b, enum text_markup markup, const char *s);

/* One line, escaped, without its end. */
void text_line(struct buf *b, const struct target *t, enum text_markup markup,
    const struct notice *n);

/*
 * One line each, the worst first, at most max bytes; what is too much is
 * counted ("and 7 more").
 */
void text_lines(struct buf *b, const struct target *t, enum text_markup markup,
    const struct notice *notices, size_t len, size_t max);

/* What a list of notices is called in one line of at most max bytes: the line
 * of the only one, or how many there are. */
void text_title(struct buf *b, const struct target *t,
    const struct notice *notices, size_t len, size_t max);

/* The page of the account that all are of, or of the site. "": no site. */
void text_link(
    struct buf *b, const char *site, const struct notice *notices, size_t len);

enum alert_level text_worst(const struct notice *notices, size_t len);

#endif

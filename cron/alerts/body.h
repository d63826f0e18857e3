/* body.h: what a webhook wants to be sent. */
#ifndef ALERTS_BODY_H
#define ALERTS_BODY_H

#include "cron/alerts/list.h"
#include "lib/base/buf.h"

enum body_format {
	BODY_JSON,
	BODY_TELEGRAM,
	BODY_DISCORD,
	BODY_SLACK,
	BODY_NTFY
};

/* What is told, in one message. */
struct notice {
	const struct alert *alert;
	enum alert_due due;
};

bool body_format_from(const char *word, enum body_format *format);
const char *body_type(enum body_format format); /* Content-Type */

/* The body, for the caller to buf_done(). */
void body_make(struct buf *b, enum body_format format,
    const struct notice *notices, size_t len);

#endif

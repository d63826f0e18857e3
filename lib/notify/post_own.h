/* post_own.h: between post.c and the files that write bodies. */
#ifndef LIB_NOTIFY_POST_OWN_H
#define LIB_NOTIFY_POST_OWN_H

#include "lib/notify/post.h"
#include "lib/notify/text.h"

struct job {
	struct post *r;
	const struct target *t;
	const struct post_site *site;
	const char *id;
	const struct notice *notices;
	size_t len;
};

void post_header(struct post *r, const char *name, const char *value);
/* The JSON that j holds is the body. */
void post_json(struct post *r, struct json *j);

typedef void post_body_fn(struct job *j);
post_body_fn post_webhook, post_telegram, post_discord, post_slack, post_ntfy,
    post_gotify, post_pushover, post_pagerduty, post_alertmanager, post_email,
    post_apprise;

#endif

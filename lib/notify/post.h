/*
 * post.h: what one target is sent, in the form its service wants, and what
 * came of it.
 */
#ifndef LIB_NOTIFY_POST_H
#define LIB_NOTIFY_POST_H

#include "lib/http/fetch.h"
#include "lib/notify/notice.h"

#define POST_HEADERS_MAX 6

struct post {
	struct fetch_request fetch;
	struct fetch_mail mail;
	struct buf body;
	char *url;
	char *headers[POST_HEADERS_MAX + 1];
	size_t headers_len;
};

/* What all targets have in common. */
struct post_site {
	const char *url;   /* the site's, "": not known */
	const char *proxy; /* PROXY_URL */
	int64_t now_utc_ms;
};

/* How many notices one request of that type takes. */
size_t post_takes(enum target_type type);

/* len > 0; id names the request, for what must not count twice. */
void post_make(struct post *r, const struct target *t,
    const struct post_site *site, const char *id, const struct notice *notices,
    size_t len);
/* A body that is made already, to a web hook. */
void post_make_hook(struct post *r, const struct target *t,
    const struct post_site *site, const char *id, const char *body);
void post_done(struct post *r);

/* A test message, at once. */
void post_test(const struct target *t, const struct post_site *site,
    fetch_done *done, void *arg);

struct post_outcome {
	bool sent;
	bool permanent;  /* it will not heal by itself */
	bool unsure;     /* it may have arrived */
	int64_t wait_ms; /* as the service said; 0: it did not */
	char *error;     /* the caller's; without secrets; NULL: sent */
};
void post_judge(struct post_outcome *o, const struct target *t,
    const struct fetch_answer *a);

/* For how long after so many failures in a row. */
int64_t post_wait_ms(int64_t failures, const struct post_outcome *o);

#endif

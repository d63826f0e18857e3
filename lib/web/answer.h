/* answer.h: one request by the variables of CGI, from reading to sending. */
#ifndef LIB_WEB_ANSWER_H
#define LIB_WEB_ANSWER_H

#include <sys/types.h>

#include "lib/web/web.h"

/* What stands between web_answer and the outside. */
struct web_io {
	const char *(*var)(void *arg, const char *name); /* CGI's; or NULL */
	/* Bytes read, 0 at the end, -1 on error. */
	ssize_t (*read)(void *arg, char *data, size_t len);
	int (*write)(void *arg, const char *data, size_t len);
	void *arg;
};

/* Reads a request, answers it; -1 when the answer did not go out whole. */
int web_answer(const struct web *w, const struct web_io *io);

#endif

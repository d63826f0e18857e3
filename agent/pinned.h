/*
 * pinned.h: HTTPS requests to one site whose key is known beforehand: whoever
 * has no such key gets nothing from us, not even the question.
 */
#ifndef AGENT_PINNED_H
#define AGENT_PINNED_H

#include "agent/platform.h"
#include "lib/base/buf.h"

#define PINNED_ERROR_SIZE 256

struct pinned {
	char *host, *path; /* of the site; path has no slash at its end */
	int port;
	unsigned char key[32];         /* SHA-256 of SubjectPublicKeyInfo */
	char peer[PLATFORM_PEER_SIZE]; /* whom the last request went to */
	char error[PINNED_ERROR_SIZE];
};

/* site "https://host[:port][/path]", pin "sha256//" and base64. 0, or -1 with
 * the error. pinned_done in both cases. */
int pinned_init(struct pinned *p, const char *site, const char *pin);
void pinned_done(struct pinned *p);

/*
 * The answer's status, its body added to *body; -1 with the error. json NULL:
 * a GET, else it is posted.
 */
int pinned_request(
    struct pinned *p, const char *path, const char *json, struct buf *body);

#endif

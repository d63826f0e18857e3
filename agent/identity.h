/* identity.h: the certificate that the coordinator pins. */
#ifndef AGENT_IDENTITY_H
#define AGENT_IDENTITY_H

#include <stddef.h>

struct identity {
	char *cert; /* PEM */
	char *key;  /* PEM */
};

/* A key and a certificate signed by itself, good for ten years, for these
 * names (numbers or host names). NULL, or what failed. */
const char *identity_make(
    struct identity *id, const char *const *names, size_t len);
/* The same for the names that are in that certificate (PEM). */
const char *identity_like(struct identity *id, const char *cert);
void identity_done(struct identity *id);

#endif

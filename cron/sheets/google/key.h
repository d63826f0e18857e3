/* key.h: the service account's key file, as Google gives it. */
#ifndef SHEETS_GOOGLE_KEY_H
#define SHEETS_GOOGLE_KEY_H

#include <stddef.h>

struct evp_pkey_st;

struct key {
	char *email;     /* client_email: the sheet is shared with it */
	char *id;        /* private_key_id; NULL: the file has none */
	char *token_uri; /* where tokens are asked for: https */
	struct evp_pkey_st *rsa;
	int file_mode; /* of the file: others must not read it */
};

/*
 * 0, or -1 with what is wrong in why; nothing of the key is in it.
 * key_done in both cases.
 */
int key_load(struct key *k, const char *file, char *why, size_t why_size);
void key_done(struct key *k);

#endif

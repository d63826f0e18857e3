/* auth.c: the bearer token, compared in constant time. */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent/auth.h"

#define SCHEME "Bearer "
#define DIGEST_SIZE 32

/* Of the hashes, so that not even the token's length shows. */
bool
auth_is_token(const char *header, const char *token)
{
	unsigned char given[DIGEST_SIZE], right[DIGEST_SIZE];

	if (header == NULL ||
	    strncasecmp(header, SCHEME, sizeof(SCHEME) - 1) != 0)
		return false;
	header += sizeof(SCHEME) - 1;
	if (gnutls_hash_fast(
		GNUTLS_DIG_SHA256, header, strlen(header), given) != 0 ||
	    gnutls_hash_fast(GNUTLS_DIG_SHA256, token, strlen(token), right) !=
		0)
		return false;
	return gnutls_memcmp(given, right, DIGEST_SIZE) == 0;
}

void
auth_random_hex(char *text, size_t size)
{
	unsigned char byte;

	for (size_t i = 0; i + 1 < size; i++) {
		if (gnutls_rnd(GNUTLS_RND_RANDOM, &byte, 1) != 0)
			abort();
		text[i] = "0123456789abcdef"[byte & 15];
	}
	text[size - 1] = '\0';
}

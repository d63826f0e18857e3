/* auth.c: the bearer token, compared in constant time. */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent/auth.h"

#define SCHEME "Bearer "
#define DIGEST_SIZE 32

/* Compares hashes, so that not even the length can be timed. */
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

static int
find(const struct auth *a, const char *address)
{
	for (int i = 0; i < AUTH_ADDRESSES; i++)
		if (strcmp(a->list[i].address, address) == 0)
			return i;
	return -1;
}

static int
oldest(const struct auth *a)
{
	int at = 0;

	for (int i = 1; i < AUTH_ADDRESSES; i++)
		if (a->list[i].full_mono_ms < a->list[at].full_mono_ms)
			at = i;
	return at;
}

/* A token bucket: each wrong token moves full_mono_ms further away. */
int
auth_wait_s(const struct auth *a, const char *address, int64_t now_mono_ms)
{
	int64_t allowed_ms = (int64_t)AUTH_BURST * AUTH_REFILL_S * 1000;
	int at = find(a, address);
	int64_t over_ms;

	if (at == -1)
		return 0;
	over_ms = a->list[at].full_mono_ms - now_mono_ms - allowed_ms;
	return over_ms < 0 ? 0 : (int)(over_ms / 1000) + 1;
}

void
auth_failed(struct auth *a, const char *address, int64_t now_mono_ms)
{
	int at = find(a, address);

	if (at == -1) {
		at = oldest(a);
		snprintf(a->list[at].address, sizeof(a->list[at].address), "%s",
		    address);
		a->list[at].full_mono_ms = now_mono_ms;
	}
	if (a->list[at].full_mono_ms < now_mono_ms)
		a->list[at].full_mono_ms = now_mono_ms;
	a->list[at].full_mono_ms += AUTH_REFILL_S * 1000;
}

bool
auth_host_is_local(const char *host)
{
	size_t len = strcspn(host, ":");

	return *host == '[' || strspn(host, "0123456789.") == len ||
	       memchr(host, '.', len) == NULL;
}

bool
auth_origin_is_own(const char *origin, const char *host)
{
	const char *at = strstr(origin, "://");

	return *origin == '\0' || (at != NULL && strcmp(at + 3, host) == 0);
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

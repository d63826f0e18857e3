/* hash.c: 64 bits that stand for a text; 0 stands for none. */
#include <openssl/sha.h>
#include <string.h>

#include "cron/sheets/hash.h"

uint64_t
hash_bytes(const void *data, size_t len)
{
	unsigned char sum[SHA256_DIGEST_LENGTH];
	uint64_t v;

	SHA256(data, len, sum);
	memcpy(&v, sum, sizeof(v));
	return v != 0 ? v : 1;
}

uint64_t
hash_text(const char *s)
{
	return hash_bytes(s, strlen(s));
}

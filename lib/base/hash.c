/* hash.c: FNV-1a. */
#include <string.h>

#include "lib/base/hash.h"

uint64_t
hash_add_number(uint64_t hash, uint64_t n)
{
	return (hash ^ n) * UINT64_C(1099511628211);
}

uint64_t
hash_add(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *at = data;

	for (size_t i = 0; i < len; i++)
		hash = hash_add_number(hash, at[i]);
	return hash;
}

uint64_t
hash_add_text(uint64_t hash, const char *s)
{
	return hash_add(hash, s, strlen(s) + 1);
}

uint32_t
hash_short(const char *s)
{
	uint32_t hash = 2166136261u;

	for (; *s != '\0'; s++)
		hash = (hash ^ (unsigned char)*s) * 16777619u;
	return hash;
}

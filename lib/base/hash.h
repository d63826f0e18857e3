/* hash.h: FNV-1a, the same on every machine. Not for what an attacker picks. */
#ifndef LIB_BASE_HASH_H
#define LIB_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(14695981039346656037)

/* Goes on from hash, HASH_START at first. */
uint64_t hash_add(uint64_t hash, const void *data, size_t len);
/* The same with its terminating zero: "a","bc" is not "ab","c". */
uint64_t hash_add_text(uint64_t hash, const char *s);

/* One step of it for a whole number: not what its bytes would give. */
uint64_t hash_add_number(uint64_t hash, uint64_t n);

/* The 32-bit one, without the zero: which shard a node belongs to. */
uint32_t hash_short(const char *s);

#endif

/* hash.h: 64 bits that stand for a text; 0 stands for none. */
#ifndef SHEETS_HASH_H
#define SHEETS_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *data, size_t len);
uint64_t hash_text(const char *s);

#endif

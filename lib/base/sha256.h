/* sha256.h: SHA-256, of what is in memory. */
#ifndef LIB_BASE_SHA256_H
#define LIB_BASE_SHA256_H

#include <stddef.h>

#define SHA256_SIZE 32
#define SHA256_HEX_SIZE 65    /* its hex digits and a zero */
#define SHA256_BASE64_SIZE 45 /* in base64 */

void sha256(const void *data, size_t len, unsigned char digest[SHA256_SIZE]);

void sha256_hex(const void *data, size_t len, char text[SHA256_HEX_SIZE]);
void sha256_base64(const void *data, size_t len, char text[SHA256_BASE64_SIZE]);

/* HMAC-SHA-256 (RFC 2104). */
void sha256_hmac(const void *key, size_t key_len, const void *data, size_t len,
    unsigned char digest[SHA256_SIZE]);

#endif

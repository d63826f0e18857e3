/* sha256.c: SHA-256 (FIPS 180-4). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/sha256.h"

#define BLOCK 64

static const uint32_t k[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
    0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138,
    0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
    0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
    0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f,
    0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t
turn(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void
block(uint32_t h[8], const unsigned char *p)
{
	uint32_t w[64], v[8], t1, t2;

	for (int i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		       (uint32_t)p[2] << 8 | p[3];
	for (int i = 16; i < 64; i++)
		w[i] =
		    w[i - 16] + w[i - 7] +
		    (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^
			w[i - 15] >> 3) +
		    (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
	memcpy(v, h, sizeof(v));
	for (int i = 0; i < 64; i++) {
		t1 = v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) +
		     ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
		t2 = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) +
		     ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (int i = 0; i < 8; i++)
		h[i] += v[i];
}

void
sha256(const void *data, size_t len, unsigned char digest[SHA256_SIZE])
{
	uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
	const unsigned char *p = data;
	unsigned char last[128] = {0};
	size_t left = len % 64, end = left < 56 ? 64 : 128;
	uint64_t bits = (uint64_t)len * 8;

	for (size_t n = len / 64; n > 0; n--, p += 64)
		block(h, p);
	if (left > 0)
		memcpy(last, p, left);
	last[left] = 0x80;
	for (size_t i = 0; i < 8; i++)
		last[end - 1 - i] = (unsigned char)(bits >> 8 * i);
	for (size_t i = 0; i < end; i += 64)
		block(h, last + i);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		digest[i] = (unsigned char)(h[i / 4] >> (24 - 8 * (i % 4)));
}

void
sha256_hex(const void *data, size_t len, char text[SHA256_HEX_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char d[SHA256_SIZE];

	sha256(data, len, d);
	for (size_t i = 0; i < SHA256_SIZE; i++) {
		text[2 * i] = digits[d[i] >> 4];
		text[2 * i + 1] = digits[d[i] & 15];
	}
	text[SHA256_HEX_SIZE - 1] = '\0';
}

void
sha256_base64(const void *data, size_t len, char text[SHA256_BASE64_SIZE])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char d[SHA256_SIZE + 1] = {0};
	char *to = text;

	sha256(data, len, d);
	for (size_t i = 0; i < SHA256_SIZE; i += 3) {
		uint32_t v = (uint32_t)d[i] << 16 | (uint32_t)d[i + 1] << 8;

		if (i + 2 < SHA256_SIZE)
			v |= d[i + 2];
		*to++ = digits[v >> 18];
		*to++ = digits[v >> 12 & 63];
		*to++ = digits[v >> 6 & 63];
		*to++ = digits[v & 63];
	}
	to[-1] = '='; /* 32 bytes are 42 digits and two bits */
	*to = '\0';
}

/* The key, padded and mixed, in front of what is hashed. */
static void
keyed(const unsigned char key[BLOCK], unsigned char pad, const void *data,
    size_t len, unsigned char digest[SHA256_SIZE])
{
	unsigned char *all = mem_new(BLOCK + len, 1);

	for (size_t i = 0; i < BLOCK; i++)
		all[i] = key[i] ^ pad;
	if (len > 0)
		memcpy(all + BLOCK, data, len);
	sha256(all, BLOCK + len, digest);
	free(all);
}

void
sha256_hmac(const void *key, size_t key_len, const void *data, size_t len,
    unsigned char digest[SHA256_SIZE])
{
	unsigned char whole[BLOCK] = {0}, inner[SHA256_SIZE];

	if (key_len > BLOCK)
		sha256(key, key_len, whole);
	else if (key_len > 0)
		memcpy(whole, key, key_len);
	keyed(whole, 0x36, data, len, inner);
	keyed(whole, 0x5c, inner, sizeof(inner), digest);
}

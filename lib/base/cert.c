/* cert.c: certificates in PEM: fingerprint and pin. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/cert.h"
#include "lib/base/mem.h"
#include "lib/base/sha256.h"

#define DER_MAX ((size_t)64 * 1024)
#define PINS_MAX ((size_t)16 * 1024)

static const char begin[] = "-----BEGIN CERTIFICATE-----";
static const char end_mark[] = "-----END CERTIFICATE-----";

/* ---- DER: a tag, a length, a content ---- */

#define TAG_INTEGER 0x02
#define TAG_BITS 0x03
#define TAG_SEQUENCE 0x30
#define TAG_VERSION 0xa0

struct der {
	const unsigned char *at, *end;
};

/*
 * The next element of in: its content, and the whole of it. False: there is
 * none of that tag, or it is longer than what holds it.
 */
static bool
der_take(
    struct der *in, unsigned char tag, struct der *content, struct der *whole)
{
	const unsigned char *p = in->at;
	size_t len, n;

	if (in->end - p < 2 || *p++ != tag)
		return false;
	len = *p++;
	if (len >= 0x80) {
		n = len & 0x7f;
		if (n == 0 || n > 4 || (size_t)(in->end - p) < n || *p == 0)
			return false; /* no end given, or not the shortest */
		for (len = 0; n > 0; n--)
			len = len << 8 | *p++;
		if (len < 0x80)
			return false;
	}
	if ((size_t)(in->end - p) < len)
		return false;
	if (whole != NULL)
		*whole = (struct der){in->at, p + len};
	if (content != NULL)
		*content = (struct der){p, p + len};
	in->at = p + len;
	return true;
}

/* Certificate -> its TBSCertificate -> its key. */
static bool
find_key(struct der all, struct der *key, struct der *bits)
{
	struct der cert, tbs, info;

	if (!der_take(&all, TAG_SEQUENCE, &cert, NULL) || all.at != all.end ||
	    !der_take(&cert, TAG_SEQUENCE, &tbs, NULL) ||
	    /* signature's algorithm and signature */
	    !der_take(&cert, TAG_SEQUENCE, NULL, NULL) ||
	    !der_take(&cert, TAG_BITS, NULL, NULL) || cert.at != cert.end)
		return false;
	(void)der_take(&tbs, TAG_VERSION, NULL, NULL);
	/* serial, algorithm, issuer, validity, subject */
	if (!der_take(&tbs, TAG_INTEGER, NULL, NULL) ||
	    !der_take(&tbs, TAG_SEQUENCE, NULL, NULL) ||
	    !der_take(&tbs, TAG_SEQUENCE, NULL, NULL) ||
	    !der_take(&tbs, TAG_SEQUENCE, NULL, NULL) ||
	    !der_take(&tbs, TAG_SEQUENCE, NULL, NULL) ||
	    !der_take(&tbs, TAG_SEQUENCE, &info, key))
		return false;
	return der_take(&info, TAG_SEQUENCE, NULL, NULL) &&
	       der_take(&info, TAG_BITS, bits, NULL) && info.at == info.end &&
	       bits->end - bits->at > 1;
}

/* ---- PEM ---- */

static int
digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* False: not base64, or not whole. */
static bool
decode(const char *at, const char *end, struct buf *out)
{
	uint32_t bits = 0;
	int n = 0, equals = 0, v;

	for (; at < end; at++) {
		if (*at == '\n' || *at == '\r' || *at == ' ' || *at == '\t')
			continue;
		if (*at == '=') {
			equals++;
			continue;
		}
		if (equals > 0 || (v = digit(*at)) == -1)
			return false;
		bits = bits << 6 | (uint32_t)v;
		if (n++ % 4 > 0 &&
		    buf_putc(out,
			(char)(unsigned char)(bits >>
					      (6 - 2 * ((n - 1) % 4)))) == -1)
			return false;
	}
	return equals == (4 - n % 4) % 4 && n % 4 != 1;
}

static void
put_fingerprint(const void *der, size_t len, char text[CERT_FINGERPRINT_SIZE])
{
	unsigned char d[SHA256_SIZE];

	sha256(der, len, d);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(text + 3 * i, 4, "%02X%s", d[i],
		    i + 1 < SHA256_SIZE ? ":" : "");
}

static const char *
find(const char *at, const char *end, const char *what)
{
	return memmem(at, (size_t)(end - at), what, strlen(what));
}

int
cert_next(const char **at, const char *end, struct cert *c)
{
	const char *from = find(*at, end, begin), *to;
	const unsigned char *bytes;
	struct der key, bits;
	struct buf der;
	int rc = -1;

	if (from == NULL)
		return 0;
	from += sizeof(begin) - 1;
	if ((to = find(from, end, end_mark)) == NULL)
		return -1;
	*at = to + sizeof(end_mark) - 1;
	buf_init(&der, DER_MAX);
	if (decode(from, to, &der) && der.len > 0) {
		bytes = (const unsigned char *)der.data;
		if (find_key(
			(struct der){bytes, bytes + der.len}, &key, &bits)) {
			memcpy(c->pin, "sha256//", 9);
			sha256_base64(
			    key.at, (size_t)(key.end - key.at), c->pin + 8);
			/* behind the count of unused bits */
			sha256_hex(bits.at + 1,
			    (size_t)(bits.end - bits.at - 1), c->key_hash);
			put_fingerprint(der.data, der.len, c->fingerprint);
			rc = 1;
		}
	}
	buf_done(&der);
	return rc;
}

int
cert_read(const char *text, size_t len, struct cert *c)
{
	const char *at = text, *end = text + len;
	struct cert other;

	return cert_next(&at, end, c) == 1 && cert_next(&at, end, &other) == 0
		   ? 0
		   : -1;
}

char *
cert_pins(const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	struct cert c;
	struct buf pins;
	char *all = NULL;
	int rc;

	buf_init(&pins, PINS_MAX);
	while ((rc = cert_next(&at, end, &c)) == 1)
		buf_printf(&pins, "%s%s", pins.len > 0 ? ";" : "", c.pin);
	if (rc == 0 && pins.len > 0 && !pins.overflow)
		all = buf_take(&pins);
	buf_done(&pins);
	return all;
}

/* jwt.c: the signed claim that a service account gets a token for (RS256). */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "cron/sheets/google/jwt.h"
#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/json/json.h"

#define CLAIMS_MAX 4096
#define JWT_MAX (16 * 1024)

/* base64url without padding, RFC 7515 §2. */
static void
add_base64url(struct buf *b, const void *data, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	const unsigned char *p = data;
	unsigned bits;

	for (size_t i = 0; i < len; i += 3) {
		bits = (unsigned)p[i] << 16;
		if (i + 1 < len)
			bits |= (unsigned)p[i + 1] << 8;
		if (i + 2 < len)
			bits |= p[i + 2];
		buf_putc(b, digits[bits >> 18]);
		buf_putc(b, digits[bits >> 12 & 63]);
		if (i + 1 < len)
			buf_putc(b, digits[bits >> 6 & 63]);
		if (i + 2 < len)
			buf_putc(b, digits[bits & 63]);
	}
}

static void
add_json(struct buf *b, struct json *j)
{
	size_t len;
	const char *text = json_text(j, &len);

	if (text != NULL)
		add_base64url(b, text, len);
	else
		b->overflow = true;
	json_done(j);
}

static void
add_header(struct buf *b, const struct key *k)
{
	struct json j;

	json_init(&j, CLAIMS_MAX);
	json_object(&j, NULL);
	json_string(&j, "alg", "RS256");
	json_string(&j, "typ", "JWT");
	if (k->id != NULL)
		json_string(&j, "kid", k->id);
	json_end(&j);
	add_json(b, &j);
}

static void
add_claims(struct buf *b, const struct key *k, const char *scope, int64_t now_s)
{
	struct json j;

	json_init(&j, CLAIMS_MAX);
	json_object(&j, NULL);
	json_string(&j, "iss", k->email);
	json_string(&j, "scope", scope);
	json_string(&j, "aud", k->token_uri);
	json_int(&j, "iat", now_s - JWT_BACK_S);
	json_int(&j, "exp", now_s - JWT_BACK_S + JWT_LIFE_S);
	json_end(&j);
	add_json(b, &j);
}

static int
add_signature(struct buf *b, const struct key *k)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char *sig = NULL;
	const unsigned char *text = (const unsigned char *)b->data;
	size_t len = 0;
	int rc = -1;

	if (md == NULL ||
	    EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, k->rsa) != 1 ||
	    EVP_DigestSign(md, NULL, &len, text, b->len) != 1)
		goto out;
	sig = mem_new(len, 1);
	if (EVP_DigestSign(md, sig, &len, text, b->len) != 1)
		goto out;
	buf_putc(b, '.');
	add_base64url(b, sig, len);
	rc = 0;
out:
	free(sig);
	EVP_MD_CTX_free(md);
	return rc;
}

char *
jwt_sign(const struct key *k, const char *scope, int64_t now_s)
{
	struct buf b;
	char *text = NULL;

	buf_init(&b, JWT_MAX);
	add_header(&b, k);
	buf_putc(&b, '.');
	add_claims(&b, k, scope, now_s);
	if (add_signature(&b, k) == 0 && !b.overflow)
		text = buf_take(&b);
	buf_done(&b);
	return text;
}

/* sheets_jwt_test.c: key files good and bad, signed claims, kept tokens. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cron/sheets/google/jwt.h"
#include "cron/sheets/google/token.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/json/json.h"
#include "lib/json/jsonin.h"
#include "tests/unit/unit.h"

#define NOW_S INT64_C(1795256000)
#define NOW_MS (NOW_S * 1000)

static char dir[] = "/tmp/sheets-jwt.XXXXXX";
static char *rsa, *small, *curve; /* PEM */

static char *
make_pem(EVP_PKEY *pkey)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data, *pem;
	long len;

	PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL);
	len = BIO_get_mem_data(bio, &data);
	pem = mem_strndup(data, (size_t)len);
	BIO_free(bio);
	EVP_PKEY_free(pkey);
	return pem;
}

static int
set_up(void **state)
{
	(void)state;
	rsa = make_pem(EVP_RSA_gen(2048));
	small = make_pem(EVP_RSA_gen(1024));
	curve = make_pem(EVP_EC_gen("P-256"));
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	free(rsa);
	free(small);
	free(curve);
	return rmdir(dir);
}

static void
write_key(const char *file, const char *type, const char *pem, const char *uri)
{
	struct json j;
	size_t len;
	const char *text;

	json_init(&j, 65536);
	json_object(&j, NULL);
	json_string(&j, "type", type);
	json_string(&j, "client_email", "fleet@x.iam.gserviceaccount.com");
	json_string(&j, "private_key_id", "abc123");
	json_string(&j, "private_key", pem);
	json_string(&j, "token_uri", uri);
	json_end(&j);
	text = json_text(&j, &len);
	assert_int_equal(file_write(file, text, len, 0600), 0);
	json_done(&j);
}

static void
expect_bad(const char *type, const char *pem, const char *uri, const char *part)
{
	char *file = mem_printf("%s/key.json", dir), why[200] = "";
	struct key k;

	write_key(file, type, pem, uri);
	assert_int_equal(key_load(&k, file, why, sizeof(why)), -1);
	if (strstr(why, part) == NULL || strstr(why, "BEGIN") != NULL)
		fail_msg("%s, not %s", why, part);
	key_done(&k);
	unlink(file);
	free(file);
}

static void
bad_key_files_are_named(void **state)
{
	static const char uri[] = "https://oauth2.googleapis.com/token";

	(void)state;
	expect_bad("authorized_user", rsa, uri, "\"authorized_user\"");
	expect_bad("service_account", "not a key", uri, "not a PEM key");
	expect_bad(
	    "service_account", small, uri, "not an RSA key of 2048 bits");
	expect_bad("service_account", curve, uri, "not an RSA key");
	expect_bad("service_account", rsa, "http://x/token", "not an https");
}

static void
load(struct key *k)
{
	char *file = mem_printf("%s/key.json", dir), why[200] = "";

	write_key(file, "service_account", rsa,
	    "https://oauth2.googleapis.com/token");
	if (key_load(k, file, why, sizeof(why)) == -1)
		fail_msg("%s", why);
	assert_int_equal(k->file_mode, 0600);
	unlink(file);
	free(file);
}

/* The other way round of what jwt.c does, written for this test. */
static size_t
from_base64url(const char *s, size_t len, unsigned char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned bits = 0, n = 0;
	size_t done = 0;

	for (size_t i = 0; i < len; i++) {
		assert_non_null(strchr(digits, s[i]));
		bits = bits << 6 | (unsigned)(strchr(digits, s[i]) - digits);
		if ((n += 6) >= 8)
			out[done++] = (unsigned char)(bits >> (n -= 8) & 255);
	}
	out[done] = '\0';
	return done;
}

static void
claims_are_googles(void **state)
{
	struct key k;
	char *jwt, *dot, *end;
	unsigned char part[4096];
	const char *text;
	int64_t v;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	size_t len;
	cJSON *o;

	(void)state;
	load(&k);
	assert_non_null(jwt = jwt_sign(&k, JWT_SCOPE, NOW_S));
	dot = strchr(jwt, '.');
	end = strchr(dot + 1, '.');
	from_base64url(jwt, (size_t)(dot - jwt), part);
	assert_string_equal(
	    part, "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"abc123\"}");
	len = from_base64url(dot + 1, (size_t)(end - dot - 1), part);
	assert_non_null(o = jsonin_parse((char *)part, len));
	assert_true(jsonin_string(o, "iss", &text));
	assert_string_equal(text, "fleet@x.iam.gserviceaccount.com");
	assert_true(jsonin_string(o, "aud", &text));
	assert_string_equal(text, "https://oauth2.googleapis.com/token");
	assert_true(jsonin_string(o, "scope", &text));
	assert_string_equal(
	    text, "https://www.googleapis.com/auth/spreadsheets");
	assert_true(jsonin_int64(o, "iat", &v));
	assert_int_equal(v, NOW_S - 30);
	assert_true(jsonin_int64(o, "exp", &v));
	assert_int_equal(v, NOW_S - 30 + 3600);
	cJSON_Delete(o);
	len = from_base64url(end + 1, strlen(end + 1), part);
	assert_int_equal(
	    EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, k.rsa), 1);
	assert_int_equal(EVP_DigestVerify(md, part, len, (unsigned char *)jwt,
			     (size_t)(end - jwt)),
	    1);
	EVP_MD_CTX_free(md);
	free(jwt);
	key_done(&k);
}

static void
take(struct token *t, const struct key *k, const char *body, int want)
{
	assert_int_equal(token_take(t, k, body, strlen(body), NOW_MS), want);
}

static void
tokens_are_kept_for_their_key(void **state)
{
	struct key k, other;
	struct token t;
	struct stat st;

	(void)state;
	load(&k);
	load(&other);
	free(other.id);
	other.id = mem_strdup("another");
	token_init(&t, dir);
	take(&t, &k, "{\"access_token\":\"ya29.x\",\"expires_in\":3599}", 0);
	assert_int_equal(stat(t.file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	token_load(&t, &k, NOW_MS + 1000);
	assert_string_equal(t.text, "ya29.x");
	token_load(&t, &other, NOW_MS);
	assert_null(t.text);
	/* five minutes before its end it is not used any more */
	token_load(&t, &k, NOW_MS + (3599 - 299) * 1000);
	assert_null(t.text);
	token_load(&t, &k, NOW_MS + (3599 - 301) * 1000);
	assert_non_null(t.text);
	token_drop(&t);
	token_load(&t, &k, NOW_MS);
	assert_null(t.text);
	assert_int_equal(stat(t.file, &st), -1);
	token_done(&t);
	key_done(&k);
	key_done(&other);
}

static void
what_is_no_token_is_not_taken(void **state)
{
	static const char *const bad[] = {"", "{}", "[]", "<html>",
	    "{\"access_token\":\"\",\"expires_in\":3599}",
	    "{\"access_token\":\"a\\r\\nX: y\",\"expires_in\":3599}",
	    "{\"access_token\":\"x\",\"expires_in\":0}",
	    "{\"access_token\":\"x\",\"expires_in\":99999}",
	    "{\"access_token\":5,\"expires_in\":3599}"};
	struct token t;
	struct key k;

	(void)state;
	load(&k);
	token_init(&t, dir);
	for (size_t i = 0; i < COUNT(bad); i++)
		take(&t, &k, bad[i], -1);
	assert_null(t.text);
	assert_int_equal(file_write(t.file, "torn{", 5, 0600), 0);
	token_load(&t, &k, NOW_MS);
	assert_null(t.text);
	token_drop(&t);
	token_done(&t);
	key_done(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bad_key_files_are_named),
	    cmocka_unit_test(claims_are_googles),
	    cmocka_unit_test(tokens_are_kept_for_their_key),
	    cmocka_unit_test(what_is_no_token_is_not_taken),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

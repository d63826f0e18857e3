/* token.c: the access token, kept in a file between runs. */
#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
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

#define TOKEN_MAX 8192
#define FOR_SIZE (2 * SHA256_DIGEST_LENGTH + 1)

void
token_init(struct token *t, const char *state_dir)
{
	memset(t, 0, sizeof(*t));
	t->file = mem_printf("%s/sheets-token.json", state_dir);
}

static void
forget(struct token *t)
{
	if (t->text != NULL)
		OPENSSL_cleanse(t->text, strlen(t->text));
	free(t->text);
	t->text = NULL;
	t->expires_utc_ms = 0;
}

void
token_done(struct token *t)
{
	forget(t);
	free(t->file);
	t->file = NULL;
}

void
token_drop(struct token *t)
{
	forget(t);
	unlink(t->file);
}

/* Whose token it is, without saying so: another key must not find it. */
static void
made_for(const struct key *k, char hex[FOR_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[SHA256_DIGEST_LENGTH];
	char *text = mem_printf("%s\n%s\n%s\n%s", k->email, k->token_uri,
	    k->id != NULL ? k->id : "", JWT_SCOPE);

	SHA256((const unsigned char *)text, strlen(text), sum);
	free(text);
	for (size_t i = 0; i < sizeof(sum); i++) {
		hex[2 * i] = digits[sum[i] >> 4];
		hex[2 * i + 1] = digits[sum[i] & 15];
	}
	hex[FOR_SIZE - 1] = '\0';
}

/* A header's text: what is not printable ASCII would not be one. */
static bool
is_token(const char *s)
{
	if (*s == '\0' || strlen(s) > TOKEN_MAX / 2)
		return false;
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~')
			return false;
	return true;
}

void
token_load(struct token *t, const struct key *k, int64_t now_utc_ms)
{
	char *text, hex[FOR_SIZE];
	const char *token, *whose;
	int64_t expires;
	size_t len;
	cJSON *o;

	forget(t);
	if ((text = file_read(t->file, TOKEN_MAX, &len)) == NULL)
		return;
	o = jsonin_parse(text, len);
	made_for(k, hex);
	if (jsonin_string(o, "for", &whose) && strcmp(whose, hex) == 0 &&
	    jsonin_string(o, "token", &token) && is_token(token) &&
	    jsonin_int64(o, "expires_msc", &expires) &&
	    expires - TOKEN_SPARE_MS > now_utc_ms &&
	    expires - JWT_LIFE_S * INT64_C(1000) <= now_utc_ms) {
		t->text = mem_strdup(token);
		t->expires_utc_ms = expires;
	}
	cJSON_Delete(o);
	OPENSSL_cleanse(text, len);
	free(text);
}

int
token_form(const struct key *k, int64_t now_utc_ms, struct buf *form)
{
	char *jwt = jwt_sign(k, JWT_SCOPE, now_utc_ms / 1000);

	if (jwt == NULL)
		return -1;
	buf_puts(form, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type"
		       "%3Ajwt-bearer&assertion=");
	buf_puts(form, jwt); /* its letters need no escaping */
	OPENSSL_cleanse(jwt, strlen(jwt));
	free(jwt);
	return form->overflow ? -1 : 0;
}

/* Where it cannot be kept, the next run gets a new one: no harm. */
static void
save(const struct token *t, const struct key *k)
{
	char hex[FOR_SIZE];
	const char *text;
	struct json j;
	size_t len;

	made_for(k, hex);
	json_init(&j, TOKEN_MAX);
	json_object(&j, NULL);
	json_string(&j, "for", hex);
	json_string(&j, "token", t->text);
	json_int(&j, "expires_msc", t->expires_utc_ms);
	json_end(&j);
	if ((text = json_text(&j, &len)) != NULL)
		file_write(t->file, text, len, 0600);
	json_done(&j);
}

int
token_take(struct token *t, const struct key *k, const char *body, size_t len,
    int64_t now_utc_ms)
{
	cJSON *o = jsonin_parse(body, len);
	const char *token;
	int64_t life_s;
	int rc = -1;

	if (jsonin_string(o, "access_token", &token) && is_token(token) &&
	    jsonin_int64(o, "expires_in", &life_s) && life_s > 0 &&
	    life_s <= JWT_LIFE_S) {
		forget(t);
		t->text = mem_strdup(token);
		t->expires_utc_ms = now_utc_ms + life_s * 1000;
		save(t, k);
		rc = 0;
	}
	cJSON_Delete(o);
	return rc;
}

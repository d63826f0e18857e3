/* key.c: the service account's key file, as Google gives it. */
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "cron/sheets/google/key.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/json/jsonin.h"

#define KEY_FILE_MAX (64 * 1024)
#define KEY_BITS_MIN 2048

static int
refuse_passphrase(char *buf, int size, int rw, void *arg)
{
	(void)buf, (void)size, (void)rw, (void)arg;
	return -1; /* else OpenSSL asks the terminal */
}

static EVP_PKEY *
read_pem(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *rsa;

	if (bio == NULL)
		return NULL;
	rsa = PEM_read_bio_PrivateKey(bio, NULL, refuse_passphrase, NULL);
	BIO_free(bio);
	return rsa;
}

static int
read_private_key(struct key *k, const cJSON *o, char *why, size_t why_size)
{
	const char *pem;

	if (!jsonin_string(o, "private_key", &pem)) {
		snprintf(why, why_size, "no \"private_key\"");
		return -1;
	}
	if ((k->rsa = read_pem(pem)) == NULL) {
		snprintf(why, why_size, "\"private_key\" is not a PEM key");
		return -1;
	}
	if (EVP_PKEY_get_base_id(k->rsa) != EVP_PKEY_RSA ||
	    EVP_PKEY_get_bits(k->rsa) < KEY_BITS_MIN) {
		snprintf(why, why_size,
		    "\"private_key\" is not an RSA key of %d bits or more",
		    KEY_BITS_MIN);
		return -1;
	}
	return 0;
}

static int
read_fields(struct key *k, const cJSON *o, char *why, size_t why_size)
{
	const char *type = "", *email, *uri, *id;

	jsonin_string(o, "type", &type);
	if (strcmp(type, "service_account") != 0) {
		snprintf(why, why_size,
		    "\"type\" is not service_account: \"%.40s\"", type);
		return -1;
	}
	if (!jsonin_string(o, "client_email", &email) || *email == '\0') {
		snprintf(why, why_size, "no \"client_email\"");
		return -1;
	}
	if (!jsonin_string(o, "token_uri", &uri) ||
	    strncasecmp(uri, "https://", 8) != 0) {
		snprintf(
		    why, why_size, "\"token_uri\" is not an https address");
		return -1;
	}
	k->email = mem_strdup(email);
	k->token_uri = mem_strdup(uri);
	if (jsonin_string(o, "private_key_id", &id) && *id != '\0')
		k->id = mem_strdup(id);
	return read_private_key(k, o, why, why_size);
}

/* The text of the key must not stay in freed memory. */
static void
wipe(char *text, size_t len, const cJSON *o)
{
	cJSON *pem = cJSON_GetObjectItemCaseSensitive(o, "private_key");

	OPENSSL_cleanse(text, len);
	if (cJSON_IsString(pem))
		OPENSSL_cleanse(pem->valuestring, strlen(pem->valuestring));
}

int
key_load(struct key *k, const char *file, char *why, size_t why_size)
{
	struct stat st;
	cJSON *o;
	char *text;
	size_t len;
	int rc = -1;

	memset(k, 0, sizeof(*k));
	if (stat(file, &st) == -1 ||
	    (text = file_read(file, KEY_FILE_MAX, &len)) == NULL) {
		snprintf(why, why_size, "%s", strerror(errno));
		return -1;
	}
	k->file_mode = (int)(st.st_mode & 0777);
	if ((o = jsonin_parse(text, len)) == NULL)
		snprintf(why, why_size, "is not JSON");
	else
		rc = read_fields(k, o, why, why_size);
	wipe(text, len, o);
	cJSON_Delete(o);
	free(text);
	return rc;
}

void
key_done(struct key *k)
{
	if (k == NULL)
		return;
	free(k->email);
	free(k->id);
	free(k->token_uri);
	EVP_PKEY_free(k->rsa);
	memset(k, 0, sizeof(*k));
}

/* identity.c: the certificate that the coordinator pins. */
#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/identity.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"

#define YEAR_S ((time_t)365 * 24 * 3600)
#define SERIAL_SIZE 16

static int
set_name(gnutls_x509_crt_t crt, const char *name)
{
	unsigned char number[16];

	if (inet_pton(AF_INET, name, number) == 1)
		return gnutls_x509_crt_set_subject_alt_name(
		    crt, GNUTLS_SAN_IPADDRESS, number, 4, GNUTLS_FSAN_APPEND);
	if (inet_pton(AF_INET6, name, number) == 1)
		return gnutls_x509_crt_set_subject_alt_name(
		    crt, GNUTLS_SAN_IPADDRESS, number, 16, GNUTLS_FSAN_APPEND);
	return gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME,
	    name, (unsigned)strlen(name), GNUTLS_FSAN_APPEND);
}

static int
set_serial(gnutls_x509_crt_t crt)
{
	unsigned char serial[SERIAL_SIZE];
	int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

	serial[0] = (serial[0] & 0x3f) | 0x40; /* positive, never short */
	if (rc < 0)
		return rc;
	return gnutls_x509_crt_set_serial(crt, serial, sizeof(serial));
}

static int
fill(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *const *names,
    size_t len)
{
	time_t now = (time_t)(clock_utc_ms() / 1000);
	static const char cn[] = "mt5fleet-agent";
	int rc = 0;

	for (size_t i = 0; i < len && rc >= 0; i++)
		rc = set_name(crt, names[i]);
	if (rc < 0 || (rc = set_serial(crt)) < 0 ||
	    (rc = gnutls_x509_crt_set_version(crt, 3)) < 0 ||
	    (rc = gnutls_x509_crt_set_key(crt, key)) < 0 ||
	    (rc = gnutls_x509_crt_set_dn_by_oid(crt,
		 GNUTLS_OID_X520_COMMON_NAME, 0, cn, sizeof(cn) - 1)) < 0 ||
	    (rc = gnutls_x509_crt_set_activation_time(crt, now - 86400)) < 0 ||
	    (rc = gnutls_x509_crt_set_expiration_time(crt, now + 10 * YEAR_S)) <
		0 ||
	    (rc = gnutls_x509_crt_set_ca_status(crt, 1)) < 0 ||
	    (rc = gnutls_x509_crt_set_key_purpose_oid(
		 crt, GNUTLS_KP_TLS_WWW_SERVER, 0)) < 0)
		return rc;
	return gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0);
}

static char *
take_pem(gnutls_datum_t *pem)
{
	char *text = mem_strndup((const char *)pem->data, pem->size);

	gnutls_memset(pem->data, 0, pem->size);
	gnutls_free(pem->data);
	pem->data = NULL;
	return text;
}

const char *
identity_make(struct identity *id, const char *const *names, size_t len)
{
	unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
	gnutls_datum_t cert = {NULL, 0}, pem = {NULL, 0};
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t crt = NULL;
	int rc;

	if ((rc = gnutls_x509_privkey_init(&key)) < 0 ||
	    (rc = gnutls_x509_crt_init(&crt)) < 0 ||
	    (rc = gnutls_x509_privkey_generate(key, GNUTLS_PK_EC, bits, 0)) <
		0 ||
	    (rc = fill(crt, key, names, len)) < 0 ||
	    (rc = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &cert)) <
		0 ||
	    (rc = gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem)) <
		0)
		goto out;
	id->cert = take_pem(&cert);
	id->key = take_pem(&pem);
out:
	gnutls_free(cert.data);
	if (crt != NULL)
		gnutls_x509_crt_deinit(crt);
	if (key != NULL)
		gnutls_x509_privkey_deinit(key);
	return rc < 0 ? gnutls_strerror(rc) : NULL;
}

#define NAMES_MAX 64

/* A name, or the text of an address. NULL: of another kind. */
static char *
name_text(const unsigned char *name, size_t size, int type)
{
	char text[INET6_ADDRSTRLEN];

	if (type == GNUTLS_SAN_DNSNAME)
		return mem_strndup((const char *)name, size);
	if (type == GNUTLS_SAN_IPADDRESS && (size == 4 || size == 16) &&
	    inet_ntop(size == 4 ? AF_INET : AF_INET6, name, text,
		sizeof(text)) != NULL)
		return mem_strdup(text);
	return NULL;
}

const char *
identity_like(struct identity *id, const char *cert)
{
	const gnutls_datum_t pem = {
	    (unsigned char *)(uintptr_t)cert, (unsigned)strlen(cert)};
	unsigned char name[256];
	char *names[NAMES_MAX];
	gnutls_x509_crt_t crt = NULL;
	const char *why = "its certificate cannot be read";
	size_t len = 0, size;
	unsigned i = 0;
	int type;

	if (gnutls_x509_crt_init(&crt) < 0)
		return why;
	if (gnutls_x509_crt_import(crt, &pem, GNUTLS_X509_FMT_PEM) >= 0) {
		for (; len < NAMES_MAX; i++) {
			size = sizeof(name);
			type = gnutls_x509_crt_get_subject_alt_name(
			    crt, i, name, &size, NULL);
			if (type < 0)
				break;
			names[len] = name_text(name, size, type);
			len += names[len] != NULL;
		}
		why = identity_make(id, (const char *const *)names, len);
	}
	while (len > 0)
		free(names[--len]);
	gnutls_x509_crt_deinit(crt);
	return why;
}

void
identity_done(struct identity *id)
{
	if (id == NULL)
		return;
	if (id->key != NULL)
		gnutls_memset(id->key, 0, strlen(id->key));
	free(id->key);
	free(id->cert);
	memset(id, 0, sizeof(*id));
}

/*
 * cert.h: certificates in PEM, as much as has to be known of them: the
 * fingerprint that people compare, and the hash of the key that is pinned.
 *
 * The text may come from anywhere: nothing outside of it is read, and what is
 * no X.509 certificate is refused. Nothing is verified here.
 */
#ifndef LIB_BASE_CERT_H
#define LIB_BASE_CERT_H

#include <stddef.h>

#define CERT_PIN_SIZE 53 /* "sha256//" and base64 */
#define CERT_FINGERPRINT_SIZE 96

struct cert {
	/* of the key with its kind (SubjectPublicKeyInfo), as curl has it */
	char pin[CERT_PIN_SIZE];
	/* of the key's bytes alone, in hex: what .NET gives as GetPublicKey */
	char key_hash[65];
	/* of the whole, "AB:CD:…", as openssl and browsers show it */
	char fingerprint[CERT_FINGERPRINT_SIZE];
};

/*
 * The next certificate of the text; *at moves behind it. 1, 0: there is no
 * more, -1: that is none.
 */
int cert_next(const char **at, const char *end, struct cert *c);

/* The only certificate of the text; -1: there is none, or several. */
int cert_read(const char *text, size_t len, struct cert *c);

/*
 * The pins of all certificates of the text, separated by ';', the caller's.
 * NULL: there is none, or one of them cannot be read.
 */
char *cert_pins(const char *text, size_t len);

#endif

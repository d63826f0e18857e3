/*
 * site.h: where the site is and how it is reached, from SITE_URL and what
 * belongs to it. Nothing set: plain http at APP_HOST:APP_PORT.
 */
#ifndef LIB_BASE_SITE_H
#define LIB_BASE_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/config.h"

enum site_tls {
	SITE_OFF,   /* plain http, on loopback only */
	SITE_SELF,  /* a certificate of our own making */
	SITE_FILES, /* TLS_CERT_FILE and TLS_KEY_FILE */
	SITE_ACME,  /* certbot's */
	SITE_PROXY, /* TLS ends at a proxy in front */
};

struct site {
	bool given; /* SITE_URL is set: nginx's files are ours to write */
	enum site_tls tls;
	char *host; /* as in the URL, in brackets where it is IPv6 */
	int port;
	char *path;       /* that the site is below: "" or "/fleet" */
	char *origin;     /* as a browser says it: no port where it is usual */
	char *cert, *key; /* "" where there is none */
};

/* 0, or -1 with *error (the caller's): a line a mistake. site_done in both
 * cases. */
int site_from(struct site *s, const struct config *c, char **error);
void site_done(struct site *s);

/* What links begin with, "https://fleet.example.org/desk"; "" where SITE_URL is
 * not set. The caller's. */
char *site_address(const struct config *c);

/* A name, an IPv4 address, or an IPv6 address in brackets; len bytes of s. */
bool site_host_is_good(const char *s, size_t len);

/* Does the name or address stand for this machine alone? */
bool site_on_loopback(const char *host);

/* Are its cookies for https alone? */
bool site_is_secure(const struct config *c);

const char *site_tls_word(enum site_tls tls);

#endif

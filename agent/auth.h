/* auth.h: the bearer token. */
#ifndef AGENT_AUTH_H
#define AGENT_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUTH_ADDRESSES 128
#define AUTH_BURST 10   /* wrong tokens an address may send in a row */
#define AUTH_REFILL_S 3 /* and one more each so many seconds */

/* The addresses that sent wrong tokens lately; the oldest is replaced. */
struct auth {
	struct {
		char address[48];
		int64_t full_mono_ms; /* when its wrong tokens are forgotten */
	} list[AUTH_ADDRESSES];
};

/* header is that of Authorization, or NULL. Takes the same time for any
 * token. */
bool auth_is_token(const char *header, const char *token);

/* Seconds until this address may try again; 0: now. */
int auth_wait_s(const struct auth *a, const char *address, int64_t now_mono_ms);
void auth_failed(struct auth *a, const char *address, int64_t now_mono_ms);

/*
 * May a request with this Host be from here? A web page from elsewhere reaches
 * loopback only by a name of its own that it has rebound to 127.0.0.1: such a
 * name has a dot. Numbers of addresses and names without a dot may.
 */
bool auth_host_is_local(const char *host);

/* Origin is "", or that of this Host: no page of another site. */
bool auth_origin_is_own(const char *origin, const char *host);

/* size - 1 random hex digits. */
void auth_random_hex(char *text, size_t size);

#endif

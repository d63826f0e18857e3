/*
 * rotation.h: the agent's token and certificate are exchanged for new ones
 * without a moment in which a poll fails.
 *
 * rotation_next makes both, beside the ones in use, as files of the same names
 * with ".next" behind them; from then on either token is accepted.
 * rotation_confirm, which is asked for by the new token, puts them in the place
 * of the old ones; the old token is accepted for ROTATION_GRACE_S more.
 */
#ifndef AGENT_ROTATION_H
#define AGENT_ROTATION_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/identity.h"
#include "lib/base/config.h"

#define ROTATION_GRACE_S 600

struct rotation {
	char *next;   /* token, not confirmed yet; NULL */
	char *before; /* token that was replaced; NULL */
	int64_t before_until_mono_ms;
};

/* After a start: finishes what a crash has cut off, and takes what waits. */
void rotation_begin(struct rotation *r, struct config *c);
void rotation_done(struct rotation *r);

/* A token besides the current one; next says which of them. */
bool rotation_is_token(const struct rotation *r, const char *header,
    int64_t now_mono_ms, bool *next);

/* The new ones, made now or before: the token is in r->next, *cert (PEM) is the
 * caller's. NULL, or what failed. */
const char *rotation_next(
    struct rotation *r, const struct config *c, char **cert);

/* They are in place, and c->agent_token is the new one; *id is for the server,
 * and the caller's. NULL, or what failed. */
const char *rotation_confirm(struct rotation *r, struct config *c,
    struct identity *id, int64_t now_mono_ms);

#endif

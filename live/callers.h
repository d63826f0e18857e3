/*
 * callers.h: whether the session or token by which a client came still holds,
 * asked by a thread of its own, so that a slow Redis or ledger never holds up
 * the loop.
 *
 * Twice a second the loop hands over a question and takes the answer to the
 * one before. Up to CALLERS_AT_ONCE different ones are asked for in one turn,
 * the others in the next ones.
 */
#ifndef LIVE_CALLERS_H
#define LIVE_CALLERS_H

#include "lib/base/config.h"
#include "lib/fleet/facts.h"
#include "live/hub.h"

#define CALLERS_EVERY_MS 500
#define CALLERS_AT_ONCE 256

struct callers;

/* config is borrowed. NULL: no thread, or REDIS_URL is bad (logged). */
struct callers *callers_new(const struct config *config);
void callers_free(struct callers *c);

/*
 * Closes the clients whose session or token is over, with 1008; asks again.
 * Which accounts those were given who may not see all is looked up in facts.
 */
void callers_turn(struct callers *c, struct hub *h, const struct facts *facts);

#endif

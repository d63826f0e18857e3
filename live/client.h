/*
 * client.h: one WebSocket client: its place in the ring, and what else is to
 * be sent to it.
 */
#ifndef LIVE_CLIENT_H
#define LIVE_CLIENT_H

#include <libwebsockets.h>
#include <stdbool.h>

#include "lib/auth/caller.h"
#include "lib/base/buf.h"
#include "live/filter.h"
#include "live/given.h"
#include "live/id.h"

struct ring;

#define CLIENT_ADDRESS_SIZE 46
#define CONTROL_MAX 1024 /* bytes of a message that is not in the ring */

/* Said before the next event, in this order, each once however often set. */
enum say {
	SAY_HELLO = 1,
	SAY_NO_CACHE = 2,
	SAY_RESET = 4,
	SAY_REPLY = 8,
	SAY_HEARTBEAT = 16,
};

enum place {
	PLACE_FOLLOWS, /* wants entry `next` */
	PLACE_ASKED,   /* gave an id the ring does not know yet */
	PLACE_LOST,    /* waits for the ring to be right, then is reset */
	PLACE_CLOSED   /* wants nothing any more: it is being closed */
};

/* What a client may say in a time: a bucket that drips. */
struct allowance {
	double left;
	int64_t at_mono_ms;
};

struct client {
	struct client *next_client, **link;
	struct lws *wsi;
	char address[CLIENT_ADDRESS_SIZE]; /* "": a program of this machine */
	char caller[CALLER_SIZE];          /* "": nobody who could log out */
	uint64_t asked_turn; /* callers.c: when it was last asked for, */
	size_t question;     /* and which question that is; 0: none */
	enum place place;
	uint64_t next;         /* in the ring */
	int every_ms;          /* its rate; 0: each change as it comes */
	int64_t due_mono_ms;   /* with a rate: it is given more then, */
	uint64_t until;        /* up to before that entry */
	bool has_after;        /* came with ?after=<id>: */
	struct event_id after; /* */
	unsigned say;
	int close_code; /* not 0: to be closed with that */
	int strikes;    /* bad messages so far */
	struct allowance allowance;
	struct given given; /* what it may hear of at all */
	struct filter filter;
	struct buf in;    /* a message of which not all is there */
	struct buf reply; /* what SAY_REPLY says */
};

void client_say(struct client *c, unsigned say);
void client_wake(struct client *c);

/*
 * Where it begins in the ring; synced: the ring is what Redis holds. true: its
 * id is newer than the ring, and only another reading of the stream can tell.
 */
bool client_place(struct client *c, const struct ring *ring, bool synced);

/* The ring is right again, or for the first time: it goes on from there. */
void client_settle(struct client *c, const struct ring *ring);

/*
 * There may be more for it: it is woken, or with a rate when that is due; what
 * is far behind is due at once. false: it is to be asked again.
 */
bool client_offer(struct client *c, const struct ring *ring, int64_t now);

/* The socket takes one message: the next one; -1: close it. */
struct client_news {
	const struct ring *ring;
	bool collector_known;
	int64_t collector_age_ms;
};
int client_write(struct client *c, const struct client_news *news);

/* At its next chance to write; or at once, where it never takes anything. */
void client_close(struct client *c, int code);
void client_kill(struct client *c);

#endif

/* snapshot.h: what a bridge wrote, checked, kept byte for byte. */
#ifndef AGENT_SNAPSHOT_H
#define AGENT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/jsonscan.h"

struct snapshot {
	char *text; /* the document; of a refused one what names it alone */
	size_t len;
	char *session; /* one run of the bridge */
	int64_t seq;   /* its writes */
	int64_t rev;   /* those that changed more than the clock */
	char *server;  /* NULL: no account is logged in */
	int64_t login;
	char *refused;   /* which value MT5 cannot give; NULL: none */
	double usd_rate; /* NAN: not told */
	bool connected;
	bool history_complete;
	bool terminal_trade_allowed;
	bool account_trade_allowed;
	bool account_trade_expert;
	struct members members;  /* of text */
	struct members terminal; /* of its member terminal */
};

/*
 * Takes text (len bytes of UTF-8, from malloc), also when it fails: NULL
 * then, and *why says what is wrong. terminal_id is the folder's name.
 * Values that MT5 cannot give (fields_check_snapshot) are not kept: such a
 * snapshot is `refused`, says whose it is, and its lists are null.
 */
struct snapshot *snapshot_new(
    char *text, size_t len, const char *terminal_id, const char **why);
void snapshot_free(struct snapshot *s);

/* Same session, same rev: same content but for the clock. */
bool snapshot_same(const struct snapshot *a, const struct snapshot *b);

/* a was written by the same run of the bridge before b. */
bool snapshot_is_older(const struct snapshot *a, const struct snapshot *b);

#endif

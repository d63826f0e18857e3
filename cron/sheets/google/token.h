/* token.h: the access token, kept in a file between runs. */
#ifndef SHEETS_GOOGLE_TOKEN_H
#define SHEETS_GOOGLE_TOKEN_H

#include <stddef.h>
#include <stdint.h>

#include "cron/sheets/google/key.h"
#include "lib/base/buf.h"

/* A token with less left to live is not used. */
#define TOKEN_SPARE_MS (5 * 60 * 1000)

struct token {
	char *file; /* 0600 */
	char *text; /* NULL: none yet */
	int64_t expires_utc_ms;
};

void token_init(struct token *t, const char *state_dir);
void token_done(struct token *t);

/* What the file holds for this key, where it is still good at now. */
void token_load(struct token *t, const struct key *k, int64_t now_utc_ms);
void token_drop(struct token *t);

/* The form to post to the key's token_uri. -1: it could not be signed. */
int token_form(const struct key *k, int64_t now_utc_ms, struct buf *form);

/* Takes the endpoint's answer and keeps it; -1: there is no token in it. */
int token_take(struct token *t, const struct key *k, const char *body,
    size_t len, int64_t now_utc_ms);

#endif

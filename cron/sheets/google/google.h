/*
 * google.h: requests to Google, tried again where that helps.
 *
 * Every request of ours may be sent twice: what an answer that got lost had
 * done is done once more, to the same cells. The token is got when it is
 * first needed, kept in STATE_DIR (0600), and got anew once after a 401.
 * Nothing that comes out of here (google_error) has a token, a key or the
 * spreadsheet's id in it.
 */
#ifndef SHEETS_GOOGLE_H
#define SHEETS_GOOGLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cron/sheets/google/key.h"

struct google_options {
	const char *api_base;    /* https://sheets.googleapis.com */
	const char *spreadsheet; /* its id: a secret */
	const char *state_dir;
	const char *proxy;     /* NULL or "": none */
	const char *ca;        /* PEM file; NULL: the system's */
	int wait_max_ms;       /* longest wait between two tries */
	int answer_ms;         /* longest wait for an answer */
	int64_t until_mono_ms; /* no more tries after that */
};

enum google_result {
	GOOGLE_OK,
	GOOGLE_BAD,   /* 400: what was asked does not fit the spreadsheet */
	GOOGLE_NEVER, /* a person must do something */
	GOOGLE_LATER, /* tried often enough: the next run will go on */
};

struct google;

/* Both borrowed until google_free. */
struct google *google_new(
    const struct google_options *options, const struct key *key);
void google_free(struct google *g);
const char *google_error(const struct google *g);

/*
 * path: what follows …/v4/spreadsheets/<id>, the query escaped already.
 * *answer (may be NULL) is the body, the caller's.
 */
enum google_result google_read(
    struct google *g, const char *path, char **answer, size_t *len);
enum google_result google_write(struct google *g, const char *path,
    const char *body, size_t len, char **answer, size_t *answer_len);

struct google_counts {
	int tokens, reads, writes, again; /* requests sent; of them again */
	int64_t bytes;                    /* of bodies written */
};
struct google_counts google_counts(const struct google *g);

#endif

/*
 * fetch_transfer.h: one HTTP request by libcurl, for lib/http/fetch.c and for
 * nobody else.
 *
 * transfer_new, then transfer_start on a handle, then transfer_end with what
 * curl said of it, then transfer_free. The handle is the caller's; between
 * start and end it is used for that transfer alone.
 */
#ifndef LIB_HTTP_FETCH_TRANSFER_H
#define LIB_HTTP_FETCH_TRANSFER_H

#include <curl/curl.h>

#include "lib/base/buf.h"
#include "lib/http/fetch.h"

struct transfer {
	struct transfer *next, *prev; /* of the list it is in */
	CURL *easy;                   /* NULL: not started */
	char *url, *method, *ca, *proxy, *body;
	bool pinned;
	size_t body_len, body_read;
	struct curl_slist *headers;
	struct curl_slist *mail_to; /* NULL: no mail */
	char *mail_from, *mail_user, *mail_password;
	bool mail_plain;
	int connect_ms, total_ms;
	struct buf answer;
	bool too_large;
	char curl_text[CURL_ERROR_SIZE];
	fetch_done *done;
	void *arg;
	size_t *held; /* bytes of all answers in memory; NULL: alone */
};

struct transfer *transfer_new(
    const struct fetch_request *req, fetch_done *done, void *arg, size_t *held);
void transfer_free(struct transfer *t);

/* All that curl must know; keep: its connection stays open. */
void transfer_start(struct transfer *t, CURL *easy, bool keep);

/* The one call of its function. */
void transfer_end(struct transfer *t, CURLcode code);

#endif

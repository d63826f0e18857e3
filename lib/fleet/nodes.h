/*
 * nodes.h: the agents that the coordinator polls, from nodes.json.
 *
 *   [{"id":"vps01","url":"https://10.0.0.5:8000","token":"…","ca":"vps01.pem",
 *     "accounts":[{"server":"Broker-Live","login":"52001001"}],
 *     "enabled":true,"maintenance":false,"note":"…"}]
 *
 * "retired":[{"server","login"}] are accounts that are gone on purpose.
 * id: 1 to 64 of letters, digits, . _ -. `accounts` pins what must be logged
 * in there; without it any account is taken as it comes. `ca` is a file, its
 * path relative to nodes.json, with the agent's own certificate, whose key
 * alone is accepted. With "ca_signs":true it is an authority's: what that has
 * signed is accepted. Every mistake is reported as one line
 * `file:line: what is wrong: "the text"`.
 */
#ifndef LIB_FLEET_NODES_H
#define LIB_FLEET_NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/trading/account_key.h"

struct node {
	char *id;
	char *url;     /* no slash at the end */
	char *token;   /* NULL: none */
	char *ca;      /* path, NULL: the system's certificates */
	bool ca_signs; /* ca is an authority's */
	struct account_key *pins, *retired;
	size_t pins_len, retired_len;
	bool enabled;
	bool maintenance;
	char *note;
};

/* Numbers of nodes and 1, by a hash; 0: free. */
struct nodes_slots {
	size_t *list, len;
};

struct nodes {
	struct node *list;
	size_t len;
	struct nodes_slots by_id, by_pin; /* nodes_index.c */
	char *error;    /* all mistakes, one a line; NULL where there is none */
	int error_line; /* of the first; 0: of none */
};

/* 0, or -1 with n->error set. nodes_done in both cases. */
int nodes_load(struct nodes *n, const char *file);

/* VPS_AGENTS_JSON: a JSON list of URLs, ids made of host and port. */
int nodes_from_urls(struct nodes *n, const char *json);

void nodes_done(struct nodes *n);

/* For nodes.c: room for so many; the newest is listed; all have their pins. */
void nodes_index_begin(struct nodes *n, size_t most);
void nodes_index_add(struct nodes *n, size_t number);
void nodes_index_pins(struct nodes *n);
void nodes_index_done(struct nodes *n);

/* NULL: there is none of that id. */
const struct node *nodes_find(const struct nodes *n, const char *id);

/* What an id, a URL and a token may be; a token goes into a header line. */
bool nodes_id_is_good(const char *id);
bool nodes_url_is_good(const char *url);
bool nodes_token_is_good(const char *token);

/* That account is gone from it on purpose. */
bool node_has_retired(const struct node *n, const char *server, int64_t login);

bool node_pins(const struct node *n, const char *server, int64_t login);

/*
 * nodes.json pins that account to another node, and not to this one: what
 * this one says of it is not believed (row, events, samples, deals).
 */
bool nodes_pinned_elsewhere(const struct nodes *all, const struct node *here,
    const char *server, int64_t login);

#endif

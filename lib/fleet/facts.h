/*
 * facts.h: what the ledger knows of every account, kept between questions and
 * read again when the ledger changed.
 */
#ifndef LIB_FLEET_FACTS_H
#define LIB_FLEET_FACTS_H

#include "lib/fleet/pl.h"
#include "lib/ledger/ledger.h"

struct account_facts {
	char *server;
	int64_t login;
	int64_t id;
	char *phase;              /* phase_json's text */
	char *broker_zone;        /* of its broker's clock; NULL */
	char *history_error;      /* why its deals could not be read; NULL */
	struct amount difference; /* balance less the sum of its deals */
	/* what a list is filtered and sorted by; NULL: not set */
	char *phase_word, *holder, *prop_firm, *vs_group;
	char *tags;    /* JSON array of strings */
	int64_t stamp; /* another one each time that it was read */
	struct pl_facts pl;
};

/* One reading of the ledger. */
struct facts {
	bool known; /* else the ledger cannot be read, and nothing is known */
	int64_t revision;
	int64_t stamps;  /* the last one given */
	int64_t reading; /* another one each time that the list changes */
	struct account_facts *list; /* by server and login */
	size_t len, size;
};

/* Where they come from: the ledger's file, opened to read. */
struct facts_source {
	const char *path; /* borrowed */
	struct ledger *ledger;
	int64_t opened_mono_ms, asked_mono_ms;
};

/* The ledger, opened where it is not; NULL where it cannot be read now. */
struct ledger *facts_ledger(struct facts_source *s);
void facts_source_done(struct facts_source *s);

/*
 * Brings them up to date, unless the ledger was asked max_age_ms ago or later.
 * true: they are another reading now.
 */
#define FACTS_AGE_MS 1000
bool facts_refresh(struct facts *f, struct facts_source *s, int max_age_ms);
void facts_done(struct facts *f);

/* NULL: the ledger has never seen it, or cannot be read. server may be NULL. */
const struct account_facts *facts_find(
    const struct facts *f, const char *server, int64_t login);

#endif

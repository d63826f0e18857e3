/*
 * stored_fuzz.c: what Redis and the ledger hold as text: snapshots, records of
 * nodes, the collector's heartbeat, entries of the streams, the state of a
 * period. Who else can write there must not end a program of ours.
 */
#include "lib/fleet/event.h"
#include "lib/fleet/snapshot.h"
#include "lib/fleet/reported.h"
#include "lib/judge/subject.h"
#include "lib/trading/flow.h"
#include "live/entry.h"
#include "tests/fuzz/fuzz.h"

static void
must(bool good)
{
	if (!good)
		abort();
}

static void
snapshots(const struct cache_value *v)
{
	struct node_record r;
	struct snapshot s;
	struct heartbeat h;

	if (snapshot_read(&s, v))
		for (size_t i = 0; i < s.len; i++)
			must(!s.accounts[i].whole ||
			     (s.accounts[i].entry.server != NULL &&
				 s.accounts[i].row.data != NULL));
	snapshot_done(&s);
	if (node_record_read(&r, v))
		must(r.doc != NULL && link_word(r.link) != NULL);
	node_record_done(&r);
	if (heartbeat_read(&h, v))
		must(memchr(h.owner, '\0', sizeof(h.owner)) != NULL);
}

static void
events(const char *text, size_t len)
{
	struct event_entry e;
	struct event_alert alert;
	struct row_money money;

	if (event_read(&e, text, len)) {
		event_read_money(&e, &money);
		if (event_read_alert(&e, &alert))
			must(alert.key != NULL && alert.text != NULL);
	}
	event_done(&e);
}

/* What the gateway passes on to its clients is JSON. */
static void
entries(const char *text, size_t len)
{
	static const struct event_id id = {1, 1};
	const struct entry_facts known = {NULL, 0};
	struct entries all;
	struct entry out;
	cJSON *doc;

	entries_init(&all, 256u << 10);
	if (entry_make(&all, id, text, len, &known, &out)) {
		doc = jsonin_parse(out.text, out.len);
		must(cJSON_IsObject(doc));
		cJSON_Delete(doc);
	}
	entries_done(&all);
}

static void
texts(const char *text, size_t len)
{
	char *copy = mem_strndup(text, len), *again, why[512] = "";
	cJSON *doc = jsonin_parse(text, len);
	struct flow_rules *flows;
	struct reported reported;
	struct saved saved;

	if (state_parse(copy, &saved) == 0) {
		again = state_json(&saved);
		must(again != NULL);
		free(again);
	}
	reported_read(&reported, doc);
	reported_done(&reported);
	if (!flow_rules_check(doc, why, sizeof(why)))
		must(*why != '\0');
	flows = flow_rules_new(copy, copy);
	flow_rules_free(flows);
	cJSON_Delete(doc);
	free(copy);
}

static void
fuzz_one(const char *text, size_t len)
{
	char *copy = mem_new(len + 1, 1);
	const struct cache_value v = {copy, len};

	memcpy(copy, text, len);
	snapshots(&v);
	events(text, len);
	entries(text, len);
	texts(text, len);
	free(copy);
}

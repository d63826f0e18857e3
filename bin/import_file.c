/* import_file.c: one JSON file of the legacy system, record by record. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command.h"
#include "bin/import.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define FILE_MAX ((size_t)256 << 20)

struct kind {
	const char *name;
	import_fn *each;
};

static const struct kind kinds[] = {
    {"phases", import_phase},
    {"vs", import_vs},
    {"trades", import_trades},
    {"agents", import_agent},
};
enum { KIND_PHASES, KIND_VS, KIND_TRADES, KIND_AGENTS, KINDS };

int
import_kind(const char *name)
{
	for (int i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return i;
	return -1;
}

/* What the file is, by what stands in it, and by its name where that is
 * not enough. -1: cannot be told. */
static int
kind_of(const cJSON *doc, const char *file)
{
	const cJSON *first = doc != NULL ? doc->child : NULL;

	if (jsonin_array(doc, "agents") != NULL)
		return KIND_AGENTS;
	if (cJSON_IsObject(first))
		return KIND_TRADES;
	if (strncmp(file, "vs", 2) == 0)
		return KIND_VS;
	if (strncmp(file, "trade_cache", 11) == 0)
		return KIND_TRADES;
	return strncmp(file, "phases", 6) == 0 ? KIND_PHASES : -1;
}

/* ---- NaN and Infinity, which Python writes and JSON does not have ---- */

/* The text with null in their place; n: how many. */
static char *
without_nan(const char *text, size_t len, size_t *out_len, int *n)
{
	static const char *const words[] = {"NaN", "-Infinity", "Infinity"};
	/* NaN becomes one longer */
	char *out = mem_new(len + len / 3 + 2, 1), *to = out;
	bool quoted = false;
	size_t i = 0, word;

	*n = 0;
	while (i < len) {
		if (quoted && text[i] == '\\' && i + 1 < len)
			*to++ = text[i++];
		else if (text[i] == '"')
			quoted = !quoted;
		for (word = 0; !quoted && word < 3; word++)
			if (strncmp(text + i, words[word],
				strlen(words[word])) == 0)
				break;
		if (!quoted && word < 3) {
			memcpy(to, "null", 4);
			to += 4;
			i += strlen(words[word]);
			(*n)++;
		} else
			*to++ = text[i++];
	}
	*to = '\0';
	*out_len = (size_t)(to - out);
	return out;
}

static cJSON *
parse(const char *path, const char *text, size_t len)
{
	cJSON *doc = jsonin_parse(text, len);
	size_t clean_len;
	char *clean;
	int n;

	if (doc != NULL)
		return doc;
	clean = without_nan(text, len, &clean_len, &n);
	if (n > 0)
		doc = jsonin_parse(clean, clean_len);
	if (doc != NULL)
		printf("%s: %d values are NaN or Infinity: taken as unknown\n",
		    path, n);
	free(clean);
	return doc;
}

/* ---- records ---- */

/* What was committed before a failure stays: again goes on behind it. */
static int
import_doc(struct import *im, const cJSON *doc, int kind)
{
	const cJSON *list =
	    kind == KIND_AGENTS ? jsonin_array(doc, "agents") : doc;
	const cJSON *o;
	const char *key;

	im->result = ledger_begin(im->l);
	im->begun_mono_ms = clock_mono_ms();
	cJSON_ArrayForEach(o, list) {
		if (im->result != LEDGER_OK)
			break;
		key = o->string;
		if (kind == KIND_AGENTS && !jsonin_string(o, "name", &key))
			key = "?";
		kinds[kind].each(im, key, o);
		import_yield(im);
	}
	if (im->result == LEDGER_OK)
		im->result = ledger_commit(im->l);
	if (im->result != LEDGER_OK) {
		log_error("%s: not finished after %d records: import it again, "
			  "what is placed is known then",
		    im->file, im->placed + im->same + im->aside);
		command_ledger_failed(im->l, im->result);
		ledger_rollback(im->l);
		return COMMAND_LEDGER;
	}
	printf("%s (%s): %d placed, %d known already, %d kept aside\n",
	    im->file, kinds[kind].name, im->placed, im->same, im->aside);
	return im->aside > 0 ? COMMAND_FAILED : COMMAND_OK;
}

int
import_file(const struct import_context *c, const char *path, int kind)
{
	const char *slash = strrchr(path, '/');
	struct import im = {.l = c->l,
	    .terminals = c->terminals,
	    .node = c->node,
	    .now_utc_ms = clock_utc_ms(),
	    .file = slash != NULL ? slash + 1 : path};
	size_t len = 0;
	char *text = file_read(path, FILE_MAX, &len);
	cJSON *doc = text != NULL ? parse(path, text, len) : NULL;
	int rc = COMMAND_FAILED;

	free(text);
	if (text == NULL)
		log_error("%s: %s", path, strerror(errno));
	else if (!cJSON_IsObject(doc))
		log_error("%s: not a JSON object", path);
	else if (kind == -1 && (kind = kind_of(doc, im.file)) == -1)
		log_error("%s: cannot tell what it is: use --as phases or "
			  "--as vs",
		    path);
	else
		rc = import_doc(&im, doc, kind);
	cJSON_Delete(doc);
	return rc;
}

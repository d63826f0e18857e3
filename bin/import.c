/* import.c: takes over the files of the legacy system, as they are. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command.h"
#include "bin/import.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/num.h"

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

/* What the file is, by what stands in it, and by its name where that is
 * not enough. -1: cannot be told. */
static int
kind_of(const cJSON *doc, const char *file)
{
	const cJSON *first = doc->child;

	if (jsonin_array(doc, "agents") != NULL)
		return KIND_AGENTS;
	if (cJSON_IsObject(first))
		return KIND_TRADES;
	if (strncmp(file, "vs", 2) == 0)
		return KIND_VS;
	return strncmp(file, "phases", 6) == 0 ? KIND_PHASES : -1;
}

static int
kind_named(const char *name)
{
	for (int i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return i;
	return -1;
}

static void
import_all(struct import *im, const cJSON *doc, int kind)
{
	const cJSON *list =
	    kind == KIND_AGENTS ? jsonin_array(doc, "agents") : doc;
	const cJSON *o;

	cJSON_ArrayForEach(o, list) {
		const char *key = o->string;

		if (im->result != LEDGER_OK)
			return;
		if (kind == KIND_AGENTS && !jsonin_string(o, "name", &key))
			key = "?";
		kinds[kind].each(im, key, o);
	}
}

/* All of a file is one transaction. */
static int
import_doc(struct import *im, const cJSON *doc, int kind)
{
	enum ledger_result r = ledger_begin(im->l);

	if (r == LEDGER_OK) {
		import_all(im, doc, kind);
		r = im->result;
		if (r == LEDGER_OK)
			r = ledger_commit(im->l);
		else
			ledger_rollback(im->l);
	}
	if (r != LEDGER_OK)
		return command_ledger_failed(im->l, r);
	printf("%s (%s): %d placed, %d known already, %d kept aside\n",
	    im->file, kinds[kind].name, im->placed, im->same, im->aside);
	return im->aside > 0 ? COMMAND_FAILED : COMMAND_OK;
}

static int
import_file(struct ledger *l, const char *path, int kind)
{
	const char *slash = strrchr(path, '/');
	struct import im = {.l = l,
	    .now_msc = clock_utc_msc(),
	    .file = slash != NULL ? slash + 1 : path};
	size_t len;
	char *text = file_read(path, FILE_MAX, &len);
	cJSON *doc = text != NULL ? jsonin_parse(text, len) : NULL;
	int rc = COMMAND_FAILED;

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
	free(text);
	return rc;
}

int
command_import(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"as", required_argument, NULL, 'a'},
	    {NULL, 0, NULL, 0},
	};
	struct ledger *l;
	int c, kind = -1, rc = COMMAND_OK;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (c != 'a')
			return command_usage();
		kind = kind_named(optarg);
		if (kind == -1) {
			log_error("--as: phases, vs, trades or agents, not "
				  "\"%s\"",
			    optarg);
			return COMMAND_USAGE;
		}
	}
	if (optind == argc)
		return command_usage();
	l = command_open_ledger(config, LEDGER_WRITE);
	if (l == NULL)
		return COMMAND_LEDGER;
	for (; optind < argc && rc != COMMAND_LEDGER; optind++) {
		int one = import_file(l, argv[optind], kind);

		if (one > rc)
			rc = one;
	}
	ledger_close(l);
	return rc;
}

/* node.c: mt5fleet node: the list of nodes, and machines that join it. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/cert.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/fleet/join_line.h"
#include "lib/fleet/node_change.h"
#include "lib/fleet/nodes.h"
#include "lib/program/program.h"

static int
done(const struct node_change *c, int rc)
{
	if (rc == 0)
		return COMMAND_OK;
	log_error("%s", c->error);
	return COMMAND_FAILED;
}

/* ---- add: the lines for a machine ---- */

static int
add(struct node_change *c, const char *name, const char *note)
{
	char token[NODE_JOIN_TOKEN_SIZE] = "";
	struct join_lines lines;
	int rc = COMMAND_FAILED;

	/* could there be a line at all? */
	if (join_lines_make(&lines, c->config, token) == -1) {
		log_error_lines(lines.error);
		join_lines_done(&lines);
		return COMMAND_FAILED;
	}
	join_lines_done(&lines);
	if (node_change_invite(c, name, note, token) == -1)
		return done(c, -1);
	if (join_lines_make(&lines, c->config, token) == 0) {
		printf("On the machine that is to be %s, within an hour, "
		       "once.\n\nOn Windows, in PowerShell as administrator, "
		       "logged on as who runs MetaTrader:\n\n%s\n\n"
		       "On Linux, as root:\n\n%s\n\n"
		       "Then: mt5fleet node list, mt5fleet node approve %s "
		       "FINGERPRINT\n(or /admin/nodes of the site).\n",
		    name, lines.powershell, lines.shell, name);
		rc = COMMAND_OK;
	} else
		log_error_lines(lines.error);
	join_lines_done(&lines);
	explicit_bzero(token, sizeof(token));
	return rc;
}

/* ---- list ---- */

static int
print_join(const struct ledger_join *j, void *arg)
{
	struct cert cert;
	bool over = j->expires_utc_ms <= clock_utc_ms();

	(void)arg;
	if (j->came_utc_ms == 0)
		printf("%-20s  %s\n", j->name,
		    over ? "invited; the token has expired" : "invited");
	else if (cert_read(j->certificate, strlen(j->certificate), &cert) == 0)
		printf("%-20s  wants to join from %s as %s\n%-20s  %s\n",
		    j->name, j->address, j->url, "", cert.fingerprint);
	return 0;
}

static int
list(struct node_change *c)
{
	struct nodes nodes;
	enum ledger_result r;

	if (program_nodes(c->config, &nodes) == -1) {
		nodes_done(&nodes);
		return COMMAND_FAILED;
	}
	for (size_t i = 0; i < nodes.len; i++) {
		const struct node *n = &nodes.list[i];

		printf("%-20s  %s%s%s%s%s\n", n->id, n->url,
		    n->enabled ? "" : "  disabled",
		    n->maintenance ? "  maintenance" : "",
		    n->note != NULL ? "  " : "",
		    n->note != NULL ? n->note : "");
		for (size_t k = 0; k < n->retired_len; k++)
			printf("%-20s  retired: %s/%" PRId64 "\n", "",
			    n->retired[k].server, n->retired[k].login);
	}
	nodes_done(&nodes);
	r = ledger_joins(c->ledger, print_join, NULL);
	return r == LEDGER_OK ? COMMAND_OK
			      : command_ledger_failed(c->ledger, r);
}

/* ---- the others ---- */

static int
retire(struct node_change *c, const char *account, bool back)
{
	const char *slash = strrchr(account, '/');
	int64_t login;
	char *server;
	int rc;

	if (slash == NULL || slash == account ||
	    num_int64(slash + 1, 1, INT64_MAX, &login) == -1) {
		log_error("not SERVER/LOGIN: \"%s\"", account);
		return COMMAND_USAGE;
	}
	server = mem_strndup(account, (size_t)(slash - account));
	rc = done(c, node_change_retire(c, server, login, back));
	free(server);
	return rc;
}

struct options {
	const char *note;
	bool back;
};

static int
run(struct node_change *c, const struct options *o, const char *what,
    const char *a, const char *b)
{
	if (strcmp(what, "add") == 0)
		return add(c, a, o->note);
	if (strcmp(what, "list") == 0)
		return list(c);
	if (strcmp(what, "approve") == 0)
		return done(c, node_change_approve(c, a, b));
	if (strcmp(what, "reject") == 0)
		return done(c, node_change_reject(c, a));
	if (strcmp(what, "remove") == 0)
		return done(c, node_change_remove(c, a));
	if (strcmp(what, "rename") == 0)
		return done(c, node_change_rename(c, a, b));
	if (strcmp(what, "rotate") == 0)
		return done(c, node_change_rotate(c, a));
	if (strcmp(what, "retire") == 0)
		return retire(c, a, o->back);
	return done(c, node_change_state(c, a, what));
}

int
command_node(const struct config *config, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"note", required_argument, NULL, 'n'},
	    {"back", no_argument, NULL, 'b'},
	    {NULL, 0, NULL, 0},
	};
	static const struct {
		const char *name;
		int words; /* behind it */
	} whats[] = {{"add", 1}, {"list", 0}, {"approve", 2}, {"reject", 1},
	    {"remove", 1}, {"rename", 2}, {"rotate", 1}, {"retire", 1},
	    {"enable", 1}, {"disable", 1}, {"maintenance", 1}, {"ready", 1}};
	const size_t len = sizeof(whats) / sizeof(whats[0]);
	struct node_change c = {.config = config,
	    .actor = {.who = "mt5fleet node", .at_utc_ms = clock_utc_ms()}};
	struct options o = {.note = NULL};
	const char *what;
	size_t i = 0;
	int ch, rc;

	while ((ch = getopt_long(argc, argv, "", names, NULL)) != -1)
		if (ch == 'n')
			o.note = optarg;
		else if (ch == 'b')
			o.back = true;
		else
			return command_usage();
	what = optind < argc ? argv[optind] : "";
	while (i < len && strcmp(whats[i].name, what) != 0)
		i++;
	if (i == len || argc - optind - 1 != whats[i].words ||
	    (o.note != NULL && strcmp(what, "add") != 0) ||
	    (o.back && strcmp(what, "retire") != 0))
		return command_usage();
	c.ledger = command_open_ledger(config, LEDGER_WRITE);
	if (c.ledger == NULL)
		return COMMAND_LEDGER;
	rc = run(&c, &o, what, whats[i].words > 0 ? argv[optind + 1] : "",
	    whats[i].words > 1 ? argv[optind + 2] : "");
	ledger_close(c.ledger);
	return rc;
}

/* main.c: mt5fleet, the command that a person types. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "bin/command.h"
#include "lib/base/log.h"
#include "lib/base/version.h"
#include "lib/program/owner.h"
#include "lib/program/program.h"

static const struct command commands[] = {
    {"setup",
	"[--yes] [--site URL] [--tls self|files=CERT,KEY|acme|proxy|off]\n"
	"      [--proxies LIST] [--listen LIST] [--admin NAME] "
	"[--password-file FILE]\n      [--redis private|URL] [--ledger "
	"file|URL]",
	"asks what it needs, writes the settings, starts everything and tries "
	"it "
	"out",
	command_setup, COMMAND_ANYHOW},
    {"check", "[--settings | --quiet]",
	"would everything start? says what is wrong; or lists all settings",
	command_check, COMMAND_ROOT},
    {"site", "apply|probe|settings",
	"writes nginx's files from the settings, or asks the site as a browser "
	"would",
	command_site, COMMAND_ROOT},
    {"redis", "prepare DIR | redis apply | redis users | redis cli [ARG…]",
	"our own Redis and each program's user of it; cli is redis-cli, logged "
	"in",
	command_redis, COMMAND_ROOT},
    {"nodes", "", "the nodes of nodes.json, without their tokens",
	command_nodes, COMMAND_OWNER},
    {"node",
	"add NAME [--note TEXT]\n"
	"      | list | approve NAME FINGERPRINT | reject NAME | remove NAME\n"
	"      | rename NAME OTHER | rotate NAME | retire SERVER/LOGIN "
	"[--back]\n"
	"      | enable|disable|maintenance|ready NAME",
	"add prints the line that makes a machine a node; the others change "
	"nodes.json (docs/nodes.md)",
	command_node, COMMAND_NODES},
    {"passwd", "[--role viewer|trader|manager|admin] [--disable] NAME",
	"makes or changes a user; the password comes on standard input",
	command_passwd, COMMAND_OWNER},
    {"user",
	"list | set NAME [--role viewer|trader|manager|admin]\n"
	"      [--firm NAME] [--holder NAME] [--tag WORD] [--account "
	"SERVER/LOGIN]\n"
	"      [--all-accounts | --no-accounts]",
	"who may log in; set gives a role, and the accounts that any of the "
	"options\n      names, in the place of those before",
	command_user, COMMAND_OWNER},
    {"token",
	"add NAME --scope metrics|read|write [--expires 90d|DATE]\n"
	"      [--firm NAME] [--holder NAME] [--tag WORD] [--account "
	"SERVER/LOGIN]\n"
	"      | list | remove NAME",
	"tokens of programs; add prints the token, once; one with --firm … "
	"tells of those\n      accounts alone",
	command_token, COMMAND_OWNER},
    {"import", "[--as KIND] [--node NAME] DIR | FILE…, or --kept",
	"the legacy system's folder, or its phases.json, vs_data.json, "
	"trade_cache.json, agents.json; --kept lists what was kept aside",
	command_import, COMMAND_OWNER},
    {"export", "DIR", "phases.json, vs_data.json, trade_cache.json",
	command_export, COMMAND_OWNER},
    {"backup", "",
	"a copy of the ledger into BACKUP_DIR, and old ones "
	"away",
	command_backup, COMMAND_OWNER},
    {"restore", "FILE", "puts a backup in the ledger's place", command_restore,
	COMMAND_OWNER},
    {"ledger", "copy FROM TO",
	"all of a ledger into an empty one, each a file or a postgresql:// URL",
	command_ledger, COMMAND_OWNER},
    {"account",
	"merge [--yes] FROM INTO | account rename ACCOUNT SERVER[:LOGIN]\n"
	"      | account undo ACCOUNT",
	"joins two accounts into one history, or gives one another name; an "
	"account is\n      SERVER:LOGIN",
	command_accounts, COMMAND_OWNER},
    {"deal",
	"void ACCOUNT TICKET... --reason TEXT | deal unvoid ACCOUNT TICKET...",
	"takes deals out of all sums, kept and marked; or puts them back",
	command_deal, COMMAND_OWNER},
    {"rules", "try FILE | rules replay FILE",
	"worked examples of rule sets, or the path of one account, judged; "
	"needs no settings",
	command_rules, COMMAND_ANYHOW},
    {"zone", "list | zone set SERVER ZONE",
	"the time zone of each broker's clock, by which its deals are UTC; "
	"ZONE "
	"is an IANA name, \"New York close\", none or proposed",
	command_zone, COMMAND_OWNER},
    {"phase",
	"list ACCOUNT | propose [--started UTC] ACCOUNT\n"
	"      | set [--phase P] [--status S] [--started UTC] [--initial N] "
	"[--high N]\n        [--note TEXT] ACCOUNT",
	"an account's phase, also one that began in the past; propose says "
	"what the stored deals know of it",
	command_phase, COMMAND_OWNER},
    {"verdict",
	"list ACCOUNT | show ACCOUNT ID | annul --reason TEXT ACCOUNT ID\n"
	"      | restore ACCOUNT ID",
	"what the rules found, with the evidence; annuls one with a reason",
	command_verdict, COMMAND_OWNER},
    {"flow",
	"list ACCOUNT\n"
	"      | set [--note TEXT] [--cancels TICKET] ACCOUNT TICKET MEANING",
	"what deposits, withdrawals, fees … are for; MEANING: deposit, "
	"withdrawal, payout, reset, fee, dividend, correction, capital, "
	"credit, or guess; ACCOUNT: SERVER/LOGIN, or a LOGIN that is unique",
	command_flow, COMMAND_OWNER},
    {"alerts", "targets | test TARGET | ack KEY | unack KEY",
	"whom alerts are sent to and how that goes; sends a test to one; "
	"acknowledges an\n      alert (docs/alerts.md)",
	command_alerts, COMMAND_OWNER},
    {"mcp", "[--url URL] [--token-file FILE] [--ca FILE]",
	"the figures for an assistant, by the Model Context Protocol; reads "
	"only (docs/mcp.md)",
	command_mcp, COMMAND_ANYHOW},
    {"demo", "", "how to see a whole fleet on this machine", command_demo,
	COMMAND_OWNER},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
usage(FILE *to)
{
	fputs("usage: mt5fleet [-Vh] COMMAND …\n\n", to);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  mt5fleet %s %s\n      %s\n", commands[i].name,
		    commands[i].args, commands[i].what);
	fputs("\nSettings come from the environment and the file that "
	      "MT5FLEET_CONFIG names,\n" CONFIG_FILE " where that is not "
	      "set:\n\n",
	    to);
}

static int
run(const struct command *c, int argc, char *argv[])
{
	static const struct program program = {.name = "mt5fleet"};
	struct config config = {.error = NULL};
	int rc = COMMAND_USAGE;

	command_running = c;
	if (c->as == COMMAND_ANYHOW ||
	    (program_settings(&program, &config) == 0 &&
		(c->as == COMMAND_ROOT ||
		    owner_become_for(
			&config, c->as == COMMAND_NODES ? "admin" : "") == 0)))
		rc = c->run(&config, argc, argv);
	config_done(&config);
	return rc;
}

int
main(int argc, char *argv[])
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	log_init("mt5fleet", LOG_LEVEL_INFO);
	if (argc < 2) {
		usage(stderr);
		return COMMAND_USAGE;
	}
	if (strcmp(argv[1], "-V") == 0) {
		puts("mt5fleet " MT5FLEET_VERSION);
		return COMMAND_OK;
	}
	if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		config_describe();
		return COMMAND_OK;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return run(&commands[i], argc - 1, argv + 1);
	log_error("no such command: \"%s\"", argv[1]);
	usage(stderr);
	return COMMAND_USAGE;
}

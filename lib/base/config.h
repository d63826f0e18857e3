/*
 * config.h: settings from the environment and from an .env-style file.
 *
 * The table in config.c lists all names (those of the legacy systems, such as
 * REDIS_HOST and CACHE_TTL, among them) with defaults and bounds. The
 * environment overrides the file. Each error is one line, `file:line: NAME:
 * what is wrong: "the text"` or `environment: NAME: …`. Unknown keys and lines
 * that are not NAME=value are errors; of those only the first word is quoted,
 * so that no message shows a secret.
 */
#ifndef LIB_BASE_CONFIG_H
#define LIB_BASE_CONFIG_H

#include <stdbool.h>

#include "lib/base/log.h"

/* The settings of the installed system. */
#define CONFIG_FILE "/etc/mt5fleet/mt5fleet.env"

/* Once loaded no string but error is NULL; "": not set and no default. */
struct config {
	/* Redis; redis_url (cache_url.h) wins over the four after it */
	char *redis_url;
	char *redis_host;
	int redis_port;
	int redis_db;
	char *redis_password;
	char *redis_tls_socket; /* where stunnel takes what is for rediss:// */
	char *redis_ca_file;
	char *redis_users; /* folder of each program's password */
	int redis_memory_mb;
	const char *program; /* who reads the settings; NULL: a command */
	int cache_ttl_s;     /* how long a snapshot counts as live */

	/* the coordinator */
	char *app_host;
	int app_port;
	char *site_url; /* as its users type it; site.h */
	char *site_tls;
	char *tls_cert_file, *tls_key_file;
	char *site_listen;
	char *trusted_proxies;
	bool app_debug;
	enum log_level log_level;
	char *cors_origins;    /* separated by commas */
	char *nodes_file;      /* nodes.json */
	char *vps_agents_json; /* list of agent URLs, where there is no file */
	int agent_timeout_s;
	int poll_wait_s; /* the long poll of collect; 0: chosen by fleet size */
	int poll_parallel; /* most requests in flight */
	char *state_dir;   /* locks, phases.json, token cache */
	char *ledger_file; /* config_ledger says which of the two */
	char *ledger_url;
	char *backup_dir;
	int backup_keep;
	bool dashboard_auth; /* DASHBOARD_AUTH required | off */
	char *presets_file;  /* rule sets of the firms, as etc/rules.json */
	int live_port;       /* the WebSocket gateway, on loopback; 0: on */
	char *live_socket;   /* this Unix socket */

	/* alerts out, sheets */
	char *proxy_url;   /* what asks beyond the fleet goes through it */
	char *alerts_file; /* alerts.json: the targets of alerts */
	char *alert_url;
	int alert_after_s;        /* how long a fault lasts before it is one */
	char *alert_format;       /* json telegram discord slack ntfy */
	char *alert_also;         /* kinds that are off unless named */
	char *google_credentials; /* GOOGLE_APPLICATION_CREDENTIALS */
	char *sheets_spreadsheet_id;
	char *sheets_api_base;

	/* the agent */
	char *agent_name;
	char *agent_host;
	int agent_port;
	char *agent_token_file;
	char *agent_token;  /* AGENT_TOKEN, or what the file holds */
	int agent_restarts; /* in a row, until supervision gives up */
	int agent_silent_s; /* without a new snapshot: its bridge is silent */
	char *agent_common; /* …/Terminal/Common/Files; several by ':' (';') */
	char *agent_cert_file;
	char *agent_key_file;
	char *terminal_path; /* terminal64.exe; "": nothing is supervised */
	char *terminal_data; /* its data folder; "": the program's */
	char *mt5_login, *mt5_password, *mt5_server;

	char *error; /* all errors, one per line; NULL: none */
};

/*
 * file NULL: MT5FLEET_CONFIG from the environment, where that is not set
 * CONFIG_FILE if it is there; "" is none: the environment alone. 0, or -1 with
 * c->error set. config_done in both cases.
 */
int config_load(struct config *c, const char *file);
void config_done(struct config *c);

/* Where the ledger is, for ledger_open: LEDGER_URL, else LEDGER_FILE. */
const char *config_ledger(const struct config *c);

/* What a setting of the legacy system is called here; NULL: it is none. */
const char *config_renamed(const char *name);

/* Prints the table of names, defaults and meanings (for -h and the docs). */
void config_describe(void);

#endif

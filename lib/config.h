/*
 * config.h: settings from the environment and from an .env-style file.
 *
 * The names are those of the first systems (REDIS_HOST, CACHE_TTL, …) and of
 * the table in config.c, which is the whole list. The environment wins over
 * the file. Every mistake is reported, each as one line
 * `file:line: NAME: what is wrong: "the text"`; a key of the file that is not
 * in the table is a mistake. Secrets are never part of a message.
 */
#ifndef LIB_CONFIG_H
#define LIB_CONFIG_H

#include <stdbool.h>

#include "lib/log.h"

struct config {
	/* Redis; redis_url (unix:/path or redis://[:pw@]host:port/db) wins */
	char *redis_url;
	char *redis_host;
	int redis_port;
	int redis_db;
	char *redis_password;
	int cache_ttl_s;

	/* the coordinator */
	char *app_host;
	int app_port;
	bool app_debug;
	enum log_level log_level;
	char *cors_origins;    /* comma-separated origins, or "" */
	char *nodes_file;      /* nodes.json */
	char *vps_agents_json; /* list of agent URLs, where there is no file */
	int agent_timeout_s;
	int poll_wait_s; /* the long poll of collect; 0: chosen by fleet size */
	int poll_parallel; /* most requests in flight */
	char *state_dir;   /* locks, phases.json, token cache */
	char *ledger_file;
	char *backup_dir;
	int backup_keep;
	bool dashboard_auth; /* DASHBOARD_AUTH required | off */
	char *presets_file;  /* rule sets, htdocs-independent data */
	int live_port;       /* the WebSocket gateway, on loopback */
	char *live_socket;   /* or its Unix socket */

	/* alerts out, sheets */
	char *alert_url;
	char *alert_format;       /* json telegram discord slack ntfy */
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
	char *terminal_path;
	char *terminal_data;
	char *mt5_login, *mt5_password, *mt5_server;

	char *error; /* all mistakes, one a line; NULL where there is none */
};

/*
 * file NULL: MT5FLEET_CONFIG from the environment, else the environment
 * alone. 0, or -1 with c->error set. config_done in both cases.
 */
int config_load(struct config *c, const char *file);
void config_done(struct config *c);

/* Prints the table of names, defaults and meanings (for -h and the docs). */
void config_describe(void);

#endif

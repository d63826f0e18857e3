/* config.c: settings from the environment and from an .env-style file. */
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/config.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/base/site.h"

#define FILE_MAX (256 * 1024)
#define ERROR_MAX (64 * 1024)

enum kind { TEXT, SECRET, NUMBER, FLAG, LEVEL, AUTH };

struct key {
	const char *name;
	enum kind kind;
	size_t at; /* offset in struct config */
	const char *def;
	int min, max;
	const char *help;
};

#define AT(field) offsetof(struct config, field)

/* The complete list: nothing else is read from the environment. */
static const struct key keys[] = {
    {"REDIS_URL", SECRET, AT(redis_url), "", 0, 0,
	"unix:/path, redis[s]://[user:password@]host[:port][/db] or "
	"redis+sentinel://[user:password@]host[:port],…/name[/db]; wins over "
	"the next four"},
    {"REDIS_HOST", TEXT, AT(redis_host), "127.0.0.1", 0, 0, "Redis host"},
    {"REDIS_PORT", NUMBER, AT(redis_port), "6379", 1, 65535, "Redis port"},
    {"REDIS_DB", NUMBER, AT(redis_db), "0", 0, 1023, "Redis database"},
    {"REDIS_PASSWORD", SECRET, AT(redis_password), "", 0, 0, "Redis password"},
    {"REDIS_TLS_SOCKET", TEXT, AT(redis_tls_socket),
	"/run/mt5fleet/redis-tls.sock", 0, 0,
	"socket of the stunnel that rediss:// goes through"},
    {"REDIS_CA_FILE", TEXT, AT(redis_ca_file),
	"/etc/ssl/certs/ca-certificates.crt", 0, 0,
	"whom that stunnel trusts (PEM)"},
    {"REDIS_USERS", TEXT, AT(redis_users), "", 0, 0,
	"folder with the password of each program's own user of Redis, "
	"docs/redis.md; not used where REDIS_URL has one"},
    {"REDIS_MEMORY", NUMBER, AT(redis_memory_mb), "0", 0, 1048576,
	"MB that our own Redis may take; 0: by the size of the fleet"},
    {"CACHE_TTL", NUMBER, AT(cache_ttl_s), "60", 2, 3600,
	"seconds a snapshot counts as live"},
    {"APP_HOST", TEXT, AT(app_host), "127.0.0.1", 0, 0, "address of the site"},
    {"APP_PORT", NUMBER, AT(app_port), "8080", 1, 65535, "port of the site"},
    {"SITE_URL", TEXT, AT(site_url), "", 0, 0,
	"the site's address as its users type it, https://host[:port][/path]"},
    {"SITE_TLS", TEXT, AT(site_tls), "", 0, 0,
	"self, files, acme, proxy, or off (http on loopback)"},
    {"TLS_CERT_FILE", TEXT, AT(tls_cert_file), "", 0, 0,
	"the site's certificate with its chain (PEM), for SITE_TLS=files"},
    {"TLS_KEY_FILE", TEXT, AT(tls_key_file), "", 0, 0,
	"the certificate's key (PEM)"},
    {"SITE_LISTEN", TEXT, AT(site_listen), "", 0, 0,
	"addresses the site listens on, with [:port], separated by commas; "
	"default: all, of loopback alone where TLS is off"},
    {"TRUSTED_PROXIES", TEXT, AT(trusted_proxies), "", 0, 0,
	"addresses or networks whose X-Forwarded-For and -Proto are believed"},
    {"APP_DEBUG", FLAG, AT(app_debug), "false", 0, 0, "more in the log"},
    {"LOG_LEVEL", LEVEL, AT(log_level), "info", 0, 0,
	"error, warning, info or debug"},
    {"CORS_ORIGINS", TEXT, AT(cors_origins), "", 0, 0,
	"origins besides the site's own, separated by commas"},
    {"NODES_FILE", TEXT, AT(nodes_file), "", 0, 0, "nodes.json"},
    {"VPS_AGENTS_JSON", TEXT, AT(vps_agents_json), "", 0, 0,
	"a JSON list of agent URLs, where there is no nodes.json"},
    {"AGENT_TIMEOUT", NUMBER, AT(agent_timeout_s), "10", 1, 300,
	"seconds an agent, or a terminal behind it, has for an answer"},
    {"POLL_WAIT", NUMBER, AT(poll_wait_s), "0", 0, 55,
	"seconds of a long poll; 0: by the size of the fleet"},
    {"POLL_PARALLEL", NUMBER, AT(poll_parallel), "1000", 1, 10000,
	"most polls in flight"},
    {"STATE_DIR", TEXT, AT(state_dir), "/var/lib/mt5fleet", 0, 0,
	"locks, phases.json, token cache"},
    {"LEDGER_FILE", TEXT, AT(ledger_file), "", 0, 0,
	"the ledger; default STATE_DIR/ledger.db"},
    {"LEDGER_URL", SECRET, AT(ledger_url), "", 0, 0,
	"the ledger in PostgreSQL, in place of the file: "
	"postgresql://[user[:password]@]host[,host…]/database[?…]"},
    {"BACKUP_DIR", TEXT, AT(backup_dir), "", 0, 0,
	"where backups go; default STATE_DIR/backup"},
    {"BACKUP_KEEP", NUMBER, AT(backup_keep), "14", 1, 10000,
	"backups that are kept"},
    {"DASHBOARD_AUTH", AUTH, AT(dashboard_auth), "required", 0, 0,
	"required, or off: anyone who reaches the site may read"},
    {"PRESETS_FILE", TEXT, AT(presets_file), "/etc/mt5fleet/rules.json", 0, 0,
	"rule sets of the firms"},
    {"LIVE_PORT", NUMBER, AT(live_port), "0", 0, 65535,
	"loopback port of the WebSocket gateway; 0: LIVE_SOCKET"},
    {"LIVE_SOCKET", TEXT, AT(live_socket), "", 0, 0,
	"Unix socket of the gateway; default STATE_DIR/live.sock"},
    {"PROXY_URL", SECRET, AT(proxy_url), "", 0, 0,
	"HTTP proxy for the webhook and Google: "
	"http://[user:password@]host:port; "
	"agents are polled directly"},
    {"ALERTS_FILE", TEXT, AT(alerts_file), "", 0, 0,
	"whom alerts are sent to, docs/alerts.md; default "
	"STATE_DIR/alerts.json"},
    {"ALERT_URL", SECRET, AT(alert_url), "", 0, 0, "webhook for alerts"},
    {"ALERT_AFTER", NUMBER, AT(alert_after_s), "30", 1, 3600,
	"seconds a fault must last before it raises an alert"},
    {"ALERT_FORMAT", TEXT, AT(alert_format), "json", 0, 0,
	"json, telegram, discord, slack or ntfy"},
    {"ALERT_ALSO", TEXT, AT(alert_also), "", 0, 0,
	"kinds of alerts that are off unless named here, docs/alerts.md"},
    {"GOOGLE_APPLICATION_CREDENTIALS", TEXT, AT(google_credentials), "", 0, 0,
	"key file of the service account"},
    {"SHEETS_SPREADSHEET_ID", SECRET, AT(sheets_spreadsheet_id), "", 0, 0,
	"the spreadsheet that is filled"},
    {"SHEETS_API_BASE", TEXT, AT(sheets_api_base),
	"https://sheets.googleapis.com", 0, 0, "base of the Sheets API"},
    {"AGENT_NAME", TEXT, AT(agent_name), "", 0, 0,
	"the agent's name; default the host's"},
    {"AGENT_HOST", TEXT, AT(agent_host), "127.0.0.1", 0, 0,
	"address the agent listens on"},
    {"AGENT_PORT", NUMBER, AT(agent_port), "8000", 0, 65535,
	"port of the agent; 0: any, printed at the start"},
    {"AGENT_TOKEN", SECRET, AT(agent_token), "", 0, 0, "bearer token"},
    {"AGENT_TOKEN_FILE", TEXT, AT(agent_token_file), "", 0, 0,
	"file that holds the bearer token"},
    {"AGENT_COMMON", TEXT, AT(agent_common), "", 0, 0,
	"the terminals' Common/Files folder; on Windows by itself"},
    {"AGENT_SILENT", NUMBER, AT(agent_silent_s), "10", 2, 3600,
	"seconds without a new snapshot until a bridge counts as silent"},
    {"AGENT_RESTARTS", NUMBER, AT(agent_restarts), "12", 1, 1000,
	"restarts in a row until supervision gives up"},
    {"AGENT_CERT_FILE", TEXT, AT(agent_cert_file), "", 0, 0,
	"the agent's certificate (PEM)"},
    {"AGENT_KEY_FILE", TEXT, AT(agent_key_file), "", 0, 0,
	"the certificate's key (PEM)"},
    {"MT5_TERMINAL_PATH", TEXT, AT(terminal_path), "", 0, 0,
	"terminal64.exe to supervise"},
    {"MT5_TERMINAL_DATA", TEXT, AT(terminal_data), "", 0, 0,
	"its data folder; default the program's folder (portable)"},
    {"MT5_LOGIN", TEXT, AT(mt5_login), "", 0, 0, "account to log in as"},
    {"MT5_PASSWORD", SECRET, AT(mt5_password), "", 0, 0,
	"its (investor) password"},
    {"MT5_SERVER", TEXT, AT(mt5_server), "", 0, 0, "its trade server"},
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* Where a value came from, for messages. */
struct source {
	const char *file; /* NULL: the environment */
	int line;
};

static void
complain(struct buf *errors, const struct source *src, const char *name,
    const char *what, const char *text)
{
	if (src->file != NULL)
		buf_printf(errors, "%s:%d: ", src->file, src->line);
	else
		buf_puts(errors, "environment: ");
	if (name != NULL)
		buf_printf(errors, "%s: ", name);
	buf_puts(errors, what);
	if (text != NULL)
		buf_printf(errors, ": \"%s\"", text);
	buf_putc(errors, '\n');
}

static void
set_text(struct config *c, const struct key *k, const char *text)
{
	char **field = (char **)(void *)((char *)c + k->at);

	free(*field);
	*field = mem_strdup(text);
}

static void
set_number(struct config *c, const struct key *k, const char *text,
    const struct source *src, struct buf *errors)
{
	char what[64];
	int v;

	if (num_int(text, k->min, k->max, &v) == 0) {
		memcpy((char *)c + k->at, &v, sizeof(v));
		return;
	}
	snprintf(
	    what, sizeof(what), "not a number from %d to %d", k->min, k->max);
	complain(errors, src, k->name, what, text);
}

static void
set_flag(struct config *c, const struct key *k, const char *text,
    const struct source *src, struct buf *errors)
{
	bool v;

	if (k->kind == AUTH &&
	    (strcmp(text, "required") == 0 || strcmp(text, "off") == 0))
		v = *text == 'r';
	else if (k->kind == AUTH || num_bool(text, &v) == -1) {
		complain(errors, src, k->name,
		    k->kind == AUTH ? "neither required nor off"
				    : "neither true nor false",
		    text);
		return;
	}
	memcpy((char *)c + k->at, &v, sizeof(v));
}

static void
set(struct config *c, const struct key *k, const char *text,
    const struct source *src, struct buf *errors)
{
	switch (k->kind) {
	case TEXT:
	case SECRET:
		set_text(c, k, text);
		break;
	case NUMBER:
		set_number(c, k, text, src, errors);
		break;
	case FLAG:
	case AUTH:
		set_flag(c, k, text, src, errors);
		break;
	case LEVEL:
		if (!log_level_from(text, &c->log_level))
			complain(errors, src, k->name, "not a log level", text);
		break;
	}
}

static const struct key *
find(const char *name)
{
	for (size_t i = 0; i < KEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static char *
trim(char *s)
{
	size_t len;

	while (isspace((unsigned char)*s))
		s++;
	len = strlen(s);
	while (len > 0 && isspace((unsigned char)s[len - 1]))
		s[--len] = '\0';
	return s;
}

const char *
config_renamed(const char *name)
{
	static const struct {
		const char *legacy, *name;
	} names[] = {
	    {"API_HOST", "APP_HOST"},
	    {"API_PORT", "APP_PORT"},
	    {"ALLOWED_ORIGINS", "CORS_ORIGINS"},
	    {"GOOGLE_SHEETS_CREDENTIALS_FILE",
		"GOOGLE_APPLICATION_CREDENTIALS"},
	    {"GOOGLE_SHEETS_SPREADSHEET_ID", "SHEETS_SPREADSHEET_ID"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].legacy, name) == 0)
			return names[i].name;
	return NULL;
}

static void
complain_unknown(struct buf *errors, const struct source *src, const char *name)
{
	const char *renamed = config_renamed(name);
	char what[96];

	if (renamed == NULL) {
		complain(errors, src, NULL, "unknown setting", name);
		return;
	}
	snprintf(what, sizeof(what), "a setting that is %s here", renamed);
	complain(errors, src, NULL, what, name);
}

/* NAME=value, NAME="value", # comment. Messages quote the name alone: what
 * follows may be a secret. */
static void
read_line(
    struct config *c, char *line, const struct source *src, struct buf *errors)
{
	char *name = trim(line), *value;
	const struct key *k;
	size_t len;

	if (*name == '\0' || *name == '#')
		return;
	if (strncmp(name, "export ", 7) == 0)
		name = trim(name + 7);
	if ((value = strchr(name, '=')) == NULL) {
		name[strcspn(name, " \t:")] = '\0'; /* a secret may follow */
		complain(errors, src, NULL, "not NAME=value", name);
		return;
	}
	*value++ = '\0';
	name = trim(name);
	value = trim(value);
	len = strlen(value);
	if (len >= 2 && (*value == '"' || *value == '\'') &&
	    value[len - 1] == *value) {
		value[len - 1] = '\0';
		value++;
	}
	if ((k = find(name)) == NULL)
		complain_unknown(errors, src, name);
	else
		set(c, k, value, src, errors);
}

static void
read_file(struct config *c, const char *file, struct buf *errors)
{
	struct source src = {file, 0};
	char *text, *rest, *line;

	if ((text = file_read(file, FILE_MAX, NULL)) == NULL) {
		buf_printf(errors, "%s: %s\n", file, strerror(errno));
		return;
	}
	for (rest = text; (line = strsep(&rest, "\n")) != NULL;) {
		src.line++;
		read_line(c, line, &src, errors);
	}
	free(text);
}

static void
read_environment(struct config *c, struct buf *errors)
{
	static const struct source src = {NULL, 0};
	const char *value;

	for (size_t i = 0; i < KEYS; i++)
		if ((value = getenv(keys[i].name)) != NULL)
			set(c, &keys[i], value, &src, errors);
}

static void
default_in_state(struct config *c, char **field, const char *name)
{
	if (**field == '\0') {
		free(*field);
		*field = mem_printf("%s/%s", c->state_dir, name);
	}
}

/* AGENT_TOKEN_FILE: AGENT_TOKEN read from a file. */
static void
read_token(struct config *c, struct buf *errors)
{
	char *text;

	if (*c->agent_token_file == '\0' || *c->agent_token != '\0')
		return;
	if ((text = file_read(c->agent_token_file, 4096, NULL)) == NULL) {
		buf_printf(errors, "AGENT_TOKEN_FILE: %s: %s\n",
		    c->agent_token_file, strerror(errno));
		return;
	}
	free(c->agent_token);
	c->agent_token = mem_strdup(trim(text));
	free(text);
}

/* MT5FLEET_CONFIG, else the installed system's file where it is. "" : none. */
static const char *
settings_file(const char *file)
{
	if (file == NULL)
		file = getenv("MT5FLEET_CONFIG");
	if (file == NULL && (access(CONFIG_FILE, F_OK) == 0 || errno == EACCES))
		file = CONFIG_FILE;
	return file != NULL && *file != '\0' ? file : NULL;
}

static void
check_site(struct config *c, struct buf *errors)
{
	char *error = NULL;
	struct site site;

	if (site_from(&site, c, &error) == -1)
		buf_puts(errors, error);
	free(error);
	site_done(&site);
}

/* The text is not quoted: it may hold a password. */
static void
check_proxy(const struct config *c, struct buf *errors)
{
	const char *host = strstr(c->proxy_url, "://"), *colon;
	int port;

	if (*c->proxy_url == '\0')
		return;
	if (host != NULL && strncmp(c->proxy_url, "http", 4) == 0) {
		host += strlen("://");
		if (strrchr(host, '@') != NULL)
			host = strrchr(host, '@') + 1;
		colon = strrchr(host, ':');
		if (colon != NULL && colon > host &&
		    strpbrk(host, " /?#") == NULL &&
		    num_int(colon + 1, 1, 65535, &port) == 0)
			return;
	}
	buf_puts(errors,
	    "PROXY_URL: not http://[user:password@]host:port (not shown: it "
	    "may hold a password)\n");
}

/* It may hold a password: nothing of it is quoted but its beginning. */
static void
check_ledger(struct config *c, struct buf *errors)
{
	size_t scheme = strcspn(c->ledger_url, ":/");

	if (*c->ledger_url == '\0' ||
	    strncmp(c->ledger_url, "postgresql://", 13) == 0 ||
	    strncmp(c->ledger_url, "postgres://", 11) == 0)
		return;
	buf_printf(errors,
	    "LEDGER_URL: does not begin with postgresql://: \"%.*s…\"\n",
	    (int)(scheme < 16 ? scheme : 16), c->ledger_url);
}

const char *
config_ledger(const struct config *c)
{
	return *c->ledger_url != '\0' ? c->ledger_url : c->ledger_file;
}

int
config_load(struct config *c, const char *file)
{
	static const struct source none = {NULL, 0};
	struct buf errors;

	memset(c, 0, sizeof(*c));
	buf_init(&errors, ERROR_MAX);
	for (size_t i = 0; i < KEYS; i++)
		set(c, &keys[i], keys[i].def, &none, &errors);
	if ((file = settings_file(file)) != NULL)
		read_file(c, file, &errors);
	read_environment(c, &errors);
	read_token(c, &errors);
	check_site(c, &errors);
	check_ledger(c, &errors);
	check_proxy(c, &errors);
	default_in_state(c, &c->ledger_file, "ledger.db");
	default_in_state(c, &c->backup_dir, "backup");
	default_in_state(c, &c->live_socket, "live.sock");
	default_in_state(c, &c->alerts_file, "alerts.json");
	if (errors.len > 0)
		c->error = buf_take(&errors);
	buf_done(&errors);
	return c->error != NULL ? -1 : 0;
}

void
config_done(struct config *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < KEYS; i++)
		if (keys[i].kind == TEXT || keys[i].kind == SECRET)
			free(*(char **)(void *)((char *)c + keys[i].at));
	free(c->error);
	memset(c, 0, sizeof(*c));
}

void
config_describe(void)
{
	for (size_t i = 0; i < KEYS; i++)
		printf("%-30s  %s%s%s%s\n", keys[i].name, keys[i].help,
		    *keys[i].def != '\0' ? " [" : "", keys[i].def,
		    *keys[i].def != '\0' ? "]" : "");
}

/*
 * check.c: would everything start? Settings, nodes, ledger, files' owners,
 * Redis, certificates, and each program's own -n as the user it runs as. Says
 * of each mistake where it is and what mends it.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bin/command.h"
#include "bin/rules.h"
#include "bin/site.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/site.h"
#include "lib/fleet/nodes.h"
#include "lib/json/jsonin.h"
#include "lib/program/owner.h"
#include "lib/program/program.h"
#include "lib/redis/acl.h"
#include "lib/redis/cache.h"
#include "lib/redis/cache_url.h"

#define OPENSSL "/usr/bin/openssl"

struct check {
	const struct config *config;
	bool quiet;
	int wrong;
	bool ledger_wrong;
	size_t nodes;
};

static void wrong(struct check *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void
wrong(struct check *c, const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_error("%s", text);
	c->wrong++;
}

static void good(const struct check *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void
good(const struct check *c, const char *fmt, ...)
{
	va_list ap;

	if (c->quiet)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

/*
 * f in a process of its own that works as that program's user ("": the owner of
 * STATE_DIR): this one stays root, which may look everywhere. 0 where f says
 * so.
 */
static int
as_user_of(const struct config *config, const char *program,
    int (*f)(const struct config *config, const void *arg), const void *arg)
{
	int status;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == -1)
		return -1;
	if (pid == 0) {
		status =
		    owner_become_for(config, program) == 0 ? f(config, arg) : 1;
		fflush(stdout);
		_exit(status);
	}
	if (waitpid(pid, &status, 0) == -1 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static int
as_owner(const struct config *config,
    int (*f)(const struct config *config, const void *arg), const void *arg)
{
	return as_user_of(config, "", f, arg);
}

/* ---- files ---- */

static const char *
user_name(uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);

	return pw != NULL ? pw->pw_name : "?";
}

/* One of the group's users: mt5fleet-admin, mt5fleet-sheets. */
static bool
is_of_group(const struct stat *st, gid_t gid)
{
	const struct passwd *pw = getpwuid(st->st_uid);

	return st->st_uid != 0 && pw != NULL && pw->pw_gid == gid;
}

/*
 * The ledger's files are all its users', and so everybody's of the group where
 * the folder is.
 */
static void
check_shared(struct check *c, const char *path, const struct stat *st)
{
	const char *name = strrchr(path, '/');

	if (strncmp(name != NULL ? name + 1 : path, "ledger.db", 9) == 0 &&
	    (st->st_mode & 0060) != 0060)
		wrong(c, "%s: the group cannot write it: chmod g+rw %s", path,
		    path);
}

static void
check_owner(struct check *c, const char *path, const struct stat *folder)
{
	uid_t owner = folder->st_uid;
	struct stat st;
	char *is;

	if (lstat(path, &st) == -1)
		return;
	if ((folder->st_mode & S_ISGID) != 0 &&
	    (st.st_uid == owner || is_of_group(&st, folder->st_gid))) {
		check_shared(c, path, &st);
		return;
	}
	if (st.st_uid == owner)
		return;
	is = mem_strdup(user_name(st.st_uid));
	wrong(c, "%s: is %s's, not %s's: chown %s: %s", path, is,
	    user_name(owner), user_name(owner), path);
	free(is);
}

static void
check_folder(struct check *c, const char *folder, const struct stat *owner)
{
	const struct dirent *e;
	char *path;
	DIR *dir;

	if ((dir = opendir(folder)) == NULL)
		return;
	check_owner(c, folder, owner);
	while ((e = readdir(dir)) != NULL)
		if (*e->d_name != '.') {
			path = mem_printf("%s/%s", folder, e->d_name);
			check_owner(c, path, owner);
			free(path);
		}
	closedir(dir);
}

static int
open_file(const struct config *config, const void *arg)
{
	FILE *f = fopen(arg, "r");
	int error = f != NULL ? 0 : errno;

	(void)config;
	if (f != NULL)
		fclose(f);
	return error;
}

/* May its user make a file in the folder of that one? 0, or errno. */
static int
may_write(const struct config *config, const void *arg)
{
	char *folder = mem_strdup(arg), *slash = strrchr(folder, '/');
	int error;

	(void)config;
	if (slash != NULL)
		slash[slash == folder] = '\0';
	error =
	    access(slash != NULL ? folder : ".", W_OK | X_OK) == 0 ? 0 : errno;
	free(folder);
	return error;
}

static void
check_place(struct check *c, const char *name, const char *path)
{
	int error = as_owner(c->config, may_write, path);

	if (error != 0)
		wrong(c, "%s: %s cannot be made there: %s", name, path,
		    strerror(error));
}

static void
check_state(struct check *c)
{
	const struct config *config = c->config;
	int before = c->wrong, error;
	struct stat st;

	error = as_owner(config, open_file, config->presets_file);
	if (error != 0)
		wrong(c, "PRESETS_FILE: %s: %s", config->presets_file,
		    strerror(error));
	if (stat(config->state_dir, &st) == -1) {
		wrong(
		    c, "STATE_DIR: %s: %s", config->state_dir, strerror(errno));
		return;
	}
	if (*config->ledger_url == '\0')
		check_place(c, "LEDGER_FILE", config->ledger_file);
	if (config->live_port == 0)
		check_place(c, "LIVE_SOCKET", config->live_socket);
	if (access(config->backup_dir, F_OK) == -1)
		check_place(c, "BACKUP_DIR", config->backup_dir);
	check_folder(c, config->state_dir, &st);
	check_folder(c, config->backup_dir, &st);
	if (*config->ledger_url == '\0')
		check_owner(c, config->ledger_file, &st);
	if (c->wrong == before)
		good(c, "files: %s: good", config->state_dir);
}

enum { LEDGER_IS_GOOD, LEDGER_IS_BAD, LEDGER_IS_NEW };

/* As a reader does; a database without tables is no mistake. */
static int
look_at_ledger(const struct config *config, const void *arg)
{
	struct ledger *l = ledger_open(config_ledger(config), LEDGER_READ);
	enum ledger_result r = ledger_state(l);
	int what = LEDGER_IS_GOOD;

	(void)arg;
	if (r == LEDGER_NOT_FOUND)
		what = LEDGER_IS_NEW;
	else if (r != LEDGER_OK || (r = ledger_check(l)) != LEDGER_OK) {
		command_ledger_failed(l, r);
		what = LEDGER_IS_BAD;
	}
	ledger_close(l);
	return what;
}

static int
print_lease(const struct lease_row *row, void *arg)
{
	(void)arg;
	printf("lease: %s %s: %s\n", row->job, row->shard, row->holder);
	return 0;
}

/* Which coordinator works now. */
static int
list_leases(const struct config *config, const void *arg)
{
	struct ledger *l = ledger_open(config_ledger(config), LEDGER_READ);

	(void)arg;
	(void)lease_list(l, print_lease, NULL);
	ledger_close(l);
	fflush(stdout);
	return 0;
}

static void
check_ledger(struct check *c)
{
	const char *file = c->config->ledger_file;
	const bool is_file = *c->config->ledger_url == '\0';
	char *shown = ledger_shown(config_ledger(c->config));
	int64_t room = ledger_disk_free(config_ledger(c->config));
	int what;

	if (is_file && access(file, F_OK) == -1)
		what = LEDGER_IS_NEW;
	else
		what = as_owner(c->config, look_at_ledger, NULL);
	if (what == LEDGER_IS_NEW)
		good(c, "ledger: %s: not there yet; the first job makes it",
		    shown);
	else if (what != LEDGER_IS_GOOD) {
		c->ledger_wrong = true;
		wrong(c, "ledger: %s: not usable (above)", shown);
	} else
		good(c, "ledger: %s: good", shown);
	if (room >= 0 && room < LEDGER_DISK_LOW)
		wrong(c, "ledger: %s: %" PRId64 " kB are left on its disk",
		    shown, room / 1024);
	if (what == LEDGER_IS_GOOD && !is_file && !c->quiet)
		as_owner(c->config, list_leases, NULL);
	free(shown);
}

/* ---- whom alerts are sent to ---- */

static int
see_target(const struct ledger_target *t, void *arg)
{
	bool *good_all = arg;
	char since[CLOCK_ISO_SIZE];

	if (t->failures == 0)
		return 0;
	log_error("alerts: target \"%s\" is not told since %.19sZ%s: %s; "
		  "%lld wait; try: mt5fleet alerts test %s",
	    t->name, clock_iso(t->failed_since_utc_ms, since),
	    t->permanent ? ", and that will not heal by itself" : "",
	    t->error != NULL ? t->error : "", (long long)t->waiting, t->name);
	*good_all = false;
	return 0;
}

static int
look_at_targets(const struct config *config, const void *arg)
{
	struct ledger *l;
	bool good_all = true;

	(void)arg;
	if (*config->ledger_url == '\0' &&
	    access(config->ledger_file, F_OK) != 0)
		return 0;
	if ((l = command_open_ledger(config, LEDGER_READ)) != NULL)
		ledger_targets(l, see_target, &good_all);
	ledger_close(l);
	return !good_all;
}

static void
check_targets(struct check *c)
{
	if (!c->ledger_wrong && as_owner(c->config, look_at_targets, NULL) != 0)
		c->wrong++;
}

/* ---- rule sets ---- */

static int
try_stored(const struct ledger_rule_set *r, void *arg)
{
	struct rules_tried *t = arg;
	cJSON *doc = jsonin_parse(r->rules, strlen(r->rules));

	if (cJSON_HasObjectItem(doc, "examples"))
		(void)rules_try(t, doc);
	cJSON_Delete(doc);
	return 0;
}

/* The worked examples of the presets, and of the stored sets that have some. */
static int
try_rules(const struct config *config, const void *arg)
{
	struct rules_tried t = {.to = stderr, .only_wrong = true};
	const bool *quiet = arg;
	cJSON *doc = rules_read_file(config->presets_file);
	bool good = doc != NULL && rules_try(&t, doc);
	struct ledger *l;

	if (doc != NULL && !good)
		log_error("%s: no list of presets", config->presets_file);
	cJSON_Delete(doc);
	if (*config->ledger_url != '\0' ||
	    access(config->ledger_file, F_OK) == 0) {
		l = command_open_ledger(config, LEDGER_READ);
		if (l != NULL &&
		    ledger_rule_sets(l, try_stored, &t) != LEDGER_OK)
			good = false;
		ledger_close(l);
	}
	good = good && t.good == t.all;
	if (good && !*quiet)
		printf("rules: %d of %d examples come out\n", t.good, t.all);
	return !good;
}

static void
check_rules(struct check *c)
{
	if (as_owner(c->config, try_rules, &c->quiet) != 0)
		wrong(c,
		    "rules: %s, or a stored rule set: not as its examples "
		    "say (above)",
		    c->config->presets_file);
}

/* ---- Redis ---- */

/* As the program's user of Redis: what it does there, and whether what it hears
 * is let through. 2: this user is not let, but another one may be. */
static int
use_redis(const struct config *config, const void *arg)
{
	const struct acl_user *u = arg;
	struct config its = *config;
	struct cache *cache, *ear = NULL;
	int rc = 1;

	its.program = u->program;
	if ((cache = program_cache(&its)) == NULL ||
	    (ear = program_cache(&its)) == NULL)
		goto out;
	if (acl_try(cache, ear, u) == 0)
		rc = 0;
	else {
		log_error("redis: %s: %s", u->program, cache_error(cache));
		if (strstr(cache_error(cache), "NOPERM") != NULL ||
		    strstr(cache_error(cache), "WRONGPASS") != NULL)
			rc = 2;
	}
out:
	cache_close(ear);
	cache_close(cache);
	return rc;
}

/* How much it may hold, and whether it throws away what is live. */
static int
look_at_memory(const struct config *config, const void *arg)
{
	struct cache *cache = program_cache(config);
	const size_t *nodes = arg;
	struct acl_memory m;
	int64_t wanted = acl_memory_wanted(*nodes);
	int rc = 0;

	/* a Redis whose user may not ask is not judged */
	if (cache == NULL || acl_memory(cache, &m) == -1 || m.max == 0)
		goto out;
	if (strcmp(m.policy, "noeviction") != 0) {
		log_error("redis: maxmemory-policy is %s: rows that are live "
			  "would be evicted; it has to be noeviction",
		    m.policy);
		rc = 1;
	}
	/* a few more nodes than at its start are no mistake */
	if (config->redis_memory_mb == 0 && m.max < wanted - wanted / 4) {
		log_error("redis: maxmemory is %" PRId64
			  " MB, and %zu nodes want %" PRId64 " MB%s",
		    m.max >> 20, *nodes, wanted >> 20,
		    site_redis_is_private(config)
			? ": systemctl reload mt5fleet.target"
			: "");
		rc = 1;
	}
	if (m.used > m.max - m.max / 10) {
		log_error("redis: %" PRId64 " of %" PRId64
			  " MB are used: see REDIS_MEMORY",
		    m.used >> 20, m.max >> 20);
		rc = 1;
	}
out:
	cache_close(cache);
	return rc;
}

/* All programs alike where they have no users of their own. */
static int
check_redis_users(struct check *c)
{
	const bool own = *c->config->redis_users != '\0';
	int rc = 0, status;

	for (size_t i = 0; i < acl_users_len; i++) {
		const struct acl_user *u = &acl_users[i];
		const char *whose = strcmp(u->program, "admin") == 0 ||
					    strcmp(u->program, "sheets") == 0
					? u->program
					: "";

		/* nobody but root reads what is other users'; sheets' user is
		 * known by Google's key alone */
		if (own && *whose != '\0' &&
		    (geteuid() != 0 ||
			(strcmp(whose, "sheets") == 0 &&
			    *c->config->google_credentials == '\0')))
			continue;
		if ((status = as_user_of(c->config, whose, use_redis, u)) != 0)
			rc = -1;
		/* one that is not there is not asked nine times */
		if (status != 0 && (status != 2 || !own))
			break;
	}
	return rc;
}

static void
check_redis(struct check *c)
{
	const char *ca = c->config->redis_ca_file;

	if (cache_url_is_tls(c->config->redis_url)) {
		int error = as_owner(c->config, open_file, ca);

		if (error != 0)
			wrong(c, "REDIS_CA_FILE: %s: %s", ca, strerror(error));
	}
	if (check_redis_users(c) == 0) {
		if (as_owner(c->config, look_at_memory, &c->nodes) != 0)
			c->wrong++;
		else
			good(c, "redis: good");
	} else
		wrong(c, "redis: not usable (above)%s",
		    site_redis_is_private(c->config)
			? "; is it running? systemctl status mt5fleet-redis"
		    : cache_url_is_tls(c->config->redis_url)
			? "; REDIS_URL: TLS goes through stunnel: apt install "
			  "stunnel4, systemctl reload mt5fleet.target, "
			  "journalctl -u mt5fleet-redis-tls"
		    : *c->config->redis_url != '\0'
			? "; see REDIS_URL"
			: "; see REDIS_HOST, REDIS_PORT, REDIS_DB, "
			  "REDIS_PASSWORD");
}

/* ---- nodes ---- */

/* openssl's word on a certificate; 0: it is one, and not over. */
static int
look_at_certificate(const struct config *config, const void *arg)
{
	(void)config;
	if (freopen("/dev/null", "w", stdout) == NULL ||
	    freopen("/dev/null", "w", stderr) == NULL)
		return 1;
	execl(OPENSSL, "openssl", "x509", "-noout", "-checkend", "0", "-in",
	    (const char *)arg, NULL);
	return 0; /* no openssl: nothing can be said */
}

static void
check_certificate(struct check *c, const char *what, const char *path)
{
	int error = as_owner(c->config, open_file, path);

	if (error != 0)
		wrong(c, "%s: %s: %s", what, path, strerror(error));
	else if (as_owner(c->config, look_at_certificate, path) != 0)
		wrong(c, "%s: %s: not a certificate, or one that has expired",
		    what, path);
}

static void
check_node(struct check *c, const struct nodes *nodes, size_t i)
{
	const struct node *n = &nodes->list[i];
	char *what = mem_printf("node \"%s\"", n->id);

	for (size_t k = 0; k < i; k++)
		if (strcmp(nodes->list[k].url, n->url) == 0)
			wrong(c, "%s: has the URL of node \"%s\": \"%s\"", what,
			    nodes->list[k].id, n->url);
	if (n->ca != NULL)
		check_certificate(c, what, n->ca);
	free(what);
}

static void
check_nodes(struct check *c)
{
	int before = c->wrong;
	struct nodes nodes;

	if (program_nodes(c->config, &nodes) == -1)
		c->wrong++;
	else
		for (size_t i = 0; i < nodes.len; i++)
			check_node(c, &nodes, i);
	c->nodes = nodes.len;
	if (c->wrong == before)
		good(c, "configuration: good, %zu nodes", nodes.len);
	nodes_done(&nodes);
}

/* ---- the site ---- */

static void
check_site(struct check *c)
{
	int before = c->wrong, status;
	struct site s;
	char *error = NULL;

	if (*c->config->site_url == '\0')
		return;
	if (site_from(&s, c->config, &error) == 0 && geteuid() == 0 &&
	    *s.cert != '\0') {
		/* nginx's master is root, and reads them as that */
		status = access(s.cert, R_OK) == 0 ? 0 : errno;
		if (s.tls == SITE_ACME && status == ENOENT)
			good(c,
			    "site: no certificate yet: %s; `mt5fleet site "
			    "apply` says how to get it",
			    s.cert);
		else if (s.tls == SITE_SELF && status == ENOENT)
			good(c, "site: its certificate is made by the next "
				"systemctl reload mt5fleet.target");
		else if (status != 0)
			wrong(c, "TLS_CERT_FILE: %s: %s", s.cert,
			    strerror(status));
		else if (site_environment(c->config) == 0) {
			fflush(stdout);
			if (system(SITE_SCRIPT " certificate") != 0)
				c->wrong++;
		}
	}
	if (c->wrong == before)
		good(c, "site: %s: good", c->config->site_url);
	free(error);
	site_done(&s);
}

/* ---- the programs ---- */

/* Its mistakes are on stderr; that it is good is said once for all. */
static int
ask_program(const struct config *config, const void *arg)
{
	(void)config;
	if (freopen("/dev/null", "w", stdout) != NULL)
		execl(arg, arg, "-n", NULL);
	log_error("%s: %s", (const char *)arg, strerror(errno));
	return 127;
}

static void
check_programs(struct check *c)
{
	static const char *const names[] = {"dashboard.fcgi", "admin.fcgi",
	    "live", "collect", "trades", "phases", "alerts", "backup",
	    "sheets"};
	char folder[COMMAND_PATH_SIZE], *path;
	const char *user;
	int before = c->wrong;

	command_programs(folder);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path = mem_printf("%s/%s", folder, names[i]);
		user = strcmp(names[i], "admin.fcgi") == 0 ? "admin" : names[i];
		if (as_user_of(c->config, user, ask_program, path) != 0)
			wrong(c, "%s: would not start (above)", names[i]);
		free(path);
	}
	if (c->wrong == before)
		good(c, "programs: good");
}

static void
check_clock(const struct check *c)
{
	struct timex tx = {.modes = 0};

	if (adjtimex(&tx) == TIME_ERROR)
		good(c, "clock: not synchronised, says the kernel; a clock "
			"that is off makes rows look old: timedatectl");
}

int
command_check(const struct config *config, int argc, char *argv[])
{
	struct check c = {.config = config};

	if (argc == 2 && strcmp(argv[1], "--settings") == 0) {
		config_describe();
		return COMMAND_OK;
	}
	if (argc == 2 && strcmp(argv[1], "--quiet") == 0)
		c.quiet = true;
	else if (argc != 1)
		return command_usage();
	check_nodes(&c);
	check_state(&c);
	check_ledger(&c);
	check_targets(&c);
	check_rules(&c);
	check_redis(&c);
	check_site(&c);
	check_programs(&c);
	check_clock(&c);
	if (c.ledger_wrong)
		return COMMAND_LEDGER;
	if (c.wrong > 0)
		return COMMAND_USAGE;
	good(&c, "good");
	return COMMAND_OK;
}

/* ---- the nodes ---- */

static void
print_node(const struct node *n)
{
	printf("%s\t%s\t%s%s%s\n", n->id, n->url,
	    n->enabled ? "enabled" : "disabled",
	    n->maintenance ? ",maintenance" : "",
	    n->token != NULL ? ",token" : "");
	for (size_t i = 0; i < n->pins_len; i++)
		printf(
		    "\t%s\t%" PRId64 "\n", n->pins[i].server, n->pins[i].login);
}

int
command_nodes(const struct config *config, int argc, char *argv[])
{
	struct nodes nodes;
	int rc = COMMAND_OK;

	(void)argv;
	if (argc != 1)
		return command_usage();
	if (program_nodes(config, &nodes) == -1)
		rc = COMMAND_USAGE;
	for (size_t i = 0; rc == COMMAND_OK && i < nodes.len; i++)
		print_node(&nodes.list[i]);
	nodes_done(&nodes);
	return rc;
}

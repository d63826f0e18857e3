/*
 * redis.c: our own Redis, and each program's user of it (lib/redis/acl.h).
 *   prepare DIR  as root, before it starts: passwords that are missing, and
 *                redis.conf and users.acl into DIR
 *   apply        the same told to the one that runs
 *   users        the users as an aclfile has them, for a Redis elsewhere
 *   cli …        redis-cli with the address and user of the settings
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bin/command.h"
#include "bin/site.h"
#include "lib/auth/password.h"
#include "lib/base/buf.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/fleet/nodes.h"
#include "lib/program/program.h"
#include "lib/redis/acl.h"
#include "lib/redis/cache_url.h"

#define ROOT "root" /* who may do all: commands that root types */
#define TEXT_MAX (64 * 1024)

/* ---- passwords ---- */

/* The password's file, made where it is missing; the password, the caller's.
 */
static char *
password_of(const char *folder, const char *name, const char *unix_user)
{
	char *path = mem_printf("%s/%s", folder, name), *text = NULL;
	char token[PASSWORD_TOKEN_SIZE];
	const struct passwd *pw = getpwnam(unix_user);
	int fd;

	password_token(token);
	fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400);
	if (fd != -1) {
		if (dprintf(fd, "%s\n", token) < 0 ||
		    (pw != NULL && fchown(fd, pw->pw_uid, (gid_t)-1) == -1))
			log_error("%s: %s", path, strerror(errno));
		close(fd);
	}
	if ((text = file_read(path, 256, NULL)) == NULL)
		log_error("%s: %s", path, strerror(errno));
	else
		text[strcspn(text, "\r\n")] = '\0';
	explicit_bzero(token, sizeof(token));
	free(path);
	return text;
}

static int
add_user(struct buf *out, const char *folder, const char *program,
    const char *unix_user, const struct acl_user *u)
{
	char *password = password_of(folder, program, unix_user);
	char name[ACL_NAME_SIZE], digest[PASSWORD_TOKEN_SIZE];

	if (password == NULL)
		return -1;
	password_digest(password, digest);
	buf_printf(
	    out, "user %s reset on #%s ", acl_user_name(program, name), digest);
	if (u != NULL)
		acl_rules(u, out);
	else
		buf_puts(out, "~* &* +@all");
	buf_putc(out, '\n');
	explicit_bzero(password, strlen(password));
	free(password);
	return 0;
}

/* The aclfile; one a line. */
static int
add_users(struct buf *out, const struct config *c)
{
	const char *folder = c->redis_users;

	if (mkdir(folder, 0755) == -1 && errno != EEXIST) {
		log_error("REDIS_USERS: %s: %s", folder, strerror(errno));
		return -1;
	}
	for (size_t i = 0; i < acl_users_len; i++)
		if (add_user(out, folder, acl_users[i].program,
			acl_users[i].unix_user, &acl_users[i]) == -1)
			return -1;
	return add_user(out, folder, ROOT, ROOT, NULL);
}

/* ---- the server's settings ---- */

static int64_t
memory_bytes(const struct config *c)
{
	struct nodes nodes;
	int64_t bytes = (int64_t)c->redis_memory_mb << 20;

	if (bytes == 0) {
		/* without a list it begins as for none */
		if (*c->nodes_file != '\0')
			(void)nodes_load(&nodes, c->nodes_file);
		else
			(void)nodes_from_urls(&nodes, c->vps_agents_json);
		bytes = acl_memory_wanted(nodes.len);
		nodes_done(&nodes);
	}
	return bytes;
}

static int
put(const char *folder, const char *name, const struct buf *text)
{
	char *path = mem_printf("%s/%s", folder, name);
	struct stat st;
	int rc = file_write(path, text->data, text->len, 0640);

	/* the folder is the server's */
	if (rc == 0 && stat(folder, &st) == 0)
		rc = chown(path, st.st_uid, st.st_gid);
	if (rc == -1)
		log_error("%s: %s", path, strerror(errno));
	free(path);
	return rc;
}

static int
prepare(const struct config *c, const char *folder)
{
	struct buf conf, users;
	int rc = 0;

	buf_init(&conf, TEXT_MAX);
	buf_init(&users, TEXT_MAX);
	buf_printf(&conf,
	    "port 0\nunixsocket %s\nunixsocketperm 770\nsave \"\"\n"
	    "appendonly no\ndaemonize no\ndir %s\nmaxmemory %" PRId64 "\n"
	    "maxmemory-policy noeviction\n",
	    SITE_REDIS_SOCKET, c->state_dir, memory_bytes(c));
	if (*c->redis_users != '\0') {
		buf_printf(&conf, "aclfile %s/users.acl\n", folder);
		buf_puts(&users, "user default off\n");
		rc = add_users(&users, c);
	}
	if (rc == 0)
		rc = put(folder, "users.acl", &users);
	if (rc == 0)
		rc = put(folder, "redis.conf", &conf);
	buf_done(&conf);
	buf_done(&users);
	return rc == 0 ? COMMAND_OK : COMMAND_FAILED;
}

static int
print_users(const struct config *c)
{
	struct buf users;
	int rc;

	if (*c->redis_users == '\0') {
		log_error(
		    "REDIS_USERS is not set: the folder of the passwords");
		return COMMAND_USAGE;
	}
	buf_init(&users, TEXT_MAX);
	if ((rc = add_users(&users, c)) == 0)
		fputs(users.data, stdout);
	buf_done(&users);
	return rc == 0 ? COMMAND_OK : COMMAND_FAILED;
}

/* ---- the one that runs ---- */

/* As root's user; one that was started without users knows the default alone.
 */
static struct cache *
open_running(const struct config *c)
{
	struct config as_root = *c, as_anyone = *c;
	struct cache *cache;

	as_root.program = ROOT;
	as_anyone.redis_users = NULL;
	cache = program_cache(&as_root);
	if (cache != NULL && cache_ping(cache) == 0)
		return cache;
	cache_close(cache);
	cache = program_cache(&as_anyone);
	if (cache != NULL && cache_ping(cache) == 0)
		return cache;
	if (cache != NULL)
		log_error("redis: %s", cache_error(cache));
	cache_close(cache);
	return NULL;
}

static int
apply(const struct config *c)
{
	struct cache *cache = NULL;
	struct buf users;
	char *line, *rest;
	int rc = COMMAND_FAILED;

	buf_init(&users, TEXT_MAX);
	buf_putc(&users, '\n');
	if (*c->redis_users != '\0' && add_users(&users, c) == -1)
		goto out;
	if ((cache = open_running(c)) == NULL ||
	    acl_set_memory(cache, memory_bytes(c)) == -1)
		goto failed;
	for (rest = users.data; (line = strsep(&rest, "\n")) != NULL;)
		if (strncmp(line, "user ", 5) == 0 &&
		    acl_set(cache, line + 5) == -1)
			goto failed;
	rc = COMMAND_OK;
failed:
	if (rc != COMMAND_OK && cache != NULL)
		log_error("redis: %s", cache_error(cache));
out:
	cache_close(cache);
	buf_done(&users);
	return rc;
}

static int
cli(const struct config *c, int argc, char *argv[])
{
	struct config mine = *c;
	struct cache_address a;
	const char **words = mem_new((size_t)argc + 12, sizeof(*words));
	char *error = NULL, port[16], db[16];
	int n = 0;

	if (geteuid() == 0)
		mine.program = ROOT;
	if (cache_address_from(&a, &mine, &error) == -1) {
		log_error("%s", error);
		return COMMAND_USAGE;
	}
	words[n++] = "redis-cli";
	snprintf(port, sizeof(port), "%d", a.port);
	snprintf(db, sizeof(db), "%d", a.db);
	if (a.path != NULL) {
		words[n++] = "-s";
		words[n++] = a.path;
	} else {
		words[n++] = "-h";
		words[n++] = a.host;
		words[n++] = "-p";
		words[n++] = port;
	}
	words[n++] = "-n";
	words[n++] = db;
	if (a.user != NULL) {
		words[n++] = "--user";
		words[n++] = a.user;
	}
	/* no word that others see in a list of processes */
	if (a.password != NULL)
		setenv("REDISCLI_AUTH", a.password, 1);
	for (int i = 0; i < argc; i++)
		words[n++] = argv[i];
	execvp(words[0], (char *const *)(uintptr_t)words);
	log_error("redis-cli: %s", strerror(errno));
	return COMMAND_FAILED;
}

int
command_redis(const struct config *config, int argc, char *argv[])
{
	if (argc >= 2 && strcmp(argv[1], "cli") == 0)
		return cli(config, argc - 2, argv + 2);
	if (argc == 3 && strcmp(argv[1], "prepare") == 0)
		return prepare(config, argv[2]);
	if (argc == 2 && strcmp(argv[1], "apply") == 0)
		return apply(config);
	if (argc == 2 && strcmp(argv[1], "users") == 0)
		return print_users(config);
	return command_usage();
}

/*
 * setup.c: from an installed package to a site that answers. Asks, or takes
 * from its options, what belongs into the settings; writes them; makes the
 * first admin; starts everything; tries it out. Again, it changes only what
 * is asked for.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bin/command.h"
#include "bin/settings.h"
#include "bin/site.h"
#include "lib/base/buf.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/site.h"

#define FILE_MAX (256 * 1024)
#define ANSWER_MAX 1024

struct wish {
	bool yes; /* nothing is asked */
	const char *site, *tls, *proxies, *listen, *admin, *password_file,
	    *redis, *ledger;
	char *password; /* ours; NULL: no admin is made */
};

/* ---- questions ---- */

/* The answer, the caller's; the default where it is empty. */
static char *
question(const char *text, const char *def)
{
	char line[ANSWER_MAX];

	printf("%s [%s]: ", text, def);
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin) == NULL)
		*line = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	return mem_strdup(*line != '\0' ? line : def);
}

static char *
default_site(void)
{
	char name[256] = "localhost";

	gethostname(name, sizeof(name) - 1);
	return mem_printf("https://%s", name);
}

/* What the options leave open; what is set already is the default. Texts live
 * as long as the program. */
static void
ask_all(struct wish *w, const struct config *now)
{
	char *def;

	if (w->site == NULL) {
		def = *now->site_url != '\0' ? mem_strdup(now->site_url)
					     : default_site();
		w->site =
		    question("Address of the site, as its users type it", def);
		free(def);
	}
	if (w->tls == NULL && *now->site_tls == '\0')
		w->tls = question(
		    "Certificate: self (of its own making), files=CERT,KEY, "
		    "acme (Let's Encrypt), proxy (one in front has it), off",
		    strncmp(w->site, "http:", 5) == 0 ? "off" : "self");
	/* the first time also where the package has named the private one */
	if (w->redis == NULL &&
	    (*now->redis_url == '\0' ||
		(*now->site_url == '\0' &&
		    strcmp(now->redis_url, "unix:" SITE_REDIS_SOCKET) == 0)))
		w->redis = question("Redis: private, or a URL", "private");
	if (w->admin == NULL)
		w->admin =
		    question("Name of an admin to make (- for none)", "admin");
	if (strcmp(w->admin, "-") == 0)
		w->admin = NULL;
}

/* ---- the password ---- */

static int
read_password(struct wish *w)
{
	char *text;

	if (w->admin == NULL)
		return 0;
	if (w->password_file != NULL) {
		text = file_read(w->password_file, ANSWER_MAX, NULL);
		if (text == NULL) {
			log_error("--password-file: %s: %s", w->password_file,
			    strerror(errno));
			return -1;
		}
	} else if (w->yes) {
		log_error("--admin with --yes needs --password-file");
		return -1;
	} else if ((text = getpass("Password of that admin: ")) != NULL)
		text = mem_strdup(text);
	if (text == NULL)
		return -1;
	text[strcspn(text, "\r\n")] = '\0';
	w->password = text;
	return 0;
}

/* ---- the settings ---- */

/* --tls: its word, and the two files behind files=. */
static int
put_tls(struct buf *text, const char *tls)
{
	const char *comma;
	char *cert;

	if (strncmp(tls, "files=", 6) != 0) {
		settings_put(text, "SITE_TLS", tls);
		return 0;
	}
	if ((comma = strchr(tls, ',')) == NULL || tls[6] != '/' ||
	    comma[1] != '/') {
		log_error(
		    "--tls: files=/path/of/cert.pem,/path/of/key.pem, not "
		    "\"%s\"",
		    tls);
		return -1;
	}
	cert = mem_strndup(tls + 6, (size_t)(comma - tls - 6));
	settings_put(text, "SITE_TLS", "files");
	settings_put(text, "TLS_CERT_FILE", cert);
	settings_put(text, "TLS_KEY_FILE", comma + 1);
	free(cert);
	return 0;
}

static int
put_wish(struct buf *text, const struct wish *w)
{
	if (w->site != NULL)
		settings_put(text, "SITE_URL", w->site);
	if (w->tls != NULL && put_tls(text, w->tls) == -1)
		return -1;
	if (w->proxies != NULL)
		settings_put(text, "TRUSTED_PROXIES", w->proxies);
	if (w->listen != NULL)
		settings_put(text, "SITE_LISTEN", w->listen);
	if (w->redis != NULL) {
		bool private = strcmp(w->redis, "private") == 0;

		settings_put(text, "REDIS_URL",
		    private ? "unix:" SITE_REDIS_SOCKET : w->redis);
		/* another one has the users that its owner made */
		settings_put(
		    text, "REDIS_USERS", private ? SITE_REDIS_USERS : "");
	}
	if (w->ledger != NULL)
		settings_put(text, "LEDGER_URL",
		    strcmp(w->ledger, "file") == 0 ? "" : w->ledger);
	return 0;
}

/* Checked beside the old file, and only then in its place. */
static int
write_settings(const struct wish *w, struct config *config)
{
	static const char new_file[] = CONFIG_FILE ".new";
	char *old = file_read(CONFIG_FILE, FILE_MAX, NULL);
	struct stat st;
	struct buf text;
	int rc = -1;

	buf_init(&text, FILE_MAX);
	if (old == NULL || stat(CONFIG_FILE, &st) == -1) {
		log_error(CONFIG_FILE ": %s", strerror(errno));
		goto out;
	}
	buf_puts(&text, old);
	if (put_wish(&text, w) == -1)
		goto out;
	if (file_write(new_file, text.data, text.len, st.st_mode & 0777) ==
		-1 ||
	    chown(new_file, st.st_uid, st.st_gid) == -1) {
		log_error("%s: %s", new_file, strerror(errno));
		goto out;
	}
	config_done(config);
	if (config_load(config, new_file) == -1) {
		log_error_lines(config->error);
		log_error("nothing was changed");
	} else if (rename(new_file, CONFIG_FILE) == -1)
		log_error(CONFIG_FILE ": %s", strerror(errno));
	else
		rc = 0;
	unlink(new_file);
out:
	buf_done(&text);
	free(old);
	return rc;
}

/* ---- others at work ---- */

/* Runs a program, with a line on its standard input where one is given; its
 * exit code, -1 where it had none. */
static int
run(const char *const argv[], const char *line)
{
	int ends[2], status, fd;
	pid_t pid;

	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC) == -1 || (pid = fork()) == -1)
		return -1;
	if (pid == 0) {
		fd = line != NULL ? ends[0] : open("/dev/null", O_RDONLY);
		dup2(fd, STDIN_FILENO);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(ends[0]);
	if (line != NULL)
		dprintf(ends[1], "%s\n", line);
	close(ends[1]);
	if (waitpid(pid, &status, 0) == -1 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

#define RUN(line, ...) run((const char *const[]){__VA_ARGS__, NULL}, line)

static int
make_admin(const struct wish *w)
{
	if (w->admin == NULL)
		return 0;
	return RUN(w->password, "mt5fleet", "passwd", "--role", "admin",
		   w->admin) == 0
		   ? 0
		   : -1;
}

static int
start(void)
{
	if (RUN(NULL, "systemctl", "enable", "--quiet", "mt5fleet.target") !=
		0 ||
	    RUN(NULL, "systemctl", "start", "mt5fleet.target") != 0) {
		log_error("systemd does not start it: systemctl status "
			  "'mt5fleet*'");
		return -1;
	}
	return RUN(NULL, SITE_SCRIPT, "apply", "start") == 0 ? 0 : -1;
}

static int
try_out(const struct wish *w)
{
	if (w->admin != NULL)
		setenv("SITE_USER", w->admin, 1);
	return RUN(w->password != NULL ? w->password : "", SITE_SCRIPT,
		   "probe") == 0
		   ? 0
		   : -1;
}

static void
say_ready(const struct config *c)
{
	struct site s;
	char *error = NULL;

	if (site_from(&s, c, &error) == 0) {
		printf("ready: %s%s/\n", s.origin, s.path);
		if (s.tls == SITE_SELF)
			printf("Its certificate is of its own making: the "
			       "browser asks once.\n");
	}
	free(error);
	site_done(&s);
}

static int
set_up(struct wish *w, struct config *config)
{
	if (read_password(w) == -1 || write_settings(w, config) == -1 ||
	    site_environment(config) == -1)
		return COMMAND_USAGE;
	setenv("MT5FLEET_CONFIG", CONFIG_FILE, 1);
	if (make_admin(w) == -1 || start() == -1)
		return COMMAND_FAILED;
	if (RUN(NULL, "mt5fleet", "check", "--quiet") != 0 ||
	    try_out(w) == -1) {
		log_error("the settings are written and everything was "
			  "started, but the site is not right yet (above)");
		return COMMAND_FAILED;
	}
	say_ready(config);
	return COMMAND_OK;
}

static int
read_options(struct wish *w, int argc, char *argv[])
{
	static const struct option names[] = {
	    {"yes", no_argument, NULL, 'y'},
	    {"site", required_argument, NULL, 's'},
	    {"tls", required_argument, NULL, 't'},
	    {"proxies", required_argument, NULL, 'p'},
	    {"listen", required_argument, NULL, 'l'},
	    {"admin", required_argument, NULL, 'a'},
	    {"password-file", required_argument, NULL, 'f'},
	    {"redis", required_argument, NULL, 'r'},
	    {"ledger", required_argument, NULL, 'L'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		switch (c) {
		case 'y':
			w->yes = true;
			break;
		case 's':
			w->site = optarg;
			break;
		case 't':
			w->tls = optarg;
			break;
		case 'p':
			w->proxies = optarg;
			break;
		case 'l':
			w->listen = optarg;
			break;
		case 'a':
			w->admin = optarg;
			break;
		case 'f':
			w->password_file = optarg;
			break;
		case 'r':
			w->redis = optarg;
			break;
		case 'L':
			w->ledger = optarg;
			break;
		default:
			return -1;
		}
	return optind == argc ? 0 : -1;
}

int
command_setup(const struct config *unused, int argc, char *argv[])
{
	struct config config;
	struct wish w = {.yes = false};
	int rc;

	(void)unused;
	if (read_options(&w, argc, argv) == -1)
		return command_usage();
	if (geteuid() != 0) {
		log_error("setup needs root");
		return COMMAND_USAGE;
	}
	/* mistakes in there now may be what it is called to mend */
	config_load(&config, CONFIG_FILE);
	if (!w.yes)
		ask_all(&w, &config);
	if (w.site == NULL && *config.site_url == '\0') {
		log_error("--site is missing: the address of the site, as its "
			  "users type it");
		rc = COMMAND_USAGE;
	} else
		rc = set_up(&w, &config);
	if (w.password != NULL)
		explicit_bzero(w.password, strlen(w.password));
	free(w.password);
	config_done(&config);
	return rc;
}

/*
 * mcp.c: mt5fleet mcp: the Model Context Protocol on standard input and output,
 * a message a line, for an assistant that starts it. It asks the site by HTTP,
 * with a token, from any machine. docs/mcp.md
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bin/command.h"
#include "lib/base/buf.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/base/site.h"
#include "lib/http/fetch.h"
#include "lib/mcp/mcp.h"
#include "lib/program/program.h"

#define TOKEN_MAX 256
#define CONNECT_MS 5000
#define TOTAL_MS 30000

struct asked_site {
	char *url, *token, *ca;
};

static void
site_free(struct asked_site *s)
{
	free(s->url);
	if (s->token != NULL)
		explicit_bzero(s->token, strlen(s->token));
	free(s->token);
	free(s->ca);
}

static void
on_answer(void *arg, const struct fetch_answer *answer)
{
	struct mcp_reply *out = arg;

	if (answer->code == 0 ||
	    (answer->error != NULL && answer->code < 300)) {
		out->error = mem_strdup(
		    answer->error != NULL ? answer->error : "no answer");
		return;
	}
	out->status = answer->code;
	out->len = answer->len;
	out->body = mem_strndup(answer->body, answer->len);
}

static void
ask(void *arg, const char *target, struct mcp_reply *out)
{
	const struct asked_site *site = arg;
	char *url = mem_printf("%s%s", site->url, target);
	const struct fetch_request req = {.url = url,
	    .token = site->token,
	    .ca = site->ca,
	    .connect_ms = CONNECT_MS,
	    .total_ms = TOTAL_MS,
	    .max = 2 * MCP_ANSWER_MAX};

	fetch_now(&req, on_answer, out);
	free(url);
}

/* -1: the other side is gone. */
static int
say(char *answer)
{
	int rc = 0;

	if (answer != NULL &&
	    (fputs(answer, stdout) == EOF || putchar('\n') == EOF ||
		fflush(stdout) == EOF))
		rc = -1;
	free(answer);
	return rc;
}

/* The rest of a line that is too long is read and forgotten. */
static int
serve(const struct mcp *m, FILE *in)
{
	bool too_long = false;
	struct buf line;
	int c, rc = 0;

	buf_init(&line, MCP_MESSAGE_MAX);
	do {
		c = getc(in);
		if (c != '\n' && c != EOF) {
			too_long = too_long || buf_putc(&line, (char)c) == -1;
			continue;
		}
		if (line.len > 0 && line.data[line.len - 1] == '\r')
			line.data[--line.len] = '\0';
		if (too_long)
			rc = say(mcp_answer_too_long());
		else if (line.len > 0)
			rc = say(mcp_answer(m, line.data, line.len));
		buf_reset(&line);
		too_long = false;
	} while (rc == 0 && c != EOF);
	buf_done(&line);
	return rc;
}

/* ---- what it is told ---- */

/* The first line; NULL: it was said why not. */
static char *
read_token(const char *path)
{
	size_t len;
	char *text = file_read(path, TOKEN_MAX, &len);

	if (text == NULL) {
		log_error("%s: %s", path, strerror(errno));
		return NULL;
	}
	text[strcspn(text, "\r\n")] = '\0';
	if (*text != '\0')
		return text;
	log_error("%s: there is no token in it", path);
	free(text);
	return NULL;
}

/* This machine's own site, by its settings. -1: they have mistakes. */
static int
own_site(struct asked_site *s)
{
	static const struct program program = {.name = "mt5fleet"};
	struct config config = {.error = NULL};
	struct site site;
	char *error = NULL;
	int rc = -1;

	if (program_settings(&program, &config) == 0) {
		if (site_from(&site, &config, &error) == 0) {
			s->url = site.given
				     ? site_address(&config)
				     : mem_printf("http://%s:%d",
					   config.app_host, config.app_port);
			if (s->ca == NULL && site.given &&
			    site.tls == SITE_SELF)
				s->ca = mem_strdup(site.cert);
			rc = 0;
		} else
			log_error_lines(error);
		free(error);
		site_done(&site);
	}
	config_done(&config);
	return rc;
}

/* -1: it was said why not. */
static int
find_site(struct asked_site *s, const char *given)
{
	size_t len;

	if (given == NULL)
		given = getenv("MT5FLEET_URL");
	if (given == NULL)
		return own_site(s);
	if (strncmp(given, "http://", 7) != 0 &&
	    strncmp(given, "https://", 8) != 0) {
		log_error(
		    "--url: expected http://… or https://…, not \"%s\"", given);
		return -1;
	}
	s->url = mem_strdup(given);
	for (len = strlen(given); s->url[len - 1] == '/'; len--)
		s->url[len - 1] = '\0';
	return 0;
}

int
command_mcp(const struct config *unused, int argc, char *argv[])
{
	static const struct option options[] = {
	    {"url", required_argument, NULL, 'u'},
	    {"token-file", required_argument, NULL, 't'},
	    {"ca", required_argument, NULL, 'c'}, {NULL, 0, NULL, 0}};
	const char *url = NULL, *token_file = NULL, *token;
	struct asked_site site = {NULL, NULL, NULL};
	const struct mcp m = {.ask = ask, .arg = &site};
	int option, rc = COMMAND_USAGE;

	(void)unused;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'u':
			url = optarg;
			break;
		case 't':
			token_file = optarg;
			break;
		case 'c':
			free(site.ca);
			site.ca = mem_strdup(optarg);
			break;
		default:
			free(site.ca);
			return command_usage();
		}
	if (optind != argc)
		rc = command_usage();
	else if (find_site(&site, url) == 0) {
		if (token_file != NULL)
			site.token = read_token(token_file);
		else if ((token = getenv("MT5FLEET_TOKEN")) != NULL &&
			 *token != '\0')
			site.token = mem_strdup(token);
		if (token_file == NULL || site.token != NULL)
			rc =
			    serve(&m, stdin) == 0 ? COMMAND_OK : COMMAND_FAILED;
	}
	site_free(&site);
	return rc;
}

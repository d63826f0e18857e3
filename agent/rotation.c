/* rotation.c: another token and certificate for this agent. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/auth.h"
#include "agent/platform.h"
#include "agent/rotation.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"

#define FILE_MAX ((size_t)65536)
#define TOKEN_DIGITS 64

/* "<path>.next"; the key is moved first and the token last. */
struct names {
	char *key, *cert, *token;
};

static void
names_init(struct names *n, const struct config *c)
{
	n->key = mem_printf("%s.next", c->agent_key_file);
	n->cert = mem_printf("%s.next", c->agent_cert_file);
	n->token = mem_printf("%s.next", c->agent_token_file);
}

static void
names_done(struct names *n)
{
	free(n->key);
	free(n->cert);
	free(n->token);
}

static bool
is_there(const char *path)
{
	struct stamp stamp;

	return platform_stamp(path, &stamp) == 0;
}

static bool
has_identity(const struct config *c)
{
	return *c->agent_key_file != '\0' && *c->agent_cert_file != '\0' &&
	       *c->agent_token_file != '\0';
}

static char *
read_token(const char *path)
{
	char *text = file_read(path, FILE_MAX, NULL);

	if (text != NULL)
		text[strcspn(text, "\r\n")] = '\0';
	if (text != NULL && *text == '\0') {
		free(text);
		text = NULL;
	}
	return text;
}

static void
forget(char **secret)
{
	if (*secret != NULL)
		memset(*secret, 0, strlen(*secret));
	free(*secret);
	*secret = NULL;
}

/* The settings were read while the file had the token of before. */
static void
take_finished(struct config *c)
{
	char *token = read_token(c->agent_token_file);

	if (token == NULL)
		return;
	forget(&c->agent_token);
	c->agent_token = token;
}

/*
 * What is there of the three tells how far it came: all, it waits; without the
 * key, it was being confirmed; otherwise it was being made.
 */
void
rotation_begin(struct rotation *r, struct config *c)
{
	struct names n;

	if (!has_identity(c))
		return;
	names_init(&n, c);
	if (is_there(n.key)) {
		if (is_there(n.cert) && is_there(n.token))
			r->next = read_token(n.token);
		else {
			unlink(n.token);
			unlink(n.cert);
			unlink(n.key);
		}
	} else if (is_there(n.token)) {
		log_info("a rotation is finished");
		if ((is_there(n.cert) &&
			rename(n.cert, c->agent_cert_file) == -1) ||
		    rename(n.token, c->agent_token_file) == -1)
			log_error("%s: %s", n.token, strerror(errno));
		take_finished(c);
	} else if (is_there(n.cert))
		unlink(n.cert);
	names_done(&n);
}

void
rotation_done(struct rotation *r)
{
	forget(&r->next);
	forget(&r->before);
}

bool
rotation_is_token(const struct rotation *r, const char *header,
    int64_t now_mono_ms, bool *next)
{
	*next = r->next != NULL && auth_is_token(header, r->next);
	if (*next)
		return true;
	return r->before != NULL && now_mono_ms < r->before_until_mono_ms &&
	       auth_is_token(header, r->before);
}

/* The token last: without it there is nothing to go on with. */
static const char *
make_next(struct rotation *r, const struct config *c, const struct names *n)
{
	char *old = file_read(c->agent_cert_file, FILE_MAX, NULL);
	struct identity id = {NULL, NULL};
	char token[TOKEN_DIGITS + 1], *line;
	const char *why;

	if (old == NULL)
		return strerror(errno);
	why = identity_like(&id, old);
	free(old);
	if (why != NULL)
		return why;
	auth_random_hex(token, sizeof(token));
	line = mem_printf("%s\n", token);
	if (file_write(n->cert, id.cert, strlen(id.cert), 0644) == -1 ||
	    file_write(n->key, id.key, strlen(id.key), 0600) == -1 ||
	    file_write(n->token, line, strlen(line), 0600) == -1)
		why = strerror(errno);
	else
		r->next = mem_strdup(token);
	memset(line, 0, strlen(line));
	free(line);
	identity_done(&id);
	return why;
}

const char *
rotation_next(struct rotation *r, const struct config *c, char **cert)
{
	const char *why = NULL;
	struct names n;

	if (!has_identity(c))
		return "no token and certificate of its own";
	names_init(&n, c);
	if (r->next == NULL)
		why = make_next(r, c, &n);
	if (why == NULL && (*cert = file_read(n.cert, FILE_MAX, NULL)) == NULL)
		why = strerror(errno);
	names_done(&n);
	return why;
}

const char *
rotation_confirm(struct rotation *r, struct config *c, struct identity *id,
    int64_t now_mono_ms)
{
	const char *why = NULL;
	struct names n;

	if (r->next == NULL)
		return "there is nothing to confirm";
	names_init(&n, c);
	id->cert = file_read(n.cert, FILE_MAX, NULL);
	id->key = file_read(n.key, FILE_MAX, NULL);
	if (id->cert == NULL || id->key == NULL ||
	    rename(n.key, c->agent_key_file) == -1 ||
	    rename(n.cert, c->agent_cert_file) == -1 ||
	    rename(n.token, c->agent_token_file) == -1)
		why = strerror(errno);
	else {
		forget(&r->before);
		r->before = c->agent_token;
		r->before_until_mono_ms =
		    now_mono_ms + ROTATION_GRACE_S * INT64_C(1000);
		c->agent_token = r->next;
		r->next = NULL;
	}
	names_done(&n);
	return why;
}

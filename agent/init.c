/* init.c: mt5fleet-agent --init: makes what the coordinator has to know. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/app.h"
#include "agent/auth.h"
#include "agent/identity.h"
#include "agent/init.h"
#include "agent/platform.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/mem.h"
#include "lib/json/json.h"

#define NAMES_MAX 32
#define PEM_MAX 65536
#define TOKEN_DIGITS 64

static bool
complain(const char *path, const char *what)
{
	log_error("%s: %s", path, what);
	return false;
}

static bool
is_there(const char *path)
{
	struct stamp stamp;

	return platform_stamp(path, &stamp) == 0;
}

static bool
write_new(const char *path, const char *text, mode_t mode)
{
	if (file_write(path, text, strlen(text), mode) == 0)
		return true;
	return complain(path, strerror(errno));
}

/* First of all, because config_load rejects a token file that is missing. */
static bool
make_token(const char *path)
{
	char token[TOKEN_DIGITS + 2];

	if (*path == '\0' || is_there(path))
		return true;
	auth_random_hex(token, TOKEN_DIGITS + 1);
	strcat(token, "\n");
	return write_new(path, token, 0600);
}

static bool
make_identity(const struct config *c, char *const *addresses, int len)
{
	const char *names[NAMES_MAX] = {"localhost", "127.0.0.1", "::1"};
	struct identity id = {NULL, NULL};
	char host[AGENT_NAME_SIZE];
	const char *why;
	size_t n = 3;
	bool ok;

	if (is_there(c->agent_cert_file) && is_there(c->agent_key_file))
		return true;
	platform_hostname(host, sizeof(host));
	names[n++] = host;
	for (int i = 0; i < len && n < NAMES_MAX; i++)
		names[n++] = addresses[i];
	if ((why = identity_make(&id, names, n)) != NULL)
		return complain(c->agent_cert_file, why);
	ok = write_new(c->agent_key_file, id.key, 0600) &&
	     write_new(c->agent_cert_file, id.cert, 0644);
	identity_done(&id);
	return ok;
}

static void
put_entry(struct json *j, const struct config *c, const char *name,
    const char *address)
{
	bool number6 = strchr(address, ':') != NULL;
	char *url = mem_printf("https://%s%s%s:%d", number6 ? "[" : "", address,
	    number6 ? "]" : "", c->agent_port);
	char *ca = mem_printf("%s.pem", name);

	json_object(j, NULL);
	json_string(j, "id", name);
	json_string(j, "url", url);
	json_string(j, "token", c->agent_token);
	json_string(j, "ca", ca);
	json_end(j);
	free(url);
	free(ca);
}

static bool
print_entry(const struct config *c, const char *address)
{
	char name[AGENT_NAME_SIZE];
	struct json j;
	char *cert;

	platform_hostname(name, sizeof(name));
	if (*c->agent_name != '\0')
		snprintf(name, sizeof(name), "%s", c->agent_name);
	if ((cert = file_read(c->agent_cert_file, PEM_MAX, NULL)) == NULL)
		return complain(c->agent_cert_file, strerror(errno));
	json_init(&j, PEM_MAX);
	put_entry(&j, c, name, address);
	printf("An entry for the coordinator's nodes.json:\n\n%s\n\n"
	       "and beside it the file %s.pem:\n\n%s",
	    json_text(&j, NULL), name, cert);
	json_done(&j);
	free(cert);
	return true;
}

static bool
is_complete(const struct config *c)
{
	static const char why[] =
	    "not set: --init has to know where to write it";

	if (*c->agent_cert_file == '\0')
		return complain("AGENT_CERT_FILE", why);
	if (*c->agent_key_file == '\0')
		return complain("AGENT_KEY_FILE", why);
	if (*c->agent_token == '\0')
		return complain("AGENT_TOKEN_FILE", why);
	return true;
}

int
init_prepare(
    const char *config, char *const *addresses, int len, struct config *c)
{
	bool ok;

	config_load(c, config);
	ok = make_token(c->agent_token_file);
	config_done(c);
	if (config_load(c, config) == -1) {
		log_error_lines(c->error);
		ok = false;
	}
	return ok && is_complete(c) && make_identity(c, addresses, len) ? 0
									: -1;
}

int
init_run(const char *config, char *const *addresses, int len, bool quiet)
{
	char host[AGENT_NAME_SIZE];
	struct config c;
	int rc = init_prepare(config, addresses, len, &c);

	platform_hostname(host, sizeof(host));
	if (rc == 0 && !quiet &&
	    !print_entry(&c, len > 0 ? addresses[0] : host))
		rc = -1;
	config_done(&c);
	return rc == 0 ? 0 : 1;
}

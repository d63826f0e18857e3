/* listen.c: may the agent listen where it is told to? */
#include <stddef.h>

#include "agent/listen.h"
#include "agent/platform.h"
#include "agent/supervise.h"
#include "lib/base/buf.h"

#define ERROR_MAX 4096

/* Beyond loopback only with a token and TLS. */
static void
check_host(const struct config *c, struct buf *errors)
{
	_Alignas(16) unsigned char address[PLATFORM_ADDRESS_SIZE];
	bool loopback, ipv6;

	if (!platform_address(
		c->agent_host, c->agent_port, &loopback, &ipv6, address)) {
		buf_printf(errors, "AGENT_HOST: not an IP address: \"%s\"\n",
		    c->agent_host);
		return;
	}
	if (loopback)
		return;
	if (*c->agent_token == '\0')
		buf_printf(errors,
		    "AGENT_HOST: \"%s\" is not loopback: AGENT_TOKEN or "
		    "AGENT_TOKEN_FILE is required\n",
		    c->agent_host);
	if (*c->agent_cert_file == '\0' || *c->agent_key_file == '\0')
		buf_printf(errors,
		    "AGENT_HOST: \"%s\" is not loopback: AGENT_CERT_FILE and "
		    "AGENT_KEY_FILE are required\n",
		    c->agent_host);
}

static void
check_identity(const struct config *c, struct buf *errors)
{
	if ((*c->agent_cert_file == '\0') != (*c->agent_key_file == '\0'))
		buf_puts(errors,
		    "AGENT_CERT_FILE and AGENT_KEY_FILE: set both or "
		    "neither\n");
}

/* No header can carry a blank or a control character. */
static void
check_token(const struct config *c, struct buf *errors)
{
	for (const char *p = c->agent_token; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~') {
			buf_puts(errors,
			    "AGENT_TOKEN: has a blank or a control character "
			    "(not shown)\n");
			return;
		}
}

char *
listen_check(const struct config *c)
{
	struct buf errors;
	char *text = NULL;

	buf_init(&errors, ERROR_MAX);
	check_host(c, &errors);
	check_identity(c, &errors);
	check_token(c, &errors);
	if (*c->agent_common == '\0')
		buf_puts(&errors,
		    "AGENT_COMMON: not set: the terminals' Common/Files "
		    "folder\n");
	supervise_check(c, &errors);
	if (errors.len > 0)
		text = buf_take(&errors);
	buf_done(&errors);
	return text;
}

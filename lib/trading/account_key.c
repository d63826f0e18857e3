/* account_key.c: an account is known by server and login. */
#include <string.h>

#include "lib/trading/account_key.h"

int
account_key_compare(const char *server_a, int64_t login_a, const char *server_b,
    int64_t login_b)
{
	int order;

	if (server_a == NULL || server_b == NULL)
		return server_a != NULL ? -1 : 1;
	if ((order = strcmp(server_a, server_b)) != 0)
		return order;
	return login_a < login_b ? -1 : login_a > login_b;
}

bool
account_key_is(const char *server_a, int64_t login_a, const char *server_b,
    int64_t login_b)
{
	return server_a != NULL && server_b != NULL && login_a == login_b &&
	       strcmp(server_a, server_b) == 0;
}

/* account_key.h: an account is known by server and login. */
#ifndef LIB_TRADING_ACCOUNT_KEY_H
#define LIB_TRADING_ACCOUNT_KEY_H

#include <stdbool.h>
#include <stdint.h>

struct account_key {
	char *server;
	int64_t login;
};

/* < 0, 0, > 0, as strcmp: by server, then by login. A server that is NULL is
 * unknown: it comes last, and is the same as no other. */
int account_key_compare(const char *server_a, int64_t login_a,
    const char *server_b, int64_t login_b);
bool account_key_is(const char *server_a, int64_t login_a, const char *server_b,
    int64_t login_b);

#endif

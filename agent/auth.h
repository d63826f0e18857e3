/* auth.h: the bearer token. */
#ifndef AGENT_AUTH_H
#define AGENT_AUTH_H

#include <stdbool.h>
#include <stddef.h>

/* header is that of Authorization, or NULL. The time it takes says nothing
 * about the token. */
bool auth_is_token(const char *header, const char *token);

/* size - 1 random hex digits. */
void auth_random_hex(char *text, size_t size);

#endif

/*
 * password_link.h: a link by which a user sets a password: its token, good once
 * and for a day. Redis holds who it is for; where that is lost, another is
 * made.
 */
#ifndef ADMIN_PASSWORD_LINK_H
#define ADMIN_PASSWORD_LINK_H

#include "lib/auth/password.h"
#include "lib/redis/cache.h"

#define PASSWORD_LINK_S (24 * 60 * 60)

/* 0, or -1: Redis does not answer. */
int password_link_make(
    struct cache *cache, const char *user, char token[PASSWORD_TOKEN_SIZE]);

/* Whose it is, for the caller to free, or NULL: nobody's (any more). -1: Redis
 * does not answer. */
int password_link_find(struct cache *cache, const char *token, char **user);
/* It was used. */
int password_link_end(struct cache *cache, const char *token);

#endif

/* password.h: argon2id and random tokens; the only place that knows libsodium.
 */
#ifndef LIB_AUTH_PASSWORD_H
#define LIB_AUTH_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#define PASSWORD_HASH_SIZE 128
#define PASSWORD_MIN 8    /* bytes; looked at where one is set, */
#define PASSWORD_MAX 1024 /* and the most that is ever tried */

/* -1 where there is no memory for it. Takes some 100 ms: it is meant to. */
int password_hash(const char *password, char hash[PASSWORD_HASH_SIZE]);

/*
 * hash NULL: nobody of that name; takes as long and is false. turn: a lock
 * file, by which processes hash one after the other: each hash takes 64 MB.
 */
bool password_fits(const char *password, const char *hash, const char *turn);

/* 32 random bytes as 64 hex digits. */
#define PASSWORD_TOKEN_SIZE 65
void password_token(char token[PASSWORD_TOKEN_SIZE]);

/* The SHA-256 of a token as hex digits: what is stored in its place. */
void password_digest(const char *token, char digest[PASSWORD_TOKEN_SIZE]);

#endif

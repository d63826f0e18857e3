/* jwt.h: the signed claim that a service account gets a token for (RS256). */
#ifndef SHEETS_GOOGLE_JWT_H
#define SHEETS_GOOGLE_JWT_H

#include <stdint.h>

#include "cron/sheets/google/key.h"

#define JWT_SCOPE "https://www.googleapis.com/auth/spreadsheets"

/* Our clock may be a little ahead of Google's: it is signed as of earlier. */
#define JWT_BACK_S 30
#define JWT_LIFE_S 3600

/* header.claims.signature for the caller to free; NULL: OpenSSL failed. */
char *jwt_sign(const struct key *k, const char *scope, int64_t now_s);

#endif

/* routes.h: which handler answers which path of admin.fcgi. */
#ifndef ADMIN_ROUTES_H
#define ADMIN_ROUTES_H

#include "lib/web/web.h"

extern const struct route routes[];
extern const size_t routes_len;

#endif

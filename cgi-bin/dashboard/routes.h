/* routes.h: which handler answers which path of dashboard.fcgi. */
#ifndef DASHBOARD_ROUTES_H
#define DASHBOARD_ROUTES_H

#include "lib/web/web.h"

extern const struct route routes[];
extern const size_t routes_len;

#endif

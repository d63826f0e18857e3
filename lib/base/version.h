/* version.h: which mt5fleet this is. */
#ifndef LIB_BASE_VERSION_H
#define LIB_BASE_VERSION_H

#define MT5FLEET_VERSION "1.0.0"

#endif

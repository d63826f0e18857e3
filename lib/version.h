/* version.h: which mt5fleet this is. */
#ifndef LIB_VERSION_H
#define LIB_VERSION_H

#define MT5FLEET_VERSION "1.0.0"

#endif

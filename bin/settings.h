/* settings.h: a settings file as text, of which single values are changed. */
#ifndef BIN_SETTINGS_H
#define BIN_SETTINGS_H

#include "lib/base/buf.h"

/*
 * NAME=value: in place of the line that has it (and others of that name go),
 * else in place of the comment #NAME=, else at the end. All else stays.
 */
void settings_put(struct buf *text, const char *name, const char *value);

#endif

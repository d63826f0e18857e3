/*
 * phases_file.h: phases.json {"<login>": "F1"} and vs_data.json, as the first
 * system has them.
 *
 * They know no servers: a login that several accounts have is left out.
 */
#ifndef LIB_LEGACY_PHASES_FILE_H
#define LIB_LEGACY_PHASES_FILE_H

#include "lib/ledger/file.h"

enum phases_file { PHASES_FILE_PHASE, PHASES_FILE_VS };

/*
 * Written by rename, and only where the content differs from what is there.
 * left_out: accounts whose login is not theirs alone. 0, or -1 with the
 * reason in why.
 */
#define PHASES_FILE_WHY_SIZE 512
int phases_file_write(struct ledger *l, enum phases_file what, const char *path,
    int *left_out, char why[PHASES_FILE_WHY_SIZE]);

#endif

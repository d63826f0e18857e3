/*
 * backup.h: copies of the ledger: made while it is in use, rotated, restored.
 *
 * A backup is a plain SQLite file `ledger-20261121T095600Z.db`. It has its
 * name only when it is whole and was read through.
 */
#ifndef LIB_LEDGER_BACKUP_H
#define LIB_LEDGER_BACKUP_H

#include <stddef.h>

#include "lib/ledger/file.h"

#define BACKUP_WHY_SIZE 512

/*
 * Into dir (made where it is not). Once the new one is whole all but the
 * newest `keep` backups there are removed; keep 0: none is. *path is the
 * caller's to free. Otherwise why is "path: reason".
 */
enum ledger_result backup_make(struct ledger *l, const char *dir, int keep,
    char **path, char why[BACKUP_WHY_SIZE]);

/* Reads every page of it. why as above. */
enum ledger_result backup_check(const char *path, char why[BACKUP_WHY_SIZE]);

/*
 * The backup's content becomes the ledger's, in one transaction: who has it
 * open sees the old or the new. The backup is checked first: every page of
 * it is read. why as above.
 */
enum ledger_result backup_restore(
    struct ledger *l, const char *path, char why[BACKUP_WHY_SIZE]);

#endif

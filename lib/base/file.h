/* file.h: whole files, read with a cap and published by rename. */
#ifndef LIB_BASE_FILE_H
#define LIB_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * The file's bytes, zero-terminated, for the caller to free; NULL with
 * errno set (EFBIG when it has more than cap bytes). len may be NULL.
 */
char *file_read(const char *path, size_t cap, size_t *len);

/*
 * Writes <path>.<pid>.tmp, fsyncs it, renames it over path (the folder is not
 * synced). 0, or -1 with errno set and path as it was.
 */
int file_write(const char *path, const void *data, size_t len, mode_t mode);

#endif

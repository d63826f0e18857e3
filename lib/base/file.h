/* file.h: whole files: read with a size cap, replaced by rename. */
#ifndef LIB_BASE_FILE_H
#define LIB_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * The file's bytes, zero-terminated; the caller frees them. NULL with errno
 * set on failure (EFBIG: more than cap bytes; ENOTSUP: a FIFO, a socket or a
 * device, for which nothing waits). len may be NULL.
 */
char *file_read(const char *path, size_t cap, size_t *len);

/*
 * Writes <path>.<pid>.tmp, a new file, fsyncs it and renames it over path (the
 * directory is not synced). What lies there under that name is removed, so that
 * no link is followed. 0, or -1 with errno set and path unchanged.
 */
int file_write(const char *path, const void *data, size_t len, mode_t mode);

/*
 * The mode of a new file at path: where its folder is setgid it is several
 * users' of one group, and so the file is, too.
 */
mode_t file_shared_mode(const char *path, mode_t mode);

/* open with O_CREAT in that mode, whatever the umask. */
int file_open_shared(const char *path, int flags, mode_t mode);

#endif

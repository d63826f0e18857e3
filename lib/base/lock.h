/*
 * lock.h: one process at a time, by a lock file.
 *
 * A flock: it ends with the process however that dies. The file stays and
 * holds the owner's pid. Not inherited across exec.
 */
#ifndef LIB_BASE_LOCK_H
#define LIB_BASE_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

struct lock {
	int fd; /* -1: not open */
	bool held;
	char error[256];
};

/* Opens or creates the file; does not lock. 0 or -1. */
int lock_open(struct lock *l, const char *path);
void lock_close(struct lock *l); /* releases it, too */

/* False: held by another process. */
bool lock_try(struct lock *l);

/* Waits until no other process holds it. */
void lock_wait(struct lock *l);

/*
 * A pidfd of the process that holds the lock on this file, for the caller to
 * close. Safe against reuse of the pid. -1: none.
 */
int lock_holder(struct lock *l, pid_t *pid);

#endif

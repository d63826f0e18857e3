/*
 * lock.h: one process at a time, by a file.
 *
 * The lock is flock's and ends with the process however it dies; the file
 * stays and has the holder's pid in it. Children started by exec do not
 * inherit it.
 */
#ifndef LIB_BASE_LOCK_H
#define LIB_BASE_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

struct lock {
	int fd; /* -1: could not be opened */
	bool held;
	char error[256];
};

/* Opens the file, makes it where it is not; does not lock. 0 or -1. */
int lock_open(struct lock *l, const char *path);
void lock_close(struct lock *l); /* lets go, too */

/* False: someone else has it. */
bool lock_try(struct lock *l);

/*
 * The process whose pid is in the file and that was seen to hold the lock
 * on this very file: a pidfd (never another process, even where the pid is
 * used again), for the caller to close. -1: there is none.
 */
int lock_holder(struct lock *l, pid_t *pid);

#endif

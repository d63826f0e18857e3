/* workers.h: several processes of one program on the same socket. */
#ifndef LIB_WEB_WORKERS_H
#define LIB_WEB_WORKERS_H

#include <stdbool.h>

/*
 * Forks n workers. True in each of them, with SIGTERM, SIGINT and SIGUSR1
 * blocked: told to end while it begins, a worker still hears it when it waits
 * for its first request. False in the parent, once all have ended, with the
 * exit code: a worker that dies is replaced, one that cannot begin ends the
 * rest; told to end, the parent tells them and waits.
 */
bool workers_fork(int n, int *rc);

#endif

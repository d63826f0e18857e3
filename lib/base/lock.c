/* lock.c: one process at a time, by a lock file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/lock.h"
#include "lib/base/num.h"

#define PROC_FILE_MAX 65536

int
lock_open(struct lock *l, const char *path)
{
	memset(l, 0, sizeof(*l));
	l->fd = file_open_shared(
	    path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (l->fd != -1)
		return 0;
	snprintf(l->error, sizeof(l->error), "%s: %s", path, strerror(errno));
	return -1;
}

void
lock_close(struct lock *l)
{
	if (l->fd != -1)
		close(l->fd);
	l->fd = -1;
	l->held = false;
}

bool
lock_try(struct lock *l)
{
	char text[16];
	int n;

	if (flock(l->fd, LOCK_EX | LOCK_NB) == -1)
		return false;
	n = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	/* a file that cannot be written still locks, only without a pid */
	if (ftruncate(l->fd, 0) == -1 || pwrite(l->fd, text, (size_t)n, 0) != n)
		snprintf(l->error, sizeof(l->error), "%s", strerror(errno));
	l->held = true;
	return true;
}

void
lock_wait(struct lock *l)
{
	while (!l->held)
		l->held = flock(l->fd, LOCK_EX) == 0 || errno != EINTR;
}

static pid_t
pid_in_file(int fd)
{
	char text[16];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	int pid;

	if (n <= 1 || text[n - 1] != '\n')
		return -1;
	text[n - 1] = '\0';
	return num_int(text, 1, INT32_MAX, &pid) == 0 ? (pid_t)pid : -1;
}

/* Whether that process' open file holds a flock. */
static bool
descriptor_locks(pid_t pid, const char *fd)
{
	char path[64], *text;
	bool found;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%.12s", (int)pid, fd);
	if ((text = file_read(path, PROC_FILE_MAX, NULL)) == NULL)
		return false;
	found = strstr(text, "FLOCK") != NULL;
	free(text);
	return found;
}

static bool
process_locks(pid_t pid, const struct stat *file)
{
	const struct dirent *entry;
	struct stat st;
	char path[64];
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	if ((dir = opendir(path)) == NULL)
		return false;
	while (!found && (entry = readdir(dir)) != NULL)
		found = fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 &&
			st.st_dev == file->st_dev &&
			st.st_ino == file->st_ino &&
			descriptor_locks(pid, entry->d_name);
	closedir(dir);
	return found;
}

int
lock_holder(struct lock *l, pid_t *pid)
{
	pid_t candidate = pid_in_file(l->fd);
	struct stat file;
	int fd;

	if (candidate <= 0 || candidate == getpid() ||
	    fstat(l->fd, &file) == -1)
		return -1;
	if ((fd = (int)syscall(SYS_pidfd_open, candidate, 0)) == -1)
		return -1;
	/* checked after pidfd_open: so this very process was seen */
	if (!process_locks(candidate, &file)) {
		close(fd);
		return -1;
	}
	*pid = candidate;
	return fd;
}

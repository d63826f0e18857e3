/* file.c: whole files: read with a size cap, replaced by rename. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"

static int
read_all(int fd, struct buf *b)
{
	char part[16384];
	ssize_t n;

	for (;;) {
		n = read(fd, part, sizeof(part));
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		if (buf_add(b, part, (size_t)n) == -1) {
			errno = EFBIG;
			return -1;
		}
	}
}

/* /dev/stdin, or what `<(…)` of a shell is: given by who started us. */
static bool
is_stream(const char *path)
{
	return strncmp(path, "/dev/", 5) == 0 ||
	       strncmp(path, "/proc/self/fd/", 14) == 0;
}

/* A FIFO may never be written to, and a device never ends: no files. */
static bool
is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 &&
	       (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

char *
file_read(const char *path, size_t cap, size_t *len)
{
	struct buf b;
	char *data = NULL;
	int fd, saved;

	fd = open(
	    path, O_RDONLY | O_CLOEXEC | (is_stream(path) ? 0 : O_NONBLOCK));
	if (fd == -1)
		return NULL;
	buf_init(&b, cap);
	if (!is_stream(path) && !is_file(fd))
		errno = ENOTSUP;
	else if (read_all(fd, &b) == 0) {
		if (len != NULL)
			*len = b.len;
		data = buf_take(&b);
	}
	saved = errno;
	buf_done(&b);
	close(fd);
	errno = saved;
	return data;
}

static int
write_all(int fd, const char *data, size_t len)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t)n)
		if ((n = write(fd, data, len)) == -1) {
			if (errno != EINTR)
				return -1;
			n = 0;
		}
	return fsync(fd);
}

int
file_write(const char *path, const void *data, size_t len, mode_t mode)
{
	char *tmp = mem_printf("%s.%d.tmp", path, (int)getpid());
	int fd, rc = -1, saved;

	/* what a crash left, or somebody put there: never written through */
	if (unlink(tmp) == -1 && errno != ENOENT)
		goto out;
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd == -1)
		goto out;
	rc = write_all(fd, data, len);
	if (close(fd) == -1)
		rc = -1;
	if (rc == 0)
		rc = rename(tmp, path);
	if (rc == -1) {
		saved = errno;
		unlink(tmp);
		errno = saved;
	}
out:
	free(tmp);
	return rc;
}

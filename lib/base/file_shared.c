/* file_shared.c: files in a folder whose group shares them (setgid). */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/mem.h"

mode_t
file_shared_mode(const char *path, mode_t mode)
{
	char *folder = mem_strdup(path), *slash = strrchr(folder, '/');
	struct stat st;

	if (slash != NULL)
		slash[slash == folder] = '\0';
	if (stat(slash != NULL ? folder : ".", &st) == 0 &&
	    (st.st_mode & S_ISGID) != 0)
		mode |= S_IRGRP | S_IWGRP;
	free(folder);
	return mode;
}

int
file_open_shared(const char *path, int flags, mode_t mode)
{
	mode_t shared = file_shared_mode(path, mode);
	struct stat st;
	int fd = open(path, flags, shared);

	/* the umask took the group's rights away: they are given back */
	if (fd != -1 && shared != mode && fstat(fd, &st) == 0 &&
	    S_ISREG(st.st_mode) && (st.st_mode & shared) != shared &&
	    st.st_uid == geteuid() && fchmod(fd, shared) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

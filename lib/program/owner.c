/* owner.c: root works as the owner of STATE_DIR. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/program/owner.h"
#include "lib/program/program.h"

int
owner_become(const struct config *c)
{
	const struct passwd *pw;
	struct stat st;
	int rc;

	if (geteuid() != 0 || stat(c->state_dir, &st) == -1 || st.st_uid == 0)
		return 0;
	pw = getpwuid(st.st_uid);
	rc = pw != NULL ? initgroups(pw->pw_name, st.st_gid)
			: setgroups(1, &st.st_gid);
	if (rc == 0 && setgid(st.st_gid) == 0 && setuid(st.st_uid) == 0) {
		setenv("HOME", c->state_dir, 1);
		return 0;
	}
	log_error("%s: its owner cannot be taken on: %s", c->state_dir,
	    strerror(errno));
	return -1;
}

int
program_configure(const struct program *p, struct config *c)
{
	return program_settings(p, c) == 0 ? owner_become(c) : -1;
}

/* owner.c: root works as the user of its unit. */
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

/* Whose program it is: the owner of the file that it alone reads or writes. */
static const char *
belongings(const struct config *c, const char *program)
{
	struct stat st;
	const char *file = c->state_dir;

	if (strcmp(program, "admin") == 0)
		file = c->nodes_file;
	else if (strcmp(program, "sheets") == 0)
		file = c->google_credentials;
	if (*file == '\0' || stat(file, &st) == -1 || st.st_uid == 0)
		file = c->state_dir;
	return file;
}

int
owner_become_for(const struct config *c, const char *program)
{
	const char *file = belongings(c, program);
	const struct passwd *pw;
	struct stat st;
	gid_t gid;
	int rc;

	if (geteuid() != 0 || stat(file, &st) == -1 || st.st_uid == 0)
		return 0;
	pw = getpwuid(st.st_uid);
	gid = pw != NULL ? pw->pw_gid : st.st_gid;
	rc = pw != NULL ? initgroups(pw->pw_name, gid) : setgroups(1, &gid);
	if (rc == 0 && setgid(gid) == 0 && setuid(st.st_uid) == 0) {
		setenv("HOME", c->state_dir, 1);
		return 0;
	}
	log_error(
	    "%s: its owner cannot be taken on: %s", file, strerror(errno));
	return -1;
}

int
owner_become(const struct config *c)
{
	return owner_become_for(c, "");
}

int
program_configure(const struct program *p, struct config *c)
{
	return program_settings(p, c) == 0 ? owner_become_for(c, p->name) : -1;
}

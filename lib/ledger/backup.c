/* backup.c: copies of the ledger: made while it is in use, rotated, restored.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/ledger/backup.h"
#include "lib/base/mem.h"

#define NAME_FORMAT "ledger-%Y%m%dT%H%M%SZ.db"
#define NAME_LEN 26

static enum ledger_result
failed(char why[BACKUP_WHY_SIZE], enum ledger_result r, const char *path,
    const char *text)
{
	snprintf(why, BACKUP_WHY_SIZE, "%s: %s", path,
	    text != NULL ? text : ledger_result_word(r));
	return r;
}

static enum ledger_result
failed_errno(char why[BACKUP_WHY_SIZE], const char *path)
{
	return failed(why,
	    errno == ENOSPC  ? LEDGER_FULL
	    : errno == EROFS ? LEDGER_READONLY
			     : LEDGER_ERROR,
	    path, strerror(errno));
}

/* Opens it read-only and reads every page. One of before an update of ours is
 * good, too: it is brought up to date when it is restored. */
enum ledger_result
backup_check(const char *path, char why[BACKUP_WHY_SIZE])
{
	struct ledger *copy = ledger_open(path, LEDGER_CHECK);
	enum ledger_result r = ledger_state(copy);

	if (r == LEDGER_OK)
		r = ledger_check(copy);
	if (r != LEDGER_OK)
		failed(why, r, path, ledger_error(copy));
	ledger_close(copy);
	return r;
}

/* The file and its name are on the disk. */
static int
settle(const char *path, const char *name, const char *dir)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd == -1)
		return -1;
	rc = fsync(fd);
	close(fd);
	/* never over a backup that is there */
	if (rc == -1 ||
	    renameat2(AT_FDCWD, path, AT_FDCWD, name, RENAME_NOREPLACE) == -1)
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

static enum ledger_result
copy(struct ledger *l, const char *dir, const char *name,
    char why[BACKUP_WHY_SIZE])
{
	char *part = mem_printf("%s/.ledger.%d.part", dir, (int)getpid());
	enum ledger_result r;

	unlink(part);
	r = ledger_copy(l, part);
	if (r != LEDGER_OK)
		failed(why, r, part, ledger_error(l));
	else
		r = backup_check(part, why);
	if (r == LEDGER_OK && settle(part, name, dir) == -1)
		r = failed_errno(why, name);
	if (r != LEDGER_OK)
		unlink(part);
	free(part);
	return r;
}

static int
is_backup(const struct dirent *e)
{
	return strlen(e->d_name) == NAME_LEN &&
	       strncmp(e->d_name, "ledger-", 7) == 0 &&
	       strcmp(e->d_name + NAME_LEN - 3, ".db") == 0;
}

/* Names sort by age; by a clock that was set back the newest one does not. */
static void
rotate(const char *dir, int keep, const char *newest)
{
	struct dirent **list;
	int n = scandir(dir, &list, is_backup, alphasort), left = n;

	for (int i = 0; i < n; i++) {
		char *path = mem_printf("%s/%s", dir, list[i]->d_name);

		if (left > keep && strcmp(path, newest) != 0) {
			unlink(path);
			left--;
		}
		free(path);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

/* The moment's name; that of the next second where it is taken. */
static char *
free_name(const char *dir)
{
	char name[NAME_LEN + 1], *path = NULL;
	time_t now = time(NULL);
	struct tm tm;

	do {
		free(path);
		gmtime_r(&now, &tm);
		strftime(name, sizeof(name), NAME_FORMAT, &tm);
		path = mem_printf("%s/%s", dir, name);
		now++;
	} while (access(path, F_OK) == 0);
	return path;
}

enum ledger_result
backup_make(struct ledger *l, const char *dir, int keep, char **path,
    char why[BACKUP_WHY_SIZE])
{
	enum ledger_result r;

	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		return failed_errno(why, dir);
	*path = free_name(dir);
	r = copy(l, dir, *path, why);
	if (r == LEDGER_OK) {
		if (keep > 0)
			rotate(dir, keep, *path);
		return LEDGER_OK;
	}
	free(*path);
	*path = NULL;
	return r;
}

enum ledger_result
backup_restore(struct ledger *l, const char *path, char why[BACKUP_WHY_SIZE])
{
	enum ledger_result r = backup_check(path, why);

	if (r != LEDGER_OK)
		return r;
	r = ledger_replace(l, path);
	if (r != LEDGER_OK)
		failed(why, r, path, ledger_error(l));
	return r;
}

/*
 * POST /api/sync-to-sheets: starts the sheets job, installed beside us; where
 * Google's key is another user's, it is that user's job to run
 * (mt5fleet-sheets.path).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgi-bin/admin/app.h"
#include "lib/base/file.h"
#include "lib/base/mem.h"

#define PATH_SIZE 4096

static bool
job_path(const char *name, char path[PATH_SIZE])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_SIZE - 1);
	char *slash;

	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if ((size_t)(slash + 1 - path) + strlen(name) >= PATH_SIZE)
		return false;
	strcpy(slash + 1, name);
	return access(path, X_OK) == 0;
}

/* The job inherits no socket and no blocked signal. */
static void __attribute__((noreturn)) become(const char *path)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (null == -1 || dup2(null, STDIN_FILENO) == -1 ||
	    dup2(null, STDOUT_FILENO) == -1)
		_exit(126);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	execl(path, path, (char *)NULL);
	_exit(127);
}

/* Double fork: nobody has to wait for the job. */
static bool
start(const char *path)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		pid = fork();
		if (pid == 0)
			become(path);
		_exit(pid == -1);
	}
	while (pid != -1 && waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return false;
	return pid != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* True: it was asked for; false with errno 0: it is ours to start. */
static bool
request_job(const struct config *c)
{
	char *path;
	int fd;

	errno = 0;
	if (*c->google_credentials == '\0' ||
	    access(c->google_credentials, R_OK) == 0 || errno != EACCES) {
		errno = 0;
		return false;
	}
	path = mem_printf("%s/sheets.request", c->state_dir);
	fd = file_open_shared(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	free(path);
	if (fd == -1)
		return false;
	if (write(fd, "\n", 1) != 1) {
		close(fd);
		return false;
	}
	close(fd);
	errno = 0;
	return true;
}

void
sync_post(struct app *app, const struct request *req, struct response *res)
{
	char path[PATH_SIZE];

	if (!job_path("sheets", path)) {
		response_error(res, 501, "not_installed",
		    "the sheets job is not installed here");
		return;
	}
	if (app_audit(app, req, res, "job", "sheets", "started") == -1)
		return;
	if (!request_job(&app->config) && (errno != 0 || !start(path))) {
		response_error(res, 503, "not_started",
		    "the sheets job could not be started: %s", strerror(errno));
		return;
	}
	res->status = 202;
	json_object(&res->json, NULL);
	json_bool(&res->json, "ok", true);
	json_end(&res->json);
}

/* clock.c: clocks that a test moves on (clock.mjs). Preloaded, it adds what the
 * file TEST_CLOCK says to those a program reads: two numbers of 8 bytes, the
 * milliseconds the monotonic clock and the UTC clock are ahead. What a program
 * waits for in the kernel takes as long as ever, and a file's time is real. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct ahead {
	int64_t mono_ms, utc_ms;
};

static const volatile struct ahead *ahead;

static void __attribute__((constructor)) map(void)
{
	const char *file = getenv("TEST_CLOCK");
	int fd = file != NULL ? open(file, O_RDONLY | O_CLOEXEC) : -1;
	void *p;

	if (fd == -1)
		return;
	p = mmap(NULL, sizeof(*ahead), PROT_READ, MAP_SHARED, fd, 0);
	if (p != MAP_FAILED)
		ahead = p;
	close(fd);
}

int
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
clock_gettime(clockid_t id, struct timespec *ts)
{
	int rc = (int)syscall(SYS_clock_gettime, id, ts);
	int64_t ms;

	if (rc != 0 || ahead == NULL)
		return rc;
	if (id == CLOCK_MONOTONIC || id == CLOCK_MONOTONIC_COARSE ||
	    id == CLOCK_BOOTTIME)
		ms = ahead->mono_ms;
	else if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
		ms = ahead->utc_ms;
	else
		return rc;
	ts->tv_sec += ms / 1000;
	ts->tv_nsec += ms % 1000 * 1000000;
	if (ts->tv_nsec >= 1000000000) {
		ts->tv_sec++;
		ts->tv_nsec -= 1000000000;
	}
	return rc;
}

time_t
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
time(time_t *at)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (at != NULL)
		*at = ts.tv_sec;
	return ts.tv_sec;
}

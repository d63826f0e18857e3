// posix.h: what the simulated terminal uses of POSIX, for its Windows build:
// put before each of its files, with the sources themselves unchanged.
#ifndef TESTS_WINDOWS_POSIX_H
#define TESTS_WINDOWS_POSIX_H

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cjson/cJSON.h>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <getopt.h>
#include <io.h>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#include <unordered_map>
#include <vector>
#include <zlib.h>

extern "C" {
#define O_CLOEXEC 0x0080 /* _O_NOINHERIT */
enum { LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4 };
int flock(int fd, int how);
int fnmatch(const char *pattern, const char *name, int flags);
int windows_rename(const char *from, const char *to);
int windows_open(const char *path, int flags, int mode = 0);

typedef int sigset_type;
struct sigaction {
	void (*sa_handler)(int);
};
int windows_on_signal(int signal, const struct sigaction *sa);
struct rlimit {
	int now, most;
};
}
#define sigset_t sigset_type
#define SIGHUP SIGBREAK
#define SIG_BLOCK 0
#define RLIMIT_CORE 0
#define sigaction(signal, sa, old) windows_on_signal(signal, sa)
#define sigemptyset(set) (void)(set)
#define sigaddset(set, signal) (void)(signal)
#define sigprocmask(how, set, old) (void)(set)
#define setrlimit(what, limit) (void)(limit)
#define ppoll(fds, n, ts, set) windows_sleep(ts, set)
#define rename(from, to) windows_rename(from, to)
#define open(...) windows_open(__VA_ARGS__)
#define mkdir(path, mode) mkdir(path)

static inline void
windows_sleep(const struct timespec *ts, const sigset_t *)
{
	usleep((useconds_t)(ts->tv_sec * 1000000 + ts->tv_nsec / 1000));
}

/* MQL5's has 64 bits */
#define long long long

#endif

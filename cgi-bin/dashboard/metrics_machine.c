/*
 * metrics_machine.c: what the programs use: memory of each, Redis, the ledger's
 * file, what waits to be sent.
 */
#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgi-bin/dashboard/metrics.h"
#include "cgi-bin/dashboard/prometheus.h"
#include "lib/base/mem.h"

/* ---- processes ---- */

#define PATH_SIZE 4096
#define PROGRAMS_MAX 32

struct program_use {
	char name[64];
	int count;
	double resident;
};

/* The program of that entry of /proc; false: it is not ours to see. */
static bool
read_exe(const char *pid, char path[PATH_SIZE])
{
	static const char deleted[] = " (deleted)";
	char name[64];
	ssize_t len;
	size_t keep;

	if (snprintf(name, sizeof(name), "/proc/%s/exe", pid) >=
	    (int)sizeof(name))
		return false;
	if ((len = readlink(name, path, PATH_SIZE - 1)) <= 0)
		return false;
	path[len] = '\0';
	/* replaced by an upgrade, it goes on until it is started again */
	keep = (size_t)len - (sizeof(deleted) - 1);
	if ((size_t)len > sizeof(deleted) && strcmp(path + keep, deleted) == 0)
		path[keep] = '\0';
	return true;
}

/* Resident bytes; -1: it ended meanwhile. */
static double
read_resident(const char *pid)
{
	char name[64];
	long pages, resident;
	double v = -1;
	FILE *f;

	if (snprintf(name, sizeof(name), "/proc/%s/statm", pid) >=
		(int)sizeof(name) ||
	    (f = fopen(name, "re")) == NULL)
		return -1;
	if (fscanf(f, "%ld %ld", &pages, &resident) == 2)
		v = (double)resident * (double)sysconf(_SC_PAGESIZE);
	fclose(f);
	return v;
}

static void
add_process(struct program_use list[PROGRAMS_MAX], size_t *len,
    const char *name, double v)
{
	size_t i = 0;

	while (i < *len && strcmp(list[i].name, name) != 0)
		i++;
	if (i == PROGRAMS_MAX)
		return;
	if (i == *len) {
		list[i] = (struct program_use){.count = 0};
		snprintf(list[i].name, sizeof(list[i].name), "%.63s", name);
		(*len)++;
	}
	list[i].count++;
	list[i].resident += v;
}

/* The programs that lie in the same folder as this one, of the same user. */
static size_t
find_programs(struct program_use list[PROGRAMS_MAX])
{
	char own[PATH_SIZE], path[PATH_SIZE];
	const struct dirent *e;
	size_t len = 0, folder;
	DIR *proc;

	if (!read_exe("self", own) || (proc = opendir("/proc")) == NULL)
		return 0;
	folder = (size_t)(strrchr(own, '/') - own) + 1;
	while ((e = readdir(proc)) != NULL) {
		double resident;

		if (!isdigit((unsigned char)e->d_name[0]) ||
		    !read_exe(e->d_name, path) ||
		    strncmp(path, own, folder) != 0 ||
		    strchr(path + folder, '/') != NULL ||
		    (resident = read_resident(e->d_name)) < 0)
			continue;
		add_process(list, &len, path + folder, resident);
	}
	closedir(proc);
	return len;
}

void
metrics_put_processes(struct buf *b)
{
	struct program_use list[PROGRAMS_MAX];
	size_t len = find_programs(list);

	/* its old name: of the worker that answers */
	metric_single(b, "process_resident_memory_bytes",
	    "Resident memory of the worker that answers.",
	    read_resident("self"));
	metric_gauge(b, "mt5fleet_process_resident_memory_bytes",
	    "Resident memory of a program, all its processes together.");
	for (size_t i = 0; i < len; i++) {
		metric_open(b, "mt5fleet_process_resident_memory_bytes");
		metric_label(b, "program", list[i].name);
		metric_value(b, list[i].resident);
	}
	metric_gauge(b, "mt5fleet_processes", "Processes of a program.");
	for (size_t i = 0; i < len; i++) {
		metric_open(b, "mt5fleet_processes");
		metric_label(b, "program", list[i].name);
		metric_value(b, list[i].count);
	}
}

/* ---- what is kept ---- */

static void
put_known(struct buf *b, const char *name, const char *help, int64_t v)
{
	if (v >= 0)
		metric_single(b, name, help, (double)v);
}

void
metrics_put_redis(struct buf *b, struct cache *cache)
{
	struct cache_usage use;

	if (cache_usage(cache, &use) == -1)
		return;
	put_known(b, "mt5fleet_redis_memory_bytes", "Memory that Redis uses.",
	    use.memory);
	put_known(b, "mt5fleet_redis_memory_max_bytes",
	    "Memory that Redis may use; 0 is no limit.", use.memory_max);
	put_known(b, "mt5fleet_live_stream_entries",
	    "Entries in the stream that the gateway reads.", use.live_entries);
}

void
metrics_put_ledger_file(struct buf *b, const char *path)
{
	put_known(b, "mt5fleet_ledger_disk_free_bytes",
	    "Left on the disk of the ledger's file.", ledger_disk_free(path));
	put_known(b, "mt5fleet_ledger_size_bytes",
	    "The ledger's file and its write-ahead log.", ledger_size(path));
}

struct outbox_use {
	int64_t waiting, oldest_utc_ms;
};

static int
add_outbox(const struct ledger_outbox_count *c, void *arg)
{
	struct outbox_use *use = arg;

	if (c->waiting > 0 &&
	    (use->waiting == 0 || c->oldest_utc_ms < use->oldest_utc_ms))
		use->oldest_utc_ms = c->oldest_utc_ms;
	use->waiting += c->waiting;
	return 0;
}

void
metrics_put_outbox(struct buf *b, struct ledger *l, int64_t now_utc_ms)
{
	struct outbox_use use = {0, 0};

	if (ledger_outbox_counts(l, add_outbox, &use) != LEDGER_OK)
		return;
	metric_single(b, "mt5fleet_alert_outbox_waiting",
	    "Messages to all targets of alerts that wait.",
	    (double)use.waiting);
	if (use.waiting > 0)
		metric_single(b, "mt5fleet_alert_outbox_oldest_age_seconds",
		    "Since the oldest of them was written.",
		    (double)(now_utc_ms - use.oldest_utc_ms) / 1000);
}

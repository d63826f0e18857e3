/* jobs.h: what the jobs note: runs, imports. */
#ifndef LIB_LEDGER_JOBS_H
#define LIB_LEDGER_JOBS_H

#include "lib/ledger/file.h"
#include "lib/trading/trade.h"

struct ledger_job_run {
	const char *job;
	int64_t started_utc_ms, finished_utc_ms; /* UTC */
	int exit_code;
	const char *summary; /* one line */
	int64_t
	    succeeded_utc_ms; /* the last run with exit code 0; 0: none kept */
};
/* succeeded_utc_ms is not stored. The last 2,000 runs of each job are kept. */
enum ledger_result ledger_job_run_put(
    struct ledger *l, const struct ledger_job_run *r);
typedef int (*ledger_job_run_fn)(const struct ledger_job_run *r, void *arg);
/* The last run of that job; NULL: of each. */
enum ledger_result ledger_job_runs(
    struct ledger *l, const char *job, ledger_job_run_fn fn, void *arg);

/* A trade of the legacy system's trade_cache.json. */
struct ledger_import_trade {
	struct trade trade;
	const char *json; /* as it stood in the file */
};
/* CONFLICT: the account's own deals of that position are here; they stand. */
enum ledger_result ledger_import_trade(struct ledger *l, int64_t account,
    const struct ledger_import_trade *t, int64_t now_utc_ms);
/* What could not be placed, kept aside. */
enum ledger_result ledger_import_aside(struct ledger *l, const char *file,
    const char *login, const char *json, const char *why, int64_t now_utc_ms);
struct ledger_import_kept {
	const char *file, *key, *json, *why;
	int64_t at_utc_ms; /* UTC */
};
typedef int (*ledger_import_kept_fn)(
    const struct ledger_import_kept *k, void *arg);
enum ledger_result ledger_import_kept_list(
    struct ledger *l, ledger_import_kept_fn fn, void *arg);
/* It has its place now: no longer aside. */
enum ledger_result ledger_import_placed(
    struct ledger *l, const char *file, const char *login);

#endif

/* job.c: what the jobs note: runs, imports. */
#include "lib/ledger/db.h"
#include "lib/ledger/jobs.h"
#include "lib/ledger/trades.h"

enum ledger_result
ledger_job_run_put(struct ledger *l, const struct ledger_job_run *run)
{
	struct query q;
	enum ledger_result r;
	bool own;

	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_JOB_RUN_ADD);
	put_text(&q, run->job);
	put_int(&q, run->started_utc_ms);
	put_int(&q, run->finished_utc_ms);
	put_int(&q, run->exit_code);
	put_text(&q, run->summary);
	r = query_run(&q);
	if (r == LEDGER_OK) {
		query_init(&q, l, SQL_JOB_RUN_TRIM);
		put_text(&q, run->job);
		r = query_run(&q);
	}
	return ledger_own_end(l, own, r);
}

enum ledger_result
ledger_job_runs(
    struct ledger *l, const char *job, ledger_job_run_fn fn, void *arg)
{
	struct ledger_job_run run;
	struct query q;

	query_init(&q, l, SQL_JOB_RUN_LIST);
	put_text(&q, job);
	while (query_next(&q)) {
		run.job = take_text(&q);
		run.started_utc_ms = take_int(&q);
		run.finished_utc_ms = take_int(&q);
		run.exit_code = take_small(&q);
		run.summary = take_text(&q);
		run.succeeded_utc_ms = take_int(&q);
		if (fn(&run, arg) != 0)
			break;
	}
	return query_done(&q);
}

/* ---- the legacy system's files ---- */

static enum ledger_result
import_known(struct ledger *l, int64_t account, int64_t position_id)
{
	struct query q;
	enum ledger_result r;
	bool found;

	query_init(&q, l, SQL_IMPORT_KNOWN);
	put_int(&q, account);
	put_int(&q, position_id);
	found = query_next(&q);
	r = query_done(&q);
	return r == LEDGER_OK && found ? LEDGER_CONFLICT : r;
}

static enum ledger_result
import_rows(struct ledger *l, int64_t account,
    const struct ledger_import_trade *t, int64_t now_utc_ms)
{
	struct query q;
	enum ledger_result r, known;

	query_init(&q, l, SQL_IMPORT_ADD);
	put_int(&q, account);
	put_int(&q, t->trade.position_id);
	put_int(&q, now_utc_ms);
	put_text(&q, t->json);
	r = query_run(&q);
	known = import_known(l, account, t->trade.position_id);
	if (r != LEDGER_OK || known != LEDGER_OK)
		return r;
	query_init(&q, l, SQL_TRADE_CLEAR);
	put_int(&q, account);
	put_int(&q, t->trade.position_id);
	put_int(&q, 1);
	r = query_run(&q);
	if (r != LEDGER_OK)
		return r;
	return ledger_trade_put(l, account, &t->trade, true, now_utc_ms);
}

/* What stood in the file is kept even where our own deals stand. */
enum ledger_result
ledger_import_trade(struct ledger *l, int64_t account,
    const struct ledger_import_trade *t, int64_t now_utc_ms)
{
	enum ledger_result r, known;
	bool own;

	r = ledger_own_begin(l, &own);
	if (r != LEDGER_OK)
		return r;
	known = import_known(l, account, t->trade.position_id);
	r = ledger_own_end(l, own, import_rows(l, account, t, now_utc_ms));
	return r == LEDGER_OK ? known : r;
}

enum ledger_result
ledger_import_aside(struct ledger *l, const char *file, const char *login,
    const char *json, const char *why, int64_t now_utc_ms)
{
	struct query q;

	query_init(&q, l, SQL_ASIDE_PUT);
	put_text(&q, file);
	put_text(&q, login);
	put_text(&q, json);
	put_text(&q, why);
	put_int(&q, now_utc_ms);
	return query_write(&q);
}

enum ledger_result
ledger_import_placed(struct ledger *l, const char *file, const char *login)
{
	struct query q;

	query_init(&q, l, SQL_ASIDE_CLEAR);
	put_text(&q, file);
	put_text(&q, login);
	return query_write(&q);
}

enum ledger_result
ledger_import_kept_list(struct ledger *l, ledger_import_kept_fn fn, void *arg)
{
	struct ledger_import_kept k;
	struct query q;

	query_init(&q, l, SQL_ASIDE_LIST);
	while (query_next(&q)) {
		k.file = take_text(&q);
		k.key = take_text(&q);
		k.json = take_text(&q);
		k.why = take_text(&q);
		k.at_utc_ms = take_int(&q);
		if (fn(&k, arg) != 0)
			break;
	}
	return query_done(&q);
}

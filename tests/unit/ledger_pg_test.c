/* ledger_pg_test.c: what of the ledger is PostgreSQL's alone: ledger_pg.sh
 * starts the server, and runs the tests of both engines on it, too. */
#include <inttypes.h>
#include <time.h>

#include "lib/ledger/lease.h"
#include "lib/ledger/transfer.h"
#include "tests/unit/ledger_fixture.h"

static void
a_reader_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct ledger *r = ledger_open(f->path, LEDGER_READ);
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	struct ledger_put p;

	assert_null(ledger_error(r));
	assert_int_equal(
	    ledger_deals_put(r, f->a, &d, 1, NOW, &p), LEDGER_READONLY);
	assert_non_null(ledger_error(r));
	/* and sees what the writer commits */
	put(f->l, f->a, &d, 1);
	assert_int_equal(deals(r, f->a, (struct ledger_page){0}).n, 1);
	ledger_close(r);
}

static void
a_database_without_tables_is_said(void **state)
{
	struct fixture *f = *state;
	struct ledger *r;
	char url[256];

	(void)f;
	database_url(url, sizeof(url), "postgres");
	r = ledger_open(url, LEDGER_READ);
	assert_int_equal(ledger_state(r), LEDGER_NOT_FOUND);
	assert_non_null(strstr(ledger_error(r), "no tables yet"));
	ledger_close(r);
}

static void
a_server_that_is_not_there_is_said(void **state)
{
	struct ledger *r = ledger_open(
	    "postgresql://me:secret@/x?host=/nonexistent", LEDGER_WRITE);

	(void)state;
	assert_int_equal(ledger_state(r), LEDGER_UNREACHABLE);
	assert_non_null(strstr(ledger_error(r), "/nonexistent"));
	assert_null(strstr(ledger_error(r), "secret"));
	ledger_close(r);
	r = ledger_open("postgresql://[::1/x?password=secret", LEDGER_WRITE);
	assert_int_equal(ledger_state(r), LEDGER_UNREACHABLE);
	assert_null(strstr(ledger_error(r), "secret"));
	ledger_close(r);
}

static void
a_newer_ledger_is_refused(void **state)
{
	struct fixture *f = *state;
	struct ledger *r;

	pg_do(f->path, "INSERT INTO migration VALUES (999, 0)");
	r = ledger_open(f->path, LEDGER_WRITE);
	assert_int_equal(ledger_state(r), LEDGER_ERROR);
	assert_non_null(strstr(ledger_error(r), "version 999"));
	ledger_close(r);
}

static void
an_undone_transaction_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));

	OK(ledger_begin(f->l));
	put(f->l, f->a, &d, 1);
	ledger_rollback(f->l);
	assert_int_equal(deals(f->l, f->a, (struct ledger_page){0}).n, 0);
	assert_int_equal(sums(f->l, f->a).deals, 0);
}

static void
every_statement_fits_the_tables(void **state)
{
	struct fixture *f = *state;

	OK(ledger_check(f->l));
	pg_do(f->path, "ALTER TABLE trade DROP COLUMN costs");
	assert_int_equal(ledger_check(f->l), LEDGER_ERROR);
	assert_non_null(strstr(ledger_error(f->l), "costs"));
}

/* ---- one writer, and connections that are lost ---- */

static void
a_second_writer_waits_and_is_told(void **state)
{
	struct fixture *f = *state;
	struct ledger *other = ledger_open(f->path, LEDGER_WRITE);

	OK(ledger_state(other));
	OK(ledger_begin(f->l));
	assert_int_equal(ledger_begin(other), LEDGER_BUSY);
	assert_non_null(strstr(ledger_error(other), "busy"));
	ledger_rollback(f->l);
	OK(ledger_begin(other));
	OK(ledger_commit(other));
	ledger_close(other);
}

/* ---- leases ---- */

static const struct lease_name lease = {"trades", "1/1"};

static void
expire_lease(struct fixture *f)
{
	pg_do(f->path, "UPDATE lease SET until_utc_ms = 1");
}

static void
a_lease_is_one_holders(void **state)
{
	struct fixture *f = *state;
	struct ledger *other = ledger_open(f->path, LEDGER_WRITE);
	char holder[LEASE_HOLDER_SIZE] = "";
	int64_t a = 0, again = 0, b = 0;
	bool ended = true;

	assert_int_equal(
	    lease_find(other, &lease, holder, &ended), LEDGER_NOT_FOUND);
	OK(lease_take(f->l, &lease, "a", &a));
	assert_int_equal(lease_take(other, &lease, "b", &b), LEDGER_CONFLICT);
	OK(lease_find(other, &lease, holder, &ended));
	assert_string_equal(holder, "a");
	assert_false(ended);
	/* its next process has the same token */
	OK(lease_take(other, &lease, "a", &again));
	assert_true(a == again);
	OK(lease_renew(f->l, &lease, a));
	/* one that was not renewed is free, and its token another one */
	expire_lease(f);
	OK(lease_renew(f->l, &lease, a));
	expire_lease(f);
	OK(lease_take(other, &lease, "b", &b));
	assert_true(b > a);
	assert_int_equal(lease_renew(f->l, &lease, a), LEDGER_NOT_FOUND);
	OK(lease_end(f->l, &lease, a)); /* it is not his to end */
	assert_int_equal(lease_take(f->l, &lease, "a", &a), LEDGER_CONFLICT);
	OK(lease_end(other, &lease, b));
	OK(lease_find(f->l, &lease, holder, &ended));
	assert_true(ended);
	OK(lease_take(f->l, &lease, "a", &a));
	assert_true(a > b);
	/* another shard is another lease */
	OK(lease_take(other, &(struct lease_name){"trades", "2/2"}, "b", &b));
	ledger_close(other);
}

/* After a failover that lost the last tokens the next one is greater still. */
static void
a_token_never_goes_back(void **state)
{
	struct fixture *f = *state;
	int64_t a = 0, b = 0;

	OK(lease_take(f->l, &lease, "a", &a));
	pg_do(f->path, "DELETE FROM lease");
	pg_do(f->path, "SELECT pg_sleep(0.002)");
	OK(lease_take(f->l, &lease, "b", &b));
	assert_true(b > a);
}

static void
an_earlier_token_writes_nothing(void **state)
{
	struct fixture *f = *state;
	struct ledger *other = ledger_open(f->path, LEDGER_WRITE);
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	struct ledger_put p;
	int64_t a = 0, b = 0;

	OK(lease_take(f->l, &lease, "a", &a));
	lease_fence(&lease, a);
	OK(ledger_deals_put(f->l, f->a, &d, 1, NOW, &p));
	/* over, but nobody took it: nobody else has written */
	expire_lease(f);
	d.ticket = 2;
	OK(ledger_deals_put(f->l, f->a, &d, 1, NOW, &p));
	OK(lease_take(other, &lease, "b", &b));
	d.ticket = 3;
	assert_int_equal(
	    ledger_deals_put(f->l, f->a, &d, 1, NOW, &p), LEDGER_FENCED);
	assert_non_null(
	    strstr(ledger_error(f->l), "another coordinator does trades 1/1"));
	assert_int_equal(ledger_begin(f->l), LEDGER_FENCED);
	/* the connection goes on, and reads */
	assert_int_equal(sums(f->l, f->a).deals, 2);
	lease_fence(&lease, b);
	OK(ledger_deals_put(other, f->a, &d, 1, NOW, &p));
	lease_fence(NULL, 0);
	ledger_close(other);
}

/* Who takes over waits for a transaction that is under way. */
static void
a_transaction_ends_before_its_lease_does(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	char why[256];
	int64_t a = 0;

	OK(lease_take(f->l, &lease, "a", &a));
	expire_lease(f);
	lease_fence(&lease, a);
	OK(ledger_begin(f->l));
	put(f->l, f->a, &d, 1);
	(void)pg_ask(f->path,
	    "SET lock_timeout = 100; UPDATE lease SET holder = 'b'", why);
	assert_non_null(strstr(why, "lock timeout"));
	OK(ledger_commit(f->l));
	lease_fence(NULL, 0);
}

/* A process that sleeps within a transaction holds nobody up for longer. */
static void
a_transaction_that_sleeps_is_ended_with_its_lease(void **state)
{
	struct fixture *f = *state;
	struct ledger *other = ledger_open(f->path, LEDGER_WRITE);
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	int64_t a = 0, b = 0;

	OK(lease_take(f->l, &lease, "a", &a));
	lease_fence(&lease, a);
	OK(ledger_begin(f->l));
	put(f->l, f->a, &d, 1);
	while (lease_take(other, &lease, "b", &b) == LEDGER_CONFLICT)
		nanosleep(&(struct timespec){0, 100000000}, NULL);
	lease_fence(&lease, b);
	OK(ledger_begin(other));
	ledger_rollback(other);
	assert_int_not_equal(ledger_commit(f->l), LEDGER_OK);
	lease_fence(NULL, 0);
	assert_int_equal(sums(other, f->a).deals, 0);
	ledger_close(other);
}

static const char end_others[] =
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()";

static void
a_lost_connection_is_made_again(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));

	put(f->l, f->a, &d, 1);
	pg_do(f->path, end_others);
	assert_int_equal(deals(f->l, f->a, (struct ledger_page){0}).n, 1);
	pg_do(f->path, end_others);
	d.ticket = 2;
	put(f->l, f->a, &d, 1);
	assert_int_equal(sums(f->l, f->a).deals, 2);
}

static void
one_lost_within_a_transaction_has_written_nothing(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	struct ledger_put p;

	OK(ledger_begin(f->l));
	put(f->l, f->a, &d, 1);
	pg_do(f->path, end_others);
	d.ticket = 2;
	assert_int_equal(
	    ledger_deals_put(f->l, f->a, &d, 1, NOW, &p), LEDGER_UNREACHABLE);
	assert_int_equal(ledger_state(f->l), LEDGER_UNREACHABLE);
	assert_int_not_equal(ledger_commit(f->l), LEDGER_OK);
	ledger_close(f->l);
	f->l = ledger_open(f->path, LEDGER_WRITE);
	assert_int_equal(sums(f->l, f->a).deals, 0);
}

static void
what_was_refused_undoes_its_transaction(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000)), bad;
	struct ledger_put p;

	bad = deal(2, 1000, 2, 0, 0, 0, 0, M(1));
	bad.comment = "\xff"; /* no UTF-8 */
	OK(ledger_begin(f->l));
	put(f->l, f->a, &d, 1);
	assert_int_equal(
	    ledger_deals_put(f->l, f->a, &bad, 1, NOW, &p), LEDGER_REJECTED);
	assert_int_not_equal(ledger_commit(f->l), LEDGER_OK);
	assert_int_equal(sums(f->l, f->a).deals, 0);
	put(f->l, f->a, &d, 1);
	assert_int_equal(sums(f->l, f->a).deals, 1);
}

/* ---- what PostgreSQL has of its own ---- */

static void
a_minute_lies_in_the_partition_of_its_day(void **state)
{
	struct fixture *f = *state;
	struct ledger_equity e = {.at_utc_ms = NOW, .equity = M(1)};

	OK(ledger_equity_put(f->l, f->a, &e));
	e.at_utc_ms += 86400000;
	OK(ledger_equity_put(f->l, f->a, &e));
	OK(ledger_equity_put(f->l, f->b, &e));
	assert_int_equal(
	    count(f, "SELECT count(*) FROM pg_inherits "
		     "WHERE inhparent = 'equity_minute'::regclass"),
	    2);
	assert_int_equal(count(f, "SELECT count(*) FROM equity"), 3);
}

static int
see_id(int64_t id, void *arg)
{
	assert_int_equal(id, 9);
	++*(int *)arg;
	return 0;
}

/* `? - 86400000` makes no 32-bit number of a moment. */
static void
a_moment_has_64_bits_beside_a_number(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(3, NOW, 1, 1, 9, 1, 11, M(5));
	bool unplaced = true;
	int n = 0;

	put(f->l, f->a, &d, 1);
	OK(ledger_orphans(f->l, f->a, NOW, see_id, &n));
	assert_int_equal(n, 1);
	OK(ledger_flow_unplaced(f->l, f->a, NOW, &unplaced));
	assert_false(unplaced);
}

/* What was thinned goes with its partition; what is later finds another. */
static void
an_empty_day_is_dropped(void **state)
{
	static const char days[] =
	    "SELECT count(*) FROM pg_inherits "
	    "WHERE inhparent = 'equity_minute'::regclass";
	struct fixture *f = *state;
	struct ledger_equity e = {.at_utc_ms = NOW - NOW % 86400000};
	bool more = true;

	for (int i = 0; i < 60; i++) {
		e.low = e.high = e.equity = M(i);
		OK(ledger_equity_put(f->l, f->a, &e));
		e.at_utc_ms += 60000;
	}
	e.at_utc_ms = NOW + 10 * INT64_C(86400000);
	OK(ledger_equity_put(f->l, f->a, &e));
	assert_int_equal(count(f, days), 2);
	while (more)
		OK(ledger_equity_thin(f->l, f->a, e.at_utc_ms, &more));
	assert_int_equal(
	    count(f, "SELECT count(*) FROM equity WHERE span_s = 900"), 4);
	assert_int_equal(
	    count(f, "SELECT max(high) / 100000000 FROM equity WHERE slot = "
		     "(SELECT min(slot) FROM equity)"),
	    14);
	e.at_utc_ms += 86400000;
	OK(ledger_equity_put(f->l, f->a, &e));
	assert_int_equal(count(f, days), 2);
	assert_int_equal(count(f, "SELECT count(*) FROM equity"), 6);
}

static void
money_beyond_64_bits_is_exact(void **state)
{
	struct fixture *f = *state;
	struct deal d[] = {
	    deal(1, 1000, 2, 0, 0, 0, 0, 0), deal(2, 1001, 2, 0, 0, 0, 0, 0)};

	d[0].profit = (money_t)1000000000000000 * 100000000;
	d[1].profit = -(money_t)999999999999999 * 100000000 - 1;
	put(f->l, f->a, d, 1);
	assert_true(sums(f->l, f->a).flows == d[0].profit);
	put(f->l, f->a, &d[1], 1);
	assert_true(sums(f->l, f->a).flows == d[0].profit + d[1].profit);
}

/* ---- copies to the other engine and back ---- */

/* A file that has something in most tables. */
static struct ledger *
full_file(const struct fixture *f, const char *path)
{
	struct ledger *l = ledger_open(path, LEDGER_WRITE);
	struct ledger_actor who = {.who = "ann",
	    .at_utc_ms = NOW,
	    .balance = {true, (money_t)1000000000000000 * 100000000}};
	struct ledger_phase_edit phase = {.phase = "F1"};
	struct ledger_meta_edit meta = {
	    .rule_set = -1, .holder = "a\tb\\c\nd", .note = "\\N"};
	struct ledger_user user = {.name = "ann",
	    .role = "manager",
	    .hash = "h",
	    .accounts = "firm:FTMO\ntag:a"};
	struct ledger_equity e = {
	    .at_utc_ms = NOW, .low = M(-1), .high = M(3), .equity = M(2)};
	struct deal d[] = {deal(1, 1000, 2, 0, 0, 0, 0, 0),
	    deal(INT64_MAX, 2000, 0, 0, 9, 1, 5007.398999999999, 0),
	    deal(3, 3000, 1, 1, 9, 0.3, 1e300, M(5))};
	int64_t id;

	(void)f;
	assert_null(ledger_error(l));
	id = account(l, "Broker-\xd0\x9f", 52001001);
	d[0].profit = who.balance.v;
	put(l, id, d, 3);
	OK(ledger_phase_edit(l, id, LEDGER_ANY_VERSION, &phase, &who));
	OK(ledger_meta_edit(l, id, LEDGER_ANY_VERSION, &meta, &who));
	OK(ledger_user_put(l, &user, &who));
	for (int i = 0; i < 3; i++) {
		OK(ledger_equity_put(l, id, &e));
		e.at_utc_ms += 43200000;
	}
	return l;
}

static void
copy_of(struct ledger *from, struct ledger *to)
{
	char why[TRANSFER_WHY_SIZE];

	OK(ledger_begin(from));
	(void)ledger_transfer(from, to, NULL, NULL, why);
	assert_string_equal(why, "");
	ledger_rollback(from);
}

static void
a_copy_there_and_back_is_the_same(void **state)
{
	struct fixture *f = *state, g = {.l = NULL};
	char path[160], back[160], name[64], command[512];
	struct ledger *file, *again, *pg;

	strcpy(g.dir, "/tmp/ledger_copy.XXXXXX");
	assert_non_null(mkdtemp(g.dir));
	database_make(&g, false);
	snprintf(path, sizeof(path), "%s/one.db", g.dir);
	snprintf(back, sizeof(back), "%s/two.db", g.dir);
	file = full_file(f, path);
	pg = ledger_open(g.path, LEDGER_WRITE);
	OK(ledger_state(pg));
	copy_of(file, pg);
	again = ledger_open(back, LEDGER_WRITE);
	copy_of(pg, again);
	/* what comes next has an id of its own */
	(void)account(pg, "Next", 1);
	assert_int_equal(deals(pg, 1, (struct ledger_page){0}).n, 3);
	ledger_close(again);
	ledger_close(file);
	ledger_close(pg);
	database_make(&g, true);
	snprintf(command, sizeof(command),
	    "cd %s && for f in one two; do echo \"DELETE FROM revision;"
	    "DELETE FROM migration;\" | sqlite3 $f.db && sqlite3 $f.db .dump |"
	    "sort >$f.sql; done; cmp one.sql two.sql",
	    g.dir);
	assert_int_equal(system(command), 0);
	snprintf(name, sizeof(name), "rm -rf %s", g.dir);
	assert_int_equal(system(name), 0);
}

static void
a_copy_into_what_is_not_empty_is_refused(void **state)
{
	struct fixture *f = *state;
	char path[160], why[TRANSFER_WHY_SIZE];
	struct ledger *file;

	snprintf(path, sizeof(path), "%s/one.db", f->dir);
	file = full_file(f, path);
	OK(ledger_begin(file));
	assert_int_equal(
	    ledger_transfer(file, f->l, NULL, NULL, why), LEDGER_CONFLICT);
	assert_non_null(strstr(why, "not empty: table account"));
	ledger_close(file);
	assert_int_equal(deals(f->l, f->a, (struct ledger_page){0}).n, 0);
}

/* A backup is a file of SQLite, whichever engine it is of. */
static void
a_backup_is_a_file(void **state)
{
	struct fixture *f = *state;
	struct deal d = deal(1, 1000, 2, 0, 0, 0, 0, M(1000));
	struct ledger *r;
	char path[160];

	put(f->l, f->a, &d, 1);
	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	OK(ledger_copy(f->l, path));
	snprintf(path, sizeof(path), "%s/copy.db-wal", f->dir);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	r = ledger_open(path, LEDGER_READ);
	OK(ledger_check(r));
	assert_int_equal(deals(r, f->a, (struct ledger_page){0}).n, 1);
	ledger_close(r);
	assert_int_equal(ledger_replace(f->l, path), LEDGER_ERROR);
	assert_non_null(strstr(ledger_error(f->l), "mt5fleet ledger copy"));
}

/* ---- a writer whose server is killed: ledger_pg.sh ---- */

static enum ledger_result
write_one(struct ledger *l, int64_t i)
{
	const struct ledger_actor who = {.who = "ann", .at_utc_ms = NOW + i};
	const struct ledger_seen seen = {.server = "S", .login = 1};
	const struct deal d =
	    deal(i, 1000 * i, 2, 0, 0, 0, 0, (money_t)i * 100000001);
	struct ledger_meta_edit meta = {.rule_set = -1};
	struct ledger_put p;
	enum ledger_result r;
	char note[24];
	int64_t id;

	snprintf(note, sizeof(note), "%" PRId64, i);
	meta.note = note;
	if ((r = ledger_begin(l)) != LEDGER_OK)
		return r;
	r = ledger_account_seen(l, &seen, &id);
	if (r == LEDGER_OK)
		r = ledger_deals_put(l, id, &d, 1, NOW, &p);
	if (r == LEDGER_OK)
		r = ledger_meta_edit(l, id, LEDGER_ANY_VERSION, &meta, &who);
	if (r == LEDGER_OK)
		return ledger_commit(l);
	ledger_rollback(l);
	return r;
}

/* From..to, each until it is stored; prints what is. */
static int
write_all(const char *url, int64_t from, int64_t to)
{
	const struct timespec pause = {.tv_nsec = 50000000};
	struct ledger *l = NULL;
	enum ledger_result r;

	for (int64_t i = from; i <= to;) {
		if (l == NULL)
			l = ledger_open(url, LEDGER_WRITE);
		r = ledger_state(l) == LEDGER_OK ? write_one(l, i)
						 : ledger_state(l);
		if (r == LEDGER_OK) {
			printf("%" PRId64 "\n", i++);
			fflush(stdout);
			continue;
		}
		fprintf(stderr, "%" PRId64 ": %s\n", i, ledger_error(l));
		ledger_close(l);
		l = NULL;
		nanosleep(&pause, NULL);
	}
	ledger_close(l);
	return 0;
}

/* The books say 1..n; prints what the ledger says else. */
static int
compare_all(const char *url, int64_t n)
{
	struct ledger *l = ledger_open(url, LEDGER_READ);
	struct ledger_sums quick = {.deals = 0}, slow = {.deals = 0};
	char why[256],
	    sql[] =
		"SELECT count(DISTINCT \"to\") * 1000000 + count(*) FROM audit";
	int64_t edits = pg_ask(url, sql, why);
	money_t sum = (money_t)n * (n + 1) / 2 * 100000001;
	int wrong = 0;

	if (ledger_running_sums(l, 1, &quick) != LEDGER_OK ||
	    ledger_sums(l, 1, &slow) != LEDGER_OK) {
		printf("%s\n", ledger_error(l));
		wrong = 1;
	}
	if (quick.deals != n || slow.deals != n) {
		printf("%" PRId64 " and %" PRId64 " deals of %" PRId64 "\n",
		    quick.deals, slow.deals, n);
		wrong = 1;
	}
	if (quick.flows != sum || slow.flows != sum) {
		printf("the sum of deals is another\n");
		wrong = 1;
	}
	if (edits != n * 1000001) {
		printf("%" PRId64 " edits in the audit, %" PRId64
		       " of them different, of %" PRId64 " %s\n",
		    edits % 1000000, edits / 1000000, n, why);
		wrong = 1;
	}
	ledger_close(l);
	return wrong;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
	    T(a_reader_changes_nothing),
	    T(a_database_without_tables_is_said),
	    T(a_server_that_is_not_there_is_said),
	    T(a_newer_ledger_is_refused),
	    T(an_undone_transaction_leaves_nothing),
	    T(every_statement_fits_the_tables),
	    T(a_second_writer_waits_and_is_told),
	    T(a_lost_connection_is_made_again),
	    T(one_lost_within_a_transaction_has_written_nothing),
	    T(a_lease_is_one_holders),
	    T(a_token_never_goes_back),
	    T(an_earlier_token_writes_nothing),
	    T(a_transaction_ends_before_its_lease_does),
	    T(a_transaction_that_sleeps_is_ended_with_its_lease),
	    T(what_was_refused_undoes_its_transaction),
	    T(a_minute_lies_in_the_partition_of_its_day),
	    T(a_moment_has_64_bits_beside_a_number),
	    T(an_empty_day_is_dropped),
	    T(money_beyond_64_bits_is_exact),
	    T(a_copy_there_and_back_is_the_same),
	    T(a_copy_into_what_is_not_empty_is_refused),
	    T(a_backup_is_a_file),
	};

	if (argc == 5 && strcmp(argv[1], "write") == 0)
		return write_all(argv[2], atoll(argv[3]), atoll(argv[4]));
	if (argc == 4 && strcmp(argv[1], "compare") == 0)
		return compare_all(argv[2], atoll(argv[3]));
	if (argc == 4 && strcmp(argv[1], "sql") == 0) {
		char why[256];

		printf("%" PRId64 "\n", pg_ask(argv[2], argv[3], why));
		fputs(why, stderr);
		return *why != '\0';
	}
	/* without a server there is nothing to test; ledger_pg.sh has one */
	if (!on_postgresql()) {
		puts("ok - run by tests/unit/ledger_pg.sh");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

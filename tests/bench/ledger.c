/*
 * ledger.c: bench of a ledger: WHERE ACCOUNTS DEALS. Writes a minute's samples
 * of all accounts in one transaction, pages of 1,000 deals as the trades job
 * does, and reads pages of them; prints the rates as JSON.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/ledger/history.h"
#include "lib/ledger/samples.h"

#define PAGE 1000
#define MINUTES 5
#define NOW INT64_C(1790000000000)

static void
ok(struct ledger *l, enum ledger_result r)
{
	if (r == LEDGER_OK)
		return;
	fprintf(stderr, "%s: %s\n", ledger_result_word(r), ledger_error(l));
	exit(1);
}

static double
seconds_since(int64_t began_mono_ms)
{
	return (double)(clock_mono_ms() - began_mono_ms) / 1000 + 1e-6;
}

static struct ledger_seen
seen_of(int64_t login)
{
	return (struct ledger_seen){.server = "Bench",
	    .login = login,
	    .node = "n",
	    .currency = "USD",
	    .offset_known = true};
}

static int64_t
account(struct ledger *l, int64_t login)
{
	struct ledger_seen seen = seen_of(login);
	int64_t id = 0;

	ok(l, ledger_account_seen(l, &seen, &id));
	return id;
}

static void
write_samples(struct ledger *l, int accounts, int minute)
{
	struct ledger_sample *list = mem_new((size_t)accounts, sizeof(*list));

	for (int i = 0; i < accounts; i++) {
		list[i].seen = seen_of(i + 1);
		list[i].equity = (struct ledger_equity){
		    .at_utc_ms = NOW + INT64_C(60000) * minute,
		    .balance = 100000000000 + i,
		    .equity = 100000000000 - i,
		    .low = 99900000000,
		    .high = 100100000000};
	}
	ok(l, ledger_samples_put(l, list, (size_t)accounts, NULL, NULL));
	free(list);
}

static void
write_page(struct ledger *l, int64_t id, int page)
{
	static struct deal deals[PAGE];
	struct ledger_put put;

	for (int i = 0; i < PAGE; i++) {
		int64_t ticket = (int64_t)page * PAGE + i + 1;

		deals[i] = (struct deal){.ticket = ticket,
		    .order = ticket,
		    .time = 1700000000 + ticket * 60,
		    .time_msc = (1700000000 + ticket * 60) * 1000,
		    .type = i % 2,
		    .entry = i % 2,
		    .position_id = (ticket + 1) / 2,
		    .volume = 0.1,
		    .price = 1.1,
		    .profit = i % 2 == 0 ? 0 : 123456789,
		    .symbol = "EURUSD",
		    .comment = "",
		    .external_id = "",
		    .offset_known = true,
		    .utc_ms = (1700000000 + ticket * 60) * 1000};
	}
	ok(l, ledger_deals_put(l, id, deals, PAGE, NOW, &put));
}

static int
count(const struct deal *d, void *arg)
{
	*(int64_t *)arg += d->ticket > 0;
	return 0;
}

int
main(int argc, char *argv[])
{
	int accounts = argc == 4 ? atoi(argv[2]) : 0;
	int pages = argc == 4 ? atoi(argv[3]) / PAGE : 0;
	double samples, put, got;
	struct ledger *l;
	int64_t began, id, seen = 0;

	if (accounts <= 0 || pages <= 0) {
		fputs("usage: ledger WHERE ACCOUNTS DEALS\n", stderr);
		return 2;
	}
	l = ledger_open(argv[1], LEDGER_WRITE);
	ok(l, ledger_state(l));
	write_samples(l, accounts, 0); /* the accounts are known then */
	began = clock_mono_ms();
	for (int minute = 1; minute <= MINUTES; minute++)
		write_samples(l, accounts, minute);
	samples = seconds_since(began) / MINUTES;
	id = account(l, 1);
	began = clock_mono_ms();
	for (int page = 0; page < pages; page++)
		write_page(l, id, page);
	put = pages * PAGE / seconds_since(began);
	began = clock_mono_ms();
	for (int page = 0; page < pages; page++) {
		struct ledger_page p = {.limit = PAGE,
		    .after_broker_ms =
			(1700000000 + (int64_t)page * PAGE * 60) * 1000,
		    .after_id = (int64_t)page * PAGE};

		ok(l, ledger_deals(l, id, &p, count, &seen));
	}
	got = pages / seconds_since(began);
	if (seen != (int64_t)pages * PAGE) {
		fprintf(stderr, "%" PRId64 " deals were read\n", seen);
		return 1;
	}
	ledger_close(l);
	printf(
	    "{\"minute_s\":%.4f,\"deals_per_s\":%.0f,\"pages_per_s\":%.1f}\n",
	    samples, put, got);
	return 0;
}

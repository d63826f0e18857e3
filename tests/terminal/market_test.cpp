// The simulated terminal itself: its stand-in of MQL5, and the accounts that it
// makes, whose books must be right to the last unit.
#include "fixture.h"
#include "market.h"
#include "recording.h"

#include <set>

static void
check_books(const Account &a)
{
	int64_t balance = 0, credit = 0, profit = 0;

	for (const Deal &d : a.deals) {
		int64_t cash = 0;
		for (double part : {d.profit, d.commission, d.swap, d.fee}) {
			CHECK_EQ(a.money(a.units(part)), part);
			cash += a.units(part);
		}
		(d.type == 3 ? credit : balance) += cash;
	}
	for (const Position &p : a.positions)
		profit += a.units(p.profit) + a.units(p.swap);
	CHECK_EQ(a.units(a.info.balance), balance);
	CHECK_EQ(a.units(a.info.credit), credit);
	CHECK_EQ(a.units(a.info.profit), profit);
	CHECK_EQ(a.units(a.info.equity), balance + credit + profit);
	CHECK(a.info.equity > 0);
}

TEST(the_balance_is_the_sum_of_the_deals)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		Account a;
		MarketOptions options;
		options.seed = seed;
		Market market(a, options);
		market.make_past(500, T0);
		CHECK(a.deals.size() >= 500);
		check_books(a);
		market.set_equity(a.info.equity / 2, T0);
		check_books(a);
		for (int64_t i = 1; i < 300; i++)
			market.change(T0 + i * 1000);
		market.late(T0, 5000);
		market.two_in_one_ms(T0);
		market.archive(T0);
		check_books(a);
	}
}

TEST(everything_that_an_account_can_do_is_done)
{
	std::set<int64_t> types, entries;
	std::set<std::string> currencies, comments;
	bool fee = false, swap = false, partial = false, big = false;

	for (uint64_t seed = 1; seed <= 30; seed++) {
		Account a;
		MarketOptions options;
		options.seed = seed;
		Market market(a, options);
		market.make_past(400, T0);
		currencies.insert(to_utf8(a.info.currency));
		std::map<int64_t, int> ins;
		for (const Deal &d : a.deals) {
			types.insert(d.type);
			if (d.type <= 1)
				entries.insert(d.entry);
			comments.insert(to_utf8(d.comment));
			fee |= d.fee != 0;
			swap |= d.swap != 0;
			partial |= d.entry == 0 && d.type <= 1 &&
				   ++ins[d.position_id] > 1;
			big |= d.ticket > 9007199254740992 && d.magic != 0;
		}
	}
	for (int64_t type : {0, 1, 2, 3, 6, 12})
		CHECK(types.count(type));
	for (int64_t entry : {0, 1, 2, 3})
		CHECK(entries.count(entry));
	CHECK_EQ(currencies.size(), 4u);
	CHECK(comments.count("a,b,,c") && comments.count("two\nlines"));
	CHECK(fee && swap && partial && big);
}

TEST(the_same_seed_gives_the_same_account)
{
	Account a, b, c;
	MarketOptions options;

	options.seed = 11;
	Market(a, options).make_past(300, T0);
	Market(b, options).make_past(300, T0);
	options.seed = 12;
	Market(c, options).make_past(300, T0);
	CHECK_EQ(a.deals.size(), b.deals.size());
	for (size_t i = 0; i < a.deals.size(); i++)
		CHECK_EQ(csv_record(deal_fields, a.deals[i]),
		    csv_record(deal_fields, b.deals[i]));
	CHECK(a.info.login != c.info.login);
	CHECK(a.info.balance != c.info.balance);
}

TEST(a_stored_account_comes_back_and_goes_on)
{
	Folder folder;
	Account a, b;
	MarketOptions options;

	Market market(a, options);
	market.make_past(100, T0);
	store_save(folder.path + "/x", a, true);
	for (int64_t i = 0; i < 50; i++)
		market.trade(T0 + i);
	store_save(folder.path + "/x", a, false);
	CHECK(store_load(folder.path + "/x", b));
	Market again(b, options);
	CHECK_EQ(b.deals.size(), a.deals.size());
	CHECK_EQ(b.info.equity, a.info.equity);
	CHECK_EQ(b.next_ticket, a.next_ticket);
	check_books(b);
	again.trade(T0 + 100);
	check_books(b);
}

TEST(recordings_are_read_whole)
{
	for (const std::string &folder : recordings()) {
		Account a;
		TerminalInfo t;
		recording_load(folder, a, t);
		CHECK_EQ(
		    a.deals.size() + 1, csv_read(folder + "/deals.csv").size());
		CHECK(a.info.login > 0 && a.info.currency != "");
	}
}

TEST(csv_survives_its_own_signs)
{
	Folder folder;
	CsvRow row = {
	    "a,b", "say \"hi\"", "two\nlines", "", "\"", "x\r\ny", "é"};

	write_file(folder.path + "/x", csv_line(row) + csv_line(row));
	std::vector<CsvRow> back = csv_read(folder.path + "/x");
	CHECK_EQ(back.size(), 2u);
	CHECK(back[0] == row && back[1] == row);
}

TEST(history_is_selected_by_seconds_both_included)
{
	Fixture f;

	f.deal(T0 + 999, 2, 1);
	f.deal(T0 + 1000, 3, 1);
	CHECK(HistorySelect(T0 / 1000, T0 / 1000));
	CHECK_EQ(HistoryDealsTotal(), 2);
	CHECK(HistorySelect(T0 / 1000, T0 / 1000 + 1));
	CHECK_EQ(HistoryDealsTotal(), 3);
	CHECK_EQ(HistoryDealGetTicket(3), 0u);
}

TEST(the_sandbox_cannot_be_left)
{
	Fixture f;

	for (const char *name : {"..\\x", "a\\..\\..\\x", "/etc/passwd",
		 "C:\\x", "a/../../x", ""}) {
		ResetLastError();
		CHECK_EQ(
		    FileOpen(name, FILE_WRITE | FILE_BIN | FILE_COMMON), -1);
		CHECK_EQ(GetLastError(), 5002);
		CHECK(!FileMove(name, FILE_COMMON, "y", FILE_COMMON));
		CHECK(!FileDelete(name, FILE_COMMON));
	}
}

TEST(files_fail_as_metatraders_do)
{
	Fixture f;
	const int WRITE = FILE_WRITE | FILE_BIN | FILE_COMMON;

	CHECK_EQ(FileOpen("none", FILE_READ | FILE_BIN | FILE_COMMON), -1);
	CHECK_EQ(GetLastError(), 5004);
	int a = FileOpen("sub\\a", WRITE);
	CHECK(a != INVALID_HANDLE);
	CHECK_EQ(FileOpen("sub\\a", WRITE), -1); // not shared
	FileClose(a);
	FileClose(FileOpen("b", WRITE));
	CHECK(!FileMove("sub\\a", FILE_COMMON, "b", FILE_COMMON));
	CHECK_EQ(GetLastError(), 5020);
	CHECK(FileMove("sub\\a", FILE_COMMON, "b", FILE_COMMON | FILE_REWRITE));
	CHECK(
	    !FileMove("sub\\a", FILE_COMMON, "b", FILE_COMMON | FILE_REWRITE));
	CHECK_EQ(GetLastError(), 5019);
}

int
main()
{
	return run_tests();
}

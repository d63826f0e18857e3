// What the bridge tells of the account, of time and of itself.
#include "fixture.h"
#include "recording.h"

#include "Mt5Fleet.mqh"

struct Bridge : Fixture {
	Mt5FleetBridge bridge;

	Bridge()
	{
		bridge.Start("service");
	}
	~Bridge()
	{
		bridge.Stop();
	}
	// Looks each 100 ms, as the service does.
	void run(int64_t ms)
	{
		for (; ms > 0; ms -= 100) {
			terminal().skipped_ms += 100;
			bridge.Look();
		}
	}
	Json look()
	{
		run(100);
		return snapshot();
	}
	void equity(double e)
	{
		account.info.equity = e;
		terminal().refresh();
	}
};

TEST(a_snapshot_is_there_after_the_first_look)
{
	Bridge b;
	Json s = b.look();

	CHECK_EQ(number(s.get(), {"v"}), 1);
	CHECK_EQ(text(s.get(), {"kind"}), "snapshot");
	CHECK_EQ(text(s.get(), {"terminal_id"}), folder_name(terminal().data));
	CHECK_EQ(text(s.get(), {"bridge", "program"}), "service");
	CHECK_EQ(text(s.get(), {"bridge", "session"}).size(), 16u);
	CHECK_EQ(number(s.get(), {"seq"}), 1);
	CHECK_EQ(number(s.get(), {"rev"}), 1);
	CHECK_EQ(text(s.get(), {"account", "login"}), "9007199254740993");
	CHECK_EQ(number(s.get(), {"equity", "low"}), 1000);
	CHECK_EQ(number(s.get(), {"history", "deals"}), 1);
	CHECK_EQ(text(s.get(), {"history", "last_ticket"}), "1");
	CHECK_EQ(number(s.get(), {"history", "last_msc"}), (double)T0);
}

// Every value of a recording's JSON, against the snapshot's.
static void
check_object(const cJSON *expected, const cJSON *got)
{
	const cJSON *e;

	cJSON_ArrayForEach(e, expected) {
		const cJSON *g = at(got, {e->string});
		if (std::string(e->string) == "tradeapi_disabled")
			CHECK(cJSON_IsNull(g)); // MQL5 does not know it
		else if (std::string(e->string) == "login")
			CHECK_EQ(std::string(g->valuestring),
			    std::to_string((int64_t)e->valuedouble));
		else if (!cJSON_Compare(e, g, true))
			throw Failed{std::string(e->string) + " differs"};
	}
}

// A CSV value against the snapshot's or a reply's.
static void
check_value(const std::string &name, const std::string &csv, const cJSON *got)
{
	if (cJSON_IsString(got))
		CHECK_EQ(std::string(got->valuestring), csv);
	else if (!cJSON_IsNumber(got) ||
		 got->valuedouble != strtod(csv.c_str(), nullptr))
		throw Failed{name + " differs: " + csv};
}

static void
check_rows(const std::string &file, const cJSON *list)
{
	std::vector<CsvRow> rows = csv_read(file);
	const cJSON *item = list->child;

	CHECK_EQ(cJSON_GetArraySize(list), (int)rows.size() - 1);
	for (size_t r = 1; r < rows.size(); r++, item = item->next)
		for (size_t c = 0; c < rows[0].size(); c++)
			check_value(rows[0][c], rows[r][c],
			    at(item, {rows[0][c].c_str()}));
}

TEST(each_recording_is_shown_to_the_last_digit)
{
	for (const std::string &folder : recordings()) {
		Bridge b;
		Account replayed;
		recording_load(folder, replayed, terminal().info);
		terminal().log_in(&replayed);
		terminal().connect();
		Json s = b.look();
		for (const char *part : {"account", "terminal"}) {
			std::string file = folder + "/" + part + ".json";
			Json expected(cJSON_Parse(slurp(file).c_str()));
			check_object(expected.get(), at(s.get(), {part}));
		}
		CHECK_EQ(cJSON_GetArraySize(at(s.get(), {"account"})), 28);
		CHECK_EQ(cJSON_GetArraySize(at(s.get(), {"terminal"})), 22);
		check_rows(
		    folder + "/positions.csv", at(s.get(), {"positions"}));
		CHECK_EQ(cJSON_GetArraySize(at(s.get(), {"orders"})), 0);
		terminal().log_out();
	}
}

// Each field of a kind of record has a value of its own, so that two that
// were exchanged are seen.
template <class T>
static T
distinct(const std::vector<Field<T>> &fields)
{
	int64_t n = 1;
	T record;

	for (const Field<T> &f : fields) {
		n++;
		if (f.integer)
			record.*f.integer = f.flag ? n % 2 : n;
		else if (f.number)
			record.*f.number = (double)n + 0.25;
		else
			record.*f.text = ("t" + std::to_string(n)).c_str();
	}
	return record;
}

template <class T>
static void
check_distinct(
    const std::vector<Field<T>> &fields, const T &record, const cJSON *got)
{
	CHECK_EQ(cJSON_GetArraySize(got), (int)fields.size());
	for (const Field<T> &f : fields) {
		const cJSON *value = at(got, {f.name});
		if (f.flag)
			CHECK_EQ(
			    (bool)cJSON_IsTrue(value), record.*f.integer != 0);
		else if (f.integer)
			check_value(
			    f.name, std::to_string(record.*f.integer), value);
		else if (f.number)
			check_value(
			    f.name, number_text(record.*f.number), value);
		else
			check_value(f.name, to_utf8(record.*f.text), value);
	}
}

TEST(every_field_is_under_its_own_name)
{
	Bridge b;
	Position p = distinct(position_fields);
	Order o = distinct(order_fields);

	b.account.info = distinct(account_fields);
	b.account.positions.push_back(p);
	b.account.orders.push_back(o);
	terminal().refresh();
	Json s = b.look();
	check_distinct(
	    account_fields, b.account.info, at(s.get(), {"account"}));
	check_distinct(position_fields, p, at(s.get(), {"positions"})->child);
	check_distinct(order_fields, o, at(s.get(), {"orders"})->child);
	for (const char *id : {"ticket", "magic", "identifier"})
		CHECK(cJSON_IsString(
		    at(at(s.get(), {"positions"})->child, {id})));
	for (const char *id :
	    {"ticket", "magic", "position_id", "position_by_id"})
		CHECK(cJSON_IsString(at(at(s.get(), {"orders"})->child, {id})));
}

TEST(texts_of_any_kind_arrive)
{
	Bridge b;
	const char *comments[] = {"a,b", "say \"hi\"", "=1+1", "two\nlines",
	    "日本", "😀", "back\\slash", "\x01"};

	for (const char *comment : comments)
		b.position(1, comment);
	Json s = b.look();
	const cJSON *p = at(s.get(), {"positions"})->child;
	for (const char *comment : comments) {
		CHECK_EQ(text(p, {"comment"}), comment);
		p = p->next;
	}
}

TEST(nan_is_null)
{
	Bridge b;

	b.account.info.margin_level = NAN;
	terminal().refresh();
	CHECK(is_null(b.look().get(), {"account", "margin_level"}));
}

TEST(the_same_content_keeps_its_rev_and_each_second_has_a_snapshot)
{
	Bridge b;

	b.run(40000);
	Json s = b.snapshot();
	double rev = number(s.get(), {"rev"}), seq = number(s.get(), {"seq"});
	b.run(10000);
	s = b.snapshot();
	CHECK_EQ(number(s.get(), {"rev"}), rev);
	CHECK(number(s.get(), {"seq"}) >= seq + 10);
	CHECK(number(s.get(), {"seq"}) <= seq + 12);
	b.position(7, "new");
	s = b.look();
	CHECK_EQ(number(s.get(), {"rev"}), rev + 1);
}

TEST(a_position_changes_the_snapshot_on_the_next_look)
{
	Bridge b;

	b.look();
	b.position(7, "new");
	CHECK_EQ(cJSON_GetArraySize(at(b.look().get(), {"positions"})), 1);
}

TEST(equity_keeps_its_lowest_and_highest)
{
	Bridge b;
	Json s = b.look();
	double day_since = number(s.get(), {"equity", "day_since_msc"});

	terminal().refuse_moves = 3;
	for (double e : {900.5, 1200.25, 1100.0}) {
		b.equity(e);
		b.run(100);
	}
	s = b.look();
	CHECK_EQ(number(s.get(), {"account", "equity"}), 1100);
	CHECK_EQ(number(s.get(), {"equity", "low"}), 900.5);
	CHECK_EQ(number(s.get(), {"equity", "high"}), 1200.25);
	s = b.look();
	CHECK_EQ(number(s.get(), {"equity", "low"}), 1100);
	CHECK_EQ(number(s.get(), {"equity", "high"}), 1100);
	CHECK_EQ(number(s.get(), {"equity", "day_low"}), 900.5);
	CHECK_EQ(number(s.get(), {"equity", "day_high"}), 1200.25);
	CHECK_EQ(number(s.get(), {"equity", "day_since_msc"}), day_since);
}

TEST(a_refused_rename_is_tried_again)
{
	Bridge b;

	b.look();
	terminal().refuse_moves = 5;
	b.position(7, "new");
	b.run(500);
	CHECK_EQ(number(b.snapshot().get(), {"seq"}), 1);
	Json s = b.look();
	CHECK_EQ(number(s.get(), {"seq"}), 2);
	CHECK_EQ(number(s.get(), {"rev"}), 2);
	CHECK(!exists(b.box + "snapshot.json.tmp"));
}

TEST(the_brokers_day_ends_at_its_midnight)
{
	Bridge b;
	const int64_t DAY = 86400000;

	b.run(5000);
	b.equity(500);
	b.run(100);
	b.equity(800);
	int64_t broker = terminal().gmt_ms() + 10800000;
	int64_t midnight = (broker / DAY + 1) * DAY;
	// the night passes in one go, but the last seconds are watched
	terminal().skipped_ms += midnight - broker - 3000;
	b.run(6000);
	Json s = b.snapshot();
	CHECK_EQ(number(s.get(), {"equity", "day_low"}), 800);
	CHECK_EQ(
	    number(s.get(), {"equity", "day_since_msc"}), (double)midnight);
}

TEST(a_machine_that_slept_over_midnight_does_not_claim_it)
{
	Bridge b;

	b.run(5000);
	terminal().skipped_ms += 86400000;
	b.run(100);
	double since = number(b.snapshot().get(), {"equity", "day_since_msc"});
	CHECK(since > (double)(terminal().gmt_ms() + 10800000 - 2000));
}

TEST(no_account_is_null)
{
	Bridge b;

	b.look();
	terminal().log_out();
	Json s = b.look();
	CHECK(is_null(s.get(), {"account"}));
	CHECK(is_null(s.get(), {"equity"}));
	CHECK(is_null(s.get(), {"history", "deals"}));
	CHECK(is_null(s.get(), {"history", "last_ticket"}));
	CHECK(!is_true(s.get(), {"history", "complete"}));
	CHECK_EQ(cJSON_GetArraySize(at(s.get(), {"positions"})), 0);
}

TEST(zeros_from_before_the_brokers_answer_are_no_account)
{
	Bridge b;

	terminal().log_in(&b.account); // knows its login, and no more
	CHECK_EQ(AccountInfoInteger(ACCOUNT_LOGIN), 9007199254740993);
	Json s = b.look();
	CHECK(is_null(s.get(), {"account"}));
	CHECK(!is_true(s.get(), {"terminal", "connected"}));
	terminal().connect();
	CHECK_EQ(number(b.look().get(), {"account", "balance"}), 1000);
}

TEST(another_account_is_shown_at_once_with_nothing_of_the_last)
{
	Bridge b;
	Account other = b.account;

	b.run(40000);
	CHECK(is_true(b.snapshot().get(), {"history", "complete"}));
	other.info.login = 77;
	other.info.server = "Other-Live";
	other.info.equity = other.info.balance = 5;
	terminal().log_in(&other);
	terminal().connect();
	Json s = b.look();
	CHECK_EQ(text(s.get(), {"account", "login"}), "77");
	CHECK_EQ(text(s.get(), {"account", "server"}), "Other-Live");
	CHECK_EQ(number(s.get(), {"equity", "day_high"}), 5);
	CHECK(is_null(s.get(), {"broker_offset_s"}));
	CHECK(!is_true(s.get(), {"history", "complete"}));
	b.run(4000);
	CHECK_EQ(number(b.snapshot().get(), {"broker_offset_s"}), 10800);
	terminal().log_out();
}

TEST(an_account_is_shown_as_of_one_moment)
{
	Bridge b;
	int calls = 0;

	b.run(1100);
	terminal().on_account = [&] { // equity was read, profit was not yet
		if (++calls < 4)
			b.equity(1000 + calls);
	};
	Json s = b.look();
	terminal().on_account = nullptr;
	CHECK_EQ(calls, 4);
	CHECK_EQ(number(s.get(), {"account", "equity"}), 1003);
	CHECK_EQ(number(s.get(), {"equity", "low"}), 1000);
	CHECK_EQ(number(s.get(), {"equity", "high"}), 1003);
}

TEST(what_is_booked_counts_for_account_and_positions)
{
	Bridge b;
	int calls = 0;

	b.run(1100);
	terminal().on_positions_total = [&] {
		if (++calls != 3) // the end of the list of positions
			return;
		b.account.info.balance = 900;
		b.position(8, "booked");
	};
	Json s = b.look();
	terminal().on_positions_total = nullptr;
	CHECK(calls > 3);
	CHECK_EQ(number(s.get(), {"account", "balance"}), 900);
	CHECK_EQ(cJSON_GetArraySize(at(s.get(), {"positions"})), 1);
}

TEST(a_market_that_never_stands_still_does_not_silence_it)
{
	Bridge b;
	int calls = 0;

	b.run(1100);
	double seq = number(b.snapshot().get(), {"seq"});
	terminal().on_positions_total = [&] { b.equity(1000 + ++calls); };
	b.run(1000);
	terminal().on_positions_total = nullptr;
	CHECK_EQ(number(b.snapshot().get(), {"seq"}), seq + 10);
}

TEST(one_program_writes_the_other_one_waits)
{
	Bridge first;
	Mt5FleetBridge second;

	std::string session = text(first.look().get(), {"bridge", "session"});
	second.Start("ea");
	second.Look();
	CHECK_EQ(text(first.snapshot().get(), {"bridge", "session"}), session);
	first.bridge.Stop();
	terminal().skipped_ms += 100;
	second.Look();
	Json s = first.snapshot();
	CHECK_EQ(text(s.get(), {"bridge", "program"}), "ea");
	CHECK(text(s.get(), {"bridge", "session"}) != session);
	second.Stop();
}

static void
symbols_are(Bridge &b, const char *currency, std::vector<Symbol> symbols)
{
	b.account.info.currency = currency;
	b.account.symbols = std::move(symbols);
	terminal().refresh();
}

TEST(the_rate_is_of_a_pair_in_the_market_watch)
{
	static const struct {
		const char *currency;
		std::vector<Symbol> symbols;
		double rate; // 0: null
	} cases[] = {
	    {"USD", {}, 1},
	    {"USC", {}, 0.01},
	    {"EUR", {}, 0},
	    {"EUR", {{"EURUSD.m", "EUR", "USD", 1.0, 1.25, 0}}, 1.125},
	    {"JPY", {{"USDJPY", "USD", "JPY", 160, 160, 5}}, 1.0 / 160},
	    {"JPY", {{"JP225", "USD", "JPY", 39000, 39001, 2}}, 0},
	    {"EUR", {{"EURGBP", "EUR", "GBP", 0.8, 0.8, 0}}, 0},
	    {"EUR", {{"EURUSD", "EUR", "USD", 0, 0, 0}}, 0},
	    {"EUR", {{"EURUSD", "EUR", "USD", 1.2, 1.1, 0}}, 0},
	    {"EUR",
		{{"EURUSD", "EUR", "USD", 0, 0, 0},
		    {"EURUSD.r", "EUR", "USD", 2, 2, 0}},
		2},
	    {"VND", {{"EURUSD", "EUR", "USD", 1, 1, 0}}, 0},
	};

	for (const auto &c : cases) {
		Bridge b;
		symbols_are(b, c.currency, c.symbols);
		Json s = b.look();
		if (c.rate == 0)
			CHECK(is_null(s.get(), {"usd_rate"}));
		else
			CHECK_EQ(number(s.get(), {"usd_rate"}), c.rate);
	}
}

// Each tick of a pair is no news of the account.
TEST(the_rate_is_looked_at_each_minute)
{
	Bridge b;

	symbols_are(b, "EUR", {{"EURUSD", "EUR", "USD", 1, 1, 0}});
	b.look();
	b.run(20000);
	double rev = number(b.snapshot().get(), {"rev"});
	symbols_are(b, "EUR", {{"EURUSD", "EUR", "USD", 2, 2, 0}});
	b.run(30000);
	CHECK_EQ(number(b.snapshot().get(), {"usd_rate"}), 1);
	CHECK_EQ(number(b.snapshot().get(), {"rev"}), rev);
	b.run(11000);
	CHECK_EQ(number(b.snapshot().get(), {"usd_rate"}), 2);
	// without a price the last one stays; another currency has its own
	symbols_are(b, "EUR", {});
	b.run(61000);
	CHECK_EQ(number(b.snapshot().get(), {"usd_rate"}), 2);
	symbols_are(b, "GBP", {});
	CHECK(is_null(b.look().get(), {"usd_rate"}));
}

int
main()
{
	return run_tests();
}

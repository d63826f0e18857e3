// Deals on request: complete, in order, each once, whatever arrives when.
#include "fixture.h"
#include "market.h"
#include "recording.h"

#include "Mt5Fleet.mqh"

static const std::string NAMED = // the fixture's account
    "\"login\":\"9007199254740993\",\"server\":\"Test-Demo\",";

struct History : Fixture {
	Mt5FleetBridge bridge;
	int asked = 0;

	History()
	{
		bridge.Start("service");
	}
	~History()
	{
		bridge.Stop();
	}
	void run(int64_t ms)
	{
		for (; ms > 0; ms -= 100) {
			terminal().skipped_ms += 100;
			bridge.Look();
		}
	}
	// The answer to a request with these members.
	Json get(const std::string &members)
	{
		std::string id = "r" + std::to_string(++asked);

		ask("{\"v\":1,\"id\":\"" + id + "\"," + members + "}");
		run(100);
		return reply(id.c_str());
	}
	Json page(const std::string &named, int64_t from, int64_t to,
	    const std::string &after_broker_ms, const std::string &after_ticket,
	    int limit)
	{
		return get("\"kind\":\"deals\"," + named +
			   "\"from_msc\":" + std::to_string(from) +
			   ",\"to_msc\":" + std::to_string(to) +
			   ",\"after_msc\":" + after_broker_ms +
			   ",\"after_ticket\":\"" + after_ticket +
			   "\",\"limit\":" + std::to_string(limit));
	}
	// All pages, one after the other, as the agent asks for them.
	std::vector<Json> pages(const std::string &named, int limit);
	std::vector<std::string> tickets(
	    int limit, int64_t from = 0, int64_t to = 9999999999999);
};

std::vector<Json>
History::pages(const std::string &named, int limit)
{
	std::string broker_ms = "0", ticket = "0";
	std::vector<Json> all;
	bool more = true;

	while (more) {
		all.push_back(
		    page(named, 0, 9999999999999, broker_ms, ticket, limit));
		const cJSON *reply = all.back().get();
		CHECK(is_null(reply, {"error"}));
		const cJSON *list = at(reply, {"deals"});
		int size = cJSON_GetArraySize(list);
		more = is_true(reply, {"more"});
		CHECK(size <= limit && (!more || size == limit));
		if (size == 0)
			break;
		const cJSON *last = cJSON_GetArrayItem(list, size - 1);
		broker_ms = std::to_string((int64_t)number(last, {"time_msc"}));
		ticket = text(last, {"ticket"});
	}
	return all;
}

std::vector<std::string>
History::tickets(int limit, int64_t from, int64_t to)
{
	std::vector<std::string> found;
	std::string broker_ms = "0", ticket = "0";
	bool more = true;

	while (more) {
		Json reply = page(NAMED, from, to, broker_ms, ticket, limit);
		const cJSON *deal;
		more = is_true(reply.get(), {"more"});
		cJSON_ArrayForEach(deal, at(reply.get(), {"deals"})) {
			broker_ms =
			    std::to_string((int64_t)number(deal, {"time_msc"}));
			ticket = text(deal, {"ticket"});
			found.push_back(ticket);
		}
	}
	return found;
}

static std::string
joined(const std::vector<std::string> &list)
{
	std::string all;

	for (const std::string &item : list)
		all += (all.empty() ? "" : " ") + item;
	return all;
}

// In the order that the mailbox promises.
static std::vector<CsvRow>
in_order(std::vector<CsvRow> rows)
{
	std::sort(
	    rows.begin() + 1, rows.end(), [](const CsvRow &a, const CsvRow &b) {
		    int64_t x = std::stoll(a[3]), y = std::stoll(b[3]);
		    return x < y ||
			   (x == y && std::stoll(a[0]) < std::stoll(b[0]));
	    });
	return rows;
}

static void
check_deal(const CsvRow &names, const CsvRow &row, const cJSON *deal)
{
	CHECK_EQ(cJSON_GetArraySize(deal), 20);
	for (size_t c = 0; c < names.size(); c++) {
		const cJSON *value = at(deal, {names[c].c_str()});
		if (cJSON_IsString(value))
			CHECK_EQ(std::string(value->valuestring), row[c]);
		else if (value->valuedouble != strtod(row[c].c_str(), nullptr))
			throw Failed{names[c] + " differs: " + row[c]};
	}
}

TEST(each_recordings_deals_come_back_in_pages_to_the_last_digit)
{
	for (const std::string &folder : recordings()) {
		History h;
		Account replayed;
		std::vector<CsvRow> rows =
		    in_order(csv_read(folder + "/deals.csv"));
		size_t row = 1;
		recording_load(folder, replayed, terminal().info);
		terminal().log_in(&replayed);
		terminal().connect();
		std::string named =
		    "\"login\":\"" + std::to_string(replayed.info.login) +
		    "\",\"server\":\"" + to_utf8(replayed.info.server) + "\",";
		for (const Json &reply : h.pages(named, 100)) {
			const cJSON *deal;
			CHECK_EQ(number(reply.get(), {"balance"}),
			    replayed.info.balance);
			cJSON_ArrayForEach(deal, at(reply.get(), {"deals"}))
				check_deal(rows[0], rows.at(row++), deal);
		}
		CHECK_EQ(row, rows.size());
		terminal().log_out();
	}
}

TEST(a_generated_accounts_deals_come_back_with_its_balance)
{
	History h;
	Account generated;
	MarketOptions options;
	int64_t sum = 0, credit = 0;
	size_t seen = 0;

	options.seed = 6; // its tickets are above 2^53
	Market market(generated, options);
	market.make_past(3000, T0);
	terminal().log_in(&generated);
	terminal().connect();
	std::string named =
	    "\"login\":\"" + std::to_string(generated.info.login) +
	    "\",\"server\":\"" + to_utf8(generated.info.server) + "\",";
	std::vector<Json> all = h.pages(named, 700);
	for (const Json &reply : all) {
		const cJSON *deal;
		cJSON_ArrayForEach(deal, at(reply.get(), {"deals"})) {
			const Deal *d = generated.find_deal(
			    std::stoll(text(deal, {"ticket"})));
			CHECK(d &&
			      text(deal, {"comment"}) == to_utf8(d->comment));
			CHECK_EQ(
			    text(deal, {"magic"}), std::to_string(d->magic));
			CHECK_EQ(number(deal, {"sl"}), d->sl);
			CHECK_EQ(number(deal, {"tp"}), d->tp);
			int64_t cash = 0;
			for (const char *part :
			    {"profit", "commission", "swap", "fee"})
				cash += generated.units(number(deal, {part}));
			(number(deal, {"type"}) == 3 ? credit : sum) += cash;
			seen++;
		}
	}
	CHECK_EQ(seen, generated.deals.size());
	CHECK_EQ(generated.money(sum), number(all.back().get(), {"balance"}));
	CHECK_EQ(generated.money(credit), number(all.back().get(), {"credit"}));
	terminal().log_out();
}

TEST(deals_of_one_millisecond_are_not_lost_at_a_pages_end)
{
	History h;

	h.deal(T0 + 5000, 12, 1);
	h.deal(T0 + 5000, 10, 1); // not in order, either
	h.deal(T0 + 5000, 11, 1);
	h.deal(T0 + 5001, 9, 1);
	h.deal(T0 + 90000, 13, 1);
	for (int limit : {1, 2, 3, 4, 5, 6, 100})
		CHECK_EQ(joined(h.tickets(limit)), "1 10 11 12 9 13");
}

TEST(bounds_are_milliseconds_and_included)
{
	History h;

	h.deal(T0 + 1, 2, 1);
	h.deal(T0 + 999, 3, 1);
	h.deal(T0 + 1000, 4, 1);
	CHECK_EQ(joined(h.tickets(9, T0, T0)), "1");
	CHECK_EQ(joined(h.tickets(9, T0 + 1, T0 + 999)), "2 3");
	CHECK_EQ(joined(h.tickets(1, T0 + 2, T0 + 1000)), "3 4");
	CHECK_EQ(joined(h.tickets(9, T0 + 1001, T0 + 5000)), "");
}

TEST(late_deals_with_older_times_are_found)
{
	History h;

	h.deal(T0 + 1000000, 5, 1);
	h.run(40000);
	CHECK_EQ(joined(h.tickets(9)), "1 5");
	double rev = number(h.snapshot().get(), {"rev"});
	h.deal(T0 + 3000, 3, 1);
	h.deal(T0 - 86400000L * 4000, 2, 1);
	h.run(1100);
	Json s = h.snapshot();
	CHECK_EQ(number(s.get(), {"history", "deals"}), 4);
	CHECK_EQ(text(s.get(), {"history", "last_ticket"}), "5");
	CHECK(number(s.get(), {"rev"}) > rev);
	CHECK_EQ(joined(h.tickets(9)), "2 1 3 5");
	CHECK_EQ(joined(h.tickets(1)), "2 1 3 5");
}

TEST(the_last_deal_is_found_again_when_it_vanishes)
{
	History h;

	h.deal(T0 + 1000000, 5, 1);
	h.run(1100);
	CHECK_EQ(text(h.snapshot().get(), {"history", "last_ticket"}), "5");
	h.account.deals[1].archived = 1;
	h.run(1100);
	Json s = h.snapshot();
	CHECK_EQ(text(s.get(), {"history", "last_ticket"}), "1");
	CHECK_EQ(number(s.get(), {"history", "last_msc"}), (double)T0);
}

TEST(fifty_thousand_deals_are_read_in_passable_time)
{
	History h;
	const int64_t N = 50000;

	for (int64_t i = 2; i <= N; i++) {
		Deal d = h.account.deals[0];
		d.ticket = i;
		d.time_msc = T0 + i * 317000;
		d.time = d.time_msc / 1000;
		h.account.deals.push_back(d);
	}
	h.account.index_deals();
	h.run(100);
	terminal().deals_listed = 0;
	CHECK_EQ((int64_t)h.tickets(1000).size(), N);
	// a page of all that remains would make it 25 for each deal
	CHECK(terminal().deals_listed < 12 * N);
}

TEST(a_position_has_all_its_deals)
{
	History h;

	h.deal(T0 - 900000000000, 2, 1).position_id = 77;
	h.deal(T0 + 900, 3, 1).position_id = 77;
	h.deal(T0 + 901, 4, 1).position_id = 78;
	Json r =
	    h.get("\"kind\":\"position\"," + NAMED + "\"position_id\":\"77\"");
	const cJSON *list = at(r.get(), {"deals"});
	CHECK_EQ(cJSON_GetArraySize(list), 2);
	CHECK_EQ(text(list->child, {"ticket"}), "2");
	CHECK_EQ(text(list->child->next, {"ticket"}), "3");
	r = h.get("\"kind\":\"position\"," + NAMED + "\"position_id\":\"79\"");
	CHECK_EQ(cJSON_GetArraySize(at(r.get(), {"deals"})), 0);
	CHECK(is_null(r.get(), {"error"}));
}

TEST(the_history_is_complete_once_it_stands_still)
{
	History h;

	terminal().disconnect();
	for (int64_t i = 2; i <= 50; i++)
		h.deal(T0 + i, i, 1).arrives_ms = NEVER;
	terminal().history_ms = 8000;
	terminal().connect();
	h.run(4000);
	Json s = h.snapshot();
	CHECK(!is_true(s.get(), {"history", "complete"}));
	CHECK(number(s.get(), {"history", "deals"}) > 5);
	CHECK(number(s.get(), {"history", "deals"}) < 50);
	h.run(8000);
	s = h.snapshot();
	CHECK(!is_true(s.get(), {"history", "complete"}));
	CHECK_EQ(number(s.get(), {"history", "deals"}), 50);
	h.run(3000);
	CHECK(is_true(h.snapshot().get(), {"history", "complete"}));
}

TEST(a_terminal_that_trades_without_pause_is_complete_too)
{
	History h;

	for (int64_t i = 0; i < 9; i++) {
		h.run(1000);
		h.deal((int64_t)TimeTradeServer() * 1000 + 1, 100 + i, 1);
	}
	Json s = h.snapshot();
	CHECK(is_true(s.get(), {"history", "complete"}));
	CHECK(number(s.get(), {"history", "deals"}) >= 9);
}

TEST(a_reconnect_makes_it_incomplete_again)
{
	History h;

	h.run(7000);
	CHECK(is_true(h.snapshot().get(), {"history", "complete"}));
	terminal().disconnect();
	h.run(2000);
	terminal().connect();
	h.run(100);
	CHECK(!is_true(h.snapshot().get(), {"history", "complete"}));
	h.run(7000);
	CHECK(is_true(h.snapshot().get(), {"history", "complete"}));
}

TEST(an_empty_history_with_money_is_doubted_for_longer)
{
	History h;

	h.account.deals.clear();
	h.run(29000);
	CHECK(!is_true(h.snapshot().get(), {"history", "complete"}));
	h.run(3000);
	Json s = h.snapshot();
	CHECK(is_true(s.get(), {"history", "complete"}));
	CHECK_EQ(number(s.get(), {"history", "deals"}), 0);
	CHECK(is_null(s.get(), {"history", "last_ticket"}));
}

TEST(a_deal_that_arrives_meanwhile_makes_the_balance_unknown)
{
	History h;
	int selects = 0;

	h.run(1100); // so that the next look does not count by itself
	terminal().on_history_select = [&] {
		if (++selects == 2)
			h.deal(T0 + 7, 9, 1);
	};
	Json r = h.get("\"kind\":\"deals\"," + NAMED + "\"limit\":10");
	terminal().on_history_select = nullptr;
	CHECK(is_null(r.get(), {"balance"}));
	CHECK(is_null(r.get(), {"credit"}));
	CHECK(is_null(r.get(), {"error"}));
	r = h.get("\"kind\":\"deals\"," + NAMED + "\"limit\":10");
	CHECK_EQ(number(r.get(), {"balance"}), 1000);
}

int
main()
{
	return run_tests();
}

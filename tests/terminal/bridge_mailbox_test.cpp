// Requests and answers as files: refused, torn, repeated, abandoned.
#include "fixture.h"

#include "Mt5Fleet.mqh"

#include <fstream>

static const std::string NAMED =
    "\"login\":\"9007199254740993\",\"server\":\"Test-Demo\"";

struct Box : Fixture {
	Mt5FleetBridge bridge;

	Box()
	{
		bridge.Start("service");
		run(100);
	}
	~Box()
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
	void ask_deals(const std::string &id, const std::string &rest)
	{
		ask("{\"v\":1,\"kind\":\"deals\",\"id\":\"" + id + "\"," +
		    rest + "}");
	}
};

TEST(a_request_is_answered_once)
{
	Box b;

	b.ask_deals("a1", NAMED);
	b.run(100);
	b.reply("a1");
	b.run(2000);
	CHECK(!b.answered("a1"));
	b.ask_deals("a2", NAMED);
	b.run(100);
	CHECK_EQ(cJSON_GetArraySize(at(b.reply("a2").get(), {"deals"})), 1);
}

TEST(a_request_that_still_lies_there_is_answered_after_a_restart)
{
	Box b;

	b.ask_deals("a1", NAMED);
	b.run(100);
	b.reply("a1");
	b.bridge.Stop();
	b.bridge.Start("service");
	b.run(100);
	CHECK(b.answered("a1"));
}

TEST(a_torn_request_waits_for_its_rest)
{
	Box b;
	std::string whole =
	    envelope("{\"v\":1,\"kind\":\"deals\",\"id\":\"t\"," + NAMED + "}");

	for (size_t n = 0; n < whole.size(); n += 7) {
		std::ofstream(b.box + "request.json") << whole.substr(0, n);
		b.run(100);
		CHECK(!b.answered("t"));
	}
	whole[20] ^= 1;
	std::ofstream(b.box + "request.json") << whole;
	b.run(100);
	CHECK(!b.answered("t"));
	whole[20] ^= 1;
	std::ofstream(b.box + "request.json") << whole;
	b.run(100);
	CHECK(is_null(b.reply("t").get(), {"error"}));
}

TEST(an_enormous_request_is_left_alone)
{
	Box b;

	b.ask_deals(
	    "big", NAMED + ",\"x\":\"" + std::string(70000, 'x') + "\"");
	b.run(200);
	CHECK(!b.answered("big"));
}

static void
check_refused(Box &b, const std::string &body, const char *id, const char *code,
    const std::string &quoted)
{
	b.ask(body);
	b.run(100);
	Json r = b.reply(id);
	CHECK_EQ(text(r.get(), {"error", "code"}), code);
	std::string message = text(r.get(), {"error", "message"});
	if (message.find(quoted) == std::string::npos)
		throw Failed{"\"" + message + "\" does not quote " + quoted};
	CHECK_EQ(cJSON_GetArraySize(at(r.get(), {"deals"})), 0);
	CHECK(!is_true(r.get(), {"more"}));
	CHECK(is_null(r.get(), {"balance"}));
}

TEST(bad_requests_are_refused_and_quoted)
{
	Box b;
	int n = 0;
	const char *bad[][2] = {{"\"kind\":\"trades\"", "\"trades\""},
	    {"\"v\":2,\"kind\":\"deals\"", "\"2\""},
	    {"\"kind\":\"deals\",\"limit\":0", "\"0\""},
	    {"\"kind\":\"deals\",\"limit\":5001", "\"5001\""},
	    {"\"kind\":\"deals\",\"limit\":\"ten\"", "\"ten\""},
	    {"\"kind\":\"deals\",\"from_msc\":-1", "\"-1\""},
	    {"\"kind\":\"deals\",\"to_msc\":1.5", "\"1.5\""},
	    {"\"kind\":\"deals\",\"after_ticket\":\"12x\"", "\"12x\""},
	    {"\"kind\":\"position\"", "position_id"},
	    {"\"kind\":\"position\",\"position_id\":\"0\"", "\"0\""},
	    {"\"kind\":\"deals\",\"position_id\":\"7\"", "\"7\""},
	    {"\"kind\":[oops]", "[oops]"}};

	for (auto &[members, quoted] : bad) {
		std::string id = "bad" + std::to_string(n++);
		check_refused(b,
		    "{\"id\":\"" + id + "\"," + NAMED + "," + members + "}",
		    id.c_str(), "bad_request", quoted);
	}
}

TEST(another_account_is_refused_and_both_are_named)
{
	Box b;
	const std::string rest = ",\"kind\":\"deals\"}";

	check_refused(b,
	    "{\"id\":\"w1\",\"login\":\"5\","
	    "\"server\":\"Test-Demo\"" +
		rest,
	    "w1", "wrong_account", "\"5\"");
	check_refused(b,
	    "{\"id\":\"w2\",\"login\":\"9007199254740993\","
	    "\"server\":\"Elsewhere\"" +
		rest,
	    "w2", "wrong_account", "\"Elsewhere\"");
	check_refused(b, "{\"id\":\"w3\"" + rest, "w3", "wrong_account",
	    "\"9007199254740993\"");
	terminal().log_out();
	check_refused(b, "{\"id\":\"w4\"," + NAMED + rest, "w4",
	    "wrong_account", "not logged in");
}

TEST(an_account_that_changes_meanwhile_is_not_mixed_up)
{
	Box b;
	Account other = b.account;
	int selects = 0;

	other.info.login = 5;
	terminal().on_history_select = [&] {
		if (++selects != 2)
			return;
		terminal().log_in(&other);
		terminal().connect();
	};
	check_refused(b, "{\"id\":\"m\",\"kind\":\"deals\"," + NAMED + "}", "m",
	    "wrong_account", "\"5\"");
	terminal().on_history_select = nullptr;
	terminal().log_out();
}

TEST(an_id_cannot_leave_the_folder)
{
	Box b;
	size_t files = 0;

	for (const char *id :
	    {"../x", "..\\\\x", "a/b", "", "a.b", "é", "a b"}) {
		b.ask_deals(id, NAMED);
		b.run(100);
	}
	b.ask_deals(std::string(65, 'x'), NAMED);
	b.run(100);
	for (const auto &f :
	    std::filesystem::recursive_directory_iterator(b.folder.path))
		files += f.is_regular_file();
	CHECK_EQ(files, 3u); // snapshot, lock, request
}

TEST(a_refused_reply_is_tried_again)
{
	Box b;

	b.run(5000);
	b.ask_deals("r", NAMED);
	terminal().refuse_moves = 3;
	b.run(100);
	CHECK(!b.answered("r"));
	b.run(400);
	CHECK(is_null(b.reply("r").get(), {"error"}));
}

TEST(a_reply_nobody_fetched_is_removed_after_a_minute)
{
	Box b;

	b.ask_deals("old", NAMED);
	b.run(100);
	b.run(55000);
	CHECK(b.answered("old"));
	b.run(30000);
	CHECK(!b.answered("old"));
	CHECK(exists(b.box + "request.json"));
	CHECK(exists(b.box + "snapshot.json"));
}

TEST(a_page_of_the_longest_comments_stays_below_8_mib)
{
	Box b;

	for (int64_t i = 2; i <= 5000; i++)
		b.deal(T0 + i, i, 1).comment =
		    string(std::u16string(250, u'\x01'));
	b.ask_deals("big", NAMED + ",\"limit\":5000");
	b.run(100);
	CHECK(std::filesystem::file_size(b.box + "reply-big.json") <
	      8u * 1024 * 1024);
	Json r = b.reply("big");
	CHECK(is_true(r.get(), {"more"}));
	CHECK(cJSON_GetArraySize(at(r.get(), {"deals"})) > 2000);
}

int
main()
{
	return run_tests();
}

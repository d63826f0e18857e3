// The simulated terminal as a process: orders, ends, restarts, its journal.
#include "fixture.h"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

static std::string
program()
{
	return std::filesystem::read_symlink("/proc/self/exe")
		   .parent_path()
		   .parent_path() /
	       "bin/terminal";
}

// Waits for a condition; what is half written may throw meanwhile.
static void
until(const char *what, std::function<bool()> met)
{
	auto deadline =
	    std::chrono::steady_clock::now() + std::chrono::seconds(20);

	while (std::chrono::steady_clock::now() < deadline) {
		try {
			if (met())
				return;
		} catch (const Failed &) { // not there yet
		}
		usleep(10000);
	}
	throw Failed{std::string("waited in vain until ") + what};
}

static int
wait_for(pid_t pid)
{
	int status = 0;

	until("the process ended",
	    [&] { return waitpid(pid, &status, WNOHANG) == pid; });
	return status;
}

struct Process {
	Folder folder;
	std::string data, common, control;
	pid_t pid = 0;

	Process()
	    : data(folder.path + "/data"), common(folder.path + "/Files"),
	      control(folder.path + "/control")
	{
	}
	~Process()
	{
		if (pid) {
			kill(pid, SIGKILL);
			waitpid(pid, nullptr, 0);
		}
	}
	pid_t spawn(std::vector<std::string> args) const
	{
		std::vector<char *> argv;
		for (std::string &a : args)
			argv.push_back(a.data());
		argv.push_back(nullptr);
		pid_t child = fork();
		if (child == 0) {
			execv(program().c_str(), argv.data());
			_exit(127);
		}
		return child;
	}
	std::vector<std::string> args(std::vector<std::string> more) const
	{
		std::vector<std::string> all = {"terminal", "--common", common,
		    "--data", data, "--control", control, "--quiet"};
		all.insert(all.end(), more.begin(), more.end());
		return all;
	}
	void start(std::vector<std::string> more)
	{
		pid = spawn(args(std::move(more)));
	}
	int end(int signal)
	{
		kill(pid, signal);
		int status = wait_for(pid);
		pid = 0;
		return status;
	}
	void order(const std::string &line) const
	{
		std::ofstream(control, std::ios::app) << line << "\n";
	}
	std::string box() const
	{
		return common + "/mt5fleet/" +
		       folder_name(std::filesystem::weakly_canonical(data)) +
		       "/";
	}
	Json snapshot() const
	{
		return Json(cJSON_Parse(
		    open_envelope(box() + "snapshot.json").c_str()));
	}
	void until_snapshot(
	    const char *what, std::function<bool(const cJSON *)> met) const
	{
		until(what, [&] {
			Json s = snapshot();
			return s && met(s.get());
		});
	}
	void until_connected() const
	{
		until_snapshot("connected", [](const cJSON *s) {
			return is_true(s, {"terminal", "connected"}) &&
			       number(s, {"history", "deals"}) > 0;
		});
	}
	double balance() const
	{
		return number(snapshot().get(), {"account", "balance"});
	}
	std::string journal(const char *sub) const
	{
		std::string all;
		for (const auto &f :
		    std::filesystem::directory_iterator(data + sub))
			all += slurp(f.path());
		return all;
	}
};

static std::string
utf16(const std::string &ascii)
{
	std::string out;

	for (char c : ascii)
		out += std::string(1, c) + std::string(1, '\0');
	return out;
}

// Rate 0: what changes is what the test orders.
static const std::vector<std::string> QUIET = {"--rate", "0", "--seed", "9"};

TEST(it_replays_a_recording_and_ends_by_sigterm)
{
	Process p;
	std::string recording = recordings()[0];

	p.start({"--recording", recording});
	p.until_connected();
	Json account(cJSON_Parse(slurp(recording + "/account.json").c_str()));
	CHECK_EQ(p.balance(), number(account.get(), {"balance"}));
	CHECK_EQ(p.end(SIGTERM), 0);
}

TEST(the_expert_does_what_the_service_does)
{
	Process p;
	std::vector<std::string> more = QUIET;

	more.insert(more.end(), {"--program", "ea"});
	p.start(more);
	p.until_connected();
	CHECK_EQ(text(p.snapshot().get(), {"bridge", "program"}), "ea");
	double before = p.balance();
	p.order("deposit 12.34");
	p.until_snapshot("deposited", [&](const cJSON *s) {
		return fabs(number(s, {"account", "balance"}) - before) > 1;
	});
	p.order("login Another-Demo 555");
	p.until_snapshot("another account", [&](const cJSON *s) {
		return text(s, {"account", "login"}) == "555";
	});
	CHECK_EQ(p.end(SIGTERM), 0);
}

TEST(orders_are_obeyed)
{
	Process p;

	p.start(QUIET);
	p.until_connected();
	p.order("lose-broker");
	p.until_snapshot("lost", [](const cJSON *s) {
		return !is_true(s, {"terminal", "connected"});
	});
	p.order("regain-broker");
	p.until_connected();
	p.order("set-equity 777");
	p.until_snapshot("that equity", [](const cJSON *s) {
		return number(s, {"account", "equity"}) == 777;
	});
	p.order("trade-allowed 0");
	p.until_snapshot("button off", [](const cJSON *s) {
		return !is_true(s, {"terminal", "trade_allowed"});
	});
	p.order("account-trade-allowed 0");
	p.until_snapshot("investor", [](const cJSON *s) {
		return !is_true(s, {"account", "trade_allowed"});
	});
	p.order("logout");
	p.until_snapshot("logged out",
	    [](const cJSON *s) { return is_null(s, {"account"}); });
	p.order("login Other-Live 12345");
	p.until_snapshot("another account", [](const cJSON *s) {
		return text(s, {"account", "login"}) == "12345" &&
		       text(s, {"account", "server"}) == "Other-Live";
	});
}

TEST(deals_by_order_arrive_in_book_and_terminal)
{
	Process p;
	double deals, last;

	p.start(QUIET);
	p.until_connected();
	until("the past", [&] {
		return number(p.snapshot().get(), {"history", "deals"}) >= 20;
	});
	deals = number(p.snapshot().get(), {"history", "deals"});
	last = number(p.snapshot().get(), {"history", "last_msc"});
	p.order("two-deals-one-ms");
	p.order("late-deal 86400");
	p.until_snapshot("four deals", [&](const cJSON *s) {
		return number(s, {"history", "deals"}) == deals + 4;
	});
	CHECK(number(p.snapshot().get(), {"history", "last_msc"}) > last);
	p.order("book " + p.folder.path + "/book.csv");
	until("the book", [&] { return exists(p.folder.path + "/book.csv"); });
	std::vector<CsvRow> rows = csv_read(p.folder.path + "/book.csv");
	CHECK_EQ((double)rows.size() - 1, deals + 4);
	double sum = 0;
	for (size_t r = 1; r < rows.size(); r++)
		for (int column : {11, 12, 13, 14})
			if (rows[r][4] != "3")
				sum += std::stod(rows[r][(size_t)column]);
	CHECK(fabs(sum - p.balance()) < 0.001);
	p.order("archive");
	p.until_snapshot("archived", [&](const cJSON *s) {
		return number(s, {"history", "deals"}) < deals;
	});
}

TEST(a_frozen_clock_stands)
{
	Process p;

	p.start(QUIET);
	p.until_snapshot("the offset",
	    [](const cJSON *s) { return !is_null(s, {"broker_offset_s"}); });
	p.order("freeze-clock");
	double seen = 0, seq = 0;
	p.until_snapshot("it stands", [&](const cJSON *s) {
		double now = number(s, {"trade_server_msc"});
		bool stands = now == seen && number(s, {"seq"}) >= seq + 2;
		if (now != seen)
			seq = number(s, {"seq"});
		seen = now;
		return stands;
	});
	CHECK_EQ(number(p.snapshot().get(), {"broker_offset_s"}), 10800);
	p.order("thaw-clock");
	p.until_snapshot("it goes", [&](const cJSON *s) {
		return number(s, {"trade_server_msc"}) > seen;
	});
}

TEST(a_hung_bridge_is_silent_and_its_terminal_lives)
{
	Process p;

	p.start(QUIET);
	p.until_connected();
	p.order("hang");
	until("the order is in the journal", [&] {
		return p.journal("/logs").find(utf16("hang: done")) !=
		       std::string::npos;
	});
	double seq = number(p.snapshot().get(), {"seq"});
	// another terminal starts and writes twice, this one meanwhile nothing
	Process other;
	other.start(QUIET);
	other.until_snapshot("its second",
	    [](const cJSON *s) { return number(s, {"seq"}) >= 2; });
	CHECK_EQ(number(p.snapshot().get(), {"seq"}), seq);
	CHECK_EQ(kill(p.pid, 0), 0);
	p.order("resume");
	p.until_snapshot("it writes again",
	    [&](const cJSON *s) { return number(s, {"seq"}) > seq; });
	CHECK_EQ(p.end(SIGTERM), 0);
}

TEST(after_a_crash_the_account_is_as_it_was_and_the_order_done)
{
	Process p;

	p.start(QUIET);
	p.until_connected();
	double before = p.balance();
	p.order("deposit 55.5");
	p.until_snapshot("deposited", [&](const cJSON *s) {
		return number(s, {"account", "balance"}) == before + 55.5;
	});
	std::string session = text(p.snapshot().get(), {"bridge", "session"});
	p.order("crash");
	CHECK(WIFSIGNALED(wait_for(p.pid)));
	p.start(QUIET);
	p.until_snapshot("a new session", [&](const cJSON *s) {
		return text(s, {"bridge", "session"}) != session &&
		       is_true(s, {"terminal", "connected"});
	});
	CHECK_EQ(p.balance(), before + 55.5);
	p.order("deposit 1");
	p.until_snapshot("the next order", [&](const cJSON *s) {
		return number(s, {"account", "balance"}) == before + 56.5;
	});
}

TEST(a_second_start_ends_at_once_without_a_word)
{
	Process p;

	p.start(QUIET);
	p.until_connected();
	CHECK_EQ(wait_for(p.spawn(p.args(QUIET))), 0);
	double seq = number(p.snapshot().get(), {"seq"});
	p.until_snapshot("the first goes on",
	    [&](const cJSON *s) { return number(s, {"seq"}) > seq; });
}

TEST(changes_are_stamped_with_the_clock)
{
	Process p;
	std::string first;

	p.start({"--seed", "3", "--rate", "50", "--stamp", "--deals", "60"});
	auto stamp = [](const cJSON *s) {
		const cJSON *position = at(s, {"positions"})->child;
		return position ? text(position, {"comment"}) : "";
	};
	p.until_snapshot("a stamp", [&](const cJSON *s) {
		return (first = stamp(s)).substr(0, 2) == "t=";
	});
	p.until_snapshot("the next stamp", [&](const cJSON *s) {
		std::string next = stamp(s);
		return next.substr(0, 2) == "t=" &&
		       std::stoll(next.substr(2)) > std::stoll(first.substr(2));
	});
}

// As the agent will start it: no options of ours but by the environment.
static pid_t
start_as_metatrader(Process &p, const std::string &password)
{
	std::string ini = p.folder.path + "/start.ini";
	std::string sim = "--common " + p.common + " --data " + p.data +
			  " --rate 0 --quiet --control " + p.control +
			  " --password-file " + p.folder.path + "/password";

	std::ofstream(p.folder.path + "/password") << "secret\n";
	std::ofstream(ini, std::ios::binary)
	    << "\xff\xfe"
	    << utf16("[Common]\r\nLogin=4711\r\nPassword=" + password +
		     "\r\nServer=Ini-Demo\r\n[Experts]\r\nLogin=1\r\n");
	setenv("MT5FLEET_SIM_ARGS", sim.c_str(), 1);
	p.pid = p.spawn({"terminal64.exe", "/portable", "/config:" + ini});
	unsetenv("MT5FLEET_SIM_ARGS");
	return p.pid;
}

TEST(it_starts_like_metatrader_from_an_ini)
{
	Process p;

	start_as_metatrader(p, "secret");
	p.until_connected();
	CHECK_EQ(text(p.snapshot().get(), {"account", "login"}), "4711");
	CHECK_EQ(text(p.snapshot().get(), {"account", "server"}), "Ini-Demo");
	CHECK_EQ(p.end(SIGTERM), 0);
	std::string journal = p.journal("/logs");
	CHECK_EQ(journal.substr(0, 2), "\xff\xfe");
	for (const char *line : {"MetaTrader 5 x64 build 5200 started for",
		 "'4711': authorized on Ini-Demo", "exit with code 0"})
		CHECK(journal.find(utf16(line)) != journal.npos);
	CHECK(p.journal("/MQL5/Logs").find(utf16("mt5fleet 1.")) !=
	      std::string::npos);
}

TEST(a_wrong_password_is_an_invalid_account)
{
	Process p;

	start_as_metatrader(p, "guess");
	p.until_snapshot("no account",
	    [](const cJSON *s) { return is_null(s, {"account"}); });
	std::string journal = p.journal("/logs");
	CHECK(journal.find(utf16("(Invalid account)")) != journal.npos);
	CHECK(journal.find(utf16("guess")) == journal.npos);
}

TEST(bad_options_are_quoted)
{
	Process p;

	for (std::vector<std::string> bad :
	    {std::vector<std::string>{"--rate", "fast"}, {"--seed", "1x"},
		{"--program", "script"}, {"stray"}}) {
		int out[2];
		CHECK_EQ(pipe2(out, O_CLOEXEC), 0);
		int saved = dup(2);
		dup2(out[1], 2);
		pid_t pid = p.spawn(p.args(bad));
		dup2(saved, 2);
		close(saved);
		close(out[1]);
		CHECK_EQ(WEXITSTATUS(wait_for(pid)), 2);
		char said[1000];
		ssize_t n = read(out[0], said, sizeof(said));
		close(out[0]);
		std::string message(said, n > 0 ? (size_t)n : 0);
		CHECK(message.find("\"" + bad.back() + "\"") != message.npos);
	}
}

// Each test waits for its terminal most of the time: some run at once, as
// processes of their own.
int
main()
{
	const std::vector<Test> tests = all_tests();
	const size_t at_once = 4;
	int failed = 0;

	for (size_t i = 0, ended = 0; ended < tests.size();) {
		int status;

		if (i < tests.size() && i - ended < at_once) {
			if (fork() == 0) {
				all_tests() = {tests[i]};
				_exit(run_tests());
			}
			i++;
			continue;
		}
		wait(&status);
		ended++;
		if (WIFSIGNALED(status))
			printf("not ok - a test ended by signal %d\n",
			    WTERMSIG(status));
		failed += status != 0;
	}
	return failed != 0;
}

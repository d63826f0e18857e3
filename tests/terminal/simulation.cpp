// Accounts that are logged in and change while the terminal runs.
#include "simulation.h"
#include "csv.h"
#include "journal.h"
#include "recording.h"

#include <filesystem>
#include <fstream>
#include <signal.h>
#include <poll.h>
#include <stdexcept>
#include <time.h>

constexpr int64_t CONTROL_MS = 50;

Simulation::Simulation(const Options &options) : o_(options)
{
	Terminal &t = terminal();

	t.common = o_.common;
	t.data = o_.data;
	t.offset_s = o_.offset_s;
	t.history_ms = o_.history_ms;
	t.info.data_path = t.info.path = from_utf8(o_.data);
	std::filesystem::path common(o_.common);
	if (common.filename() == "Files")
		common = common.parent_path();
	t.info.commondata_path = from_utf8(common.string());
	if (o_.frozen_s >= 0)
		t.freeze_at(t.gmt_ms() / 1000 + o_.offset_s - o_.frozen_s);
	t.idle = [this](int64_t ms) { idle(ms); };
	start();
}

int64_t
Simulation::broker_ms() const
{
	return terminal().gmt_ms() + o_.offset_s * 1000;
}

void
Simulation::start()
{
	std::string server;
	int64_t number = 0;

	journal_write("Terminal",
	    "MetaTrader 5 x64 build " + std::to_string(terminal().info.build) +
		" started for MetaQuotes Ltd. (simulated)");
	if (o_.ini != "" && !start_by_file())
		return;
	if (o_.recording != "") {
		Account replayed;
		recording_load(o_.recording, replayed, terminal().info);
		server = to_utf8(replayed.info.server);
		number = replayed.info.login;
		logins_[{server, number}].account = std::move(replayed);
	}
	if (o_.ini != "" && o_.market.login) {
		server = o_.market.server;
		number = o_.market.login;
	}
	enter(server, number);
}

// The login of the start-up file; false where its password is refused.
bool
Simulation::start_by_file()
{
	StartFile file = start_file_read(o_.ini);
	std::string right;

	if (file.login) {
		o_.market.login = file.login;
		o_.market.server = file.server;
	}
	if (o_.password_file == "")
		return true;
	std::ifstream in(o_.password_file);
	std::getline(in, right);
	if (in && right == file.password)
		return true;
	journal_write("Network", "'" + std::to_string(file.login) +
				     "': authorization on " + file.server +
				     " failed (Invalid account)");
	return false;
}

// Where an account is kept between two runs of the terminal.
static std::string
store_of(const std::string &data, const MarketOptions &m)
{
	std::string name = m.server + "-" + std::to_string(m.login) + "-" +
			   std::to_string(m.seed);

	for (char &c : name)
		if (c == '/' || c == '.')
			c = '_';
	return data + "/accounts/" + name;
}

// An account once seen stays as it is while another one is logged in.
Login &
Simulation::login(const std::string &server, int64_t number)
{
	auto known = logins_.find({server, number});
	MarketOptions m = o_.market;
	Account fresh;

	if (known != logins_.end() && number)
		return known->second;
	m.server = server.empty() ? m.server : server;
	m.login = number ? number : m.login;
	if (!logins_.empty())
		m.seed += (uint64_t)number; // another one: other trades
	std::string store = store_of(o_.data, m);
	bool stored = store_load(store, fresh);
	Market(fresh, m); // tells whose it is
	Login &made = logins_[{to_utf8(fresh.info.server), fresh.info.login}];
	made.account = fresh;
	made.store = store;
	made.market = std::make_unique<Market>(made.account, m);
	if (!stored)
		made.market->make_past((int)o_.deals,
		    o_.past_end_s ? o_.past_end_s * 1000 : broker_ms());
	return made;
}

void
Simulation::enter(const std::string &server, int64_t number)
{
	login_ = &login(server, number);
	terminal().log_in(&login_->account);
	connect_at_ms_ = terminal().now_ms() + o_.connect_ms;
	changed(true);
}

static std::string
quoted_login(const Account &a)
{
	return "'" + std::to_string(a.info.login) + "': ";
}

void
Simulation::connect()
{
	connect_at_ms_ = NEVER;
	if (!login_ || terminal().connected)
		return;
	terminal().connect();
	const Account &a = login_->account;
	std::string server = to_utf8(a.info.server);
	journal_write("Network",
	    quoted_login(a) + "authorized on " + server +
		" through Access Point 1 (ping: 31.23 ms, build 4000)");
	journal_write(
	    "Network", quoted_login(a) + "terminal synchronized with " +
			   to_utf8(a.info.company) + ": " +
			   std::to_string(a.positions.size()) + " positions, " +
			   std::to_string(a.orders.size()) + " orders");
	change_at_ms_ = terminal().now_ms() + interval_ms();
	changed(false);
}

int64_t
Simulation::interval_ms()
{
	if (o_.rate <= 0)
		return INT32_MAX;
	// uneven, and the same for the same seed
	double uneven = 0.5 + (double)(steps_++ * 7919 % 1000) / 1000;
	return std::max<int64_t>(1, (int64_t)(uneven * 1000 / o_.rate));
}

void
Simulation::change()
{
	change_at_ms_ = terminal().now_ms() + interval_ms();
	if (!login_ || !login_->market || paused_ || !terminal().connected)
		return;
	login_->market->change(broker_ms());
	changed(false);
}

// What the broker booked: stored, in the book, and shown by the terminal.
void
Simulation::changed(bool all)
{
	if (login_->market) {
		if (o_.stamp)
			stamp();
		store_save(login_->store, login_->account, all);
	}
	if (o_.book != "")
		write_book(o_.book);
	terminal().refresh();
}

void
Simulation::stamp()
{
	struct timespec ts;
	char text[40];

	clock_gettime(CLOCK_MONOTONIC, &ts);
	snprintf(text, sizeof(text), "t=%ld",
	    (long)(ts.tv_sec * 1000000 + ts.tv_nsec / 1000));
	login_->account.info.name = text;
	if (!login_->account.positions.empty())
		login_->account.positions[0].comment = text;
}

void
Simulation::write_book(const std::string &path)
{
	std::string text = csv_header(deal_fields);

	for (const Deal &d : login_->account.deals)
		text += csv_record(deal_fields, d);
	write_file(path, text);
}

// Signals come only here, where it waits.
static void
wait_ms(int64_t ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000};
	sigset_t none;

	sigemptyset(&none);
	ppoll(nullptr, 0, &ts, &none);
}

void
Simulation::idle(int64_t ms)
{
	Terminal &t = terminal();
	int64_t now = t.now_ms();
	int64_t wake = std::min({now + ms, connect_at_ms_, change_at_ms_,
	    o_.control == "" ? NEVER : control_at_ms_});

	if (wake > now)
		wait_ms(wake - now);
	now = t.now_ms();
	if (t.stopping)
		return;
	if (now >= connect_at_ms_)
		connect();
	if (now >= change_at_ms_)
		change();
	if (o_.control != "" && now >= control_at_ms_) {
		control_at_ms_ = now + CONTROL_MS;
		read_control();
	}
}

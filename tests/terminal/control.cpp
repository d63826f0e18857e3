// The control file: a line is an order, obeyed once.
//
// The file is only ever appended to. How far it was obeyed is kept in
// <data>/control.done, before the order is carried out, so that a terminal
// that was told to crash and is started again does not crash again; a file
// that got shorter is a new one, read from its start. Each order and how it
// went is printed to the journal. The orders:
//
//   lose-broker            regain-broker
//   freeze-clock           thaw-clock          the trade server's
//   login SERVER LOGIN     logout
//   deposit AMOUNT         credit AMOUNT       negative: out
//   late-deal SECONDS_AGO  two-deals-one-ms    archive
//   trade                  move                one change now
//   set-equity X
//   pause-trading          resume-trading
//   hang                   resume              the bridge alone
//   crash
//   trade-allowed 0|1                          the terminal's button
//   account-trade-allowed 0|1                  0: investor password
//   refuse-moves N                             FileMove fails N times
//   book FILE                                  the broker's book, now
#include "journal.h"
#include "simulation.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

static double
amount(const std::string &text)
{
	char *end;
	double n = strtod(text.c_str(), &end);

	if (text.empty() || *end || !std::isfinite(n))
		throw std::invalid_argument("\"" + text + "\" is not a number");
	return n;
}

std::string
Simulation::obey_market(const std::string &verb, const std::string &argument)
{
	int64_t now = broker_ms();

	if (!login_)
		return "no account is logged in";
	if (!login_->market)
		return "a replayed account never changes";
	Market &m = *login_->market;
	if (verb == "deposit")
		m.cash(2, amount(argument),
		    amount(argument) < 0 ? "Withdrawal" : "Deposit", now);
	else if (verb == "credit")
		m.cash(3, amount(argument), "Credit", now);
	else if (verb == "late-deal")
		m.late(now, (int64_t)amount(argument));
	else if (verb == "two-deals-one-ms")
		m.two_in_one_ms(now);
	else if (verb == "archive")
		m.archive(now);
	else if (verb == "trade")
		m.trade(now);
	else if (verb == "move")
		m.move_prices(now);
	else if (verb == "set-equity")
		m.set_equity(amount(argument), now);
	else
		return "no such order";
	changed(verb == "archive");
	return "";
}

std::string
Simulation::obey_terminal(const std::string &verb, const std::string &argument)
{
	Terminal &t = terminal();
	std::string who =
	    login_ ? "'" + std::to_string(login_->account.info.login) + "': "
		   : "";

	if (verb == "lose-broker") {
		t.disconnect();
		connect_at_ms_ = NEVER;
		journal_write("Network",
		    who + "connection to " +
			(login_ ? to_utf8(login_->account.info.server) : "") +
			" lost");
	} else if (verb == "regain-broker") {
		connect_at_ms_ = t.now_ms();
	} else if (verb == "logout") {
		t.log_out();
		login_ = nullptr;
		connect_at_ms_ = NEVER;
	} else if (verb == "trade-allowed") {
		t.info.trade_allowed = amount(argument) != 0;
	} else if (verb == "account-trade-allowed") {
		if (!login_)
			return "no account is logged in";
		login_->account.info.trade_allowed = amount(argument) != 0;
		t.refresh();
	} else if (verb == "refuse-moves") {
		t.refuse_moves = (int)amount(argument);
	} else {
		return "no such order";
	}
	return "";
}

std::string
Simulation::obey(const std::string &line)
{
	std::istringstream words(line);
	std::string verb, argument, second;
	Terminal &t = terminal();

	words >> verb >> argument >> second;
	try {
		if (verb == "freeze-clock")
			t.freeze();
		else if (verb == "thaw-clock")
			t.thaw();
		else if (verb == "hang" || verb == "resume")
			t.hung = verb == "hang";
		else if (verb == "pause-trading" || verb == "resume-trading")
			paused_ = verb == "pause-trading";
		else if (verb == "crash")
			abort();
		else if (verb == "book")
			login_ ? write_book(argument) : (void)0;
		else if (verb == "login")
			enter(argument, (int64_t)amount(second));
		else {
			std::string why = obey_terminal(verb, argument);
			return why == "no such order"
				   ? obey_market(verb, argument)
				   : why;
		}
	} catch (const std::exception &e) {
		return e.what();
	}
	return "";
}

static void
remember(const std::string &file, long done)
{
	std::ofstream(file) << done << "\n";
}

// Whole lines only: the last one may still be written.
void
Simulation::read_control()
{
	std::string done_file = o_.data + "/control.done", line;
	std::ifstream in(o_.control, std::ios::binary | std::ios::ate);

	if (!in)
		return;
	if (control_done_ == 0)
		std::ifstream(done_file) >> control_done_;
	long size = (long)in.tellg();
	if (size < control_done_)
		control_done_ = 0;
	if (size == control_done_)
		return;
	in.seekg(control_done_);
	while (std::getline(in, line) && !in.eof()) {
		control_done_ = (long)in.tellg();
		remember(done_file, control_done_);
		if (line.find_first_not_of(" \t\r") == line.npos)
			continue;
		std::string why = obey(line);
		journal_write(
		    "Control", line + ": " + (why.empty() ? "done" : why));
	}
}

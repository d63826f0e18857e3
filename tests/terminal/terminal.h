// The simulated terminal: what the MQL5 functions of mql5.h look at.
#ifndef TERMINAL_H
#define TERMINAL_H

#include "account.h"

#include <functional>
#include <map>
#include <memory>
#include <set>

// What the terminal shows of its account; it stands still while the broker
// cannot be reached.
struct View {
	AccountInfo info;
	std::vector<Position> positions;
	std::vector<Order> orders;
	std::vector<Symbol> symbols;
};

struct Terminal {
	TerminalInfo info;
	std::string common, data; // the folders of FILE_COMMON and of its own
	View view;
	Account *account = nullptr; // the one logged in, or none
	bool connected = false, was_connected = false;

	// The trade server's clock.
	int64_t offset_s = 10800;
	bool frozen = false;
	int64_t frozen_s = 0, quoted_s = 0;
	int64_t skipped_ms = 0; // tests turn the machine's clock

	// How long a history takes to arrive after a connection.
	int64_t history_ms = 600;
	int refuse_moves = 0; // FileMove fails that often
	bool hung = false, stopping = false;
	bool traded = false; // an event for the expert
	// Tests: something happens in the midst of the bridge's reading.
	std::function<void()> on_history_select, on_positions_total, on_account;
	int64_t deals_listed = 0; // by HistoryDealGetTicket
	// What happens outside of the bridge while it sleeps: called with the
	// milliseconds until it wants to wake, sleeps at most that long.
	std::function<void(int64_t)> idle;

	int timer_ms = 0;       // EventSetMillisecondTimer; 0: none
	int64_t now_ms() const; // GetTickCount64
	int64_t gmt_ms() const;
	int64_t server_s() const; // TimeTradeServer
	void freeze();
	void freeze_at(int64_t server_s);
	void thaw();

	void log_in(Account *account);
	void log_out();
	void connect();
	void disconnect();
	// The account has changed at the broker.
	void refresh();
};
Terminal &terminal();

#endif

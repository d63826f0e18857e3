// A trading account as the broker keeps it: records, and its own book.
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "mql5.h"

#include <unordered_map>

struct AccountInfo {
	int64_t login = 0, trade_mode = 0, leverage = 0, limit_orders = 0,
		margin_so_mode = 0, trade_allowed = 0, trade_expert = 0,
		margin_mode = 0, currency_digits = 0, fifo_close = 0;
	double balance = 0, credit = 0, profit = 0, equity = 0, margin = 0,
	       margin_free = 0, margin_level = 0, margin_so_call = 0,
	       margin_so_so = 0, margin_initial = 0, margin_maintenance = 0,
	       assets = 0, liabilities = 0, commission_blocked = 0;
	string name, server, currency, company;
};

struct TerminalInfo {
	int64_t community_account = 0, community_connection = 0, connected = 0,
		dlls_allowed = 0, trade_allowed = 1, tradeapi_disabled = 0,
		email_enabled = 0, ftp_enabled = 0, notifications_enabled = 0,
		mqid = 0, build = 5200, maxbars = 100000, codepage = 0,
		ping_last = 31234;
	double community_balance = 0, retransmission = 0;
	string company = "MetaQuotes Ltd.", name = "MetaTrader 5",
	       language = "English", path, data_path, commondata_path;
};

struct Position {
	int64_t ticket = 0, time = 0, time_msc = 0, time_update = 0,
		time_update_msc = 0, type = 0, magic = 0, identifier = 0,
		reason = 0;
	double volume = 0, price_open = 0, sl = 0, tp = 0, price_current = 0,
	       swap = 0, profit = 0;
	string symbol, comment, external_id;
};

struct Order {
	int64_t ticket = 0, time_setup = 0, time_setup_msc = 0, time_done = 0,
		time_done_msc = 0, time_expiration = 0, type = 0, type_time = 0,
		type_filling = 0, state = 0, magic = 0, position_id = 0,
		position_by_id = 0, reason = 0;
	double volume_initial = 0, volume_current = 0, price_open = 0, sl = 0,
	       tp = 0, price_current = 0, price_stoplimit = 0;
	string symbol, comment, external_id;
};

struct Deal {
	int64_t ticket = 0, order = 0, time = 0, time_msc = 0, type = 0,
		entry = 0, magic = 0, position_id = 0, reason = 0;
	double volume = 0, price = 0, commission = 0, swap = 0, profit = 0,
	       fee = 0;
	string symbol, comment, external_id;
	double sl = 0, tp = 0;
	// When the terminal has it, by its own clock; NEVER: not yet fetched.
	int64_t arrives_ms = 0;
	int64_t archived = 0; // the broker shows it no more
};
constexpr int64_t NEVER = INT64_MAX;

// One member of a record, under the name that MetaQuotes gives it.
template <class T> struct Field {
	const char *name;
	int64_t T::*integer = nullptr;
	double T::*number = nullptr;
	string T::*text = nullptr;
	bool flag = false;

	Field(const char *n, int64_t T::*m, bool f = false)
	    : name(n), integer(m), flag(f)
	{
	}
	Field(const char *n, double T::*m) : name(n), number(m)
	{
	}
	Field(const char *n, string T::*m) : name(n), text(m)
	{
	}
};
extern const std::vector<Field<AccountInfo>> account_fields;
extern const std::vector<Field<TerminalInfo>> terminal_fields;
extern const std::vector<Field<Position>> position_fields;
extern const std::vector<Field<Order>> order_fields;
extern const std::vector<Field<Deal>> deal_fields;

// A symbol of the Market Watch.
struct Symbol {
	string name, base, profit; // its currencies
	double bid = 0, ask = 0;
	int64_t calc_mode = 0;
};

struct Account {
	AccountInfo info;
	std::vector<Position> positions;
	std::vector<Order> orders;
	std::vector<Symbol> symbols;
	std::vector<Deal> deals; // in the order they were booked
	// Replayed: no number of it ever changes.
	bool fixed = false;
	// A terminal is connected: it sees at once what is booked.
	bool online = false;

	// The same money in the currency's smallest unit; generated only.
	int64_t balance_units = 0, credit_units = 0;
	int64_t next_ticket = 1;

	double money(int64_t units) const;
	int64_t units(double money) const;
	const Deal *find_deal(int64_t ticket) const;
	// Books it: the ticket is given here, balance or credit follow.
	Deal &book(Deal deal);
	// After a change of positions, balance or credit.
	void recompute();
	void index_deals();

      private:
	std::unordered_map<int64_t, size_t> by_ticket_;
};

#endif

// A generated account that trades: every change follows from its seed.
#ifndef MARKET_H
#define MARKET_H

#include "account.h"

#include <map>

struct MarketOptions {
	uint64_t seed = 1;
	std::string server, currency, name; // "": by the seed
	int64_t login = 0, digits = -1, netting = -1;
	double balance = 0;
};

struct Instrument {
	const char *symbol;
	int digits;
	double base, contract;
	double price = 0, rate = 0; // rate: its currency in the account's
};

class Market
{
      public:
	// Opens the account; or takes over one that has deals already.
	Market(Account &account, const MarketOptions &options);
	// A past of that many deals, until then.
	void make_past(int deals, int64_t end_broker_ms);

	// One change: a move of the prices, or something that is booked.
	void change(int64_t now_broker_ms);
	void move_prices(int64_t now_broker_ms);
	// cash: of a hundred, how many are money in or out.
	void trade(int64_t now_broker_ms, int cash = 4);
	void cash(int type, double amount, const char *comment,
	    int64_t now_broker_ms);
	// A whole trade of the past, booked only now.
	void late(int64_t now_broker_ms, int64_t seconds_ago);
	void two_in_one_ms(int64_t now_broker_ms);
	void archive(int64_t now_broker_ms);
	void set_equity(double equity, int64_t now_broker_ms);

      private:
	Account &a_;
	uint64_t state_;
	std::vector<Instrument> instruments_;
	std::map<int64_t, int64_t> adjusted_; // profit beside the market's
	int64_t day_ = 0;
	double first_deposit_ = 0;

	uint64_t random();
	int64_t below(int64_t n);
	double chance();
	void open_account(const MarketOptions &options);
	void make_instruments();
	void quote();

	Instrument &instrument(const string &symbol);
	int64_t market_profit(const Position &p, double price, double volume);
	void value(Position &p);
	void roll_over(int64_t now_broker_ms);
	Deal deal_for(const Position &p, const Instrument &i, double volume,
	    int64_t now_broker_ms);
	double some_volume(const Instrument &i);

	bool open(int64_t now_broker_ms);
	bool enlarge(int64_t now_broker_ms);
	bool close_some(int64_t now_broker_ms, bool all);
	bool reverse(int64_t now_broker_ms);
	bool close_by(int64_t now_broker_ms);
	bool place(int64_t now_broker_ms);
	bool cancel();
	bool some_cash(int64_t now_broker_ms);
	void enter(
	    Position &p, Instrument &i, double volume, int64_t now_broker_ms);
	void exit(size_t index, double volume, int entry, double price,
	    int64_t profit, int64_t now_broker_ms);
	int64_t share(const Position &p, double volume);
	void rescue(int64_t now_broker_ms);
};

#endif

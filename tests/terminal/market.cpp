// The generated account: its opening, its prices, and money in and out.
#include "market.h"

#include <algorithm>

static const Instrument catalogue[] = {{"EURUSD", 5, 1.08432, 100000, 0, 0},
    {"GBPUSD", 5, 1.27105, 100000, 0, 0}, {"USDJPY", 3, 151.344, 100000, 0, 0},
    {"XAUUSD", 2, 2412.55, 100, 0, 0}, {"US30", 1, 39120.5, 1, 0, 0},
    {"BTCUSD", 2, 64250.25, 1, 0, 0}};

// A currency's units for one dollar.
static double
per_dollar(const string &currency)
{
	if (currency == "EUR")
		return 0.9222;
	if (currency == "JPY")
		return 151.3;
	return currency == "USC" ? 100.0 : 1.0;
}

// splitmix64: the same numbers on every machine.
uint64_t
Market::random()
{
	uint64_t z = (state_ += 0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

int64_t
Market::below(int64_t n)
{
	return (int64_t)(random() % (uint64_t)n);
}

double
Market::chance()
{
	return (double)(random() >> 11) / 9007199254740992.0;
}

Market::Market(Account &account, const MarketOptions &options)
    : a_(account), state_(options.seed * 7919)
{
	if (a_.deals.empty())
		open_account(options);
	else
		first_deposit_ = a_.deals[0].profit;
	state_ += a_.deals.size();
	make_instruments();
	for (Position &p : a_.positions) {
		Instrument &i = instrument(p.symbol);
		i.price = p.price_current;
	}
	for (Position &p : a_.positions)
		adjusted_[p.identifier] =
		    a_.units(p.profit) -
		    market_profit(p, p.price_current, p.volume);
	a_.recompute();
}

void
Market::make_instruments()
{
	for (Instrument i : catalogue) {
		i.price = i.base;
		i.rate = per_dollar(a_.info.currency);
		if (string(i.symbol) == "USDJPY")
			i.rate /= i.base;
		instruments_.push_back(i);
	}
	quote();
}

// The Market Watch: a name that is not the pair's own, and an index whose
// currencies are those of a pair.
void
Market::quote()
{
	auto shown = [this](const char *symbol, const char *base,
			 const char *profit, int64_t mode) {
		double price = instrument(symbol).price;

		a_.symbols.push_back({(std::string(symbol) + ".m").c_str(),
		    base, profit, price, price * 1.0001, mode});
	};

	a_.symbols.clear();
	shown("US30", "USD", "JPY", SYMBOL_CALC_MODE_CFD);
	shown("EURUSD", "EUR", "USD", SYMBOL_CALC_MODE_FOREX);
	shown("GBPUSD", "GBP", "USD", SYMBOL_CALC_MODE_FOREX);
	shown("USDJPY", "USD", "JPY", SYMBOL_CALC_MODE_FOREX);
}

// Who it is follows from the seed, but for what the options say.
void
Market::open_account(const MarketOptions &o)
{
	static const char *brokers[] = {"Northgate", "Acme Markets",
	    "Öresund Kapital", "東京FX", "Blue Harbour"};
	static const char *currencies[] = {"USD", "USD", "EUR", "JPY", "USC"};
	AccountInfo &i = a_.info;
	std::string broker = brokers[below(5)];
	int64_t real = below(2);

	i.company = broker.c_str();
	i.server =
	    (broker.substr(0, broker.find(' ')) + (real ? "-Live" : "-Demo"))
		.c_str();
	i.currency = currencies[below(5)];
	i.login = 5000000 + below(900000000);
	i.trade_mode = real ? 2 : 0;
	i.margin_mode = below(3) == 0 ? 0 : 2;
	i.leverage = real ? 500 : 100;
	i.limit_orders = 200;
	i.trade_allowed = i.trade_expert = 1;
	i.margin_so_call = 50;
	i.margin_so_so = 30;
	i.name = "Generated account";
	if (!o.server.empty())
		i.server = from_utf8(o.server);
	if (!o.currency.empty())
		i.currency = from_utf8(o.currency);
	if (!o.name.empty())
		i.name = from_utf8(o.name);
	if (o.login)
		i.login = o.login;
	if (o.netting >= 0)
		i.margin_mode = o.netting ? 0 : 2;
	i.currency_digits = o.digits >= 0         ? o.digits
			    : i.currency == "JPY" ? 0
						  : 2;
	first_deposit_ = o.balance > 0 ? o.balance
				       : (double)(1 + below(20)) * 5000 *
					     per_dollar(i.currency);
	a_.next_ticket =
	    o.seed % 3 == 0 ? 9007199254740993 : 1000000 + below(1000000000);
}

Instrument &
Market::instrument(const string &symbol)
{
	for (Instrument &i : instruments_)
		if (string(i.symbol) == symbol)
			return i;
	return instruments_[0];
}

static double
rounded(double n, int digits)
{
	double scale = pow(10, digits);

	return round(n * scale) / scale;
}

int64_t
Market::market_profit(const Position &p, double price, double volume)
{
	const Instrument &i = instrument(p.symbol);
	double move = (p.type == 0 ? 1 : -1) * (price - p.price_open);

	return a_.units(move * i.contract * volume * i.rate);
}

void
Market::value(Position &p)
{
	p.price_current = instrument(p.symbol).price;
	p.profit = a_.money(market_profit(p, p.price_current, p.volume) +
			    adjusted_[p.identifier]);
}

// At the broker's midnight each position is charged its swap.
void
Market::roll_over(int64_t now_broker_ms)
{
	int64_t day = now_broker_ms / 86400000;

	if (day_ != 0 && day > day_)
		for (Position &p : a_.positions)
			p.swap =
			    a_.money(a_.units(p.swap) -
				     a_.units((0.5 + chance()) * p.volume *
					      per_dollar(a_.info.currency)));
	day_ = std::max(day, day_);
}

void
Market::move_prices(int64_t now_broker_ms)
{
	roll_over(now_broker_ms);
	for (Instrument &i : instruments_) {
		double pull = (i.base - i.price) / i.base * 0.002;
		double step = (chance() - 0.5) * 0.0012 + pull;
		i.price = rounded(i.price * (1 + step), i.digits);
	}
	quote();
	for (Position &p : a_.positions) {
		value(p);
		p.time_update_msc = now_broker_ms;
		p.time_update = now_broker_ms / 1000;
	}
	a_.recompute();
}

void
Market::cash(
    int type, double amount, const char *comment, int64_t now_broker_ms)
{
	Deal d;

	d.type = type;
	d.profit = a_.money(a_.units(amount));
	d.comment = comment;
	d.time_msc = now_broker_ms;
	a_.book(d);
	a_.recompute();
}

void
Market::make_past(int deals, int64_t end_broker_ms)
{
	int64_t step_ms = 600000;
	int64_t now_broker_ms = end_broker_ms - step_ms * (deals + 10);

	if (a_.deals.empty())
		cash(2, first_deposit_, "Deposit", now_broker_ms);
	while ((int)a_.deals.size() < deals) {
		now_broker_ms += 1 + below(step_ms * 2 - 1);
		now_broker_ms = std::min(now_broker_ms, end_broker_ms);
		move_prices(now_broker_ms);
		trade(now_broker_ms);
	}
}

// Money in and out, which keeps the account near its first deposit; now and
// then a credit, a bonus or interest.
bool
Market::some_cash(int64_t now_broker_ms)
{
	static const char *comments[] = {"Deposit", "Withdrawal, to the bank",
	    "=SUM(A1:A9)", "Einzahlung Überweisung", "入金"};
	double part = first_deposit_ * chance() / 4;
	int64_t kind = below(10);

	if (kind < 7)
		cash(2, a_.info.balance > first_deposit_ ? -part : part,
		    comments[below(5)], now_broker_ms);
	else if (kind == 7)
		cash(3, a_.credit_units > 0 ? -a_.info.credit : part,
		    "Credit \"spring\"", now_broker_ms);
	else
		cash(kind == 8 ? 6 : 12, 1 + chance(), "Bonus", now_broker_ms);
	return true;
}

// A generated account does not die: what is nearly lost is closed and refilled.
void
Market::rescue(int64_t now_broker_ms)
{
	if (a_.info.equity > first_deposit_ / 3)
		return;
	while (close_some(now_broker_ms, true))
		;
	cash(2, first_deposit_ - a_.info.balance, "Deposit, again",
	    now_broker_ms);
}

void
Market::late(int64_t now_broker_ms, int64_t seconds_ago)
{
	Position p;
	Instrument &i = instruments_[(size_t)below(6)];
	int64_t then_broker_ms = now_broker_ms - seconds_ago * 1000;
	Deal in, out;

	p.symbol = i.symbol;
	in = deal_for(p, i, 0.01, then_broker_ms);
	in.comment = "late";
	Deal booked = a_.book(in);
	out = deal_for(p, i, 0.01, then_broker_ms + 1000);
	out.type = 1;
	out.entry = 1;
	out.profit = a_.money(100 + below(900));
	out.position_id = booked.order;
	out.comment = "late, out";
	a_.deals.back().position_id = booked.order;
	a_.book(out);
	a_.recompute();
}

void
Market::two_in_one_ms(int64_t now_broker_ms)
{
	cash(2, 10, "first of two", now_broker_ms);
	cash(2, -5, "second of two", now_broker_ms);
}

// Brokers do that: the older half is shown no more.
void
Market::archive(int64_t now_broker_ms)
{
	size_t half = a_.deals.size() / 2;

	for (size_t i = 0; i < half; i++)
		a_.deals[i].archived = 1;
	cash(5, 0, "Archived deals", now_broker_ms);
}

void
Market::set_equity(double equity, int64_t now_broker_ms)
{
	if (a_.positions.empty())
		open(now_broker_ms);
	Position &p = a_.positions[0];
	adjusted_[p.identifier] += a_.units(equity) - a_.units(a_.info.equity);
	value(p);
	a_.recompute();
}

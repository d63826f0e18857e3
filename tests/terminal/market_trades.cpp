// What the generated account books: entries, exits, reversals, orders.
#include "market.h"

#include <algorithm>

static const char *const comments[] = {"", "", "grid L1", "a,b,,c",
    "say \"hi\"", "=HYPERLINK(\"http://x\")", "two\nlines", "Привет, мир",
    "日本語コメント", "smile \xf0\x9f\x98\x80", "tab\there", "back\\slash",
    "<b>no</b> & it's", "+1-555"};
static const int64_t magics[] = {
    0, 20260101, 9007199254740993, 1234567890123456789};

static double
lots(double volume)
{
	return round(volume * 100) / 100;
}

// So that a usual move of the price is some thousandths of the account.
double
Market::some_volume(const Instrument &i)
{
	double move = i.price * 0.002 * i.contract * i.rate;
	double volume = a_.info.equity * 0.004 * (0.2 + chance()) / move;

	return lots(std::min(std::max(volume, 0.01), 50.0));
}

Deal
Market::deal_for(const Position &p, const Instrument &i, double volume,
    int64_t now_broker_ms)
{
	Deal d;

	d.time_msc = now_broker_ms;
	d.type = p.type;
	d.magic = p.magic;
	d.position_id = p.identifier;
	d.reason = p.reason;
	d.volume = volume;
	d.price = i.price;
	d.symbol = p.symbol;
	d.comment = p.comment;
	d.sl = p.sl;
	d.tp = p.tp;
	if (below(4) == 0)
		d.external_id =
		    ("X" + std::to_string(random() % 100000)).c_str();
	return d;
}

// An entry, now and then filled in two deals of one order.
void
Market::enter(Position &p, Instrument &i, double volume, int64_t now_broker_ms)
{
	double first = below(4) == 0 ? lots(volume / 2) : volume;
	double parts[] = {first > 0 ? first : volume, 0};
	int64_t order = 0;

	parts[1] = lots(volume - parts[0]);
	for (double part : parts) {
		if (part <= 0)
			continue;
		Deal d = deal_for(p, i, part, now_broker_ms);
		d.order = order;
		d.commission = -a_.money(a_.units(3.5 * part * i.rate));
		d.fee = below(3) ? 0 : -a_.money(a_.units(0.4 * part * i.rate));
		Deal &booked = a_.book(d);
		order = booked.order;
		if (!p.identifier)
			p.identifier = p.ticket = order;
		booked.position_id = p.identifier;
	}
	p.price_open =
	    (p.price_open * p.volume + i.price * volume) / (p.volume + volume);
	p.price_open = round(p.price_open * 1e5) / 1e5;
	p.volume = lots(p.volume + volume);
	p.time_update_msc = now_broker_ms;
	p.time_update = now_broker_ms / 1000;
	value(p);
}

static bool
netting(const AccountInfo &info)
{
	return info.margin_mode != 2;
}

bool
Market::open(int64_t now_broker_ms)
{
	Instrument &i = instruments_[(size_t)below(6)];
	Position p;

	if (a_.positions.size() >= 8)
		return false;
	for (const Position &other : a_.positions)
		if (netting(a_.info) && other.symbol == string(i.symbol))
			return false;
	p.symbol = i.symbol;
	p.type = below(2);
	p.magic = magics[below(4)];
	p.reason = p.magic ? 3 : below(3);
	p.comment = comments[below(14)];
	p.time_msc = now_broker_ms;
	p.time = now_broker_ms / 1000;
	if (below(2)) {
		double away = i.price * (p.type ? 0.01 : -0.01);
		p.sl = round((i.price + away) * 10) / 10;
		p.tp = round((i.price - away) * 10) / 10;
	}
	enter(p, i, some_volume(i), now_broker_ms);
	a_.positions.push_back(p);
	return true;
}

bool
Market::enlarge(int64_t now_broker_ms)
{
	if (!netting(a_.info) || a_.positions.empty())
		return false;
	Position &p = a_.positions[(size_t)below((int64_t)a_.positions.size())];
	Instrument &i = instrument(p.symbol);
	double volume = some_volume(i);
	if (p.volume + volume > 100)
		return false;
	int64_t profit = a_.units(p.profit);
	enter(p, i, volume, now_broker_ms);
	// rounding the average price must not make or lose money
	adjusted_[p.identifier] += profit - a_.units(p.profit);
	value(p);
	return true;
}

// The floating profit of a part of the position.
int64_t
Market::share(const Position &p, double volume)
{
	double part = volume >= p.volume ? 1 : volume / p.volume;

	return llround((double)a_.units(p.profit) * part);
}

// Books an exit and leaves what remains, with the profit that remains.
void
Market::exit(size_t index, double volume, int entry, double price,
    int64_t profit, int64_t now_broker_ms)
{
	Position &p = a_.positions[index];
	Instrument &i = instrument(p.symbol);
	int64_t left = a_.units(p.profit) - share(p, volume);
	int64_t swap =
	    volume >= p.volume
		? a_.units(p.swap)
		: llround((double)a_.units(p.swap) * volume / p.volume);
	Deal d = deal_for(p, i, volume, now_broker_ms);

	d.type = 1 - p.type;
	d.entry = entry;
	d.reason = below(3) ? p.reason : 4 + below(2);
	d.price = price;
	d.profit = a_.money(profit);
	d.swap = a_.money(swap);
	d.comment = d.reason == 4 ? string("[sl 1.2345]") : p.comment;
	a_.book(d);
	p.swap = a_.money(a_.units(p.swap) - swap);
	p.volume = lots(p.volume - volume);
	if (p.volume <= 0) {
		adjusted_.erase(p.identifier);
		a_.positions.erase(a_.positions.begin() + (long)index);
		return;
	}
	adjusted_[p.identifier] = left - market_profit(p, i.price, p.volume);
	value(p);
}

bool
Market::close_some(int64_t now_broker_ms, bool all)
{
	if (a_.positions.empty())
		return false;
	size_t at = (size_t)below((int64_t)a_.positions.size());
	const Position &p = a_.positions[at];
	double volume = all ? p.volume : lots(p.volume * chance());
	if (volume <= 0)
		return false;
	exit(at, volume, 1, p.price_current, share(p, volume), now_broker_ms);
	a_.recompute();
	return true;
}

// One deal that closes the position and opens it the other way round.
bool
Market::reverse(int64_t now_broker_ms)
{
	if (!netting(a_.info) || a_.positions.empty())
		return false;
	Position &p = a_.positions[(size_t)below((int64_t)a_.positions.size())];
	Instrument &i = instrument(p.symbol);
	double more = some_volume(i);
	Deal d = deal_for(p, i, lots(p.volume + more), now_broker_ms);

	d.type = 1 - p.type;
	d.entry = 2;
	d.profit = p.profit;
	d.swap = p.swap;
	d.commission = -a_.money(a_.units(3.5 * more * i.rate));
	a_.book(d);
	p.type = 1 - p.type;
	p.volume = more;
	p.price_open = i.price;
	p.swap = 0;
	adjusted_.erase(p.identifier);
	value(p);
	return true;
}

// Two opposite positions close one another: each has the other's price.
bool
Market::close_by(int64_t now_broker_ms)
{
	for (size_t x = 0; x < a_.positions.size(); x++)
		for (size_t y = x + 1; y < a_.positions.size(); y++) {
			Position &p = a_.positions[x], &q = a_.positions[y];
			if (p.symbol != q.symbol || p.type == q.type)
				continue;
			double volume = std::min(p.volume, q.volume);
			double open = p.price_open, other = q.price_open;
			int64_t profit = market_profit(p, other, volume);
			exit(y, volume, 3, open, 0, now_broker_ms);
			exit(x, volume, 3, other, profit, now_broker_ms);
			return true;
		}
	return false;
}

bool
Market::place(int64_t now_broker_ms)
{
	Instrument &i = instruments_[(size_t)below(6)];
	Order o;

	if (a_.orders.size() >= 5)
		return false;
	o.ticket = a_.next_ticket++;
	o.time_setup_msc = now_broker_ms;
	o.time_setup = now_broker_ms / 1000;
	o.type = 2 + below(4);
	o.state = 1;
	o.magic = magics[below(4)];
	o.reason = o.magic ? 3 : 0;
	o.volume_initial = o.volume_current = some_volume(i);
	o.price_open =
	    round(i.price * (o.type == 2 || o.type == 5 ? 99 : 101)) / 100;
	o.price_current = i.price;
	o.symbol = i.symbol;
	o.comment = comments[below(14)];
	a_.orders.push_back(o);
	return true;
}

bool
Market::cancel()
{
	if (a_.orders.empty())
		return false;
	a_.orders.erase(a_.orders.begin() + below((int64_t)a_.orders.size()));
	return true;
}

void
Market::trade(int64_t now_broker_ms, int cash)
{
	bool done = false;

	while (!done) {
		int64_t kind = below(100);
		if (kind < 35)
			done = open(now_broker_ms);
		else if (kind < 60)
			done = close_some(now_broker_ms, true);
		else if (kind < 70)
			done = close_some(now_broker_ms, false);
		else if (kind < 76)
			done = enlarge(now_broker_ms);
		else if (kind < 80)
			done = reverse(now_broker_ms);
		else if (kind < 85)
			done = close_by(now_broker_ms);
		else if (kind < 91)
			done = place(now_broker_ms);
		else if (kind < 100 - cash)
			done = cancel();
		else
			done = some_cash(now_broker_ms);
	}
	a_.recompute();
	rescue(now_broker_ms);
}

void
Market::change(int64_t now_broker_ms)
{
	move_prices(now_broker_ms);
	/* nobody pays in every few minutes */
	if (below(4) == 0)
		trade(now_broker_ms, below(20) == 0 ? 4 : 0);
}

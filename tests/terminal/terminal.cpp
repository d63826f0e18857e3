// The terminal's connection, its clocks, and what it knows of its account.
#include "terminal.h"

#include <time.h>

Terminal &
terminal()
{
	static Terminal the;

	return the;
}

static int64_t
clock_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
Terminal::now_ms() const
{
	return clock_ms(CLOCK_MONOTONIC) + skipped_ms;
}

int64_t
Terminal::gmt_ms() const
{
	return clock_ms(CLOCK_REALTIME) + skipped_ms;
}

int64_t
Terminal::server_s() const
{
	if (!was_connected)
		return 0;
	return frozen ? frozen_s : gmt_ms() / 1000 + offset_s;
}

void
Terminal::freeze()
{
	freeze_at(gmt_ms() / 1000 + offset_s);
}

void
Terminal::freeze_at(int64_t server)
{
	frozen = true;
	frozen_s = quoted_s = server;
}

void
Terminal::thaw()
{
	frozen = false;
}

void
Terminal::log_in(Account *other)
{
	log_out();
	account = other;
	view.info.login = other->info.login;
	view.info.server = other->info.server;
}

void
Terminal::log_out()
{
	disconnect();
	account = nullptr;
	view = View();
}

// The newest deals come first, the oldest last.
static void
download(Terminal &t)
{
	std::vector<Deal> &deals = t.account->deals;
	int64_t now = t.now_ms(), missing = 0, nth = 0;

	for (const Deal &d : deals)
		missing += d.arrives_ms > now;
	for (auto d = deals.rbegin(); d != deals.rend(); ++d)
		if (d->arrives_ms > now)
			d->arrives_ms = now + t.history_ms * ++nth / missing;
}

void
Terminal::connect()
{
	if (!account || connected)
		return;
	connected = was_connected = account->online = true;
	download(*this);
	refresh();
}

void
Terminal::disconnect()
{
	if (!connected)
		return;
	quoted_s = server_s();
	connected = account->online = false;
}

void
Terminal::refresh()
{
	if (!account || !connected)
		return;
	view.info = account->info;
	view.positions = account->positions;
	view.orders = account->orders;
	view.symbols = account->symbols;
	traded = true;
}

// MQL5's clocks, and the waiting in which everything else happens.
#include <algorithm>

#include "journal.h"
#include "terminal.h"

ulong
GetTickCount64()
{
	return (ulong)terminal().now_ms();
}

ulong
GetMicrosecondCount()
{
	return (ulong)terminal().now_ms() * 1000;
}

datetime
TimeGMT()
{
	return terminal().gmt_ms() / 1000;
}

datetime
TimeTradeServer()
{
	return terminal().server_s();
}

// The time of the last quote: none comes while the broker is away or closed.
datetime
TimeCurrent()
{
	Terminal &t = terminal();

	if (t.connected && !t.frozen)
		t.quoted_s = t.server_s();
	return t.quoted_s;
}

void
Print(const string &text)
{
	journal_print(to_utf8(text));
}

bool
IsStopped()
{
	return terminal().stopping;
}

// A hung bridge never comes back from here, while the terminal lives on.
void
Sleep(int ms)
{
	Terminal &t = terminal();
	int64_t until = t.now_ms() + ms;

	while (!t.stopping) {
		int64_t left = t.hung ? ms : until - t.now_ms();
		if (left <= 0)
			return;
		if (t.idle)
			t.idle(left);
		else
			t.skipped_ms += left;
	}
}

bool
EventSetMillisecondTimer(int ms)
{
	// MetaTrader's timer goes no faster than 10 to 16 ms
	terminal().timer_ms = std::max(ms, 16);
	return ms > 0;
}

void
EventKillTimer()
{
	terminal().timer_ms = 0;
}

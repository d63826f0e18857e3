// agent/bridge/Mt5FleetEA.mq5 on a chart: its events.
#include "programs.h"
#include "terminal.h"

// an event's parameters need not all be looked at
#pragma GCC diagnostic ignored "-Wunused-parameter"
namespace expert
{
#include "Mt5FleetEA.mq5.inc"
}

enum { REASON_REMOVE = 1, REASON_ACCOUNT = 6 };

// MetaTrader initialises an expert anew when the account changes.
static void
run_on(const Account *account)
{
	Terminal &t = terminal();

	while (!t.stopping && t.account == account) {
		Sleep(t.timer_ms);
		if (t.traded) {
			t.traded = false;
			expert::OnTradeTransaction({}, {}, {});
			expert::OnTrade();
		}
		if (!t.stopping)
			expert::OnTimer();
	}
}

void
run_expert()
{
	Terminal &t = terminal();

	while (!t.stopping) {
		if (expert::OnInit() != INIT_SUCCEEDED)
			return;
		run_on(t.account);
		expert::OnDeinit(t.stopping ? REASON_REMOVE : REASON_ACCOUNT);
	}
}

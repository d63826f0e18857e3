// mt5fleet as an expert: for a chart, and for terminals started from an ini.
#property copyright "mt5fleet"
#property version "1.00"
#property description "Shows this terminal to the mt5fleet agent. Reads only."

#include "Mt5Fleet.mqh"

Mt5FleetBridge bridge;

int OnInit()
{
	bridge.Start("ea");
	return EventSetMillisecondTimer(MT5FLEET_GLANCE_MS) ? INIT_SUCCEEDED :
	    INIT_FAILED;
}

void OnTimer()
{
	bridge.Look();
}

void OnTrade()
{
	bridge.Mark();
}

void OnTradeTransaction(const MqlTradeTransaction &transaction,
    const MqlTradeRequest &request, const MqlTradeResult &result)
{
	bridge.Mark();
}

void OnDeinit(const int reason)
{
	EventKillTimer();
	bridge.Stop();
}

// mt5fleet as a service: needs no chart, and starts with the terminal.
#property service
#property copyright "mt5fleet"
#property version "1.00"
#property description "Shows this terminal to the mt5fleet agent. Reads only."

#include "Mt5Fleet.mqh"

Mt5FleetBridge bridge;

void OnStart()
{
	bridge.Start("service");
	while(!IsStopped()) {
		bridge.Look();
		Sleep(MT5FLEET_GLANCE_MS);
	}
	bridge.Stop();
}

// agent/bridge/Mt5FleetService.mq5, which the terminal starts and stops.
#include "mql5.h"
#include "programs.h"

namespace service
{
#include "Mt5FleetService.mq5.inc"
}

void
run_service()
{
	service::OnStart();
}

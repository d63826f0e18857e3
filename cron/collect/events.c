/* events.c: events on their way to the stream. */
#include "cron/collect/collect.h"

void
events_add(struct app *app, enum event_type type)
{
	if (event_add(&app->batch, type, &app->text))
		app->tally.events++;
}

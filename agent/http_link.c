/* http_link.c: a connection, from accept to close. */
#include <stdlib.h>

#include "agent/http_link.h"
#include "agent/platform.h"
#include "lib/base/clock.h"
#include "lib/base/mem.h"

struct link *
link_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

static void
set_address(struct link *l, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	if (info != NULL)
		platform_address_text(
		    info->client_addr, l->address, sizeof(l->address));
}

void
link_reads(struct link *l)
{
	l->reads = true;
	l->deadline_mono_ms = clock_mono_ms() + REQUEST_TIME_MS;
}

void
link_writes(struct link *l)
{
	l->reads = false;
	l->deadline_mono_ms = clock_mono_ms() + RESPONSE_TIME_MS;
}

static struct link *
opened(struct link **list, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct link *l = mem_new(1, sizeof(*l));

	l->fd = (int)info->connect_fd;
	link_reads(l);
	set_address(l, c);
	l->next = *list;
	l->back = list;
	if (l->next != NULL)
		l->next->back = &l->next;
	*list = l;
	return l;
}

static void
closed(struct link *l)
{
	if (l == NULL)
		return;
	*l->back = l->next;
	if (l->next != NULL)
		l->next->back = l->back;
	free(l);
}

void
link_notify(void *cls, struct MHD_Connection *c, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = opened(cls, c);
	} else {
		closed(*context);
		*context = NULL;
	}
}

void
links_sweep(struct link *list, int64_t now_mono_ms, int crowd)
{
	int64_t deadline_mono_ms;
	int len = 0;

	for (struct link *l = list; l != NULL; l = l->next)
		len++;
	for (struct link *l = list; l != NULL; l = l->next) {
		deadline_mono_ms = l->deadline_mono_ms;
		if (l->reads && len >= crowd)
			deadline_mono_ms += CROWD_TIME_MS - REQUEST_TIME_MS;
		if (deadline_mono_ms <= now_mono_ms)
			platform_shutdown(l->fd);
	}
}

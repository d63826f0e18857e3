/* watch.c: a descriptor that is not lws' own, in lws' loop. */
#include <fcntl.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "live/watch.h"

struct watch {
	struct lws *wsi; /* NULL: lws gave it up */
	watch_fn *fn;
	void *arg;
};

struct watch *
watch_new(struct lws_vhost *vhost, int fd, watch_fn *fn, void *arg)
{
	struct watch *w = mem_new(1, sizeof(*w));
	lws_adopt_desc_t adopt = {
	    .vh = vhost,
	    .type = LWS_ADOPT_RAW_FILE_DESC,
	    /* lws closes what it adopts */
	    .fd = {.filefd = fcntl(fd, F_DUPFD_CLOEXEC, 0)},
	    .vh_prot_name = watch_protocol.name,
	    .opaque = w,
	};

	w->fn = fn;
	w->arg = arg;
	if (adopt.fd.filefd != -1)
		w->wsi = lws_adopt_descriptor_vhost_via_info(&adopt);
	if (w->wsi == NULL) {
		free(w);
		return NULL;
	}
	return w;
}

void
watch_want_write(struct watch *w)
{
	if (w->wsi != NULL)
		lws_callback_on_writable(w->wsi);
}

/* lws may be in the middle of a callback of it: only let go. */
void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	if (w->wsi != NULL) {
		lws_set_opaque_user_data(w->wsi, NULL);
		lws_set_timeout(
		    w->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	}
	free(w);
}

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user,
    void *in, size_t len)
{
	struct watch *w = lws_get_opaque_user_data(wsi);

	(void)user, (void)in, (void)len;
	switch ((int)reason) {
	case LWS_CALLBACK_RAW_RX_FILE:
	case LWS_CALLBACK_RAW_WRITEABLE_FILE:
		if (w == NULL)
			return -1;
		w->fn(w->arg, reason == LWS_CALLBACK_RAW_RX_FILE ? WATCH_READ
								 : WATCH_WRITE);
		return 0; /* w may be gone now */
	case LWS_CALLBACK_RAW_CLOSE_FILE:
		if (w != NULL) {
			w->wsi = NULL;
			w->fn(w->arg, WATCH_GONE);
		}
		return 0;
	default:
		return 0;
	}
}

const struct lws_protocols watch_protocol = {
    .name = "watch",
    .callback = on_event,
};

/* handshake.c: the request that opens a WebSocket, and its refusal. */
#include <stdio.h>
#include <string.h>

#include "lib/json/json.h"
#include "lib/base/log.h"
#include "live/handshake.h"
#include "live/hub.h"

#define REFUSAL_MAX 1024
#define CLIENTS_PER_ADDRESS 512 /* above nginx' own limit of 500 */

bool
handshake_after(struct lws *wsi, bool *given, struct event_id *after)
{
	char text[EVENT_ID_SIZE + 8];
	const char *value =
	    lws_get_urlarg_by_name(wsi, "after=", text, sizeof(text));

	*given = value != NULL && *value != '\0';
	return !*given || event_id_from(value, after);
}

void
handshake_address(struct lws *wsi, char address[CLIENT_ADDRESS_SIZE])
{
	if (lws_hdr_copy(wsi, address, CLIENT_ADDRESS_SIZE,
		WSI_TOKEN_HTTP_X_REAL_IP) < 0)
		snprintf(address, CLIENT_ADDRESS_SIZE, "too long");
}

bool
handshake_caller(struct lws *wsi, char caller[CALLER_SIZE])
{
	int len = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_AUTHORIZATION);

	*caller = '\0';
	return len == 0 || (lws_hdr_copy(wsi, caller, CALLER_SIZE,
				WSI_TOKEN_HTTP_AUTHORIZATION) > 0 &&
			       caller_is_good(caller));
}

static const char *
reason(int status)
{
	switch (status) {
	case 400:
		return "Bad Request";
	case 404:
		return "Not Found";
	case 426:
		return "Upgrade Required";
	case 429:
		return "Too Many Requests";
	default:
		return "Service Unavailable";
	}
}

/* lws' own would say HTTP/1.0, and nothing of why. */
int
handshake_refuse(struct lws *wsi, int status, const char *why)
{
	unsigned char out[LWS_PRE + REFUSAL_MAX];
	char *at = (char *)out + LWS_PRE;
	struct json j;
	int len;

	log_debug("handshake refused: status=%d: %s", status, why);
	json_init(&j, REFUSAL_MAX / 2);
	json_object(&j, NULL);
	json_object(&j, "error");
	json_string(&j, "code", "refused");
	json_string(&j, "message", why);
	json_end(&j);
	json_end(&j);
	len = snprintf(at, REFUSAL_MAX,
	    "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
	    status, reason(status), j.out.len, j.out.data);
	json_done(&j);
	if (len > 0 && len < REFUSAL_MAX)
		lws_write(wsi, (unsigned char *)at, (size_t)len,
		    LWS_WRITE_HTTP_HEADERS);
	return -1;
}

static bool
room_for(const struct hub *hub, struct lws *wsi)
{
	char address[CLIENT_ADDRESS_SIZE] = "";

	handshake_address(wsi, address);
	return *address == '\0' ||
	       hub_count_of(hub, address) < CLIENTS_PER_ADDRESS;
}

int
handshake_check(
    const struct hub *hub, bool is_full, struct lws *wsi, const char *upgrade)
{
	char path[16];
	struct event_id after;
	bool given;

	if (lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI) < 0 ||
	    strcmp(path, "/ws") != 0)
		return handshake_refuse(wsi, 404, "only /ws is here");
	if (strcasecmp(upgrade, "websocket") != 0)
		return handshake_refuse(
		    wsi, 400, "a WebSocket upgrade is required");
	if (!handshake_after(wsi, &given, &after))
		return handshake_refuse(
		    wsi, 400, "after: not an id like 1782154438950-0");
	if (is_full)
		return handshake_refuse(wsi, 503, "no room for more clients");
	if (!room_for(hub, wsi))
		return handshake_refuse(
		    wsi, 429, "too many clients from your address");
	return 0;
}

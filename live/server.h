/* server.h: lws' context, and the Unix socket or loopback port it listens on.
 */
#ifndef LIVE_SERVER_H
#define LIVE_SERVER_H

struct config;
struct live;

/* What is wrong with LIVE_SOCKET, or NULL. */
const char *server_bad_address(const struct config *config);

/* Fills live->context and live->vhost; -1: logged why. */
int server_open(struct live *live);
void server_close(struct live *live);

#endif

/* app.h: the state of the agent, made in main and passed down. */
#ifndef AGENT_APP_H
#define AGENT_APP_H

#include <stdint.h>

#include "agent/auth.h"
#include "agent/rotation.h"
#include "agent/terminal.h"
#include "lib/base/config.h"

#define AGENT_NAME_SIZE 128

struct http;
struct mailbox;
struct platform;
struct supervisor;

struct app {
	struct config config;
	char name[AGENT_NAME_SIZE];
	int64_t started_utc_ms, started_mono_ms;
	struct auth auth;
	struct rotation rotation;
	bool by_next; /* this request came by the token that is not confirmed */
	struct terminals terminals;
	uint64_t questions; /* asked since the start: names the next one */
	struct platform *platform;
	struct mailbox *mailbox;
	struct supervisor *supervisor; /* NULL: no terminal is */
	struct http *http;
};

#endif

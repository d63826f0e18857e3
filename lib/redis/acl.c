/* acl.c: which program may do what in Redis. A key that is new in keys.h goes
 * in here, too: the system's tests run with these users. */
#include <stdio.h>
#include <string.h>

#include "lib/redis/acl.h"
#include "lib/redis/keys.h"

#define ANY_SNAPSHOT KEY_SNAPSHOT "*"
#define ANY_LAST KEY_LAST "*"
#define ANY_NODE KEY_NODE "*"
#define ANY_COLLECTOR KEY_COLLECTOR "*"
#define ANY_SESSION KEY_SESSION "*"

/* what a view of the fleet reads (lib/fleet/view.c) */
#define VIEW                                                         \
	{ANY_SNAPSHOT, false}, {ANY_LAST, false}, {ANY_NODE, false}, \
	    {ANY_COLLECTOR, false}, {KEY_CHANGED, false},            \
	{                                                            \
		KEY_CHANGES, false                                   \
	}
/* where an event goes, with its nudge (cache_batch_event) */
#define EVENTS                         \
	{KEY_LIVE, true},              \
	{                              \
		KEY_ALERT_STREAM, true \
	}

const struct acl_user acl_users[] = {
    {"collect", "mt5fleet",
	{{ANY_SNAPSHOT, true}, {ANY_LAST, true}, {ANY_NODE, true},
	    {ANY_COLLECTOR, true}, {KEY_POLLED "*", true},
	    {KEY_CLAIMS "*", true}, {KEY_CHANGED, true}, {KEY_CHANGES, true},
	    {KEY_FENCE "*", true}, EVENTS},
	{CHANNEL_LIVE}, CHANNEL_REFRESH, true},
    {"trades", "mt5fleet", {VIEW}, {NULL}, NULL, false},
    {"phases", "mt5fleet", {VIEW, EVENTS}, {CHANNEL_LIVE}, NULL, false},
    {"alerts", "mt5fleet",
	{VIEW, EVENTS, {KEY_ALERTS, true}, {KEY_ALERT_MUTE "*", true}},
	{CHANNEL_LIVE}, NULL, false},
    {"sheets", "mt5fleet-sheets", {VIEW, {KEY_LIVE, false}}, {NULL}, NULL,
	false},
    {"dashboard", "mt5fleet",
	{VIEW, {KEY_LIVE, false}, {KEY_ALERTS, false}, {ANY_SESSION, true}},
	{NULL}, NULL, false},
    {"live", "mt5fleet",
	{{KEY_LIVE, false}, {ANY_COLLECTOR, false}, {ANY_SESSION, true}},
	{CHANNEL_REFRESH}, CHANNEL_LIVE, false},
    {"admin", "mt5fleet-admin",
	{VIEW, EVENTS, {ANY_SESSION, true}, {KEY_LOGIN "*", true},
	    {KEY_ALERTS, false}, {KEY_ALERT_MUTE "*", true}},
	{CHANNEL_LIVE, CHANNEL_REFRESH}, NULL, false},
    /* a person's command: import reads where accounts are, passwd ends the
     * copies of a user's sessions */
    {"mt5fleet", "mt5fleet", {VIEW, {ANY_SESSION, true}}, {NULL}, NULL, false},
};
const size_t acl_users_len = sizeof(acl_users) / sizeof(acl_users[0]);

const char *
acl_user_name(const char *program, char name[ACL_NAME_SIZE])
{
	bool command = strcmp(program, "mt5fleet") == 0;

	snprintf(name, ACL_NAME_SIZE, "mt5fleet%s%s", command ? "" : "-",
	    command ? "" : program);
	return name;
}

static bool
writes_some(const struct acl_user *u)
{
	for (size_t i = 0; i < ACL_KEYS_MAX; i++)
		if (u->keys[i].writes)
			return true;
	return false;
}

void
acl_rules(const struct acl_user *u, struct buf *out)
{
	buf_puts(out, "resetchannels resetkeys");
	for (size_t i = 0; i < ACL_KEYS_MAX && u->keys[i].pattern != NULL; i++)
		buf_printf(out, " %s%s", u->keys[i].writes ? "~" : "%R~",
		    u->keys[i].pattern);
	for (size_t i = 0; i < 2 && u->publishes[i] != NULL; i++)
		buf_printf(out, " &%s", u->publishes[i]);
	if (u->hears != NULL)
		buf_printf(out, " &%s", u->hears);
	buf_printf(out,
	    " -@all +@read%s -@dangerous +@transaction +ping "
	    "+select +info +role",
	    writes_some(u) ? " +@write" : "");
	if (u->publishes[0] != NULL)
		buf_puts(out, " +publish");
	if (u->hears != NULL)
		buf_puts(out, " +subscribe");
	if (u->fences)
		buf_puts(out, " +eval");
}

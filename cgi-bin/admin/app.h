/* app.h: the state of admin.fcgi, made in main and passed down. */
#ifndef ADMIN_APP_H
#define ADMIN_APP_H

#include "lib/base/config.h"
#include "lib/fleet/facts.h"
#include "lib/fleet/fleet.h"
#include "lib/ledger/ledger.h"
#include "lib/redis/cache.h"
#include "lib/web/web.h"

struct app {
	struct config config;
	struct cache *cache;
	struct ledger *ledger;
	struct fleet fleet;
	/* what it is told by which accounts are whose (app_may_see) */
	struct facts_source source;
	struct facts facts;
};

HANDLER(account_page);
HANDLER(account_post);
HANDLER(accounts_page);
HANDLER(admin_get);
HANDLER(agent_post);
HANDLER(alerts_api);
HANDLER(alerts_api_post);
HANDLER(alerts_page);
HANDLER(alerts_post);
HANDLER(audit_page);
HANDLER(check_get);
HANDLER(join_address_get);
HANDLER(join_post);
HANDLER(business_delete);
HANDLER(business_post);
HANDLER(flow_post);
HANDLER(flow_put);
HANDLER(deals_page);
HANDLER(deals_post);
HANDLER(login_page);
HANDLER(login_post);
HANDLER(logout_post);
HANDLER(merge_page);
HANDLER(merge_post);
HANDLER(meta_put);
HANDLER(nodes_api);
HANDLER(nodes_api_post);
HANDLER(nodes_page);
HANDLER(nodes_post);
HANDLER(password_page);
HANDLER(password_post);
HANDLER(phase_put);
HANDLER(refresh_post);
HANDLER(rename_post);
HANDLER(rule_set_delete);
HANDLER(rule_set_page);
HANDLER(rule_set_put);
HANDLER(rules_page);
HANDLER(rules_post);
HANDLER(rules_try_post);
HANDLER(rules_try_api);
HANDLER(session_get);
HANDLER(style_get);
HANDLER(sync_post);
HANDLER(undo_post);
HANDLER(users_get);
HANDLER(users_post);
HANDLER(verdict_post);
HANDLER(verdict_put);
HANDLER(vs_put);
HANDLER(zones_page);
HANDLER(zones_post);

/* The ledger, opened again where it could not be used. */
struct ledger *app_ledger(struct app *app);

/* The answer to a ledger that did not do it; said in the log where it is ours.
 */
void app_ledger_failed(
    struct app *app, enum ledger_result r, struct response *res);

/* The answer to a cache that did not do it. */
void app_cache_failed(struct app *app, struct response *res);

/* Who asks, by the session's cookie; -1: Redis cannot say. */
int app_authenticate(struct app *app, struct request *req);

/* May he see all accounts; this one? server NULL: what is no account's, which
 * is for those alone who see all. */
bool app_sees_all(const struct request *req);
bool app_may_see(struct app *app, const struct request *req, const char *server,
    int64_t login);

/* A name of ours: a letter or digit, and ._-@ ; 64 bytes at most. */
bool app_is_name(const char *text);

/* "someone did that to this" in the audit; -1 with the answer made. */
int app_audit(struct app *app, const struct request *req, struct response *res,
    const char *action, const char *field, const char *to);

#endif

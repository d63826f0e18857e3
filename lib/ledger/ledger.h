/*
 * ledger.h: what must never be lost. This is the map:
 *
 *	file.h     the file, results, transactions
 *	history.h  accounts, deals, trades, syncs     (trades, dashboard)
 *	samples.h  equity, days, limits               (collect, phases)
 *	flows.h    what deals that are no trades are for (trades, admin)
 *	business.h fees, resets, payouts as people say them (admin, dashboard)
 *	verdicts.h what the rules found, and what was annulled (phases, admin)
 *	people.h   phases, meta, rules, audit, users  (admin, phases)
 *	joins.h    machines that want to join         (admin, mt5fleet)
 *	merge.h    accounts joined and renamed, deals voided  (admin)
 *	jobs.h     job runs, sheet rows, imports
 *	alerts.h   alerts on their way to people      (alerts, admin)
 *	hooks.h    events for web hooks               (alerts)
 *	sessions.h who is logged in                   (lib/auth)
 *	statistics.h  what deals amount to, by day    (dashboard)
 *	zones.h    each broker's time zone            (trades, admin)
 *
 * Nobody but lib/ledger/ knows that it is SQLite.
 */
#ifndef LIB_LEDGER_LEDGER_H
#define LIB_LEDGER_LEDGER_H

#include "lib/ledger/alerts.h"
#include "lib/ledger/file.h"
#include "lib/ledger/business.h"
#include "lib/ledger/flows.h"
#include "lib/ledger/history.h"
#include "lib/ledger/hooks.h"
#include "lib/ledger/jobs.h"
#include "lib/ledger/merge.h"
#include "lib/ledger/joins.h"
#include "lib/ledger/people.h"
#include "lib/ledger/samples.h"
#include "lib/ledger/sessions.h"
#include "lib/ledger/statistics.h"
#include "lib/ledger/verdicts.h"
#include "lib/ledger/zones.h"

#endif

/*
 * ledger.h: what must never be lost. This is the map:
 *
 *	ledger_file.h     the file, results, transactions
 *	ledger_history.h  accounts, deals, trades, syncs     (trades, dashboard)
 *	ledger_samples.h  equity, days, limits               (collect, phases)
 *	ledger_people.h   phases, meta, rules, audit, users  (admin, phases)
 *	ledger_jobs.h     job runs, sheet rows, imports
 *
 * Nobody but lib/ledger*.c knows that it is SQLite.
 */
#ifndef LIB_LEDGER_H
#define LIB_LEDGER_H

#include "lib/ledger_file.h"
#include "lib/ledger_history.h"
#include "lib/ledger_jobs.h"
#include "lib/ledger_people.h"
#include "lib/ledger_samples.h"

#endif

// Accounts from folders: real recordings, and our own between two runs.
#ifndef RECORDING_H
#define RECORDING_H

#include "account.h"

// Throws where it cannot be read. The account is fixed: it is replayed as it
// is. Only placed orders are current, the others of orders.csv are history.
void recording_load(
    const std::string &folder, Account &account, TerminalInfo &terminal);

// A generated account's state: what a terminal that crashed finds again.
bool store_load(const std::string &folder, Account &account);
// With all, the deals are written anew, not only those that were added.
void store_save(const std::string &folder, const Account &account, bool all);

#endif

// The terminal's journal, logs/YYYYMMDD.log, as MetaTrader writes it.
#ifndef JOURNAL_H
#define JOURNAL_H

#include <string>

// In the data folder, UTF-16LE with its mark at the start.
void journal_open(const std::string &folder, bool echo);
void journal_write(const char *source, const std::string &message);
// What a program prints: MQL5/Logs, and our own output where it is echoed.
void journal_print(const std::string &message);

#endif

// The simulated terminal's command line.
#ifndef OPTIONS_H
#define OPTIONS_H

#include "market.h"

struct Options {
	std::string common, data, recording, control, book, ini;
	std::string password_file;
	bool ea = false, stamp = false, quiet = false;
	int64_t offset_s = 10800, deals = 20, history_ms = 600,
		connect_ms = 100, frozen_s = -1, past_end_s = 0;
	double rate = 1; // changes a second
	MarketOptions market;
};

// Ends the program where it is wrong, or after -h.
Options options_parse(int argc, char **argv);
// [Common] Login, Server and Password of a start-up file of MetaTrader's.
struct StartFile {
	int64_t login = 0;
	std::string server, password;
};
StartFile start_file_read(const std::string &path);

#endif

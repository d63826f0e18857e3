// Reads the command line, ours and terminal64.exe's.
#include "options.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <getopt.h>
#include <sstream>

static const char usage[] =
    "usage: terminal --common DIR --data DIR [option ...]\n"
    "A simulated MetaTrader 5 that runs the bridge of agent/bridge.\n"
    "  --common DIR       the terminals' common folder (FILE_COMMON)\n"
    "  --data DIR         this terminal's own folder\n"
    "  --recording DIR    replay that account, exactly\n"
    "  --seed N           or: generate one that trades (1)\n"
    "  --server NAME --login N --currency C --digits N --balance N\n"
    "  --name TEXT --netting 0|1   the generated account, not by its seed\n"
    "  --deals N          its past (20)\n"
    "  --past-end S       when that ended, broker time (now)\n"
    "  --rate R           its changes a second (1; 0: none)\n"
    "  --stamp            account's name, position 0's comment:\n"
    "                     t=<CLOCK_MONOTONIC in us> of the last change\n"
    "  --program P        service (default) or ea\n"
    "  --offset S         the broker's clock before UTC (10800)\n"
    "  --freeze-clock S   start with it standing, S seconds ago\n"
    "  --connect MS       until the broker answers (100)\n"
    "  --history MS       until all deals have arrived after that (600)\n"
    "  --control FILE     orders to obey, see control.cpp\n"
    "  --book FILE        the broker's own book, after each change\n"
    "  --password-file F  a start-up file must have this password\n"
    "  --quiet            nothing on stderr\n"
    "  -h, --help\n"
    "As terminal64.exe: /portable (data is the program's folder),\n"
    "/config:FILE; the options above in the environment, MT5FLEET_SIM_ARGS.\n";

[[noreturn]] static void
bad(const std::string &why)
{
	fprintf(stderr, "terminal: %s\n", why.c_str());
	exit(2);
}

static int64_t
integer(const char *name, const char *text)
{
	char *end;
	int64_t n = strtoll(text, &end, 10);

	if (!*text || *end)
		bad(std::string("--") + name + ": \"" + text +
		    "\" is not a number");
	return n;
}

static double
real(const char *name, const char *text)
{
	char *end;
	double n = strtod(text, &end);

	if (!*text || *end || !(n >= 0))
		bad(std::string("--") + name + ": \"" + text +
		    "\" is not a number from 0 on");
	return n;
}

enum { TEXT, INTEGER, REAL, FLAG };

// Each option and where its value goes.
struct Target {
	const char *name;
	int kind;
	void *value;
};

static std::vector<Target>
targets(Options &o, std::string &program)
{
	MarketOptions &m = o.market;

	return {{"common", TEXT, &o.common}, {"data", TEXT, &o.data},
	    {"recording", TEXT, &o.recording}, {"control", TEXT, &o.control},
	    {"book", TEXT, &o.book}, {"password-file", TEXT, &o.password_file},
	    {"program", TEXT, &program}, {"stamp", FLAG, &o.stamp},
	    {"quiet", FLAG, &o.quiet}, {"offset", INTEGER, &o.offset_s},
	    {"deals", INTEGER, &o.deals}, {"history", INTEGER, &o.history_ms},
	    {"connect", INTEGER, &o.connect_ms},
	    {"freeze-clock", INTEGER, &o.frozen_s},
	    {"past-end", INTEGER, &o.past_end_s}, {"rate", REAL, &o.rate},
	    {"seed", INTEGER, &m.seed}, {"server", TEXT, &m.server},
	    {"currency", TEXT, &m.currency}, {"name", TEXT, &m.name},
	    {"login", INTEGER, &m.login}, {"digits", INTEGER, &m.digits},
	    {"netting", INTEGER, &m.netting}, {"balance", REAL, &m.balance}};
}

static void
set_target(const Target &t, const char *text)
{
	if (t.kind == TEXT)
		*(std::string *)t.value = text;
	else if (t.kind == INTEGER)
		*(int64_t *)t.value = integer(t.name, text);
	else if (t.kind == REAL)
		*(double *)t.value = real(t.name, text);
	else
		*(bool *)t.value = true;
}

static void
parse(std::vector<char *> &args, std::vector<Target> &all)
{
	std::vector<option> longs;
	int index, c;

	for (const Target &t : all)
		longs.push_back(
		    {t.name, t.kind == FLAG ? no_argument : required_argument,
			nullptr, 1});
	longs.push_back({"help", no_argument, nullptr, 'h'});
	longs.push_back({nullptr, 0, nullptr, 0});
	optind = 1;
	while ((c = getopt_long((int)args.size(), args.data(), "h",
		    longs.data(), &index)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			exit(0);
		}
		if (c != 1)
			exit(2);
		set_target(all[(size_t)index], optarg);
	}
	if ((size_t)optind < args.size())
		bad(std::string("\"") + args[(size_t)optind] +
		    "\" is no option");
}

// MetaTrader's arguments, which begin with a slash, are taken out of args.
static void
take_slashes(std::vector<char *> &args, Options &o)
{
	std::vector<char *> rest(1, args[0]);

	for (size_t i = 1; i < args.size(); i++) {
		if (strcmp(args[i], "/portable") == 0)
			o.data = std::filesystem::absolute(args[0])
				     .parent_path()
				     .string();
		else if (strncmp(args[i], "/config:", 8) == 0)
			o.ini = args[i] + 8;
		else
			rest.push_back(args[i]);
	}
	args = rest;
}

Options
options_parse(int argc, char **argv)
{
	static std::vector<std::string> words; // getopt keeps pointers
	std::vector<char *> args(argv, argv + argc);
	std::string program = "service", word;
	Options o;

	const char *more = getenv("MT5FLEET_SIM_ARGS");
	if (more) {
		take_slashes(args, o);
		for (std::istringstream in(more); in >> word;)
			words.push_back(word);
		for (std::string &w : words)
			args.push_back(w.data());
	}
	std::vector<Target> all = targets(o, program);
	parse(args, all);
	if (o.common.empty() || o.data.empty())
		bad("--common and --data are needed; -h shows all");
	if (program != "service" && program != "ea")
		bad("--program: \"" + program + "\" is not service or ea");
	o.ea = program == "ea";
	return o;
}

// UTF-16LE with its mark, as MetaTrader wants it.
static std::string
read_utf16(const std::string &path)
{
	std::ifstream in(path, std::ios::binary);
	std::stringstream bytes;
	std::u16string units;

	bytes << in.rdbuf();
	std::string s = bytes.str();
	if (s.size() < 2 || s.substr(0, 2) != "\xff\xfe")
		bad("\"" + path + "\" is not a start-up file in UTF-16LE");
	for (size_t i = 2; i + 1 < s.size(); i += 2)
		units += (char16_t)((unsigned char)s[i] |
				    (unsigned char)s[i + 1] << 8);
	return to_utf8(string(units));
}

StartFile
start_file_read(const std::string &path)
{
	std::istringstream in(read_utf16(path));
	std::string line, section;
	StartFile start;

	while (std::getline(in, line)) {
		if (!line.empty() && line.back() == '\r')
			line.pop_back();
		size_t equals = line.find('=');
		if (!line.empty() && line[0] == '[')
			section = line;
		if (section != "[Common]" || equals == line.npos)
			continue;
		std::string key = line.substr(0, equals);
		std::string value = line.substr(equals + 1);
		if (key == "Login")
			start.login = strtoll(value.c_str(), nullptr, 10);
		else if (key == "Server")
			start.server = value;
		else if (key == "Password")
			start.password = value;
	}
	return start;
}

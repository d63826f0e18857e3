// The simulated terminal: MetaTrader 5 as far as the bridge can see it.
#include "journal.h"
#include "programs.h"
#include "simulation.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/resource.h>

static void
stop(int)
{
	terminal().stopping = true;
}

// Signals wait until the terminal does (simulation.cpp).
static void
catch_signals()
{
	struct sigaction sa = {};
	struct rlimit none = {0, 0};
	sigset_t set;

	sa.sa_handler = stop;
	sigemptyset(&set);
	for (int signal : {SIGTERM, SIGINT, SIGHUP}) {
		sigaction(signal, &sa, nullptr);
		sigaddset(&set, signal);
	}
	sigprocmask(SIG_BLOCK, &set, nullptr);
	setrlimit(RLIMIT_CORE, &none); // the order to crash leaves no core
}

// Two terminals cannot run from one folder: the second one ends at once,
// without a word, as MetaTrader's does.
static bool
is_first(const std::string &data)
{
	std::string path = data + "/terminal.lock";
	int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	return fd != -1 && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static std::string
whole_path(const std::string &path)
{
	return std::filesystem::canonical(path).string();
}

int
main(int argc, char **argv)
{
	Options options = options_parse(argc, argv);

	try {
		std::filesystem::create_directories(options.data);
		std::filesystem::create_directories(options.common);
		options.data = whole_path(options.data);
		options.common = whole_path(options.common);
		if (!is_first(options.data))
			return 0;
		catch_signals();
		journal_open(options.data, !options.quiet);
		Simulation simulation(options);
		options.ea ? run_expert() : run_service();
		journal_write("Terminal", "exit with code 0");
	} catch (const std::exception &e) {
		fprintf(stderr, "terminal: %s\n", e.what());
		return 1;
	}
	return 0;
}

// The simulated world around the terminal: its accounts, and what happens.
#ifndef SIMULATION_H
#define SIMULATION_H

#include "market.h"
#include "options.h"
#include "terminal.h"

struct Login {
	Account account;
	std::unique_ptr<Market> market; // none: replayed
	std::string store;              // the folder that keeps it
};

class Simulation
{
      public:
	explicit Simulation(const Options &options);
	// Up to that many milliseconds: changes, orders, the broker's answers.
	void idle(int64_t ms);
	// One line of the control file; "" or what is wrong with it.
	std::string obey(const std::string &line);

      private:
	Options o_;
	std::map<std::pair<std::string, int64_t>, Login> logins_;
	Login *login_ = nullptr;
	std::string replay_server_;
	bool paused_ = false;
	int64_t connect_at_ms_ = NEVER, change_at_ms_ = NEVER;
	int64_t control_at_ms_ = 0;
	long control_done_ = 0;
	uint64_t steps_ = 0;

	void start();
	bool start_by_file();
	Login &login(const std::string &server, int64_t number);
	void enter(const std::string &server, int64_t number);
	void connect();
	void change();
	void changed(bool all);
	void stamp();
	void write_book(const std::string &path);
	void read_control();
	int64_t broker_ms() const;
	int64_t interval_ms();

	std::string obey_market(
	    const std::string &verb, const std::string &argument);
	std::string obey_terminal(
	    const std::string &verb, const std::string &argument);
};

#endif

// What the bridge's tests share: a terminal of their own, whose clock they
// turn, and the other end of its mailbox.
#ifndef FIXTURE_H
#define FIXTURE_H

#include "check.h"
#include "csv.h"
#include "terminal.h"

#include <cjson/cJSON.h>
#include <filesystem>

struct JsonFree {
	void operator()(cJSON *json) const
	{
		cJSON_Delete(json);
	}
};
typedef std::unique_ptr<cJSON, JsonFree> Json;

// What a path of names leads to; fails where it leads nowhere.
const cJSON *at(const cJSON *json, std::initializer_list<const char *> path);
double number(const cJSON *json, std::initializer_list<const char *> path);
std::string text(const cJSON *json, std::initializer_list<const char *> path);
bool is_null(const cJSON *json, std::initializer_list<const char *> path);
bool is_true(const cJSON *json, std::initializer_list<const char *> path);

// The body of a mailbox file, its length and CRC (zlib's) checked.
std::string open_envelope(const std::string &file);
std::string envelope(const std::string &body);
std::string folder_name(const std::string &data_path);
bool exists(const std::string &file);
std::string slurp(const std::string &file);

// A folder that is removed at the end of the test.
struct Folder {
	std::string path;
	Folder();
	~Folder();
};

// A new terminal, connected to an account with a deposit of 1000.00.
struct Fixture {
	Folder folder;
	Account account;
	std::string box; // the terminal's mailbox, with a slash

	Fixture();
	~Fixture();
	Deal &deal(int64_t time_msc, int64_t ticket, double profit);
	Position &position(int64_t ticket, const char *comment);
	Json snapshot() const;
	void ask(const std::string &body) const;
	bool answered(const char *id) const;
	Json reply(const char *id) const;
};
constexpr int64_t T0 = 1700000000000; // when the fixture's first deal was

// The folders of the recordings; skips the test where there are none.
std::vector<std::string> recordings();

#endif

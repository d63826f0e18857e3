// The tests' own terminal and mailbox.
#include "fixture.h"

#include <fstream>
#include <sstream>
#include <unistd.h>
#include <zlib.h>

const cJSON *
at(const cJSON *json, std::initializer_list<const char *> path)
{
	for (const char *name : path) {
		json = cJSON_GetObjectItemCaseSensitive(json, name);
		if (!json)
			throw Failed{std::string("there is no ") + name};
	}
	return json;
}

double
number(const cJSON *json, std::initializer_list<const char *> path)
{
	const cJSON *item = at(json, path);

	if (!cJSON_IsNumber(item))
		throw Failed{std::string(item->string) + " is no number"};
	return item->valuedouble;
}

std::string
text(const cJSON *json, std::initializer_list<const char *> path)
{
	const cJSON *item = at(json, path);

	if (!cJSON_IsString(item))
		throw Failed{std::string(item->string) + " is no text"};
	return item->valuestring;
}

bool
is_null(const cJSON *json, std::initializer_list<const char *> path)
{
	return cJSON_IsNull(at(json, path));
}

bool
is_true(const cJSON *json, std::initializer_list<const char *> path)
{
	return cJSON_IsTrue(at(json, path));
}

bool
exists(const std::string &file)
{
	return std::filesystem::exists(file);
}

std::string
slurp(const std::string &file)
{
	std::ifstream in(file, std::ios::binary);
	std::stringstream bytes;

	bytes << in.rdbuf();
	return bytes.str();
}

static std::string
crc_of(const std::string &body)
{
	char hex[16];

	snprintf(hex, sizeof(hex), "%08lx",
	    crc32(0, (const Bytef *)body.data(), (uInt)body.size()));
	return hex;
}

std::string
envelope(const std::string &body)
{
	return body + "\n#" + std::to_string(body.size()) + " " + crc_of(body) +
	       "\n";
}

std::string
open_envelope(const std::string &file)
{
	std::string bytes = slurp(file);
	std::string body = bytes.substr(0, bytes.find('\n'));

	CHECK_EQ(bytes, envelope(body));
	return body;
}

Folder::Folder()
{
	char name[] = "/tmp/mt5fleet-terminal.XXXXXX";

	if (!mkdtemp(name))
		throw Failed{"mkdtemp"};
	path = name;
}

Folder::~Folder()
{
	std::error_code ignored;

	std::filesystem::remove_all(path, ignored);
}

Fixture::Fixture()
{
	Terminal &t = terminal();

	t = Terminal();
	t.common = folder.path + "/Files";
	t.data = folder.path + "/data";
	t.info.data_path = from_utf8(t.data);
	t.history_ms = 0;
	account.info.login = 9007199254740993;
	account.info.server = "Test-Demo";
	account.info.currency = "USD";
	account.info.currency_digits = 2;
	account.info.leverage = 100;
	account.info.balance = account.info.equity = 1000;
	deal(T0, 1, 1000);
	t.log_in(&account);
	t.connect();
	box = t.common + "/mt5fleet/" + folder_name(t.data) + "/";
}

Fixture::~Fixture()
{
	terminal() = Terminal();
}

// FNV-1a, written once more: the bridge's own is tested with it.
std::string
folder_name(const std::string &data_path)
{
	uint64_t hash = 0xcbf29ce484222325;
	char hex[20];

	for (char c : data_path)
		hash = (hash ^ (unsigned char)c) * 0x100000001b3;
	snprintf(hex, sizeof(hex), "%016lx", hash);
	return hex;
}

// Not through book(): the ticket is the test's.
Deal &
Fixture::deal(int64_t time_msc, int64_t ticket, double profit)
{
	Deal d;

	d.ticket = ticket;
	d.time_msc = time_msc;
	d.time = time_msc / 1000;
	d.type = 2;
	d.profit = profit;
	account.deals.push_back(d);
	account.index_deals();
	return account.deals.back();
}

Position &
Fixture::position(int64_t ticket, const char *comment)
{
	Position p;

	p.ticket = p.identifier = ticket;
	p.symbol = "EURUSD";
	p.comment = comment;
	account.positions.push_back(p);
	terminal().refresh();
	return account.positions.back();
}

Json
Fixture::snapshot() const
{
	return Json(cJSON_Parse(open_envelope(box + "snapshot.json").c_str()));
}

void
Fixture::ask(const std::string &body) const
{
	write_file(box + "request.json", envelope(body));
}

bool
Fixture::answered(const char *id) const
{
	return exists(box + "reply-" + id + ".json");
}

Json
Fixture::reply(const char *id) const
{
	std::string file = box + "reply-" + id + ".json";
	Json json(cJSON_Parse(open_envelope(file).c_str()));

	std::filesystem::remove(file);
	CHECK_EQ(text(json.get(), {"id"}), id);
	return json;
}

std::vector<std::string>
recordings()
{
	const char *named = getenv("RECORDINGS");
	std::string folder = named ? named : "../shared/data/recordings";
	std::vector<std::string> found;
	std::error_code ignored;

	for (const auto &entry :
	    std::filesystem::directory_iterator(folder, ignored))
		found.push_back(entry.path());
	if (found.empty())
		throw Skipped{"no recordings in " + folder};
	return found;
}

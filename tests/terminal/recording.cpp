// Reads a recording's folder; keeps a generated account's state in such a one.
#include "recording.h"
#include "csv.h"

#include <cjson/cJSON.h>
#include <filesystem>
#include <map>
#include <fstream>
#include <sstream>
#include <stdexcept>

enum { ORDER_STATE_PLACED = 1 };

template <class T>
static void
load_json(
    const std::string &path, const std::vector<Field<T>> &fields, T &record)
{
	std::ifstream in(path);
	std::stringstream text;

	text << in.rdbuf();
	cJSON *json = cJSON_Parse(text.str().c_str());
	if (!in || !cJSON_IsObject(json))
		throw std::runtime_error("cannot read " + path);
	for (const Field<T> &f : fields) {
		const cJSON *item = cJSON_GetObjectItem(json, f.name);
		if (cJSON_IsBool(item))
			record.*f.integer = cJSON_IsTrue(item);
		else if (cJSON_IsNumber(item) && f.integer)
			record.*f.integer = (int64_t)item->valuedouble;
		else if (cJSON_IsNumber(item) && f.number)
			record.*f.number = item->valuedouble;
		else if (cJSON_IsString(item) && f.text)
			record.*f.text = from_utf8(item->valuestring);
		else if (item)
			throw std::runtime_error(
			    path + ": " + f.name + " is of another type");
	}
	cJSON_Delete(json);
}

void
recording_load(
    const std::string &folder, Account &account, TerminalInfo &terminal)
{
	load_json(folder + "/account.json", account_fields, account.info);
	load_json(folder + "/terminal.json", terminal_fields, terminal);
	account.deals = csv_records(folder + "/deals.csv", deal_fields);
	account.positions =
	    csv_records(folder + "/positions.csv", position_fields);
	for (const Order &o : csv_records(folder + "/orders.csv", order_fields))
		if (o.state == ORDER_STATE_PLACED && o.volume_current > 0)
			account.orders.push_back(o);
	for (Deal &d : account.deals)
		d.arrives_ms = NEVER;
	account.fixed = true;
	account.index_deals();
}

// What the package's deals lack.
static std::vector<Field<Deal>>
stored_fields()
{
	std::vector<Field<Deal>> fields = deal_fields;

	fields.push_back({"sl", &Deal::sl});
	fields.push_back({"tp", &Deal::tp});
	fields.push_back({"archived", &Deal::archived});
	return fields;
}

bool
store_load(const std::string &folder, Account &account)
{
	int64_t cash;

	if (!std::filesystem::exists(folder + "/account.csv"))
		return false;
	account.info =
	    csv_records(folder + "/account.csv", account_fields).at(0);
	account.deals = csv_records(folder + "/deals.csv", stored_fields());
	account.positions =
	    csv_records(folder + "/positions.csv", position_fields);
	account.orders = csv_records(folder + "/orders.csv", order_fields);
	for (Deal &d : account.deals) {
		cash = account.units(d.profit) + account.units(d.commission) +
		       account.units(d.swap) + account.units(d.fee);
		(d.type == 3 ? account.credit_units : account.balance_units) +=
		    cash;
		account.next_ticket = std::max(
		    account.next_ticket, std::max(d.ticket, d.order) + 1);
		d.arrives_ms = NEVER;
	}
	for (const Order &o : account.orders)
		account.next_ticket =
		    std::max(account.next_ticket, o.ticket + 1);
	account.index_deals();
	return true;
}

template <class T>
static void
save_all(const std::string &path, const std::vector<Field<T>> &fields,
    const std::vector<T> &records)
{
	std::string text = csv_header(fields);

	for (const T &record : records)
		text += csv_record(fields, record);
	write_file(path, text);
}

void
store_save(const std::string &folder, const Account &account, bool all)
{
	static std::map<std::string, size_t> saved;
	size_t &done = saved[folder];
	std::vector<Field<Deal>> fields = stored_fields();

	std::filesystem::create_directories(folder);
	if (all || done == 0) {
		save_all(folder + "/deals.csv", fields, account.deals);
		done = account.deals.size();
	}
	if (done < account.deals.size()) {
		std::ofstream out(folder + "/deals.csv", std::ios::app);
		while (done < account.deals.size())
			out << csv_record(fields, account.deals[done++]);
	}
	save_all(folder + "/positions.csv", position_fields, account.positions);
	save_all(folder + "/orders.csv", order_fields, account.orders);
	save_all(folder + "/account.csv", account_fields,
	    std::vector<AccountInfo>(1, account.info));
}

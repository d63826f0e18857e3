// MQL5's view of the account: properties, positions, orders and deals.
#include "terminal.h"

// The properties stand in the order of MetaQuotes' fields, kind by kind, which
// the tables of account.cpp have, too; tests/terminal/mql5_test.cpp proves it.
template <class T> struct Kinds {
	std::vector<int64_t T::*> integers;
	std::vector<double T::*> numbers;
	std::vector<string T::*> texts;

	explicit Kinds(const std::vector<Field<T>> &fields)
	{
		for (const Field<T> &f : fields) {
			if (f.integer)
				integers.push_back(f.integer);
			else if (f.number)
				numbers.push_back(f.number);
			else
				texts.push_back(f.text);
		}
	}
};

template <class T>
static const Kinds<T> &
kinds(const std::vector<Field<T>> &f)
{
	static const Kinds<T> the(f);

	return the;
}

static Position position; // the selected ones
static Order order;
static std::vector<int64_t> history;

long
AccountInfoInteger(ENUM_ACCOUNT_INFO_INTEGER property)
{
	return terminal().view.info.*kinds(account_fields).integers[property];
}

double
AccountInfoDouble(ENUM_ACCOUNT_INFO_DOUBLE property)
{
	if (terminal().on_account && property == ACCOUNT_MARGIN_LEVEL)
		terminal().on_account();
	return terminal().view.info.*kinds(account_fields).numbers[property];
}

string
AccountInfoString(ENUM_ACCOUNT_INFO_STRING property)
{
	return terminal().view.info.*kinds(account_fields).texts[property];
}

int
SymbolsTotal(bool)
{
	return (int)terminal().view.symbols.size();
}

string
SymbolName(int index, bool)
{
	return index >= 0 && index < SymbolsTotal(true)
		   ? terminal().view.symbols[(size_t)index].name
		   : string();
}

// An unknown one has nothing, as in MetaTrader.
static const Symbol &
symbol_of(const string &name)
{
	static const Symbol none;

	for (const Symbol &s : terminal().view.symbols)
		if (s.name == name)
			return s;
	return none;
}

long
SymbolInfoInteger(const string &name, ENUM_SYMBOL_INFO_INTEGER)
{
	return symbol_of(name).calc_mode;
}

double
SymbolInfoDouble(const string &name, ENUM_SYMBOL_INFO_DOUBLE property)
{
	const Symbol &s = symbol_of(name);

	return property == SYMBOL_BID ? s.bid : s.ask;
}

string
SymbolInfoString(const string &name, ENUM_SYMBOL_INFO_STRING property)
{
	const Symbol &s = symbol_of(name);

	return property == SYMBOL_CURRENCY_BASE ? s.base : s.profit;
}

int
TerminalInfoInteger(ENUM_TERMINAL_INFO_INTEGER property)
{
	const TerminalInfo &info = terminal().info;

	switch (property) {
	case TERMINAL_COMMUNITY_ACCOUNT:
		return (int)info.community_account;
	case TERMINAL_COMMUNITY_CONNECTION:
		return (int)info.community_connection;
	case TERMINAL_CONNECTED:
		return terminal().connected;
	case TERMINAL_DLLS_ALLOWED:
		return (int)info.dlls_allowed;
	case TERMINAL_TRADE_ALLOWED:
		return (int)info.trade_allowed;
	case TERMINAL_EMAIL_ENABLED:
		return (int)info.email_enabled;
	case TERMINAL_FTP_ENABLED:
		return (int)info.ftp_enabled;
	case TERMINAL_NOTIFICATIONS_ENABLED:
		return (int)info.notifications_enabled;
	case TERMINAL_MQID:
		return (int)info.mqid;
	case TERMINAL_BUILD:
		return (int)info.build;
	case TERMINAL_MAXBARS:
		return (int)info.maxbars;
	case TERMINAL_CODEPAGE:
		return (int)info.codepage;
	case TERMINAL_PING_LAST:
		return (int)info.ping_last;
	}
	return 0;
}

double
TerminalInfoDouble(ENUM_TERMINAL_INFO_DOUBLE property)
{
	return property == TERMINAL_RETRANSMISSION
		   ? terminal().info.retransmission
		   : terminal().info.community_balance;
}

string
TerminalInfoString(ENUM_TERMINAL_INFO_STRING property)
{
	const TerminalInfo &info = terminal().info;
	const string *texts[] = {&info.company, &info.name, &info.language,
	    &info.path, &info.data_path, &info.commondata_path};

	return *texts[property];
}

int
PositionsTotal()
{
	if (terminal().on_positions_total)
		terminal().on_positions_total();
	return (int)terminal().view.positions.size();
}

ulong
PositionGetTicket(int index)
{
	if (index < 0 || index >= PositionsTotal())
		return 0;
	position = terminal().view.positions[(size_t)index];
	return (ulong)position.ticket;
}

long
PositionGetInteger(ENUM_POSITION_PROPERTY_INTEGER property)
{
	return position.*kinds(position_fields).integers[property];
}

double
PositionGetDouble(ENUM_POSITION_PROPERTY_DOUBLE property)
{
	return position.*kinds(position_fields).numbers[property];
}

string
PositionGetString(ENUM_POSITION_PROPERTY_STRING property)
{
	return position.*kinds(position_fields).texts[property];
}

int
OrdersTotal()
{
	return (int)terminal().view.orders.size();
}

ulong
OrderGetTicket(int index)
{
	if (index < 0 || index >= OrdersTotal())
		return 0;
	order = terminal().view.orders[(size_t)index];
	return (ulong)order.ticket;
}

long
OrderGetInteger(ENUM_ORDER_PROPERTY_INTEGER property)
{
	return order.*kinds(order_fields).integers[property];
}

double
OrderGetDouble(ENUM_ORDER_PROPERTY_DOUBLE property)
{
	return order.*kinds(order_fields).numbers[property];
}

string
OrderGetString(ENUM_ORDER_PROPERTY_STRING property)
{
	return order.*kinds(order_fields).texts[property];
}

// The deals that the terminal has got from its broker so far.
template <class Wanted>
static bool
select_history(Wanted wanted)
{
	Terminal &t = terminal();
	int64_t now = t.now_ms();

	if (t.on_history_select)
		t.on_history_select();
	history.clear();
	if (!t.account)
		return true;
	for (const Deal &d : t.account->deals)
		if (wanted(d) && !d.archived && d.arrives_ms <= now)
			history.push_back(d.ticket);
	return true;
}

// Both ends are included, by the second.
bool
HistorySelect(datetime from, datetime to)
{
	return select_history(
	    [=](const Deal &d) { return d.time >= from && d.time <= to; });
}

bool
HistorySelectByPosition(long position_id)
{
	return select_history(
	    [=](const Deal &d) { return d.position_id == position_id; });
}

int
HistoryDealsTotal()
{
	return (int)history.size();
}

ulong
HistoryDealGetTicket(int index)
{
	if (index < 0 || index >= HistoryDealsTotal())
		return 0;
	terminal().deals_listed++;
	return (ulong)history[(size_t)index];
}

static const Deal &
deal_of(ulong ticket)
{
	static const Deal none;
	const Account *a = terminal().account;
	const Deal *deal = a ? a->find_deal((int64_t)ticket) : nullptr;

	return deal ? *deal : none;
}

long
HistoryDealGetInteger(ulong ticket, ENUM_DEAL_PROPERTY_INTEGER property)
{
	return deal_of(ticket).*kinds(deal_fields).integers[property];
}

double
HistoryDealGetDouble(ulong ticket, ENUM_DEAL_PROPERTY_DOUBLE property)
{
	const Deal &deal = deal_of(ticket);

	if (property == DEAL_SL)
		return deal.sl;
	if (property == DEAL_TP)
		return deal.tp;
	return deal.*kinds(deal_fields).numbers[property];
}

string
HistoryDealGetString(ulong ticket, ENUM_DEAL_PROPERTY_STRING property)
{
	return deal_of(ticket).*kinds(deal_fields).texts[property];
}

// mt5fleet: the account, the terminal, positions and orders as JSON.
#ifndef MT5FLEET_SNAPSHOT
#define MT5FLEET_SNAPSHOT

#include "Mt5FleetJson.mqh"

// 0 while none is logged in. A terminal that starts knows its login before
// the broker has sent the account: zeros and an empty currency, which must not
// pass for an account without money.
long Mt5FleetLogin(void)
{
	if(StringLen(AccountInfoString(ACCOUNT_CURRENCY)) == 0)
		return 0;
	return AccountInfoInteger(ACCOUNT_LOGIN);
}

void Mt5FleetWriteAccount(Mt5FleetJson &json)
{
	json.BeginObject("account");
	json.Id("login", AccountInfoInteger(ACCOUNT_LOGIN));
	json.Integer("trade_mode", AccountInfoInteger(ACCOUNT_TRADE_MODE));
	json.Integer("leverage", AccountInfoInteger(ACCOUNT_LEVERAGE));
	json.Integer("limit_orders", AccountInfoInteger(ACCOUNT_LIMIT_ORDERS));
	json.Integer("margin_so_mode",
	    AccountInfoInteger(ACCOUNT_MARGIN_SO_MODE));
	json.Flag("trade_allowed",
	    AccountInfoInteger(ACCOUNT_TRADE_ALLOWED) != 0);
	json.Flag("trade_expert", AccountInfoInteger(ACCOUNT_TRADE_EXPERT) != 0);
	json.Integer("margin_mode", AccountInfoInteger(ACCOUNT_MARGIN_MODE));
	json.Integer("currency_digits",
	    AccountInfoInteger(ACCOUNT_CURRENCY_DIGITS));
	json.Flag("fifo_close", AccountInfoInteger(ACCOUNT_FIFO_CLOSE) != 0);
	json.Number("balance", AccountInfoDouble(ACCOUNT_BALANCE));
	json.Number("credit", AccountInfoDouble(ACCOUNT_CREDIT));
	json.Number("profit", AccountInfoDouble(ACCOUNT_PROFIT));
	json.Number("equity", AccountInfoDouble(ACCOUNT_EQUITY));
	json.Number("margin", AccountInfoDouble(ACCOUNT_MARGIN));
	json.Number("margin_free", AccountInfoDouble(ACCOUNT_MARGIN_FREE));
	json.Number("margin_level", AccountInfoDouble(ACCOUNT_MARGIN_LEVEL));
	json.Number("margin_so_call", AccountInfoDouble(ACCOUNT_MARGIN_SO_CALL));
	json.Number("margin_so_so", AccountInfoDouble(ACCOUNT_MARGIN_SO_SO));
	json.Number("margin_initial", AccountInfoDouble(ACCOUNT_MARGIN_INITIAL));
	json.Number("margin_maintenance",
	    AccountInfoDouble(ACCOUNT_MARGIN_MAINTENANCE));
	json.Number("assets", AccountInfoDouble(ACCOUNT_ASSETS));
	json.Number("liabilities", AccountInfoDouble(ACCOUNT_LIABILITIES));
	json.Number("commission_blocked",
	    AccountInfoDouble(ACCOUNT_COMMISSION_BLOCKED));
	json.Text("name", AccountInfoString(ACCOUNT_NAME));
	json.Text("server", AccountInfoString(ACCOUNT_SERVER));
	json.Text("currency", AccountInfoString(ACCOUNT_CURRENCY));
	json.Text("company", AccountInfoString(ACCOUNT_COMPANY));
	json.EndObject();
}

void Mt5FleetWriteTerminalFlags(Mt5FleetJson &json)
{
	json.Flag("community_account",
	    TerminalInfoInteger(TERMINAL_COMMUNITY_ACCOUNT) != 0);
	json.Flag("community_connection",
	    TerminalInfoInteger(TERMINAL_COMMUNITY_CONNECTION) != 0);
	json.Flag("connected", TerminalInfoInteger(TERMINAL_CONNECTED) != 0);
	json.Flag("dlls_allowed",
	    TerminalInfoInteger(TERMINAL_DLLS_ALLOWED) != 0);
	json.Flag("trade_allowed",
	    TerminalInfoInteger(TERMINAL_TRADE_ALLOWED) != 0);
	// The Python package's own switch: MQL5 has no property for it.
	json.Null("tradeapi_disabled");
	json.Flag("email_enabled",
	    TerminalInfoInteger(TERMINAL_EMAIL_ENABLED) != 0);
	json.Flag("ftp_enabled", TerminalInfoInteger(TERMINAL_FTP_ENABLED) != 0);
	json.Flag("notifications_enabled",
	    TerminalInfoInteger(TERMINAL_NOTIFICATIONS_ENABLED) != 0);
	json.Flag("mqid", TerminalInfoInteger(TERMINAL_MQID) != 0);
}

void Mt5FleetWriteTerminal(Mt5FleetJson &json)
{
	json.BeginObject("terminal");
	Mt5FleetWriteTerminalFlags(json);
	json.Integer("build", (long)TerminalInfoInteger(TERMINAL_BUILD));
	json.Integer("maxbars", (long)TerminalInfoInteger(TERMINAL_MAXBARS));
	json.Integer("codepage", (long)TerminalInfoInteger(TERMINAL_CODEPAGE));
	json.Integer("ping_last", (long)TerminalInfoInteger(TERMINAL_PING_LAST));
	json.Number("community_balance",
	    TerminalInfoDouble(TERMINAL_COMMUNITY_BALANCE));
	json.Number("retransmission",
	    TerminalInfoDouble(TERMINAL_RETRANSMISSION));
	json.Text("company", TerminalInfoString(TERMINAL_COMPANY));
	json.Text("name", TerminalInfoString(TERMINAL_NAME));
	json.Text("language", TerminalInfoString(TERMINAL_LANGUAGE));
	json.Text("path", TerminalInfoString(TERMINAL_PATH));
	json.Text("data_path", TerminalInfoString(TERMINAL_DATA_PATH));
	json.Text("commondata_path",
	    TerminalInfoString(TERMINAL_COMMONDATA_PATH));
	json.EndObject();
}

// The selected position.
void Mt5FleetWritePosition(Mt5FleetJson &json)
{
	json.BeginObject("");
	json.Id("ticket", PositionGetInteger(POSITION_TICKET));
	json.Integer("time", PositionGetInteger(POSITION_TIME));
	json.Integer("time_msc", PositionGetInteger(POSITION_TIME_MSC));
	json.Integer("time_update", PositionGetInteger(POSITION_TIME_UPDATE));
	json.Integer("time_update_msc",
	    PositionGetInteger(POSITION_TIME_UPDATE_MSC));
	json.Integer("type", PositionGetInteger(POSITION_TYPE));
	json.Id("magic", PositionGetInteger(POSITION_MAGIC));
	json.Id("identifier", PositionGetInteger(POSITION_IDENTIFIER));
	json.Integer("reason", PositionGetInteger(POSITION_REASON));
	json.Number("volume", PositionGetDouble(POSITION_VOLUME));
	json.Number("price_open", PositionGetDouble(POSITION_PRICE_OPEN));
	json.Number("sl", PositionGetDouble(POSITION_SL));
	json.Number("tp", PositionGetDouble(POSITION_TP));
	json.Number("price_current", PositionGetDouble(POSITION_PRICE_CURRENT));
	json.Number("swap", PositionGetDouble(POSITION_SWAP));
	json.Number("profit", PositionGetDouble(POSITION_PROFIT));
	json.Text("symbol", PositionGetString(POSITION_SYMBOL));
	json.Text("comment", PositionGetString(POSITION_COMMENT));
	json.Text("external_id", PositionGetString(POSITION_EXTERNAL_ID));
	json.EndObject();
}

// The selected order.
void Mt5FleetWriteOrder(Mt5FleetJson &json)
{
	json.BeginObject("");
	json.Id("ticket", OrderGetInteger(ORDER_TICKET));
	json.Integer("time_setup", OrderGetInteger(ORDER_TIME_SETUP));
	json.Integer("time_setup_msc", OrderGetInteger(ORDER_TIME_SETUP_MSC));
	json.Integer("time_done", OrderGetInteger(ORDER_TIME_DONE));
	json.Integer("time_done_msc", OrderGetInteger(ORDER_TIME_DONE_MSC));
	json.Integer("time_expiration", OrderGetInteger(ORDER_TIME_EXPIRATION));
	json.Integer("type", OrderGetInteger(ORDER_TYPE));
	json.Integer("type_time", OrderGetInteger(ORDER_TYPE_TIME));
	json.Integer("type_filling", OrderGetInteger(ORDER_TYPE_FILLING));
	json.Integer("state", OrderGetInteger(ORDER_STATE));
	json.Id("magic", OrderGetInteger(ORDER_MAGIC));
	json.Id("position_id", OrderGetInteger(ORDER_POSITION_ID));
	json.Id("position_by_id", OrderGetInteger(ORDER_POSITION_BY_ID));
	json.Integer("reason", OrderGetInteger(ORDER_REASON));
	json.Number("volume_initial", OrderGetDouble(ORDER_VOLUME_INITIAL));
	json.Number("volume_current", OrderGetDouble(ORDER_VOLUME_CURRENT));
	json.Number("price_open", OrderGetDouble(ORDER_PRICE_OPEN));
	json.Number("sl", OrderGetDouble(ORDER_SL));
	json.Number("tp", OrderGetDouble(ORDER_TP));
	json.Number("price_current", OrderGetDouble(ORDER_PRICE_CURRENT));
	json.Number("price_stoplimit", OrderGetDouble(ORDER_PRICE_STOPLIMIT));
	json.Text("symbol", OrderGetString(ORDER_SYMBOL));
	json.Text("comment", OrderGetString(ORDER_COMMENT));
	json.Text("external_id", OrderGetString(ORDER_EXTERNAL_ID));
	json.EndObject();
}

// False: a position went away while they were being read.
bool Mt5FleetWritePositions(Mt5FleetJson &json)
{
	int total = PositionsTotal();
	json.BeginArray("positions");
	for(int i = 0; i < total; i++) {
		if(PositionGetTicket(i) == 0)
			return false;
		Mt5FleetWritePosition(json);
	}
	json.EndArray();
	return PositionsTotal() == total;
}

bool Mt5FleetWriteOrders(Mt5FleetJson &json)
{
	int total = OrdersTotal();
	json.BeginArray("orders");
	for(int i = 0; i < total; i++) {
		if(OrderGetTicket(i) == 0)
			return false;
		Mt5FleetWriteOrder(json);
	}
	json.EndArray();
	return OrdersTotal() == total;
}

// The figures that move together: read before and after, they tell whether
// the terminal booked something in between.
struct Mt5FleetMoney {
	long login;
	double balance;
	double credit;
	double profit;
	double equity;
	double margin;
};

void Mt5FleetReadMoney(Mt5FleetMoney &money)
{
	money.login = Mt5FleetLogin();
	money.balance = AccountInfoDouble(ACCOUNT_BALANCE);
	money.credit = AccountInfoDouble(ACCOUNT_CREDIT);
	money.profit = AccountInfoDouble(ACCOUNT_PROFIT);
	money.equity = AccountInfoDouble(ACCOUNT_EQUITY);
	money.margin = AccountInfoDouble(ACCOUNT_MARGIN);
}

// Nothing was booked between the two.
bool Mt5FleetSameBooks(const Mt5FleetMoney &a, const Mt5FleetMoney &b)
{
	return a.login == b.login && a.balance == b.balance &&
	    a.credit == b.credit;
}

bool Mt5FleetSameMoney(const Mt5FleetMoney &a, const Mt5FleetMoney &b)
{
	return Mt5FleetSameBooks(a, b) && a.profit == b.profit &&
	    a.equity == b.equity && a.margin == b.margin;
}

#endif

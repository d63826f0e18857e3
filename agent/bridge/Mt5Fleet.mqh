// mt5fleet: shows this terminal to the agent of its machine. It reads only.
//
// Both programs, the service and the expert, are this file: fifty times a
// second they call Look(). That glances at the money, and looks at everything
// when it moved and ten times a second: snapshot.json is written when something
// has changed and at least each second, and a request for deals is answered.
// docs/mailbox.md says what the files hold, docs/bridge.md how to install it.
#ifndef MT5FLEET
#define MT5FLEET

#include "Mt5FleetJson.mqh"
#include "Mt5FleetRequest.mqh"
#include "Mt5FleetMailbox.mqh"
#include "Mt5FleetClock.mqh"
#include "Mt5FleetRate.mqh"
#include "Mt5FleetEquity.mqh"
#include "Mt5FleetHistory.mqh"
#include "Mt5FleetSnapshot.mqh"

#define MT5FLEET_VERSION "1.0.0"
#define MT5FLEET_GLANCE_MS 20
#define MT5FLEET_LOOK_MS 100
// After an answer the next request is likely: all pages of a history.
#define MT5FLEET_BUSY_MS 500
#define MT5FLEET_HEARTBEAT_MS 900
#define MT5FLEET_TRIES 5
#define MT5FLEET_MAX_MSC 32503680000000
#define MT5FLEET_MAX_ID 9223372036854775807

class Mt5FleetBridge {
private:
	Mt5FleetMailbox m_mailbox;
	Mt5FleetClock m_clock;
	Mt5FleetRate m_rate;
	Mt5FleetEquity m_equity;
	Mt5FleetHistory m_history;

	string m_program;
	string m_session;
	ulong m_tick;
	ulong m_looked_tick;
	Mt5FleetMoney m_glanced;
	bool m_marked;

	long m_login;
	string m_server;
	bool m_connected;
	double m_balance;
	int m_positions;

	Mt5FleetJson m_account;
	Mt5FleetJson m_content;
	Mt5FleetJson m_published;
	Mt5FleetJson m_body;
	Mt5FleetJson m_deals;
	long m_seq;
	long m_rev;
	ulong m_published_tick;

	ARRAY(uchar, m_request);
	string m_answered;
	ulong m_answered_tick;

	bool Due(void);
	void LookAtAccount(void);
	void LookAtHistory(void);
	bool BuildAccount(Mt5FleetMoney &money);
	bool BuildContent(void);
	bool BuildContentOnce(void);
	void BuildBody(const long rev);
	void Snapshot(void);

	void Requests(void);
	bool Answer(Mt5FleetRequest &request, const string id);
	bool Understand(Mt5FleetRequest &request, Mt5FleetPage &page,
	    string &error);
	string WrongAccount(Mt5FleetRequest &request);
	void BeginReply(Mt5FleetRequest &request, const string id);
	bool Refuse(Mt5FleetRequest &request, const string id,
	    const string code, const string message);
	bool Deals(Mt5FleetRequest &request, const string id,
	    const Mt5FleetPage &page);

public:
	Mt5FleetBridge(void);
	void Start(const string program);
	void Look(void);
	// Something was traded: count the deals on the next look.
	void Mark(void);
	void Stop(void);
};

Mt5FleetBridge::Mt5FleetBridge(void)
{
	m_tick = 0;
	m_looked_tick = 0;
	m_marked = false;
	m_login = 0;
	m_connected = false;
	m_balance = 0;
	m_positions = 0;
	m_seq = 0;
	m_rev = 0;
	m_published_tick = 0;
	m_answered_tick = 0;
}

void Mt5FleetBridge::Start(const string program)
{
	m_program = program;
	m_mailbox.Init();
	Mt5FleetReadMoney(m_glanced);
	m_session = Mt5FleetHex(Mt5FleetFnv(m_mailbox.TerminalId() + " " +
	    IntegerToString((long)TimeGMT()) + " " +
	    IntegerToString((long)GetTickCount64()) + " " +
	    IntegerToString((long)GetMicrosecondCount()) + " " + program), 16);
	m_seq = 0;
	m_rev = 0;
	m_published.Clear();
	m_answered = "";
	m_login = 0;
	m_server = "";
	m_connected = false;
	m_history.Forget();
	m_equity.Forget();
	m_clock.Forget();
	string version = MT5FLEET_VERSION;
	Print("mt5fleet " + version + " (" + program + "): terminal " +
	    m_mailbox.TerminalId());
}

void Mt5FleetBridge::Stop(void)
{
	m_mailbox.Release();
}

void Mt5FleetBridge::Mark(void)
{
	m_marked = true;
}

bool Mt5FleetBridge::Due(void)
{
	Mt5FleetMoney now;
	if(m_marked || m_tick - m_looked_tick >= MT5FLEET_LOOK_MS)
		return true;
	if(m_answered_tick > 0 && m_tick - m_answered_tick < MT5FLEET_BUSY_MS)
		return true;
	Mt5FleetReadMoney(now);
	return !Mt5FleetSameMoney(now, m_glanced);
}

void Mt5FleetBridge::Look(void)
{
	m_tick = GetTickCount64();
	if(!Due())
		return;
	m_looked_tick = m_tick;
	Mt5FleetReadMoney(m_glanced);
	if(!m_mailbox.Own())
		return;
	m_clock.Look(m_tick);
	m_rate.Look(m_tick);
	LookAtAccount();
	LookAtHistory();
	Snapshot();
	Requests();
	m_mailbox.Sweep(m_tick);
}

void Mt5FleetBridge::LookAtAccount(void)
{
	long login = Mt5FleetLogin();
	string server = AccountInfoString(ACCOUNT_SERVER);
	bool connected = TerminalInfoInteger(TERMINAL_CONNECTED) != 0;
	if(server != m_server)
		m_clock.Forget();
	if(login != m_login || server != m_server) {
		m_equity.Forget();
		m_history.Forget();
	}
	if(connected && !m_connected)
		m_history.Unsettle(m_tick);
	m_login = login;
	m_server = server;
	m_connected = connected;
}

void Mt5FleetBridge::LookAtHistory(void)
{
	double balance = AccountInfoDouble(ACCOUNT_BALANCE);
	int positions = PositionsTotal();
	bool now = m_marked || balance != m_balance || positions != m_positions;
	if(m_login == 0)
		return;
	m_marked = false;
	m_balance = balance;
	m_positions = positions;
	m_history.Look(m_tick, now, m_connected, balance);
}

// The account's figures, all of one moment: while a market moves they change
// with each tick, but reading them takes a few microseconds only.
bool Mt5FleetBridge::BuildAccount(Mt5FleetMoney &money)
{
	Mt5FleetMoney before;
	for(int i = 0; i < MT5FLEET_TRIES; i++) {
		Mt5FleetReadMoney(before);
		m_account.Clear();
		if(before.login != 0)
			Mt5FleetWriteAccount(m_account);
		else
			m_account.Null("account");
		Mt5FleetReadMoney(money);
		if(Mt5FleetSameMoney(before, money))
			return money.login == m_login;
	}
	return false;
}

// All of the snapshot that is not a clock: what decides about rev. It goes on
// where BuildBody stops, inside of "equity" where there is one.
bool Mt5FleetBridge::BuildContentOnce(void)
{
	m_content.Clear();
	if(m_equity.Known())
		m_equity.Write(m_content);
	else
		m_content.Null("equity");
	if(m_clock.OffsetKnown())
		m_content.Integer("broker_offset_s", m_clock.OffsetS());
	else
		m_content.Null("broker_offset_s");
	if(m_rate.Usd() > 0)
		m_content.Number("usd_rate", m_rate.Usd());
	else
		m_content.Null("usd_rate");
	m_content.Flag("clock_moving", m_clock.Moving());
	m_content.Append(m_account);
	Mt5FleetWriteTerminal(m_content);
	bool good = Mt5FleetWritePositions(m_content) &&
	    Mt5FleetWriteOrders(m_content);
	m_history.Write(m_content);
	return good;
}

// The terminal goes on trading while it is read. Positions may be some
// milliseconds younger than the account; but what is booked in between counts
// for both or for none.
bool Mt5FleetBridge::BuildContent(void)
{
	Mt5FleetMoney before;
	Mt5FleetMoney after;
	for(int i = 0; i < MT5FLEET_TRIES; i++) {
		if(!BuildAccount(before))
			continue;
		if(m_login != 0 && m_connected && m_clock.BrokerMsc() > 0)
			m_equity.See(before.equity, m_tick,
			    m_clock.BrokerMsc());
		bool good = BuildContentOnce();
		Mt5FleetReadMoney(after);
		if(good && Mt5FleetSameBooks(before, after))
			return true;
	}
	return false;
}

void Mt5FleetBridge::BuildBody(const long rev)
{
	m_body.Clear();
	m_body.BeginObject("");
	m_body.Integer("v", 1);
	m_body.Text("kind", "snapshot");
	m_body.Text("terminal_id", m_mailbox.TerminalId());
	m_body.BeginObject("bridge");
	m_body.Text("version", MT5FLEET_VERSION);
	m_body.Text("program", m_program);
	m_body.Text("session", m_session);
	m_body.EndObject();
	m_body.Integer("seq", m_seq + 1);
	m_body.Integer("rev", rev);
	m_body.Integer("gmt_msc", m_clock.GmtMsc());
	m_body.Integer("trade_server_msc", m_clock.TradeServerMsc());
	if(m_equity.Known()) {
		m_body.BeginObject("equity");
		m_body.Integer("since_msc", m_equity.SinceMsc());
	}
	m_body.Append(m_content);
	m_body.EndObject();
}

void Mt5FleetBridge::Snapshot(void)
{
	if(!BuildContent())
		return;
	bool changed = !m_content.Same(m_published);
	if(!changed && m_seq > 0 &&
	    m_tick - m_published_tick < MT5FLEET_HEARTBEAT_MS)
		return;
	long rev = changed ? m_rev + 1 : m_rev;
	BuildBody(rev);
	if(!m_mailbox.Publish("snapshot.json", m_body))
		return;
	m_seq++;
	m_rev = rev;
	m_published_tick = m_tick;
	m_published.Clear();
	m_published.Append(m_content);
	m_equity.Published(m_clock.BrokerMsc());
}

// An id becomes part of a file's name.
bool Mt5FleetGoodId(const string id)
{
	int length = StringLen(id);
	for(int i = 0; i < length; i++) {
		ushort c = StringGetCharacter(id, i);
		if(!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= 'a' && c <= 'z') && c != '-' && c != '_')
			return false;
	}
	return length > 0 && length <= 64;
}

void Mt5FleetBridge::Requests(void)
{
	Mt5FleetRequest request;
	int size = m_mailbox.Read("request.json", m_request);
	if(size < 0)
		return;
	bool parsed = request.Parse(m_request, size);
	string id = request.Text("id");
	if(id == m_answered && StringLen(id) > 0)
		return;
	if(!Mt5FleetGoodId(id)) {
		if(m_answered != "?" + id)
			Print("mt5fleet: a request without a usable id: \"" +
			    id + "\" " + request.Error());
		m_answered = "?" + id;
		return;
	}
	bool sent = parsed ? Answer(request, id) :
	    Refuse(request, id, "bad_request", request.Error());
	if(!sent)
		return;
	m_answered = id;
	m_answered_tick = m_tick;
}

bool Mt5FleetBridge::Understand(Mt5FleetRequest &request, Mt5FleetPage &page,
    string &error)
{
	string kind = request.Text("kind");
	long version = 0;
	page.position_id = 0;
	page.from_msc = 0;
	page.to_msc = MT5FLEET_MAX_MSC;
	page.after_msc = 0;
	page.after_ticket = 0;
	page.limit = MT5FLEET_MAX_LIMIT;
	bool good = request.Number("v", 1, 1, version) &&
	    request.Number("from_msc", 0, MT5FLEET_MAX_ID, page.from_msc) &&
	    request.Number("to_msc", 0, MT5FLEET_MAX_ID, page.to_msc) &&
	    request.Number("after_msc", 0, MT5FLEET_MAX_ID, page.after_msc) &&
	    request.Number("after_ticket", 0, MT5FLEET_MAX_ID,
	    page.after_ticket) &&
	    request.Number("limit", 1, MT5FLEET_MAX_LIMIT, page.limit) &&
	    request.Number("position_id", 1, MT5FLEET_MAX_ID,
	    page.position_id);
	error = request.Error();
	if(good && kind != "deals" && kind != "position") {
		error = "kind: \"" + kind + "\" is not deals or position";
		good = false;
	}
	if(good && (kind == "position") != (page.position_id != 0)) {
		error = "position_id: \"" + request.Text("position_id") +
		    "\" does not go with kind \"" + kind + "\"";
		good = false;
	}
	return good;
}

// "" where the terminal is logged in as the account the request names.
string Mt5FleetBridge::WrongAccount(Mt5FleetRequest &request)
{
	string login = request.Text("login");
	string server = request.Text("server");
	string ours = IntegerToString(Mt5FleetLogin());
	string our_server = AccountInfoString(ACCOUNT_SERVER);
	if(ours == "0")
		return "the terminal is not logged in";
	if(login == ours && server == our_server)
		return "";
	return "asked for \"" + login + "\" on \"" + server +
	    "\", logged in as \"" + ours + "\" on \"" + our_server + "\"";
}

bool Mt5FleetBridge::Answer(Mt5FleetRequest &request, const string id)
{
	Mt5FleetPage page;
	string error = "";
	if(!Understand(request, page, error))
		return Refuse(request, id, "bad_request", error);
	error = WrongAccount(request);
	if(error != "")
		return Refuse(request, id, "wrong_account", error);
	return Deals(request, id, page);
}

void Mt5FleetBridge::BeginReply(Mt5FleetRequest &request, const string id)
{
	m_body.Clear();
	m_body.BeginObject("");
	m_body.Integer("v", 1);
	m_body.Text("kind", "reply");
	m_body.Text("id", id);
	m_body.Text("login", request.Text("login"));
	m_body.Text("server", request.Text("server"));
}

bool Mt5FleetBridge::Refuse(Mt5FleetRequest &request, const string id,
    const string code, const string message)
{
	BeginReply(request, id);
	m_body.BeginObject("error");
	m_body.Text("code", code);
	m_body.Text("message", message);
	m_body.EndObject();
	m_body.Flag("complete", m_history.Complete());
	m_body.Flag("more", false);
	m_body.Null("balance");
	m_body.Null("credit");
	m_body.BeginArray("deals");
	m_body.EndArray();
	m_body.EndObject();
	return m_mailbox.Publish("reply-" + id + ".json", m_body);
}

// The balance goes with the deals only if neither moved while they were read.
bool Mt5FleetBridge::Deals(Mt5FleetRequest &request, const string id,
    const Mt5FleetPage &page)
{
	Mt5FleetMoney before;
	Mt5FleetMoney after;
	bool more = false;
	Mt5FleetReadMoney(before);
	long count = m_history.Count();
	m_deals.Clear();
	if(count < 0 || !m_history.WritePage(page, m_deals, more))
		return Refuse(request, id, "history",
		    "the terminal cannot read its history now: error " +
		    IntegerToString(GetLastError()));
	bool still = m_history.Count() == count;
	Mt5FleetReadMoney(after);
	string wrong = WrongAccount(request);
	if(wrong != "")
		return Refuse(request, id, "wrong_account", wrong);
	BeginReply(request, id);
	m_body.Null("error");
	m_body.Flag("complete", m_history.Complete());
	m_body.Flag("more", more);
	if(still && before.balance == after.balance &&
	    before.credit == after.credit) {
		m_body.Number("balance", after.balance);
		m_body.Number("credit", after.credit);
	} else {
		m_body.Null("balance");
		m_body.Null("credit");
	}
	m_body.Append(m_deals);
	m_body.EndObject();
	return m_mailbox.Publish("reply-" + id + ".json", m_body);
}

#endif

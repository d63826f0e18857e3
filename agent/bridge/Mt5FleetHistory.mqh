// mt5fleet: how many deals the terminal has, whether that is all, and which.
#ifndef MT5FLEET_HISTORY
#define MT5FLEET_HISTORY

#include "Mt5FleetJson.mqh"

#define MT5FLEET_COUNT_MS 1000
#define MT5FLEET_SETTLED_MS 5000
#define MT5FLEET_EMPTY_MS 30000
// The first window searched for a page, in seconds; it widens as needed.
#define MT5FLEET_WINDOW_S 604800
#define MT5FLEET_MAX_LIMIT 5000
// A page ends early here: far under the 8 MiB of a body.
#define MT5FLEET_PAGE_BYTES 6291456

struct Mt5FleetDealKey {
	long time_msc;
	ulong ticket;
};

struct Mt5FleetPage {
	long position_id;	// 0: by time
	long from_msc;
	long to_msc;
	long after_msc;
	long after_ticket;
	long limit;
};

bool Mt5FleetBefore(const Mt5FleetDealKey &a, const Mt5FleetDealKey &b)
{
	return a.time_msc < b.time_msc ||
	    (a.time_msc == b.time_msc && a.ticket < b.ticket);
}

// Some servers give the second of a deal alone.
long Mt5FleetDealMsc(const ulong ticket)
{
	long msc = HistoryDealGetInteger(ticket, DEAL_TIME_MSC);
	return msc != 0 ? msc :
	    HistoryDealGetInteger(ticket, DEAL_TIME) * 1000;
}

void Mt5FleetSift(ARRAY_REF(Mt5FleetDealKey, keys), const int start,
    const int count)
{
	int at = start;
	while(at * 2 + 1 < count) {
		int child = at * 2 + 1;
		if(child + 1 < count &&
		    Mt5FleetBefore(keys[child], keys[child + 1]))
			child++;
		if(!Mt5FleetBefore(keys[at], keys[child]))
			return;
		Mt5FleetDealKey swapped = keys[at];
		keys[at] = keys[child];
		keys[child] = swapped;
		at = child;
	}
}

// A heap sort: the terminal's list is nearly in order, which it minds not.
void Mt5FleetSort(ARRAY_REF(Mt5FleetDealKey, keys), const int count)
{
	bool sorted = true;
	for(int i = 1; i < count && sorted; i++)
		sorted = Mt5FleetBefore(keys[i - 1], keys[i]);
	if(sorted)
		return;
	for(int i = count / 2 - 1; i >= 0; i--)
		Mt5FleetSift(keys, i, count);
	for(int end = count - 1; end > 0; end--) {
		Mt5FleetDealKey swapped = keys[0];
		keys[0] = keys[end];
		keys[end] = swapped;
		Mt5FleetSift(keys, 0, end);
	}
}

void Mt5FleetWriteDeal(Mt5FleetJson &json, const ulong ticket)
{
	json.BeginObject("");
	json.Id("ticket", (long)ticket);
	json.Id("order", HistoryDealGetInteger(ticket, DEAL_ORDER));
	json.Integer("time", HistoryDealGetInteger(ticket, DEAL_TIME));
	json.Integer("time_msc", Mt5FleetDealMsc(ticket));
	json.Integer("type", HistoryDealGetInteger(ticket, DEAL_TYPE));
	json.Integer("entry", HistoryDealGetInteger(ticket, DEAL_ENTRY));
	json.Id("magic", HistoryDealGetInteger(ticket, DEAL_MAGIC));
	json.Id("position_id", HistoryDealGetInteger(ticket, DEAL_POSITION_ID));
	json.Integer("reason", HistoryDealGetInteger(ticket, DEAL_REASON));
	json.Number("volume", HistoryDealGetDouble(ticket, DEAL_VOLUME));
	json.Number("price", HistoryDealGetDouble(ticket, DEAL_PRICE));
	json.Number("commission", HistoryDealGetDouble(ticket, DEAL_COMMISSION));
	json.Number("swap", HistoryDealGetDouble(ticket, DEAL_SWAP));
	json.Number("profit", HistoryDealGetDouble(ticket, DEAL_PROFIT));
	json.Number("fee", HistoryDealGetDouble(ticket, DEAL_FEE));
	json.Text("symbol", HistoryDealGetString(ticket, DEAL_SYMBOL));
	json.Text("comment", HistoryDealGetString(ticket, DEAL_COMMENT));
	json.Text("external_id", HistoryDealGetString(ticket, DEAL_EXTERNAL_ID));
	json.Number("sl", HistoryDealGetDouble(ticket, DEAL_SL));
	json.Number("tp", HistoryDealGetDouble(ticket, DEAL_TP));
	json.EndObject();
}

class Mt5FleetHistory {
private:
	long m_deals;
	long m_cash;
	long m_old;
	long m_watched_s;
	bool m_complete;
	ulong m_counted_tick;
	bool m_counting;
	ulong m_still_tick;
	long m_last_msc;
	ulong m_last_ticket;

	void FindLast(void);
	void CountCash(void);
	long CountOld(void);
	void Settle(const ulong tick, const double balance);
	bool Select(const long from_s, const long to_s);
	int Collect(const Mt5FleetPage &page, const long to_msc,
	    ARRAY_REF(Mt5FleetDealKey, keys));
	int FindByTime(const Mt5FleetPage &page,
	    ARRAY_REF(Mt5FleetDealKey, keys));
	int FindByPosition(const Mt5FleetPage &page,
	    ARRAY_REF(Mt5FleetDealKey, keys));

public:
	Mt5FleetHistory(void);
	// A start, a reconnect, another account: nothing is known any more.
	void Forget(void);
	// The broker is connected again: it may have more than we counted.
	void Unsettle(const ulong tick);
	void Look(const ulong tick, const bool now, const bool connected,
	    const double balance);
	void Write(Mt5FleetJson &json) const;
	bool Complete(void) const;
	// The number of deals that the terminal has now, or -1.
	long Count(void);
	// Writes the member "deals". False: the history cannot be read now.
	bool WritePage(const Mt5FleetPage &page, Mt5FleetJson &json,
	    bool &more);
};

Mt5FleetHistory::Mt5FleetHistory(void)
{
	Forget();
}

void Mt5FleetHistory::Forget(void)
{
	m_deals = -1;
	m_cash = -1;
	m_old = -1;
	m_watched_s = 0;
	m_complete = false;
	m_counted_tick = 0;
	m_counting = false;
	m_still_tick = 0;
	m_last_msc = 0;
	m_last_ticket = 0;
}

void Mt5FleetHistory::Unsettle(const ulong tick)
{
	m_complete = false;
	m_watched_s = 0;
	m_counting = false;
	m_still_tick = tick;
}

bool Mt5FleetHistory::Select(const long from_s, const long to_s)
{
	return HistorySelect((datetime)(from_s < 0 ? 0 : from_s),
	    (datetime)to_s);
}

// Beyond any deal, whatever clock the broker has.
long Mt5FleetForever(void)
{
	long later_s = (long)TimeTradeServer() + 2 * 86400;
	return later_s > 2147483647 ? later_s : 2147483647;
}

long Mt5FleetHistory::Count(void)
{
	if(!Select(0, Mt5FleetForever()))
		return -1;
	return (long)HistoryDealsTotal();
}

// Deals from before we watched: what is booked since then is trading, and no
// sign that the terminal still loads.
long Mt5FleetHistory::CountOld(void)
{
	if(m_watched_s == 0)
		m_watched_s = (long)TimeTradeServer();
	if(!Select(0, m_watched_s > 0 ? m_watched_s : Mt5FleetForever()))
		return -1;
	return (long)HistoryDealsTotal();
}

// How many deals are no trade: deposits, credit, charges. Who has stored as
// many has missed none of them.
void Mt5FleetHistory::CountCash(void)
{
	m_cash = -1;
	if(!Select(0, Mt5FleetForever()))
		return;
	m_cash = 0;
	int total = HistoryDealsTotal();
	for(int i = 0; i < total; i++) {
		ulong ticket = HistoryDealGetTicket(i);
		long type = HistoryDealGetInteger(ticket, DEAL_TYPE);
		if(type > 1 ||
		    HistoryDealGetInteger(ticket, DEAL_POSITION_ID) == 0)
			m_cash++;
	}
}

// Only what lies at or behind the last one known can be the last one now.
void Mt5FleetHistory::FindLast(void)
{
	if(!Select(m_last_msc / 1000 - 1, Mt5FleetForever()))
		return;
	Mt5FleetDealKey last;
	last.time_msc = 0;
	last.ticket = 0;
	int total = HistoryDealsTotal();
	for(int i = 0; i < total; i++) {
		Mt5FleetDealKey key;
		key.ticket = HistoryDealGetTicket(i);
		key.time_msc = Mt5FleetDealMsc(key.ticket);
		if(Mt5FleetBefore(last, key))
			last = key;
	}
	bool gone = last.time_msc < m_last_msc;
	m_last_msc = last.time_msc;
	m_last_ticket = last.ticket;
	if(gone && m_deals > 0) {
		m_last_msc = 0;
		FindLast();
	}
}

// Complete once the count of old deals has stood still for a while.
void Mt5FleetHistory::Settle(const ulong tick, const double balance)
{
	ulong needed_ms = m_deals == 0 && balance != 0.0 ? MT5FLEET_EMPTY_MS :
	    MT5FLEET_SETTLED_MS;
	if(tick - m_still_tick >= needed_ms)
		m_complete = true;
}

void Mt5FleetHistory::Look(const ulong tick, const bool now,
    const bool connected, const double balance)
{
	if(m_deals >= 0 && !now && tick - m_counted_tick < MT5FLEET_COUNT_MS)
		return;
	long deals = Count();
	long old = m_complete ? m_old : CountOld();
	if(deals < 0 || old < 0)
		return;
	m_counted_tick = tick;
	if(old != m_old || !m_counting || !connected)
		m_still_tick = tick;
	m_old = old;
	m_counting = connected;
	if(deals != m_deals) {
		m_deals = deals;
		FindLast();
		CountCash();
	}
	if(connected)
		Settle(tick, balance);
}

bool Mt5FleetHistory::Complete(void) const
{
	return m_complete;
}

void Mt5FleetHistory::Write(Mt5FleetJson &json) const
{
	json.BeginObject("history");
	if(m_deals < 0)
		json.Null("deals");
	else
		json.Integer("deals", m_deals);
	if(m_cash < 0)
		json.Null("cash");
	else
		json.Integer("cash", m_cash);
	json.Flag("complete", m_complete);
	if(m_deals > 0) {
		json.Id("last_ticket", (long)m_last_ticket);
		json.Integer("last_msc", m_last_msc);
	} else {
		json.Null("last_ticket");
		json.Null("last_msc");
	}
	json.EndObject();
}

// Of the selected deals, those of the page and what is behind it, unsorted;
// -1 where the list cannot be read.
int Mt5FleetHistory::Collect(const Mt5FleetPage &page, const long to_msc,
    ARRAY_REF(Mt5FleetDealKey, keys))
{
	int count = 0;
	int total = HistoryDealsTotal();
	Mt5FleetDealKey after;
	after.time_msc = page.after_msc;
	after.ticket = (ulong)page.after_ticket;
	ArrayResize(keys, total);
	for(int i = 0; i < total; i++) {
		Mt5FleetDealKey key;
		key.ticket = HistoryDealGetTicket(i);
		if(key.ticket == 0)
			return -1;
		key.time_msc = Mt5FleetDealMsc(key.ticket);
		if(key.time_msc < page.from_msc || key.time_msc > to_msc ||
		    !Mt5FleetBefore(after, key))
			continue;
		keys[count] = key;
		count++;
	}
	return count;
}

// The terminal selects by whole seconds, both ends included: a second more on
// either side, then by the millisecond. The window widens until it holds a
// page and one more, so that reading all pages does not read all deals for
// each of them.
int Mt5FleetHistory::FindByTime(const Mt5FleetPage &page,
    ARRAY_REF(Mt5FleetDealKey, keys))
{
	long from_msc = page.from_msc > page.after_msc ? page.from_msc :
	    page.after_msc;
	long from_s = from_msc / 1000 - 1;
	long last_s = Mt5FleetForever();
	if(page.to_msc / 1000 + 1 < last_s)
		last_s = page.to_msc / 1000 + 1;
	long window_s = MT5FLEET_WINDOW_S;
	bool last = false;
	int count = 0;
	while(!last && count >= 0 && count <= page.limit) {
		last = last_s - from_s <= window_s;
		long to_s = last ? last_s : from_s + window_s;
		long to_msc = last ? page.to_msc : (to_s - 1) * 1000 + 999;
		if(!Select(from_s, to_s))
			return -1;
		count = Collect(page, to_msc, keys);
		window_s *= 8;
	}
	return count;
}

int Mt5FleetHistory::FindByPosition(const Mt5FleetPage &page,
    ARRAY_REF(Mt5FleetDealKey, keys))
{
	if(!HistorySelectByPosition(page.position_id))
		return -1;
	return Collect(page, page.to_msc, keys);
}

bool Mt5FleetHistory::WritePage(const Mt5FleetPage &page, Mt5FleetJson &json,
    bool &more)
{
	ARRAY(Mt5FleetDealKey, keys);
	int count = page.position_id != 0 ? FindByPosition(page, keys) :
	    FindByTime(page, keys);
	if(count < 0)
		return false;
	Mt5FleetSort(keys, count);
	int written = 0;
	json.BeginArray("deals");
	while(written < count && written < page.limit &&
	    json.Size() < MT5FLEET_PAGE_BYTES) {
		ulong ticket = keys[written].ticket;
		if(Mt5FleetDealMsc(ticket) !=
		    keys[written].time_msc)
			return false;
		Mt5FleetWriteDeal(json, ticket);
		written++;
	}
	json.EndArray();
	more = written < count;
	return true;
}

#endif

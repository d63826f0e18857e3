// mt5fleet: lowest and highest equity, since the last snapshot and today.
#ifndef MT5FLEET_EQUITY
#define MT5FLEET_EQUITY

#include "Mt5FleetJson.mqh"

#define MT5FLEET_DAY_MSC 86400000
// Who looked this short a while ago has seen midnight pass.
#define MT5FLEET_GAP_MS 10000

class Mt5FleetEquity {
private:
	bool m_known;
	double m_last;
	double m_low;
	double m_high;
	long m_since_msc;
	long m_day;
	double m_day_low;
	double m_day_high;
	long m_day_since_msc;
	ulong m_tick;

	void NewDay(const ulong tick, const long day, const long broker_msc);

public:
	Mt5FleetEquity(void);
	void Forget(void);
	void See(const double equity, const ulong tick, const long broker_msc);
	bool Known(void) const;
	long SinceMsc(void) const;
	// All of it but since_msc, which moves with each snapshot.
	void Write(Mt5FleetJson &json) const;
	// The snapshot is out: the next one's low and high begin here.
	void Published(const long broker_msc);
};

Mt5FleetEquity::Mt5FleetEquity(void)
{
	Forget();
}

void Mt5FleetEquity::Forget(void)
{
	m_known = false;
	m_last = 0;
	m_low = 0;
	m_high = 0;
	m_since_msc = 0;
	m_day = 0;
	m_day_low = 0;
	m_day_high = 0;
	m_day_since_msc = 0;
	m_tick = 0;
}

void Mt5FleetEquity::NewDay(const ulong tick, const long day,
    const long broker_msc)
{
	bool watched = m_known && day == m_day + 1 &&
	    tick - m_tick < MT5FLEET_GAP_MS;
	m_day_since_msc = watched ? day * MT5FLEET_DAY_MSC : broker_msc;
	m_day = day;
}

void Mt5FleetEquity::See(const double equity, const ulong tick,
    const long broker_msc)
{
	long day = broker_msc / MT5FLEET_DAY_MSC;
	if(!MathIsValidNumber(equity))
		return;
	if(!m_known || day != m_day) {
		NewDay(tick, day, broker_msc);
		m_day_low = equity;
		m_day_high = equity;
	}
	if(!m_known) {
		m_low = equity;
		m_high = equity;
		m_since_msc = broker_msc;
	}
	m_low = MathMin(m_low, equity);
	m_high = MathMax(m_high, equity);
	m_day_low = MathMin(m_day_low, equity);
	m_day_high = MathMax(m_day_high, equity);
	m_last = equity;
	m_tick = tick;
	m_known = true;
}

bool Mt5FleetEquity::Known(void) const
{
	return m_known;
}

long Mt5FleetEquity::SinceMsc(void) const
{
	return m_since_msc;
}

void Mt5FleetEquity::Write(Mt5FleetJson &json) const
{
	string day = TimeToString((datetime)(m_day * 86400), TIME_DATE);
	StringReplace(day, ".", "-");
	json.Number("low", m_low);
	json.Number("high", m_high);
	json.Text("day", day);
	json.Number("day_low", m_day_low);
	json.Number("day_high", m_day_high);
	json.Integer("day_since_msc", m_day_since_msc);
	json.EndObject();
}

void Mt5FleetEquity::Published(const long broker_msc)
{
	m_low = m_last;
	m_high = m_last;
	m_since_msc = broker_msc;
}

#endif

// mt5fleet: the machine's clock, the trade server's, and the offset between.
#ifndef MT5FLEET_CLOCK
#define MT5FLEET_CLOCK

#define MT5FLEET_STILL_MS 60000
#define MT5FLEET_PACE_MS 1500
#define MT5FLEET_PROOF_MS 2000

class Mt5FleetClock {
private:
	bool m_started;
	long m_gmt_minus_tick;
	ulong m_tick;

	long m_current_s;
	long m_anchor_s;
	ulong m_anchor_tick;
	bool m_moved;
	ulong m_moved_tick;
	bool m_offset_known;
	long m_offset_s;

	void LookAtMachine(const ulong tick);
	void LookAtServer(const ulong tick);
	void MeasureOffset(void);

public:
	Mt5FleetClock(void);
	void Look(const ulong tick);
	// Another trade server: what was known of the last one is void.
	void Forget(void);
	long GmtMsc(void) const;
	long TradeServerMsc(void) const;
	bool OffsetKnown(void) const;
	long OffsetS(void) const;
	bool Moving(void) const;
	// The broker's time: by the offset where it is known, else as the
	// terminal reckons it; 0 when neither is.
	long BrokerMsc(void) const;
};

Mt5FleetClock::Mt5FleetClock(void)
{
	m_started = false;
	m_gmt_minus_tick = 0;
	m_tick = 0;
	Forget();
}

void Mt5FleetClock::Forget(void)
{
	m_current_s = 0;
	m_anchor_s = 0;
	m_anchor_tick = 0;
	m_moved = false;
	m_moved_tick = 0;
	m_offset_known = false;
	m_offset_s = 0;
}

void Mt5FleetClock::Look(const ulong tick)
{
	m_tick = tick;
	LookAtMachine(tick);
	LookAtServer(tick);
}

// TimeGMT gives whole seconds. Each look narrows down where in its second the
// tick counter stands; a clock that was set is followed at once.
void Mt5FleetClock::LookAtMachine(const ulong tick)
{
	long earliest = (long)TimeGMT() * 1000 - (long)tick;
	if(!m_started || m_gmt_minus_tick < earliest)
		m_gmt_minus_tick = earliest;
	if(m_gmt_minus_tick > earliest + 999)
		m_gmt_minus_tick = earliest + 999;
	m_started = true;
}

// TimeTradeServer runs on this machine's clock and TimeCurrent is the time of
// the last quote, so only the latter can tell whether the market is alive. At
// the week-end a starting terminal receives Friday's last quotes one by one:
// a jump proves nothing, keeping pace with our clock for two seconds does.
void Mt5FleetClock::LookAtServer(const ulong tick)
{
	long current_s = (long)TimeCurrent();
	if(current_s == m_current_s || current_s == 0)
		return;
	bool first = m_current_s == 0;
	m_current_s = current_s;
	long server_ms = (current_s - m_anchor_s) * 1000;
	long ours_ms = (long)(tick - m_anchor_tick);
	long apart_ms = server_ms - ours_ms;
	if(first || apart_ms > MT5FLEET_PACE_MS ||
	    apart_ms < -MT5FLEET_PACE_MS) {
		m_anchor_s = current_s;
		m_anchor_tick = tick;
		return;
	}
	if(ours_ms < MT5FLEET_PROOF_MS)
		return;
	m_moved = true;
	m_moved_tick = tick;
	MeasureOffset();
}

void Mt5FleetClock::MeasureOffset(void)
{
	long apart_s = (long)TimeTradeServer() - (long)TimeGMT();
	long shifted = apart_s + 450;
	long quarters = shifted / 900;
	if(shifted < 0 && shifted % 900 != 0)
		quarters--;
	if(quarters * 900 < -12 * 3600 || quarters * 900 > 14 * 3600)
		return;
	m_offset_s = quarters * 900;
	m_offset_known = true;
}

long Mt5FleetClock::GmtMsc(void) const
{
	return m_gmt_minus_tick + (long)m_tick;
}

long Mt5FleetClock::TradeServerMsc(void) const
{
	return (long)TimeTradeServer() * 1000;
}

bool Mt5FleetClock::OffsetKnown(void) const
{
	return m_offset_known;
}

long Mt5FleetClock::OffsetS(void) const
{
	return m_offset_s;
}

bool Mt5FleetClock::Moving(void) const
{
	return m_moved && m_tick - m_moved_tick < MT5FLEET_STILL_MS;
}

long Mt5FleetClock::BrokerMsc(void) const
{
	if(m_offset_known)
		return GmtMsc() + m_offset_s * 1000;
	return TradeServerMsc();
}

#endif

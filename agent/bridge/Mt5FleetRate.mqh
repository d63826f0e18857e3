// mt5fleet: what one unit of the account's currency is worth in US dollars, by
// the broker's own symbols.
//
// It only puts accounts of different currencies in an order, so a price of
// Friday's close is good enough. Only the Market Watch is looked at: nothing is
// added to it, and a price comes for no other symbol.
#ifndef MT5FLEET_RATE
#define MT5FLEET_RATE

#define MT5FLEET_RATE_MS 60000
#define MT5FLEET_RATE_AGAIN_MS 5000

class Mt5FleetRate {
private:
	string m_currency;
	string m_server;
	double m_rate;
	ulong m_tick;
	bool m_looked;

	double Price(const string symbol);
	double BySymbols(const string currency);

public:
	Mt5FleetRate(void);
	void Look(const ulong tick);
	// 0: not known.
	double Usd(void);
};

Mt5FleetRate::Mt5FleetRate(void)
{
	m_rate = 0;
	m_tick = 0;
	m_looked = false;
}

double Mt5FleetRate::Usd(void)
{
	return m_rate;
}

// Between bid and ask; 0 where no price has come yet.
double Mt5FleetRate::Price(const string symbol)
{
	double bid = SymbolInfoDouble(symbol, SYMBOL_BID);
	double ask = SymbolInfoDouble(symbol, SYMBOL_ASK);
	if(!MathIsValidNumber(bid) || !MathIsValidNumber(ask) || bid <= 0 ||
	    ask < bid)
		return 0;
	return (bid + ask) / 2;
}

// By what a symbol says of itself: its name may be EURUSD.m or EURUSDpro. An
// index or a metal is no pair of currencies.
double Mt5FleetRate::BySymbols(const string currency)
{
	int total = SymbolsTotal(true);
	for(int i = 0; i < total; i++) {
		string symbol = SymbolName(i, true);
		long mode = SymbolInfoInteger(symbol, SYMBOL_TRADE_CALC_MODE);
		if(mode != SYMBOL_CALC_MODE_FOREX &&
		    mode != SYMBOL_CALC_MODE_FOREX_NO_LEVERAGE)
			continue;
		string base = SymbolInfoString(symbol, SYMBOL_CURRENCY_BASE);
		string profit = SymbolInfoString(symbol, SYMBOL_CURRENCY_PROFIT);
		bool straight = base == currency && profit == "USD";
		if(!straight && !(base == "USD" && profit == currency))
			continue;
		double price = Price(symbol);
		if(price > 0)
			return straight ? price : 1 / price;
	}
	return 0;
}

void Mt5FleetRate::Look(const ulong tick)
{
	string currency = AccountInfoString(ACCOUNT_CURRENCY);
	string server = AccountInfoString(ACCOUNT_SERVER);
	bool same = m_looked && currency == m_currency && server == m_server;
	ulong wait = m_rate > 0 ? MT5FLEET_RATE_MS : MT5FLEET_RATE_AGAIN_MS;
	if(same && tick - m_tick < wait)
		return;
	// One of before stays while no price comes.
	double before = same ? m_rate : 0;
	m_looked = true;
	m_tick = tick;
	m_currency = currency;
	m_server = server;
	if(currency == "USD")
		m_rate = 1;
	else if(currency == "USC")
		m_rate = 0.01;
	else
		m_rate = StringLen(currency) > 0 ? BySymbols(currency) : 0;
	if(m_rate <= 0)
		m_rate = before;
}

#endif

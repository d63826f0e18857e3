// An account's figures: all of them follow from its deals and positions.
#include "account.h"

// clang-format off
#define F(T, name) {#name, &T::name}
#define FLAG(T, name) {#name, &T::name, true}
// clang-format on

const std::vector<Field<AccountInfo>> account_fields = {F(AccountInfo, login),
    F(AccountInfo, trade_mode), F(AccountInfo, leverage),
    F(AccountInfo, limit_orders), F(AccountInfo, margin_so_mode),
    FLAG(AccountInfo, trade_allowed), FLAG(AccountInfo, trade_expert),
    F(AccountInfo, margin_mode), F(AccountInfo, currency_digits),
    FLAG(AccountInfo, fifo_close), F(AccountInfo, balance),
    F(AccountInfo, credit), F(AccountInfo, profit), F(AccountInfo, equity),
    F(AccountInfo, margin), F(AccountInfo, margin_free),
    F(AccountInfo, margin_level), F(AccountInfo, margin_so_call),
    F(AccountInfo, margin_so_so), F(AccountInfo, margin_initial),
    F(AccountInfo, margin_maintenance), F(AccountInfo, assets),
    F(AccountInfo, liabilities), F(AccountInfo, commission_blocked),
    F(AccountInfo, name), F(AccountInfo, server), F(AccountInfo, currency),
    F(AccountInfo, company)};

const std::vector<Field<TerminalInfo>> terminal_fields = {
    FLAG(TerminalInfo, community_account),
    FLAG(TerminalInfo, community_connection), FLAG(TerminalInfo, connected),
    FLAG(TerminalInfo, dlls_allowed), FLAG(TerminalInfo, trade_allowed),
    FLAG(TerminalInfo, tradeapi_disabled), FLAG(TerminalInfo, email_enabled),
    FLAG(TerminalInfo, ftp_enabled), FLAG(TerminalInfo, notifications_enabled),
    FLAG(TerminalInfo, mqid), F(TerminalInfo, build), F(TerminalInfo, maxbars),
    F(TerminalInfo, codepage), F(TerminalInfo, ping_last),
    F(TerminalInfo, community_balance), F(TerminalInfo, retransmission),
    F(TerminalInfo, company), F(TerminalInfo, name), F(TerminalInfo, language),
    F(TerminalInfo, path), F(TerminalInfo, data_path),
    F(TerminalInfo, commondata_path)};

const std::vector<Field<Position>> position_fields = {F(Position, ticket),
    F(Position, time), F(Position, time_msc), F(Position, time_update),
    F(Position, time_update_msc), F(Position, type), F(Position, magic),
    F(Position, identifier), F(Position, reason), F(Position, volume),
    F(Position, price_open), F(Position, sl), F(Position, tp),
    F(Position, price_current), F(Position, swap), F(Position, profit),
    F(Position, symbol), F(Position, comment), F(Position, external_id)};

const std::vector<Field<Order>> order_fields = {F(Order, ticket),
    F(Order, time_setup), F(Order, time_setup_msc), F(Order, time_done),
    F(Order, time_done_msc), F(Order, time_expiration), F(Order, type),
    F(Order, type_time), F(Order, type_filling), F(Order, state),
    F(Order, magic), F(Order, position_id), F(Order, position_by_id),
    F(Order, reason), F(Order, volume_initial), F(Order, volume_current),
    F(Order, price_open), F(Order, sl), F(Order, tp), F(Order, price_current),
    F(Order, price_stoplimit), F(Order, symbol), F(Order, comment),
    F(Order, external_id)};

const std::vector<Field<Deal>> deal_fields = {F(Deal, ticket), F(Deal, order),
    F(Deal, time), F(Deal, time_msc), F(Deal, type), F(Deal, entry),
    F(Deal, magic), F(Deal, position_id), F(Deal, reason), F(Deal, volume),
    F(Deal, price), F(Deal, commission), F(Deal, swap), F(Deal, profit),
    F(Deal, fee), F(Deal, symbol), F(Deal, comment), F(Deal, external_id)};

static double
power_of_ten(int64_t n)
{
	double power = 1;

	while (n-- > 0)
		power *= 10;
	return power;
}

double
Account::money(int64_t u) const
{
	return (double)u / power_of_ten(info.currency_digits);
}

int64_t
Account::units(double m) const
{
	return llround(m * power_of_ten(info.currency_digits));
}

void
Account::index_deals()
{
	by_ticket_.clear();
	for (size_t i = 0; i < deals.size(); i++)
		by_ticket_[deals[i].ticket] = i;
}

const Deal *
Account::find_deal(int64_t ticket) const
{
	auto found = by_ticket_.find(ticket);

	return found == by_ticket_.end() ? nullptr : &deals[found->second];
}

Deal &
Account::book(Deal deal)
{
	int64_t cash = units(deal.profit) + units(deal.commission) +
		       units(deal.swap) + units(deal.fee);

	deal.ticket = next_ticket++;
	if (deal.order == 0 && deal.type <= 1)
		deal.order = next_ticket++;
	deal.time = deal.time_msc / 1000;
	deal.arrives_ms = online ? 0 : NEVER;
	(deal.type == 3 ? credit_units : balance_units) += cash;
	by_ticket_[deal.ticket] = deals.size();
	deals.push_back(std::move(deal));
	return deals.back();
}

static double
margin_of(const Position &p, const AccountInfo &info)
{
	double per_lot = p.price_current > 1000 ? p.price_current : 100000;

	return p.volume * per_lot / (double)info.leverage;
}

void
Account::recompute()
{
	int64_t profit = 0, equity, margin = 0;
	double hundredths;

	for (const Position &p : positions) {
		profit += units(p.profit) + units(p.swap);
		margin += units(margin_of(p, info));
	}
	equity = balance_units + credit_units + profit;
	info.balance = money(balance_units);
	info.credit = money(credit_units);
	info.profit = money(profit);
	info.equity = money(equity);
	info.margin = money(margin);
	info.margin_free = money(equity - margin);
	hundredths = margin ? 1e4 * (double)equity / (double)margin : 0;
	info.margin_level = round(hundredths) / 100;
}

// The stand-in for MQL5: what agent/bridge uses of the language's library.
// Names, types and values are MetaQuotes'; behind them is terminal.h.
#ifndef MQL5_H
#define MQL5_H

#define MT5FLEET_STANDIN
#define ARRAY(type, name) Array<type> name
#define ARRAY_REF(type, name) Array<type> &name

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef long datetime; // seconds since 1970

// A string of UTF-16 units, which need not be well formed.
class string
{
      public:
	string()
	{
	}
	string(const char *utf8);
	explicit string(std::u16string units) : units_(std::move(units))
	{
	}
	const std::u16string &units() const
	{
		return units_;
	}
	std::u16string &units()
	{
		return units_;
	}
	string &operator+=(const string &s);
	bool operator==(const string &s) const
	{
		return units_ == s.units_;
	}
	bool operator!=(const string &s) const
	{
		return units_ != s.units_;
	}
	bool operator<(const string &s) const
	{
		return units_ < s.units_;
	}

      private:
	std::u16string units_;
};
string operator+(const string &a, const string &b);
// A surrogate without its other half is written as it is (WTF-8).
std::string to_utf8(const string &s);
string from_utf8(const std::string &s);

// A dynamic array; an index out of range ends the program, as in MetaTrader.
template <class T> class Array
{
      public:
	T &operator[](int i)
	{
		return items[check(i)];
	}
	const T &operator[](int i) const
	{
		return items[check(i)];
	}
	std::vector<T> items;

      private:
	size_t check(int i) const
	{
		if (i >= 0 && (size_t)i < items.size())
			return (size_t)i;
		fprintf(
		    stderr, "array out of range: %d of %zu\n", i, items.size());
		abort();
	}
};

#define WHOLE_ARRAY (-1)
template <class T>
int
ArraySize(const Array<T> &a)
{
	return (int)a.items.size();
}
template <class T>
int
ArrayResize(Array<T> &a, int size, int reserve = 0)
{
	if ((size_t)size > a.items.capacity())
		a.items.reserve((size_t)(size + reserve));
	a.items.resize((size_t)size);
	return size;
}
template <class T>
int
ArrayCopy(Array<T> &to, const Array<T> &from, int to_start = 0,
    int from_start = 0, int count = WHOLE_ARRAY)
{
	if (count == WHOLE_ARRAY || count > ArraySize(from) - from_start)
		count = ArraySize(from) - from_start;
	if (ArraySize(to) < to_start + count)
		ArrayResize(to, to_start + count);
	std::copy_n(from.items.begin() + from_start, count,
	    to.items.begin() + to_start);
	return count;
}
template <class T>
int
ArrayCompare(
    const Array<T> &a, const Array<T> &b, int a_start, int b_start, int count)
{
	for (int i = 0; i < count; i++)
		if (a[a_start + i] != b[b_start + i])
			return a[a_start + i] < b[b_start + i] ? -1 : 1;
	return 0;
}
// As the general one, but quick: the bridge compares its snapshots with it.
template <>
int ArrayCompare(const Array<uchar> &a, const Array<uchar> &b, int a_start,
    int b_start, int count);

#define CP_UTF8 65001
int StringLen(const string &s);
ushort StringGetCharacter(const string &s, int at);
string StringSubstr(const string &s, int start, int length = -1);
int StringReplace(string &s, const string &find, const string &with);
string ShortToString(ushort unit);
string IntegerToString(long n);
long StringToInteger(const string &s);
string StringFormat(const char *format, double n);
string TimeToString(datetime time, int mode);
#define TIME_DATE 1
int StringToCharArray(
    const string &s, Array<uchar> &bytes, int start, int count, uint codepage);
string CharArrayToString(
    const Array<uchar> &bytes, int start, int count, uint codepage);

inline bool
MathIsValidNumber(double n)
{
	return std::isfinite(n);
}
inline double
MathRound(double n)
{
	return std::round(n);
}
inline double
MathAbs(double n)
{
	return std::fabs(n);
}
inline double
MathMin(double a, double b)
{
	return a < b ? a : b;
}
inline double
MathMax(double a, double b)
{
	return a > b ? a : b;
}

void Print(const string &text);
void Sleep(int ms);
bool IsStopped();
ulong GetTickCount64();
ulong GetMicrosecondCount();
datetime TimeGMT();
datetime TimeCurrent();
datetime TimeTradeServer();
int GetLastError();
void ResetLastError();
bool EventSetMillisecondTimer(int ms);
void EventKillTimer();

enum { INIT_SUCCEEDED = 0, INIT_FAILED = 1 };
struct MqlTradeTransaction {
};
struct MqlTradeRequest {
};
struct MqlTradeResult {
};

#define INVALID_HANDLE (-1)
enum {
	FILE_READ = 1,
	FILE_WRITE = 2,
	FILE_BIN = 4,
	FILE_SHARE_READ = 128,
	FILE_SHARE_WRITE = 256,
	FILE_REWRITE = 512,
	FILE_COMMON = 4096
};
int FileOpen(const string &name, int flags);
void FileClose(int handle);
ulong FileSize(int handle);
uint FileWriteArray(
    int handle, const Array<uchar> &bytes, int start, int count);
uint FileReadArray(int handle, Array<uchar> &bytes);
bool FileIsExist(const string &name, int common);
bool FileDelete(const string &name, int common);
bool FileMove(const string &from, int common, const string &to, int mode);
bool FolderCreate(const string &name, int common);
long FileFindFirst(const string &filter, string &name, int common);
bool FileFindNext(long handle, string &name);
void FileFindClose(long handle);

// Which property is meant; the numbers are not part of any contract.
enum ENUM_ACCOUNT_INFO_INTEGER {
	ACCOUNT_LOGIN,
	ACCOUNT_TRADE_MODE,
	ACCOUNT_LEVERAGE,
	ACCOUNT_LIMIT_ORDERS,
	ACCOUNT_MARGIN_SO_MODE,
	ACCOUNT_TRADE_ALLOWED,
	ACCOUNT_TRADE_EXPERT,
	ACCOUNT_MARGIN_MODE,
	ACCOUNT_CURRENCY_DIGITS,
	ACCOUNT_FIFO_CLOSE
};
enum ENUM_ACCOUNT_INFO_DOUBLE {
	ACCOUNT_BALANCE,
	ACCOUNT_CREDIT,
	ACCOUNT_PROFIT,
	ACCOUNT_EQUITY,
	ACCOUNT_MARGIN,
	ACCOUNT_MARGIN_FREE,
	ACCOUNT_MARGIN_LEVEL,
	ACCOUNT_MARGIN_SO_CALL,
	ACCOUNT_MARGIN_SO_SO,
	ACCOUNT_MARGIN_INITIAL,
	ACCOUNT_MARGIN_MAINTENANCE,
	ACCOUNT_ASSETS,
	ACCOUNT_LIABILITIES,
	ACCOUNT_COMMISSION_BLOCKED
};
enum ENUM_ACCOUNT_INFO_STRING {
	ACCOUNT_NAME,
	ACCOUNT_SERVER,
	ACCOUNT_CURRENCY,
	ACCOUNT_COMPANY
};
long AccountInfoInteger(ENUM_ACCOUNT_INFO_INTEGER property);
double AccountInfoDouble(ENUM_ACCOUNT_INFO_DOUBLE property);
string AccountInfoString(ENUM_ACCOUNT_INFO_STRING property);

enum ENUM_SYMBOL_INFO_INTEGER { SYMBOL_TRADE_CALC_MODE };
enum ENUM_SYMBOL_INFO_DOUBLE { SYMBOL_BID, SYMBOL_ASK };
enum ENUM_SYMBOL_INFO_STRING { SYMBOL_CURRENCY_BASE, SYMBOL_CURRENCY_PROFIT };
// MetaQuotes' own numbers.
enum ENUM_SYMBOL_CALC_MODE {
	SYMBOL_CALC_MODE_FOREX = 0,
	SYMBOL_CALC_MODE_CFD = 2,
	SYMBOL_CALC_MODE_FOREX_NO_LEVERAGE = 5
};
int SymbolsTotal(bool selected);
string SymbolName(int index, bool selected);
long SymbolInfoInteger(const string &symbol, ENUM_SYMBOL_INFO_INTEGER property);
double SymbolInfoDouble(const string &symbol, ENUM_SYMBOL_INFO_DOUBLE property);
string SymbolInfoString(const string &symbol, ENUM_SYMBOL_INFO_STRING property);

enum ENUM_TERMINAL_INFO_INTEGER {
	TERMINAL_COMMUNITY_ACCOUNT,
	TERMINAL_COMMUNITY_CONNECTION,
	TERMINAL_CONNECTED,
	TERMINAL_DLLS_ALLOWED,
	TERMINAL_TRADE_ALLOWED,
	TERMINAL_EMAIL_ENABLED,
	TERMINAL_FTP_ENABLED,
	TERMINAL_NOTIFICATIONS_ENABLED,
	TERMINAL_MQID,
	TERMINAL_BUILD,
	TERMINAL_MAXBARS,
	TERMINAL_CODEPAGE,
	TERMINAL_PING_LAST
};
enum ENUM_TERMINAL_INFO_DOUBLE {
	TERMINAL_COMMUNITY_BALANCE,
	TERMINAL_RETRANSMISSION
};
enum ENUM_TERMINAL_INFO_STRING {
	TERMINAL_COMPANY,
	TERMINAL_NAME,
	TERMINAL_LANGUAGE,
	TERMINAL_PATH,
	TERMINAL_DATA_PATH,
	TERMINAL_COMMONDATA_PATH
};
int TerminalInfoInteger(ENUM_TERMINAL_INFO_INTEGER property);
double TerminalInfoDouble(ENUM_TERMINAL_INFO_DOUBLE property);
string TerminalInfoString(ENUM_TERMINAL_INFO_STRING property);

enum ENUM_POSITION_PROPERTY_INTEGER {
	POSITION_TICKET,
	POSITION_TIME,
	POSITION_TIME_MSC,
	POSITION_TIME_UPDATE,
	POSITION_TIME_UPDATE_MSC,
	POSITION_TYPE,
	POSITION_MAGIC,
	POSITION_IDENTIFIER,
	POSITION_REASON
};
enum ENUM_POSITION_PROPERTY_DOUBLE {
	POSITION_VOLUME,
	POSITION_PRICE_OPEN,
	POSITION_SL,
	POSITION_TP,
	POSITION_PRICE_CURRENT,
	POSITION_SWAP,
	POSITION_PROFIT
};
enum ENUM_POSITION_PROPERTY_STRING {
	POSITION_SYMBOL,
	POSITION_COMMENT,
	POSITION_EXTERNAL_ID
};
int PositionsTotal();
ulong PositionGetTicket(int index);
long PositionGetInteger(ENUM_POSITION_PROPERTY_INTEGER property);
double PositionGetDouble(ENUM_POSITION_PROPERTY_DOUBLE property);
string PositionGetString(ENUM_POSITION_PROPERTY_STRING property);

enum ENUM_ORDER_PROPERTY_INTEGER {
	ORDER_TICKET,
	ORDER_TIME_SETUP,
	ORDER_TIME_SETUP_MSC,
	ORDER_TIME_DONE,
	ORDER_TIME_DONE_MSC,
	ORDER_TIME_EXPIRATION,
	ORDER_TYPE,
	ORDER_TYPE_TIME,
	ORDER_TYPE_FILLING,
	ORDER_STATE,
	ORDER_MAGIC,
	ORDER_POSITION_ID,
	ORDER_POSITION_BY_ID,
	ORDER_REASON
};
enum ENUM_ORDER_PROPERTY_DOUBLE {
	ORDER_VOLUME_INITIAL,
	ORDER_VOLUME_CURRENT,
	ORDER_PRICE_OPEN,
	ORDER_SL,
	ORDER_TP,
	ORDER_PRICE_CURRENT,
	ORDER_PRICE_STOPLIMIT
};
enum ENUM_ORDER_PROPERTY_STRING {
	ORDER_SYMBOL,
	ORDER_COMMENT,
	ORDER_EXTERNAL_ID
};
int OrdersTotal();
ulong OrderGetTicket(int index);
long OrderGetInteger(ENUM_ORDER_PROPERTY_INTEGER property);
double OrderGetDouble(ENUM_ORDER_PROPERTY_DOUBLE property);
string OrderGetString(ENUM_ORDER_PROPERTY_STRING property);

enum ENUM_DEAL_PROPERTY_INTEGER {
	DEAL_TICKET,
	DEAL_ORDER,
	DEAL_TIME,
	DEAL_TIME_MSC,
	DEAL_TYPE,
	DEAL_ENTRY,
	DEAL_MAGIC,
	DEAL_POSITION_ID,
	DEAL_REASON
};
enum ENUM_DEAL_PROPERTY_DOUBLE {
	DEAL_VOLUME,
	DEAL_PRICE,
	DEAL_COMMISSION,
	DEAL_SWAP,
	DEAL_PROFIT,
	DEAL_FEE,
	DEAL_SL,
	DEAL_TP
};
enum ENUM_DEAL_PROPERTY_STRING { DEAL_SYMBOL, DEAL_COMMENT, DEAL_EXTERNAL_ID };
bool HistorySelect(datetime from, datetime to);
bool HistorySelectByPosition(long position_id);
int HistoryDealsTotal();
ulong HistoryDealGetTicket(int index);
long HistoryDealGetInteger(ulong ticket, ENUM_DEAL_PROPERTY_INTEGER property);
double HistoryDealGetDouble(ulong ticket, ENUM_DEAL_PROPERTY_DOUBLE property);
string HistoryDealGetString(ulong ticket, ENUM_DEAL_PROPERTY_STRING property);

#endif

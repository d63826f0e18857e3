// MQL5's strings: UTF-16 inside, code pages at the edges.
#include "mql5.h"

#include <cstring>
#include <ctime>

static void
put_utf8(std::string &out, uint c)
{
	if (c < 0x80) {
		out += (char)c;
	} else if (c < 0x800) {
		out += (char)(0xc0 | c >> 6);
		out += (char)(0x80 | (c & 63));
	} else if (c < 0x10000) {
		out += (char)(0xe0 | c >> 12);
		out += (char)(0x80 | (c >> 6 & 63));
		out += (char)(0x80 | (c & 63));
	} else {
		out += (char)(0xf0 | c >> 18);
		out += (char)(0x80 | (c >> 12 & 63));
		out += (char)(0x80 | (c >> 6 & 63));
		out += (char)(0x80 | (c & 63));
	}
}

std::string
to_utf8(const string &s)
{
	const std::u16string &u = s.units();
	std::string out;

	for (size_t i = 0; i < u.size(); i++) {
		uint c = u[i];
		if ((c & 0xfc00) == 0xd800 && i + 1 < u.size() &&
		    (u[i + 1] & 0xfc00) == 0xdc00)
			c = 0x10000 + ((c & 0x3ff) << 10) + (u[++i] & 0x3ffu);
		put_utf8(out, c);
	}
	return out;
}

// The length that a lead byte announces, or 0 where it is none.
static size_t
utf8_length(uchar lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead < 0xe0)
		return 2;
	if (lead >= 0xe0 && lead < 0xf0)
		return 3;
	return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

string
from_utf8(const std::string &s)
{
	std::u16string out;

	for (size_t i = 0; i < s.size();) {
		size_t n = utf8_length((uchar)s[i]), k = 1;
		uint c = n < 2 ? (uchar)s[i] : (uchar)s[i] & (0x7fu >> n);
		while (k < n && i + k < s.size() && (s[i + k] & 0xc0) == 0x80)
			c = c << 6 | (s[i + k++] & 63u);
		if (k < n || n == 0)
			c = 0xfffd;
		i += k;
		if (c >= 0x10000) {
			out += (char16_t)(0xd800 + ((c - 0x10000) >> 10));
			c = 0xdc00 + (c & 0x3ff);
		}
		out += (char16_t)c;
	}
	return string(std::move(out));
}

string::string(const char *utf8)
{
	size_t n = strlen(utf8);
	bool ascii = true;

	for (size_t i = 0; i < n; i++)
		ascii = ascii && (uchar)utf8[i] < 0x80;
	if (ascii)
		units_.assign(utf8, utf8 + n);
	else
		units_ = from_utf8(utf8).units();
}

string &
string::operator+=(const string &s)
{
	units_ += s.units_;
	return *this;
}

string
operator+(const string &a, const string &b)
{
	return string(a.units() + b.units());
}

template <>
int
ArrayCompare(const Array<uchar> &a, const Array<uchar> &b, int a_start,
    int b_start, int count)
{
	if (count <= 0)
		return 0;
	return memcmp(&a[a_start], &b[b_start], (size_t)count);
}

int
StringLen(const string &s)
{
	return (int)s.units().size();
}

ushort
StringGetCharacter(const string &s, int at)
{
	return at >= 0 && at < StringLen(s) ? s.units()[(size_t)at] : 0;
}

string
StringSubstr(const string &s, int start, int length)
{
	if (start < 0 || start >= StringLen(s))
		return "";
	return string(s.units().substr(
	    (size_t)start, length < 0 ? std::u16string::npos : (size_t)length));
}

int
StringReplace(string &s, const string &find, const string &with)
{
	int count = 0;
	size_t at = 0;

	while (
	    (at = s.units().find(find.units(), at)) != std::u16string::npos) {
		s.units().replace(at, find.units().size(), with.units());
		at += with.units().size();
		count++;
	}
	return count;
}

string
ShortToString(ushort unit)
{
	return string(std::u16string(1, (char16_t)unit));
}

string
IntegerToString(long n)
{
	return std::to_string(n).c_str();
}

long
StringToInteger(const string &s)
{
	return strtol(to_utf8(s).c_str(), nullptr, 10);
}

string
StringFormat(const char *format, double n)
{
	char text[64];

	if (strcmp(format, "%.17g") != 0)
		abort();
	snprintf(text, sizeof(text), "%.17g", n);
	return text;
}

string
TimeToString(datetime time, int mode)
{
	char text[32];
	struct tm tm;

	gmtime_r(&time, &tm);
	strftime(text, sizeof(text),
	    mode == TIME_DATE ? "%Y.%m.%d" : "%Y.%m.%d %H:%M", &tm);
	return text;
}

// As WideCharToMultiByte: what is no UTF-16 becomes U+FFFD. With a count of -1
// the zero that ends the string is copied and counted, too.
int
StringToCharArray(
    const string &s, Array<uchar> &bytes, int start, int count, uint codepage)
{
	if (codepage != CP_UTF8 || start != 0 || count != -1)
		abort();
	std::string utf8 = to_utf8(s);
	for (size_t i = 0; i + 2 < utf8.size(); i++)
		if (utf8[i] == '\xed' && (uchar)utf8[i + 1] >= 0xa0)
			utf8.replace(i, 3, "\xef\xbf\xbd");
	bytes.items.assign(utf8.begin(), utf8.end());
	bytes.items.push_back(0);
	return ArraySize(bytes);
}

string
CharArrayToString(
    const Array<uchar> &bytes, int start, int count, uint codepage)
{
	if (codepage != CP_UTF8)
		abort();
	if (count < 0 || count > ArraySize(bytes) - start)
		count = ArraySize(bytes) - start;
	std::string utf8(
	    bytes.items.begin() + start, bytes.items.begin() + start + count);
	return from_utf8(utf8.substr(0, utf8.find('\0')));
}

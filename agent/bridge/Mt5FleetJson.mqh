// mt5fleet: writes JSON as UTF-8 bytes.
#ifndef MT5FLEET_JSON
#define MT5FLEET_JSON

// This source is compiled by MetaEditor and, for the tests, by a C++ compiler
// (tests/terminal/mql5.h). The two write dynamic arrays differently.
#ifndef MT5FLEET_STANDIN
#define ARRAY(type, name) type name[]
#define ARRAY_REF(type, name) type &name[]
#endif

// A number with more decimals, or from here on, is written with 17 digits.
#define MT5FLEET_MAX_DECIMALS 15
#define MT5FLEET_EXACT_BELOW 4503599627370496.0

class Mt5FleetJson {
private:
	ARRAY(uchar, m_bytes);
	int m_size;
	bool m_comma;

	void Byte(const int value);
	void Key(const string name);
	void CodePoint(const uint code);
	void Quoted(const string text);
	void Whole(const long value);
	void Decimal(const long scaled, const int decimals);
	void Double(const double value);

public:
	Mt5FleetJson(void);
	void Clear(void);
	int Size(void) const;
	uint Crc(const ARRAY_REF(uint, table)) const;
	bool Same(const Mt5FleetJson &other) const;
	bool Write(const int handle) const;

	// As it is, without quotes or comma: ASCII only.
	void Raw(const string text);
	// The members of the other one, after ours.
	void Append(const Mt5FleetJson &other);

	// A name "" is none: the root, or an element of an array.
	void BeginObject(const string name);
	void EndObject(void);
	void BeginArray(const string name);
	void EndArray(void);
	void Null(const string name);
	void Flag(const string name, const bool value);
	void Integer(const string name, const long value);
	void Id(const string name, const long value);
	void Number(const string name, const double value);
	void Text(const string name, const string value);
};

Mt5FleetJson::Mt5FleetJson(void)
{
	m_size = 0;
	m_comma = false;
}

void Mt5FleetJson::Clear(void)
{
	m_size = 0;
	m_comma = false;
}

int Mt5FleetJson::Size(void) const
{
	return m_size;
}

uint Mt5FleetJson::Crc(const ARRAY_REF(uint, table)) const
{
	uint crc = 0xffffffff;
	for(int i = 0; i < m_size; i++)
		crc = table[(int)((crc ^ m_bytes[i]) & 0xff)] ^ (crc >> 8);
	return crc ^ 0xffffffff;
}

bool Mt5FleetJson::Same(const Mt5FleetJson &other) const
{
	if(m_size != other.m_size)
		return false;
	return m_size == 0 ||
	    ArrayCompare(m_bytes, other.m_bytes, 0, 0, m_size) == 0;
}

bool Mt5FleetJson::Write(const int handle) const
{
	return FileWriteArray(handle, m_bytes, 0, m_size) == (uint)m_size;
}

void Mt5FleetJson::Byte(const int value)
{
	if(m_size >= ArraySize(m_bytes))
		ArrayResize(m_bytes, m_size * 2 + 4096);
	m_bytes[m_size] = (uchar)value;
	m_size++;
}

void Mt5FleetJson::Raw(const string text)
{
	int length = StringLen(text);
	for(int i = 0; i < length; i++)
		Byte((int)StringGetCharacter(text, i));
}

void Mt5FleetJson::Append(const Mt5FleetJson &other)
{
	if(other.m_size == 0)
		return;
	if(m_comma)
		Byte(',');
	if(ArraySize(m_bytes) < m_size + other.m_size)
		ArrayResize(m_bytes, m_size + other.m_size + 4096);
	ArrayCopy(m_bytes, other.m_bytes, m_size, 0, other.m_size);
	m_size += other.m_size;
	m_comma = true;
}

void Mt5FleetJson::Key(const string name)
{
	if(m_comma)
		Byte(',');
	m_comma = true;
	if(StringLen(name) == 0)
		return;
	Byte('\"');
	Raw(name);
	Byte('\"');
	Byte(':');
}

void Mt5FleetJson::BeginObject(const string name)
{
	Key(name);
	Byte('{');
	m_comma = false;
}

void Mt5FleetJson::EndObject(void)
{
	Byte('}');
	m_comma = true;
}

void Mt5FleetJson::BeginArray(const string name)
{
	Key(name);
	Byte('[');
	m_comma = false;
}

void Mt5FleetJson::EndArray(void)
{
	Byte(']');
	m_comma = true;
}

void Mt5FleetJson::Null(const string name)
{
	Key(name);
	Raw("null");
}

void Mt5FleetJson::Flag(const string name, const bool value)
{
	Key(name);
	Raw(value ? "true" : "false");
}

void Mt5FleetJson::Integer(const string name, const long value)
{
	Key(name);
	Whole(value);
}

// 64 bits are too many for a browser's number: a string.
void Mt5FleetJson::Id(const string name, const long value)
{
	Key(name);
	Byte('\"');
	Whole(value);
	Byte('\"');
}

void Mt5FleetJson::Number(const string name, const double value)
{
	Key(name);
	Double(value);
}

void Mt5FleetJson::Text(const string name, const string value)
{
	Key(name);
	Quoted(value);
}

void Mt5FleetJson::Whole(const long value)
{
	Raw(IntegerToString(value));
}

// scaled / 10^decimals, where decimals is the fewest that is exact.
void Mt5FleetJson::Decimal(const long scaled, const int decimals)
{
	string digits = IntegerToString(scaled < 0 ? -scaled : scaled);
	int length = StringLen(digits);
	if(scaled < 0)
		Byte('-');
	for(int i = length; i <= decimals; i++) {
		Byte('0');
		if(i == length && decimals > 0)
			Byte('.');
	}
	for(int i = 0; i < length; i++) {
		if(decimals > 0 && length - i == decimals && i > 0)
			Byte('.');
		Byte((int)StringGetCharacter(digits, i));
	}
}

// Whole numbers below 2^52 and the powers of ten up to 10^15 are exact, and
// a division is rounded as reading a decimal is: where scaled / scale gives the
// value back, so does the text.
void Mt5FleetJson::Double(const double value)
{
	if(!MathIsValidNumber(value)) {
		Raw("null");
		return;
	}
	double scale = 1.0;
	for(int decimals = 0; decimals <= MT5FLEET_MAX_DECIMALS; decimals++) {
		double scaled = MathRound(value * scale);
		if(MathAbs(scaled) >= MT5FLEET_EXACT_BELOW)
			break;
		if(scaled / scale == value) {
			Decimal((long)scaled, decimals);
			return;
		}
		scale *= 10.0;
	}
	Raw(StringFormat("%.17g", value));
}

void Mt5FleetJson::CodePoint(const uint code)
{
	if(code < 0x80) {
		Byte((int)code);
		return;
	}
	if(code < 0x800) {
		Byte((int)(0xc0 | (code >> 6)));
	} else {
		if(code < 0x10000) {
			Byte((int)(0xe0 | (code >> 12)));
		} else {
			Byte((int)(0xf0 | (code >> 18)));
			Byte((int)(0x80 | ((code >> 12) & 0x3f)));
		}
		Byte((int)(0x80 | ((code >> 6) & 0x3f)));
	}
	Byte((int)(0x80 | (code & 0x3f)));
}

// A surrogate without its other half becomes U+FFFD.
void Mt5FleetJson::Quoted(const string text)
{
	int length = StringLen(text);
	Byte('\"');
	for(int i = 0; i < length; i++) {
		uint code = (uint)StringGetCharacter(text, i);
		if(code == '\"' || code == '\\') {
			Byte('\\');
			Byte((int)code);
		} else if(code < 0x20) {
			Raw("\\u00");
			Byte((code >> 4) == 0 ? '0' : '1');
			Byte((int)StringGetCharacter("0123456789abcdef",
			    (int)(code & 15)));
		} else if(code >= 0xd800 && code < 0xdc00 && i + 1 < length &&
		    (StringGetCharacter(text, i + 1) & 0xfc00) == 0xdc00) {
			i++;
			CodePoint(0x10000 + ((code & 0x3ff) << 10) +
			    (uint)(StringGetCharacter(text, i) & 0x3ff));
		} else if(code >= 0xd800 && code < 0xe000) {
			CodePoint(0xfffd);
		} else {
			CodePoint(code);
		}
	}
	Byte('\"');
}

#endif

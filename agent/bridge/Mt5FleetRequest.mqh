// mt5fleet: reads a request, a flat JSON object of texts and numbers.
#ifndef MT5FLEET_REQUEST
#define MT5FLEET_REQUEST

#include "Mt5FleetJson.mqh"

class Mt5FleetRequest {
private:
	ARRAY(uchar, m_bytes);
	int m_size;
	int m_at;
	ARRAY(string, m_names);
	ARRAY(string, m_values);
	int m_members;
	string m_error;

	int Peek(void);
	bool Take(const int expected);
	bool Fail(const string message);
	int Hex4(void);
	void Escape(string &text);
	bool Quoted(string &text);
	bool Bare(string &text);
	bool Member(void);
	int Find(const string name) const;

public:
	Mt5FleetRequest(void);
	// False: Error() says why; what was understood before it is there.
	bool Parse(const ARRAY_REF(uchar, bytes), const int size);
	string Error(void) const;
	// "" where there is none.
	string Text(const string name) const;
	// Where there is none, the value stays as it is. False: not a number
	// from low to high, and Error() quotes it.
	bool Number(const string name, const long low, const long high,
	    long &value);
};

Mt5FleetRequest::Mt5FleetRequest(void)
{
	m_size = 0;
	m_at = 0;
	m_members = 0;
	m_error = "";
}

string Mt5FleetRequest::Error(void) const
{
	return m_error;
}

bool Mt5FleetRequest::Fail(const string message)
{
	int left = m_size - m_at;
	m_error = message + " at byte " + IntegerToString(m_at) + ": ";
	if(left > 0)
		m_error += CharArrayToString(m_bytes, m_at,
		    left < 40 ? left : 40, CP_UTF8);
	else
		m_error += "the end";
	return false;
}

// The next byte that is no blank, or -1 at the end.
int Mt5FleetRequest::Peek(void)
{
	while(m_at < m_size) {
		int c = (int)m_bytes[m_at];
		if(c != ' ' && c != '\t' && c != '\r' && c != '\n')
			return c;
		m_at++;
	}
	return -1;
}

bool Mt5FleetRequest::Take(const int expected)
{
	if(Peek() != expected)
		return false;
	m_at++;
	return true;
}

// Four hexadecimal digits, or -1.
int Mt5FleetRequest::Hex4(void)
{
	int value = 0;
	if(m_at + 4 > m_size)
		return -1;
	for(int i = 0; i < 4; i++) {
		int c = (int)m_bytes[m_at + i];
		if(c >= '0' && c <= '9')
			value = value * 16 + c - '0';
		else if(c >= 'a' && c <= 'f')
			value = value * 16 + c - 'a' + 10;
		else if(c >= 'A' && c <= 'F')
			value = value * 16 + c - 'A' + 10;
		else
			return -1;
	}
	m_at += 4;
	return value;
}

// What follows a backslash; an escape that is none stays as it is.
void Mt5FleetRequest::Escape(string &text)
{
	if(m_at >= m_size)
		return;
	int c = (int)m_bytes[m_at];
	m_at++;
	if(c == 'u') {
		int unit = Hex4();
		c = unit > 0 ? unit : 0xfffd;
	} else if(c == 'n') {
		c = '\n';
	} else if(c == 't') {
		c = '\t';
	} else if(c == 'r') {
		c = '\r';
	} else if(c == 'b') {
		c = 8;
	} else if(c == 'f') {
		c = 12;
	}
	text += ShortToString((ushort)c);
}

bool Mt5FleetRequest::Quoted(string &text)
{
	text = "";
	m_at++;
	int start = m_at;
	while(m_at < m_size) {
		int c = (int)m_bytes[m_at];
		if(c != '\"' && c != '\\') {
			m_at++;
			continue;
		}
		if(m_at > start)
			text += CharArrayToString(m_bytes, start,
			    m_at - start, CP_UTF8);
		m_at++;
		if(c == '\"')
			return true;
		Escape(text);
		start = m_at;
	}
	return Fail("a text without its closing quote");
}

// A number, true, false or null: taken as its text.
bool Mt5FleetRequest::Bare(string &text)
{
	int start = m_at;
	while(m_at < m_size) {
		int c = (int)m_bytes[m_at];
		if(!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    c != '-' && c != '+' && c != '.' && c != 'E')
			break;
		m_at++;
	}
	if(m_at == start)
		return Fail("expected a text or a number");
	text = CharArrayToString(m_bytes, start, m_at - start, CP_UTF8);
	return true;
}

bool Mt5FleetRequest::Member(void)
{
	string name = "";
	string value = "";
	if(Peek() != '\"')
		return Fail("expected a name");
	if(!Quoted(name))
		return false;
	if(!Take(':'))
		return Fail("expected a colon");
	if(Peek() == '\"' ? !Quoted(value) : !Bare(value))
		return false;
	ArrayResize(m_names, m_members + 1, 16);
	ArrayResize(m_values, m_members + 1, 16);
	m_names[m_members] = name;
	m_values[m_members] = value;
	m_members++;
	return true;
}

bool Mt5FleetRequest::Parse(const ARRAY_REF(uchar, bytes), const int size)
{
	m_size = size;
	m_at = 0;
	m_members = 0;
	m_error = "";
	ArrayResize(m_bytes, size);
	ArrayCopy(m_bytes, bytes, 0, 0, size);
	if(!Take('{'))
		return Fail("expected an object");
	if(Peek() != '}') {
		do {
			if(!Member())
				return false;
		} while(Take(','));
	}
	if(!Take('}'))
		return Fail("expected a comma or the closing brace");
	return Peek() == -1 ? true : Fail("something after the object");
}

int Mt5FleetRequest::Find(const string name) const
{
	for(int i = 0; i < m_members; i++)
		if(m_names[i] == name)
			return i;
	return -1;
}

string Mt5FleetRequest::Text(const string name) const
{
	int found = Find(name);
	return found < 0 ? "" : m_values[found];
}

bool Mt5FleetRequest::Number(const string name, const long low,
    const long high, long &value)
{
	int found = Find(name);
	if(found < 0)
		return true;
	string text = m_values[found];
	long number = StringToInteger(text);
	if(IntegerToString(number) != text || number < low || number > high) {
		m_error = name + ": \"" + text + "\" is not a number from " +
		    IntegerToString(low) + " to " + IntegerToString(high);
		return false;
	}
	value = number;
	return true;
}

#endif

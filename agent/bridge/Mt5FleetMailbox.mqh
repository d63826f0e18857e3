// mt5fleet: the terminal's folder of files (docs/mailbox.md).
#ifndef MT5FLEET_MAILBOX
#define MT5FLEET_MAILBOX

#include "Mt5FleetJson.mqh"

#define MT5FLEET_MAX_BODY 8388608
#define MT5FLEET_MAX_REQUEST 65536
#define MT5FLEET_REPLY_AGE_MS 60000
#define MT5FLEET_SWEEP_MS 10000

// CRC-32 as zlib and PNG have it.
void Mt5FleetCrcTable(ARRAY_REF(uint, table))
{
	ArrayResize(table, 256);
	for(int i = 0; i < 256; i++) {
		uint crc = (uint)i;
		for(int bit = 0; bit < 8; bit++)
			crc = (crc & 1) != 0 ? (uint)0xedb88320 ^ (crc >> 1) :
			    crc >> 1;
		table[i] = crc;
	}
}

// FNV-1a of the UTF-8 bytes, without the zero that ends them.
ulong Mt5FleetFnv(const string text)
{
	ARRAY(uchar, bytes);
	ulong hash = ((ulong)0xcbf29ce4 << 32) | (ulong)0x84222325;
	int size = StringToCharArray(text, bytes, 0, -1, CP_UTF8);
	if(size > 0 && bytes[size - 1] == 0)
		size--;
	for(int i = 0; i < size; i++)
		hash = (hash ^ (ulong)bytes[i]) * (ulong)1099511628211;
	return hash;
}

string Mt5FleetHex(const ulong value, const int digits)
{
	string text = "";
	for(int i = digits - 1; i >= 0; i--)
		text += StringSubstr("0123456789abcdef",
		    (int)((value >> (i * 4)) & 15), 1);
	return text;
}

class Mt5FleetMailbox {
private:
	string m_terminal_id;
	string m_folder;
	ARRAY(uint, m_crc);
	int m_lock;
	bool m_refused;
	int m_last_error;
	ARRAY(string, m_old_names);
	ARRAY(ulong, m_old_seen);
	ulong m_swept;

	bool Complain(const string what, const string name);
	bool WriteFile(const string name, const Mt5FleetJson &body);
	int BodySize(const ARRAY_REF(uchar, bytes), const int size) const;
	ulong FirstSeen(const string name, const ulong tick) const;

public:
	Mt5FleetMailbox(void);
	void Init(void);
	string TerminalId(void) const;
	// One program at a time writes here: false while another one does.
	bool Own(void);
	void Release(void);
	// False: refused, to be tried again on the next look.
	bool Publish(const string name, const Mt5FleetJson &body);
	// The body's size, or -1: absent, or being written.
	int Read(const string name, ARRAY_REF(uchar, bytes));
	void Sweep(const ulong tick);
};

Mt5FleetMailbox::Mt5FleetMailbox(void)
{
	m_lock = INVALID_HANDLE;
	m_refused = false;
	m_last_error = 0;
	m_swept = 0;
}

void Mt5FleetMailbox::Init(void)
{
	Mt5FleetCrcTable(m_crc);
	m_terminal_id = Mt5FleetHex(
	    Mt5FleetFnv(TerminalInfoString(TERMINAL_DATA_PATH)), 16);
	m_folder = "mt5fleet\\" + m_terminal_id;
	FolderCreate(m_folder, FILE_COMMON);
	m_folder += "\\";
	m_swept = GetTickCount64();
}

string Mt5FleetMailbox::TerminalId(void) const
{
	return m_terminal_id;
}

// The service and the expert may both be running: a file that is open without
// sharing is the lock, and Windows gives it back whatever ends its owner.
bool Mt5FleetMailbox::Own(void)
{
	if(m_lock != INVALID_HANDLE)
		return true;
	m_lock = FileOpen(m_folder + "writer.lock",
	    FILE_WRITE | FILE_BIN | FILE_COMMON);
	if(m_lock == INVALID_HANDLE && !m_refused)
		Print("mt5fleet: another program writes " + m_folder +
		    " (error " + IntegerToString(GetLastError()) +
		    "); waiting for it to end");
	m_refused = m_lock == INVALID_HANDLE;
	return !m_refused;
}

void Mt5FleetMailbox::Release(void)
{
	if(m_lock != INVALID_HANDLE)
		FileClose(m_lock);
	m_lock = INVALID_HANDLE;
}

// Once for each new reason, not ten times a second.
bool Mt5FleetMailbox::Complain(const string what, const string name)
{
	int error = GetLastError();
	if(error != m_last_error)
		Print("mt5fleet: cannot " + what + " " + m_folder + name +
		    ": error " + IntegerToString(error));
	m_last_error = error;
	return false;
}

bool Mt5FleetMailbox::WriteFile(const string name, const Mt5FleetJson &body)
{
	Mt5FleetJson end;
	ResetLastError();
	int handle = FileOpen(m_folder + name,
	    FILE_WRITE | FILE_BIN | FILE_COMMON);
	if(handle == INVALID_HANDLE)
		return Complain("open", name);
	end.Raw("\n#" + IntegerToString(body.Size()) + " " +
	    Mt5FleetHex((ulong)body.Crc(m_crc), 8) + "\n");
	bool written = body.Write(handle) && end.Write(handle);
	FileClose(handle);
	return written ? true : Complain("write", name);
}

bool Mt5FleetMailbox::Publish(const string name, const Mt5FleetJson &body)
{
	if(body.Size() > MT5FLEET_MAX_BODY) {
		ResetLastError();
		return Complain("publish, over 8 MiB,", name);
	}
	if(!WriteFile(name + ".tmp", body))
		return false;
	ResetLastError();
	if(!FileMove(m_folder + name + ".tmp", FILE_COMMON, m_folder + name,
	    FILE_COMMON | FILE_REWRITE))
		return Complain("replace", name);
	m_last_error = 0;
	return true;
}

// The body's size where the last line fits it, else -1.
int Mt5FleetMailbox::BodySize(const ARRAY_REF(uchar, bytes),
    const int size) const
{
	int body = size - 2;
	while(body >= 0 && bytes[body] != '\n')
		body--;
	if(body < 0)
		return -1;
	uint crc = 0xffffffff;
	for(int i = 0; i < body; i++)
		crc = m_crc[(int)((crc ^ bytes[i]) & 0xff)] ^ (crc >> 8);
	string expected = "\n#" + IntegerToString(body) + " " +
	    Mt5FleetHex((ulong)(crc ^ 0xffffffff), 8) + "\n";
	if(StringLen(expected) != size - body)
		return -1;
	for(int i = body; i < size; i++)
		if(bytes[i] != StringGetCharacter(expected, i - body))
			return -1;
	return body;
}

int Mt5FleetMailbox::Read(const string name, ARRAY_REF(uchar, bytes))
{
	if(!FileIsExist(m_folder + name, FILE_COMMON))
		return -1;
	int handle = FileOpen(m_folder + name, FILE_READ | FILE_BIN |
	    FILE_COMMON | FILE_SHARE_READ | FILE_SHARE_WRITE);
	if(handle == INVALID_HANDLE)
		return -1;
	int size = 0;
	if(FileSize(handle) <= (ulong)MT5FLEET_MAX_REQUEST)
		size = (int)FileReadArray(handle, bytes);
	FileClose(handle);
	return BodySize(bytes, size);
}

ulong Mt5FleetMailbox::FirstSeen(const string name, const ulong tick) const
{
	for(int i = 0; i < ArraySize(m_old_names); i++)
		if(m_old_names[i] == name)
			return m_old_seen[i];
	return tick;
}

// Removes replies nobody fetched. Their age is the time since we first saw
// them: a file's own date may be of another clock.
void Mt5FleetMailbox::Sweep(const ulong tick)
{
	ARRAY(string, names);
	ARRAY(ulong, seen);
	string name = "";
	int count = 0;
	if(tick - m_swept < MT5FLEET_SWEEP_MS)
		return;
	m_swept = tick;
	long search = FileFindFirst(m_folder + "reply-*", name, FILE_COMMON);
	if(search != INVALID_HANDLE) {
		do {
			ArrayResize(names, count + 1, 64);
			ArrayResize(seen, count + 1, 64);
			names[count] = name;
			seen[count] = FirstSeen(name, tick);
			count++;
		} while(FileFindNext(search, name));
		FileFindClose(search);
	}
	for(int i = 0; i < count; i++)
		if(tick - seen[i] >= MT5FLEET_REPLY_AGE_MS)
			FileDelete(m_folder + names[i], FILE_COMMON);
	ArrayResize(m_old_names, count);
	ArrayResize(m_old_seen, count);
	for(int i = 0; i < count; i++) {
		m_old_names[i] = names[i];
		m_old_seen[i] = seen[i];
	}
}

#endif

// Journals: one of the terminal, one of its programs.
#include "journal.h"
#include "terminal.h"

#include <filesystem>
#include <time.h>

static std::string folder_;
static bool echo_;

void
journal_open(const std::string &folder, bool echo)
{
	folder_ = folder;
	echo_ = echo;
	std::filesystem::create_directories(folder + "/logs");
	std::filesystem::create_directories(folder + "/MQL5/Logs");
}

static void
append(const std::string &file, const std::string &line)
{
	FILE *f = fopen(file.c_str(), "ab");

	if (!f)
		return;
	if (ftell(f) == 0)
		fwrite("\xff\xfe", 1, 2, f);
	const string text = from_utf8(line);
	for (char16_t unit : text.units()) {
		unsigned char bytes[2] = {
		    (unsigned char)unit, (unsigned char)(unit >> 8)};
		fwrite(bytes, 1, 2, f);
	}
	fclose(f);
}

// Two letters and a severity, then the machine's local time.
static void
write_line(
    const std::string &sub, const char *source, const std::string &message)
{
	char day[16], clock[16], head[64];
	struct timespec ts;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &ts);
	localtime_r(&ts.tv_sec, &tm);
	strftime(day, sizeof(day), "%Y%m%d", &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	snprintf(head, sizeof(head), "MF\t0\t%s.%03d\t", clock,
	    (int)(ts.tv_nsec / 1000000));
	if (!folder_.empty())
		append(folder_ + sub + day + ".log",
		    head + std::string(source) + "\t" + message + "\r\n");
	if (echo_)
		fprintf(stderr, "%s %s: %s\n", clock, source, message.c_str());
}

void
journal_write(const char *source, const std::string &message)
{
	write_line("/logs/", source, message);
}

void
journal_print(const std::string &message)
{
	write_line("/MQL5/Logs/", "mt5fleet", message);
}

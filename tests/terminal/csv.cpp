// CSV, as Python's csv module writes and reads it.
#include "csv.h"

#include <charconv>
#include <stdexcept>
#include <unistd.h>

static std::string
read_file(const std::string &path)
{
	FILE *f = fopen(path.c_str(), "rb");
	std::string text;
	char buf[65536];
	size_t n;

	if (!f)
		throw std::runtime_error("cannot read " + path);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		text.append(buf, n);
	fclose(f);
	return text;
}

// One value from at on; at is left on the comma or line end behind it.
static std::string
take_value(const std::string &s, size_t &at)
{
	std::string value;

	if (at < s.size() && s[at] == '"') {
		for (at++; at < s.size(); at++) {
			if (s[at] == '"' && (++at >= s.size() || s[at] != '"'))
				break;
			value += s[at];
		}
	}
	while (at < s.size() && s[at] != ',' && s[at] != '\n')
		value += s[at++];
	if (!value.empty() && value.back() == '\r')
		value.pop_back();
	return value;
}

std::vector<CsvRow>
csv_read(const std::string &path)
{
	std::string text = read_file(path);
	std::vector<CsvRow> rows;

	for (size_t at = 0; at < text.size(); at++) {
		CsvRow row(1, take_value(text, at));
		while (at < text.size() && text[at] == ',')
			row.push_back(take_value(text, ++at));
		rows.push_back(row);
	}
	return rows;
}

std::string
csv_line(const CsvRow &row)
{
	std::string line;

	for (const std::string &value : row) {
		if (&value != &row[0])
			line += ',';
		if (value.find_first_of(",\"\r\n") == value.npos) {
			line += value;
			continue;
		}
		line += '"';
		for (char c : value)
			line +=
			    c == '"' ? std::string("\"\"") : std::string(1, c);
		line += '"';
	}
	return line + "\n";
}

void
write_file(const std::string &path, const std::string &text)
{
	std::string tmp = path + ".tmp";
	FILE *f = fopen(tmp.c_str(), "wb");

	if (!f || fwrite(text.data(), 1, text.size(), f) != text.size() ||
	    fclose(f) != 0 || rename(tmp.c_str(), path.c_str()) != 0)
		throw std::runtime_error("cannot write " + path);
}

std::string
number_text(double n)
{
	char text[400];
	auto end = std::to_chars(
	    text, text + sizeof(text), n, std::chars_format::fixed);
	std::string s(text, end.ptr);

	return s.find('.') == s.npos ? s + ".0" : s;
}

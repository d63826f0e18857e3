// Records as CSV, with the columns of the MetaTrader5 package.
#ifndef CSV_H
#define CSV_H

#include "account.h"

typedef std::vector<std::string> CsvRow;
// All rows; a quoted value may hold commas, quotes and line ends.
std::vector<CsvRow> csv_read(const std::string &path);
std::string csv_line(const CsvRow &row);
// Writes beside it, then renames: a reader sees the old file or the new one.
void write_file(const std::string &path, const std::string &text);
// The fewest digits that read back the same; always with a decimal point.
std::string number_text(double n);

template <class T>
std::string
csv_header(const std::vector<Field<T>> &fields)
{
	CsvRow row;

	for (const Field<T> &f : fields)
		row.push_back(f.name);
	return csv_line(row);
}

template <class T>
std::string
csv_record(const std::vector<Field<T>> &fields, const T &record)
{
	CsvRow row;

	for (const Field<T> &f : fields) {
		if (f.integer)
			row.push_back(std::to_string(record.*f.integer));
		else if (f.number)
			row.push_back(number_text(record.*f.number));
		else
			row.push_back(to_utf8(record.*f.text));
	}
	return csv_line(row);
}

template <class T>
void
set_field(const Field<T> &f, T &record, const std::string &value)
{
	if (f.integer)
		record.*f.integer = strtoll(value.c_str(), nullptr, 10);
	else if (f.number)
		record.*f.number = strtod(value.c_str(), nullptr);
	else
		record.*f.text = from_utf8(value);
}

// A column that no field has is left out.
template <class T>
std::vector<T>
csv_records(const std::string &path, const std::vector<Field<T>> &fields)
{
	std::vector<CsvRow> rows = csv_read(path);
	std::vector<T> records;

	for (size_t i = 1; i < rows.size(); i++) {
		T record;
		for (size_t c = 0; c < rows[i].size(); c++)
			for (const Field<T> &f : fields)
				if (c < rows[0].size() && rows[0][c] == f.name)
					set_field(f, record, rows[i][c]);
		records.push_back(std::move(record));
	}
	return records;
}

#endif

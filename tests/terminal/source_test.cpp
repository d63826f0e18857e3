// The bridge's source: it reads only, and it is MQL5 as MetaEditor takes it.
#include "fixture.h"

#include <fstream>
#include <regex>

struct Line {
	std::string file, code; // without its comment
	int number;
};

static std::vector<Line> source()
{
	std::vector<Line> lines;

	for (const auto &f :
	    std::filesystem::directory_iterator("agent/bridge")) {
		std::ifstream in(f.path());
		std::string text;
		for (int n = 1; std::getline(in, text); n++)
			lines.push_back({f.path().filename(),
			    text.substr(0, text.find("//")), n});
	}
	if (lines.size() < 500)
		throw Failed{"agent/bridge is not there: run it from the root"};
	return lines;
}

static void check_none(const char *pattern, bool whole_file)
{
	std::regex forbidden(pattern);

	for (const Line &l : source())
		if ((whole_file || l.file != "Mt5FleetJson.mqh") &&
		    std::regex_search(l.code, forbidden))
			throw Failed{l.file + ":" + std::to_string(l.number) +
			    ": " + l.code};
}

TEST(it_has_no_way_to_trade)
{
	check_none("OrderSend|OrderCheck|OrderCalc|\\bCTrade\\b|CPosition|"
		   "COrder|Trade/|Trade\\\\|PositionClose|PositionModify|"
		   "OrderDelete|OrderModify|OrderClose|TRADE_ACTION",
	    true);
}

TEST(it_has_no_way_out_but_files)
{
	check_none("#import|\\.dll|WebRequest|Socket|SendMail|SendFTP|"
		   "SendNotification|ShellExecute|Database|pipe|"
		   "GlobalVariable|ChartApply|ExpertRemove|TerminalClose",
	    true);
}

TEST(it_writes_only_into_the_common_folder)
{
	std::regex opened("FileOpen\\(|FileMove\\(|FileDelete\\(|FolderCreate\\(");

	int calls = 0;
	std::vector<Line> lines = source();
	for (size_t i = 0; i < lines.size(); i++) {
		std::string call = lines[i].code;
		if (!std::regex_search(call, opened))
			continue;
		for (size_t k = i + 1; call.find(';') == call.npos; k++)
			call += lines[k].code;
		calls++;
		if (call.find("FILE_COMMON") == call.npos)
			throw Failed{lines[i].file + ": " + call};
	}
	CHECK(calls >= 6);
}

TEST(it_includes_nothing_but_itself)
{
	std::regex include("#include"), ours("#include \"Mt5Fleet\\w*\\.mqh\"");

	for (const Line &l : source())
		if (std::regex_search(l.code, include))
			CHECK(std::regex_search(l.code, ours));
}

TEST(it_has_nothing_that_only_cpp_knows)
{
	check_none("->|::std|std::|\\bnullptr\\b|\\bauto\\b|_cast<|\\bnamespace\\b|"
		   "\\busing\\b|\\btypedef\\b|\\bunsigned\\b|\\bsize_t\\b|"
		   "\\bconstexpr\\b|\\bnoexcept\\b|\\bgoto\\b|\\bthrow\\b|"
		   "\\btry\\b|\\[\\]\\s*\\(|#if |#elif|#pragma|\\bint64_t\\b|"
		   "\\bchar\\s*\\*|\\bwchar_t\\b|\\bextern\\b|for\\s*\\([^;]*:",
	    true);
}

TEST(two_literals_are_not_put_side_by_side)
{
	std::regex literal("\"([^\"\\\\]|\\\\.)*\""), two("@\\s*\\+?\\s*@");

	for (const Line &l : source())
		if (std::regex_search(
			std::regex_replace(l.code, literal, "@"), two))
			throw Failed{l.file + ": " + l.code};
}

TEST(arrays_go_through_the_macros)
{
	check_none("\\b(uchar|uint|ulong|string|Mt5FleetDealKey)\\s+&?\\w+\\[\\]",
	    false);
}

TEST(its_files_are_short_and_say_what_they_are)
{
	std::map<std::string, int> length;

	for (const Line &l : source()) {
		length[l.file]++;
		if (l.number == 1)
			CHECK(slurp("agent/bridge/" + l.file).substr(0, 12) ==
			    "// mt5fleet:" || l.file.find(".mq5") != l.file.npos);
	}
	for (auto &[file, lines] : length)
		if (lines > 600)
			throw Failed{file + " is too long"};
}

int main()
{
	return run_tests();
}

// The bridge's JSON, its checksums and its reader of requests.
#include "fixture.h"

#include "Mt5Fleet.mqh"

#include <charconv>
#include <cstring>
#include <random>
#include <zlib.h>

// What the writer makes of something, without the object around it.
template <class Put>
static std::string
written(Put put)
{
	Mt5FleetJson json;
	Folder folder;

	terminal().common = folder.path;
	put(json);
	int handle = FileOpen("json", FILE_WRITE | FILE_BIN | FILE_COMMON);
	CHECK(json.Write(handle));
	FileClose(handle);
	return slurp(folder.path + "/json");
}

// Many numbers at once, one a line.
static std::vector<std::string>
numbers(const std::vector<double> &values)
{
	std::string all = written([&](Mt5FleetJson &json) {
		for (double v : values) {
			json.Number("", v);
			json.Raw("\n");
		}
	});
	std::vector<std::string> lines;
	std::istringstream in(all);
	for (std::string line; std::getline(in, line);)
		lines.push_back(line[0] == ',' ? line.substr(1) : line);
	return lines;
}

static std::string
text_of(const std::u16string &units)
{
	return written(
	    [&](Mt5FleetJson &json) { json.Text("", string(units)); });
}

TEST(numbers_have_the_fewest_digits)
{
	std::vector<double> values = {0, -0.0, 1, -1, 0.1, -0.5, 4200.662,
	    6047.22, 0.00001, 123456789.12, -1055.12, 1123.768225546882,
	    3341060.41, 100000, 9e14, 0.70031, -0.01};
	std::vector<std::string> expected = {"0", "0", "1", "-1", "0.1", "-0.5",
	    "4200.662", "6047.22", "0.00001", "123456789.12", "-1055.12",
	    "1123.768225546882", "3341060.41", "100000", "900000000000000",
	    "0.70031", "-0.01"};
	std::vector<std::string> got = numbers(values);

	for (size_t i = 0; i < values.size(); i++)
		CHECK_EQ(got[i], expected[i]);
}

TEST(what_is_no_number_is_null)
{
	for (const std::string &line : numbers({NAN, INFINITY, -INFINITY}))
		CHECK_EQ(line, "null");
}

static void
check_same_bits(const std::vector<double> &values)
{
	std::vector<std::string> got = numbers(values);

	for (size_t i = 0; i < values.size(); i++) {
		double back = strtod(got[i].c_str(), nullptr);
		if (memcmp(&back, &values[i], sizeof(back)) != 0)
			throw Failed{got[i] + " does not read back"};
	}
}

TEST(every_number_reads_back_the_same)
{
	std::mt19937_64 random(7);
	std::vector<double> values = {5e-324, 1.7976931348623157e308, 1e15,
	    4503599627370496.0, 9007199254740994.0, 1e22, 1.0 / 3, 2.0 / 3e10,
	    10.687902118038018, 0.1 + 0.2};

	while (values.size() < 100000) {
		uint64_t bits = random();
		double v;
		memcpy(&v, &bits, sizeof(v));
		if (std::isfinite(v) && v != 0)
			values.push_back(v);
		values.push_back((double)(int64_t)(bits >> 20) / 1e5 + 1e-9);
	}
	check_same_bits(values);
}

TEST(prices_and_amounts_are_as_short_as_can_be)
{
	std::mt19937_64 random(8);
	std::vector<double> values;

	for (int i = 0; i < 50000; i++)
		values.push_back((double)(random() % 1000000000000) /
				 pow(10, (double)(random() % 9)));
	std::vector<std::string> got = numbers(values);
	for (size_t i = 0; i < values.size(); i++) {
		char shortest[64];
		auto end = std::to_chars(shortest, shortest + sizeof(shortest),
		    values[i], std::chars_format::fixed);
		CHECK_EQ(got[i], std::string(shortest, end.ptr));
	}
}

TEST(identifiers_are_strings_of_64_bits)
{
	CHECK_EQ(written([](Mt5FleetJson &json) {
		json.Id("a", 9007199254740993);
		json.Id("b", INT64_MIN);
		json.Integer("c", INT64_MAX);
	}),
	    "\"a\":\"9007199254740993\",\"b\":\"-9223372036854775808\","
	    "\"c\":9223372036854775807");
}

TEST(texts_are_escaped)
{
	CHECK_EQ(text_of(u"a\"b\\c"), "\"a\\\"b\\\\c\"");
	CHECK_EQ(text_of(u"\n\r\t\x01\x1f"),
	    "\"\\u000a\\u000d\\u0009\\u0001\\u001f\"");
	CHECK_EQ(text_of(std::u16string(1, u'\0')), "\"\\u0000\"");
	CHECK_EQ(text_of(u"=1,</b>\x7f"), "\"=1,</b>\x7f\"");
}

TEST(texts_are_utf8)
{
	CHECK_EQ(text_of(u"ä€日\U0001f600"), "\"ä€日😀\"");
	CHECK_EQ(text_of(u"\u007f\u0080\u07ff\u0800\uffff\U00010000\U0010ffff"),
	    "\"\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80"
	    "\xf4\x8f\xbf\xbf\"");
}

TEST(half_a_surrogate_pair_becomes_u_fffd)
{
	const char16_t high = 0xd83d, low = 0xde00;
	const std::string bad = "\xef\xbf\xbd";

	CHECK_EQ(text_of({high}), "\"" + bad + "\"");
	CHECK_EQ(text_of({low}), "\"" + bad + "\"");
	CHECK_EQ(text_of({high, u'x'}), "\"" + bad + "x\"");
	CHECK_EQ(text_of({low, high}), "\"" + bad + bad + "\"");
	CHECK_EQ(text_of({high, high, low}), "\"" + bad + "😀\"");
}

TEST(crc_is_that_of_zlib)
{
	ARRAY(uint, table);
	Mt5FleetJson json;

	Mt5FleetCrcTable(table);
	CHECK_EQ(json.Crc(table), 0u);
	json.Raw("123456789");
	CHECK_EQ(json.Crc(table), 0xcbf43926u);
	json.Raw("a longer text, {\"with\":\"signs\"}");
	CHECK_EQ((unsigned long)json.Crc(table),
	    crc32(0,
		(const Bytef *)"123456789a longer text, "
			       "{\"with\":\"signs\"}",
		40));
}

TEST(fnv_is_that_of_its_authors)
{
	CHECK_EQ(Mt5FleetHex(Mt5FleetFnv(""), 16), "cbf29ce484222325");
	CHECK_EQ(Mt5FleetHex(Mt5FleetFnv("a"), 16), "af63dc4c8601ec8c");
	CHECK_EQ(Mt5FleetHex(Mt5FleetFnv("foobar"), 16), "85944171f73967e8");
	CHECK_EQ(to_utf8(Mt5FleetHex(Mt5FleetFnv("C:\\Users\\Jürgen"), 16)),
	    folder_name("C:\\Users\\Jürgen"));
}

static bool
parse(Mt5FleetRequest &request, const std::string &json)
{
	ARRAY(uchar, bytes);

	bytes.items.assign(json.begin(), json.end());
	return request.Parse(bytes, (int)json.size());
}

TEST(a_request_is_read)
{
	Mt5FleetRequest r;
	long n = 7;

	CHECK(parse(r, " { \"a\" : \"x\\\"\\\\\\u00e4\\ud83d\\ude00\\n\","
		       "\"b\":-12 ,\"c\":true,\"日\":\"本\"} \r\n"));
	CHECK_EQ(to_utf8(r.Text("a")), "x\"\\ä😀\n");
	CHECK(r.Number("b", -20, 20, n));
	CHECK_EQ(n, -12);
	CHECK(r.Number("none", 0, 0, n));
	CHECK_EQ(n, -12);
	CHECK_EQ(to_utf8(r.Text("日")), "本");
	CHECK(parse(r, "{}"));
	CHECK_EQ(to_utf8(r.Text("a")), "");
}

TEST(a_bad_request_is_quoted)
{
	Mt5FleetRequest r;
	long n;

	for (const char *bad : {"", "[]", "{", "{\"a\"}", "{\"a\":}",
		 "{\"a\":1,}", "{\"a\":\"x", "{\"a\":{}}", "{\"a\":1} x",
		 "{\"a\":1 \"b\":2}", "{a:1}", "{\"a\":\"\\"}) {
		CHECK(!parse(r, bad));
		CHECK(r.Error() != "");
	}
	CHECK(!parse(r, "{\"a\":[oops]}"));
	CHECK(to_utf8(r.Error()).find("[oops]") != std::string::npos);
	for (const char *bad : {"1x", "1.5", "", "99999999999999999999", "-1",
		 "101", "0x10", "+5", "007"}) {
		parse(r, "{\"n\":\"" + std::string(bad) + "\"}");
		CHECK(!r.Number("n", 0, 100, n));
		CHECK(to_utf8(r.Error()).find("\"" + std::string(bad) + "\"") !=
		      std::string::npos);
	}
}

int
main()
{
	return run_tests();
}

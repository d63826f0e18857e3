// The bridge's clocks: the machine's in milliseconds, the trade server's, and
// the offset between, which must not be believed too easily.
#include "fixture.h"

#include "Mt5Fleet.mqh"

struct Clock : Fixture {
	Mt5FleetClock clock;

	void run(int64_t ms)
	{
		for (; ms > 0; ms -= 100) {
			terminal().skipped_ms += 100;
			clock.Look(GetTickCount64());
		}
	}
	void check_offset(int64_t offset_s)
	{
		CHECK(clock.OffsetKnown());
		CHECK_EQ(clock.OffsetS(), offset_s);
	}
};

TEST(the_offset_is_known_after_some_seconds)
{
	for (int64_t offset : {0, 7200, 10800, -18000, 20700, -43200, 50400}) {
		Clock c;
		terminal().offset_s = offset;
		c.run(200);
		CHECK(!c.clock.OffsetKnown());
		CHECK(!c.clock.Moving());
		c.run(4000);
		c.check_offset(offset);
		CHECK(c.clock.Moving());
	}
}

TEST(the_offset_is_rounded_to_a_quarter_of_an_hour)
{
	for (int64_t wrong : {-449, -1, 1, 200, 449}) {
		Clock c;
		terminal().offset_s = 10800 + wrong;
		c.run(5000);
		c.check_offset(10800);
		Clock west;
		terminal().offset_s = -12600 + wrong;
		west.run(5000);
		west.check_offset(-12600);
	}
}

TEST(an_offset_that_cannot_be_is_not_believed)
{
	for (int64_t offset : {-44100, 51300, 86400, -172800}) {
		Clock c;
		terminal().offset_s = offset;
		c.run(8000);
		CHECK(!c.clock.OffsetKnown());
		CHECK(c.clock.Moving());
	}
}

TEST(a_frozen_clock_keeps_the_last_good_offset)
{
	Clock c;

	c.run(5000);
	terminal().freeze();
	c.run(50000);
	CHECK(c.clock.Moving());
	c.run(20000);
	CHECK(!c.clock.Moving());
	c.check_offset(10800);
	// days later still, and the broker's time goes on by it
	terminal().skipped_ms += 2 * 86400000;
	c.run(1000);
	c.check_offset(10800);
	CHECK_EQ(c.clock.BrokerMsc() - c.clock.GmtMsc(), 10800000);
	terminal().thaw();
	c.run(5000);
	CHECK(c.clock.Moving());
	c.check_offset(10800);
}

TEST(the_broker_away_is_a_clock_that_stands)
{
	Clock c;

	c.run(5000);
	terminal().disconnect();
	c.run(61000);
	CHECK(!c.clock.Moving());
	c.check_offset(10800);
}

TEST(a_start_at_the_week_end_has_no_offset)
{
	// also where the wrong one would lie within -12 h to +14 h
	for (int64_t ago_s :
	    {3600, 4 * 3600, 10 * 3600, 30 * 3600, 50 * 3600}) {
		Clock c;
		terminal().freeze_at(
		    terminal().gmt_ms() / 1000 + 10800 - ago_s);
		c.run(120000);
		CHECK(!c.clock.OffsetKnown());
		CHECK(!c.clock.Moving());
	}
}

TEST(fridays_last_quotes_arriving_one_by_one_prove_nothing)
{
	Clock c;
	int64_t friday = terminal().gmt_ms() / 1000 + 10800 - 4 * 3600;

	for (int64_t later : {0, 1, 2, 40, 41, 300, 301, 900}) {
		terminal().freeze_at(friday + later);
		c.run(200);
	}
	c.run(100000);
	CHECK(!c.clock.OffsetKnown());
}

TEST(rare_quotes_are_enough)
{
	Clock c;

	for (int i = 0; i < 4; i++) {
		terminal().freeze(); // the quote's time, until the next one
		c.run(30000);
	}
	c.check_offset(10800);
	CHECK(c.clock.Moving());
}

TEST(a_change_of_summer_time_is_followed)
{
	Clock c;

	c.run(5000);
	terminal().offset_s = 7200;
	c.run(6000);
	c.check_offset(7200);
}

TEST(the_machines_clock_has_milliseconds)
{
	Clock c;

	c.run(3000);
	int64_t off = c.clock.GmtMsc() - terminal().gmt_ms();
	CHECK(off <= 10 && off >= -200);
	// never before the second that the machine shows, never after it
	for (int i = 0; i < 300; i++) {
		terminal().skipped_ms += 37;
		c.clock.Look(GetTickCount64());
		CHECK_EQ(c.clock.GmtMsc() / 1000, (int64_t)TimeGMT());
	}
}

int
main()
{
	return run_tests();
}

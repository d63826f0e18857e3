/* collect_answer_test.c: an agent's answer, checked; an account there and back.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cron/collect/answer.h"
#include "lib/fleet/fields.h"
#include "lib/base/mem.h"
#include "tests/unit/unit.h"

#define HEAD "{\"rev\":\"r-1\",\"agent\":{\"name\":\"a\"},\"terminals\":["
#define TERMINAL                                               \
	"{\"terminal_id\":\"0123456789abcdef\",\"age_ms\":40," \
	"\"bridge\":\"ok\",\"process\":null,\"snapshot\":"
#define ACCOUNT                                                         \
	"\"account\":{\"login\":\"9007199254740993\",\"server\":\"S\"," \
	"\"balance\":12.5,\"equity\":\"12\",\"trade_mode\":2,"          \
	"\"currency_digits\":2.5,\"trade_allowed\":true,\"name\":\"\\u00e9\"}"
#define REST \
	",\"terminal\":{\"connected\":true},\"positions\":[],\"orders\":[]}"
#define SNAPSHOT "{" ACCOUNT REST
#define TAIL "}]}"

#define NOW INT64_C(1795270000000) /* 2026-11-21T14:06:40Z */

static int
read(struct answer *a, const char *text, char why[WHY_SIZE])
{
	*why = '\0';
	return answer_read(a, text, strlen(text), NOW, why);
}

static void
good(void **state)
{
	struct answer a;
	const struct terminal *t;
	char why[WHY_SIZE];

	(void)state;
	assert_int_equal(read(&a, HEAD TERMINAL SNAPSHOT TAIL, why), 0);
	assert_string_equal(a.rev, "r-1");
	assert_false(a.unchanged);
	assert_int_equal(a.len, 1);
	t = &a.terminals[0];
	assert_string_equal(t->id, "0123456789abcdef");
	assert_int_equal(t->age_ms, 40);
	assert_true(t->facts.logged_in);
	assert_true(t->facts.connected);
	assert_true(t->facts.account_trade_allowed);
	/* not told: not so */
	assert_false(t->facts.history_complete);
	assert_false(t->facts.terminal_trade_allowed);
	assert_string_equal(t->account->server, "S");
	assert_true(t->account->login == INT64_C(9007199254740993));
	assert_string_equal(t->account->terminal_id, "0123456789abcdef");
	answer_done(&a);
}

/* A clock that is off shifts what the bridge takes for the broker's offset. */
static void
a_wrong_clock_leaves_no_offset(void **state)
{
	static const struct {
		const char *utc;
		bool known;
		int64_t ahead_ms;
		const char *offset;
	} cases[] = {
	    {"2026-11-21T14:06:40.000Z", true, 0, "10800"},
	    {"2026-11-21T14:11:40Z", true, 300000, "10800"},
	    {"2026-11-21T14:11:41.999Z", true, 301000, "null"},
	    {"2026-11-21T14:01:40.000Z", true, -300000, "10800"},
	    {"2025-11-21T14:06:40.000Z", true, -INT64_C(31536000000), "null"},
	    {"yesterday", false, 0, "10800"},
	    {"2026-11-21 14:01:40", false, 0, "10800"},
	};
	char text[1024], want[64], why[WHY_SIZE];
	struct answer a;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text),
		    "{\"rev\":\"r-1\",\"now_utc\":\"%s\",\"agent\":{},"
		    "\"terminals\":[" TERMINAL
		    "{\"broker_offset_s\":10800," ACCOUNT REST TAIL,
		    cases[i].utc);
		assert_int_equal(read(&a, text, why), 0);
		assert_int_equal(a.clock_known, cases[i].known);
		assert_true(a.clock_ahead_ms == cases[i].ahead_ms);
		snprintf(want, sizeof(want), "\"broker_offset_s\":%s",
		    cases[i].offset);
		assert_non_null(strstr(a.terminals[0].account->row, want));
		answer_done(&a);
	}
}

/* What no currency is worth is unknown, and no reason to refuse the account. */
static void
an_absurd_rate_is_unknown(void **state)
{
	static const char *const cases[][2] = {
	    {"1.08432", "\"usd_rate\":1.08432,"},
	    {"0.00004", "\"usd_rate\":4e-05,"},
	    {"0", "\"usd_rate\":null,"},
	    {"-1", "\"usd_rate\":null,"},
	    {"1e308", "\"usd_rate\":null,"},
	    {"\"1\"", "\"usd_rate\":null,"},
	    {"null", "\"usd_rate\":null,"},
	};
	char text[1024], why[WHY_SIZE];
	struct answer a;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text),
		    HEAD TERMINAL "{\"usd_rate\":%s," ACCOUNT REST TAIL,
		    cases[i][0]);
		assert_int_equal(read(&a, text, why), 0);
		assert_non_null(
		    strstr(a.terminals[0].account->row, cases[i][1]));
		answer_done(&a);
	}
	assert_int_equal(read(&a, HEAD TERMINAL SNAPSHOT TAIL, why), 0);
	assert_non_null(
	    strstr(a.terminals[0].account->row, "\"usd_rate\":null,"));
	answer_done(&a);
}

static void
wrong_types_are_null(void **state)
{
	struct answer a;
	char why[WHY_SIZE];
	const struct account *acc;
	struct json j;

	(void)state;
	assert_int_equal(read(&a, HEAD TERMINAL SNAPSHOT TAIL, why), 0);
	acc = a.terminals[0].account;
	json_init(&j, 1 << 16);
	account_put_entry(acc, &j);
	assert_non_null(strstr(json_text(&j, NULL),
	    "\"currency\":null,\"currency_digits\":null,\"trade_mode\":2,"
	    "\"balance\":12.5,\"credit\":null,\"equity\":null,"
	    "\"profit\":null,\"terminal_id\""));
	json_done(&j);
	assert_true(acc->reported.balance == 12.5);
	assert_true(isnan(acc->reported.equity));
	assert_non_null(strstr(acc->row, "\"leverage\":null"));
	assert_non_null(strstr(acc->row, "\"broker_offset_s\":null"));
	assert_non_null(strstr(acc->row, "\"login\":\"9007199254740993\""));
	assert_string_equal(
	    acc->extra, "{\"equity_range\":null,\"history\":null}");
	answer_done(&a);
}

static void
states_of_a_terminal(void **state)
{
	struct answer a;
	char why[WHY_SIZE];

	(void)state;
	assert_int_equal(
	    read(&a, "{\"rev\":\"1\",\"agent\":{},\"terminals\":[]}", why), 0);
	assert_int_equal(a.len, 0);
	answer_done(&a);
	assert_int_equal(
	    read(&a, HEAD TERMINAL "{\"account\":null}" TAIL, why), 0);
	assert_null(a.terminals[0].account);
	assert_false(a.terminals[0].facts.logged_in);
	answer_done(&a);
	assert_int_equal(read(&a, HEAD TERMINAL "null" TAIL, why), 0);
	answer_done(&a);
	assert_int_equal(read(&a,
			     HEAD "{\"terminal_id\":\"x\",\"age_ms\":11000,"
				  "\"bridge\":\"silent\",\"process\":\"down\","
				  "\"snapshot\":" SNAPSHOT TAIL,
			     why),
	    0);
	assert_true(a.terminals[0].facts.bridge_silent);
	assert_true(a.terminals[0].facts.process_down);
	answer_done(&a);
	assert_int_equal(
	    read(&a,
		"{\"rev\":\"r\",\"unchanged\":true,\"terminals\":[{"
		"\"terminal_id\":\"x\",\"age_ms\":310}]}",
		why),
	    0);
	assert_true(a.unchanged);
	assert_int_equal(a.terminals[0].age_ms, 310);
	answer_done(&a);
}

struct refusal {
	const char *text, *why;
};

static void
all_are_refused(const struct refusal *list, size_t n)
{
	struct answer a;
	char why[WHY_SIZE];

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(read(&a, list[i].text, why), -1);
		assert_string_equal(why, list[i].why);
		answer_done(&a);
	}
}

static void
what_is_not_json_is_refused(void **state)
{
	static const struct refusal list[] = {
	    {"", "answer is not JSON: \"\""},
	    {"<html>\n\x80", "answer is not JSON: \"<html>?\?\""},
	    {"{\"rev\":\"r\"", "answer is not JSON: \"{\"rev\":\"r\"\""},
	    {"{} x", "answer is not JSON: \"{} x\""},
	    {"[]", "answer is not JSON: \"[]\""},
	    {"null", "answer is not JSON: \"null\""},
	};

	(void)state;
	all_are_refused(list, COUNT(list));
}

static void
a_bad_head_is_refused(void **state)
{
	static const struct refusal list[] = {
	    {"{}", "bad answer: no rev"},
	    {"{\"rev\":7}", "bad answer: no rev"},
	    {"{\"rev\":\"a&b=c\"}", "bad answer: no rev"},
	    {"{\"rev\":\"a b\"}", "bad answer: no rev"},
	    {"{\"rev\":\"\"}", "bad answer: no rev"},
	    {"{\"rev\":\"r\",\"terminals\":[]}", "bad answer: no agent"},
	    {"{\"rev\":\"r\",\"agent\":{}}",
		"bad answer: no list of terminals"},
	    {"{\"rev\":\"r\",\"agent\":{},\"terminals\":{}}",
		"bad answer: no list of terminals"},
	};

	(void)state;
	all_are_refused(list, COUNT(list));
}

static void
a_bad_terminal_is_refused(void **state)
{
	static const struct refusal list[] = {
	    {HEAD "7]}", "bad answer: a terminal without an id"},
	    {HEAD "{\"age_ms\":1}]}", "bad answer: a terminal without an id"},
	    {HEAD "{\"terminal_id\":\"../x\",\"age_ms\":1}]}",
		"bad answer: a terminal without an id"},
	    {HEAD "{\"terminal_id\":\"x\",\"age_ms\":-1}]}",
		"bad answer: a terminal without an age"},
	    {HEAD "{\"terminal_id\":\"x\",\"age_ms\":\"1\"}]}",
		"bad answer: a terminal without an age"},
	    {HEAD "{\"terminal_id\":\"x\",\"age_ms\":1e300}]}",
		"bad answer: a terminal without an age"},
	    {HEAD "{\"terminal_id\":\"x\",\"age_ms\":1}]}",
		"bad answer: a bridge neither ok nor silent"},
	    {HEAD "{\"terminal_id\":\"x\",\"age_ms\":1,\"bridge\":\"up\"}]}",
		"bad answer: a bridge neither ok nor silent"},
	    {HEAD "{\"terminal_id\":\"x\",\"age_ms\":1,\"bridge\":\"ok\"}]}",
		"bad answer: a terminal without a snapshot"},
	    {HEAD TERMINAL "[]" TAIL,
		"bad answer: a terminal without a snapshot"},
	};

	(void)state;
	all_are_refused(list, COUNT(list));
}

static void
a_bad_account_is_refused(void **state)
{
	static const struct refusal list[] = {
	    {HEAD TERMINAL "{}" TAIL,
		"bad answer: a snapshot without an account"},
	    {HEAD TERMINAL "{\"account\":{\"login\":\"1\"}" REST TAIL,
		"bad answer: terminal 0123456789abcdef: an account without a "
		"server"},
	    {HEAD TERMINAL "{\"account\":{\"server\":\"S\"}" REST TAIL,
		"bad answer: terminal 0123456789abcdef: an account without a "
		"login"},
	    {HEAD TERMINAL
		"{\"account\":{\"server\":\"S\",\"login\":\"0\"}" REST TAIL,
		"bad answer: terminal 0123456789abcdef: an account without a "
		"login"},
	    {HEAD TERMINAL "{" ACCOUNT ",\"orders\":[]}" TAIL,
		"bad answer: terminal 0123456789abcdef: no whole list of "
		"positions"},
	    {HEAD TERMINAL "{" ACCOUNT
			   ",\"positions\":[{\"type\":1}],\"orders\":[]}" TAIL,
		"bad answer: terminal 0123456789abcdef: no whole list of "
		"positions"},
	    {HEAD TERMINAL "{" ACCOUNT ",\"positions\":[],\"orders\":[1]}" TAIL,
		"bad answer: terminal 0123456789abcdef: no whole list of "
		"orders"},
	};

	(void)state;
	all_are_refused(list, COUNT(list));
}

static void
a_flood_of_values_is_not_parsed(void **state)
{
	size_t len = (size_t)3 << 20;
	char *text = mem_new(len + 1, 1), why[WHY_SIZE];
	struct answer a;

	(void)state;
	memset(text, '[', len);
	assert_int_equal(answer_read(&a, text, len, NOW, why), -1);
	assert_string_equal(why, "bad answer: too many values");
	answer_done(&a);
	/* deep, yet few */
	memset(text + 5000, ' ', len - 5000);
	assert_int_equal(answer_read(&a, text, len, NOW, why), -1);
	answer_done(&a);
	free(text);
}

static void
too_many_terminals(void **state)
{
	struct answer a;
	struct buf b;
	char why[WHY_SIZE];

	(void)state;
	buf_init(&b, 1 << 20);
	buf_puts(&b, HEAD);
	for (int i = 0; i < 257; i++)
		buf_printf(&b, "%s" TERMINAL "null}", i > 0 ? "," : "");
	buf_puts(&b, "]}");
	assert_int_equal(read(&a, b.data, why), -1);
	assert_string_equal(why, "bad answer: too many terminals");
	answer_done(&a);
	buf_done(&b);
}

/* A snapshot of that one account, as it is stored. */
static void
put_snapshot(struct json *j, const struct account *a)
{
	const struct snapshot_head head = {.node = "vps01",
	    .rev = "r-1",
	    .agent = "{}",
	    .at_utc_ms = NOW,
	    .status = STATUS_OK};

	json_init(j, 1 << 20);
	snapshot_put_head(j, &head);
	account_put_entry(a, j);
	snapshot_end_head(j);
	account_put_lines(a, j);
}

/* What goes to Redis is what comes back from there, byte for byte. */
static void
an_account_there_and_back(void **state)
{
	struct answer a;
	struct account *acc, *back;
	struct cache_value stored;
	struct snapshot s;
	struct json text, again;
	char why[WHY_SIZE];

	(void)state;
	assert_int_equal(read(&a, HEAD TERMINAL SNAPSHOT TAIL, why), 0);
	acc = a.terminals[0].account;
	acc->said = acc->status = STATUS_READ_ONLY;
	acc->since_utc_ms = 1782154438950;
	acc->at_utc_ms = 1782154438999;
	acc->carried = true;
	acc->alerts[ALERT_STATUS] =
	    (struct alert_state){1000, 2000, ALERT_WARN};
	put_snapshot(&text, acc);
	stored.data = json_text(&text, &stored.len);
	assert_true(snapshot_read(&s, &stored));
	assert_string_equal(s.head.node, "vps01");
	assert_string_equal(s.head.rev, "r-1");
	assert_true(s.head.at_utc_ms == NOW);
	assert_true(s.has_status && s.head.status == STATUS_OK);
	assert_int_equal(s.len, 1);
	back = account_from_snapshot(&s.accounts[0]);
	assert_non_null(back);
	assert_string_equal(back->server, "S");
	assert_true(back->login == acc->login);
	assert_int_equal(back->status, STATUS_READ_ONLY);
	assert_int_equal(back->since_utc_ms, 1782154438950);
	assert_int_equal(back->at_utc_ms, 1782154438999);
	assert_true(back->carried);
	assert_memory_equal(back->alerts, acc->alerts, sizeof(back->alerts));
	assert_string_equal(back->row, acc->row);
	assert_string_equal(back->extra, acc->extra);
	assert_true(account_same_content(acc, back));
	put_snapshot(&again, back);
	assert_string_equal(json_text(&again, NULL), json_text(&text, NULL));
	account_free(back);
	snapshot_done(&s);
	json_done(&again);

	/* cut or garbled it is no account */
	stored.len =
	    (size_t)((const char *)strchr(stored.data, '\n') - stored.data) +
	    20;
	assert_true(snapshot_read(&s, &stored));
	assert_int_equal(s.len, 1);
	assert_false(s.accounts[0].whole);
	assert_null(s.accounts[0].row.data);
	assert_null(account_from_snapshot(&s.accounts[0]));
	snapshot_done(&s);
	stored.len = 10;
	assert_false(snapshot_read(&s, &stored));
	snapshot_done(&s);
	json_done(&text);
	answer_done(&a);
}

/* How 1.0 wrote that an alert is out; the first run after it still ends it. */
static void
alerts_as_they_were_stored(void **state)
{
	struct alert_state states[ALERT_KINDS] = {0};
	const char *entry = "{\"warn_msc\":1000,\"critical_msc\":2000,"
			    "\"alerted\":\"critical\"}";
	const char *node = "{\"alerted\":true,\"clock_alerted\":true}";
	cJSON *doc = jsonin_parse(entry, strlen(entry));

	(void)state;
	alert_states_read(states, doc);
	assert_int_equal(states[ALERT_STATUS].warn_utc_ms, 1000);
	assert_int_equal(states[ALERT_STATUS].critical_utc_ms, 2000);
	assert_int_equal(states[ALERT_STATUS].sent, ALERT_CRITICAL);
	assert_int_equal(states[ALERT_NODE].sent, ALERT_INFO);
	cJSON_Delete(doc);
	memset(states, 0, sizeof(states));
	doc = jsonin_parse(node, strlen(node));
	alert_states_read(states, doc);
	assert_int_equal(states[ALERT_NODE].sent, ALERT_CRITICAL);
	assert_int_equal(states[ALERT_CLOCK].sent, ALERT_WARN);
	assert_int_equal(states[ALERT_STATUS].sent, ALERT_INFO);
	cJSON_Delete(doc);
}

static void
a_minute_of_equity(void **state)
{
	struct account a = {.fresh = true};

	(void)state;
	a.reported.equity = 100;
	a.range = (struct equity_range){.low = 95,
	    .high = 101,
	    .day_low = 50,
	    .day_high = 200,
	    .day = "2026-06-22"};
	account_note_equity(&a, 120000);
	/* the day's low is older than our first look: not of this minute */
	assert_true(a.minute.low == 95 && a.minute.high == 101);
	assert_int_equal(a.minute.utc_ms, 120000);
	/* a new low of the day fell between two looks */
	a.range.low = a.range.high = a.reported.equity = 99;
	a.range.day_low = 40;
	a.fresh = true;
	account_note_equity(&a, 150000);
	assert_true(a.minute.low == 40 && a.minute.high == 101);
	/* nothing new: the next minute has that equity alone */
	account_note_equity(&a, 180001);
	assert_true(a.minute.low == 99 && a.minute.high == 99);
	assert_int_equal(a.minute.utc_ms, 180000);
	/* another day: its low began anew and says nothing of the gap */
	snprintf(a.range.day, sizeof(a.range.day), "2026-06-23");
	a.range.day_low = 10;
	a.fresh = true;
	account_note_equity(&a, 185000);
	assert_true(a.minute.low == 99);
	/* a range that is not told */
	a.range.low = a.range.high = a.range.day_low = NAN;
	a.fresh = true;
	account_note_equity(&a, 190000);
	assert_true(a.minute.low == 99 && a.minute.high == 99);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good),
	    cmocka_unit_test(a_wrong_clock_leaves_no_offset),
	    cmocka_unit_test(an_absurd_rate_is_unknown),
	    cmocka_unit_test(wrong_types_are_null),
	    cmocka_unit_test(states_of_a_terminal),
	    cmocka_unit_test(what_is_not_json_is_refused),
	    cmocka_unit_test(a_bad_head_is_refused),
	    cmocka_unit_test(a_bad_terminal_is_refused),
	    cmocka_unit_test(a_bad_account_is_refused),
	    cmocka_unit_test(a_flood_of_values_is_not_parsed),
	    cmocka_unit_test(too_many_terminals),
	    cmocka_unit_test(an_account_there_and_back),
	    cmocka_unit_test(alerts_as_they_were_stored),
	    cmocka_unit_test(a_minute_of_equity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

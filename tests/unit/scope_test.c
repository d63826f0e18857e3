/* scope_test.c: which accounts were given to somebody. */
#include <stdio.h>
#include <string.h>

#include "lib/fleet/scope.h"
#include "tests/unit/unit.h"

/* As facts_refresh leaves them: by server and login; the second one was called
 * Old/7 before. */
static struct account_facts list[] = {
    {.server = (char *)"Broker",
	.login = 1,
	.id = 1,
	.holder = (char *)"Ann",
	.prop_firm = (char *)"FTMO",
	.tags = (char *)"[\"vip\",\"d\\u00e9sk\"]"},
    {.server = (char *)"Broker",
	.login = 2,
	.id = 2,
	.holder = (char *)"Anna",
	.tags = (char *)"[]"},
    {.server = (char *)"Old",
	.login = 7,
	.id = 2,
	.holder = (char *)"Anna",
	.tags = (char *)"[]"},
};
static const struct facts facts = {.known = true, .list = list, .len = 3};
static const struct facts unknown = {.known = false};

static void
gives(const char *text, const char *which)
{
	char is[4] = {
	    scope_has(text, &facts, "Broker", 1) ? '1' : '-',
	    scope_has(text, &facts, "Broker", 2) ? '2' : '-',
	    scope_has(text, &facts, "Broker", 3) ? '3' : '-',
	};

	if (strcmp(is, which) != 0)
		fail_msg("\"%s\" gives %s, not %s", text, is, which);
}

static void
each_kind(void **state)
{
	(void)state;
	gives("", "123");
	gives("none", "---");
	gives("holder:Ann", "1--");
	gives("holder:Anna", "-2-");
	gives("holder:ann", "---");
	gives("firm:FTMO", "1--");
	gives("tag:vip", "1--");
	gives("tag:d\xc3\xa9sk", "1--");
	gives("tag:vi", "---");
	gives("account:Broker/3", "--3");
	gives("account:Broker/33", "---");
	gives("account:broker/3", "---");
	gives("account:Old/7", "-2-");
	gives("account:Broker/3\nholder:Anna", "-23");
	gives("none\nholder:Ann", "1--");
	/* what nobody can have said gives nothing */
	gives("planet:Mars", "---");
	gives("holder:", "---");
	gives("\n", "---");
	gives("holder", "---");
	gives("account:Broker", "---");
	gives("account:/1", "---");
	gives("account:Broker/-1", "---");
	gives("account:Broker/99999999999999999999", "---");
	assert_false(scope_has("holder:Ann", &facts, NULL, 0));
	assert_true(scope_has("", &facts, NULL, 0));
}

/* While the ledger is away nobody is taken for somebody. */
static void
without_ledger(void **state)
{
	(void)state;
	assert_false(scope_has("holder:Ann", &unknown, "Broker", 1));
	assert_false(scope_has("tag:vip", &unknown, "Broker", 1));
	assert_true(scope_has("account:Broker/1", &unknown, "Broker", 1));
	assert_true(scope_has("", &unknown, "Broker", 1));
}

static void
lines(void **state)
{
	static const char *const bad[] = {"", "all", "planet:Mars",
	    "holder:", "account:Broker", "account:Broker/x", "account:/5",
	    "account:Broker/0", "holder:a\nb", "holder:\xff", "Holder:Ann",
	    "none:x"};
	char text[SCOPE_SIZE] = "", why[SCOPE_WHY_SIZE], line[SCOPE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		*why = '\0';
		if (scope_add(text, bad[i], why) || *why == '\0')
			fail_msg("\"%s\" was taken", bad[i]);
		assert_string_equal(text, "");
	}
	assert_true(scope_add(text, "holder:Ann Example", why));
	assert_true(scope_add(text, "account:A/B/5", why));
	assert_string_equal(text, "holder:Ann Example\naccount:A/B/5");
	memset(line, 'x', sizeof(line));
	memcpy(line, "tag:", 4);
	line[SCOPE_SIZE - 1 - strlen(text) - 1] = '\0';
	assert_true(scope_add(text, line, why));
	assert_int_equal(strlen(text), SCOPE_SIZE - 1);
	assert_false(scope_add(text, "tag:x", why));
	assert_int_equal(strlen(text), SCOPE_SIZE - 1);
}

static void
as_json(void **state)
{
	static const struct {
		const char *json, *text, *back;
	} good[] = {{"null", "", "null"}, {"[]", "none", "[]"},
	    {"[\"firm:FTMO\",\"tag:a\"]", "firm:FTMO\ntag:a",
		"[\"firm:FTMO\",\"tag:a\"]"}};
	static const char *const bad[] = {
	    "\"firm:FTMO\"", "{}", "[1]", "[null]", "[\"\"]", "true"};
	char text[SCOPE_SIZE], why[SCOPE_WHY_SIZE];
	struct json j;
	cJSON *doc;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		doc = cJSON_Parse(good[i].json);
		assert_true(scope_read(text, doc, why));
		cJSON_Delete(doc);
		assert_string_equal(text, good[i].text);
		json_init(&j, 4096);
		scope_json(&j, NULL, text);
		assert_string_equal(json_text(&j, NULL), good[i].back);
		json_done(&j);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		doc = cJSON_Parse(bad[i]);
		assert_false(scope_read(text, doc, why));
		cJSON_Delete(doc);
	}
}

/* Old/7 is Broker/2 now; Broker/3 is another account. */
static void
joined_and_parted(void **state)
{
	static const struct {
		const char *text, *field, *from, *to;
		bool has;
	} rows[] = {
	    {"account:Broker/2", "merge", "7@Old", "#1", true},
	    {"account:Broker/2", "merge", "3@Broker", "#1", false},
	    {"account:Broker/2", "merge", "#1", "3@Broker", false},
	    {"account:Broker/2\naccount:Broker/3", "merge", "#1", "3@Broker",
		true},
	    {"", "merge", "3@Broker", "#1", true},
	    {"account:Broker/2", "note", "3@Broker", "", true},
	    {"account:Broker/1", "note", "a", "b", false},
	    {"account:Broker/2", NULL, NULL, NULL, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct ledger_audit a = {.server = "Broker",
		    .login = 2,
		    .field = rows[i].field,
		    .from = rows[i].from,
		    .to = rows[i].to};

		if (scope_has_audit(rows[i].text, &facts, &a) != rows[i].has)
			fail_msg("row %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_kind),
	    cmocka_unit_test(without_ledger),
	    cmocka_unit_test(lines),
	    cmocka_unit_test(as_json),
	    cmocka_unit_test(joined_and_parted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* notify_test.c: whom alerts are sent to, when, and in which words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/mem.h"
#include "lib/base/moment.h"
#include "lib/notify/post.h"
#include "lib/notify/text.h"
#include "lib/notify/words.h"
#include "tests/unit/unit.h"

static const struct post_site site = {.url = "https://fleet.example.org",
    .proxy = "",
    .now_utc_ms = 1782154500000};
static const struct post_site no_site = {
    .url = "", .proxy = "", .now_utc_ms = 1782154500000};
#define T0 INT64_C(1782154438950) /* 2026-06-22T18:53:58.950Z */

static struct config config;

static int
set_up(void **state)
{
	(void)state;
	setenv("MT5FLEET_CONFIG", "", 1);
	return config_load(&config, "");
}

static int
tear_down(void **state)
{
	(void)state;
	config_done(&config);
	return 0;
}

static void
load(struct targets *t, const char *json)
{
	if (targets_parse(t, "alerts.json", json, strlen(json), &config) == -1)
		fail_msg("%s", t->error);
}

/* Its mistakes, all of them, are these lines. */
static void
wrong(const char *json, const char *lines)
{
	struct targets t;

	assert_int_equal(
	    targets_parse(&t, "alerts.json", json, strlen(json), &config), -1);
	assert_string_equal(t.error, lines);
	targets_done(&t);
}

#define HOOK "\"name\":\"a\",\"type\":\"webhook\",\"url\":\"https://h/x\""

static void
every_mistake_names_its_place(void **state)
{
	(void)state;
	wrong("[1]", "alerts.json: (the whole): expected an object "
		     "{\"targets\":[…]}, not an array\n");
	wrong("{\n\"targets\":[\n{\"token\":\"s3cr3t\" \"x\"}]}",
	    "alerts.json:3: expected JSON, not what stands on this line or "
	    "before it\n");
	wrong("{\"targets\":{}}", "alerts.json: targets: expected an array of "
				  "at most 200 targets, not an object\n");
	wrong("{\"targets\":[[1],7]}",
	    "alerts.json: targets[0]: expected an object {…}, not an array\n"
	    "alerts.json: targets[1]: expected an object {…}, not 7\n");
	wrong("{\"targets\":[{\"name\":\"a\",\"type\":\"pigeon\"}]}",
	    "alerts.json: targets[0].type: expected webhook, telegram, "
	    "discord, slack, ntfy, gotify, pushover, pagerduty, alertmanager, "
	    "email or apprise, not \"pigeon\"\n");
	wrong("{\"targets\":[{" HOOK ",\"filter\":[1]}]}",
	    "alerts.json: targets[0].filter: expected an object {…}, not an "
	    "array\n");
	wrong("{\"targets\":[{" HOOK ",\"filter\":{\"kinds\":[[1]]}}]}",
	    "alerts.json: targets[0].filter.kinds: expected node, clock, "
	    "status, trading, rules, collector, asked or redis, not an "
	    "array\n");
	wrong("{\"targets\":[{" HOOK ",\"quiet\":{\"from\":\"25:00\","
	      "\"to\":\"07:00\"}}]}",
	    "alerts.json: targets[0].quiet.from: expected a time of day "
	    "\"HH:MM\", not \"25:00\"\n");
	wrong("{\"targets\":[{" HOOK ",\"zone\":\"Mars/Base\"}]}",
	    "alerts.json: targets[0].zone: expected an IANA time zone, "
	    "\"Europe/Madrid\", not \"Mars/Base\"\n");
	wrong("{\"targets\":[{" HOOK ",\"repeat_min\":1.5}]}",
	    "alerts.json: targets[0].repeat_min: expected a whole number from "
	    "0 to 10080, not 1.5\n");
	wrong("{\"targets\":[{" HOOK ",\"Token\":\"s3cr3t\"}]}",
	    "alerts.json: targets[0].Token: expected no such member\n");
	wrong("{\"targets\":[{" HOOK ",\"chat_id\":\"1\"}]}",
	    "alerts.json: targets[0].chat_id: expected no such member for "
	    "this type\n");
	wrong("{\"targets\":[{" HOOK "},{" HOOK "}]}",
	    "alerts.json: targets[1].name: expected another name, as there is "
	    "one of that\n");
	wrong("{\"targets\":[{" HOOK ",\"escalate\":{\"to\":\"b\","
	      "\"after_min\":5}}]}",
	    "alerts.json: targets[0].escalate.to: expected the name of a "
	    "target in this file\n");
	wrong("{\"targets\":[{" HOOK ",\"escalate\":{\"to\":\"a\","
	      "\"after_min\":5}}]}",
	    "alerts.json: targets[0].escalate.to: expected a target that does "
	    "not escalate back\n");
	wrong("{\"targets\":[{\"name\":\"m\",\"type\":\"email\",\"url\":"
	      "\"smtp://h\",\"from\":\"a@b\\nBcc: c@d\",\"to\":[\"x\"]}]}",
	    "alerts.json: targets[0].from: expected a text on one line, not "
	    "empty, not \"a@b?Bcc: c@d\"\n");
}

/* A secret that is no text, or is not well made, is not quoted. */
static void
no_mistake_quotes_a_secret(void **state)
{
	static const char *const docs[] = {
	    "{\"targets\":[{\"name\":\"a\",\"type\":\"telegram\",\"token\":"
	    "\"s3 cr3t\",\"chat_id\":\"1\"}]}",
	    "{\"targets\":[{\"name\":\"a\",\"type\":\"telegram\",\"token\":"
	    "\"s3\\ncr3t\",\"chat_id\":\"1\"}]}",
	    "{\"targets\":[{\"name\":\"a\",\"type\":\"slack\",\"url\":"
	    "\"ftp://h/cr3t\"}]}",
	    "{\"targets\":[{\"name\":\"a\",\"type\":\"webhook\",\"url\":"
	    "\"https://h\",\"secret\":\"cr3t\"}]}",
	    "{\"targets\":[{\"name\":\"a\" \"token\":\"cr3t\"}]}",
	};
	struct targets t;

	(void)state;
	for (size_t i = 0; i < COUNT(docs); i++) {
		assert_int_equal(targets_parse(&t, "alerts.json", docs[i],
				     strlen(docs[i]), &config),
		    -1);
		assert_null(strstr(t.error, "cr3t"));
		targets_done(&t);
	}
}

static void
one_with_a_mistake_disturbs_no_other(void **state)
{
	static const char doc[] =
	    "{\"targets\":[{\"name\":\"b\",\"type\":\"slack\"},{" HOOK "}]}";
	struct targets t;

	(void)state;
	assert_int_equal(targets_parse(&t, "f", doc, strlen(doc), &config), -1);
	assert_true(targets_find(&t, "b")->disabled);
	assert_false(targets_find(&t, "a")->disabled);
	targets_done(&t);
}

/* ---- who and when ---- */

static void
a_filter_lets_through_what_it_names(void **state)
{
	const struct notice_subject ftmo = {
	    .firm = "FTMO", .holder = "Ana", .tags = "[\"vip\",\"eu\"]"};
	const struct notice_subject none = {.tags = NULL};
	struct notice n = {.what = NOTICE_BEGAN,
	    .key = "status/S/1/vps01",
	    .server = "S",
	    .login = "1",
	    .node = "vps01",
	    .level = ALERT_WARN};
	static const struct {
		const char *filter;
		bool ftmo, none;
	} rows[] = {
	    {"{}", true, true},
	    {"{\"level\":\"warn\"}", true, true},
	    {"{\"level\":\"critical\"}", false, false},
	    {"{\"kinds\":[\"node\",\"status\"]}", true, true},
	    {"{\"kinds\":[\"rules\"]}", false, false},
	    {"{\"firms\":[\"FTMO\"]}", true, false},
	    {"{\"firms\":[\"ftmo\"]}", false, false},
	    {"{\"tags\":[\"eu\"],\"holders\":[\"Ana\",\"Eva\"]}", true, false},
	    {"{\"tags\":[\"us\"]}", false, false},
	    {"{\"nodes\":[\"vps01\"]}", true, true},
	    {"{\"nodes\":[\"vps02\"]}", false, false},
	    {"{\"accounts\":[\"S/1\"]}", true, true},
	    {"{\"accounts\":[\"S\"]}", true, true},
	    {"{\"accounts\":[\"S/2\"]}", false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *doc = mem_printf(
		    "{\"targets\":[{" HOOK ",\"filter\":%s}]}", rows[i].filter);
		struct targets t;

		load(&t, doc);
		assert_int_equal(
		    target_wants(&t.list[0], &n, &ftmo), rows[i].ftmo);
		assert_int_equal(
		    target_wants(&t.list[0], &n, &none), rows[i].none);
		targets_done(&t);
		free(doc);
	}
}

static int64_t
at(const char *text)
{
	int64_t ms;

	assert_int_equal(moment_parse(text, &ms), 0);
	return ms;
}

static void
quiet_hours_are_those_of_the_zone(void **state)
{
	static const char doc[] =
	    "{\"targets\":[{" HOOK ",\"zone\":\"Europe/Madrid\",\"quiet\":{"
	    "\"from\":\"23:00\",\"to\":\"07:00\",\"up_to\":\"warn\"}},"
	    "{\"name\":\"b\",\"type\":\"slack\",\"url\":\"https://h\","
	    "\"quiet\":{\"from\":\"22:00\",\"to\":\"06:00\","
	    "\"days\":[\"fri\",\"sat\"]}}]}";
	struct targets t;
	int64_t until = 0;
	const struct target *a, *b;

	(void)state;
	load(&t, doc);
	a = &t.list[0];
	b = &t.list[1];
	/* summer: UTC+2, so from 21:00 to 05:00 UTC */
	assert_false(
	    target_is_quiet(a, ALERT_WARN, at("2026-06-22T20:59:59Z"), &until));
	assert_true(
	    target_is_quiet(a, ALERT_WARN, at("2026-06-22T21:00:00Z"), &until));
	assert_int_equal(until, at("2026-06-23T05:00:00Z"));
	assert_true(
	    target_is_quiet(a, ALERT_WARN, at("2026-06-23T04:59:59Z"), &until));
	assert_false(
	    target_is_quiet(a, ALERT_WARN, at("2026-06-23T05:00:00Z"), &until));
	assert_false(target_is_quiet(
	    a, ALERT_CRITICAL, at("2026-06-22T23:00:00Z"), &until));
	/* the night in which the clocks go back is an hour longer */
	assert_true(
	    target_is_quiet(a, ALERT_WARN, at("2026-10-25T05:30:00Z"), &until));
	assert_int_equal(until, at("2026-10-25T06:00:00Z"));
	/* the days are those on which they begin: 2026-11-27 is a Friday */
	assert_false(target_is_quiet(
	    b, ALERT_CRITICAL, at("2026-11-26T23:00:00Z"), &until));
	assert_true(target_is_quiet(
	    b, ALERT_CRITICAL, at("2026-11-27T23:00:00Z"), &until));
	assert_true(target_is_quiet(
	    b, ALERT_CRITICAL, at("2026-11-29T05:00:00Z"), &until));
	assert_false(target_is_quiet(
	    b, ALERT_CRITICAL, at("2026-11-29T23:00:00Z"), &until));
	targets_done(&t);
}

/* ---- in which words ---- */

static void
every_text_has_plain_words_in_both_languages(void **state)
{
	static const struct {
		const char *key, *server, *login, *text, *en, *es;
	} rows[] = {
	    {"status/S/1/v", "S", "1", "S 1 on v: terminal_down",
		"S 1 on v: the terminal is not running",
		"S 1 en v: el terminal no está en marcha"},
	    {"status/S/1/v", "S", "1", "S 1 on v: bad_data: balance: NaN",
		"S 1 on v: it reports what cannot be: balance: NaN",
		"S 1 en v: informa de algo que no puede ser: balance: NaN"},
	    {"status/S/1/v", "S", "1", "S 1 on v: ok",
		"S 1 on v: all is well again",
		"S 1 en v: todo vuelve a estar bien"},
	    {"node/v", NULL, NULL, "v: unreachable: connection refused",
		"v: the machine does not answer: connection refused",
		"v: la máquina no responde: connection refused"},
	    {"node/v", NULL, NULL, "v: answers again", "v: answers again",
		"v: responde de nuevo"},
	    {"clock/v", NULL, NULL,
		"v: its clock is 7 min ahead of the coordinator's: UTC of "
		"broker time is unknown",
		"v: its clock is 7 min ahead of the coordinator's: UTC of "
		"broker time is unknown",
		"v: su reloj va 7 min adelantado respecto al coordinador: se "
		"desconoce la hora UTC del bróker"},
	    {"rules/daily_loss/S/1", "S", "1",
		"S 1: breached: daily_loss 940.00, floor 950.00",
		"S 1: breached, daily loss: 940.00, floor 950.00",
		"S 1: incumplida, pérdida diaria: 940.00, suelo 950.00"},
	    {"rules/target_reached/S/1", "S", "1",
		"S 1: target_reached: target_reached 11000.00, target "
		"11000.00",
		"S 1: target reached: 11000.00, target 11000.00",
		"S 1: objetivo alcanzado: 11000.00, objetivo 11000.00"},
	    {"rules/max_lots/S/1", "S", "1",
		"S 1: max_lots is not kept: 5 lots, limit 4 lots, at "
		"2026-06-22T18:53:58.950Z (1 new)",
		"S 1: lots of all positions is not kept: 5 lots, limit 4 "
		"lots, at 2026-06-22T18:53:58.950Z (1 new)",
		"S 1: no se cumple lotes de todas las posiciones: 5 lots, "
		"límite 4 lots, a las 2026-06-22T18:53:58.950Z (1 nuevas)"},
	    {"rules/daily_loss/S/1", "S", "1",
		"S 1: 85 % of the daily loss is used",
		"S 1: 85 % of the daily loss is used",
		"S 1: usado el 85 % de la pérdida diaria"},
	    {"collector", NULL, NULL,
		"no collector runs: everything shown is stale",
		"no collector runs: everything shown is stale",
		"ningún recolector está en marcha: todo lo que se muestra es "
		"antiguo"},
	    {"a", NULL, NULL, "something else", "something else",
		"something else"},
	};
	struct buf b;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct notice n = {.key = rows[i].key,
		    .server = rows[i].server,
		    .login = rows[i].login,
		    .node = notice_node_of(rows[i].key),
		    .text = rows[i].text};

		buf_init(&b, 4096);
		words_put(&b, TARGET_ENGLISH, &n);
		assert_string_equal(b.data, rows[i].en);
		buf_reset(&b);
		words_put(&b, TARGET_SPANISH, &n);
		assert_string_equal(b.data, rows[i].es);
		buf_done(&b);
	}
}

/* The fixed texts of the kinds all have Spanish words. */
static void
no_kind_is_without_spanish(void **state)
{
	struct buf b;

	(void)state;
	for (int k = 0; k < ALERT_KINDS; k++) {
		const struct alert_kind_info *info =
		    alert_kind_info((enum alert_kind)k);
		const char *const texts[] = {info->text, info->over};

		for (size_t i = 0; i < 2; i++) {
			const struct notice n = {
			    .key = info->word, .text = texts[i]};

			if (texts[i] == NULL)
				continue;
			buf_init(&b, 4096);
			words_put(&b, TARGET_SPANISH, &n);
			assert_string_not_equal(b.data, texts[i]);
			buf_done(&b);
		}
	}
	for (int s = 0; s < STATUS_COUNT; s++) {
		const struct notice n = {
		    .key = "status/S/1/v", .text = status_word((enum status)s)};

		if (s == STATUS_UNREACHABLE || s == STATUS_UNAUTHORIZED)
			continue; /* with their reason alone */
		buf_init(&b, 4096);
		words_put(&b, TARGET_SPANISH, &n);
		assert_string_not_equal(b.data, n.text);
		buf_done(&b);
	}
}

/* ---- what each service is sent ---- */

static char *
body(const struct target *t, const struct post_site *where,
    const struct notice *n, size_t len)
{
	struct post r;
	char *text;

	post_make(&r, t, where, "id-1", n, len);
	text = mem_strdup(r.body.data);
	post_done(&r);
	return text;
}

/* The string member `key` of the body; the caller's. */
static char *
body_member(
    const char *type, const struct notice *n, size_t len, const char *key)
{
	char *doc = mem_printf("{\"targets\":[{\"name\":\"t\",\"type\":\"%s\","
			       "\"url\":\"https://h/x\"%s}]}",
	    type,
	    strcmp(type, "telegram") == 0
		? ",\"token\":\"1:a\",\"chat_id\":\"-1\""
		: "");
	const char *text;
	struct targets t;
	char *b, *out;
	cJSON *o;

	load(&t, doc);
	b = body(&t.list[0], &no_site, n, len);
	o = jsonin_parse(b, strlen(b));
	assert_true(jsonin_string(o, key, &text));
	out = mem_strdup(text);
	cJSON_Delete(o);
	free(b);
	free(doc);
	targets_done(&t);
	return out;
}

static void
is(char *got, const char *want)
{
	assert_string_equal(got, want);
	free(got);
}

static void
no_markup_breaks_and_nobody_is_called(void **state)
{
	const struct notice n = {.what = NOTICE_BEGAN,
	    .key = "k",
	    .server = "S",
	    .login = "1",
	    .text = "<S> \"1\" & @everyone <@1> *b* _i_ `c` [l](u)",
	    .level = ALERT_CRITICAL,
	    .since_utc_ms = T0};
#define Z "\xe2\x80\x8b"

	(void)state;
	is(body_member("telegram", &n, 1, "text"),
	    "CRITICAL: &lt;S&gt; \"1\" &amp; @" Z "everyone &lt;@" Z
	    "1&gt; *b* _i_ `c` [l](u) (since 2026-06-22T18:53:58Z)\n");
	is(body_member("discord", &n, 1, "content"),
	    "CRITICAL: \\<S\\> \"1\" & @" Z "everyone \\<@" Z
	    "1\\> \\*b\\* \\_i\\_ \\`c\\` \\[l\\](u) (since "
	    "2026-06-22T18:53:58Z)\n");
	is(body_member("slack", &n, 1, "text"),
	    "CRITICAL: &lt;S&gt; \"1\" &amp; @" Z "everyone &lt;@" Z
	    "1&gt; *b* _i_ `c` [l](u) (since 2026-06-22T18:53:58Z)\n");
}

static void
a_long_message_is_cut_at_a_line_and_says_so(void **state)
{
	static const struct {
		const char *type, *member;
		size_t max;
	} rows[] = {{"discord", "content", 2000}, {"telegram", "text", 4096},
	    {"slack", "text", 3000}};
	struct notice many[100];
	char *text = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = (struct notice){.what = NOTICE_BEGAN,
		    .key = "k",
		    .text = "something is not as it was",
		    .level = ALERT_WARN,
		    .since_utc_ms = T0};
	for (size_t i = 0; i < COUNT(rows); i++) {
		text = body_member(
		    rows[i].type, many, COUNT(many), rows[i].member);
		assert_true(strlen(text) < rows[i].max);
		assert_non_null(strstr(text, " more\n"));
		free(text);
	}
}

static void
a_text_longer_than_a_message_is_cut_between_letters(void **state)
{
	char *text = mem_new(5001, 1), *got;
	struct notice n = {.what = NOTICE_BEGAN,
	    .key = "k",
	    .text = text,
	    .level = ALERT_WARN,
	    .since_utc_ms = T0};

	(void)state;
	for (size_t i = 0; i < 5000; i++)
		text[i] = "ñ"[i % 2];
	got = body_member("discord", &n, 1, "content");
	assert_true(strlen(got) < 2000);
	assert_null(strstr(got, "\xef\xbf\xbd"));
	assert_non_null(strstr(got, "… (since"));
	free(got);
	free(text);
}

/* Standard Webhooks' own example (its specification, "Signature scheme"):
 * the secret, the id, the time and the payload are theirs. */
static void
a_hook_is_signed_as_the_standard_has_it(void **state)
{
	static const char doc[] =
	    "{\"targets\":[{\"name\":\"a\",\"type\":\"webhook\",\"url\":"
	    "\"https://h\",\"secret\":"
	    "\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}]}";
	const struct post_site then = {
	    .url = "", .proxy = "", .now_utc_ms = 1614265330000};
	struct targets t;
	struct post r;

	(void)state;
	load(&t, doc);
	post_make_hook(&r, &t.list[0], &then, "msg_p5jXN8AQM9LWM0D4loKWxJek",
	    "{\"test\": 2432232314}");
	assert_string_equal(
	    r.headers[0], "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek");
	assert_string_equal(r.headers[1], "webhook-timestamp: 1614265330");
	assert_string_equal(r.headers[2],
	    "webhook-signature: "
	    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	post_done(&r);
	targets_done(&t);
}

static void
what_a_service_answers_is_judged(void **state)
{
	static const struct {
		const char *type;
		struct fetch_answer answer;
		bool permanent;
		int64_t wait_ms;
		const char *error;
	} rows[] = {
	    {"slack", {.code = 404, .error = "HTTP 404", .body = "no_service"},
		true, 300000, "HTTP 404: no_service"},
	    {"slack",
		{.code = 429,
		    .error = "HTTP 429",
		    .body = "",
		    .retry_after_s = 60},
		false, 60000, "HTTP 429"},
	    {"slack",
		{.code = 429,
		    .error = "HTTP 429",
		    .body = "{\"retry_after\":1.5}"},
		false, 1500, "HTTP 429: {\"retry_after\":1.5}"},
	    {"slack",
		{.code = 429,
		    .error = "HTTP 429",
		    .body = "{\"description\":\"Too Many Requests\","
			    "\"parameters\":{\"retry_after\":33}}"},
		false, 33000, "HTTP 429: Too Many Requests"},
	    {"slack", {.code = 503, .error = "HTTP 503", .body = ""}, false,
		5000, "HTTP 503"},
	    {"slack",
		{.code = 401,
		    .error = "HTTP 401",
		    .body = "{\"message\":\"bad key hook-s3cr3t-1\"}"},
		true, 300000, "HTTP 401: bad key ***"},
	};
	struct post_outcome o;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *doc = mem_printf(
		    "{\"targets\":[{\"name\":\"a\",\"type\":\"%s\",\"url\":"
		    "\"https://h/hook-s3cr3t-1\"}]}",
		    rows[i].type);
		struct targets t;

		struct fetch_answer a = rows[i].answer;

		a.len = strlen(a.body);
		load(&t, doc);
		post_judge(&o, &t.list[0], &a);
		assert_false(o.sent);
		assert_int_equal(o.permanent, rows[i].permanent);
		assert_int_equal(post_wait_ms(0, &o), rows[i].wait_ms);
		assert_string_equal(o.error, rows[i].error);
		free(o.error);
		targets_done(&t);
		free(doc);
	}
}

static void
links_lead_to_the_row(void **state)
{
	const struct notice account = {
	    .server = "Demo Server/ä", .login = "52001001"};
	const struct notice node = {.node = "vps01"};
	const struct notice both[] = {account, node};
	struct buf b;

	(void)state;
	buf_init(&b, 1024);
	text_link(&b, site.url, &account, 1);
	assert_string_equal(b.data, "https://fleet.example.org/#/a/"
				    "Demo%20Server%2F%C3%A4/52001001");
	buf_reset(&b);
	text_link(&b, site.url, &node, 1);
	assert_string_equal(b.data, "https://fleet.example.org/#/?q=vps01");
	buf_reset(&b);
	text_link(&b, site.url, both, 2);
	assert_string_equal(b.data, "https://fleet.example.org/");
	buf_reset(&b);
	text_link(&b, no_site.url, &node, 1);
	assert_int_equal(b.len, 0);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_mistake_names_its_place),
	    cmocka_unit_test(no_mistake_quotes_a_secret),
	    cmocka_unit_test(one_with_a_mistake_disturbs_no_other),
	    cmocka_unit_test(a_filter_lets_through_what_it_names),
	    cmocka_unit_test(quiet_hours_are_those_of_the_zone),
	    cmocka_unit_test(every_text_has_plain_words_in_both_languages),
	    cmocka_unit_test(no_kind_is_without_spanish),
	    cmocka_unit_test(no_markup_breaks_and_nobody_is_called),
	    cmocka_unit_test(a_long_message_is_cut_at_a_line_and_says_so),
	    cmocka_unit_test(
		a_text_longer_than_a_message_is_cut_between_letters),
	    cmocka_unit_test(a_hook_is_signed_as_the_standard_has_it),
	    cmocka_unit_test(what_a_service_answers_is_judged),
	    cmocka_unit_test(links_lead_to_the_row),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* ledger_samples_test.c: a minute of many accounts at once is stored as each of
 * them alone would be; on either engine (ledger_pg.sh). */
#include "lib/ledger/merge.h"
#include "lib/ledger/samples.h"
#include "tests/unit/ledger_fixture.h"

#define MINUTE INT64_C(60000)
#define N 40

static struct ledger_sample
sample(const char *server, int64_t login, int minute, double equity)
{
	struct ledger_sample s = {.seen = {.server = server,
				      .login = login,
				      .node = "n1",
				      .currency = "USD",
				      .currency_digits = 2,
				      .trade_mode = -1,
				      .margin_mode = -1,
				      .leverage = 100}};

	s.equity =
	    (struct ledger_equity){.at_utc_ms = NOW + minute * MINUTE + login,
		.span_s = 60,
		.balance = M(1000),
		.credit = M(1),
		.equity = M(equity),
		.low = M(equity - 1),
		.high = M(equity + 1)};
	return s;
}

static int refusals;

static void
count_refused(const struct ledger_sample *s, const char *why, void *arg)
{
	(void)s;
	(void)arg;
	assert_non_null(why);
	refusals++;
}

static void
put_samples(struct fixture *f, const struct ledger_sample *list, size_t n)
{
	refusals = 0;
	OK(ledger_samples_put(f->l, list, n, count_refused, NULL));
}

static int
add_text(const struct ledger_equity *e, void *arg)
{
	char *to = arg;

	sprintf(to + strlen(to), "%lld:%lld/%lld/%lld/%lld/%lld ",
	    (long long)(e->at_utc_ms - NOW),
	    (long long)(e->balance / 100000000),
	    (long long)(e->credit / 100000000),
	    (long long)(e->equity / 100000000), (long long)(e->low / 100000000),
	    (long long)(e->high / 100000000));
	return 0;
}

static const char *
stored(struct fixture *f, const char *server, int64_t login, char *text)
{
	enum ledger_result r;
	int64_t id;

	*text = '\0';
	r = ledger_account_find(f->l, server, login, &id);
	if (r == LEDGER_OK)
		r = ledger_equity(
		    f->l, id, 0, NOW + 1000 * MINUTE, add_text, text);
	return r == LEDGER_OK ? text : ledger_result_word(r);
}

/* The same numbers in every run. */
static int
draw(int below)
{
	static uint32_t seed = 7;

	seed = seed * 1664525 + 1013904223;
	return (int)((seed >> 16) % (uint32_t)below);
}

static void
many_are_as_each_alone(void **state)
{
	struct fixture *f = *state;
	struct ledger_sample list[3 * N];
	char one[1024], many[1024];
	int64_t id;
	size_t n = 0;

	for (int i = 0; i < N; i++)
		for (int k = 0; k < 3; k++) {
			/* of one minute twice, and in any order */
			int minute = draw(2);

			list[n] = sample("Many", i + 1, minute, 100 + draw(9));
			list[n].equity.at_utc_ms += draw(3);
			n++;
		}
	put_samples(f, list, n);
	assert_int_equal(refusals, 0);
	for (size_t i = 0; i < n; i++) {
		struct ledger_seen seen = list[i].seen;

		seen.server = "Alone";
		OK(ledger_account_seen(f->l, &seen, &id));
		OK(ledger_equity_put(f->l, id, &list[i].equity));
	}
	for (int i = 0; i < N; i++)
		assert_string_equal(stored(f, "Many", i + 1, many),
		    stored(f, "Alone", i + 1, one));
	/* all of it again changes nothing */
	put_samples(f, list, n);
	assert_string_equal(
	    stored(f, "Many", 3, many), stored(f, "Alone", 3, one));
}

static int
take_told(const struct ledger_account *a, void *arg)
{
	snprintf(arg, 256, "%s|%s|%s|%d", a->node != NULL ? a->node : "-",
	    a->company != NULL ? a->company : "-",
	    a->name != NULL ? a->name : "-", a->leverage);
	return 0;
}

static const char *
told(struct fixture *f, const char *server, int64_t login, char *text)
{
	int64_t id;

	OK(ledger_account_find(f->l, server, login, &id));
	OK(ledger_account_get(f->l, id, take_told, text));
	return text;
}

static void
what_is_told_is_kept_whatever_it_is(void **state)
{
	struct fixture *f = *state;
	static const char *const odd[] = {"\"quoted\" \\back\\slash",
	    "{brace},comma, ;", "NULL", "null", " blank ", "línea\nnueva\t",
	    "\xe2\x82\xac'", "$1 ? ?1"};
	const int n = sizeof(odd) / sizeof(odd[0]);
	struct ledger_sample list[8];
	char text[256], want[256];

	assert_int_equal(n, 8);
	for (int i = 0; i < n; i++) {
		list[i] = sample(odd[i], i + 1, 0, 100);
		list[i].seen.company = odd[n - 1 - i];
	}
	put_samples(f, list, n);
	for (int i = 0; i < n; i++) {
		snprintf(want, sizeof(want), "n1|%s|-|100", odd[n - 1 - i]);
		assert_string_equal(told(f, odd[i], i + 1, text), want);
	}
	/* what is not told now is known all the same */
	for (int i = 0; i < n; i++) {
		list[i].seen.company = NULL;
		list[i].seen.node = i == 3 ? "n2" : "";
		list[i].seen.leverage = i == 4 ? 500 : -1;
		list[i].seen.name = i == 5 ? "It's" : NULL;
	}
	put_samples(f, list, n);
	for (int i = 0; i < n; i++) {
		snprintf(want, sizeof(want), "%s|%s|%s|%d",
		    i == 3 ? "n2" : "n1", odd[n - 1 - i], i == 5 ? "It's" : "-",
		    i == 4 ? 500 : 100);
		assert_string_equal(told(f, odd[i], i + 1, text), want);
	}
}

static void
of_an_old_and_a_new_name_the_new_one_counts(void **state)
{
	struct fixture *f = *state;
	const struct ledger_actor me = {.who = "test", .at_utc_ms = NOW};
	struct ledger_sample list[3];
	int64_t from, into;
	char text[1024];

	list[0] = sample("Old", 1, 0, 100);
	list[1] = sample("New", 2, 0, 200);
	put_samples(f, list, 2);
	OK(ledger_account_find(f->l, "Old", 1, &from));
	OK(ledger_account_find(f->l, "New", 2, &into));
	OK(ledger_merge(f->l, from, into, &me));
	/* both are live */
	list[0] = sample("Old", 1, 5, 101);
	list[1] = sample("New", 2, 5, 201);
	put_samples(f, list, 2);
	assert_non_null(strstr(stored(f, "New", 2, text), "/201/"));
	assert_null(strstr(text, "/101/"));
	/* the old one alone: it is the account */
	list[0] = sample("Old", 1, 6, 102);
	list[0].seen.node = "elsewhere";
	put_samples(f, list, 1);
	assert_non_null(strstr(stored(f, "New", 2, text), "/102/"));
	assert_string_equal(told(f, "New", 2, text), "n1|-|-|100");
	/* and so is a name that it was given away */
	OK(ledger_rename(f->l, into, "Renamed", 3, &me));
	list[0] = sample("New", 2, 7, 103);
	list[0].seen.node = "n9";
	put_samples(f, list, 1);
	assert_non_null(strstr(stored(f, "Renamed", 3, text), "/103/"));
	assert_string_equal(told(f, "Renamed", 3, text), "n9|-|-|100");
}

static void
one_that_cannot_be_stored_fails_alone(void **state)
{
	struct fixture *f = *state;
	struct ledger_sample list[3];
	char text[1024];

	for (int i = 0; i < 3; i++)
		list[i] = sample("S", i + 1, 0, 100);
	list[1].seen.server = "\xff\xfe";
	put_samples(f, list, 3);
	/* SQLite takes any bytes */
	assert_int_equal(refusals, on_postgresql() ? 1 : 0);
	assert_non_null(strstr(stored(f, "S", 1, text), "/100/"));
	assert_non_null(strstr(stored(f, "S", 3, text), "/100/"));
}

static void
an_empty_list_is_good(void **state)
{
	put_samples(*state, NULL, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(many_are_as_each_alone),
	    T(what_is_told_is_kept_whatever_it_is),
	    T(of_an_old_and_a_new_name_the_new_one_counts),
	    T(one_that_cannot_be_stored_fails_alone),
	    T(an_empty_list_is_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* agent_journal_test.c: what the terminal's own log says, and to whom. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/journal.h"
#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "tests/unit/unit.h"

#define HEAD "MF\t0\t12:00:00.123\t"
#define LOGIN HEAD "Network\t'7001': "

static void
lines_are_judged(void **state)
{
	static const struct {
		const char *line;
		enum journal_says says;
	} table[] = {
	    {LOGIN "authorized on A-Live through Access Point 1 (ping: 31 ms)",
		JOURNAL_AUTHORIZED},
	    {LOGIN "authorization on A-Live failed (Invalid account)",
		JOURNAL_REFUSED},
	    {LOGIN "authorization on A-Live failed (No connection)",
		JOURNAL_NOTHING},
	    {LOGIN "connection to A-Live lost", JOURNAL_LOST},
	    {LOGIN "terminal synchronized with A: 0 positions",
		JOURNAL_NOTHING},
	    {LOGIN "previous successful authorization performed from 10.0.0.1",
		JOURNAL_NOTHING},
	    /* what an expert prints is no witness */
	    {HEAD "mt5fleet\t'7001': authorized on A-Live", JOURNAL_NOTHING},
	    {"authorized on", JOURNAL_NOTHING}, {"", JOURNAL_NOTHING}};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++)
		if (journal_judge(table[i].line) != table[i].says)
			fail_msg("judged otherwise: %s", table[i].line);
}

struct said {
	int authorized, refused, lost;
	char line[256];
};

static void
on_line(void *arg, enum journal_says says, const char *line)
{
	struct said *s = arg;

	s->authorized += says == JOURNAL_AUTHORIZED;
	s->refused += says == JOURNAL_REFUSED;
	s->lost += says == JOURNAL_LOST;
	snprintf(s->line, sizeof(s->line), "%s", line);
}

/* ASCII as UTF-16LE, appended. */
static void
append(const char *dir, const char *name, const char *text)
{
	char *path = mem_printf("%s/logs/%s", dir, name);
	FILE *f = fopen(path, "ab");

	assert_non_null(f);
	for (; *text != '\0'; text++) {
		fputc(*text, f);
		fputc(0, f);
	}
	fclose(f);
	free(path);
}

static void
clean(const char *dir)
{
	static const char *const names[] = {"/logs/20260622.log",
	    "/logs/20260623.log", "/logs/20260624.log", "/logs/notes.log",
	    "/logs", ""};

	for (size_t i = 0; i < COUNT(names); i++) {
		char *path = mem_printf("%s%s", dir, names[i]);

		if (unlink(path) == -1)
			rmdir(path);
		free(path);
	}
}

static void
a_log_is_followed_from_day_to_day(void **state)
{
	char dir[] = "/tmp/mt5fleet-journal.XXXXXX", *logs;
	struct said said = {0};
	struct journal j;

	(void)state;
	assert_non_null(mkdtemp(dir));
	logs = mem_printf("%s/logs", dir);
	mkdir(logs, 0700);
	free(logs);
	append(dir, "20260622.log", LOGIN "authorized on A\r\n");
	append(dir, "notes.log", LOGIN "authorized on A\r\n");
	journal_init(&j, dir);
	journal_skip(&j);
	journal_read(&j, on_line, &said);
	assert_int_equal(said.authorized, 0);

	append(dir, "20260622.log", LOGIN "connection to A lost\r");
	journal_read(&j, on_line, &said);
	assert_int_equal(said.lost, 0); /* the line is not whole yet */
	append(dir, "20260622.log", "\n");
	journal_read(&j, on_line, &said);
	assert_int_equal(said.lost, 1);
	assert_string_equal(said.line, LOGIN "connection to A lost");

	append(dir, "20260622.log", LOGIN "authorized on A\r\n");
	append(dir, "20260623.log", LOGIN "connection to B lost\r\n");
	append(dir, "20260624.log", LOGIN "authorized on B\r\n");
	journal_read(&j, on_line, &said);
	assert_int_equal(said.authorized, 2);
	assert_int_equal(said.lost, 2);
	journal_read(&j, on_line, &said);
	assert_int_equal(said.authorized, 2);
	journal_done(&j);
	clean(dir);
}

static void
no_log_is_no_news(void **state)
{
	struct said said = {0};
	struct journal j;

	(void)state;
	journal_init(&j, "/nowhere");
	journal_skip(&j);
	journal_read(&j, on_line, &said);
	journal_done(&j);
	assert_int_equal(said.authorized + said.refused + said.lost, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_judged),
	    cmocka_unit_test(a_log_is_followed_from_day_to_day),
	    cmocka_unit_test(no_log_is_no_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* recording.h: a recording's deals.csv as deals, for the tests of cases. */
#ifndef TESTS_RECORDING_H
#define TESTS_RECORDING_H

#include "lib/base/mem.h"
#include "tests/unit/ledger_fixture.h"

#define RECORDING_DEALS 64

struct recording {
	char *text;
	struct deal deals[RECORDING_DEALS];
	int n;
};

/* The next field of a CSV, unquoted in place; *row: its line ends here. */
static char *
recording_field(char **at, bool *row)
{
	char *start = *at, *to = start, *from = start;
	bool quoted = *from == '"';

	if (quoted)
		from++;
	while (*from != '\0') {
		if (quoted && *from == '"' && from[1] == '"')
			from++;
		else if (quoted && *from == '"') {
			quoted = false;
			from++;
			continue;
		} else if (!quoted && (*from == ',' || *from == '\n'))
			break;
		*to++ = *from++;
	}
	*row = *from != ',';
	*at = from + (*from != '\0');
	*to = '\0';
	return start;
}

static money_t
recording_money(const char *s)
{
	money_t v = 0;

	assert_int_equal(money_from_double(strtod(s, NULL), &v), 0);
	return v;
}

static void
recording_deal(struct deal *d, char *f[18], int offset_s)
{
	*d = (struct deal){.ticket = strtoll(f[0], NULL, 10),
	    .order = strtoll(f[1], NULL, 10),
	    .time = strtoll(f[2], NULL, 10),
	    .time_msc = strtoll(f[3], NULL, 10),
	    .type = atoi(f[4]),
	    .entry = atoi(f[5]),
	    .magic = strtoll(f[6], NULL, 10),
	    .position_id = strtoll(f[7], NULL, 10),
	    .reason = atoi(f[8]),
	    .volume = strtod(f[9], NULL),
	    .price = strtod(f[10], NULL),
	    .commission = recording_money(f[11]),
	    .swap = recording_money(f[12]),
	    .profit = recording_money(f[13]),
	    .fee = recording_money(f[14]),
	    .symbol = f[15],
	    .comment = f[16],
	    .external_id = f[17],
	    .sl = NAN,
	    .tp = NAN,
	    .offset_known = true,
	    .offset_s = offset_s};
	d->utc_ms = d->time_msc - offset_s * INT64_C(1000);
}

/* tests/cases/<name>/deals.csv; recording_done afterwards. */
static __attribute__((unused)) void
recording_load(struct recording *r, const char *name, int offset_s)
{
	char path[256], *at, *f[18];
	bool row = false;
	FILE *file;
	long size;

	memset(r, 0, sizeof(*r));
	snprintf(path, sizeof(path), "tests/cases/%s/deals.csv", name);
	file = fopen(path, "rb");
	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	r->text = mem_new((size_t)size + 1, 1);
	assert_int_equal(fread(r->text, 1, (size_t)size, file), size);
	fclose(file);
	at = strchr(r->text, '\n') + 1;
	while (*at != '\0') {
		for (int i = 0; i < 18; i++)
			f[i] = recording_field(&at, &row);
		assert_true(row && r->n < RECORDING_DEALS);
		recording_deal(&r->deals[r->n++], f, offset_s);
	}
}

static __attribute__((unused)) void
recording_done(struct recording *r)
{
	free(r->text);
}

#endif

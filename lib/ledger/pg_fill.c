/* pg_fill.c: rows of another ledger into PostgreSQL, by COPY. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/ledger/pg.h"

#define END_LIMIT_MS 3600000
#define LINE_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* "INSERT INTO t (a, b) VALUES …" as "COPY t (a, b) FROM STDIN". */
enum ledger_result
pg_fill_begin(struct ledger *l, const char *insert)
{
	const char *table = insert + strlen("INSERT INTO ");
	const char *end = strstr(table, " VALUES");
	char *sql =
	    mem_printf("COPY %.*s FROM STDIN", (int)(end - table), table);
	enum ledger_result r = pg_run(l, sql);

	free(sql);
	return r;
}

static void
put_cell(struct buf *line, const struct cell *c)
{
	if (c->text == NULL) {
		buf_puts(line, "\\N");
		return;
	}
	for (const char *s = c->text; *s != '\0'; s++)
		switch (*s) {
		case '\\':
			buf_puts(line, "\\\\");
			break;
		case '\t':
			buf_puts(line, "\\t");
			break;
		case '\n':
			buf_puts(line, "\\n");
			break;
		case '\r':
			buf_puts(line, "\\r");
			break;
		default:
			buf_putc(line, *s);
		}
}

enum ledger_result
pg_fill_row(struct ledger *l, const struct cell *cells, int n)
{
	struct pg *p = l->db;
	enum ledger_result r = LEDGER_OK;
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	for (int i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(&line, '\t');
		put_cell(&line, &cells[i]);
	}
	buf_putc(&line, '\n');
	if (line.overflow)
		r = ledger_rejected(l, "a row is too long to be copied");
	else if (pq.PQputCopyData(p->conn, line.data, (int)line.len) != 1)
		r = pg_failed(l, NULL);
	buf_done(&line);
	return r;
}

enum ledger_result
pg_fill_end(struct ledger *l)
{
	struct pg *p = l->db;
	enum ledger_result result = LEDGER_OK;
	const int limit_ms = p->limit_ms;
	PGresult *r = NULL;

	/* references are looked up at the end, of all rows */
	p->limit_ms = END_LIMIT_MS;
	if (pq.PQputCopyEnd(p->conn, NULL) == 1)
		r = pg_answer(p);
	if (r == NULL || pg_is_error(r))
		result = pg_failed(l, r);
	pq.PQclear(r);
	p->limit_ms = limit_ms;
	return result;
}

/* verdict_section.c: an account's verdicts with their evidence, on its page. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/page.h"
#include "cgi-bin/admin/sections.h"
#include "lib/base/clock.h"
#include "lib/ledger/verdicts.h"
#include "lib/trading/money.h"

static void
put_form(struct section *f, const struct ledger_verdict *v)
{
	bool annulled = v->annulled_why != NULL;

	section_form(f, "/admin/verdict");
	page_hidden_int(f->b, "id", v->id);
	if (annulled)
		page_hidden(f->b, "restore", "1");
	else
		page_input(f->b, "Annul it, because", "reason", NULL);
	page_form_end(f->b, annulled ? "It stands" : "Annul");
}

static void
put_details(struct section *f, const struct ledger_verdict *v)
{
	struct buf *b = f->b;

	buf_puts(b, "<details><summary>Evidence</summary><h3>Rules then</h3>"
		    "<pre>");
	html_text(b, v->rules);
	buf_puts(b, "</pre><h3>Seen then</h3><pre>");
	html_text(b, v->evidence != NULL ? v->evidence : "none was kept");
	buf_puts(b, "</pre></details>");
}

static int
put_row(const struct ledger_verdict *v, void *arg)
{
	char when[CLOCK_ISO_SIZE], text[MONEY_SIZE], why[EDIT_WHY_SIZE + 512];
	struct section *f = arg;
	struct buf *b = f->b;

	f->rows++;
	buf_puts(b, "<tr>");
	page_cell(b, clock_iso(v->at_utc_ms, when));
	page_cell(b, v->word);
	page_cell(b, v->status);
	page_cell(b, money_format(v->seen.value, -1, text));
	page_cell(b, money_format(v->seen.level, -1, text));
	why[0] = '\0';
	if (v->annulled_why != NULL)
		snprintf(why, sizeof(why), "annulled by %s: %s", v->annulled_by,
		    v->annulled_why);
	page_cell(b, why);
	buf_puts(b, "<td>");
	put_details(f, v);
	if (f->req->user.role >= WEB_MANAGER)
		put_form(f, v);
	buf_puts(b, "</td></tr>\n");
	return 0;
}

enum ledger_result
verdict_section(struct buf *b, const struct request *req, struct ledger *l,
    const struct subject *s, int64_t version)
{
	static const char *const names[] = {
	    "UTC", "Verdict", "Status", "Value", "Limit", "Annulled", ""};
	struct section f = {.b = b, .req = req, .s = s, .version = version};
	enum ledger_result r;

	buf_puts(b, "<h2 id=\"verdicts\">Verdicts</h2>");
	page_head(b, names, sizeof(names) / sizeof(names[0]));
	r = ledger_verdicts(l, s->id, put_row, &f);
	buf_puts(b, "</tbody></table>");
	if (f.rows == 0)
		buf_puts(b, "<p>The rules found nothing so far.</p>");
	return r;
}

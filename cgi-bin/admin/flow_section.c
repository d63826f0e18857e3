/* flow_section.c: on an account's page, what each deal is for that is no trade.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cgi-bin/admin/page.h"
#include "cgi-bin/admin/sections.h"
#include "lib/base/clock.h"

#define SHOWN 200

/* Of the account's balance; credit has the last two. */
static const char *const words[] = {"deposit", "withdrawal", "payout", "reset",
    "fee", "dividend", "correction", "capital", "credit"};
#define WORDS (sizeof(words) / sizeof(words[0]))
#define CREDIT_WORDS 2

static void
put_form(struct section *f, const struct deal *d)
{
	bool credit = deal_kind(d) == DEAL_KIND_CREDIT;
	char text[24] = "";

	section_form(f, "/admin/flow");
	page_hidden_int(f->b, "ticket", d->ticket);
	page_select(f->b, "Meaning (–: guess it again)", "meaning",
	    flow_word(d->meaning),
	    credit ? words + WORDS - CREDIT_WORDS : words,
	    credit ? CREDIT_WORDS : WORDS - CREDIT_WORDS);
	page_input(f->b, "Note", "note",
	    d->meaning_who != NULL ? d->meaning_why : NULL);
	if (!credit) {
		if (d->cancels != 0)
			snprintf(text, sizeof(text), "%" PRId64, d->cancels);
		page_input(f->b, "Of a correction: the deal that it takes back",
		    "cancels", text);
	}
	page_form_end(f->b, "Save");
}

static int
put_row(const struct deal *d, void *arg)
{
	char text[MONEY_SIZE], when[CLOCK_ISO_SIZE], ticket[24], why[400];
	struct section *f = arg;
	struct buf *b = f->b;
	money_t net;

	f->rows++;
	snprintf(ticket, sizeof(ticket), "%" PRId64, d->ticket);
	buf_puts(b, "<tr>");
	page_cell(b, ticket);
	page_cell(b, d->utc_ms != 0 ? clock_iso(d->utc_ms, when) : NULL);
	page_cell(
	    b, deal_net(d, &net) == 0 ? money_format(net, -1, text) : NULL);
	page_cell(b, d->comment);
	page_cell(b, flow_word(d->meaning));
	snprintf(why, sizeof(why), "%s%s%.200s",
	    d->meaning == DEAL_MEANS_NOTHING ? ""
	    : d->meaning_who != NULL         ? d->meaning_who
					     : "guess",
	    d->meaning_why != NULL ? ": " : "",
	    d->meaning_why != NULL ? d->meaning_why : "");
	page_cell(b, why);
	buf_puts(b, "<td>");
	if (d->excluded != DEAL_COUNTS)
		html_text(b, deal_excluded_word(d->excluded));
	else if (f->req->user.role >= WEB_MANAGER) {
		buf_puts(b, "<details><summary>Change</summary>");
		put_form(f, d);
		buf_puts(b, "</details>");
	}
	buf_puts(b, "</td></tr>\n");
	return 0;
}

enum ledger_result
flow_section(struct buf *b, const struct request *req, struct ledger *l,
    const struct subject *s, int64_t version)
{
	static const char *const names[] = {
	    "Ticket", "UTC", "Amount", "Comment", "Meaning", "Why", ""};
	const struct ledger_page page = {.limit = SHOWN, .newest_first = true};
	struct section f = {.b = b, .req = req, .s = s, .version = version};
	enum ledger_result r;

	buf_puts(b, "<h2 id=\"flows\">Cash flows</h2>");
	page_head(b, names, sizeof(names) / sizeof(names[0]));
	r = ledger_cash_flows(l, s->id, &page, put_row, &f);
	buf_puts(b, "</tbody></table>");
	if (f.rows == 0)
		buf_puts(b, "<p>No deposit or withdrawal in the ledger.</p>");
	else if (f.rows == SHOWN)
		buf_printf(b,
		    "<p>The newest %d. Of the others: mt5fleet flow "
		    "list.</p>",
		    SHOWN);
	return r;
}

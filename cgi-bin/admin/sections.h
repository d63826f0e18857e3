/* sections.h: what stands below the form on an account's page. */
#ifndef ADMIN_SECTIONS_H
#define ADMIN_SECTIONS_H

#include "cgi-bin/admin/edit.h"

struct section {
	struct buf *b;
	const struct request *req;
	const struct subject *s;
	int64_t version;
	int rows; /* that were shown */
};

/* A form in it: which account, and by which version of it. */
void section_form(const struct section *f, const char *action);

/* The deals that are no trades, and what each is for (flow_section.c). */
enum ledger_result flow_section(struct buf *b, const struct request *req,
    struct ledger *l, const struct subject *s, int64_t version);

/* What the rules found, with the evidence (verdict_section.c). */
enum ledger_result verdict_section(struct buf *b, const struct request *req,
    struct ledger *l, const struct subject *s, int64_t version);

#endif

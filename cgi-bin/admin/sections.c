/* sections.c: what the sections of an account's page share. */
#include "cgi-bin/admin/page.h"
#include "cgi-bin/admin/sections.h"

void
section_form(const struct section *f, const char *action)
{
	page_form(f->b, f->req, action);
	page_hidden(f->b, "server", f->s->server);
	page_hidden_int(f->b, "login", f->s->login);
	page_hidden_int(f->b, "version", f->version);
}

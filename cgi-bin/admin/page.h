/* page.h: the frame and the parts of the HTML pages; everything escaped. */
#ifndef ADMIN_PAGE_H
#define ADMIN_PAGE_H

#include "lib/web/html.h"
#include "lib/web/web.h"

/* Begins a page; the answer's status is the caller's. */
struct buf *page_begin(
    struct response *res, const struct request *req, const char *title);
void page_end(struct buf *b);

/* <a href=…>, to a path of ours; the caller closes it. */
void page_link(struct buf *b, const struct request *req, const char *path);

/* <form method=post action=…> with the session's token in it. */
void page_form(struct buf *b, const struct request *req, const char *action);
void page_form_end(struct buf *b, const char *button);

void page_hidden(struct buf *b, const char *name, const char *value);
void page_hidden_int(struct buf *b, const char *name, int64_t value);
void page_input(
    struct buf *b, const char *label, const char *name, const char *value);

/* A choice out of n words, of which value (or none: "") is chosen. */
void page_select(struct buf *b, const char *label, const char *name,
    const char *value, const char *const words[], size_t n);

void page_cell(struct buf *b, const char *text); /* NULL: a dash */
void page_head(struct buf *b, const char *const names[], size_t n);

/* A page that says what went wrong. */
void page_error(struct response *res, const struct request *req, int status,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif

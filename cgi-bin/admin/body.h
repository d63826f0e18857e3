/* body.h: a PUT's JSON body, member by member; the first mistake is kept. */
#ifndef ADMIN_BODY_H
#define ADMIN_BODY_H

#include "cgi-bin/admin/edit.h"

struct body {
	cJSON *doc;
	char why[EDIT_WHY_SIZE]; /* "": no mistake so far */
	char *tags;              /* as JSON text */
};

/* known ends with NULL: other members are mistakes. False with the answer
 * made. */
bool body_open(struct body *b, const struct request *req, struct response *res,
    const char *const known[]);
void body_done(struct body *b);

void body_wrong(struct body *b, const char *what, const char *name);
const cJSON *body_member(const struct body *b, const char *name);
/* A string; null gives `none`. NULL when absent. */
const char *body_text(struct body *b, const char *name, const char *none);
/* A whole number or a text of digits; absent and null leave it. */
void body_id(struct body *b, const char *name, int64_t *out);
/* Absent and null are 0: an account never edited. */
void body_version(struct body *b, int64_t *version);

#endif

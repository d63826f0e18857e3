/*
 * edit.h: a change of what the ledger holds of one account: found, checked
 * against the version that was seen, stored, told to who looks.
 */
#ifndef ADMIN_EDIT_H
#define ADMIN_EDIT_H

#include "cgi-bin/admin/app.h"
#include "lib/json/jsonin.h"

/* The account that is changed, and who does it. */
struct subject {
	int64_t id; /* in the ledger */
	const char *server;
	int64_t login;
	struct ledger_actor actor;
};

/*
 * Finds it; one that the cache shows and the ledger never saw is put there.
 * False with the answer made.
 */
bool subject_find(struct app *app, const struct request *req,
    struct response *res, const char *server, int64_t login, struct subject *s);

/* The same by the path's {server}/{login}. */
bool subject_of_path(struct app *app, const struct request *req,
    struct response *res, struct subject *s);

/* What a change may say. given: which of them it did. */
struct edit_fields {
	bool phase_given, meta_given;
	struct ledger_phase_edit phase;
	struct ledger_meta_edit meta;
	int64_t version;
};

/* Both parts, in one transaction. */
enum ledger_result edit_store(
    struct app *app, const struct subject *s, const struct edit_fields *f);

/* {"phase":{…}} as it is now, in an object's scope. */
enum ledger_result edit_put_phase(
    struct app *app, int64_t account, struct json *j, const char *key);

/* 409 with the phase as it is now. */
void edit_conflict(
    struct app *app, const struct subject *s, struct response *res);

/* An edit's result as the answer: 200 with the phase, 400 with the reason, 409.
 */
void edit_result(struct app *app, struct response *res, const struct subject *s,
    enum ledger_result r);

/* Tells who looks; a Redis that is gone costs them the telling only. */
void edit_tell(struct app *app, const struct subject *s);

/*
 * A PUT's whole answer: stores what f says; 200 with the phase, 409 with the
 * current one.
 */
void edit_answer(struct app *app, struct response *res, const struct subject *s,
    const struct edit_fields *f);

/* The account that a form names by server and login, and the version it was
 * filled from. False with the answer made. */
bool edit_form(struct app *app, const struct request *req, struct response *res,
    struct subject *s, int64_t *version);
/* The account's page again, with what went wrong; or the way back to it. */
void edit_form_result(struct app *app, const struct request *req,
    struct response *res, const struct subject *s, enum ledger_result r);

/* The checks of what people type; false with the reason in why. */
#define EDIT_WHY_SIZE 256
bool edit_word_is_good(
    const char *field, const char *text, size_t max, char why[EDIT_WHY_SIZE]);
bool edit_status_is_good(const char *text, char why[EDIT_WHY_SIZE]);
bool edit_fields_are_good(const struct edit_fields *f, char why[EDIT_WHY_SIZE]);
bool edit_rules_are_there(
    struct app *app, const struct edit_fields *f, char why[EDIT_WHY_SIZE]);
extern const char *const edit_statuses[];
extern const size_t edit_statuses_len;

#endif

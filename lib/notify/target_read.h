/* target_read.h: between target.c and target_read.c: one object of alerts.json.
 */
#ifndef LIB_NOTIFY_TARGET_READ_H
#define LIB_NOTIFY_TARGET_READ_H

#include "lib/json/jsonin.h"
#include "lib/notify/target.h"

struct target_reader {
	const char *file;
	struct buf errors;
};

/* What a member is. */
enum target_member_kind {
	MEMBER_TEXT,   /* char * */
	MEMBER_SECRET, /* char *, never quoted */
	MEMBER_FLAG,   /* bool */
	MEMBER_NUMBER, /* int */
	MEMBER_TIME,   /* int, minutes of "HH:MM" */
	MEMBER_WORDS,  /* struct target_words */
	MEMBER_OTHER   /* the caller reads it */
};

struct target_member {
	const char *name;
	enum target_member_kind kind;
	size_t at;          /* in the struct */
	unsigned for_types; /* bits; 0: all */
	int min, max;
};

/* One line of error: file, place (place.name where name is given), what was
 * expected, and what stands there unless it may be a secret. */
void target_complain(struct target_reader *r, const char *place,
    const char *name, const char *expected, const cJSON *found);

/* The members of o, each by its row of the table; one that has none, or is of
 * another type of target, is a mistake. False: o is no object. */
bool target_read_object(struct target_reader *r, const char *place,
    const cJSON *o, const struct target_member *members, size_t len,
    unsigned type, void *into);

/* "HH:MM". -1: it is none. */
int target_read_time(const char *text, int *minutes);

#endif

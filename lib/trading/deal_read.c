/* deal_read.c: a deal out of an agent's JSON, each field checked. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/trading/deal_fields.h"
#include "lib/base/utf8.h"
#include "lib/json/jsonin.h"
#include "lib/trading/money.h"

#define QUOTED_MAX 81 /* of what is wrong, with its NUL */

/* Reading one object: the first mistake is kept. */
struct reader {
	const cJSON *o;
	char *why;
	size_t why_size;
	bool failed;
};

static void
bad(struct reader *r, const char *key)
{
	char *text;
	size_t used, room;

	if (r->failed)
		return;
	r->failed = true;
	text =
	    cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(r->o, key));
	snprintf(r->why, r->why_size, "deal %s: ", key);
	used = strlen(r->why);
	room =
	    r->why_size - used < QUOTED_MAX ? r->why_size - used : QUOTED_MAX;
	(void)utf8_copy(r->why + used, room, text != NULL ? text : "missing");
	cJSON_free(text);
}

static int64_t
read_id(struct reader *r, const char *key, int64_t min, int64_t max)
{
	int64_t v = 0;

	if (!jsonin_int64(r->o, key, &v) || v < min || v > max)
		bad(r, key);
	return v;
}

static int
read_int(struct reader *r, const char *key)
{
	int v = 0;

	if (!jsonin_int(r->o, key, &v))
		bad(r, key);
	return v;
}

/* null is what MT5 had no finite number for. */
static double
read_number(struct reader *r, const char *key, double min, double max)
{
	double v = NAN;

	if (!jsonin_number(r->o, key, &v)) {
		if (!cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(r->o, key)))
			bad(r, key);
	} else if (v < min || v > max)
		bad(r, key);
	return v;
}

static money_t
read_money(struct reader *r, const char *key)
{
	double v;
	money_t m = 0;

	if (!jsonin_number(r->o, key, &v) || money_from_double(v, &m) == -1)
		bad(r, key);
	return m;
}

static const char *
read_text(struct reader *r, const char *key)
{
	const char *s = "";

	if (!jsonin_string(r->o, key, &s) || strlen(s) > DEAL_TEXT_MAX ||
	    strstr(s, JSONIN_NUL) != NULL)
		bad(r, key);
	return s;
}

static void
read_field(struct reader *r, const struct deal_field *f, void *at)
{
	switch (f->type) {
	case DEAL_FIELD_ID:
		*(int64_t *)at = read_id(r, f->name, INT64_MIN, INT64_MAX);
		break;
	case DEAL_FIELD_TIME_S:
		*(int64_t *)at = read_id(r, f->name, 0, DEAL_TIME_MAX_S);
		break;
	case DEAL_FIELD_TIME_MS:
		*(int64_t *)at = read_id(r, f->name, 0, DEAL_TIME_MAX_S * 1000);
		break;
	case DEAL_FIELD_INT:
		*(int *)at = read_int(r, f->name);
		break;
	case DEAL_FIELD_VOLUME:
		*(double *)at = read_number(r, f->name, 0, DEAL_VOLUME_MAX);
		break;
	case DEAL_FIELD_PRICE:
		*(double *)at =
		    read_number(r, f->name, -DEAL_PRICE_MAX, DEAL_PRICE_MAX);
		break;
	case DEAL_FIELD_MONEY:
		*(money_t *)at = read_money(r, f->name);
		break;
	case DEAL_FIELD_TEXT:
		*(const char **)at = read_text(r, f->name);
		break;
	}
}

int
deal_from_json(const cJSON *o, struct deal *d, char *why, size_t why_size)
{
	struct reader r = {o, why, why_size, false};

	memset(d, 0, sizeof(*d));
	for (size_t i = 0; i < deal_fields_len; i++)
		read_field(&r, &deal_fields[i], deal_field(&deal_fields[i], d));
	/* some servers give the second alone */
	if (!r.failed && d->time_msc == 0)
		d->time_msc = d->time * 1000;
	return r.failed ? -1 : 0;
}

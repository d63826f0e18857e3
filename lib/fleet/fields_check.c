/* fields_check.c: values that MT5 cannot give, refused by name. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/base/utf8.h"
#include "lib/fleet/fields.h"
#include "lib/fleet/reported.h"
#include "lib/trading/deal.h"
#include "lib/trading/money.h"

/* From here a double no longer says which whole number was meant. */
#define WHOLE_LIMIT 9007199254740992.0
/* Percentages and prices: far beyond any, and far from overflow. */
#define NUMBER_MAX 1e18
#define USD_RATE_MIN 1e-9
#define USD_RATE_MAX 1e9
#define TEXT_MAX 4096
#define QUOTED_MAX 48

static int
refuse(char why[FIELDS_WHY_SIZE], const char *path, const char *name,
    const char *value)
{
	char quoted[QUOTED_MAX];

	(void)utf8_copy(quoted, sizeof(quoted), value);
	for (char *p = quoted; *p != '\0'; p++)
		if ((unsigned char)*p < ' ')
			*p = '?';
	snprintf(why, FIELDS_WHY_SIZE,
	    "%.80s%s%.30s: %s is not a value that MT5 gives", path,
	    *path != '\0' ? "." : "", name, quoted);
	return -1;
}

/* As it was most likely written. */
static int
refuse_number(
    char why[FIELDS_WHY_SIZE], const char *path, const char *name, double v)
{
	char text[NUM_DOUBLE_SIZE];

	if (isfinite(v))
		(void)num_format(v, text);
	else
		snprintf(text, sizeof(text), "%s",
		    v < 0   ? "-Infinity"
		    : v > 0 ? "Infinity"
			    : "NaN");
	return refuse(why, path, name, text);
}

static bool
is_within(double v, double min, double max)
{
	return isfinite(v) && v >= min && v <= max;
}

static bool
number_is_good(double v, enum field_type type)
{
	switch (type) {
	case FIELD_ID:
	case FIELD_INT:
		return isfinite(v) && fabs(v) < WHOLE_LIMIT;
	case FIELD_COUNT:
		return is_within(v, 0, WHOLE_LIMIT - 1);
	case FIELD_DIGITS:
		return is_within(v, 0, MONEY_DIGITS);
	case FIELD_SECOND:
		return is_within(v, 0, (double)DEAL_TIME_MAX_S);
	case FIELD_MS:
		return is_within(v, 0, (double)DEAL_TIME_MAX_S * 1000 + 999);
	case FIELD_MONEY:
		return is_within(v, -MONEY_LIMIT, MONEY_LIMIT);
	case FIELD_VOLUME:
		return is_within(v, 0, DEAL_VOLUME_MAX);
	case FIELD_NUMBER:
		return is_within(v, -NUMBER_MAX, NUMBER_MAX);
	case FIELD_BOOL:
	case FIELD_TEXT:
		break;
	}
	return true;
}

static bool
is_whole_number(const char *s)
{
	s += *s == '-';
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* Ids and times may come as text. */
static bool
text_is_good(const char *s, enum field_type type)
{
	int64_t v;

	if (strlen(s) > TEXT_MAX || strstr(s, JSONIN_NUL) != NULL)
		return false;
	if (type == FIELD_TEXT || !is_whole_number(s))
		return true;
	if (num_int64(s, INT64_MIN, INT64_MAX, &v) == -1)
		return false;
	return type == FIELD_ID || type == FIELD_INT ||
	       number_is_good((double)v, type);
}

static int
check_field(const cJSON *v, const struct field *f, const char *path,
    char why[FIELDS_WHY_SIZE])
{
	if (cJSON_IsNumber(v) && !number_is_good(v->valuedouble, f->type))
		return refuse_number(why, path, f->name, v->valuedouble);
	if (cJSON_IsString(v) && !text_is_good(v->valuestring, f->type))
		return refuse(why, path, f->name,
		    strstr(v->valuestring, JSONIN_NUL) != NULL
			? "a text with a NUL in it"
		    : strlen(v->valuestring) > TEXT_MAX
			? "a text of that length"
			: v->valuestring);
	return 0;
}

int
fields_check(const cJSON *o, const struct field *table, const char *path,
    char why[FIELDS_WHY_SIZE])
{
	for (; o != NULL && table->name != NULL; table++)
		if (check_field(
			cJSON_GetObjectItemCaseSensitive(o, table->name), table,
			path, why) == -1)
			return -1;
	return 0;
}

int
fields_check_list(const cJSON *list, const struct field *table,
    const char *path, char why[FIELDS_WHY_SIZE])
{
	const cJSON *item;
	char place[64];
	int i = 0;

	cJSON_ArrayForEach(item, list) {
		snprintf(place, sizeof(place), "%.40s[%d]", path, i++);
		if (fields_check(item, table, place, why) == -1)
			return -1;
	}
	return 0;
}

int
fields_check_snapshot(const cJSON *doc, char why[FIELDS_WHY_SIZE])
{
	static const struct field own[] = {
	    {"seq", FIELD_COUNT},
	    {"rev", FIELD_COUNT},
	    {"gmt_msc", FIELD_MS},
	    {"trade_server_msc", FIELD_MS},
	    {NULL, FIELD_INT},
	};
	const cJSON *o =
	    cJSON_GetObjectItemCaseSensitive(doc, "broker_offset_s");

	if (cJSON_IsNumber(o) &&
	    !is_within(
		o->valuedouble, REPORTED_OFFSET_MIN_S, REPORTED_OFFSET_MAX_S))
		return refuse_number(
		    why, "", "broker_offset_s", o->valuedouble);
	if (fields_check(jsonin_object(doc, "account"), account_fields,
		"account", why) == -1 ||
	    fields_check(jsonin_object(doc, "terminal"), terminal_fields,
		"terminal", why) == -1 ||
	    fields_check(jsonin_object(doc, "equity"), equity_fields, "equity",
		why) == -1 ||
	    fields_check(jsonin_object(doc, "history"), history_fields,
		"history", why) == -1)
		return -1;
	if (fields_check(doc, own, "", why) == -1)
		return -1;
	return fields_check_list(jsonin_array(doc, "positions"),
		   position_fields, "positions", why) == -1 ||
		       fields_check_list(jsonin_array(doc, "orders"),
			   order_fields, "orders", why) == -1
		   ? -1
		   : 0;
}

double
fields_usd_rate(const cJSON *doc)
{
	double rate = NAN;

	return jsonin_number(doc, "usd_rate", &rate) &&
		       is_within(rate, USD_RATE_MIN, USD_RATE_MAX)
		   ? rate
		   : NAN;
}

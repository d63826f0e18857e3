/* collector.c: whether the collector runs, and when it was last heard. */
#include "cgi-bin/dashboard/collector.h"

static cJSON *
parse(const struct view *v)
{
	return v->collector.data == NULL
		   ? NULL
		   : jsonin_parse(v->collector.data, v->collector.len);
}

static double
age_of(const cJSON *doc, int64_t now_msc)
{
	int64_t at;

	if (!jsonin_int64(doc, "at_msc", &at))
		return -1;
	return now_msc > at ? (double)(now_msc - at) / 1000 : 0;
}

double
collector_age_s(const struct view *v)
{
	cJSON *doc = parse(v);
	double age = age_of(doc, v->now_msc);

	cJSON_Delete(doc);
	return age;
}

void
collector_json(struct json *j, const struct view *v)
{
	cJSON *doc = parse(v);
	double age = age_of(doc, v->now_msc);
	int64_t pid = 0, started = 0, nodes = 0;

	if (age < 0) {
		json_null(j, "collector");
		cJSON_Delete(doc);
		return;
	}
	jsonin_int64(doc, "pid", &pid);
	jsonin_int64(doc, "started_msc", &started);
	jsonin_int64(doc, "nodes", &nodes);
	json_object(j, "collector");
	json_number(j, "age_s", age);
	json_int(j, "pid", pid);
	json_utc(j, "started_utc", started);
	json_int(j, "nodes", nodes);
	json_end(j);
	cJSON_Delete(doc);
}

/* targets_fuzz.c: alerts.json, and what is kept of a message to be sent. */
#include "lib/json/jsonin.h"
#include "lib/notify/notice.h"
#include "tests/fuzz/fuzz.h"

static void
must(bool good)
{
	if (!good)
		abort();
}

static void
use(const struct target *t)
{
	const struct notice n = {.what = NOTICE_BEGAN,
	    .key = "status/S/1/vps01",
	    .server = "S",
	    .login = "1",
	    .text = "S 1: down",
	    .level = ALERT_CRITICAL};
	const struct notice_subject subject = {
	    "FTMO", "h", "[\"a\",[1],{\"b\":1}]"};
	char *shown = target_shown(t);
	int64_t until_utc_ms;

	must(shown != NULL);
	must(t->secret == NULL || *t->secret == '\0' || strlen(t->secret) < 8 ||
	     strstr(shown, t->secret) == NULL);
	(void)target_wants(t, &n, &subject);
	(void)target_is_quiet(
	    t, ALERT_WARN, INT64_C(1795270000000), &until_utc_ms);
	free(shown);
}

static void
fuzz_one(const char *text, size_t len)
{
	static struct config c;
	struct targets t;
	struct notice n;
	cJSON *doc;
	int rc;

	if (c.alert_url == NULL)
		must(config_load(&c, "/dev/null") == 0);
	rc = targets_parse(&t, "alerts.json", text, len, &c);

	must((rc == -1) == (t.error != NULL && *t.error != '\0'));
	for (size_t i = 0; i < t.len; i++) {
		must(t.list[i].name != NULL || t.list[i].disabled);
		(void)targets_find(&t, "boss");
		if (!t.list[i].disabled)
			use(&t.list[i]);
	}
	targets_done(&t);
	doc = jsonin_parse(text, len);
	if (notice_read(&n, doc))
		must(n.key != NULL && n.text != NULL);
	cJSON_Delete(doc);
}

/* alert.c: the kinds of alerts, and when one is sent. */
#include <string.h>

#include "lib/base/mem.h"
#include "lib/fleet/alert.h"

/* Unreachable and unauthorized are said of the node; stale is only what is no
 * longer there. */
static const enum alert_fact bad_status[STATUS_COUNT] = {
    [STATUS_TERMINAL_DOWN] = ALERT_IS_CRITICAL,
    [STATUS_BRIDGE_SILENT] = ALERT_IS_CRITICAL,
    [STATUS_WRONG_ACCOUNT] = ALERT_IS_CRITICAL,
    [STATUS_CONFLICT] = ALERT_IS_CRITICAL,
    [STATUS_BAD_DATA] = ALERT_IS_CRITICAL,
    [STATUS_NOT_LOGGED_IN] = ALERT_IS_WARN,
    [STATUS_BROKER_DISCONNECTED] = ALERT_IS_WARN,
};

/* Only a status that tells that it is on, or that nobody may trade with this
 * password, ends it. */
static const enum alert_fact trading_off[STATUS_COUNT] = {
    [STATUS_UNREACHABLE] = ALERT_HOLDS,
    [STATUS_UNAUTHORIZED] = ALERT_HOLDS,
    [STATUS_TERMINAL_DOWN] = ALERT_HOLDS,
    [STATUS_BRIDGE_SILENT] = ALERT_HOLDS,
    [STATUS_WRONG_ACCOUNT] = ALERT_HOLDS,
    [STATUS_CONFLICT] = ALERT_HOLDS,
    [STATUS_BAD_DATA] = ALERT_HOLDS,
    [STATUS_NOT_LOGGED_IN] = ALERT_HOLDS,
    [STATUS_BROKER_DISCONNECTED] = ALERT_HOLDS,
    [STATUS_HISTORY_SYNCING] = ALERT_HOLDS,
    [STATUS_TRADING_DISABLED] = ALERT_IS_WARN,
};

static const struct alert_kind_info kinds[ALERT_KINDS] = {
    [ALERT_NODE] = {.word = "node",
	.subject = ALERT_OF_NODE,
	.lasts = true,
	.over = "answers again"},
    [ALERT_CLOCK] = {.word = "clock",
	.subject = ALERT_OF_NODE,
	.over = "its clock is right again"},
    [ALERT_STATUS] = {.word = "status",
	.subject = ALERT_OF_ACCOUNT,
	.lasts = true,
	.by_status = bad_status},
    [ALERT_TRADING] = {.word = "trading",
	.subject = ALERT_OF_ACCOUNT,
	.after_ms = 300000,
	.is_option = true,
	.text = "AutoTrading is off",
	.by_status = trading_off},
    [ALERT_RULES] = {.word = "rules",
	.subject = ALERT_OF_ACCOUNT,
	.no_end = true},
    [ALERT_COLLECTOR] = {.word = "collector",
	.subject = ALERT_OF_FLEET,
	.lasts = true,
	.text = "no collector runs: everything shown is stale",
	.over = "the collector is back"},
    [ALERT_NOT_POLLED] = {.word = "asked",
	.subject = ALERT_OF_NODE,
	.lasts = true,
	.text = "not polled by any collector: what is shown of it is stale",
	.over = "polled again"},
    [ALERT_REDIS] = {.word = "redis",
	.subject = ALERT_OF_FLEET,
	.lasts = true,
	.over = "Redis answers again"},
};

static const char *const levels[] = {"info", "warn", "critical"};

const struct alert_kind_info *
alert_kind_info(enum alert_kind kind)
{
	return &kinds[kind];
}

int
alert_after_ms(enum alert_kind kind, const struct config *c)
{
	return kinds[kind].lasts ? c->alert_after_s * 1000
				 : kinds[kind].after_ms;
}

char *
alert_key(enum alert_kind kind, const char *subject)
{
	return mem_printf("%s%s%s", kinds[kind].word,
	    subject != NULL ? "/" : "", subject != NULL ? subject : "");
}

static bool
kind_from(const char *word, size_t len, enum alert_kind *kind)
{
	for (int k = 0; k < ALERT_KINDS; k++)
		if (strlen(kinds[k].word) == len &&
		    strncmp(kinds[k].word, word, len) == 0) {
			*kind = (enum alert_kind)k;
			return true;
		}
	return false;
}

bool
alert_kind_of(const char *key, enum alert_kind *kind)
{
	return kind_from(key, strcspn(key, "/"), kind);
}

const char *
alert_level_word(enum alert_level level)
{
	return levels[level];
}

bool
alert_level_from(const char *word, enum alert_level *level)
{
	for (int i = ALERT_INFO; i <= ALERT_CRITICAL; i++)
		if (strcmp(word, levels[i]) == 0) {
			*level = (enum alert_level)i;
			return true;
		}
	return false;
}

bool
alert_wanted(
    const char *also, bool wanted[ALERT_KINDS], const char **bad, int *len)
{
	enum alert_kind kind;
	size_t n;

	for (int k = 0; k < ALERT_KINDS; k++)
		wanted[k] = !kinds[k].is_option;
	for (also += strspn(also, ", "); *also != '\0';
	     also += strspn(also, ", ")) {
		n = strcspn(also, ", ");
		if (!kind_from(also, n, &kind) || !kinds[kind].is_option) {
			*bad = also;
			*len = (int)n;
			return false;
		}
		wanted[kind] = true;
		also += n;
	}
	return true;
}

/* since: of what is so now. A clock that was set back must not make us wait
 * until it is there again. */
static void
note_since(int64_t *since, bool is_so, int64_t since_utc_ms, int64_t now_utc_ms)
{
	if (!is_so)
		*since = 0;
	else if (*since == 0 || *since > now_utc_ms)
		*since = since_utc_ms < now_utc_ms ? since_utc_ms : now_utc_ms;
}

static bool
lasts(int64_t since_utc_ms, int64_t now_utc_ms, int after_ms)
{
	return since_utc_ms != 0 && now_utc_ms - since_utc_ms >= after_ms;
}

bool
alert_state_step(struct alert_state *s, enum alert_fact fact,
    int64_t since_utc_ms, int64_t now_utc_ms, int after_ms)
{
	enum alert_level due;

	if (fact == ALERT_HOLDS)
		return false;
	note_since(
	    &s->warn_utc_ms, fact >= ALERT_IS_WARN, since_utc_ms, now_utc_ms);
	note_since(&s->critical_utc_ms, fact == ALERT_IS_CRITICAL, since_utc_ms,
	    now_utc_ms);
	due = lasts(s->critical_utc_ms, now_utc_ms, after_ms) ? ALERT_CRITICAL
	      : lasts(s->warn_utc_ms, now_utc_ms, after_ms)   ? ALERT_WARN
							      : ALERT_INFO;
	/* better, and still bad: it is not over */
	if (due <= s->sent && !(fact == ALERT_ENDS && s->sent != ALERT_INFO))
		return false;
	s->sent = due;
	return true;
}

static bool
is_quiet(const struct alert_state *s)
{
	return s->warn_utc_ms == 0 && s->critical_utc_ms == 0 &&
	       s->sent == ALERT_INFO;
}

void
alert_states_put(struct json *j, const struct alert_state states[ALERT_KINDS])
{
	bool open = false;

	for (int k = 0; k < ALERT_KINDS; k++) {
		const struct alert_state *s = &states[k];

		if (is_quiet(s))
			continue;
		if (!open)
			json_object(j, "alerts");
		open = true;
		json_object(j, kinds[k].word);
		if (s->warn_utc_ms != 0)
			json_int(j, "warn_msc", s->warn_utc_ms);
		if (s->critical_utc_ms != 0)
			json_int(j, "critical_msc", s->critical_utc_ms);
		if (s->sent != ALERT_INFO)
			json_string(j, "sent", levels[s->sent]);
		json_end(j);
	}
	if (open)
		json_end(j);
}

static void
read_state(struct alert_state *s, const cJSON *o, const char *sent)
{
	const char *word;

	jsonin_int64(o, "warn_msc", &s->warn_utc_ms);
	jsonin_int64(o, "critical_msc", &s->critical_utc_ms);
	if (jsonin_string(o, sent, &word))
		alert_level_from(word, &s->sent);
}

void
alert_states_read(struct alert_state states[ALERT_KINDS], const cJSON *o)
{
	const cJSON *list = jsonin_object(o, "alerts");
	bool was_sent = false;

	for (int k = 0; k < ALERT_KINDS; k++)
		read_state(
		    &states[k], jsonin_object(list, kinds[k].word), "sent");
	if (list != NULL)
		return;
	/* as 1.0 wrote them, until the first run has written them again */
	read_state(&states[ALERT_STATUS], o, "alerted");
	if (jsonin_bool(o, "alerted", &was_sent) && was_sent)
		states[ALERT_NODE].sent = ALERT_CRITICAL;
	if (jsonin_bool(o, "clock_alerted", &was_sent) && was_sent)
		states[ALERT_CLOCK].sent = ALERT_WARN;
}

/* target.c: whom alerts are sent to, from alerts.json and ALERT_URL. */
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/file.h"
#include "lib/base/mem.h"
#include "lib/base/num.h"
#include "lib/fleet/nodes.h"
#include "lib/notify/target_read.h"
#include "lib/trading/zone.h"

#define FILE_MAX (1024 * 1024)
#define ERRORS_MAX (64 * 1024)
#define TARGETS_MAX 200
#define REPEAT_MIN 60
#define URL_MAX 2048

#define BIT(type) (1U << (type))
#define OF_URL                                                                 \
	(BIT(TARGET_WEBHOOK) | BIT(TARGET_DISCORD) | BIT(TARGET_SLACK) |       \
	    BIT(TARGET_NTFY) | BIT(TARGET_GOTIFY) | BIT(TARGET_ALERTMANAGER) | \
	    BIT(TARGET_EMAIL) | BIT(TARGET_APPRISE))
#define OF_TOKEN                                                         \
	(BIT(TARGET_WEBHOOK) | BIT(TARGET_TELEGRAM) | BIT(TARGET_NTFY) | \
	    BIT(TARGET_GOTIFY) | BIT(TARGET_PUSHOVER) |                  \
	    BIT(TARGET_PAGERDUTY) | BIT(TARGET_ALERTMANAGER) |           \
	    BIT(TARGET_APPRISE))
/* not those whose every message is an incident */
#define OF_REPORT                                           \
	((BIT(TARGET_TYPES) - 1) & ~BIT(TARGET_PAGERDUTY) & \
	    ~BIT(TARGET_ALERTMANAGER))

static const char *const types[TARGET_TYPES] = {"webhook", "telegram",
    "discord", "slack", "ntfy", "gotify", "pushover", "pagerduty",
    "alertmanager", "email", "apprise"};
static const char *const types_listed =
    "webhook, telegram, discord, slack, ntfy, gotify, pushover, pagerduty, "
    "alertmanager, email or apprise";
static const char *const events[TARGET_EVENTS] = {
    "alert", "account", "status", "phase", "verdict", "payout", "edit"};
static const char *const week[7] = {
    "sun", "mon", "tue", "wed", "thu", "fri", "sat"};

#define AT(field) offsetof(struct target, field)
static const struct target_member members[] = {
    {"name", MEMBER_TEXT, AT(name), 0, 0, 0},
    {"type", MEMBER_OTHER, 0, 0, 0, 0},
    {"language", MEMBER_OTHER, 0, 0, 0, 0},
    {"disabled", MEMBER_FLAG, AT(disabled), 0, 0, 0},
    {"only_escalated", MEMBER_FLAG, AT(only_escalated), 0, 0, 0},
    {"zone", MEMBER_TEXT, AT(zone), 0, 0, 0},
    {"url", MEMBER_SECRET, AT(url), 0, 0, 0},
    {"token", MEMBER_SECRET, AT(token), OF_TOKEN, 0, 0},
    {"user", MEMBER_SECRET, AT(user), BIT(TARGET_PUSHOVER) | BIT(TARGET_EMAIL),
	0, 0},
    {"password", MEMBER_SECRET, AT(password), BIT(TARGET_EMAIL), 0, 0},
    {"secret", MEMBER_SECRET, AT(secret), BIT(TARGET_WEBHOOK), 0, 0},
    {"chat_id", MEMBER_TEXT, AT(chat_id), BIT(TARGET_TELEGRAM), 0, 0},
    {"from", MEMBER_TEXT, AT(from), BIT(TARGET_EMAIL), 0, 0},
    {"to", MEMBER_WORDS, AT(to), BIT(TARGET_EMAIL) | BIT(TARGET_APPRISE), 0, 0},
    {"tls", MEMBER_OTHER, 0, BIT(TARGET_EMAIL), 0, 0},
    {"ca", MEMBER_TEXT, AT(ca), 0, 0, 0},
    {"proxy", MEMBER_SECRET, AT(proxy), 0, 0, 0},
    {"tag", MEMBER_TEXT, AT(tag), BIT(TARGET_APPRISE), 0, 0},
    {"emergency_s", MEMBER_NUMBER, AT(emergency_s), BIT(TARGET_PUSHOVER), 30,
	3600},
    {"filter", MEMBER_OTHER, 0, 0, 0, 0},
    {"quiet", MEMBER_OTHER, 0, 0, 0, 0},
    {"escalate", MEMBER_OTHER, 0, 0, 0, 0},
    {"events", MEMBER_OTHER, 0, BIT(TARGET_WEBHOOK), 0, 0},
    {"group_s", MEMBER_NUMBER, AT(group_s), 0, 0, 3600},
    {"repeat_min", MEMBER_NUMBER, AT(repeat_min), 0, 0, 7 * 24 * 60},
    {"daily_report", MEMBER_TIME, AT(report_min), OF_REPORT, 0, 0},
};
#undef AT
#define AT(field) offsetof(struct target_filter, field)
static const struct target_member filter_members[] = {
    {"level", MEMBER_OTHER, 0, 0, 0, 0},
    {"kinds", MEMBER_OTHER, 0, 0, 0, 0},
    {"firms", MEMBER_WORDS, AT(firms), 0, 0, 0},
    {"tags", MEMBER_WORDS, AT(tags), 0, 0, 0},
    {"holders", MEMBER_WORDS, AT(holders), 0, 0, 0},
    {"nodes", MEMBER_WORDS, AT(nodes), 0, 0, 0},
    {"accounts", MEMBER_WORDS, AT(accounts), 0, 0, 0},
};
#undef AT
#define AT(field) offsetof(struct target_quiet, field)
static const struct target_member quiet_members[] = {
    {"from", MEMBER_TIME, AT(from_min), 0, 0, 0},
    {"to", MEMBER_TIME, AT(to_min), 0, 0, 0},
    {"days", MEMBER_OTHER, 0, 0, 0, 0},
    {"then", MEMBER_OTHER, 0, 0, 0, 0},
    {"up_to", MEMBER_OTHER, 0, 0, 0, 0},
};
#undef AT
static const struct target_member escalate_members[] = {
    {"to", MEMBER_TEXT, offsetof(struct target, escalate_to), 0, 0, 0},
    {"after_min", MEMBER_NUMBER, offsetof(struct target, escalate_min), 0, 1,
	24 * 60},
    {"level", MEMBER_OTHER, 0, 0, 0, 0},
};
#define LEN(table) (sizeof(table) / sizeof((table)[0]))

const char *
target_type_word(enum target_type type)
{
	return types[type];
}

const char *
target_event_word(enum target_event event)
{
	return events[event];
}

bool
target_is_hook(const struct target *t)
{
	for (int e = TARGET_ALERTS + 1; e < TARGET_EVENTS; e++)
		if (t->events[e])
			return true;
	return false;
}

/* The index of o's text in a list of words; -1 with the mistake said. */
static int
read_word(struct target_reader *r, const char *place, const char *name,
    const cJSON *o, const char *const words[], int len, const char *expected)
{
	for (int i = 0; cJSON_IsString(o) && i < len; i++)
		if (strcmp(o->valuestring, words[i]) == 0)
			return i;
	target_complain(r, place, name, expected, o);
	return -1;
}

static const cJSON *
member(const cJSON *o, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(o, name);
}

static void
read_level(struct target_reader *r, const char *place, const char *name,
    const cJSON *o, enum alert_level *out)
{
	static const char *const words[] = {"info", "warn", "critical"};
	int i;

	if (o != NULL && (i = read_word(r, place, name, o, words, 3,
			      "info, warn or critical")) != -1)
		*out = (enum alert_level)i;
}

/* An array of words, each of which sets a flag. */
static void
read_flags(struct target_reader *r, const char *place, const char *name,
    const cJSON *o, const char *const words[], int len, const char *expected,
    bool *flags)
{
	const cJSON *e;
	int i;

	if (!cJSON_IsArray(o) || cJSON_GetArraySize(o) == 0) {
		target_complain(r, place, name, "an array of texts", o);
		return;
	}
	cJSON_ArrayForEach(e, o)
		if ((i = read_word(r, place, name, e, words, len, expected)) !=
		    -1)
			flags[i] = true;
}

static void
read_filter(
    struct target_reader *r, const char *at, const cJSON *o, struct target *t)
{
	const char *words[ALERT_KINDS];
	char *place = mem_printf("%s.filter", at);
	struct target_filter *f = &t->filter;
	struct buf listed;

	buf_init(&listed, 256);
	for (int k = 0; k < ALERT_KINDS; k++) {
		words[k] = alert_kind_info((enum alert_kind)k)->word;
		buf_printf(&listed, "%s%s",
		    k == 0                 ? ""
		    : k == ALERT_KINDS - 1 ? " or "
					   : ", ",
		    words[k]);
	}
	if (target_read_object(
		r, place, o, filter_members, LEN(filter_members), 0, f)) {
		read_level(r, place, "level", member(o, "level"), &f->level);
		if (member(o, "kinds") != NULL) {
			f->some_kinds = true;
			read_flags(r, place, "kinds", member(o, "kinds"), words,
			    ALERT_KINDS, listed.data, f->kinds);
		}
	}
	buf_done(&listed);
	free(place);
}

static void
read_quiet(
    struct target_reader *r, const char *at, const cJSON *o, struct target *t)
{
	static const char *const then[] = {"hold", "drop"};
	char *place = mem_printf("%s.quiet", at);
	struct target_quiet *q = &t->quiet;
	int i;

	q->up_to = ALERT_CRITICAL;
	q->from_min = q->to_min = -1;
	if (!target_read_object(
		r, place, o, quiet_members, LEN(quiet_members), 0, q)) {
		free(place);
		return;
	}
	q->set = true;
	if (member(o, "from") == NULL)
		target_complain(r, place, "from", "a time of day", NULL);
	if (member(o, "to") == NULL)
		target_complain(r, place, "to", "a time of day", NULL);
	if (q->from_min == q->to_min && q->from_min != -1)
		target_complain(
		    r, place, "to", "another time than from", member(o, "to"));
	for (i = 0; member(o, "days") == NULL && i < 7; i++)
		q->days[i] = true;
	if (member(o, "days") != NULL)
		read_flags(r, place, "days", member(o, "days"), week, 7,
		    "mon, tue, wed, thu, fri, sat or sun", q->days);
	if (member(o, "then") != NULL)
		q->drop = read_word(r, place, "then", member(o, "then"), then,
			      2, "hold or drop") == 1;
	read_level(r, place, "up_to", member(o, "up_to"), &q->up_to);
	free(place);
}

static void
read_escalate(
    struct target_reader *r, const char *at, const cJSON *o, struct target *t)
{
	char *place = mem_printf("%s.escalate", at);

	if (target_read_object(
		r, place, o, escalate_members, LEN(escalate_members), 0, t)) {
		if (member(o, "to") == NULL)
			target_complain(
			    r, place, "to", "the name of a target", NULL);
		if (member(o, "after_min") == NULL)
			target_complain(
			    r, place, "after_min", "minutes, 1 to 1440", NULL);
		read_level(
		    r, place, "level", member(o, "level"), &t->escalate_level);
	}
	free(place);
}

/* ---- what a type needs ---- */

static bool
url_is_good(const char *url, const char *one, const char *other)
{
	const char *host = NULL;

	if (strncmp(url, one, strlen(one)) == 0)
		host = url + strlen(one);
	else if (strncmp(url, other, strlen(other)) == 0)
		host = url + strlen(other);
	if (host == NULL || strlen(url) > URL_MAX ||
	    (!isalnum((unsigned char)*host) && *host != '['))
		return false;
	for (; *host != '\0'; host++)
		if ((unsigned char)*host <= ' ' || strchr("\"<>\\", *host))
			return false;
	return true;
}

/* One address, as an envelope has it. */
static bool
address_is_good(const char *a)
{
	const char *at = strrchr(a, '@');

	for (const char *p = a; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || strchr("<>,;:\"\\()", *p))
			return false;
	return at != NULL && at > a && at[1] != '\0' && strlen(a) < 255;
}

static void
need(struct target_reader *r, const char *place, const char *name,
    const char *value, const char *expected)
{
	if (value == NULL)
		target_complain(r, place, name, expected, NULL);
}

static void
default_to(char **field, const char *value)
{
	if (*field == NULL)
		*field = mem_strdup(value);
}

static void
check_mail(struct target_reader *r, const char *place, const cJSON *o,
    struct target *t)
{
	need(r, place, "from", t->from, "the sender's address");
	if (t->from != NULL && !address_is_good(t->from))
		target_complain(r, place, "from", "an address name@domain",
		    member(o, "from"));
	if (member(o, "to") == NULL)
		target_complain(r, place, "to", "an array of addresses", NULL);
	for (size_t i = 0; i < t->to.len; i++)
		if (!address_is_good(t->to.list[i]))
			target_complain(r, place, "to",
			    "addresses name@domain alone", NULL);
	if (t->password != NULL && t->user == NULL)
		target_complain(
		    r, place, "user", "one, as there is a password", NULL);
}

static void
check_type(struct target_reader *r, const char *place, const cJSON *o,
    struct target *t)
{
	bool mail = t->type == TARGET_EMAIL;

	if (t->type == TARGET_TELEGRAM) {
		need(r, place, "token", t->token, "the bot's token");
		need(r, place, "chat_id", t->chat_id, "the chat's id");
		default_to(&t->url, "https://api.telegram.org");
	} else if (t->type == TARGET_PUSHOVER) {
		need(r, place, "token", t->token, "the application's token");
		need(r, place, "user", t->user, "the user's key");
		default_to(&t->url, "https://api.pushover.net/1/messages.json");
	} else if (t->type == TARGET_PAGERDUTY) {
		need(r, place, "token", t->token, "the integration's key");
		default_to(&t->url, "https://events.pagerduty.com/v2/enqueue");
	} else if (t->type == TARGET_GOTIFY)
		need(r, place, "token", t->token, "the application's token");
	else if (mail)
		check_mail(r, place, o, t);
	need(r, place, "url", t->url, "the address");
	if (t->url != NULL &&
	    !(mail ? url_is_good(t->url, "smtp://", "smtps://")
		   : url_is_good(t->url, "https://", "http://")))
		target_complain(r, place, "url",
		    mail ? "smtp://host:port or smtps://host:port"
			 : "http:// or https:// and a host, without blanks",
		    NULL);
	if (t->proxy != NULL && strcmp(t->proxy, "off") != 0 &&
	    !url_is_good(t->proxy, "http://", "https://"))
		target_complain(
		    r, place, "proxy", "off or http://host:port", NULL);
	if (t->token != NULL && !nodes_token_is_good(t->token))
		target_complain(r, place, "token",
		    "printable characters of ASCII, without blanks", NULL);
	if (t->secret != NULL && strlen(t->secret) < 16)
		target_complain(
		    r, place, "secret", "at least 16 characters", NULL);
	if (zone_check(t->zone) == -1)
		target_complain(r, place, "zone",
		    "an IANA time zone, \"Europe/Madrid\"", member(o, "zone"));
	if (!nodes_id_is_good(t->name))
		target_complain(r, place, "name",
		    "1 to 64 letters, digits, . _ -", member(o, "name"));
}

static void
target_init(struct target *t)
{
	*t = (struct target){.repeat_min = REPEAT_MIN,
	    .report_min = -1,
	    .escalate_level = ALERT_CRITICAL};
	t->events[TARGET_ALERTS] = true;
}

static void
read_target(struct target_reader *r, const char *place, const cJSON *o,
    struct target *t)
{
	static const char *const languages[] = {"en", "es"};
	static const char *const tls[] = {"starttls", "off"};
	size_t before = r->errors.len;
	int type = -1;

	target_init(t);
	if (cJSON_IsObject(o) && (member(o, "type") != NULL))
		type = read_word(r, place, "type", member(o, "type"), types,
		    TARGET_TYPES, types_listed);
	else if (cJSON_IsObject(o))
		target_complain(r, place, "type", types_listed, NULL);
	if (!target_read_object(r, place, o, members, LEN(members),
		type != -1 ? BIT(type) : 0, t))
		return;
	if (t->name == NULL)
		target_complain(r, place, "name", "a name", NULL);
	if (member(o, "language") != NULL)
		t->language =
		    read_word(r, place, "language", member(o, "language"),
			languages, 2, "en or es") == 1
			? TARGET_SPANISH
			: TARGET_ENGLISH;
	if (member(o, "tls") != NULL)
		t->plain = read_word(r, place, "tls", member(o, "tls"), tls, 2,
			       "starttls or off") == 1;
	if (member(o, "filter") != NULL)
		read_filter(r, place, member(o, "filter"), t);
	if (member(o, "quiet") != NULL)
		read_quiet(r, place, member(o, "quiet"), t);
	if (member(o, "escalate") != NULL)
		read_escalate(r, place, member(o, "escalate"), t);
	if (member(o, "events") != NULL) {
		t->events[TARGET_ALERTS] = false;
		read_flags(r, place, "events", member(o, "events"), events,
		    TARGET_EVENTS,
		    "alert, account, status, phase, verdict, payout or edit",
		    t->events);
	}
	default_to(&t->zone, "UTC");
	if (type == -1 || r->errors.len > before)
		return;
	t->type = (enum target_type)type;
	check_type(r, place, o, t);
}

/* One with a mistake disturbs no other. */
static void
read_apart(struct target_reader *r, const char *place, const cJSON *o,
    struct target *t)
{
	size_t before = r->errors.len;

	read_target(r, place, o, t);
	if (r->errors.len > before)
		t->disabled = true;
}

/* ---- between targets ---- */

const struct target *
targets_find(const struct targets *t, const char *name)
{
	for (size_t i = 0; i < t->len; i++)
		if (t->list[i].name != NULL &&
		    strcmp(t->list[i].name, name) == 0)
			return &t->list[i];
	return NULL;
}

/* Following the escalation from t: does it come back to where it was? */
static bool
goes_round(const struct targets *all, const struct target *t)
{
	const struct target *at = t;

	for (size_t n = 0; n <= all->len; n++) {
		if (at == NULL || at->escalate_to == NULL)
			return false;
		at = targets_find(all, at->escalate_to);
	}
	return true;
}

static void
check_between(struct target_reader *r, struct targets *all)
{
	char *place;

	for (size_t i = 0; i < all->len; i++) {
		struct target *t = &all->list[i];
		size_t before = r->errors.len;

		if (t->name == NULL)
			continue;
		place = mem_printf("targets[%zu]", i);
		if (targets_find(all, t->name) != t)
			target_complain(r, place, "name",
			    "another name, as there is one of that", NULL);
		if (t->escalate_to != NULL &&
		    targets_find(all, t->escalate_to) == NULL)
			target_complain(r, place, "escalate.to",
			    "the name of a target in this file", NULL);
		else if (goes_round(all, t))
			target_complain(r, place, "escalate.to",
			    "a target that does not escalate back", NULL);
		if (r->errors.len > before)
			t->disabled = true;
		free(place);
	}
}

/* ---- the whole ---- */

static struct target *
room(struct targets *t)
{
	t->list = mem_grow(t->list, t->len + 1, sizeof(*t->list));
	return &t->list[t->len++];
}

static void
read_document(struct target_reader *r, struct targets *t, const cJSON *doc)
{
	const cJSON *list = member(doc, "targets"), *o;
	char *place;

	if (!cJSON_IsObject(doc)) {
		target_complain(
		    r, "", "(the whole)", "an object {\"targets\":[…]}", doc);
		return;
	}
	cJSON_ArrayForEach(o, doc)
		if (strcmp(o->string, "targets") != 0)
			target_complain(
			    r, "", o->string, "no such member", NULL);
	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > TARGETS_MAX) {
		target_complain(
		    r, "", "targets", "an array of at most 200 targets", list);
		return;
	}
	cJSON_ArrayForEach(o, list) {
		place = mem_printf("targets[%zu]", t->len);
		read_apart(r, place, o, room(t));
		free(place);
	}
}

/* ALERT_URL and ALERT_FORMAT, as before alerts.json was. */
static void
add_setting(struct target_reader *r, struct targets *t, const struct config *c)
{
	static const enum target_type formats[] = {TARGET_TELEGRAM,
	    TARGET_DISCORD, TARGET_SLACK, TARGET_NTFY, TARGET_WEBHOOK};
	const char *word = c->alert_format;
	size_t before = r->errors.len, i = 0;
	struct target *s;

	while (i < LEN(formats) - 1 && strcmp(word, types[formats[i]]) != 0)
		i++;
	if (i == LEN(formats) - 1 && strcmp(word, "json") != 0)
		buf_printf(&r->errors,
		    "ALERT_FORMAT: none of json telegram discord slack ntfy: "
		    "\"%s\"\n",
		    word);
	if (*c->alert_url == '\0')
		return;
	s = room(t);
	target_init(s);
	s->is_setting = true;
	s->name = mem_strdup("default");
	s->url = mem_strdup(c->alert_url);
	s->zone = mem_strdup("UTC");
	s->type = formats[i];
	if (!url_is_good(s->url, "https://", "http://"))
		buf_puts(&r->errors, "ALERT_URL: begins with neither https:// "
				     "nor http://, or is no address\n");
	s->disabled = r->errors.len > before;
}

static int
done(struct target_reader *r, struct targets *t)
{
	if (r->errors.len > 0)
		t->error = buf_take(&r->errors);
	buf_done(&r->errors);
	return t->error != NULL ? -1 : 0;
}

static void
read_text(struct target_reader *r, struct targets *t, const char *text,
    size_t len, const struct config *c)
{
	cJSON *doc = jsonin_parse(text, len);
	char where[JSONIN_WHERE_SIZE];
	int line = 0;

	if (doc == NULL) {
		/* what stands there may be a secret */
		jsonin_where(text, len, where);
		where[strcspn(where, ":")] = '\0';
		num_int(where, 0, INT32_MAX, &line);
		buf_printf(&r->errors,
		    "%s:%d: expected JSON, not what stands "
		    "on this line or before it\n",
		    r->file, line);
	} else
		read_document(r, t, doc);
	cJSON_Delete(doc);
	add_setting(r, t, c);
	check_between(r, t);
}

int
targets_parse(struct targets *t, const char *name, const char *text, size_t len,
    const struct config *c)
{
	struct target_reader r = {.file = name};

	*t = (struct targets){.list = NULL};
	buf_init(&r.errors, ERRORS_MAX);
	read_text(&r, t, text, len, c);
	return done(&r, t);
}

/* The file that need not be there: nobody named it. */
static bool
default_file(const struct config *c)
{
	size_t len = strlen(c->state_dir);

	return strncmp(c->alerts_file, c->state_dir, len) == 0 &&
	       strcmp(c->alerts_file + len, "/alerts.json") == 0;
}

int
targets_load(struct targets *t, const struct config *c)
{
	struct target_reader r = {.file = c->alerts_file};
	size_t len;
	char *text;

	*t = (struct targets){.list = NULL};
	buf_init(&r.errors, ERRORS_MAX);
	if ((text = file_read(c->alerts_file, FILE_MAX, &len)) != NULL)
		read_text(&r, t, text, len, c);
	else {
		if (errno != ENOENT || !default_file(c))
			buf_printf(&r.errors, "%s: %s\n", c->alerts_file,
			    strerror(errno));
		add_setting(&r, t, c);
	}
	free(text);
	return done(&r, t);
}

static void
words_done(struct target_words *w)
{
	for (size_t i = 0; i < w->len; i++)
		free(w->list[i]);
	free(w->list);
}

void
targets_done(struct targets *t)
{
	for (size_t i = 0; i < t->len; i++) {
		struct target *g = &t->list[i];
		char *const texts[] = {g->name, g->zone, g->url, g->token,
		    g->user, g->password, g->secret, g->chat_id, g->from, g->ca,
		    g->proxy, g->tag, g->escalate_to};

		for (size_t k = 0; k < LEN(texts); k++)
			free(texts[k]);
		words_done(&g->to);
		words_done(&g->filter.firms);
		words_done(&g->filter.tags);
		words_done(&g->filter.holders);
		words_done(&g->filter.nodes);
		words_done(&g->filter.accounts);
	}
	free(t->list);
	free(t->error);
	*t = (struct targets){.list = NULL};
}

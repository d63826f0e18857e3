/* rules_path.c: a path that a person types, a line each event -> events. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/json/jsonin.h"
#include "lib/trading/money.h"
#include "lib/trading/rules_trial.h"

#define VALUES_MAX 4

/* What a line may say, and the members its numbers become; none: the event
 * itself is the number. */
static const struct {
	const char *word;
	int least, most; /* numbers */
	const char *members[VALUES_MAX];
} lines[] = {
    {"sample", 1, 4, {"balance", "equity", "low", "high"}},
    {"reset", 1, 2, {"balance", "equity"}},
    {"flow", 1, 1, {NULL}},
    {"payout", 1, 1, {NULL}},
    {"day", 1, 1, {"net"}},
    {"open", 1, 1, {"lots"}},
    {"close", 1, 2, {"lots", "net"}},
};
#define LINES (sizeof(lines) / sizeof(lines[0]))

/* "104,000.50" -> 104000.5: people type their thousands. */
static bool
read_number(const char *word, double *out)
{
	char plain[MONEY_SIZE];
	size_t n = 0;
	money_t m;

	for (; *word != '\0'; word++)
		if (*word != ',' && *word != '\'') {
			if (n + 1 == sizeof(plain))
				return false;
			plain[n++] = *word;
		}
	plain[n] = '\0';
	if (money_from_text(plain, &m) == -1)
		return false;
	*out = money_to_double(m);
	return true;
}

static cJSON *
make_event(size_t kind, const double *values, int n)
{
	cJSON *event = cJSON_CreateObject(), *o;

	if (lines[kind].members[0] == NULL) {
		cJSON_AddNumberToObject(event, lines[kind].word, values[0]);
		return event;
	}
	o = cJSON_AddObjectToObject(event, lines[kind].word);
	for (int i = 0; i < n; i++)
		cJSON_AddNumberToObject(o, lines[kind].members[i], values[i]);
	/* with no position open both are the same */
	if (n == 1 && lines[kind].members[1] != NULL &&
	    strcmp(lines[kind].members[1], "equity") == 0)
		cJSON_AddNumberToObject(o, "equity", values[0]);
	return event;
}

/* "+60 close 1.5": 60 s behind the line before. NULL: why. */
static cJSON *
read_line(char *line, int number, char why[RULES_TRIAL_WHY])
{
	char *rest = line, *word = strtok_r(line, " \t\r;:=", &rest);
	double values[VALUES_MAX] = {0}, after = -1;
	size_t kind = 0;
	cJSON *event;
	int n = 0;

	if (*word == '+' && read_number(word + 1, &after))
		word = strtok_r(NULL, " \t\r;:=", &rest);
	if (word == NULL)
		word = "";

	while (kind < LINES && strcmp(lines[kind].word, word) != 0)
		kind++;
	if (kind == LINES) {
		snprintf(why, RULES_TRIAL_WHY,
		    "line %d: unknown: \"%.40s\"; sample, reset, flow, payout, "
		    "day, open or close",
		    number, word);
		return NULL;
	}
	while ((word = strtok_r(NULL, " \t\r;:=", &rest)) != NULL) {
		if (n == lines[kind].most) {
			snprintf(why, RULES_TRIAL_WHY,
			    "line %d: %s: too many numbers: \"%.40s\"", number,
			    lines[kind].word, word);
			return NULL;
		}
		if (!read_number(word, &values[n++])) {
			snprintf(why, RULES_TRIAL_WHY,
			    "line %d: %s: not a number: \"%.40s\"", number,
			    lines[kind].word, word);
			return NULL;
		}
	}
	if (n < lines[kind].least) {
		snprintf(why, RULES_TRIAL_WHY,
		    "line %d: %s: a number is missing", number,
		    lines[kind].word);
		return NULL;
	}
	event = make_event(kind, values, n);
	if (after >= 0)
		cJSON_AddNumberToObject(event, "after_s", after);
	return event;
}

static cJSON *
read_lines(char *text, char why[RULES_TRIAL_WHY])
{
	cJSON *events = cJSON_CreateArray(), *event;
	char *line, *rest = text;
	int number = 0;

	while ((line = strsep(&rest, "\n")) != NULL) {
		number++;
		line[strcspn(line, "#")] = '\0';
		if (line[strspn(line, " \t\r;:=")] == '\0')
			continue;
		if ((event = read_line(line, number, why)) == NULL) {
			cJSON_Delete(events);
			return NULL;
		}
		cJSON_AddItemToArray(events, event);
	}
	return events;
}

cJSON *
rules_trial_path(const char *text, char why[RULES_TRIAL_WHY])
{
	cJSON *events;
	char *copy;

	text += strspn(text, " \t\r\n");
	if (*text == '[') {
		events = jsonin_parse(text, strlen(text));
		if (events == NULL)
			snprintf(
			    why, RULES_TRIAL_WHY, "not JSON: \"%.60s\"", text);
		return events;
	}
	copy = mem_strdup(text);
	events = read_lines(copy, why);
	free(copy);
	return events;
}

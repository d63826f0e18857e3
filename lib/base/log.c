/* log.c: one line per event on stderr; escapes what came from outside. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

static const char *log_name = "mt5fleet";
static enum log_level log_max = LOG_LEVEL_INFO;
static const char *const words[] = {"error", "warn", "info", "debug"};

void
log_init(const char *name, enum log_level level)
{
	const char *slash = strrchr(name, '/');

	log_name = slash != NULL ? slash + 1 : name;
	log_max = level;
}

bool
log_level_from(const char *text, enum log_level *level)
{
	if (strcasecmp(text, "warning") == 0)
		text = "warn";
	for (int i = 0; i <= LOG_LEVEL_DEBUG; i++)
		if (strcasecmp(text, words[i]) == 0) {
			*level = (enum log_level)i;
			return true;
		}
	return false;
}

/* One write(2): lines of several processes do not interleave. */
static void
put(enum log_level level, const char *fmt, va_list ap)
{
	char line[2048], now[CLOCK_ISO_SIZE];
	size_t len, start;

	if (level > log_max)
		return;
	snprintf(line, sizeof(line) - 1,
	    "%s %s %s: ", clock_iso(clock_utc_ms(), now), log_name,
	    words[level]);
	start = strlen(line);
	vsnprintf(line + start, sizeof(line) - 1 - start, fmt, ap);
	len = strlen(line);
	for (size_t i = start; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[len++] = '\n';
	if (write(STDERR_FILENO, line, len) == -1)
		return; /* nowhere left to report it */
}

#define LOG_FUNCTION(name, level)       \
	void name(const char *fmt, ...) \
	{                               \
		va_list ap;             \
                                        \
		va_start(ap, fmt);      \
		put(level, fmt, ap);    \
		va_end(ap);             \
	}

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warnx, LOG_LEVEL_WARN)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)

void
log_error_lines(const char *text)
{
	size_t len;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len > 0)
			log_error("%.*s", (int)len, text);
	}
}

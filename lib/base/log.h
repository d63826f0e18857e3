/*
 * log.h: one line per event on stderr; escapes what came from outside.
 *
 *   2026-11-21T09:56:00.123Z collect warn: node=vps07: connection refused
 *
 * A line is one write of at most 2 KB. lib/ itself does not log: it returns
 * errors and the program logs once (exceptions: program.h and fleet.h, where
 * all programs would log the same). Never pass a secret here.
 */
#ifndef LIB_BASE_LOG_H
#define LIB_BASE_LOG_H

#include <stdbool.h>

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

/* name must stay valid (argv[0] or a literal). */
void log_init(const char *name, enum log_level level);

/* "error" "warning" or "warn" "info" "debug" in any case; else false. */
bool log_level_from(const char *text, enum log_level *level);

void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One error per non-empty line of the text. */
void log_error_lines(const char *text);

#endif

/*
 * log.h: one line per event on stderr, everything from outside made printable.
 *
 *   2026-11-21T09:56:00.123Z collect warn: node=vps07: connection refused
 *
 * A line is one write and has 2 KB at the most. lib/ itself does not log: it
 * returns errors, and the program logs once (program.h and fleet.h do, where
 * all programs would say the same). No secret is ever passed here.
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

/* name is borrowed for good (argv[0] or a literal). */
void log_init(const char *name, enum log_level level);

/* "error" "warning" or "warn" "info" "debug" in any case; false: none of them.
 */
bool log_level_from(const char *text, enum log_level *level);

void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* An error for each line of the text; empty ones are none. */
void log_error_lines(const char *text);

#endif

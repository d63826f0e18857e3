/* explain.h: Google's error answers as one line that says what to do. Pure. */
#ifndef SHEETS_EXPLAIN_H
#define SHEETS_EXPLAIN_H

#include <stddef.h>

#define EXPLAIN_SIZE 512

/* An answer of the Sheets API: {"error":{"code","message","status"}}. */
void explain_api(int code, const char *body, size_t len, const char *email,
    char text[EXPLAIN_SIZE]);

/* An answer of the token endpoint: {"error","error_description"}. */
void explain_token(
    int code, const char *body, size_t len, char text[EXPLAIN_SIZE]);

/* Puts "…" wherever the secret stands in text; secret may be NULL. */
void explain_hide(char *text, const char *secret);

#endif

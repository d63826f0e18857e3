/* error.h: Google's error answers as one line that says what to do. Pure. */
#ifndef SHEETS_GOOGLE_ERROR_H
#define SHEETS_GOOGLE_ERROR_H

#include <stddef.h>

#define GOOGLE_ERROR_SIZE 512

/* An answer of the Sheets API: {"error":{"code","message","status"}}. */
void google_error_api(int code, const char *body, size_t len, const char *email,
    char text[GOOGLE_ERROR_SIZE]);

/* An answer of the token endpoint: {"error","error_description"}. */
void google_error_token(
    int code, const char *body, size_t len, char text[GOOGLE_ERROR_SIZE]);

/* Puts "…" wherever the secret stands in text; secret may be NULL. */
void google_error_hide(char *text, const char *secret);

#endif

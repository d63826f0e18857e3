/* error.c: Google's error answers as one line that says what to do. Pure. */
#include <stdio.h>
#include <string.h>

#include "cron/sheets/google/error.h"
#include "cron/sheets/google/retry.h"
#include "lib/json/jsonin.h"

#define SAID_MAX 200

/* What Google says itself, cut where it gets long. */
static void
api_message(const cJSON *o, char said[SAID_MAX])
{
	const char *message = "";

	jsonin_string(jsonin_object(o, "error"), "message", &message);
	snprintf(said, SAID_MAX, "%s", message);
}

static const char *
forbidden(const char *said)
{
	if (strstr(said, "has not been used") != NULL ||
	    strstr(said, "disabled") != NULL)
		return "enable the Google Sheets API in the service account's "
		       "project";
	return NULL;
}

/* Of what does not fit the spreadsheet as somebody left it. */
static const char *
unfit(const char *said)
{
	if (strstr(said, "protected") != NULL)
		return "a range of it is protected: take the protection away, "
		       "or let this address edit it: ";
	if (strstr(said, "number of cells") != NULL)
		return "the spreadsheet is at Google's limit of 10,000,000 "
		       "cells: delete tabs, or rows and columns, that nobody "
		       "needs, or begin another spreadsheet";
	return NULL;
}

void
google_error_api(int code, const char *body, size_t len, const char *email,
    char text[GOOGLE_ERROR_SIZE])
{
	cJSON *o = jsonin_parse(body, len);
	char said[SAID_MAX];

	api_message(o, said);
	cJSON_Delete(o);
	if (code == 403 && forbidden(said) != NULL)
		snprintf(text, GOOGLE_ERROR_SIZE, "403: %s", forbidden(said));
	else if (code == 403)
		snprintf(text, GOOGLE_ERROR_SIZE,
		    "403: the sheet is not shared with %s as an editor", email);
	else if (code == 400 && unfit(said) != NULL)
		snprintf(text, GOOGLE_ERROR_SIZE, "400: %s%s", unfit(said),
		    strstr(said, "protected") != NULL ? email : "");
	else if (code == 404)
		snprintf(text, GOOGLE_ERROR_SIZE,
		    "404: no such spreadsheet: check SHEETS_SPREADSHEET_ID, "
		    "and that it is shared with %s",
		    email);
	else if (code == 401)
		snprintf(text, GOOGLE_ERROR_SIZE,
		    "401: a new token was refused too: is the key of %s still "
		    "in force?",
		    email);
	else if (code == 429)
		snprintf(text, GOOGLE_ERROR_SIZE,
		    "429: the quota is used up: run less often, or ask Google "
		    "for more (%s)",
		    said);
	else
		snprintf(text, GOOGLE_ERROR_SIZE, "%d: %s", code,
		    *said != '\0' ? said : "no reason given");
}

static const char *
token_advice(const char *error, const char *said)
{
	if (strstr(said, "timeframe") != NULL || strstr(said, "iat") != NULL)
		return "this machine's clock is wrong: set it by NTP";
	if (strstr(said, "account not found") != NULL)
		return "the service account is gone: make a new key file";
	if (strcmp(error, "invalid_grant") == 0)
		return "the key is not (or no longer) the service account's: "
		       "make a new key file";
	return "check GOOGLE_APPLICATION_CREDENTIALS";
}

void
google_error_token(
    int code, const char *body, size_t len, char text[GOOGLE_ERROR_SIZE])
{
	cJSON *o = jsonin_parse(body, len);
	const char *error = "", *said = "";

	jsonin_string(o, "error", &error);
	jsonin_string(o, "error_description", &said);
	if (retry_after(code) == RETRY_WAIT)
		snprintf(text, GOOGLE_ERROR_SIZE, "token: %d: %.*s", code,
		    SAID_MAX, *said != '\0' ? said : "no reason given");
	else
		snprintf(text, GOOGLE_ERROR_SIZE, "token: %d: %s (%.60s: %.*s)",
		    code, token_advice(error, said), error, SAID_MAX, said);
	cJSON_Delete(o);
}

void
google_error_hide(char *text, const char *secret)
{
	static const char mask[] = "…";
	size_t len = secret != NULL ? strlen(secret) : 0;
	char *at;

	if (len < sizeof(mask)) /* nothing so short is a secret */
		return;
	while ((at = strstr(text, secret)) != NULL) {
		memcpy(at, mask, sizeof(mask) - 1);
		memmove(at + sizeof(mask) - 1, at + len, strlen(at + len) + 1);
	}
}

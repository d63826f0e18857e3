/* fields.c: what MT5 tells, by name and type, copied only where typed right. */
#include "lib/fleet/fields.h"

const struct field account_fields[] = {
    {"login", FIELD_ID},
    {"trade_mode", FIELD_INT},
    {"leverage", FIELD_COUNT},
    {"limit_orders", FIELD_COUNT},
    {"margin_so_mode", FIELD_INT},
    {"trade_allowed", FIELD_BOOL},
    {"trade_expert", FIELD_BOOL},
    {"margin_mode", FIELD_INT},
    {"currency_digits", FIELD_DIGITS},
    {"fifo_close", FIELD_BOOL},
    {"balance", FIELD_MONEY},
    {"credit", FIELD_MONEY},
    {"profit", FIELD_MONEY},
    {"equity", FIELD_MONEY},
    {"margin", FIELD_MONEY},
    {"margin_free", FIELD_MONEY},
    {"margin_level", FIELD_NUMBER},
    {"margin_so_call", FIELD_NUMBER},
    {"margin_so_so", FIELD_NUMBER},
    {"margin_initial", FIELD_MONEY},
    {"margin_maintenance", FIELD_MONEY},
    {"assets", FIELD_MONEY},
    {"liabilities", FIELD_MONEY},
    {"commission_blocked", FIELD_MONEY},
    {"name", FIELD_TEXT},
    {"server", FIELD_TEXT},
    {"currency", FIELD_TEXT},
    {"company", FIELD_TEXT},
    {NULL, FIELD_INT},
};

const struct field terminal_fields[] = {
    {"community_account", FIELD_BOOL},
    {"community_connection", FIELD_BOOL},
    {"connected", FIELD_BOOL},
    {"dlls_allowed", FIELD_BOOL},
    {"trade_allowed", FIELD_BOOL},
    {"tradeapi_disabled", FIELD_BOOL},
    {"email_enabled", FIELD_BOOL},
    {"ftp_enabled", FIELD_BOOL},
    {"notifications_enabled", FIELD_BOOL},
    {"mqid", FIELD_BOOL},
    {"build", FIELD_INT},
    {"maxbars", FIELD_INT},
    {"codepage", FIELD_INT},
    {"ping_last", FIELD_INT},
    {"community_balance", FIELD_NUMBER},
    {"retransmission", FIELD_NUMBER},
    {"company", FIELD_TEXT},
    {"name", FIELD_TEXT},
    {"language", FIELD_TEXT},
    {"path", FIELD_TEXT},
    {"data_path", FIELD_TEXT},
    {"commondata_path", FIELD_TEXT},
    {NULL, FIELD_INT},
};

const struct field position_fields[] = {
    {"ticket", FIELD_ID},
    {"time", FIELD_SECOND},
    {"time_msc", FIELD_MS},
    {"time_update", FIELD_SECOND},
    {"time_update_msc", FIELD_MS},
    {"type", FIELD_INT},
    {"magic", FIELD_ID},
    {"identifier", FIELD_ID},
    {"reason", FIELD_INT},
    {"volume", FIELD_VOLUME},
    {"price_open", FIELD_NUMBER},
    {"sl", FIELD_NUMBER},
    {"tp", FIELD_NUMBER},
    {"price_current", FIELD_NUMBER},
    {"swap", FIELD_MONEY},
    {"profit", FIELD_MONEY},
    {"symbol", FIELD_TEXT},
    {"comment", FIELD_TEXT},
    {"external_id", FIELD_TEXT},
    {NULL, FIELD_INT},
};

const struct field order_fields[] = {
    {"ticket", FIELD_ID},
    {"time_setup", FIELD_SECOND},
    {"time_setup_msc", FIELD_MS},
    {"time_done", FIELD_SECOND},
    {"time_done_msc", FIELD_MS},
    {"time_expiration", FIELD_SECOND},
    {"type", FIELD_INT},
    {"type_time", FIELD_INT},
    {"type_filling", FIELD_INT},
    {"state", FIELD_INT},
    {"magic", FIELD_ID},
    {"position_id", FIELD_ID},
    {"position_by_id", FIELD_ID},
    {"reason", FIELD_INT},
    {"volume_initial", FIELD_VOLUME},
    {"volume_current", FIELD_VOLUME},
    {"price_open", FIELD_NUMBER},
    {"sl", FIELD_NUMBER},
    {"tp", FIELD_NUMBER},
    {"price_current", FIELD_NUMBER},
    {"price_stoplimit", FIELD_NUMBER},
    {"symbol", FIELD_TEXT},
    {"comment", FIELD_TEXT},
    {"external_id", FIELD_TEXT},
    {NULL, FIELD_INT},
};

const struct field equity_fields[] = {
    {"low", FIELD_MONEY},
    {"high", FIELD_MONEY},
    {"since_msc", FIELD_MS},
    {"day", FIELD_TEXT},
    {"day_low", FIELD_MONEY},
    {"day_high", FIELD_MONEY},
    {"day_since_msc", FIELD_MS},
    {NULL, FIELD_INT},
};

const struct field history_fields[] = {
    {"deals", FIELD_COUNT},
    {"cash", FIELD_COUNT},
    {"complete", FIELD_BOOL},
    {"last_ticket", FIELD_ID},
    {"last_msc", FIELD_MS},
    {NULL, FIELD_INT},
};

const struct field agent_fields[] = {
    {"name", FIELD_TEXT},
    {"version", FIELD_TEXT},
    {"started_utc", FIELD_TEXT},
    {NULL, FIELD_INT},
};

/* False: it is not there, or of another type. */
static bool
put_field(struct json *j, const cJSON *o, const struct field *f)
{
	const char *text;
	int64_t whole;
	double number;
	bool flag;

	switch (f->type) {
	case FIELD_ID:
		if (!jsonin_int64(o, f->name, &whole))
			return false;
		json_id(j, f->name, whole);
		return true;
	case FIELD_INT:
	case FIELD_COUNT:
	case FIELD_DIGITS:
	case FIELD_SECOND:
	case FIELD_MS:
		if (!jsonin_int64(o, f->name, &whole))
			return false;
		json_int(j, f->name, whole);
		return true;
	case FIELD_NUMBER:
	case FIELD_MONEY:
	case FIELD_VOLUME:
		if (!jsonin_number(o, f->name, &number))
			return false;
		json_number(j, f->name, number);
		return true;
	case FIELD_BOOL:
		if (!jsonin_bool(o, f->name, &flag))
			return false;
		json_bool(j, f->name, flag);
		return true;
	case FIELD_TEXT:
		if (!jsonin_string(o, f->name, &text))
			return false;
		json_string(j, f->name, text);
		return true;
	}
	return false;
}

void
fields_put(
    struct json *j, const char *key, const cJSON *o, const struct field *table)
{
	if (o == NULL) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	for (; table->name != NULL; table++)
		if (!put_field(j, o, table))
			json_null(j, table->name);
	json_end(j);
}

int
fields_put_list(struct json *j, const cJSON *list, const struct field *table)
{
	const cJSON *item;
	int64_t ticket;

	if (!cJSON_IsArray(list))
		return -1;
	json_array(j, NULL);
	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsObject(item) ||
		    !jsonin_int64(item, "ticket", &ticket))
			return -1;
		fields_put(j, NULL, item, table);
	}
	json_end(j);
	return 0;
}

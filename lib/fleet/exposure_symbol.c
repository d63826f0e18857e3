/* exposure_symbol.c: the symbol behind a broker's name. */
#include <ctype.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/fleet/exposure.h"

static bool
is_plain(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* "EURUSD" and the like: two currencies. */
static bool
is_pair(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isupper((unsigned char)s[i]))
			return false;
	return len == 6;
}

/* What brokers call their kinds of accounts. */
static bool
is_account_kind(const char *capitals, size_t len)
{
	static const char *const kinds[] = {
	    "ECN", "PRO", "RAW", "STD", "STP", "VIP"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i]) == len &&
		    strncmp(kinds[i], capitals, len) == 0)
			return true;
	return false;
}

/*
 * Belongs that to the name, as in "EUR/USD", "Soybean Oil", "BTC-USD",
 * "SAN.ES", "BRK.B"? A digit may be a month or another index; capitals another
 * currency, exchange or class of shares.
 */
static bool
is_of_name(const char *s, size_t head)
{
	const char *tail = s + head;
	const char *capitals = tail;
	size_t len = 0;

	if (strpbrk(tail, "0123456789/ ") != NULL)
		return true;
	while (*capitals != '\0' && !is_plain(*capitals))
		capitals++;
	while (isupper((unsigned char)capitals[len]))
		len++;
	if (len == 0 || (len == 1 && islower((unsigned char)capitals[1])))
		return false; /* ".Pro" */
	if (tail[0] == '.' && len == 1)
		return true;
	return !is_pair(s, head) && !is_account_kind(capitals, len);
}

/* The length of the name without what the broker put behind it: ".pro", "+",
 * "m". */
static size_t
without_suffix(const char *s)
{
	size_t head = 0, all = strlen(s), small;

	while (is_plain(s[head]))
		head++;
	if (head < 3 || is_of_name(s, head))
		return all;
	for (small = head; small > 0 && islower((unsigned char)s[small - 1]);)
		small--;
	for (size_t i = 0; i < small; i++)
		if (islower((unsigned char)s[i]))
			return head; /* "Gold" is a word */
	return small >= 3 ? small : head;
}

char *
exposure_symbol_name(const char *broker_name)
{
	const char *s = broker_name;

	while (*s != '\0' && !is_plain(*s))
		s++;
	if (*s == '\0')
		return mem_strdup(broker_name);
	return mem_strndup(s, without_suffix(s));
}

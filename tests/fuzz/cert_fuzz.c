/* cert_fuzz.c: a certificate that an agent sends when it joins. */
#include "lib/base/cert.h"
#include "tests/fuzz/fuzz.h"

static void
fuzz_one(const char *text, size_t len)
{
	const char *at = text;
	struct cert c;
	char *pins = cert_pins(text, len);
	size_t n = 0;

	while (cert_next(&at, text + len, &c) == 1) {
		if (strlen(c.pin) != 52 || strlen(c.key_hash) != 64 ||
		    strlen(c.fingerprint) != 95 || at > text + len)
			abort();
		n++;
	}
	if (cert_read(text, len, &c) == 0 && n != 1)
		abort();
	if (pins != NULL && strlen(pins) != n * 53 - 1)
		abort();
	free(pins);
}

/* cert_test.c: certificates as openssl makes them, and what is none. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/cert.h"
#include "lib/base/mem.h"
#include "lib/base/sha256.h"
#include "tests/unit/unit.h"

static const char ec[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBmTCCAT6gAwIBAgIUalowQClRd8ZX/TYIA06XW1MS5FIwCgYIKoZIzj0EAwIw\n"
    "GTEXMBUGA1UEAwwObXQ1ZmxlZXQtYWdlbnQwHhcNMjYxMTI4MjIxMjI1WhcNMzYx\n"
    "MTI1MjIxMjI1WjAZMRcwFQYDVQQDDA5tdDVmbGVldC1hZ2VudDBZMBMGByqGSM49\n"
    "AgEGCCqGSM49AwEHA0IABEw0L7C4fSZYI1XzqKe1nizNJnglSnRAqdyIis3L5Ct+\n"
    "xPsdeKvQfTHySlfQzt7/WlGMnH5vybrU4ZCGuAUbrDmjZDBiMB0GA1UdDgQWBBRC\n"
    "+T5BQ7cpAP7Umsg+JvwXDyjl6zAfBgNVHSMEGDAWgBRC+T5BQ7cpAP7Umsg+JvwX\n"
    "Dyjl6zAPBgNVHRMBAf8EBTADAQH/MA8GA1UdEQQIMAaHBH8AAAEwCgYIKoZIzj0E\n"
    "AwIDSQAwRgIhAIfQVttwCLbf12Acf0SSxCOHLsK74GMQMZfklhedF11ZAiEA58ph\n"
    "s974AayrO5pvrgbLYMrEqbBe19WScqv8IeUzlvc=\n"
    "-----END CERTIFICATE-----\n";
static const char ed[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBLjCB4aADAgECAhRWgGuWOB2lew46S8VNoC5IMraSVTAFBgMrZXAwDTELMAkG\n"
    "A1UEAwwCZWQwHhcNMjYxMTI4MjIxMjI1WhcNMzYxMTI1MjIxMjI1WjANMQswCQYD\n"
    "VQQDDAJlZDAqMAUGAytlcAMhAHJ48UoLxQfSG5QvoLBuFAo/WOnPAeoP6riShAZ0\n"
    "ZsT7o1MwUTAdBgNVHQ4EFgQUZziaR7d3ctPwuseJtZoJd66AA5YwHwYDVR0jBBgw\n"
    "FoAUZziaR7d3ctPwuseJtZoJd66AA5YwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXAD\n"
    "QQBztNIjXY2yiihRUM70ps33/9SXbb/ixMLDbiTCAWg5lhiVNZzlWA/+q5LCr6E0\n"
    "HYQokn6lDXeK7kvxMA03zTkK\n"
    "-----END CERTIFICATE-----\n";

/* FIPS 180-4's examples, and every length around a block's end. */
static void
digests(void **state)
{
	char hex[SHA256_HEX_SIZE], base64[SHA256_BASE64_SIZE];
	char text[200];

	(void)state;
	sha256_hex("", 0, hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb924"
				 "27ae41e4649b934ca495991b7852b855");
	sha256_hex("abc", 3, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
	sha256_base64("abc", 3, base64);
	assert_string_equal(
	    base64, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
	memset(text, 'a', sizeof(text));
	sha256_hex(text, 55, hex);
	assert_string_equal(hex,
	    "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
	sha256_hex(text, 56, hex);
	assert_string_equal(hex,
	    "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
	sha256_hex(text, 64, hex);
	assert_string_equal(hex,
	    "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
	sha256_hex(text, 200, hex);
	assert_string_equal(hex,
	    "c2a908d98f5df987ade41b5fce213067efbcc21ef2240212a41e54b5e7c28ae5");
}

static void
as_openssl_says(void **state)
{
	struct cert c;

	(void)state;
	assert_int_equal(cert_read(ec, strlen(ec), &c), 0);
	assert_string_equal(
	    c.pin, "sha256//FfDRchEuxpXlEdqtdXnImV8NKCth+JK9V9ksIFTfDVw=");
	assert_string_equal(c.key_hash,
	    "5c1f9f73c94b857545363fd59cc59d996c3b2d7d129f4b66c62b5d4bb2d270e7");
	assert_string_equal(c.fingerprint,
	    "FE:60:EE:7A:C4:F3:7B:67:83:30:39:C6:9D:CB:46:8A:"
	    "90:12:D6:06:AA:BF:1D:E9:0E:8D:B4:B0:66:C2:7F:E3");
	assert_int_equal(cert_read(ed, strlen(ed), &c), 0);
	assert_string_equal(
	    c.pin, "sha256//3aOHYeAns63k9Tlz6QGRUV3C1syvFcYVXYrxw0ZT0ME=");
}

static void
several(void **state)
{
	char *both = mem_printf("# two\n%s%s", ec, ed), *pins;
	struct cert c;

	(void)state;
	assert_int_equal(cert_read(both, strlen(both), &c), -1);
	pins = cert_pins(both, strlen(both));
	assert_string_equal(pins,
	    "sha256//FfDRchEuxpXlEdqtdXnImV8NKCth+JK9V9ksIFTfDVw=;"
	    "sha256//3aOHYeAns63k9Tlz6QGRUV3C1syvFcYVXYrxw0ZT0ME=");
	free(pins);
	/* one that cannot be read: none is taken */
	both[strlen(both) - 40] = '!';
	assert_null(cert_pins(both, strlen(both)));
	free(both);
}

/* Cut anywhere, one byte changed anywhere: refused or read, never beyond. */
static void
broken(void **state)
{
	size_t len = strlen(ec);
	struct cert c;
	char *copy;
	int read = 0;

	(void)state;
	for (size_t cut = 0; cut + 1 < len; cut++) {
		copy = malloc(cut + 1);
		memcpy(copy, ec, cut);
		assert_int_equal(cert_read(copy, cut, &c), -1);
		free(copy);
	}
	copy = mem_strdup(ec);
	for (size_t i = 0; i < len; i++) {
		for (const char *w = "A/= -"; *w != '\0'; w++) {
			copy[i] = *w;
			read += cert_read(copy, len, &c) == 0;
		}
		copy[i] = ec[i];
	}
	free(copy);
	assert_in_range(read, 1, 5 * len);
	assert_int_equal(cert_read("", 0, &c), -1);
	assert_null(cert_pins("", 0));
	assert_int_equal(cert_read("-----BEGIN CERTIFICATE-----\nMAA=\n"
				   "-----END CERTIFICATE-----\n",
			     58, &c),
	    -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(digests),
	    cmocka_unit_test(as_openssl_says),
	    cmocka_unit_test(several),
	    cmocka_unit_test(broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

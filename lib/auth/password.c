/* password.c: argon2id and random tokens; the only file that knows libsodium.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auth/password.h"
#include "lib/base/lock.h"

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "hash size");

static void
prepare(void)
{
	if (sodium_init() == -1)
		abort();
}

int
password_hash(const char *password, char hash[PASSWORD_HASH_SIZE])
{
	prepare();
	return crypto_pwhash_str(hash, password, strlen(password),
	    crypto_pwhash_OPSLIMIT_INTERACTIVE,
	    crypto_pwhash_MEMLIMIT_INTERACTIVE);
}

bool
password_fits(const char *password, const char *hash, const char *turn)
{
	char dummy[PASSWORD_HASH_SIZE];
	struct lock lock;
	bool fits = false;

	prepare();
	/* where there can be no file, memory is not the first thing to lack */
	if (lock_open(&lock, turn) == 0)
		lock_wait(&lock);
	if (hash == NULL)
		/* so that the time does not tell which names there are */
		password_hash(password, dummy);
	else
		fits = crypto_pwhash_str_verify(
			   hash, password, strlen(password)) == 0;
	lock_close(&lock);
	return fits;
}

_Static_assert(
    PASSWORD_TOKEN_SIZE == 2 * crypto_hash_sha256_BYTES + 1, "digest size");

void
password_digest(const char *token, char digest[PASSWORD_TOKEN_SIZE])
{
	unsigned char bytes[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(bytes, (const unsigned char *)token, strlen(token));
	sodium_bin2hex(digest, PASSWORD_TOKEN_SIZE, bytes, sizeof(bytes));
}

void
password_token(char token[PASSWORD_TOKEN_SIZE])
{
	unsigned char bytes[32];

	prepare();
	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2hex(token, PASSWORD_TOKEN_SIZE, bytes, sizeof(bytes));
}

/* retry.c: whether to ask Google again, and how long to wait first. Pure. */
#include "cron/sheets/google/retry.h"

enum retry
retry_after(int code)
{
	if (code >= 200 && code < 300)
		return RETRY_DONE;
	if (code == 401)
		return RETRY_TOKEN;
	if (code == 0 || code == 408 || code == 429 || code >= 500)
		return RETRY_WAIT;
	return RETRY_NEVER;
}

int
retry_wait_ms(int n, uint32_t random, int max_ms)
{
	int64_t wait = INT64_C(1000) << (n < 20 ? n : 20);

	wait += random % 1001;
	return wait < max_ms ? (int)wait : max_ms;
}

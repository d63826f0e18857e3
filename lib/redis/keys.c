/* keys.c: what every key and channel in Redis is called. */
#include <stdio.h>

#include "lib/redis/keys.h"

const char *
key_of(const char *prefix, const char *name, char key[KEY_SIZE])
{
	snprintf(key, KEY_SIZE, "%s%s", prefix, name);
	return key;
}

const char *
key_of_collector(int shard, char key[KEY_SIZE])
{
	if (shard > 1)
		snprintf(key, KEY_SIZE, KEY_COLLECTOR ":%d", shard);
	else
		snprintf(key, KEY_SIZE, KEY_COLLECTOR);
	return key;
}

const char *
key_of_polled(int shard, int shards, char key[KEY_SIZE])
{
	if (shards > 1)
		snprintf(key, KEY_SIZE, KEY_POLLED ":%d/%d", shard, shards);
	else
		snprintf(key, KEY_SIZE, KEY_POLLED);
	return key;
}

const char *
key_of_claims(int shard, int shards, char key[KEY_SIZE])
{
	snprintf(key, KEY_SIZE, KEY_CLAIMS ":%d/%d", shard, shards);
	return key;
}

const char *
key_of_fence(int shard, int shards, char key[KEY_SIZE])
{
	snprintf(key, KEY_SIZE, KEY_FENCE ":%d/%d", shard, shards);
	return key;
}

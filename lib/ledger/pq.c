/* pq.c: libpq, loaded when it is needed. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "lib/ledger/pq.h"

#define LIBPQ "libpq.so.5"

struct pq pq;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[256];

static void
fail(const char *what)
{
	const char *why = dlerror();

	snprintf(failure, sizeof(failure),
	    "%s: %s: is the package libpq5 installed?", what,
	    why != NULL ? why : "not there");
}

static void
load(void)
{
	/* never closed: other threads may still be in it */
	void *library = dlopen(LIBPQ, RTLD_NOW | RTLD_LOCAL), *function;

	if (library == NULL) {
		fail(LIBPQ);
		return;
	}
#define X(name)                                         \
	if ((function = dlsym(library, #name)) == NULL) \
		fail(#name);                            \
	memcpy(&pq.name, &function, sizeof(function));
	PQ_FUNCTIONS(X)
#undef X
	if (failure[0] == '\0' && !pq.PQisthreadsafe())
		fail("PQisthreadsafe");
}

int
pq_load(char *why, size_t size)
{
	pthread_once(&once, load);
	snprintf(why, size, "%s", failure);
	return failure[0] == '\0' ? 0 : -1;
}

/*
 * fuzz.h: main() of a fuzz driver: DIR [ROUNDS].
 *
 * Each file of DIR (a seed) is given to fuzz_one(), then ROUNDS (default
 * 20000) mutations of them, the same ones each time. Built with SAN=1 this
 * finds what a sanitizer finds. `make fuzz` builds the same drivers with
 * clang -fsanitize=fuzzer -DFUZZ_LLVM, for libFuzzer.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/mem.h"

#define FUZZ_SEEDS_MAX 256
#define FUZZ_SIZE_MAX 65536

/* Aborts where something is wrong. Text is not zero-terminated. */
static void fuzz_one(const char *text, size_t len);

/* The text as a file, for what reads files; the path is the caller's. */
static inline char *
fuzz_file(const char *text, size_t len, int *fd)
{
	*fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (*fd == -1 || write(*fd, text, len) != (ssize_t)len)
		abort();
	return mem_printf("/proc/self/fd/%d", *fd);
}

#ifdef FUZZ_LLVM

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	fuzz_one((const char *)data, len);
	return 0;
}

#else

struct fuzz_seed {
	char *text;
	size_t len;
};

static uint64_t fuzz_state = 88172645463325252u;

static uint32_t
fuzz_random(uint32_t below)
{
	fuzz_state ^= fuzz_state << 13;
	fuzz_state ^= fuzz_state >> 7;
	fuzz_state ^= fuzz_state << 17;
	return (uint32_t)(fuzz_state >> 16) % below;
}

/* A copy of exactly that size: what reads past it is seen. */
static void
fuzz_exact(const char *text, size_t len)
{
	char *copy = mem_new(1, len + (len == 0));

	memcpy(copy, text, len);
	fuzz_one(copy, len);
	free(copy);
}

/* Changes a few bytes, cuts, doubles or mixes in a part of another seed. */
static size_t
fuzz_mutate(char *text, size_t len, const struct fuzz_seed *other)
{
	static const char liked[] = "{}[]\",:\\0-19.eE \n\xff\x80";
	size_t at, n;

	for (uint32_t i = 1 + fuzz_random(4); i > 0 && len > 0; i--) {
		at = fuzz_random((uint32_t)len);
		n = 1 + fuzz_random((uint32_t)(len - at));
		switch (fuzz_random(6)) {
		case 0:
			text[at] = (char)fuzz_random(256);
			break;
		case 1:
			text[at] = liked[fuzz_random(sizeof(liked))];
			break;
		case 2:
			memmove(text + at, text + at + n, len - at - n);
			len -= n;
			break;
		case 3:
			if (len + n <= FUZZ_SIZE_MAX) {
				memmove(text + at + n, text + at, len - at);
				len += n;
			}
			break;
		case 4:
			len = at;
			break;
		default:
			if (n > other->len)
				n = other->len;
			if (at + n <= FUZZ_SIZE_MAX) {
				memcpy(text + at, other->text, n);
				len = at + n > len ? at + n : len;
			}
		}
	}
	return len;
}

static size_t
fuzz_read_seeds(const char *dir, struct fuzz_seed seeds[FUZZ_SEEDS_MAX])
{
	struct dirent **names;
	int n = scandir(dir, &names, NULL, alphasort);
	size_t len = 0;

	for (int i = 0; i < n; i++) {
		char *path = mem_printf("%s/%s", dir, names[i]->d_name);
		struct fuzz_seed *s = &seeds[len];

		if (names[i]->d_name[0] != '.' && len < FUZZ_SEEDS_MAX &&
		    (s->text = file_read(path, FUZZ_SIZE_MAX, &s->len)) != NULL)
			len++;
		free(path);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return len;
}

static void
fuzz_rounds(const struct fuzz_seed *seeds, size_t len, long rounds)
{
	char *text = mem_new(1, FUZZ_SIZE_MAX);

	for (long i = 0; i < rounds; i++) {
		const struct fuzz_seed *s = &seeds[fuzz_random((uint32_t)len)];

		memcpy(text, s->text, s->len);
		fuzz_exact(text, fuzz_mutate(text, s->len,
				     &seeds[fuzz_random((uint32_t)len)]));
	}
	free(text);
}

int
main(int argc, char *argv[])
{
	static struct fuzz_seed seeds[FUZZ_SEEDS_MAX];
	long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 20000;
	size_t len = argc > 1 ? fuzz_read_seeds(argv[1], seeds) : 0;

	if (len == 0) {
		printf("not ok no seeds in \"%s\"\n", argc > 1 ? argv[1] : "");
		return 1;
	}
	for (size_t i = 0; i < len; i++)
		fuzz_exact(seeds[i].text, seeds[i].len);
	printf("ok %zu seeds\n", len);
	fflush(stdout);
	fuzz_rounds(seeds, len, rounds);
	printf("ok %ld mutations\n", rounds);
	for (size_t i = 0; i < len; i++)
		free(seeds[i].text);
	return 0;
}

#endif
#endif

/*
 * google_fuzz.c: what Google answers, the key file that it gives, and the token
 * that is kept. The requests themselves are replaced by the text.
 */
#include "cron/sheets/book.h"
#include "cron/sheets/google/error.h"
#include "cron/sheets/google/token.h"
#include "cron/sheets/prepare.h"
#include "tests/fuzz/fuzz.h"

static const char *said;
static size_t said_len;

enum google_result
google_read(struct google *g, const char *path, char **answer, size_t *len)
{
	(void)g;
	(void)path;
	*answer = mem_new(said_len + 1, 1);
	memcpy(*answer, said, said_len);
	*len = said_len;
	return GOOGLE_OK;
}

enum google_result
google_write(struct google *g, const char *path, const char *body, size_t len,
    char **answer, size_t *answer_len)
{
	(void)body;
	(void)len;
	if (answer == NULL)
		return GOOGLE_OK;
	return google_read(g, path, answer, answer_len);
}

const char *
google_error(const struct google *g)
{
	(void)g;
	return "refused";
}

static void
must(bool good)
{
	if (!good)
		abort();
}

static void
errors(void)
{
	static const int codes[] = {400, 401, 403, 404, 429, 500};
	char text[GOOGLE_ERROR_SIZE];

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		google_error_api(codes[i], said, said_len, "a@b", text);
		must(memchr(text, '\0', sizeof(text)) != NULL && *text != '\0');
		google_error_token(codes[i], said, said_len, text);
		must(memchr(text, '\0', sizeof(text)) != NULL && *text != '\0');
	}
}

static void
token_and_key(void)
{
	const struct key k = {.email = (char[]){"a@b"},
	    .token_uri = (char[]){"https://oauth2.example/token"}};
	struct token t = {0};
	struct key read;
	char why[256] = "";
	int fd;

	t.file = fuzz_file(said, said_len, &fd);
	token_load(&t, &k, INT64_C(1795256000000));
	if (key_load(&read, t.file, why, sizeof(why)) == -1)
		must(*why != '\0');
	key_done(&read);
	free(t.file);
	close(fd);
	/* nowhere to keep it: no folder of that name */
	token_init(&t, "/nonexistent");
	if (token_take(&t, &k, said, said_len, INT64_C(1795256000000)) == 0)
		must(t.text != NULL && *t.text != '\0');
	token_done(&t);
}

static void
book(void)
{
	struct book b;

	book_init(&b, NULL, true);
	for (int i = 0; i < TAB_COUNT; i++)
		b.tab[i].active = b.tab[i].want_keys = true;
	if (book_read(&b) == GOOGLE_OK)
		for (int i = 0; i < TAB_COUNT; i++)
			(void)book_last_column(&b.tab[i]);
	book_done(&b);
}

static void
fuzz_one(const char *text, size_t len)
{
	said = text;
	said_len = len;
	errors();
	token_and_key();
	book();
}

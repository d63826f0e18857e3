/*
 * words.h: an alert's text in plain words of a language.
 *
 * The other programs write alerts in one form of English, with the words of
 * the API in it (terminal_down). A new one gets a row in words.c;
 * tests/unit/notify_words_test.c has all there are.
 */
#ifndef LIB_NOTIFY_WORDS_H
#define LIB_NOTIFY_WORDS_H

#include "lib/notify/notice.h"

/* "Demo-Server 52001001 on vps01: the terminal is not running". A text that is
 * not known stays as it is. */
void words_put(
    struct buf *b, enum target_language language, const struct notice *n);

/* "daily_loss" of the API as a person says it; what is not known as it stands.
 */
void words_put_term(
    struct buf *b, enum target_language language, const char *word);

#endif

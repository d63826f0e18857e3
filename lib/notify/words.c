/* words.c: an alert's text in plain words of a language. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/notify/words.h"

/* A star of the pattern is what stands there; $1 is the first star's. NULL: as
 * in the pattern. */
struct phrase {
	const char *pattern, *plain[TARGET_LANGUAGES];
};

static const struct phrase phrases[] = {
    /* statuses */
    {"terminal_down",
	{"the terminal is not running", "el terminal no está en marcha"}},
    {"bridge_silent",
	{"the terminal runs, but its bridge is silent",
	    "el terminal está en marcha, pero su puente no responde"}},
    {"wrong_account: *",
	{"another account is logged in: $1", "hay otra cuenta conectada: $1"}},
    {"wrong_account",
	{"another account is logged in", "hay otra cuenta conectada"}},
    {"conflict: *",
	{"two machines show it: $1", "dos máquinas la muestran: $1"}},
    {"conflict", {"two machines show it", "dos máquinas la muestran"}},
    {"bad_data: *", {"it reports what cannot be: $1",
			"informa de algo que no puede ser: $1"}},
    {"bad_data",
	{"it reports what cannot be", "informa de algo que no puede ser"}},
    {"not_logged_in",
	{"the terminal is not logged in", "el terminal no ha iniciado sesión"}},
    {"broker_disconnected",
	{"no connection to the broker", "sin conexión con el bróker"}},
    {"unreachable: *",
	{"the machine does not answer: $1", "la máquina no responde: $1"}},
    {"unauthorized: *", {"its agent refuses our token: $1",
			    "su agente rechaza nuestro token: $1"}},
    {"trading_disabled",
	{"trading is disabled", "el trading está desactivado"}},
    {"ok", {"all is well again", "todo vuelve a estar bien"}},
    {"read_only", {"all is well again (read only)",
		      "todo vuelve a estar bien (solo lectura)"}},
    {"history_syncing",
	{"back, and reading its history", "de vuelta, leyendo su historial"}},
    {"stale", {"its figures are old", "sus datos son antiguos"}},
    /* nodes and the fleet */
    {"answers again", {NULL, "responde de nuevo"}},
    {"its clock is * min ahead of the coordinator's: UTC of broker time is "
     "unknown",
	{NULL, "su reloj va $1 min adelantado respecto al coordinador: se "
	       "desconoce la hora UTC del bróker"}},
    {"its clock is * min behind the coordinator's: UTC of broker time is "
     "unknown",
	{NULL, "su reloj va $1 min atrasado respecto al coordinador: se "
	       "desconoce la hora UTC del bróker"}},
    {"its clock is right again", {NULL, "su reloj vuelve a estar en hora"}},
    {"AutoTrading is off", {NULL, "AutoTrading está desactivado"}},
    {"no collector runs: everything shown is stale",
	{NULL, "ningún recolector está en marcha: todo lo que se muestra es "
	       "antiguo"}},
    {"the collector is back", {NULL, "el recolector vuelve a estar en marcha"}},
    {"not polled by any collector: what is shown of it is stale",
	{NULL, "ningún recolector la consulta: lo que se muestra de ella es "
	       "antiguo"}},
    {"polled again", {NULL, "se consulta de nuevo"}},
    {"Redis does not answer (*): nothing is shown, and no other alert can be "
     "sent",
	{NULL, "Redis no responde ($1): no se muestra nada y no se puede "
	       "enviar ningún otro aviso"}},
    {"Redis answers again", {NULL, "Redis responde de nuevo"}},
    {"switched off or in maintenance",
	{NULL, "desactivada o en mantenimiento"}},
    {"in maintenance", {NULL, "en mantenimiento"}},
    {"removed from nodes.json", {NULL, "eliminada de nodes.json"}},
    {"retired", {NULL, "retirada"}},
    /* rules */
    {"breached: target_reached *, target *",
	{"breached: $1, target $2", "incumplida: $1, objetivo $2"}},
    {"target_reached: target_reached *, target *",
	{"target reached: $1, target $2",
	    "objetivo alcanzado: $1, objetivo $2"}},
    {"passed: target_reached *, target *",
	{"passed: $1, target $2", "superada: $1, objetivo $2"}},
    {"breached: * *, floor *",
	{"breached, $1: $2, floor $3", "incumplida, $1: $2, suelo $3"}},
    {"breached: * *, limit *",
	{"breached, $1: $2, limit $3", "incumplida, $1: $2, límite $3"}},
    {"paused: * *, floor *",
	{"paused, $1: $2, floor $3", "en pausa, $1: $2, suelo $3"}},
    {"paused: * *, limit *",
	{"paused, $1: $2, limit $3", "en pausa, $1: $2, límite $3"}},
    {"* is not kept: *, limit *, at * (* new)",
	{"$1 is not kept: $2, limit $3, at $4 ($5 new)",
	    "no se cumple $1: $2, límite $3, a las $4 ($5 nuevas)"}},
    {"* % of the * is used, due *", {NULL, "usado el $1 % de $2, vence $3"}},
    {"* % of the * is used", {NULL, "usado el $1 % de $2"}},
};
#define PHRASES (sizeof(phrases) / sizeof(phrases[0]))

/* Words of the API inside of a phrase. */
static const struct phrase terms[] = {
    {"daily_loss", {"daily loss", "pérdida diaria"}},
    {"daily loss", {NULL, "la pérdida diaria"}},
    {"max_loss", {"maximum loss", "pérdida máxima"}},
    {"maximum loss", {NULL, "la pérdida máxima"}},
    {"profit_target", {"profit target", "objetivo de beneficio"}},
    {"min_trading_days",
	{"minimum of trading days", "mínimo de días de trading"}},
    {"best_day", {"best day", "mejor día"}},
    {"floating_loss", {"floating loss", "pérdida flotante"}},
    {"floating loss", {NULL, "la pérdida flotante"}},
    {"max_days", {"time for the phase", "plazo de la fase"}},
    {"time for the phase", {NULL, "el plazo de la fase"}},
    {"inactivity_days", {"time without a trade", "tiempo sin operaciones"}},
    {"time until the next trade",
	{NULL, "el tiempo hasta la próxima operación"}},
    {"max_lots", {"lots of all positions", "lotes de todas las posiciones"}},
    {"lots of all positions", {NULL, "los lotes de todas las posiciones"}},
    {"max_lots_position", {"lots of a position", "lotes de una posición"}},
    {"lots of a position", {NULL, "los lotes de una posición"}},
    {"min_hold", {"trades closed early", "operaciones cerradas pronto"}},
    {"share of trades closed early",
	{NULL, "la parte de operaciones cerradas pronto"}},
    {"stop_loss",
	{"positions without a stop loss", "posiciones sin stop loss"}},
    {"flat", {"all closed in time", "todo cerrado a tiempo"}},
    {"time until all has to be closed",
	{NULL, "el tiempo hasta que todo debe estar cerrado"}},
};
#define TERMS (sizeof(terms) / sizeof(terms[0]))

#define STARS_MAX 5
#define TEXT_MAX 1000 /* no phrase is that long */

struct span {
	const char *at;
	size_t len;
};

/* The shortest text for each star; the last one takes the rest. */
static bool
fits(const char *pattern, const char *text, struct span *stars)
{
	for (; *pattern != '\0' && *pattern != '*'; pattern++, text++)
		if (*pattern != *text)
			return false;
	if (*pattern == '\0')
		return *text == '\0';
	for (size_t len = 1; len <= strlen(text); len++) {
		*stars = (struct span){text, len};
		if (fits(pattern + 1, text + len, stars + 1))
			return true;
	}
	return false;
}

static void
put_term(struct buf *b, enum target_language language, const struct span *s)
{
	for (size_t i = 0; i < TERMS; i++)
		if (strlen(terms[i].pattern) == s->len &&
		    strncmp(terms[i].pattern, s->at, s->len) == 0 &&
		    terms[i].plain[language] != NULL) {
			buf_puts(b, terms[i].plain[language]);
			return;
		}
	buf_add(b, s->at, s->len);
}

void
words_put_term(struct buf *b, enum target_language language, const char *word)
{
	put_term(b, language, &(struct span){word, strlen(word)});
}

static void
put_phrase(struct buf *b, enum target_language language, const char *text)
{
	struct span stars[STARS_MAX + 1];
	const char *p;

	for (size_t i = 0; i < PHRASES && strlen(text) < TEXT_MAX; i++) {
		if (!fits(phrases[i].pattern, text, stars))
			continue;
		if ((p = phrases[i].plain[language]) == NULL)
			break;
		for (; *p != '\0'; p++)
			if (*p == '$')
				put_term(b, language, &stars[*++p - '1']);
			else
				buf_putc(b, *p);
		return;
	}
	buf_puts(b, text);
}

/* What follows prefix and ": "; NULL: it is another text. */
static const char *
after(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(text, prefix, len) == 0 &&
	    strncmp(text + len, ": ", 2) == 0)
		return text + len + 2;
	return NULL;
}

void
words_put(struct buf *b, enum target_language language, const struct notice *n)
{
	const char *on = language == TARGET_SPANISH ? "en" : "on";
	const char *rest = NULL;
	char *prefix;

	if (n->server != NULL && n->login != NULL && n->node != NULL) {
		prefix =
		    mem_printf("%s %s on %s", n->server, n->login, n->node);
		rest = after(n->text, prefix);
		free(prefix);
		if (rest != NULL)
			buf_printf(b, "%s %s %s %s: ", n->server, n->login, on,
			    n->node);
	}
	if (rest == NULL && n->server != NULL && n->login != NULL) {
		prefix = mem_printf("%s %s", n->server, n->login);
		if ((rest = after(n->text, prefix)) != NULL)
			buf_printf(b, "%s: ", prefix);
		free(prefix);
	}
	if (rest == NULL && n->node != NULL &&
	    (rest = after(n->text, n->node)) != NULL)
		buf_printf(b, "%s: ", n->node);
	put_phrase(b, language, rest != NULL ? rest : n->text);
}

/* program.c: how each program begins: its options and its settings. */
#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/log.h"
#include "lib/base/num.h"
#include "lib/base/version.h"
#include "lib/program/program.h"

enum { FIRST_OWN = 256 };

enum step { GO_ON, END_GOOD, END_BAD };

static bool
takes_value(const struct program_option *o)
{
	return o->flag == NULL;
}

/* Own options get the values from FIRST_OWN on. */
static void
list_options(struct option *names, const struct program_option *own)
{
	size_t n = 0;

	for (; own != NULL && own[n].name != NULL; n++) {
		assert(n < PROGRAM_OPTIONS_MAX);
		names[n] = (struct option){.name = own[n].name,
		    .has_arg = takes_value(&own[n]),
		    .val = FIRST_OWN + (int)n};
	}
	names[n] = (struct option){.name = "help", .val = 'h'};
}

static int
set_own(const struct program_option *o, const char *text)
{
	if (o->flag != NULL)
		*o->flag = true;
	else if (o->text != NULL)
		*o->text = text;
	else if (o->number != NULL)
		return num_int(text, o->min, o->max, o->number);
	else
		return o->read(o->arg, text);
	return 0;
}

static enum step
read_own(const struct program_option *o)
{
	if (set_own(o, optarg) == 0)
		return GO_ON;
	log_error("--%s: invalid value: \"%s\"", o->name, optarg);
	return END_BAD;
}

static enum step
say_version(const struct program *p)
{
	printf("%s %s\n", p->title, MT5FLEET_VERSION);
	return END_GOOD;
}

static enum step
help(const struct program *p)
{
	fputs(p->usage, stdout);
	if (p->settings)
		config_describe();
	return END_GOOD;
}

static enum step
take_option(struct program *p, int c)
{
	switch (c) {
	case 'c':
		p->config_file = optarg;
		return GO_ON;
	case 'n':
		p->check = true;
		return GO_ON;
	case 'v':
		p->verbose = true;
		return GO_ON;
	case 'V':
		return say_version(p);
	case 'h':
		return help(p);
	default:
		fputs(p->usage, stderr);
		return END_BAD;
	}
}

static enum step
read_options(
    struct program *p, const struct program_option *own, int argc, char *argv[])
{
	struct option names[PROGRAM_OPTIONS_MAX + 2] = {{.name = NULL}};
	const char *letters = p->file ? "c:nvVh" : "nvVh";
	enum step s = GO_ON;
	int c;

	list_options(names, own);
	while (s == GO_ON &&
	       (c = getopt_long(argc, argv, letters, names, NULL)) != -1)
		s = c >= FIRST_OWN ? read_own(&own[c - FIRST_OWN])
				   : take_option(p, c);
	if (s != GO_ON || optind >= argc ||
	    (p->arguments != NULL && *p->arguments))
		return s;
	log_error("unexpected argument: \"%s\"", argv[optind]);
	return END_BAD;
}

bool
program_begin(struct program *p, const struct program_option *own, int argc,
    char *argv[], int *rc)
{
	enum step s;

	log_init(p->name, LOG_LEVEL_INFO);
	s = read_options(p, own, argc, argv);
	if (s == GO_ON)
		return true;
	*rc = s == END_GOOD ? 0 : p->bad_option;
	return false;
}

int
program_settings(const struct program *p, struct config *c)
{
	if (config_load(c, p->config_file) == -1) {
		log_error_lines(c->error);
		return -1;
	}
	c->program = p->name;
	log_init(p->name, p->verbose ? LOG_LEVEL_DEBUG : c->log_level);
	return 0;
}

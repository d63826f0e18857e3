/* prometheus.c: Prometheus' text format. */
#include "cgi-bin/dashboard/prometheus.h"
#include "lib/base/num.h"

void
metric_gauge(struct buf *b, const char *name, const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

void
metric_open(struct buf *b, const char *name)
{
	buf_puts(b, name);
}

/* Backslash, quote and line feed are escaped. */
void
metric_label(struct buf *b, const char *name, const char *value)
{
	if (b->len > 0 && b->data[b->len - 1] == '}') {
		b->data[b->len - 1] = ',';
		buf_printf(b, "%s=\"", name);
	} else
		buf_printf(b, "{%s=\"", name);
	for (; value != NULL && *value != '\0'; value++)
		if (*value == '\n')
			buf_puts(b, "\\n");
		else {
			if (*value == '"' || *value == '\\')
				buf_putc(b, '\\');
			buf_putc(b, *value);
		}
	buf_puts(b, "\"}");
}

void
metric_value(struct buf *b, double value)
{
	char text[NUM_DOUBLE_SIZE];

	metric_text_value(b, num_format(value, text));
}

void
metric_text_value(struct buf *b, const char *value)
{
	buf_printf(b, " %s\n", value);
}

void
metric_single(struct buf *b, const char *name, const char *help, double value)
{
	metric_gauge(b, name, help);
	metric_open(b, name);
	metric_value(b, value);
}

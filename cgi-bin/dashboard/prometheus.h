/* prometheus.h: Prometheus' text format, one function per part of a line. */
#ifndef DASHBOARD_PROMETHEUS_H
#define DASHBOARD_PROMETHEUS_H

#include "lib/base/buf.h"

/* The HELP and TYPE lines; the samples of that name must follow. */
void metric_gauge(struct buf *b, const char *name, const char *help);

/*
 * A sample: metric_open, any number of metric_label, one value. NULL as a
 * label's value is written as "".
 */
void metric_open(struct buf *b, const char *name);
void metric_label(struct buf *b, const char *name, const char *value);
void metric_value(struct buf *b, double value); /* must be finite */
void metric_text_value(struct buf *b, const char *value);

/* A gauge with one sample and no label. */
void metric_single(
    struct buf *b, const char *name, const char *help, double value);

#endif

// chart.tsx: uPlot as a component: curves over time, with marks and bands.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import type { Num, Row } from "../types.ts";
import { language } from "../language.ts";
import { t } from "../text.tsx";

export interface Curve {
	label: string;
	colour: string; /* a name of colours.css */
	values: Num[];
	dashed?: boolean;
	filled?: boolean; /* down from 0 */
}

/* A thing that happened: a line from top to bottom with a letter. */
export interface Mark {
	at_ms: number;
	text: string;
	colour: string;
}

/* A value that matters: a line across, from when it held. */
export interface ChartLevel {
	value: number;
	from_ms: number;
	text: string;
	colour: string;
}

export interface ChartOf {
	label: string; /* what a screen reader says */
	height: number;
	times_ms: number[];
	curves: Curve[];
	marks: Mark[];
	levels?: ChartLevel[];
	words: (value: number | null) => string;
	row: Row;
}

/* A colour of colours.css, as the theme has it now. */
function css(name: string): string {
	return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/* Days where the steps are days or a day begins, else the time of day. */
function time_labels(splits: number[], step_s: number, row: Row): string[] {
	return splits.map((s) => {
		const { zone } = prefs.peek(), offset = fmt.broker_offset(row, s * 1000);
		return fmt.moment_of(s * 1000, zone, offset, step_s >= 86400 ||
			fmt.begins_a_day(s * 1000, zone, offset) ? "day_month" : "time_minute");
	});
}

function axis(): uPlot.Axis {
	return { stroke: css("--faint"), grid: { stroke: css("--line"), width: 1 },
		ticks: { stroke: css("--line"), width: 1 }, font: "11px system-ui, sans-serif" };
}

/* As wide as the longest label: one that is cut reads as another number. */
function label_width(u: uPlot, labels: string[] | null): number {
	u.ctx.save();
	u.ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
	const widest = Math.max(0, ...(labels ?? []).map((t) => u.ctx.measureText(t).width));
	u.ctx.restore();
	return Math.ceil(widest / devicePixelRatio) + 18;
}

function draw_marks(u: uPlot, marks: Mark[]): void {
	const { ctx, bbox } = u;
	ctx.save();
	ctx.lineWidth = devicePixelRatio;
	ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
	for (const m of marks) {
		const x = u.valToPos(m.at_ms / 1000, "x", true);
		if (x < bbox.left || x > bbox.left + bbox.width)
			continue;
		ctx.strokeStyle = ctx.fillStyle = css(m.colour);
		ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
		ctx.beginPath();
		ctx.moveTo(x, bbox.top);
		ctx.lineTo(x, bbox.top + bbox.height);
		ctx.stroke();
		ctx.textAlign = x > bbox.left + bbox.width * 0.8 ? "right" : "left";
		ctx.fillText(` ${m.text} `, x, bbox.top + 11 * devicePixelRatio);
	}
	ctx.restore();
}

/* The label lies on its line, at the right, above or below whatever has room. */
function draw_levels(u: uPlot, levels: readonly ChartLevel[]): void {
	const { ctx, bbox } = u, px = devicePixelRatio;
	ctx.save();
	ctx.lineWidth = 1.5 * px;
	ctx.font = `${11 * px}px system-ui, sans-serif`;
	ctx.textAlign = "right";
	const right = bbox.left + bbox.width;
	const taken: number[] = [];
	for (const level of [...levels].sort((a, b) => b.value - a.value)) {
		const y = u.valToPos(level.value, "y", true);
		if (y < bbox.top - 1 || y > bbox.top + bbox.height + 1)
			continue;
		const from = Number.isFinite(level.from_ms) ? u.valToPos(level.from_ms / 1000, "x", true) : bbox.left;
		ctx.strokeStyle = ctx.fillStyle = css(level.colour);
		ctx.setLineDash([7 * px, 4 * px]);
		ctx.beginPath();
		ctx.moveTo(Math.min(right - 12 * px, Math.max(bbox.left, from)), y);
		ctx.lineTo(right, y);
		ctx.stroke();
		const above = y - 4 * px, below = y + 12 * px;
		const at = above - 11 * px < bbox.top || taken.some((t) => Math.abs(t - above) < 12 * px) ? below : above;
		taken.push(at);
		ctx.fillStyle = css("--text");
		ctx.fillText(level.text, right - 4 * px, at);
	}
	ctx.restore();
}

/* What is drawn across is in sight, too. */
function y_range(levels: readonly ChartLevel[]): uPlot.Range.Function {
	return (_, min, max) => {
		const all = [min, max, ...levels.map((l) => l.value)].filter((v) => v !== null && Number.isFinite(v));
		return all.length === 0 ? [min, max] :
			uPlot.rangeNum(Math.min(...all), Math.max(...all), 0.08, true);
	};
}

function time_of(s: number, row: Row): Date {
	const zone = prefs.peek().zone;
	return zone === "local" ? new Date(s * 1000) : uPlot.tzDate(new Date(s * 1000 +
	    (zone === "broker" ? (fmt.broker_offset(row, s * 1000) ?? 0) * 1000 : 0)), "Etc/UTC");
}

function series_of(c: Curve, words: ChartOf["words"]): uPlot.Series {
	return { label: c.label, stroke: css(c.colour), width: 1.5, spanGaps: false,
		...c.dashed && { dash: [4, 3], width: 1 },
		...c.filled && { fill: css(c.colour) + "33", fillTo: 0 },
		value: (_, v) => words(v) };
}

function options(of: ChartOf, width: number): uPlot.Options {
	const { row, words, levels = [] } = of;
	return {
		width, height: of.height, tzDate: (s) => time_of(s, row),
		cursor: { sync: { key: row.key }, drag: { x: true, y: false } },
		...levels.length > 0 && { scales: { y: { range: y_range(levels) } } },
		axes: [{ ...axis(), values: (_, vs, _i, _s, step) => time_labels(vs, step, row) },
			{ ...axis(), size: label_width, values: (_, vs) => vs.map(words) }],
		series: [{ label: t("field.time"), value: (_, v) => v === null ? "–" :
			fmt.row_moment(row, v * 1000, prefs.peek().zone, false) },
		...of.curves.map((c) => series_of(c, words))],
		hooks: { draw: [(u) => { draw_levels(u, levels); draw_marks(u, of.marks); }] },
	};
}

/* Drawn anew when what it shows, the theme or the zone changes. */
export function Chart(of: ChartOf) {
	const box = useRef<HTMLDivElement>(null);
	const { theme, palette, zone } = prefs.value;
	useEffect(() => {
		const parent = box.current;
		if (!parent)
			return;
		const data: uPlot.AlignedData = [of.times_ms.map((t) => t / 1000),
			...of.curves.map((c) => c.values)];
		const plot = new uPlot(options(of, parent.clientWidth), data, parent);
		const resize = new ResizeObserver(() =>
			plot.setSize({ width: parent.clientWidth, height: of.height }));
		resize.observe(parent);
		return () => {
			resize.disconnect();
			plot.destroy();
		};
	}, [of.times_ms, of.curves, of.marks, of.levels, of.row.broker_zone, theme, palette, zone, language()]);
	return <div class="chart" ref={box} role="img" aria-label={of.label} />;
}

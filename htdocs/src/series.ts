// series.ts: equity samples → what the chart draws: curve, gain, drawdown. Pure.
import { less } from "./money.ts";
import type { Num, Sample } from "./types.ts";

/* Money that came in or went out: never P/L. */
export interface Flow {
	at_ms: number;
	amount: number;
}

export interface Point {
	at_ms: number;
	balance: Num;
	equity: Num;
	drawdown: Num; /* equity below its peak in this range, 0 or less */
	drawdown_pct: Num;
	gain: Num; /* percent since the first point, deposits left out */
	balance_gain: Num;
}

/* The broker time stamps a flow, ours a sample. */
const SKEW_MS = 90_000;

/* The step that a flow belongs to: of those near to its moment the one in which
 * the balance moved most like it; else the one it lies in. 0: before them all. */
function step_of(flow: Flow, samples: readonly Sample[], times: readonly number[]): number {
	let best = times.findIndex((t) => t >= flow.at_ms), least = Infinity;
	for (let i = Math.max(1, times.findIndex((t) => t > flow.at_ms - SKEW_MS));
	    i < times.length && times[i - 1]! < flow.at_ms + SKEW_MS; i++) {
		const before = samples[i - 1]!.balance, now = samples[i]!.balance;
		const off = before === null || now === null ? Infinity :
		    Math.abs(now - before - flow.amount);
		if (off < least || (off === least && i === best))
			[best, least] = [i, off];
	}
	return Math.max(0, best);
}

/* What flowed in each step. */
function steps_of(flows: readonly Flow[], samples: readonly Sample[]): number[] {
	const times = samples.map((s) => Date.parse(s.at_utc));
	const steps = Array<number>(samples.length).fill(0);
	for (const flow of flows)
		if (flow.at_ms > (times[0] ?? Infinity) - SKEW_MS)
			steps[step_of(flow, samples, times)]! += flow.amount;
	return steps;
}

function own_of(value: Num | undefined, s: Sample): Num {
	return value == null ? null : less(value, s.credit ?? 0);
}

/* One step of a time-weighted gain; unknown from where it cannot be told on. */
function chained(index: number | null, before: Num, now: Num, flow: number): number | null {
	return index === null || before === null || now === null || before <= 0 ? null :
	    index * (now - flow) / before;
}

function percent(index: number | null): Num {
	return index === null ? null : (index - 1) * 100;
}

export function points_of(samples: readonly Sample[], flows: readonly Flow[]): Point[] {
	const steps = steps_of(flows, samples);
	let peak = -Infinity, last: Sample | null = null;
	let gain: number | null = 1, balance_gain: number | null = 1;
	return samples.map((s, i) => {
		const own = own_of(s.equity, s), flow = last ? steps[i]! : 0;
		/* the low and the high of a step may be of before money moved in it */
		const moved = flow !== 0 || (last !== null && (last.credit ?? 0) !== (s.credit ?? 0));
		const low = (moved ? null : own_of(s.low, s)) ?? own;
		const high = (moved ? null : own_of(s.high, s)) ?? own;
		if (last) {
			gain = chained(gain, own_of(last.equity, last), own, flow);
			balance_gain = chained(balance_gain, last.balance, s.balance, flow);
		}
		last = s;
		peak = Math.max(peak + flow, own ?? -Infinity);
		const drawdown = own === null || low === null ? null :
		    Math.min(0, less(Math.min(low, own), peak));
		const drawdown_pct = drawdown === null || peak <= 0 ? null : drawdown / peak * 100;
		peak = Math.max(peak, high ?? -Infinity);
		return { at_ms: Date.parse(s.at_utc), balance: s.balance, equity: s.equity, drawdown,
			drawdown_pct, gain: percent(gain), balance_gain: percent(balance_gain) };
	});
}

/* A step that is so much longer than the usual one was not looked at. */
const GAP_STEPS = 3;

/* A point without values where the samples were missing: no line is drawn
 * through what nobody saw. */
export function with_gaps(points: readonly Point[]): Point[] {
	const steps = points.slice(1).map((p, i) => p.at_ms - points[i]!.at_ms);
	const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 0;
	return points.flatMap((p, i) => i === 0 || steps[i - 1]! <= usual * GAP_STEPS ? [p] :
		[{ at_ms: p.at_ms - steps[i - 1]! / 2, balance: null, equity: null, drawdown: null,
			drawdown_pct: null, gain: null, balance_gain: null }, p]);
}

export function deepest(points: readonly Point[]): Point | null {
	let worst: Point | null = null;
	for (const p of points)
		if (p.drawdown !== null && (worst?.drawdown == null || p.drawdown < worst.drawdown))
			worst = p;
	return worst;
}

/* At most n of them: the shape, for those who cannot see the curve. */
export function thinned<T>(list: readonly T[], n: number): T[] {
	const step = Math.max(1, Math.ceil(list.length / n));
	return list.filter((_, i) => i % step === 0 || i === list.length - 1);
}

/* How many moments lie in each slot. */
export function heard_slots(times_ms: readonly number[], from_ms: number, slot_ms: number,
    n: number): number[] {
	const slots = Array<number>(n).fill(0);
	for (const t of times_ms) {
		const at = Math.floor((t - from_ms) / slot_ms);
		if (at >= 0 && at < n)
			slots[at]!++;
	}
	return slots;
}

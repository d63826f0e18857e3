// series.ts: equity samples → what the chart draws: curve, gain, drawdown. Pure.
import { exact } from "./money.ts";
import type { Num } from "./types.ts";

export interface Sample {
	at_utc: string;
	balance: Num;
	credit?: Num;
	equity: Num;
	low?: Num;
	high?: Num;
}

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

/* What of the flows lies between two points. */
function flow_between(flows: readonly Flow[], from_ms: number, to_ms: number): number {
	return flows.reduce((sum, f) => f.at_ms > from_ms && f.at_ms <= to_ms ?
	    sum + f.amount : sum, 0);
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
	let peak = -Infinity, last: Sample | null = null;
	let gain: number | null = 1, balance_gain: number | null = 1;
	return samples.map((s) => {
		const at_ms = Date.parse(s.at_utc);
		const own = s.equity === null ? null : exact(s.equity - (s.credit ?? 0));
		if (last) {
			const flow = flow_between(flows, Date.parse(last.at_utc), at_ms);
			peak += flow;
			gain = chained(gain, last.equity === null ? null :
			    last.equity - (last.credit ?? 0), own, flow);
			balance_gain = chained(balance_gain, last.balance, s.balance, flow);
		}
		last = s;
		const credit = s.credit ?? 0;
		const low = s.low != null ? s.low - credit : own;
		peak = Math.max(peak, own ?? -Infinity);
		const drawdown = own === null || low === null ? null :
		    exact(Math.min(0, Math.min(low, own) - peak));
		peak = Math.max(peak, s.high != null ? s.high - credit : -Infinity);
		return { at_ms, balance: s.balance, equity: s.equity, drawdown,
			drawdown_pct: drawdown === null || peak <= 0 ? null : drawdown / peak * 100,
			gain: percent(gain), balance_gain: percent(balance_gain) };
	});
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

// stats.ts: what an account's trades amount to: figures, and days. Pure.
import { scaled, sum_of, unscaled } from "./money.ts";
import type { Num, Trade } from "./types.ts";

export interface Stats {
	trades: number;
	open: number; /* open or partly so: in no other figure */
	orphans: number; /* closed, their opening unknown: counted as trades */
	imported: number; /* of the first system: without swap and fee */
	wins: number;
	losses: number;
	win_rate: Num; /* percent */
	profit_factor: Num; /* null without a loss */
	net: Num;
	average_win: Num;
	average_loss: Num;
	best: Num;
	worst: Num;
	max_drawdown: Num; /* of the sum of closed trades, 0 or less */
	lots: Num;
	commission: Num;
	swap: Num;
	fee: Num;
	costs: Num;
	first_msc: Num;
	last_msc: Num;
}

/* By the moment of the last close; equal moments by the closing deal's ticket,
 * which is in the order in which they were made. */
function by_close(a: Trade, b: Trade): number {
	const order = (a.time_close_msc ?? 0) - (b.time_close_msc ?? 0);
	if (order !== 0)
		return order;
	const one = BigInt(a.ticket_close ?? 0), other = BigInt(b.ticket_close ?? 0);
	return one < other ? -1 : one > other ? 1 : 0;
}

export function is_closed(t: Trade): boolean {
	return t.state === "closed" || t.state === "orphan";
}

function mean(sum: Num, n: number): Num {
	return sum === null || n === 0 ? null : sum / n;
}

/* From its highest to its lowest point afterwards, trade by trade. */
function drawdown(nets: readonly number[]): number {
	let sum = 0n, peak = 0n, deepest = 0n;
	for (const net of nets) {
		sum += scaled(net);
		if (sum > peak)
			peak = sum;
		if (sum - peak < deepest)
			deepest = sum - peak;
	}
	return unscaled(deepest);
}

export function stats_of(all: readonly Trade[]): Stats {
	const list = all.filter(is_closed)
		.sort(by_close);
	const nets = list.map((t) => t.net);
	const known = nets.filter((n): n is number => n !== null);
	const complete = known.length === nets.length && known.length > 0;
	const wins = known.filter((n) => n > 0), losses = known.filter((n) => n < 0);
	const won = sum_of(wins), lost = sum_of(losses);
	const total = (name: "commission" | "swap" | "fee") => sum_of(list.map((t) => t[name]));
	const [commission, swap, fee] = [total("commission"), total("swap"), total("fee")];
	return {
		trades: list.length, open: all.length - list.length,
		orphans: list.filter((t) => t.state === "orphan").length,
		imported: list.filter((t) => t.imported).length,
		wins: wins.length, losses: losses.length,
		win_rate: complete ? wins.length / list.length * 100 : null,
		profit_factor: complete && lost && won !== null ? won / -lost : null,
		net: sum_of(nets), average_win: mean(won, wins.length),
		average_loss: mean(lost, losses.length),
		best: complete ? known.reduce((a, b) => Math.max(a, b)) : null,
		worst: complete ? known.reduce((a, b) => Math.min(a, b)) : null,
		max_drawdown: complete ? drawdown(known) : null,
		lots: sum_of(list.map((t) => t.volume_closed ?? t.volume)),
		commission, swap, fee, costs: sum_of([commission, swap, fee]),
		first_msc: list[0]?.time_close_msc ?? null,
		last_msc: list[list.length - 1]?.time_close_msc ?? null,
	};
}

export interface Day {
	net: Num;
	trades: number;
}

/* By the broker's date on which the trade was closed, "2026-11-21". */
export function days_of(all: readonly Trade[]): Map<string, Day> {
	const days = new Map<string, (Num | undefined)[]>();
	for (const t of all)
		if (is_closed(t) && t.time_close_msc !== null) {
			const date = new Date(t.time_close_msc).toISOString().slice(0, 10);
			const list = days.get(date) ?? [];
			list.push(t.net);
			days.set(date, list);
		}
	return new Map([...days].map(([date, nets]) =>
		[date, { net: sum_of(nets), trades: nets.length }]));
}

/* The weeks of a month, Monday first; null where another month's day is. */
export function weeks_of(month: string): (string | null)[][] {
	const [year = 1970, number = 1] = month.split("-").map(Number);
	const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
	const lead = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7;
	const cells: (string | null)[] = [...Array<null>(lead).fill(null),
		...Array.from({ length }, (_, i) => `${month}-${String(i + 1).padStart(2, "0")}`)];
	while (cells.length % 7)
		cells.push(null);
	return Array.from({ length: cells.length / 7 }, (_, w) => cells.slice(w * 7, w * 7 + 7));
}

export function month_beside(month: string, by: number): string {
	const [year = 1970, number = 1] = month.split("-").map(Number);
	return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

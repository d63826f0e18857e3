// totals.ts: sums per currency and trade mode, over live rows only. Pure.
import { sum_of, type Money } from "./money.ts";
import { is_live, shown_status } from "./rows.ts";
import { t as text } from "./text.tsx";
import type { Row } from "./types.ts";

export interface Total {
	key: string;
	currency: string;
	currency_digits: number;
	trade_mode: number | null;
	accounts: number; /* live, in the sum */
	left_out: Record<string, number>; /* status → how many are not in the sum */
	balance: Money | null;
	equity: Money | null;
	profit: Money | null;
	day: Money | null;
	positions: number | null;
	estimated: boolean; /* some part of `day` is */
}

type Field = "balance" | "equity" | "profit" | "day";

function value_of(row: Row, field: Field): number | null {
	if (field === "day")
		return row.pl?.day ?? null;
	return row.account?.[field] ?? null;
}

function sum(rows: Row[], field: Field): Money | null {
	/* one unknown makes the whole sum unknown: never taken for 0 */
	return rows.length ? sum_of(rows.map((row) => value_of(row, field))) : null;
}

/* Of those that are known; how many are not. Nothing known: the sum is unknown. */
export interface Known {
	sum: Money | null;
	missing: number;
}

export function known_sum(rows: readonly Row[], pick: (row: Row) => number | null | undefined): Known {
	const known = rows.map(pick).filter((v): v is number => v !== null && v !== undefined);
	return { sum: known.length ? sum_of(known) : null, missing: rows.length - known.length };
}

function sum_positions(rows: Row[]): number | null {
	let total = 0;
	for (const row of rows) {
		if (row.positions === null)
			return null;
		total += row.positions;
	}
	return rows.length ? total : null;
}

function left_out(rows: Row[], now_ms: number): Record<string, number> {
	const by_status: Record<string, number> = {};
	for (const row of rows)
		if (!is_live(row, now_ms)) {
			const status = shown_status(row, now_ms);
			by_status[status] = (by_status[status] ?? 0) + 1;
		}
	return by_status;
}

function total_of(key: string, rows: Row[], now_ms: number): Total {
	const live = rows.filter((r) => is_live(r, now_ms));
	const first = rows[0]?.account;
	return {
		key, currency: first?.currency ?? "", trade_mode: first?.trade_mode ?? null,
		currency_digits: Math.max(0, ...rows.map((r) => r.account?.currency_digits ?? 0)),
		accounts: live.length, left_out: left_out(rows, now_ms),
		balance: sum(live, "balance"), equity: sum(live, "equity"),
		profit: sum(live, "profit"), day: sum(live, "day"), positions: sum_positions(live),
		estimated: live.some((r) => r.pl?.estimated === true),
	};
}

/* Different currencies are never added; demo, contest and real neither. */
export function totals(rows: Iterable<Row>, now_ms: number): Total[] {
	const groups = new Map<string, Row[]>();
	for (const row of rows) {
		const currency = row.account?.currency;
		if (!currency)
			continue; /* never seen: counted by status, in no sum */
		const key = `${currency}/${row.account?.trade_mode ?? "?"}`;
		const group = groups.get(key);
		if (group)
			group.push(row);
		else
			groups.set(key, [row]);
	}
	return [...groups].map(([key, group]) => total_of(key, group, now_ms))
		.sort((a, b) => (b.trade_mode ?? -1) - (a.trade_mode ?? -1) ||
		    b.accounts - a.accounts || a.currency.localeCompare(b.currency));
}

/* "21 of 23, 2 stale" */
export function coverage(t: Pick<Total, "accounts" | "left_out">,
    label: (status: string) => string): string {
	const out = Object.entries(t.left_out);
	const all = t.accounts + out.reduce((n, [, k]) => n + k, 0);
	if (out.length === 0)
		return text("coverage", { n: all, all });
	return [text("coverage", { n: t.accounts, all }),
		...out.map(([s, k]) => text("coverage.out", { n: k, status: label(s) }))].join(", ");
}

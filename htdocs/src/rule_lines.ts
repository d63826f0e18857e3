// rule_lines.ts: each rule of an account in plain words: what is left of it, or
// by when something has to happen.
import * as fmt from "./format.ts";
import type { Row, RuleLine } from "./types.ts";
import type { Zone } from "./format.ts";

const labels: Record<RuleLine["kind"], string> = {
	daily_loss: "Daily loss", max_loss: "Maximum loss", profit_target: "Profit target",
	min_trading_days: "Trading days", best_day: "Best day", floating_loss: "Floating loss",
	max_days: "Time for the phase", inactivity_days: "Next trade", max_lots: "Lots open",
	max_lots_position: "Largest position", min_hold: "Trades closed early",
	stop_loss: "Stop loss", flat: "All closed",
};

export function rule_label(line: RuleLine): string {
	return labels[line.kind];
}

function money(v: number | null, row: Row): string {
	return fmt.money(v, row.account?.currency, row.account?.currency_digits);
}

function days(v: number | null): string {
	return v === null ? "–" : `${fmt.count(v)} ${v === 1 ? "day" : "days"}`;
}

function share(v: number | null): string {
	return v === null ? "–" : fmt.percent(v, v % 1 === 0 ? 0 : 1);
}

function seconds(v: number | null): string {
	return v === null ? "–" : v < 120 ? `${v} s` : fmt.age(v * 1000);
}

/* What stands in front of the moment by which it is due. */
function state(line: RuleLine, row: Row): string {
	const { level, left, value } = line;
	switch (line.kind) {
	case "daily_loss": case "max_loss": case "floating_loss":
		return left === null ? "left: unknown" : left < 0 ? `exceeded by ${money(-left, row)}` :
			`${money(left, row)} left of ${money(line.size, row)}`;
	case "profit_target":
		return left === null ? "unknown" : left <= 0 ? "reached" : `${money(left, row)} to go`;
	case "min_trading_days":
		return `${fmt.count(value)} of ${days(level)}`;
	case "best_day":
		return `${share(value)} of the profit, ${share(level)} at most`;
	case "max_days":
		return left === null ? "unknown" : line.due_utc === null ?
			`${days(level)} from the first trade` : `${days(left)} left`;
	case "inactivity_days":
		return left === null ? "unknown" : `${days(left)} left`;
	case "max_lots": case "max_lots_position":
		return value === null ? `${fmt.plain(level)} lots at most` :
			`${fmt.plain(value)} of ${fmt.plain(level)} lots`;
	case "min_hold":
		return `${value === null ? "none" : share(value)} within ${seconds(line.seconds)}` +
			(level ? `, ${share(level)} at most` : ", none allowed");
	case "stop_loss":
		return value === null ? `within ${seconds(line.seconds)}` : value === 0 ?
			"each open position has one" :
			`${fmt.count(value)} open without one, due within ${seconds(line.seconds)}`;
	case "flat":
		return value === null ? "positions unknown" : value === 0 ? "nothing is open" :
			`${fmt.count(value)} open`;
	}
}

function due(line: RuleLine, row: Row, zone: Zone): string {
	if (line.due_utc === null)
		return "";
	const word = line.kind === "max_days" ? "until" : "by";
	return `, ${word} ${fmt.moment(Date.parse(line.due_utc), zone, row.broker_offset_s, false)}`;
}

/* "12 days left, until 2026-12-01 00:00; not kept". */
export function rule_text(line: RuleLine, row: Row, zone: Zone): string {
	return state(line, row) + due(line, row, zone) +
		(line.broken ? "; not kept" : "") +
		(line.needs !== null ? `; cannot be judged without ${line.needs}` : "");
}

/* Those with no place of their own in table and drawer. */
export function other_lines(row: Row): RuleLine[] {
	return (row.rule_lines ?? []).filter((l) => l.kind !== "daily_loss" &&
		l.kind !== "max_loss" && l.kind !== "profit_target");
}

/* A use of it comes near to something bad; the days and the best day only wait. */
export function is_limit(line: RuleLine): boolean {
	return line.kind !== "min_trading_days" && line.kind !== "best_day";
}

/* How near it is: a broken one first, then by what is used. */
function nearness(line: RuleLine): number {
	if (!is_limit(line))
		return 0;
	return line.broken ? 2 : line.needs !== null ? 0.5 : line.used ?? 0;
}

/* The one that asks for a look first. */
export function nearest_line(row: Row): RuleLine | null {
	return other_lines(row).reduce<RuleLine | null>((best, l) =>
		best === null || nearness(l) > nearness(best) ? l : best, null);
}

export function rule_nearness(row: Row): number | null {
	const line = nearest_line(row);
	return line === null ? null : nearness(line);
}

// rule_lines.ts: each rule of an account in plain words: what is left of it, or
// by when something has to happen.
import * as fmt from "./format.ts";
import { t, type Plain } from "./text.tsx";
import type { Row, RuleLine } from "./types.ts";
import type { Zone } from "./format.ts";

export function rule_label(line: RuleLine): string {
	return t(`rule.${line.kind}`);
}

function money(v: number | null, row: Row): string {
	return fmt.money(v, row.account?.currency, row.account?.currency_digits);
}

function days(v: number | null): string {
	return v === null ? "–" : t("unit.day", { n: v });
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
		return left === null ? t("rule_text.left_unknown") :
			left < 0 ? t("rule_text.exceeded", { amount: money(-left, row) }) :
				t("rule_text.left_of", { left: money(left, row), size: money(line.size, row) });
	case "profit_target":
		return left === null ? t("word.unknown") : left <= 0 ? t("rule_text.reached") :
			t("rule_text.to_go", { amount: money(left, row) });
	case "min_trading_days":
		return t("rule_text.of", { value: fmt.count(value), level: days(level) });
	case "best_day":
		return t("rule_text.best_day", { share: share(value), level: share(level) });
	case "max_days":
		return left === null ? t("word.unknown") : line.due_utc === null ?
			t("rule_text.from_first", { days: days(level) }) : t("rule_text.left", { days: days(left) });
	case "inactivity_days":
		return left === null ? t("word.unknown") : t("rule_text.left", { days: days(left) });
	case "max_lots": case "max_lots_position":
		return value === null ? t("rule_text.lots_most", { level: fmt.plain(level) }) :
			t("rule_text.lots", { value: fmt.plain(value), level: fmt.plain(level) });
	case "min_hold": {
		const part = { value: value === null ? t("rule_text.hold_none") : share(value),
			seconds: seconds(line.seconds) };
		return level ? t("rule_text.hold_most", { ...part, level: share(level) }) :
			t("rule_text.hold_not", part);
	}
	case "stop_loss":
		return value === null ? t("rule_text.within", { seconds: seconds(line.seconds) }) :
			value === 0 ? t("rule_text.stop_all") :
				t("rule_text.stop_some", { n: value, seconds: seconds(line.seconds) });
	case "flat":
		return value === null ? t("rule_text.positions_unknown") :
			value === 0 ? t("rule_text.nothing_open") : t("rule_text.open", { n: value });
	}
}

function with_due(state: string, line: RuleLine, row: Row, zone: Zone): string {
	if (line.due_utc === null)
		return state;
	const at = fmt.row_moment(row, Date.parse(line.due_utc), zone, false);
	return t(line.kind === "max_days" ? "rule_text.until" : "rule_text.by", { state, at });
}

/* What the server says is needed (rule_kinds.c), where the table has it. */
const needs: Record<string, Plain> = {
	"all deals of the account, with their UTC": "rule_needs.deals",
	"the stop loss of each position within its time: in the opening deal, or in a snapshot of the terminal":
		"rule_needs.stop_loss",
};

function needs_words(of: string): string {
	const key = needs[of];
	return key ? t(key) : of;
}

/* "12 days left, until 2026-12-01 00:00; not kept". */
export function rule_text(line: RuleLine, row: Row, zone: Zone): string {
	let text = with_due(state(line, row), line, row, zone);
	if (line.broken)
		text = t("rule_text.broken", { state: text });
	return line.needs === null ? text :
		t("rule_text.needs", { state: text, needs: needs_words(line.needs) });
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

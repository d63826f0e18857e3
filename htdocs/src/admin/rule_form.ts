// rule_form.ts: what a rule set may say (docs/rules.md), as a form's fields. Pure:
// what the form does not know stays in the rules as it is.

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type Rules = { [name: string]: Json };

/* The first word of a choice is what holds where nothing is said. */
export type RuleField =
	| { name: string; kind: "word"; words: readonly string[] }
	| { name: string; kind: "number"; min?: number; whole?: boolean }
	| { name: string; kind: "time" }
	| { name: string; kind: "size" } /* pct or money */
	| { name: string; kind: "lock" }; /* none, initial or an amount */

const word = (name: string, ...words: string[]): RuleField => ({ name, kind: "word", words });
const number = (name: string, whole = false): RuleField => ({ name, kind: "number", whole });
const size: RuleField = { name: "size", kind: "size" };
const effect = (...words: string[]) => word("effect", ...words);
const test = word("test", "equity", "balance", "lower");
const breach = word("breach", "below", "at_or_below");

export const rule_fields = {
	daily_loss: [size, word("of", "initial", "baseline"),
		word("baseline", "balance", "equity", "higher"), word("mode", "reset", "trailing"), test,
		effect("fail", "pause"), breach],
	max_loss: [size, word("of", "initial", "high"),
		word("mode", "static", "trailing_eod", "trailing"), word("high", "balance", "equity", "higher"),
		{ name: "lock", kind: "lock" }, word("on_payout", "moves", "stays", "locks", "restarts"), test,
		breach],
	profit_target: [size, word("basis", "balance", "equity")],
	min_trading_days: [number("days", true), word("counts", "opened", "closed", "profitable"),
		number("profit_pct"), number("profit_money"), word("since", "phase", "payout")],
	best_day: [number("pct"), word("of", "winning_days", "total"), word("per", "day", "trade"),
		word("since", "phase", "payout"), word("breach", "above", "at_or_above")],
	floating_loss: [size, word("of", "initial", "balance"), effect("fail", "pause"), breach],
	max_days: [number("days", true), word("from", "start", "first_trade"), effect("fail", "warn")],
	inactivity_days: [number("days", true), effect("fail", "warn")],
	max_lots: [number("position"), number("all"), effect("warn", "fail")],
	min_hold: [number("seconds", true), number("pct"), word("of", "trades", "profit"),
		effect("warn", "fail")],
	stop_loss: [number("within_s", true), effect("warn", "fail")],
	flat: [{ name: "at", kind: "time" }, word("on", "friday", "monday", "tuesday", "wednesday",
		"thursday", "saturday", "sunday", "every_day"), number("for_hours", true), effect("warn", "fail")],
} as const satisfies Record<string, readonly RuleField[]>;

export type RuleKind = keyof typeof rule_fields;
export const rule_kinds = Object.keys(rule_fields) as RuleKind[];

/* A new one begins with a figure that many firms have. */
const first_values: Record<RuleKind, Rules> = {
	daily_loss: { pct: 5 }, max_loss: { pct: 10 }, profit_target: { pct: 10 },
	min_trading_days: { days: 4 }, best_day: { pct: 50 }, floating_loss: { pct: 2 },
	max_days: { days: 30 }, inactivity_days: { days: 30 }, max_lots: { all: 10 },
	min_hold: { seconds: 60 }, stop_loss: { within_s: 60 }, flat: { at: "22:00" },
};

export function is_object(v: Json | undefined): v is Rules {
	return typeof v === "object" && v !== null && !Array.isArray(v);
}

/* The part that a phase says; "" is what holds for all. */
export function scope_of(rules: Rules, phase: string): Rules {
	if (phase === "")
		return rules;
	const phases = rules.phases;
	const of = is_object(phases) ? phases[phase] : undefined;
	return is_object(of) ? of : {};
}

export function phases_of(rules: Rules): string[] {
	return is_object(rules.phases) ? Object.keys(rules.phases) : [];
}

function with_scope(rules: Rules, phase: string, scope: Rules): Rules {
	if (phase === "")
		return scope;
	return { ...rules, phases: { ...is_object(rules.phases) ? rules.phases : {}, [phase]: scope } };
}

/* undefined: not said here; null: not in this phase. A bare number is its days. */
export function rule_of(rules: Rules, phase: string, kind: RuleKind): Rules | null | undefined {
	const v = scope_of(rules, phase)[kind];
	return v === undefined || v === null ? v : is_object(v) ? v :
		typeof v === "number" ? { days: v } : {};
}

function without(of: Rules, ...names: string[]): Rules {
	return Object.fromEntries(Object.entries(of).filter(([name]) => !names.includes(name)));
}

export function with_rule(rules: Rules, phase: string, kind: RuleKind,
    rule: Rules | null | undefined): Rules {
	const scope = without(scope_of(rules, phase), kind);
	return with_scope(rules, phase, rule === undefined ? scope : { ...scope, [kind]: rule });
}

export function with_new_rule(rules: Rules, phase: string, kind: RuleKind): Rules {
	return with_rule(rules, phase, kind, first_values[kind]);
}

/* "": as by default, or not said. */
export function with_value(rule: Rules, name: string, value: Json): Rules {
	return value === "" ? without(rule, name) : { ...rule, [name]: value };
}

export function size_of(rule: Rules): { unit: "pct" | "money"; value: number | "" } {
	const unit = typeof rule.money === "number" ? "money" : "pct";
	const value = rule[unit];
	return { unit, value: typeof value === "number" ? value : "" };
}

export function with_size(rule: Rules, unit: "pct" | "money", value: number | ""): Rules {
	return value === "" ? without(rule, "pct", "money") :
		{ [unit]: value, ...without(rule, "pct", "money") };
}

export function with_phase(rules: Rules, phase: string, there: boolean): Rules {
	const phases = is_object(rules.phases) ? rules.phases : {};
	return { ...rules, phases: there ? { ...phases, [phase]: phases[phase] ?? {} } :
		without(phases, phase) };
}

/* "0.7, 0.85" → [0.7, 0.85]; null: it cannot be read. */
export function shares_from(text: string): number[] | null {
	const list = text.split(/[;,\s]+/).filter(Boolean).map(Number);
	return list.every((n) => Number.isFinite(n)) ? list : null;
}

/* ---- trying a path ---- */

const events: Record<string, readonly string[]> = {
	sample: ["balance", "equity", "low", "high"], reset: ["balance", "equity"],
	flow: ["amount"], payout: ["amount"], day: ["net"],
};
const needed: Record<string, number> = { sample: 2, reset: 2, flow: 1, payout: 1, day: 1 };

export interface Path {
	events: Rules[];
	wrong: string | null; /* the line that cannot be read */
}

/* "sample 100000 101500", a line each event. */
export function path_from(text: string): Path {
	const out: Path = { events: [], wrong: null };
	for (const line of text.split("\n").map((l) => l.trim()).filter(Boolean)) {
		const [name = "", ...rest] = line.split(/\s+/);
		const names = Object.hasOwn(events, name) ? events[name]! : null;
		const values = rest.map(Number);
		if (!names || values.length < needed[name]! || values.length > names.length ||
		    !values.every((n) => Number.isFinite(n)))
			return { events: [], wrong: line };
		out.events.push({ [name]: name === "flow" || name === "payout" ? values[0]! :
			Object.fromEntries(values.map((v, i) => [names[i]!, v])) });
	}
	return out;
}

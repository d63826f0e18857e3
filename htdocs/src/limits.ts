// limits.ts: how near an account is to a loss limit, and what may still be lost:
// of one account, of the fleet, of each firm. Pure.
import { as_number, sum_of, type Money } from "./money.ts";
import { is_limit, other_lines } from "./rule_lines.ts";
import { is_live } from "./rows.ts";
import type { Row, RuleLine } from "./types.ts";

/* From here on an account is near a limit: the first warning of a rule set. */
export const NEAR = 0.7;

export interface LimitUsed {
	used: number;
	kind: RuleLine["kind"];
	left: number | null; /* money; null: not known, or the rule is not about money */
	line: RuleLine | null;
}

/* Over is over: nothing can be lost or used there any more. */
const over = new Set(["breached", "passed", "archived"]);

export function is_over(row: Row): boolean {
	return over.has(row.phase?.status ?? "");
}

function line_of(row: Row, kind: RuleLine["kind"]): RuleLine | null {
	return row.rule_lines?.find((l) => l.kind === kind) ?? null;
}

/* Of all its limits the one that is used most; null: none is known. */
export function limit_used(row: Row): LimitUsed | null {
	const r = row.rules;
	const all: LimitUsed[] = [];
	if (r?.used_today != null)
		all.push({ used: r.used_today, kind: "daily_loss", left: r.today_left,
			line: line_of(row, "daily_loss") });
	if (r?.used_total != null)
		all.push({ used: r.used_total, kind: "max_loss", left: r.total_left,
			line: line_of(row, "max_loss") });
	for (const line of other_lines(row))
		if (is_limit(line) && line.used !== null)
			all.push({ used: line.broken ? Math.max(1, line.used) : line.used, kind: line.kind,
				left: line.unit === "money" ? line.left : null, line });
	return all.reduce<LimitUsed | null>((most, l) =>
		most === null || l.used > most.used ? l : most, null);
}

/* The share by which accounts are ordered: of live ones that are not over. */
export function limit_share(row: Row, now_ms: number): number | null {
	return is_live(row, now_ms) && !is_over(row) ? limit_used(row)?.used ?? null : null;
}

export function is_near(row: Row, now_ms: number): boolean {
	return (limit_share(row, now_ms) ?? 0) >= NEAR;
}

/* Those that have used anything of a limit, most first. */
export function closest(rows: readonly Row[], now_ms: number, n: number):
    { row: Row; limit: LimitUsed }[] {
	const found: { row: Row; limit: LimitUsed }[] = [];
	for (const row of rows) {
		const share = limit_share(row, now_ms);
		if (share === null || share <= 0 ||
		    (found.length === n && share <= found[n - 1]!.limit.used))
			continue;
		const at = found.findIndex((f) => f.limit.used < share);
		found.splice(at < 0 ? found.length : at, 0, { row, limit: limit_used(row)! });
		found.length = Math.min(found.length, n);
	}
	return found;
}

/* What it may still lose today: the daily limit or the one in all, which comes
 * first. undefined: no loss limit is known. */
export function loss_left(row: Row): { today: number; in_all: number | null;
    size: number | null } | undefined {
	const r = row.rules;
	if (!r || (r.today_left === null && r.total_left === null))
		return undefined;
	const today = Math.min(r.today_left ?? Infinity, r.total_left ?? Infinity);
	const sizes = [line_of(row, "daily_loss")?.size, line_of(row, "max_loss")?.size]
		.filter((s): s is number => s != null);
	return { today: Math.max(0, today),
		in_all: r.total_left === null ? null : Math.max(0, r.total_left),
		size: sizes.length ? Math.min(...sizes) : null };
}

export interface Risk {
	key: string;
	currency: string;
	currency_digits: number;
	trade_mode: number | null;
	firm: string | null; /* null: all of the currency and type */
	accounts: number; /* in the sums */
	dead: number; /* left out of them: not live */
	unknown: number; /* … without known limits */
	over: number; /* … breached or ended */
	today: Money | null;
	in_all: Money | null;
	no_total: number; /* in `today`, but without a limit in all */
	size: Money | null; /* the allowances of today; null: one is not known */
	used: number | null; /* of size */
	estimated: boolean;
}

function risk_of(key: string, rows: Row[], firm: string | null, now_ms: number): Risk {
	const a = rows[0]!.account!;
	const risk: Risk = { key, firm, currency: a.currency ?? "", trade_mode: a.trade_mode,
		currency_digits: Math.max(0, ...rows.map((r) => r.account?.currency_digits ?? 0)),
		accounts: 0, dead: 0, unknown: 0, over: 0, no_total: 0, today: null, in_all: null,
		size: null, used: null, estimated: false };
	const today: number[] = [], in_all: number[] = [], sizes: (number | null)[] = [];
	for (const row of rows) {
		const left = loss_left(row);
		if (is_over(row))
			risk.over++;
		else if (!is_live(row, now_ms))
			risk.dead++;
		else if (!left)
			risk.unknown++;
		else {
			risk.accounts++;
			today.push(left.today);
			sizes.push(left.size);
			if (left.in_all === null)
				risk.no_total++;
			else
				in_all.push(left.in_all);
			risk.estimated ||= row.rules?.estimated === true;
		}
	}
	if (risk.accounts === 0)
		return risk;
	risk.today = sum_of(today);
	risk.in_all = in_all.length ? sum_of(in_all) : null;
	risk.size = sum_of(sizes);
	if (risk.size !== null && risk.today !== null && as_number(risk.size) > 0)
		risk.used = Math.max(0, 1 - as_number(risk.today) / as_number(risk.size));
	return risk;
}

function by<T>(rows: readonly T[], key_of: (row: T) => string | null): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const row of rows) {
		const key = key_of(row);
		if (key === null)
			continue;
		const list = groups.get(key);
		if (list)
			list.push(row);
		else
			groups.set(key, [row]);
	}
	return groups;
}

/* Per currency and type all accounts, and then each firm where there are several.
 * Currencies, real and demo are never added. */
export function risks(rows: readonly Row[], now_ms: number): Risk[] {
	const groups = by(rows, (r) => r.account?.currency ?
		`${r.account.currency}/${r.account.trade_mode ?? "?"}` : null);
	return [...groups].map(([key, list]) => {
		const all = risk_of(key, list, null, now_ms);
		const firms = by(list, (r) => r.phase?.prop_firm ?? "");
		const parts = firms.size < 2 ? [] : [...firms].map(([firm, own]) =>
			risk_of(`${key}/${firm}`, own, firm, now_ms))
			.filter((f) => f.accounts > 0)
			.sort((a, b) => (b.used ?? -1) - (a.used ?? -1) || a.firm!.localeCompare(b.firm!));
		return [all, ...parts];
	}).sort(([a], [b]) => (b!.trade_mode ?? -1) - (a!.trade_mode ?? -1) ||
	    b!.accounts - a!.accounts || a!.currency.localeCompare(b!.currency)).flat();
}

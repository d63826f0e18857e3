// moved.ts: what the ledger's figures become as equity moves between snapshots.
// Pure. The same sums as the coordinator's own (docs/page.md).
import { exact } from "./money.ts";
import type { Account, Num, Pl, Row, Rules } from "./types.ts";

/* What the last snapshot said, and of which balance and equity. */
export interface Base {
	balance: number;
	own: number; /* equity less credit */
	cash: Num; /* deals that are no trade */
	at_ms: Num;
	pl: Pl;
	rules: Rules | null;
	risen: number; /* by how much at most what a trailing floor follows rose since */
}

interface Step {
	own: number;
	balance: number;
	higher: number;
}

/* A credit of null is not known; a message without one has none. */
function own_of(a: Account | null): number | null {
	return a && a.equity !== null && a.equity !== undefined && a.credit !== null ?
		exact(a.equity - (a.credit ?? 0)) : null;
}

export function base_of(row: Row): Base | null {
	const own = own_of(row.account);
	const balance = row.account?.balance;
	if (!row.pl || own === null || balance == null)
		return null;
	return { balance, own, cash: row.cash, at_ms: row.at_ms, pl: row.pl, rules: row.rules,
		risen: 0 };
}

/* Past the reset the baseline is another one, which only the server knows. */
function day_is_over(base: Base, row: Row): boolean {
	if (row.at_ms === null || base.at_ms === null)
		return true;
	if (base.rules?.resets_utc)
		return row.at_ms >= Date.parse(base.rules.resets_utc);
	if (row.broker_offset_s === null)
		return true;
	const day = (ms: number) => Math.floor((ms / 1000 + row.broker_offset_s!) / 86400);
	return day(row.at_ms) !== day(base.at_ms);
}

function plus(value: Num | undefined, by: number): Num {
	return value == null ? null : exact(value + by);
}

function percent_of(total: Num, base: Pl, row: Row): Num {
	const initial = row.phase?.phase ? row.phase.initial_balance :
		base.total && base.total_pct ? base.total / base.total_pct * 100 : null;
	return total === null || !initial || initial < 0 ? null :
	    Math.round(total / initial * 1e6) / 1e4;
}

function pl_after(base: Base, row: Row, step: Step): Pl {
	const total = plus(base.pl.total, step.own);
	return {
		floating: row.account?.profit ?? null,
		day: day_is_over(base, row) ? null : plus(base.pl.day, step.own),
		total, total_pct: step.own === 0 ? base.pl.total_pct : percent_of(total, base.pl, row),
		/* another balance: a deal that the ledger has not seen; perhaps a deposit,
		 * where the bridge does not count them */
		estimated: base.pl.estimated === true ||
		    (step.balance !== 0 && row.cash === null),
	};
}

/*
 * By how much the tested value moved. Which one a rule tests is not always
 * said: then that which moved to the account's harm, so that never more is
 * shown as left than there is.
 */
function tested(step: Step, test: string | null | undefined): number {
	switch (test) {
	case "equity": return step.own;
	case "balance": return step.balance;
	case "higher": return step.higher;
	default: return Math.min(step.own, step.balance);
	}
}

function used_after(used: Num | undefined, had: Num | undefined, left: Num): Num {
	if (used == null || had == null || left === null)
		return null;
	if (left === had)
		return used;
	/* a use of 0 may be less than none: then the allowance is at most `had` */
	const allowance = used === 1 ? null : had / (1 - used);
	return allowance === null || allowance <= 0 ? null :
	    Math.max(0, Math.round((1 - left / allowance) * 1e4) / 1e4);
}

/* A floor that follows each high has risen with those seen since, too. */
function total_after(r: Rules, step: Step, risen: number): Num {
	const rise = r.total_room == null ? 0 :
		Math.min(Math.max(0, risen - r.total_room), r.total_rise ?? Infinity);
	return plus(r.total_left, tested(step, r.total_test) - rise);
}

function rules_after(base: Base, row: Row, step: Step): Rules | null {
	const r = base.rules;
	if (!r)
		return null;
	const over = day_is_over(base, row);
	const today = over ? null : plus(r.today_left, tested(step, r.today_test));
	const total = over && r.total_mode === "trailing_eod" ? null :
		total_after(r, step, base.risen);
	const target = plus(r.target_left, -tested(step, r.target_test));
	const sure = step.own === step.balance || (r.today_test != null &&
		r.total_test != null && r.target_test != null);
	return { ...r, today_left: today, total_left: total, target_left: target,
		used_today: used_after(r.used_today, r.today_left, today),
		used_total: used_after(r.used_total, r.total_left, total),
		estimated: r.estimated === true || step.balance !== 0 || !sure };
}

/*
 * Without a snapshot to count from, what only the ledger knows is unknown; and
 * so it is after a deposit, until the ledger knows of it.
 */
export function moved(base: Base | null, row: Row): Pick<Row, "pl" | "rules" | "base"> {
	const own = own_of(row.account);
	const balance = row.account?.balance;
	if (!base || own === null || balance == null || row.cash !== base.cash)
		return { base, rules: null, pl: { floating: row.account?.profit ?? null, day: null,
			total: null, total_pct: null } };
	const step = { own: exact(own - base.own), balance: exact(balance - base.balance),
		higher: exact(Math.max(own, balance) - Math.max(base.own, base.balance)) };
	const risen = Math.max(base.risen, tested(step, base.rules?.total_high));
	const after = { ...base, risen };
	return { base: after, pl: pl_after(base, row, step), rules: rules_after(after, row, step) };
}

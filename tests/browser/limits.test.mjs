// limits.test.mjs: how near an account is to a limit, and what may still be lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, wire_row } from "./lib.mjs";

const { rows_from } = await load("rows.ts");
const { closest, limit_used, limit_share, loss_left, risks } = await load("limits.ts");
const { counts_of, filter_rows, no_filter } = await load("filter.ts");
const { known_sum } = await load("totals.ts");
const { earned } = await load("fleet_curve.ts");
const { rows_between } = await load("window.ts");

const as_of = Date.parse("2026-11-21T10:00:00.000Z");
let next = 1;

const line = (kind, part) => ({ kind, unit: "money", level: null, size: null, value: null, left: null,
	used: null, broken: false, needs: null, ...part });

function row({ rules, ...part } = {}) {
	const login = String(next++);
	return [...rows_from([wire_row({ login, ...part, rules: rules && { today_left: null, total_left: null,
		target_left: null, used_today: null, used_total: null, estimated: false, ...rules } })], as_of).values()][0];
}

test("of all limits the one that is used most counts", () => {
	const near = row({ rules: { today_left: 90, used_today: 0.1, total_left: 400, used_total: 0.6 },
		rule_lines: [line("max_lots", { unit: "lots", used: 0.8, left: 1 }),
			line("best_day", { unit: "percent", used: 0.99 })] });
	assert.deepEqual([limit_used(near).kind, limit_used(near).used, limit_used(near).left],
		["max_lots", 0.8, null], "lots are no money; the best day only waits");
	assert.equal(limit_used(row()), null, "without rules nothing is known");
	assert.equal(limit_used(row({ rules: {} })), null);
	assert.equal(limit_used(row({ rules: {}, rule_lines: [line("flat", { used: 0.2, broken: true })] })).used, 1);
});

test("the order is of live accounts that are not over", () => {
	const rules = { today_left: 5, used_today: 0.95, total_left: 500, used_total: 0.1 };
	const all = [row({ rules }), row({ rules, status: "stale" }),
		row({ rules, phase: { phase: "F1", status: "breached" } }), row({ rules, age_s: 600 }),
		row({ rules: { ...rules, used_today: 0 } }), row({ rules: { ...rules, used_today: 0, used_total: 0 } })];
	assert.deepEqual(all.map((r) => limit_share(r, as_of)), [0.95, null, null, null, 0.1, 0]);
	assert.deepEqual(closest(all, as_of, 5).map((c) => c.row.login), [all[0].login, all[4].login],
		"one that has used nothing is close to nothing");
	assert.equal(filter_rows(all, { ...no_filter, near: true }, as_of).length, 1);
	assert.equal(counts_of(all, no_filter, as_of).near, 1);
});

test("today no more can be lost than in all; what is gone is nothing, not less", () => {
	assert.equal(loss_left(row({ rules: { today_left: 500, total_left: 120 } })).today, 120);
	assert.equal(loss_left(row({ rules: { today_left: -3, total_left: 120 } })).today, 0);
	assert.deepEqual(loss_left(row({ rules: { total_left: 120 } })), { today: 120, in_all: 120, size: null });
	assert.deepEqual(loss_left(row({ rules: { today_left: 120 } })), { today: 120, in_all: null, size: null });
	assert.equal(loss_left(row({ rules: {} })), undefined);
});

test("what may be lost is per currency and type, then per firm, and says what it leaves out", () => {
	const of = (firm, part = {}) => row({ phase: { phase: "F1", status: "active", prop_firm: firm },
		rules: { today_left: 100, total_left: 300 },
		rule_lines: [line("daily_loss", { size: 200 }), line("max_loss", { size: 1000 })], ...part });
	const list = risks([of("A"), of("A"), of("B", { rules: { today_left: 50.1, total_left: 300 } }),
		of("A", { status: "unreachable" }), of(null, { rules: null }),
		of("B", { phase: { phase: "F1", status: "breached", prop_firm: "B" } }),
		of("A", { account: { currency: "EUR" } }), of("A", { account: { trade_mode: 0 } })], as_of);
	assert.deepEqual(list.map((r) => [r.key, r.firm, r.accounts, r.today, r.in_all, r.size]), [
		["USD/2", null, 3, 250.1, 900, 600],
		["USD/2/B", "B", 1, 50.1, 300, 200],
		["USD/2/A", "A", 2, 200, 600, 400],
		["EUR/2", null, 1, 100, 300, 200],
		["USD/0", null, 1, 100, 300, 200]]);
	assert.deepEqual([list[0].dead, list[0].unknown, list[0].over], [1, 1, 1]);
	const [blind] = risks([of("A", { rules: null })], as_of);
	assert.deepEqual([blind.today, blind.in_all, blind.accounts], [null, null, 0], "unknown is not 0");
	const [part] = risks([of("A"), of("A", { rule_lines: null })], as_of);
	assert.deepEqual([part.today, part.size, part.used], [200, null, null]);
});

test("a sum of what is known says how many are not", () => {
	const rows = [row({ pl: { day: 0.1 } }), row({ pl: { day: 0.2 } }), row({ pl: { day: null } })];
	assert.deepEqual(known_sum(rows, (r) => r.pl?.day), { sum: 0.3, missing: 1 });
	assert.deepEqual(known_sum([rows[2]], (r) => r.pl?.day), { sum: null, missing: 1 });
});

test("what was earned is without what came or went", () => {
	const p = (equity, moved = 0) => ({ at_utc: "", equity, accounts: 1, held: 0, moved });
	assert.equal(earned([p(100, 100), p(110), p(160, 50), p(155)]), 5);
	assert.equal(earned([p(null), p(100, 100), p(90)]), -10);
	assert.equal(earned([p(100)]), null);
	assert.equal(earned([]), null);
});

test("of a long list those in sight are drawn, of a short one all", () => {
	assert.deepEqual(rows_between(40, 44, 0, 400), { from: 0, to: 40 });
	const top = rows_between(10_000, 44, 0, 440), far = rows_between(10_000, 44, 220_000, 220_440);
	assert.ok(top.from === 0 && top.to < 40, JSON.stringify(top));
	assert.ok(far.from <= 5000 && far.to >= 5010 && far.to - far.from < 60, JSON.stringify(far));
	assert.deepEqual(rows_between(10_000, 44, 10_000_000, 10_000_440).to, 10_000);
	assert.equal(rows_between(100, 44, -5_000, -4_000).from, 0, "above the screen");
});

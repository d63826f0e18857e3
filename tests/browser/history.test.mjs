// history.test.mjs: what is made of an account's past: curve, drawdown, statistics.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./lib.mjs";

const { points_of, deepest, thinned, heard_slots, with_gaps } = await load("series.ts");
const { stats_of, days_of, weeks_of, month_beside } = await load("stats.ts");
const { sum_of } = await load("money.ts");
const fmt = await load("format.ts");

const at = (minute) => new Date(Date.UTC(2026, 10, 21, 10, minute)).toISOString();
const ms = (minute) => Date.parse(at(minute));
const sample = (minute, equity, part = {}) =>
	({ at_utc: at(minute), balance: equity, equity, ...part });

test("drawdown is of equity from its highest so far, by the lows between samples", () => {
	const points = points_of([sample(0, 100), sample(1, 120), sample(2, 90, { low: 80, high: 121 }),
		sample(3, 130)], []);
	assert.deepEqual(points.map((p) => p.drawdown), [0, 0, -40, 0]);
	assert.equal(deepest(points).at_ms, ms(2));
});

test("a deposit is no gain and a withdrawal no drawdown", () => {
	const flows = [{ at_ms: ms(1), amount: 50 }, { at_ms: ms(2), amount: -100 }];
	const points = points_of([sample(0, 100), sample(1, 150), sample(2, 50), sample(3, 55)], flows);
	assert.deepEqual(points.map((p) => p.drawdown), [0, 0, 0, 0]);
	assert.deepEqual(points.map((p) => Math.round(p.gain * 1e6) / 1e6), [0, 0, 0, 10]);
});

test("credit is not the account's own; unknown stays unknown", () => {
	const points = points_of([sample(0, 100), sample(1, 600, { credit: 500 }),
		sample(2, null), sample(3, 110)], []);
	assert.deepEqual(points.map((p) => p.drawdown), [0, 0, null, 0]);
	assert.deepEqual(points.map((p) => p.gain), [0, 0, null, null]);
});

test("what a step saw before money moved is no high and no low behind it", () => {
	const out = points_of([sample(0, 150), sample(5, 100, { low: 100, high: 150 }), sample(10, 100)],
		[{ at_ms: ms(3), amount: -50 }]);
	assert.deepEqual(out.map((p) => p.drawdown), [0, 0, 0]);
	const paid = points_of([sample(0, 100), sample(5, 150, { low: 100, high: 150 }), sample(10, 150)],
		[{ at_ms: ms(3), amount: 50 }]);
	assert.deepEqual(paid.map((p) => p.drawdown), [0, 0, 0]);
	const credit = points_of([sample(0, 100), sample(1, 600, { credit: 500, low: 100, high: 600 }),
		sample(2, 100, { low: 100, high: 600 }), sample(3, 100)], []);
	assert.deepEqual(credit.map((p) => p.drawdown), [0, 0, 0, 0]);
});

test("a flow stamped by another clock belongs to the step in which the balance moved", () => {
	for (const seconds of [-30, 30]) {
		const points = points_of([sample(0, 100), sample(1, 100), sample(2, 150), sample(3, 150)],
			[{ at_ms: ms(1) + (seconds < 0 ? -10000 : 70000), amount: 50 }]);
		assert.deepEqual(points.map((p) => p.drawdown), [0, 0, 0, 0]);
		assert.deepEqual(points.map((p) => p.gain), [0, 0, 0, 0]);
	}
});

test("a percentage is of the peak that was before it", () => {
	const [, p] = points_of([sample(0, 100), sample(1, 90, { low: 90, high: 200 })], []);
	assert.deepEqual([p.drawdown, p.drawdown_pct], [-10, -10]);
});

test("where nobody looked there is no line", () => {
	const minutes = [0, 1, 2, 3, 40, 41];
	const drawn = with_gaps(points_of(minutes.map((m) => sample(m, 100)), []));
	assert.deepEqual(drawn.map((p) => p.equity), [100, 100, 100, 100, null, 100, 100]);
	assert.ok(drawn[4].at_ms > ms(3) && drawn[4].at_ms < ms(40));
	assert.equal(drawn[4].drawdown, null);
	assert.equal(with_gaps(points_of([0, 60, 120].map((m) => sample(m % 60, 1)), [])).length, 3);
	assert.deepEqual(with_gaps([]), []);
});

test("a gain that started from nothing is unknown", () => {
	assert.deepEqual(points_of([sample(0, 0), sample(1, 10)], []).map((p) => p.gain), [0, null]);
});

test("a curve is thinned to its shape with its end; slots count what lies in them", () => {
	const list = Array.from({ length: 1001 }, (_, i) => i);
	assert.ok(thinned(list, 100).length <= 101);
	assert.equal(thinned(list, 100).at(-1), 1000);
	assert.deepEqual(heard_slots([5, 10, 11, 29, 30, -1], 0, 10, 3), [1, 2, 1]);
});

const trade = (net, part = {}) => ({ position_id: "1", symbol: "EURUSD", type: 0, volume: 0.1,
	volume_closed: 0.1, time_open_msc: 1, time_close_msc: Date.UTC(2026, 10, 2, 12), profit: net,
	commission: -1, swap: 0, fee: 0, net, state: "closed", ...part });

test("statistics are of closed trades, exact", () => {
	const s = stats_of([trade(0.1), trade(0.2), trade(-0.15, { time_close_msc: Date.UTC(2026, 10, 3) }),
		trade(0, { state: "orphan" }), trade(99, { state: "open", time_close_msc: null }),
		trade(50, { state: "partially_closed" })]);
	assert.equal(s.trades, 4);
	assert.equal(s.open, 2);
	assert.equal(s.orphans, 1);
	assert.equal(s.net, 0.15);
	assert.equal(s.win_rate, 50);
	assert.equal(s.profit_factor, 2);
	assert.equal(s.max_drawdown, -0.15);
	assert.equal(s.lots, 0.4);
	assert.equal(s.costs, -4);
	assert.equal(s.imported, 0);
	assert.deepEqual([s.best, s.worst, s.average_loss], [0.2, -0.15, -0.15]);
});

test("of an imported trade swap and fee are not known", () => {
	const tie = { time_close_msc: Date.UTC(2026, 10, 4) };
	// the API's list is newest first; equal moments go by their closing tickets
	assert.equal(stats_of([trade(-300, { ...tie, ticket_close: "1007" }),
		trade(500, { ...tie, ticket_close: "1006" }), trade(-100)]).max_drawdown, -300);
	const s = stats_of([trade(1), trade(2, { imported: true, swap: null, fee: null })]);
	assert.deepEqual([s.imported, s.net, s.swap, s.fee, s.costs], [1, 3, null, null, null]);
});

test("without a loss there is no profit factor, without a trade no rate; unknown is no 0", () => {
	assert.equal(stats_of([trade(1)]).profit_factor, null);
	assert.equal(stats_of([]).win_rate, null);
	const s = stats_of([trade(1), trade(null)]);
	assert.deepEqual([s.net, s.win_rate, s.max_drawdown], [null, null, null]);
	assert.equal(sum_of([1, undefined]), null);
	assert.equal(sum_of([0.1, 0.2]), 0.3);
});

test("days are the broker's, by the close", () => {
	const days = days_of([trade(1), trade(2), trade(-5, { time_close_msc: Date.UTC(2026, 10, 2, 23, 59) }),
		trade(7, { time_close_msc: Date.UTC(2026, 10, 3) }), trade(9, { state: "open" })]);
	assert.deepEqual([...days], [["2026-11-02", { net: -2, trades: 3 }],
		["2026-11-03", { net: 7, trades: 1 }]]);
});

test("a month's weeks begin on Monday and are whole", () => {
	const weeks = weeks_of("2026-02"); /* begins on a Sunday */
	assert.equal(weeks.length, 5);
	assert.deepEqual(weeks[0], [null, null, null, null, null, null, "2026-02-01"]);
	assert.equal(weeks[4][5], "2026-02-28");
	assert.equal(weeks[4][6], null);
	assert.equal(weeks_of("2024-02").flat().filter(Boolean).length, 29);
	assert.equal(month_beside("2026-01", -1), "2025-12");
	assert.equal(month_beside("2026-12", 1), "2027-01");
});

test("compact amounts", () => {
	for (const [value, want] of [[-75.88, "−75.88"], [0, "0"], [12, "+12"], [517.3, "+517"], [1234.5, "+1\u202f235"],
		[-12345, "−12.3K"], [1500000, "+1.5M"], [null, "–"], [-0.001, "0.00"]])
		assert.equal(fmt.compact(value), want);
	assert.equal(fmt.utc_offset(-12600), "UTC −3.5 h");
	assert.equal(fmt.utc_offset(null), "–");
});

// history.test.mjs: what is made of an account's past: curve, drawdown, statistics.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./lib.mjs";

const { points_of, deepest, thinned, heard_slots, with_gaps } = await load("series.ts");
const { weeks_of, month_beside } = await load("stats.ts");
const { sum_of, scaled, less, parse_json } = await load("money.ts");
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

test("unknown is no 0 in a sum; cents add up", () => {
	assert.equal(sum_of([1, undefined]), null);
	assert.equal(sum_of([1, 1.1e15]), null);
	assert.equal(sum_of([0.1, 0.2]), 0.3);
	assert.equal(sum_of([]), 0);
});

/* The decimal text of whole 1e-8, made another way than the page does. */
const decimal = (n) => `${n < 0n ? "-" : ""}${n < 0n ? -n / 100000000n : n / 100000000n}` +
    `.${String((n < 0n ? -n : n) % 100000000n).padStart(8, "0")}`;
const shown = (n, places) => {
	const unit = 10n ** BigInt(8 - places), up = (n < 0n ? -n : n) + unit / 2n;
	const text = String(up / unit).padStart(places + 1, "0");
	const whole = text.slice(0, text.length - places).replace(/\B(?=(\d{3})+$)/g, "\u202f");
	const body = whole + (places ? `.${text.slice(-places)}` : "");
	return (n < 0n && /[1-9]/.test(body) ? "\u2212" : "") + body;
};

test("sums of a thousand amounts of up to 15 digits are exact, and shown so", () => {
	let seed = 42n;
	const random = (below) => {
		seed = (seed * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
		return (seed >> 16n) % below;
	};
	for (let run = 0; run < 60; run++) {
		const places = [0, 2, 8][run % 3];
		const most = 10n ** (places === 8 ? 15n : 15n);
		const list = [], unit = 10n ** BigInt(8 - places);
		let total = 0n;
		for (let i = 0; i < 1000; i++) {
			const n = random(most) * unit * (random(3n) === 0n ? -1n : 1n);
			total += n;
			list.push(Number(decimal(n))); /* as JSON.parse gives it */
			assert.equal(scaled(list.at(-1)), n, decimal(n));
		}
		const sum = sum_of(list);
		assert.equal(scaled(sum), total);
		assert.equal(fmt.amount(sum, places), shown(total, places));
	}
	/* Vietnam's dong with its decimals: 667 × 9,999,999,999,999.99 less 333 × 0.25 */
	const vnd = Array.from({ length: 1000 }, (_, i) => i % 3 === 2 ? -0.25 : 9999999999999.99);
	assert.equal(fmt.amount(sum_of(vnd), 0), fmt.amount(sum_of(vnd), 2));
	assert.equal(fmt.amount(sum_of(vnd), 2),
		"6\u202f669\u202f999\u202f999\u202f999\u202f910.08");
	assert.equal(fmt.signed(sum_of(vnd), 2).slice(0, 2), "+6");
	assert.equal(fmt.tone(sum_of(vnd)), "up");
	assert.equal(fmt.compact(sum_of(vnd)).at(-1), "M");
	assert.equal(less(9999999999999.99, 9999999999999.9), 0.09);
	assert.equal(sum_of([0.00000001, 0.00000002]), 3e-8);
	assert.equal(fmt.amount(sum_of([0.00000001, 0.00000002]), 8), "0.00000003");
});

test("what JSON says beyond a number's digits is not lost", () => {
	const text = '{"net":6669999999999910.08,"minus":-12345678901234567.25,"price":1.1234500000000001,' +
	    '"text":"6669999999999910.08 \\" 1","id":"9223372036854775807","n":1795168860123,' +
	    '"small":0.00000001,"long":123456789012345.5,"list":[6669999999999910.08]}';
	const got = parse_json(text);
	assert.equal(got.net, 666999999999991008000000n);
	assert.equal(got.minus, -1234567890123456725000000n);
	assert.equal(got.list[0], 666999999999991008000000n);
	for (const name of ["price", "text", "id", "n", "small", "long"])
		assert.deepEqual(got[name], JSON.parse(text)[name]);
	assert.equal(fmt.amount(got.minus, 2), "\u221212\u202f345\u202f678\u202f901\u202f234\u202f567.25");
	assert.deepEqual(parse_json('{"a":[1,2.5,"x"]}'), { a: [1, 2.5, "x"] });
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

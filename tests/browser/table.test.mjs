// table.test.mjs: totals, filter, order, address and CSV, as functions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, wire_row } from "./lib.mjs";

const { rows_from } = await load("rows.ts");
const { totals, coverage } = await load("totals.ts");
const { filter_rows, facet_counts, losing_count, no_filter } = await load("filter.ts");
const { sort_rows } = await load("sort.ts");
const { in_usd, one_currency } = await load("conversion.ts");
const { view_from, hash_of, first_view } = await load("url.ts");
const { grouped } = await load("group.ts");
const { to_csv } = await load("csv.ts");
const { parse_prefs } = await load("prefs_store.ts");
const { judge_feed } = await load("state.ts");
const { changed_parts, parse_money } = await load("edit.ts");
const { best_offset } = await load("clock.ts");

const as_of = Date.parse("2026-11-21T10:00:00.000Z");
let next = 1;

function row(part = {}) {
	const login = String(next++);
	return [...rows_from([wire_row({ login, ...part })], as_of).values()][0];
}

test("totals: currencies and trade modes apart, exact, live rows only", () => {
	const rows = [
		row({ account: { balance: 0.1, equity: 0.1, profit: 0.1 } }),
		row({ account: { balance: 0.2, equity: 0.2, profit: -0.3 } }),
		row({ account: { balance: 1000, equity: 1000, profit: 1 }, status: "stale" }),
		row({ account: { balance: 7, equity: 7, trade_mode: 0 } }),
		row({ account: { currency: "USC", balance: 604722, equity: 604722 } }),
		row({ account: { currency: "JPY", currency_digits: 0, balance: 2726.21, equity: 1 } }),
		row({ account: null, status: "unreachable" }),
	];
	const by = new Map(totals(rows, as_of).map((t) => [t.key, t]));
	assert.deepEqual([...by.keys()].sort(), ["JPY/2", "USC/2", "USD/0", "USD/2"]);
	const usd = by.get("USD/2");
	assert.equal(usd.balance, 0.3);
	assert.equal(usd.profit, -0.2);
	assert.equal(usd.accounts, 2);
	assert.deepEqual(usd.left_out, { stale: 1 });
	assert.equal(coverage(usd, (s) => s), "2 of 3, 1 stale");
	assert.equal(by.get("JPY/2").balance, 2726.21);
	assert.equal(by.get("USD/2").day, null);
});

test("totals: nothing live is unknown, not 0; one unknown makes the sum unknown", () => {
	const [t] = totals([row({ status: "unreachable" })], as_of);
	assert.equal(t.balance, null);
	assert.equal(t.positions, null);
	const [u] = totals([row({ account: { balance: 5 } }), row({ account: { balance: null } })], as_of);
	assert.equal(u.balance, null);
	const [day] = totals([row({ pl: { day: 4 } }), row({ pl: { day: -1.5 } })], as_of);
	assert.equal(day.day, 2.5);
});

test("filter: facets are or within, and between; search takes every word", () => {
	const rows = [
		row({ account: { name: "Grid one", profit: -1 }, phase: { phase: "F1", tags: ["night"] } }),
		row({ account: { name: "Grid two", currency: "JPY", trade_mode: 0, profit: 2 } }),
		row({ status: "stale", account: { name: "Other", profit: -5 } }),
	];
	const names = (f) => filter_rows(rows, { ...no_filter, ...f }, as_of)
		.map((r) => r.account.name);
	assert.deepEqual(names({}), ["Grid one", "Grid two", "Other"]);
	assert.deepEqual(names({ q: "grid" }), ["Grid one", "Grid two"]);
	assert.deepEqual(names({ q: "GRID night" }), ["Grid one"]);
	assert.deepEqual(names({ status: ["ok", "stale"], currency: ["USD"] }), ["Grid one", "Other"]);
	assert.deepEqual(names({ mode: ["demo"] }), ["Grid two"]);
	assert.deepEqual(names({ phase: ["none"] }), ["Grid two", "Other"]);
	assert.deepEqual(names({ losing: true }), ["Grid one", "Other"]);
	assert.deepEqual([...facet_counts(rows, { ...no_filter, currency: ["JPY"], q: "grid" },
		"currency", as_of)].sort(), [["JPY", 1], ["USD", 1]]);
	assert.equal(losing_count(rows, { ...no_filter, status: ["ok"] }, as_of), 1);
});

test("filter: a row too old for its word is found as stale", () => {
	const rows = [row({ age_s: 600 })];
	assert.equal(filter_rows(rows, { ...no_filter, status: ["stale"] }, as_of).length, 1);
	assert.equal(filter_rows(rows, { ...no_filter, status: ["ok"] }, as_of).length, 0);
});

test("groups: by name, those without last, the order within them kept", () => {
	const rows = ["F2", null, "F10", "F2", "F1"].map((phase, i) =>
		row({ login: String(i), phase: phase && { phase } }));
	const got = [...grouped(rows, "phase")].map(([name, list]) =>
		[name, list.map((r) => r.login).join("")]);
	assert.deepEqual(got, [["F1", "4"], ["F2", "03"], ["F10", "2"], ["", "1"]]);
	assert.equal(grouped(rows, "none").size, 1);
});

test("order: unknown last both ways, ties by name and then key, no input changed", () => {
	const rows = [
		row({ account: { name: "b", profit: 1 } }), row({ account: { name: "a", profit: 1 } }),
		row({ account: { name: "c", profit: null } }), row({ account: { name: "d", profit: 9 } }),
		row({ account: { name: "e", profit: -9 } }),
	];
	const profit = (r) => r.account.profit;
	const names = (list) => list.map((r) => r.account.name).join("");
	assert.equal(names(sort_rows(rows, profit, "desc")), "dabec");
	assert.equal(names(sort_rows(rows, profit, "asc")), "eabdc");
	assert.equal(names(rows), "bacde");
	assert.equal(names(sort_rows([...rows].reverse(), profit, "desc")), "dabec");
	const of = (currency, usd_rate) => row({ account: { currency }, usd_rate });
	assert.equal(in_usd(500, of("USC")), 5);
	assert.equal(in_usd(500, of("JPY", 0.01)), 5);
	assert.equal(in_usd(500, of("JPY", null)), null, "without a rate nobody knows");
	assert.equal(in_usd(500, of("USD", null)), 500);
	assert.equal(in_usd(null, of("USC")), null);
	assert.equal(one_currency([of("JPY"), of("JPY"), row({ account: null })]), true);
	assert.equal(one_currency([of("JPY"), of("USD")]), false);
});

test("address: what is shown comes back from its own address", () => {
	const view = { filter: { q: "a&b #1", status: ["stale", "ok"], phase: ["F1"], currency: [],
		mode: ["real"], broker: ["Smith, Jones & Co 5%", "b"], firm: [], holder: [], node: ["vps01"],
		losing: true, near: true }, sort: "equity", direction: "asc", group: "phase",
	open: { server: "Fünded/Next 3", login: "52001001", tab: "trades", range: "30d" }, admin: null, panel: null };
	assert.deepEqual(view_from(hash_of(view)), view);
	assert.equal(hash_of(first_view), "#/");
	assert.deepEqual(view_from(""), first_view);
	assert.deepEqual(view_from("#/a/only"), first_view);
	assert.equal(view_from("#/a/s/1/nonsense").open.tab, "positions");
	assert.equal(view_from("#/a/%E0%A4%A/1").open.server, "%E0%A4%A");
});

test("CSV: quoted where needed, formulas defused, numbers raw, unknown empty", () => {
	assert.equal(to_csv(["a", "b"], [
		["=HYPERLINK(\"x\")", -1234.5], ["x, \"y\"\nz", null], ["@sum", 0],
		["-2+3", true], ["+1", undefined], ["\tx", NaN],
	]), "\ufeffa,b\r\n\"'=HYPERLINK(\"\"x\"\")\",-1234.5\r\n\"x, \"\"y\"\"\nz\",\r\n'@sum,0\r\n" +
	    "'-2+3,true\r\n'+1,\r\n'\tx,\r\n");
});

test("preferences: only known words are taken from the browser's storage", () => {
	assert.equal(parse_prefs(null).theme, "system");
	assert.equal(parse_prefs("{nonsense").theme, "system");
	assert.equal(parse_prefs("[]").theme, "system");
	const p = parse_prefs('{"theme":"dark","palette":7,"zone":"mars","columns":{"day":false,"x":1}}');
	assert.equal(p.theme, "dark");
	assert.equal(p.palette, "green-red");
	assert.equal(p.zone, "local");
	assert.deepEqual(p.columns, { day: false });
});

test("one absurd number makes its own sum unknown, and harms nothing else", () => {
	const absurd = row({ account: { balance: 1.7976931348623157e308, equity: 1e21, profit: -0 } });
	const [t] = totals([absurd, row()], as_of);
	assert.deepEqual([t.balance, t.equity], [null, null]);
	assert.equal(Object.is(t.profit, -0), false);
});

test("the feed is good only while it is heard, without error, with a collector", () => {
	const feed = { link: "polling", heard_ms: as_of, error: null, collector_age_s: null,
		collector_heard_ms: null, version: null };
	assert.equal(judge_feed(feed, as_of + 3_000), "good");
	assert.equal(judge_feed(feed, as_of + 8_001), "silent");
	assert.equal(judge_feed({ ...feed, heard_ms: null }, as_of), "silent");
	assert.equal(judge_feed({ ...feed, error: { status: 503, message: "x" } }, as_of), "error");
	const live = { ...feed, link: "live", collector_heard_ms: as_of };
	assert.equal(judge_feed({ ...live, collector_age_s: 1 }, as_of + 9_000), "good");
	assert.equal(judge_feed({ ...live, collector_age_s: 40 }, as_of), "collector_late");
	assert.equal(judge_feed(live, as_of + 1_000), "collector_late",
		"a heartbeat without an age: there is none");
	assert.equal(judge_feed(live, as_of + 25_001), "silent");
});

test("the server's clock is at least as far as any answer said", () => {
	assert.equal(best_offset([-1500, -20, -900]), -20);
	assert.equal(best_offset([]), 0);
});

test("an edit sends what differs, each field to its own address", () => {
	const before = { phase: "F1", status: "active", holder: null, prop_firm: "FTMO",
		vs_group: null, initial_balance: 5000, tags: ["a"], note: null, version: 3 };
	const parts = changed_parts(before, { ...before, phase: "F2", holder: "A. Holder",
		tags: ["a"], vs_group: null });
	assert.deepEqual([...parts], [
		/* a new period gets all that the form shows of it */
		["phase", { phase: "F2", status: "active", initial_balance: 5000 }],
		["meta", { holder: "A. Holder" }]]);
	assert.deepEqual([...changed_parts(before, { ...before, status: "paused" })],
		[["phase", { status: "paused" }]]);
	assert.equal(changed_parts(before, before).size, 0);
	assert.deepEqual([...changed_parts(null, { phase: "F1" })], [["phase", { phase: "F1" }]]);
});

test("amounts as people type them", () => {
	for (const [text, want] of [["5000", 5000], ["5 000,50", 5000.5], ["5\u202f000.5", 5000.5],
		["", null], ["abc", undefined], ["1.2.3", undefined], ["-5", undefined], ["1e3", undefined],
		["100,000", undefined], ["100.000", undefined], ["1.000.000", undefined], ["0.125", 0.125],
		["1000,5", 1000.5]])
		assert.equal(parse_money(text), want, text);
});

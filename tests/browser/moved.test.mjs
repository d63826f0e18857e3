// moved.test.mjs: P/L of the day and what is left, between two snapshots.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startFleet } from "../system/lib.mjs";
import { load, open_page, until, wire_row } from "./lib.mjs";

const { rows_from, merge } = await load("rows.ts");
const fmt = await load("format.ts");

const as_of = Date.parse("2026-11-21T10:00:00.000Z");
const key = "CentBroker-Live/52001001";
const rules = { today_left: 50, total_left: 90, target_left: 100, used_today: 0,
	used_total: 0.1, days_done: 1, days_needed: 4, resets_utc: "2026-11-21T22:00:00.000Z",
	estimated: false };
const pl = { floating: 0, day: 7, total: 20, total_pct: 2, estimated: false };

/* The row after a snapshot and account messages with these figures. */
function row_after(part, ...accounts) {
	const rows = rows_from([wire_row({ pl, rules, phase: { phase: "F1", initial_balance: 1000 },
		account: { balance: 1000, equity: 1000 }, ...part })], as_of);
	for (const { at_utc = "2026-11-21T10:00:05.000Z", ...account } of accounts) {
		const { cash = part.cash } = account;
		const { pl: _, rules: _r, phase: _p, ...w } = wire_row({ at_utc, account, cash });
		for (const r of merge(rows, { ...w, type: "account" }).set)
			rows.set(r.key, r);
	}
	return rows.get(key);
}

test("the day's and the total P/L move with equity, and only by the last message", () => {
	const row = row_after({}, { balance: 1000, equity: 900, profit: -100 },
		{ balance: 1000, equity: 980.1, profit: -19.9 });
	assert.deepEqual(row.pl, { floating: -19.9, day: -12.9, total: 0.1, total_pct: 0.01,
		estimated: false });
});

test("credit is not the account's own", () => {
	assert.equal(row_after({}, { balance: 1000, credit: 500, equity: 1500, profit: 0 }).pl.day, 7);
});

test("an unknown credit is not none", () => {
	const row = row_after({}, { balance: 1000, credit: null, equity: 1500, profit: 0 });
	assert.deepEqual([row.pl.day, row.pl.total, row.rules], [null, null, null]);
});

test("after a deposit nothing is told until the ledger knows of it", () => {
	const row = row_after({ cash: 3 }, { balance: 2000, equity: 2000, profit: 0, cash: 4 });
	assert.deepEqual([row.pl.day, row.pl.total, row.rules], [null, null, null]);
});

test("another balance by trading is exact where the bridge counts deposits", () => {
	const row = row_after({ cash: 3 }, { balance: 1010, equity: 1010, profit: 0 });
	assert.deepEqual([row.pl.day, row.pl.estimated], [17, false]);
});

test("another balance may be a deposit: marked, as the coordinator does", () => {
	const row = row_after({}, { balance: 6000, equity: 6000, profit: 0 });
	assert.equal(row.pl.estimated, true);
	assert.equal(row.rules.estimated, true);
});

test("what is left follows what the rule tests", () => {
	const tests = { today_test: "equity", total_test: "balance", target_test: "higher" };
	const { rules: r } = row_after({ rules: { ...rules, ...tests } },
		{ balance: 1000, equity: 980, profit: -20 });
	assert.deepEqual([r.today_left, r.total_left, r.target_left], [30, 90, 100]);
	assert.equal(r.estimated, false);
});

test("where it is not said what is tested, never more is left than there is", () => {
	const down = row_after({}, { balance: 1000, equity: 980, profit: -20 }).rules;
	assert.deepEqual([down.today_left, down.total_left, down.target_left], [30, 70, 120]);
	assert.equal(down.used_total, 0.3);
	assert.equal(down.used_today, 0.4);
	assert.equal(down.estimated, true);
	const up = row_after({}, { balance: 1000, equity: 1020, profit: 20 }).rules;
	assert.deepEqual([up.today_left, up.total_left, up.target_left], [50, 90, 100]);
	assert.equal(up.estimated, true);
	const same = row_after({}, { balance: 1000, equity: 1000, profit: 0 }).rules;
	assert.equal(same.estimated, false);
});

test("a floor that follows each high rises with it, and stays there", () => {
	const trailing = { ...rules, total_left: 90, used_total: 0.1, total_mode: "trailing",
		total_test: "equity", total_high: "equity", total_room: 10, total_rise: 25, estimated: true };
	const left = (...equities) => row_after({ rules: trailing }, ...equities.map((equity) =>
		({ balance: 1000, equity, profit: equity - 1000 }))).rules.total_left;
	assert.equal(left(1010), 100, "as high as it was: the whole allowance");
	assert.equal(left(1020), 100, "the floor goes along");
	assert.equal(left(1020, 1000), 80, "and does not come back");
	assert.equal(left(1060, 1000), 65, "up to where it is locked");
	assert.equal(left(1060), 125);
});

test("past the reset a floor that follows the days' ends is unknown", () => {
	const at = { at_utc: "2026-11-21T22:00:00.000Z", balance: 1000, equity: 1000, profit: 0 };
	const left = (mode) => row_after({ rules: { ...rules, total_mode: mode } }, at).rules.total_left;
	assert.deepEqual([left("trailing_eod"), left("static")], [null, 90]);
});

test("past the reset the day is unknown until the next snapshot", () => {
	const late = { at_utc: "2026-11-21T22:00:00.000Z", balance: 1000, equity: 990, profit: -10 };
	const row = row_after({}, late);
	assert.equal(row.pl.day, null);
	assert.equal(row.rules.today_left, null);
	assert.equal(row.rules.used_today, null);
	assert.equal(row.rules.total_left, 80);
	/* without rules the broker's midnight ends the day: 21:00 UTC */
	assert.equal(row_after({ rules: null }, late).pl.day, null);
	assert.equal(row_after({ rules: null },
		{ ...late, at_utc: "2026-11-21T20:59:59.000Z" }).pl.day, -3);
});

test("unknown stays unknown; an account never in a snapshot has no such figures", () => {
	const row = row_after({ pl: { ...pl, day: null }, rules: null },
		{ balance: 1000, equity: 900, profit: -100 });
	assert.equal(row.pl.day, null);
	assert.equal(row.rules, null);
	const { set: [fresh] } = merge(new Map(), { type: "account", server: "s", login: "1",
		node: "n", status: "ok", account: { balance: 1, equity: 1, profit: 0 } });
	assert.equal(fresh.pl, null);
});

test("another phase has other limits: unknown until the next snapshot", () => {
	const rows = rows_from([wire_row({ pl, rules, phase: { phase: "F1", holder: "a" } })], as_of);
	const change = (phase) => merge(rows, { type: "phase", server: "CentBroker-Live",
		login: "52001001", phase }).set[0];
	assert.deepEqual(change({ phase: "F1", holder: "b" }).rules, rules);
	const other = change({ phase: "F2", holder: "a" });
	assert.equal(other.rules, null);
	assert.deepEqual([other.pl.day, other.pl.total], [7, null]);
});

async function admin_of(fleet) {
	const headers = { "content-type": "application/json", origin: fleet.url };
	const answer = await fetch(`${fleet.url}/auth/login`, { method: "POST", headers,
		body: JSON.stringify({ user: "admin", password: fleet.password() }) });
	const { csrf } = await answer.json();
	const cookie = answer.headers.get("set-cookie").split(";")[0];
	return async (row, part, body) => {
		const put = await fetch(`${fleet.url}/api/accounts/${encodeURIComponent(row.server)}/` +
		    `${row.login}/${part}`, { method: "PUT", body: JSON.stringify(body),
			headers: { ...headers, cookie, "x-csrf-token": csrf } });
		const text = await put.text();
		assert.equal(put.status, 200, text);
		return JSON.parse(text).phase;
	};
}

test("in the whole system, between two fetches", async (t) => {
	const fleet = await startFleet(t, { nodes: 1, env: { RATE: "0", COLLECT_EVERY: "10" } });
	const served = async () => (await (await fetch(`${fleet.url}/api/accounts`)).json()).accounts[0];
	const first = await served();
	const put = await admin_of(fleet);
	const set = await until("the rule sets", async () => {
		const { rules: sets } = await (await fetch(`${fleet.url}/api/rules`)).json();
		return sets?.find((s) => s.name === "FTMO 2-step");
	}, 40_000);
	const { version } = await put(first, "meta", { rule_set: set.id, version: null });
	await put(first, "phase", { phase: "F1", status: "active", version,
		initial_balance: first.account.balance });
	await until("what is left today, by the server", async () => {
		const row = await served();
		return row.rules?.today_left != null && row.pl.day !== null;
	}, 60_000);
	const page = await open_page(t, `${fleet.url}/#/a/${encodeURIComponent(first.server)}/${first.login}`);
	await until("the socket", async () => await page.textContent(".link .word") === "live");
	const asked = [];
	page.on("request", (r) => { if (r.url().endsWith("/api/accounts")) asked.push(r.url()); });
	const seen = () => page.$$eval(".figures dd .value", (all) => all.map((e) => e.textContent));
	const equity = Math.round(first.account.equity * 99) / 100;
	fleet.control(first.node, `set-equity ${equity}`);
	await until("the new equity", async () => (await seen())[0] === fmt.amount(equity, 2), 10_000);
	const [, , , day, today, total] = await seen();
	assert.equal(asked.length, 0, "nothing was asked for meanwhile");
	const now = await until("the same by the server", async () => {
		const row = await served();
		return row.account.equity === equity && row;
	});
	assert.equal(day, fmt.signed(now.pl.day, 2));
	assert.equal(today, fmt.amount(now.rules.today_left, 2));
	assert.equal(total, fmt.amount(now.rules.total_left, 2));
	assert.deepEqual(page.errors, []);
});

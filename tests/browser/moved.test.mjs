// moved.test.mjs: P/L and what is left, between two fetches. What the gateway
// says of them is tests/unit/live_entry_test.c's.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
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

/* The row after a snapshot and account messages: {account, pl, rules} each. */
function row_after(...messages) {
	const rows = rows_from([wire_row({ pl, rules, phase: { phase: "F1", initial_balance: 1000 },
		account: { balance: 1000, equity: 1000 } })], as_of);
	for (const m of messages) {
		const { pl: _, rules: _r, phase: _p, ...w } = wire_row({
			at_utc: "2026-11-21T10:00:05.000Z", account: m.account });
		for (const r of merge(rows, { ...w, ...m, account: w.account, type: "account" }).set)
			rows.set(r.key, r);
	}
	return rows.get(key);
}

test("P/L and what is left are the last message's own", () => {
	const account = { balance: 1000, equity: 980.1, profit: -19.9 };
	const told = { floating: -19.9, day: -12.9, total: 0.1, total_pct: 0.01, estimated: false };
	const row = row_after({ account, pl: { ...told, day: -50 }, rules },
		{ account, pl: told, rules: { ...rules, today_left: 30.1 } });
	assert.deepEqual(row.pl, told);
	assert.equal(row.rules.today_left, 30.1);
	assert.equal(row.phase.phase, "F1");
});

test("a message that does not know them leaves nothing of what was known before", () => {
	const account = { balance: 1000, equity: 900, profit: -100 };
	const nothing = { floating: -100, day: null, total: null, total_pct: null, estimated: false };
	const row = row_after({ account, pl: nothing, rules: null });
	assert.deepEqual([row.pl, row.rules], [nothing, null]);
	const silent = row_after({ account });
	assert.deepEqual([silent.pl, silent.rules], [null, null]);
});

test("another phase has other limits: unknown until the server says them", () => {
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
	const page = await open_page(t, "about:blank");
	const messages = [];
	page.on("websocket", (ws) => ws.on("framereceived", (f) => messages.push(JSON.parse(f.payload))));
	await page.goto(`${fleet.url}/#/a/${encodeURIComponent(first.server)}/${first.login}`);
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
	/* what was said on the way is what docs/openapi.yaml promises */
	const fits = (schema, list) => {
		assert.ok(list.length > 0, schema);
		const file = join(fleet.state, `${schema}.jsonl`);
		writeFileSync(file, list.map((m) => JSON.stringify(m) + "\n").join(""));
		execFileSync(process.execPath, ["tests/cgi/openapi.mjs", "is", schema, file]);
	};
	const of_type = (type) => messages.filter((m) => m.type === type);
	fits("AccountMessage", of_type("account"));
	fits("HelloMessage", of_type("hello"));
	fits("HeartbeatMessage", [await until("a heartbeat", () => of_type("heartbeat")[0])]);
	fits("Accounts", [await (await fetch(`${fleet.url}/api/accounts`)).json()]);
	fits("Account", [await (await fetch(`${fleet.url}/api/accounts/` +
	    `${encodeURIComponent(first.server)}/${first.login}`)).json()]);
});

// rows.test.mjs: snapshot and messages → rows: no old value made new, none live
// that is not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, wire_row } from "./lib.mjs";

const { rows_from, merge, rebase, compare_ids, is_live, shown_status, STALE_AFTER_MS } =
	await load("rows.ts");

const as_of = Date.parse("2026-11-21T10:00:00.000Z");
const key = "CentBroker-Live/52001001";

function base(...rows) {
	return rows_from(rows.length ? rows : [wire_row()], as_of);
}

/* The rows after these messages. */
function after(rows, ...messages) {
	for (const m of messages) {
		const { set, drop } = merge(rows, m);
		for (const k of drop) rows.delete(k);
		for (const r of set) rows.set(r.key, r);
	}
	return rows;
}

test("a row's values are as old as the server said", () => {
	assert.equal(base(wire_row({ age_s: 1.5 })).get(key).at_ms, as_of - 1500);
	assert.equal(base(wire_row({ at_utc: "2026-11-21T09:59:00.000Z", age_s: null }))
		.get(key).at_ms, as_of - 60_000);
	assert.equal(base(wire_row({ age_s: null })).get(key).at_ms, null);
});

test("a node that shows no account has a row, and no number", () => {
	const row = base({ server: null, login: null, node: "vps07", status: "unreachable" })
		.get("node:vps07");
	assert.equal(row.account, null);
	assert.equal(row.positions, null);
	assert.equal(row.at_ms, null);
});

test("an account message replaces values and keeps the phase", () => {
	const phase = { phase: "F1", status: "active" };
	const rows = base(wire_row({ phase, rules: { today_left: 5, days_done: 2 } }));
	after(rows, { type: "account", server: "CentBroker-Live", login: "52001001",
		node: "vps01", status: "ok", at_utc: "2026-11-21T10:00:05.000Z",
		account: { login: "52001001", balance: 100, equity: 90, profit: -10 },
		terminal: { connected: true }, positions: 2, orders: 0,
		rules: { today_left: -5, days_done: 2 } });
	const row = rows.get(key);
	assert.equal(row.account.profit, -10);
	assert.equal(row.positions, 2);
	assert.equal(row.at_ms, as_of + 5000);
	assert.deepEqual(row.phase, phase);
	assert.equal(row.rules.days_done, 2);
	assert.equal(row.rules.today_left, -5);
});

test("null in a message is unknown and stands; absent is kept", () => {
	const rows = base(wire_row({ positions: 3, orders: 1 }));
	after(rows, { ...wire_row({ positions: null, at_utc: "2026-11-21T10:00:05.000Z" }),
		type: "account", orders: undefined });
	assert.equal(rows.get(key).positions, null);
	assert.equal(rows.get(key).orders, 1);
});

test("a status message keeps the values and their age", () => {
	const rows = base();
	after(rows, { type: "status", server: "CentBroker-Live", login: "52001001",
		node: "vps01", status: "unreachable", since_utc: "2026-11-21T10:00:09.000Z",
		error: "connection refused" });
	const row = rows.get(key);
	assert.equal(row.status, "unreachable");
	assert.equal(row.error, "connection refused");
	assert.equal(row.account.balance, 100);
	assert.equal(row.at_ms, as_of - 1000);
	assert.equal(is_live(row, as_of), false);
});

test("a node's status without an account reaches all its rows, and makes none live", () => {
	const rows = base(wire_row(), wire_row({ login: "2" }), wire_row({ login: "3", node: "vps02" }));
	after(rows, { type: "status", server: null, login: null, node: "vps01",
		status: "unreachable" });
	assert.deepEqual([...rows.values()].map((r) => r.status), ["unreachable", "unreachable", "ok"]);
	after(rows, { type: "status", server: null, login: null, node: "vps01", status: "ok" });
	assert.equal(rows.get(key).status, "unreachable");
});

test("the first account of a node takes the place of the node's row", () => {
	const rows = base({ server: null, login: null, node: "vps01", status: "not_logged_in" });
	after(rows, { ...wire_row(), type: "account" });
	assert.deepEqual([...rows.keys()], [key]);
});

test("an account on two nodes is one row: the live one", () => {
	const old = wire_row({ node: "vps01", status: "stale", age_s: 500 });
	const live = wire_row({ node: "vps02" });
	assert.equal(base(old, live).get(key).node, "vps02");
	assert.equal(base(live, old).get(key).node, "vps02");
});

test("what an account's former node says is no news", () => {
	const rows = base(wire_row({ node: "vps02" }));
	after(rows, { type: "status", server: "CentBroker-Live", login: "52001001",
		node: "vps01", status: "wrong_account" });
	assert.equal(rows.get(key).status, "ok");
	after(rows, { ...wire_row({ node: "vps01", status: "stale" }), type: "account" });
	assert.equal(rows.get(key).node, "vps02");
});

test("a phase message moves the phase alone; one for nobody moves nothing", () => {
	const rows = base();
	after(rows, { type: "phase", server: "CentBroker-Live", login: "52001001",
		phase: { phase: "F2" } },
	{ type: "phase", server: "CentBroker-Live", login: "9", phase: { phase: "R" } });
	assert.deepEqual(rows.get(key).phase, { phase: "F2" });
	assert.equal(rows.size, 1);
});

test("messages newer than a late snapshot are played again, older ones not", () => {
	const message = (id, profit) => ({ ...wire_row({ account: { profit },
		at_utc: "2026-11-21T10:00:05.000Z" }), type: "account", id });
	const seen = [message("100-0", 1), message("100-1", 2), message("101-0", 3)];
	assert.equal(rebase(base(), "100-1", seen).get(key).account.profit, 3);
	assert.equal(rebase(base(), "101-0", seen).get(key).account.profit, 0);
	assert.equal(rebase(base(), null, seen).get(key).account.profit, 3);
});

test("a snapshot of an emptied Redis is not overwritten by what is older", () => {
	const seen = [{ ...wire_row({ account: { profit: 9 },
		at_utc: "2026-11-21T09:59:30.000Z" }), type: "account", id: "100-0" }];
	assert.equal(rebase(base(), "0-0", seen).get(key).account.profit, 0);
});

test("stream ids are compared by value", () => {
	assert.ok(compare_ids("9-0", "10-0") < 0);
	assert.ok(compare_ids("10-2", "10-10") < 0);
	assert.equal(compare_ids("10-1", "10-1"), 0);
});

test("a live word on old values is stale; an unknown word is not live", () => {
	const row = base().get(key);
	assert.equal(shown_status(row, as_of), "ok");
	assert.equal(is_live(row, row.at_ms + STALE_AFTER_MS), true);
	assert.equal(is_live(row, row.at_ms + STALE_AFTER_MS + 1), false);
	assert.equal(shown_status(row, row.at_ms + STALE_AFTER_MS + 1), "stale");
	assert.equal(is_live({ ...row, at_ms: null }, as_of), false);
	assert.equal(is_live({ ...row, status: "quantum" }, as_of), false);
	for (const live of ["read_only", "trading_disabled", "history_syncing"])
		assert.equal(is_live({ ...row, status: live }, as_of), true, live);
});

// rules.test.mjs: each rule of an account in plain words, in the drawer and in
// the table; the words of each kind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startFleet } from "../system/lib.mjs";
import { load, open_page, until, wire_row } from "./lib.mjs";

const { rows_from } = await load("rows.ts");
const { rule_text, other_lines, nearest_line, rule_label } = await load("rule_lines.ts");

const none = { level: null, size: null, value: null, left: null, used: null, test: "equity",
	mode: "static", high: "balance", breach: "below", room: null, rise: null, due_utc: null,
	seconds: null, warns: false, needs: null, broken: false, estimated: false };
const line = (kind, unit, part) => ({ ...none, kind, unit, ...part });

function row_with(...lines) {
	const rows = rows_from([wire_row({ rule_lines: lines,
		account: { currency: "USD", currency_digits: 2 } })], 0);
	return [...rows.values()][0];
}

test("each rule says what is left, or by when something has to happen", () => {
	const due_utc = "2026-12-01T22:00:00.000Z";
	for (const [text, kind, unit, part] of [
		["300.00 USD left of 500.00 USD", "floating_loss", "money", { left: 300, size: 500 }],
		["exceeded by 12.50 USD", "floating_loss", "money", { left: -12.5, size: 500 }],
		["2 of 4 days", "min_trading_days", "days", { level: 4, value: 2 }],
		["52.5 % of the profit, 50 % at most; not kept", "best_day", "percent",
			{ level: 50, value: 52.5, broken: true }],
		["12 days left, until 2026-12-01 22:00", "max_days", "days",
			{ level: 30, left: 12, due_utc }],
		["30 days from the first trade", "max_days", "days", { level: 30, left: 30 }],
		["1 day left, by 2026-12-01 22:00", "inactivity_days", "days",
			{ level: 30, left: 1, due_utc }],
		["2.5 of 3 lots", "max_lots", "lots", { level: 3, value: 2.5, left: 0.5 }],
		["4.5 % within 60 s, 5 % at most", "min_hold", "percent",
			{ level: 5, value: 4.5, seconds: 60 }],
		["0 % within 90 s, none allowed", "min_hold", "percent",
			{ level: 0, value: 0, seconds: 90 }],
		["2 open without one, due within 60 s, by 2026-12-01 22:00", "stop_loss", "positions",
			{ level: 0, value: 2, seconds: 60, due_utc }],
		["each open position has one", "stop_loss", "positions", { level: 0, value: 0, seconds: 60 }],
		["nothing is open, by 2026-12-01 22:00", "flat", "positions", { level: 0, value: 0, due_utc }],
		["3 open, by 2026-12-01 22:00; not kept", "flat", "positions",
			{ level: 0, value: 3, due_utc, broken: true }],
		["3 lots at most; cannot be judged without all deals", "max_lots", "lots",
			{ level: 3, needs: "all deals" }],
	])
		assert.equal(rule_text(line(kind, unit, part), row_with(), "utc")
			.replace(/\s/gu, " "), text, kind);
});

test("the one that asks for a look first stands in the table", () => {
	const lots = line("max_lots", "lots", { level: 3, value: 2.9, used: 0.97 });
	const days = line("min_trading_days", "days", { level: 4, value: 4, used: 1 });
	const loss = line("daily_loss", "money", { left: 1, used: 0.99 });
	const flat = line("flat", "positions", { value: 1, used: 0.1, broken: true });
	assert.equal(nearest_line(row_with(loss)), null);
	assert.deepEqual(other_lines(row_with(loss, days, lots)).map((l) => l.kind),
		["min_trading_days", "max_lots"]);
	assert.equal(nearest_line(row_with(days, lots)).kind, "max_lots");
	assert.equal(nearest_line(row_with(days, lots, flat)).kind, "flat");
	assert.equal(rule_label(flat), "All closed");
});

async function log_in(fleet) {
	const headers = { "content-type": "application/json", origin: fleet.url };
	const answer = await fetch(`${fleet.url}/auth/login`, { method: "POST", headers,
		body: JSON.stringify({ user: "admin", password: fleet.password() }) });
	const { csrf } = await answer.json();
	const cookie = answer.headers.get("set-cookie").split(";")[0];
	return { csrf, cookie, headers: { ...headers, cookie, "x-csrf-token": csrf } };
}

test("in the whole system: a rule of trading in drawer and table, a path tried on its page", async (t) => {
	const fleet = await startFleet(t, { nodes: 1, env: { RATE: "0", COLLECT_EVERY: "10" } });
	const served = async () => (await (await fetch(`${fleet.url}/api/accounts`)).json()).accounts[0];
	const first = await served();
	const { cookie, headers } = await log_in(fleet);
	const set = await until("the rule sets", async () => {
		const { rules: sets } = await (await fetch(`${fleet.url}/api/rules`)).json();
		return sets?.find((s) => s.name === "Blue Guardian Futures 50K");
	}, 60_000);
	const put = async (part, body) => {
		const answer = await fetch(`${fleet.url}/api/accounts/${encodeURIComponent(first.server)}/` +
		    `${first.login}/${part}`, { method: "PUT", headers, body: JSON.stringify(body) });
		const text = await answer.text();
		assert.equal(answer.status, 200, text);
		return JSON.parse(text).phase;
	};
	const { version } = await put("meta", { rule_set: set.id, version: null });
	await put("phase", { phase: "F1", status: "active", version,
		initial_balance: first.account.balance });
	const row = await until("the line of the lots", async () => {
		const now = await served();
		return now.rule_lines?.some((l) => l.kind === "max_lots") && now;
	}, 120_000);
	const lots = row.rule_lines.find((l) => l.kind === "max_lots");
	assert.deepEqual([lots.unit, lots.level, lots.warns], ["lots", 3, true]);
	const page = await open_page(t, `${fleet.url}/#/a/${encodeURIComponent(first.server)}/${first.login}`);
	const text = await until("the line in the drawer", () =>
		page.textContent(".rules [data-kind=max_lots]").catch(() => null), 30_000);
	assert.match(text.replace(/\s/gu, " "), /Lots open.*of 3 lots/);
	assert.deepEqual(page.errors, []);

	await page.context().addCookies([{ name: cookie.split("=")[0], value: cookie.split("=")[1],
		url: fleet.url }]);
	await page.goto(`${fleet.url}/admin/rules/${set.id}`);
	await page.fill("textarea[name=path]", "reset 52600\nreset 54000");
	await page.fill("input[name=initial]", "50000");
	await page.fill("input[name=phase]", "R");
	await page.click("text=Show the floors");
	const cells = await page.$$eval("#steps tbody tr:last-child td", (all) => all.map((e) => e.textContent));
	assert.deepEqual(cells, ["50100", "3900", "52750", "1250", "1250", "none", "3"]);
	assert.equal(await page.inputValue("textarea[name=path]"), "reset 52600\nreset 54000");
});

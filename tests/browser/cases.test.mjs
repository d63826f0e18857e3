// cases.test.mjs: odd histories (tests/cases/) in a whole fleet: what the API,
// the CSV and the page in Chromium say of them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parseCsv, startFleet, tmp } from "../system/lib.mjs";
import { load, open_page, until } from "./lib.mjs";

const fmt = await load("format.ts");
const CASES = "tests/cases";
const NAMES = ["dst-page-time", "netting-never-flat", "scale-out-days", "ties-drawdown",
	"vnd-40bn/vnd-40bn-0", "vnd-40bn/vnd-40bn-1", "vnd-40bn/vnd-40bn-2"];
const json = async (url) => (await fetch(url)).json();
const api = (fleet, account, tail) => `${fleet.url}/api/accounts/${account}/${tail}`;
const field = (page, name) => page.locator("#tabpanel .fields div", { hasText: name })
	.first().locator("dd").textContent();

function recordings(t) {
	const dir = tmp(t, "mt5f-cases-");
	for (const name of NAMES)
		fs.cpSync(path.join(CASES, name), path.join(dir, path.basename(name)),
			{ recursive: true });
	return dir;
}

async function open_statistics(t, fleet, account) {
	const page = await open_page(t, `${fleet.url}/#/a/${account}/statistics`);
	await page.waitForSelector(".calendar .net");
	return page;
}

/* "2026-11-09: +1 793.00 USD, 1 closing deals" of each day of a month */
async function days_shown(page) {
	const titles = await page.$$eval(".calendar td[title]", (all) => all.map((e) => e.title));
	return titles.filter((text) => !text.includes("nothing") && !text.includes(", 0 closing"))
		.map((text) => text.replace(/ USD.*/, ""));
}

async function closed_on_two_days(t, fleet) {
	const account = "Case-Demo/940001";
	const { days, statistics: s } = await json(api(fleet, account, "statistics"));
	assert.deepEqual(days.filter((d) => d.results).map((d) => [d.date, d.net]),
		[["2026-11-09", 1793], ["2026-11-13", -510]]);
	assert.deepEqual([s.net, s.results, s.trades_closed], [1283, 2, 1]);
	const page = await open_statistics(t, fleet, account);
	assert.deepEqual(await days_shown(page),
		[`2026-11-09: ${fmt.signed(1793, 2)}`, `2026-11-13: ${fmt.signed(-510, 2)}`]);
	assert.match(await field(page, "net"), /1\u202f283\.00/);
	assert.deepEqual(page.errors, []);
}

async function never_flat(t, fleet) {
	const won = [300, -120, 80, -400, 150, 90, -60, 500];
	const account = "Case-Demo/940002";
	const { days, statistics: s } = await json(api(fleet, account, "statistics"));
	assert.deepEqual(days.filter((d) => d.results).map((d) => d.net), won);
	assert.deepEqual([s.net, s.results, s.trades_open], [540, 8, 1]);
	const page = await open_statistics(t, fleet, account);
	assert.deepEqual((await days_shown(page)).map((text) => text.slice(12)),
		won.map((n) => fmt.signed(n, 2)));
	assert.equal(await field(page, "closing deals"), "8");
	assert.match(await field(page, "net"), /540\.00/);
}

async function ties(t, fleet) {
	const account = "Case-ties-drawdown/996001";
	assert.equal((await json(api(fleet, account, "statistics"))).statistics.max_drawdown, -300);
	const page = await open_statistics(t, fleet, account);
	assert.equal(await field(page, "max drawdown"), fmt.amount(-300, 2));
}

/* The page shows the deals' own UTC, whatever the broker's offset is now. */
async function old_times(t, fleet) {
	const account = "Case-dst-page-time/990001";
	const { trades } = await json(api(fleet, account, "trades"));
	assert.equal(trades[0].time_close_utc, "2026-11-20T07:06:00.123Z");
	for (const offset of [10800, 7200]) {
		const page = await open_page(t, `${fleet.url}/favicon.svg`);
		/* without the socket, so that the answer below is all it hears */
		await page.route("**/ws**", (route) => route.abort());
		await page.route("**/api/accounts", async (route) => {
			const response = await route.fetch();
			const body = await response.json();
			for (const row of body.accounts)
				row.broker_offset_s = offset;
			await route.fulfill({ response, json: body });
		});
		await page.goto(`${fleet.url}/#/a/${account}/trades`);
		await page.waitForSelector("#tabpanel tbody time");
		await page.selectOption(".zone select", "utc");
		const when = () => page.getAttribute("#tabpanel tbody time >> nth=0", "title");
		assert.match(await when(), /2026-11-20 07:06:00 UTC/, `offset ${offset}`);
		await page.selectOption(".zone select", "broker");
		assert.match(await when(), /2026-11-20 10:06:00/, `offset ${offset}`);
	}
}

/* A sample of July by the broker's clock of July, whatever its offset is now. */
async function moments_of_summer(t, fleet, account) {
	await until("the zone in the row", async () => (await json(`${fleet.url}/api/accounts`))
		.accounts.find((r) => `${r.server}/${r.login}` === account)?.broker_zone === "New York close");
	const page = await open_page(t, `${fleet.url}/favicon.svg`);
	await page.route(/\/equity\?/, async (route) => {
		const response = await route.fetch();
		const body = await response.json();
		body.equity = ["2026-07-01T21:30:00Z", "2026-07-01T21:45:00Z", "2026-11-20T21:45:00Z"]
			.map((at) => ({ at_utc: at, balance: 100, credit: 0, equity: 100,
				low: 100, high: 100 }));
		await route.fulfill({ response, json: body });
	});
	await page.goto(`${fleet.url}/#/a/${account}/equity`);
	await page.waitForSelector("#tabpanel details");
	await page.selectOption(".zone select", "broker");
	const shown = await page.$$eval("#tabpanel details tbody th", (all) => all.map((e) => e.textContent));
	assert.deepEqual(shown, ["2026-07-02 00:30", "2026-07-02 00:45", "2026-11-20 23:45"]);
	assert.deepEqual(page.errors, []);
}

/* A person says the zone: times, and their mark, follow in API and page. */
async function a_zone_is_set(t, fleet) {
	const account = "Case-dst-page-time/990001";
	const env = { ...process.env, MT5FLEET_CONFIG: path.join(fleet.state, "mt5fleet.env") };
	const zone = (...args) => execFileSync(path.join(process.env.BUILD ?? "build", "bin/mt5fleet"),
		["zone", ...args], { env, encoding: "utf8" });
	assert.match(zone("list"), /Case-dst-page-time\n +zone +not known/);
	zone("set", "Case-dst-page-time", "New York close");
	/* in November that is UTC+2 */
	const { trades, history } = await json(api(fleet, account, "trades"));
	assert.equal(trades[0].time_close_utc, "2026-11-20T08:06:00.123Z");
	assert.equal(trades[0].time_utc_estimated, false);
	assert.equal(history.broker_zone, "New York close");
	const page = await open_page(t, `${fleet.url}/#/a/${account}/trades`);
	await page.waitForSelector("#tabpanel tbody time");
	await page.selectOption(".zone select", "utc");
	assert.match(await page.getAttribute("#tabpanel tbody time >> nth=0", "title"),
		/^2026-11-20 08:06:00 UTC$/);
	await moments_of_summer(t, fleet, account);
	zone("set", "Case-dst-page-time", "proposed");
}

async function three_times_40_billion(t, fleet) {
	const { totals } = await until("all three", async () => {
		const all = await json(`${fleet.url}/api/accounts`);
		return all.totals.find((g) => g.currency === "VND")?.accounts === 3 ? all : null;
	}, 60_000);
	const vnd = totals.find((g) => g.currency === "VND");
	assert.deepEqual([vnd.balance, vnd.equity, vnd.profit, vnd.left_out],
		[120003000000, 120003000000, 0, 0]);
	const csv = parseCsv(await (await fetch(`${fleet.url}/api/export/trades.csv`)).text());
	assert.deepEqual(csv.filter((r) => r.currency === "VND").map((r) => r.net),
		["1000000", "1000000", "1000000"]);
	const page = await open_page(t, `${fleet.url}/`);
	await page.waitForSelector("tfoot");
	const sum = fmt.amount(120003000000, 0);
	const line = page.locator("tfoot tr", { hasText: "VND" });
	assert.equal((await line.locator(".c-balance").textContent()).trim(), sum);
	assert.match(await page.textContent("tr.total:has-text('VND')"), new RegExp(sum));
	/* an account's own history, with amounts beyond 1e11 */
	await page.goto(`${fleet.url}/#/a/Case-vnd-40bn-0/995001/cashflows`);
	await page.getByText(fmt.amount(40000000000, 0)).first().waitFor();
	assert.deepEqual(page.errors, []);
}

const cases = { closed_on_two_days, never_flat, ties, old_times, a_zone_is_set,
	three_times_40_billion };

test("odd histories in the browser", async (t) => {
	const fleet = await startFleet(t, { nodes: NAMES.length, recordings: recordings(t),
		env: { RATE: "0.1" } });
	await until("all histories", async () => {
		const rows = (await json(`${fleet.url}/api/accounts`)).accounts;
		const states = await Promise.all(rows.map(async (r) => r.server &&
			(await json(`${fleet.url}/api/accounts/${encodeURIComponent(r.server)}/${r.login}` +
				"/trades?limit=1")).history?.state));
		return rows.length === NAMES.length && states.every((s) => s === "ok");
	}, 120_000);
	for (const [name, run] of Object.entries(cases))
		await t.test(name.replaceAll("_", " "), (t) => run(t, fleet));
});

// drawer.test.mjs: an account's past in Chromium, against what the ledger has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RECORDINGS, startFleet } from "../system/lib.mjs";
import { load, open_page, until } from "./lib.mjs";

const fmt = await load("format.ts");

/* The recorded account with the most trades. */
const ACCOUNT = "Tester-Demo/60000001";
const account = (fleet, tail) => `${fleet.url}/api/accounts/${ACCOUNT}/${tail}`;
const json = async (url) => (await fetch(url)).json();
const panel = (page) => page.textContent("#tabpanel");
const open_tab = (t, fleet, tab) => open_page(t, `${fleet.url}/#/a/${ACCOUNT}/${tab}`);

async function all_of(fleet, name) {
	const list = [];
	for (let after = ""; ;) {
		const page = await json(account(fleet, `${name}?limit=1000${after}`));
		list.push(...page[name]);
		if (!page.next)
			return list;
		after = `&after=${page.next}`;
	}
}

/* What the page must show, from the deals alone, in cents. */
async function wanted(fleet) {
	const cents = (d) => [d.profit, d.commission, d.swap, d.fee]
		.reduce((sum, v) => sum + Math.round(v * 100), 0);
	const deals = (await all_of(fleet, "deals")).filter((d) => !d.excluded)
		.map((d) => ({ ...d, own: cents(d), date: new Date(d.time_msc).toISOString().slice(0, 10) }));
	const traded = deals.filter((d) => d.type < 2 && d.position_id !== "0");
	const costs = deals.filter((d) => (d.type < 2 && d.position_id === "0") || d.type === 4 ||
		d.type >= 7 && d.type <= 18);
	const days = new Map();
	let sum = 0, peak = 0, drawdown = 0;
	for (const d of [...traded, ...costs].sort((a, b) => a.time_utc < b.time_utc ? -1 :
	    a.time_utc > b.time_utc ? 1 : Number(BigInt(a.ticket) - BigInt(b.ticket)))) {
		days.set(d.date, (days.get(d.date) ?? 0) + d.own);
		sum += d.own;
		peak = Math.max(peak, sum);
		drawdown = Math.min(drawdown, sum - peak);
	}
	return { net: sum / 100, max_drawdown: drawdown / 100, days,
		results: traded.filter((d) => d.entry > 0 && (d.reason < 7 || d.reason > 9)).length };
}

async function trades_open_to_deals(t, fleet) {
	const page = await open_tab(t, fleet, "trades");
	const first = (await json(account(fleet, "trades?limit=1"))).trades[0];
	await page.click("#tabpanel .toggle >> nth=0");
	await page.waitForSelector(".detail tbody tr");
	assert.equal(await page.locator(".detail tbody tr").count(), first.deals);
	assert.equal(await page.getAttribute("#tabpanel .toggle >> nth=0", "aria-expanded"), "true");
	const { deals } = await json(account(fleet,
		`deals?limit=${first.deals * 20}&order=newest`));
	const own = deals.filter((d) => d.position_id === first.position_id).map((d) => d.ticket);
	const seen = await page.$$eval(".detail tbody th", (all) => all.map((e) => e.textContent));
	assert.deepEqual(seen.sort(), own.sort());
	assert.deepEqual(page.errors, []);
}

async function statistics(t, fleet) {
	const page = await open_tab(t, fleet, "statistics");
	await page.waitForSelector(".calendar");
	const want = await wanted(fleet);
	assert.ok(want.results > 2000, "more than two pages of them");
	const field = (name) => page.locator("#tabpanel .fields div", { hasText: name })
		.first().locator("dd").textContent();
	assert.equal(await field("closing deals"), fmt.count(want.results));
	assert.equal((await field("net")).replace(/[▲▼]/, ""), fmt.signed(want.net, 2));
	assert.match(await field("max drawdown"), new RegExp(`^${fmt.amount(want.max_drawdown, 2)}$`));
	const before = await page.textContent(".calendar caption");
	const titles = await page.$$eval(".calendar td[title]", (all) => all.map((e) => e.title));
	for (const title of titles.filter((text) => !text.includes("nothing")))
		assert.equal(title.split(":")[1].trim().split(" USD")[0].replace(/ $/, ""),
			fmt.signed(want.days.get(title.slice(0, 10)) / 100, 2), title);
	assert.ok(titles.some((text) => text.includes("closing deals")));
	await page.click("text=←");
	assert.notEqual(await page.textContent(".calendar caption"), before);
	assert.deepEqual(page.errors, []);
}

/* A figure that is cut is another figure. */
async function fits_a_phone(t, fleet) {
	const page = await open_page(t, `${fleet.url}/#/a/${ACCOUNT}/statistics`,
		{ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
	await page.waitForSelector(".calendar .net");
	for (let month = 0; month < 12; month++) {
		const over = await page.$$eval(".calendar .net", (all) => all.filter((e) =>
			e.scrollWidth > e.clientWidth).map((e) => e.textContent));
		assert.deepEqual(over, []);
		await page.click("text=←");
	}
}

async function difference_is_shown(t, fleet) {
	const rows = (await json(`${fleet.url}/api/accounts`)).accounts;
	const off = await until("an account whose deals do not add up", async () => {
		for (const r of rows) {
			const { history } = await json(`${fleet.url}/api/accounts/` +
				`${encodeURIComponent(r.server)}/${r.login}/trades?limit=1`);
			if (history?.difference)
				return { r, history };
		}
		return null;
	}, 60_000);
	const page = await open_page(t, `${fleet.url}/#/a/` +
		`${encodeURIComponent(off.r.server)}/${off.r.login}/cashflows`);
	const a = off.r.account;
	await page.getByText(`by ${fmt.money(off.history.difference, a.currency, a.currency_digits)}: ` +
		off.history.difference_note).waitFor();
}

async function curve(t, fleet) {
	await until("two samples", async () =>
		(await json(account(fleet, "equity?range=1d"))).equity?.length >= 2, 90_000);
	const page = await open_tab(t, fleet, "equity");
	await page.click(".chip:has-text('1D')");
	await page.waitForSelector("[role=img].chart canvas");
	assert.equal(await page.locator(".chart canvas").count(), 2);
	assert.match(await page.getAttribute(".chart >> nth=0", "aria-label"), /equity from [\d\s.]+USD to/);
	await page.click(".chip:has-text('%')");
	await page.click("summary:has-text('As a table')");
	assert.ok(await page.locator("#tabpanel details tbody tr").count() >= 2);
	assert.deepEqual(page.errors, []);
}

async function clocks(t, fleet) {
	const page = await open_tab(t, fleet, "cashflows");
	await page.waitForSelector("#tabpanel tbody tr");
	const when = () => page.getAttribute("#tabpanel tbody time >> nth=0", "title");
	assert.match(await page.textContent(".zone"), /broker\s*\(UTC [+−]/);
	const seen = new Set();
	for (const zone of ["utc", "broker"]) {
		await page.selectOption(".zone select", zone);
		seen.add(await when());
	}
	assert.equal(seen.size, 2, [...seen].join());
}

async function status_changes(t, fleet) {
	const row = (await json(`${fleet.url}/api/accounts`)).accounts[0];
	const page = await open_page(t, `${fleet.url}/#/a/` +
		`${encodeURIComponent(row.server)}/${row.login}/connection`);
	await page.getByText("No change of status since").waitFor();
	await page.waitForSelector(".strip .beat");
	assert.equal(await page.locator(".strip .beat").count(), 96);
	fleet.control(row.node, "lose-broker");
	await until("the change", async () => /→ broker offline/.test(await panel(page)), 30_000);
	fleet.control(row.node, "regain-broker");
	await until("the way back", async () => await page.locator(".log li").count() >= 2, 30_000);
	assert.deepEqual(page.errors, []);
}

const cases = { trades_open_to_deals, statistics, fits_a_phone, difference_is_shown, curve, clocks, status_changes };

test("an account's past", { skip: !RECORDINGS && "no recordings here" }, async (t) => {
	const fleet = await startFleet(t, { nodes: 8, recordings: RECORDINGS,
		env: { RATE: "0.1", COLLECT_EVERY: "20" } });
	await until("the trades of the long account", async () =>
		(await json(account(fleet, "trades?limit=1"))).history?.state === "ok", 120_000);
	for (const [name, run] of Object.entries(cases))
		await t.test(name.replaceAll("_", " "), (t) => run(t, fleet));
});

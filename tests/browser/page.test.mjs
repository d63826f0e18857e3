// page.test.mjs: the page in Chromium, before a whole fleet.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { execFileSync } from "node:child_process";
import { sql } from "../system/ledger_lib.mjs";
import { RECORDINGS, startFleet } from "../system/lib.mjs";
import { load, open_page, until } from "./lib.mjs";

const fmt = await load("format.ts");
const NODES = 9;

const keys = (page) => page.$$eval("[data-key]", (all) => all.map((e) => e.dataset.key));
const names = (page) => page.$$eval("tbody th .name", (all) => all.map((e) => e.textContent));
const cell = (page, key, id) => page.locator(`tr[data-key="${key}"] td.c-${id} .value`).first().textContent();
const rows_there = (page, n = NODES) => until(`${n} rows`, async () => (await keys(page)).length === n);
const WIDE = { viewport: { width: 1700, height: 900 } };
const hash = (page) => page.evaluate(() => location.hash);

async function accounts(fleet) {
	return (await (await fetch(`${fleet.url}/api/accounts`)).json()).accounts;
}

function key_of(row) {
	return `${row.server}/${row.login}`;
}

async function shows_every_account(t, fleet) {
	const page = await open_page(t, fleet.url, WIDE);
	await rows_there(page);
	const rows = await accounts(fleet);
	assert.deepEqual((await keys(page)).sort(), rows.map(key_of).sort());
	/* a recorded account without positions stands still: its figures are comparable */
	const still = rows.filter((r) => r.positions === 0 &&
		r.account.name !== "Generated account");
	for (const row of still) {
		const a = row.account;
		assert.equal(await cell(page, key_of(row), "profit"), fmt.signed(0, a.currency_digits));
		assert.equal(await cell(page, key_of(row), "margin_level"), "–");
		assert.equal(await cell(page, key_of(row), "day"), "–");
	}
	assert.deepEqual(page.errors, []);
}

async function sorted_by_pl(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	const sorted = await page.$$eval("thead th[aria-sort]", (all) =>
		all.map((e) => [e.textContent.trim(), e.getAttribute("aria-sort")]));
	assert.deepEqual(sorted, [["P/L↓", "descending"]]);
	await page.click("thead th.c-profit button");
	assert.equal(await page.getAttribute("thead th.c-profit", "aria-sort"), "ascending");
	assert.equal(await hash(page), "#/?dir=asc");
	await page.click("thead th.c-name button");
	assert.equal(await page.getAttribute("thead th.c-profit", "aria-sort"), null);
	const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
	const seen = await names(page);
	assert.deepEqual(seen, [...seen].sort(collator.compare));
	await page.goBack();
	assert.equal(await page.getAttribute("thead th.c-profit", "aria-sort"), "ascending");
}

async function filters(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	const rows = await accounts(fleet);
	const usd = rows.filter((r) => r.account.currency === "USD");
	assert.ok(usd.length > 0 && usd.length < NODES, "the fleet has several currencies");
	const chip = page.locator(".chips[aria-label=Currency] .chip", { hasText: "USD" });
	assert.equal(await chip.locator(".n").textContent(), String(usd.length));
	await chip.click();
	await rows_there(page, usd.length);
	assert.equal(await hash(page), "#/?currency=USD");
	assert.match(await page.textContent(".filters .of"),
		new RegExp(`^${usd.length} of ${NODES} accounts shown`));
	const tiles = await page.$$eval("tr.total .label", (all) => all.map((e) => e.textContent));
	assert.ok(tiles.length > 0 && tiles.every((text) => text.startsWith("USD ")), tiles.join());
	await page.keyboard.press("/");
	await page.keyboard.type(usd[0].login);
	await rows_there(page, 1);
	await page.keyboard.press("Escape");
	await rows_there(page, usd.length);
	await page.goBack();
	await rows_there(page);
	await page.fill("#search", "no account is called so");
	await page.getByText("No matching accounts").waitFor();
	await page.click("text=Clear the filter");
	await rows_there(page);
}

async function sums_are_right(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	const { totals } = await (await fetch(`${fleet.url}/api/accounts`)).json();
	const at_rest = totals.filter((s) => s.profit === 0);
	const foot = await page.$$eval("tfoot tr", (all) => all.map((tr) => [
		tr.querySelector("th").firstChild.parentNode.textContent,
		tr.querySelector("td.c-balance").childNodes[0].textContent]));
	assert.equal(foot.length, totals.length);
	for (const s of at_rest) {
		const name = `Total ${s.currency} ${fmt.trade_mode(s.trade_mode)}`;
		const line = foot.find(([text]) => text.includes(name));
		assert.ok(line, name);
		assert.equal(line[1], fmt.amount(s.balance, s.currency === "JPY" ? 0 : 2));
	}
}

async function drawer(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	const row = (await accounts(fleet)).find((r) => r.positions > 0);
	assert.ok(row, "somebody has a position");
	const key = key_of(row);
	await page.click(`tr[data-key="${key}"] td.c-status`);
	await page.waitForSelector("aside.drawer");
	assert.equal(await hash(page), `#/a/${encodeURIComponent(row.server)}/${row.login}`);
	await page.click("#tab-account");
	const fields = await page.$$eval("aside .fields dt", (all) => all.map((e) => e.textContent));
	assert.deepEqual(fields.sort(), Object.keys(row.account).sort());
	await page.click("#tab-connection");
	assert.match(await page.textContent("#tabpanel"), new RegExp(row.node));
	await page.keyboard.press("Escape");
	await page.waitForSelector("aside.drawer", { state: "detached" });
	assert.equal(await page.evaluate(() =>
		document.activeElement.closest("tr")?.dataset.key), key);
	await page.goBack();
	await page.waitForSelector("aside.drawer");
	assert.deepEqual(page.errors, []);
}

async function positions(t, fleet) {
	const row = (await accounts(fleet)).find((r) => r.positions > 0 && r.server === "PropFirm-Live") ??
		(await accounts(fleet)).find((r) => r.positions > 0);
	const path = `/a/${encodeURIComponent(row.server)}/${row.login}`;
	const page = await open_page(t, `${fleet.url}/#${path}`);
	const stored = async () => (await (await fetch(`${fleet.url}/api/accounts${path.slice(2)}` +
		"/positions")).json()).positions;
	await until("the positions as the server has them", async () => {
		const seen = await page.$$eval("aside tbody tr", (all) => all.map((tr) =>
			[tr.children[0].textContent, tr.children[2].textContent]));
		const want = (await stored()).map((p) => [p.symbol, fmt.plain(p.volume)]);
		return want.length > 0 && JSON.stringify(seen) === JSON.stringify(want);
	});
	await page.click("#tab-orders");
	await until("orders or none", async () =>
		/No pending order|Symbol/.test(await page.textContent("#tabpanel")));
}

async function nobody_there(t, fleet) {
	const page = await open_page(t, `${fleet.url}/#/a/Nowhere/1`);
	await page.getByText("No account 1 on Nowhere").waitFor();
	await page.keyboard.press("Escape");
	await page.waitForSelector("aside.drawer", { state: "detached" });
}

async function keyboard(t, fleet) {
	const page = await open_page(t, `${fleet.url}/#/?sort=name&dir=asc`);
	await rows_there(page);
	const at = () => page.evaluate(() => document.activeElement.closest("tr")?.dataset.key);
	const order = await keys(page);
	for (const [press, want] of [["j", 0], ["j", 1], ["j", 2], ["k", 1]]) {
		await page.keyboard.press(press);
		assert.equal(await at(), order[want], press);
	}
	await page.keyboard.press("Enter");
	await page.waitForSelector("aside.drawer");
	await page.keyboard.press("Escape");
	await page.keyboard.press("?");
	await page.waitForSelector("dialog[open]");
	assert.match(await page.textContent("dialog[open]"), /unreachable/);
	assert.match(await page.textContent("dialog[open] .legend.phases"), /F1phase 1.*R.*funded.*Qburned/);
	await page.keyboard.press("Escape");
	await page.waitForSelector("dialog[open]", { state: "detached" });
}

/* By age the order changes all the time: nothing may move under the mouse. */
async function holds_still(t, fleet) {
	const page = await open_page(t, `${fleet.url}/#/?sort=age`);
	await rows_there(page);
	await page.hover("tr[data-key]:nth-child(2) td.c-status");
	const held = await keys(page);
	const texts = () => page.$$eval("tr[data-key] .age", (all) => all.map((e) => e.textContent).join());
	const before = await texts();
	await page.waitForSelector(".held");
	assert.deepEqual(await keys(page), held);
	await until("the cells go on", async () => await texts() !== before);
	await page.mouse.move(5, 5);
	await until("a new order once the mouse has gone", async () =>
		(await keys(page)).join() !== held.join());
}

async function csv(t, fleet) {
	const page = await open_page(t, `${fleet.url}/#/?sort=name&dir=asc`);
	await rows_there(page);
	const [download] = await Promise.all([
		page.waitForEvent("download"), page.click("text=CSV")]);
	const text = readFileSync(await download.path(), "utf8");
	const lines = text.trimEnd().split("\r\n");
	assert.equal(lines.length, NODES + 1);
	assert.match(lines[0], /^\ufeffname,status,age,/);
	const logins = (await keys(page)).map((k) => k.split("/")[1]);
	lines.slice(1).forEach((line, i) => assert.ok(line.includes(`,${logins[i]},`), line));
}

async function phone(t, fleet) {
	const page = await open_page(t, fleet.url,
		{ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
	await page.waitForSelector(".card");
	assert.equal((await keys(page)).length, NODES);
	assert.equal(await page.locator(".table table").count(), 0);
	for (const width of [360, 390]) {
		await page.setViewportSize({ width, height: 844 });
		assert.ok(await page.evaluate(() =>
			document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${width} wide`);
	}
	/* the login is on every card, whole: accounts share names */
	for (const key of await keys(page))
		assert.match(await page.textContent(`[data-key="${key}"]`), new RegExp(key.split("/")[1]));
	const row = (await accounts(fleet)).find((r) => r.positions > 0);
	await page.tap(`[data-key="${key_of(row)}"]`);
	await page.waitForSelector("aside.drawer .records li");
	assert.equal(await page.locator("aside table").count(), 0);
	assert.ok(await page.evaluate(() => {
		const box = document.querySelector("#tabpanel");
		return box.scrollWidth <= box.clientWidth;
	}), "nothing to scroll sideways");
	assert.deepEqual(page.errors, []);
}

/* Under headings, each with its sums; a shut one hides its rows from the keys too. */
async function groups(t, fleet) {
	const page = await open_page(t, `${fleet.url}/#/?group=node`);
	await rows_there(page);
	const heads = () => page.$$eval("tr.group .toggle", (all) => all.map((e) => e.textContent.slice(1)));
	const nodes = (await accounts(fleet)).map((r) => r.node).sort();
	assert.deepEqual(await heads(), nodes);
	const row = (await accounts(fleet)).find((r) => r.node === nodes[0]);
	const sums = await page.textContent("tr.group >> nth=0");
	assert.match(sums, new RegExp(`${row.account.currency === "USC" ? "¢" : row.account.currency} ` +
		fmt.trade_mode(row.account.trade_mode)));
	await page.click("tr.group .toggle >> nth=0");
	await rows_there(page, NODES - 1);
	assert.equal(await page.getAttribute("tr.group .toggle >> nth=0", "aria-expanded"), "false");
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press("j");
	assert.equal(await page.evaluate(() => document.activeElement.closest("tr")?.dataset.key),
		(await keys(page))[0]);
	await page.selectOption("select.group", "broker");
	await rows_there(page);
	assert.equal(await hash(page), "#/?group=broker");
	const brokers = new Set((await accounts(fleet)).map((r) => r.account.company));
	assert.deepEqual((await heads()).sort(), [...brokers].sort());
	await page.goBack();
	await until("the node's headings again", async () => (await heads()).join() === nodes.join());
	assert.deepEqual(page.errors, []);
}

const at = (row) => `(SELECT id FROM account WHERE server = '${row.server.replaceAll("'", "''")}' ` +
	`AND login = ${row.login})`;

function samples_of(fleet, row) {
	return sql(`${fleet.state}/ledger.db`, `SELECT slot FROM equity WHERE account = ${at(row)}`);
}

/* Of two and a half days and one day ago, beside those of now. */
function add_samples(fleet, row) {
	const now_s = Math.floor(Date.now() / 60_000) * 60;
	for (const [days, equity] of [[2.5, 1000], [1, 9e9]]) {
		const slot = now_s - days * 86400, money = `${BigInt(equity) * 100_000_000n}`;
		execFileSync("sqlite3", ["-cmd", ".timeout 10000", `${fleet.state}/ledger.db`,
			`INSERT INTO equity VALUES (${at(row)}, ${slot}, 60, ${slot * 1000}, ` +
			`${money}, 0, ${money}, ${money}, ${money})`]);
	}
}

/* A small line for each row in sight; none where nothing is known. */
async function sparklines(t, fleet) {
	const page = await open_page(t, fleet.url, WIDE);
	await rows_there(page);
	await until("each is drawn or said to be unknown", async () =>
		(await page.$$eval("td.c-spark", (all) => all.map((e) => e.textContent))).every((x) => x !== "…"));
	const [row] = await accounts(fleet);
	await until("the collector has made the account known", () => samples_of(fleet, row).length > 0,
		90_000);
	add_samples(fleet, row);
	const again = await open_page(t, fleet.url, WIDE);
	const title = `tr[data-key="${key_of(row)}"] td.c-spark title`;
	assert.match(await until("the line", () => again.textContent(title, { timeout: 500 })
		.catch(() => null)), /^2 d 1\d h: [+−].*%, lowest 1\D+000\b.*highest 9\D+000\D+000\D+000\b/);
	assert.deepEqual(page.errors, []);
}

/* Said in its row; and what happens there then is nobody's alarm. */
async function maintenance(t, fleet) {
	const file = `${fleet.state}/nodes.json`;
	const before = readFileSync(file, "utf8");
	const list = JSON.parse(before);
	list[NODES - 1].maintenance = true;
	writeFileSync(file, JSON.stringify(list));
	t.after(() => writeFileSync(file, before));
	const agents = async () => (await (await fetch(`${fleet.url}/api/agents/status`)).json()).agents;
	await until("the coordinator knows", async () => (await agents()).some((a) => a.maintenance));
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	const row = (await accounts(fleet)).find((r) => r.node === list[NODES - 1].id);
	const status = page.locator(`tr[data-key="${key_of(row)}"] td.c-status`);
	await until("the word", async () => /maintenance/.test(await status.textContent()));
	fleet.control(row.node, "lose-broker");
	await until("it is not live", async () => /broker offline/.test(await status.textContent()), 30_000);
	assert.equal(await page.locator(".alerts", { hasText: "broker offline" }).count(), 0);
	fleet.control(row.node, "regain-broker");
	await until("it is live again", async () => !/offline/.test(await status.textContent()), 30_000);
}

/* The figures stand in one row, however many currencies there are. */
async function tiles_in_a_row(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	const tops = await page.$$eval(".tiles > *", (all) =>
		all.map((e) => e.getBoundingClientRect().top));
	assert.equal(tops.length, 3);
	assert.equal(new Set(tops).size, 1, tops.join());
	const heights = await page.$$eval(".tile .sums tr", (all) => all.map((e) => e.clientHeight));
	assert.ok(heights.every((h) => h < 26), `a figure wraps: ${heights}`);
}

/* A name does not tell accounts apart: the login stands whole beside it. */
async function login_is_readable(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	for (const row of await accounts(fleet)) {
		const cell = page.locator(`tr[data-key="${key_of(row)}"] .account`);
		assert.match(await cell.textContent(), new RegExp(row.login));
		const cut = await cell.evaluate((e) => [...e.querySelectorAll(".number")].some((n) =>
			n.scrollWidth > n.clientWidth || n.getBoundingClientRect().right >
			e.getBoundingClientRect().right + 1));
		assert.equal(cut, false, row.login);
	}
}

async function looks(t, fleet) {
	const page = await open_page(t, fleet.url, { colorScheme: "dark" });
	await rows_there(page);
	const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const dark = await back();
	await page.click("summary");
	await page.selectOption(".choice:has-text('Theme') select", "light");
	const light = await back();
	assert.notEqual(light, dark);
	await page.selectOption(".choice:has-text('Gain') select", "blue-orange");
	await page.check(".columns label:has-text('Leverage') input");
	await page.waitForSelector("thead th.c-leverage");
	/* remembered, and there before the first paint: the script is in the head */
	await page.reload();
	await rows_there(page);
	assert.equal(await back(), light);
	assert.equal(await page.locator("thead th.c-leverage").count(), 1);
	assert.equal(await page.evaluate(() => document.documentElement.dataset.palette), "blue-orange");
	assert.equal(await page.evaluate(() =>
		document.querySelector("head script:not([defer])") !== null), true);
}

async function its_own_host_only(t, fleet) {
	const page = await open_page(t, "about:blank");
	const hosts = new Set();
	page.on("request", (r) => hosts.add(new URL(r.url()).host));
	await page.goto(fleet.url);
	await rows_there(page);
	assert.deepEqual([...hosts], [new URL(fleet.url).host]);
	assert.equal(await page.locator("[style], script:not([src]), style").evaluateAll((all) =>
		all.filter((e) => e.tagName !== "SPAN").length), 0);
}

const cases = { shows_every_account, sorted_by_pl, filters, sums_are_right, drawer, positions,
	nobody_there, keyboard, holds_still, csv, phone, groups,
	sparklines, maintenance, tiles_in_a_row,
	login_is_readable, looks, its_own_host_only };

test("the page", async (t) => {
	const fleet = await startFleet(t, { nodes: NODES, recordings: RECORDINGS ?? "",
		env: { RATE: "2" } });
	for (const [name, run] of Object.entries(cases))
		await t.test(name.replaceAll("_", " "), (t) => run(t, fleet));
});

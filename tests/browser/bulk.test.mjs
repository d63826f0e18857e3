// bulk.test.mjs: one change of many accounts, before a whole fleet: in few clicks,
// with one way back; what somebody else has changed meanwhile is said.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { BUILD, logIn, startFleet } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";
import { start_stub } from "./stub.mjs";

const html = join(BUILD, "htdocs");
const NODES = 4;

async function accounts(fleet) {
	return (await (await fetch(`${fleet.url}/api/accounts`)).json()).accounts;
}

const key_of = (row) => `${row.server}/${row.login}`;
const box = (page, key) => page.locator(`tr[data-key="${key}"] input.pick`);
const toast = (page, text) => page.waitForSelector(`.toast:has-text(${JSON.stringify(text)})`);

async function put(fleet, headers, row, part, fields) {
	const path = `/api/accounts/${encodeURIComponent(row.server)}/${row.login}/${part}`;
	const res = await fetch(fleet.url + path, { method: "PUT",
		headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(fields) });
	assert.equal(res.status, 200, await res.clone().text());
	return (await res.json()).phase;
}

const stored = async (fleet, keys, value) => (await accounts(fleet)).filter((r) => keys.includes(key_of(r)))
	.map((r) => value(r.phase));

test("three accounts F1 to F2 in five clicks, and back by one", async (t) => {
	const fleet = await startFleet(t, { nodes: NODES });
	await until("all rows", async () => (await accounts(fleet)).length === NODES);
	const rows = await accounts(fleet);
	const headers = await logIn(fleet);
	for (const [i, row] of rows.entries())
		await put(fleet, headers, row, "phase", { phase: "F1", status: "active",
			initial_balance: 5000 + i, version: row.phase?.version ?? null });
	const page = await open_page(t, `${fleet.url}/#/?sort=name&dir=asc`);
	await page.waitForSelector("tr[data-key]");
	await page.click("header button:has-text('Log in')");
	await page.fill("input[name=user]", "admin");
	await page.fill("input[name=password]", fleet.password());
	await page.click("dialog button.main");
	await page.waitForSelector("dialog", { state: "hidden" });
	const keys = await page.$$eval("tr[data-key]", (all) => all.map((e) => e.dataset.key));
	const three = [keys[0], keys[1], keys[3]];

	let clicks = 0;
	const click = async (what) => { clicks++; await what.click(); };
	for (const key of three)
		await click(box(page, key));
	assert.match(await page.textContent(".bulk b"), /^3 selected$/);
	await click(page.locator(".bulk summary", { hasText: /^Phase ▴/ }));
	await click(page.locator(".bulk .panel button", { hasText: /^F2$/ }));
	await toast(page, "3 accounts changed: F2");
	assert.equal(clicks, 5);
	const before = rows.filter((r) => three.includes(key_of(r)));
	await until("stored", async () => (await stored(fleet, three, (p) => p.phase)).join() === "F2,F2,F2");
	assert.deepEqual((await stored(fleet, three, (p) => p.initial_balance)).sort(),
		before.map((r) => 5000 + rows.indexOf(r)).sort());
	assert.deepEqual(await stored(fleet, [keys[2]], (p) => p.phase), ["F1"], "the fourth is as it was");
	await page.click(".toast button");
	await toast(page, "Undone");
	await until("as before", async () => (await stored(fleet, three, (p) => p.phase)).join() === "F1,F1,F1");

	await until("shown", async () => (await page.$$eval("tr[data-key] td.c-phase b", (all) =>
		all.map((e) => e.textContent))).join() === "F1,F1,F1,F1");

	/* all by the head; a tag, a firm and a rule set; the ones that have it already are let alone */
	await page.check("thead input.pick");
	await page.click(".bulk summary:has-text('Tags')");
	await page.fill(".bulk details[open] input", "night");
	await page.click(".bulk details[open] button:has-text('Add')");
	await toast(page, "4 accounts changed");
	await page.click(".bulk summary:has-text('Tags')");
	await page.locator(".bulk details[open] button", { hasText: /^night$/ }).click();
	await toast(page, "Nothing to change");
	await page.click(".bulk summary:has-text('Rule set')");
	await page.click(".bulk details[open] button:has-text('FTMO 2-step') >> nth=0");
	await toast(page, "4 accounts changed");
	await until("the rule set", async () => (await stored(fleet, keys, (p) => p.rule_set?.name))
		.every((name) => /^FTMO 2-step/.test(name)));
	assert.ok((await stored(fleet, keys, (p) => p.tags)).every((tags) => tags.join() === "night"));

	/* changed by somebody else a moment before: that one is said, the others are done */
	await page.route(`**/api/accounts/*/${keys[0].split("/")[1]}/meta`, async (route) => {
		const other = (await accounts(fleet)).find((r) => key_of(r) === keys[0]);
		const { version } = JSON.parse(route.request().postData());
		await put(fleet, headers, other, "meta", { holder: "Somebody", version });
		await route.continue();
	});
	await page.click(".bulk summary:has-text('Firm')");
	await page.fill(".bulk details[open] input", "FTMO");
	await page.click(".bulk details[open] button:has-text('Save')");
	await toast(page, "1 not changed");
	await until("the others", async () =>
		(await stored(fleet, keys.slice(1), (p) => p.prop_firm)).join() === "FTMO,FTMO,FTMO");
	assert.deepEqual(await stored(fleet, [keys[0]], (p) => [p.prop_firm, p.holder]), [[null, "Somebody"]]);

	/* maintenance, of their VPSs, and its end */
	await page.unrouteAll();
	await page.click(".bulk button:has-text('Maintenance')");
	await toast(page, "changed: Maintenance");
	const away = async () => (await (await fetch(`${fleet.url}/api/agents/status`)).json()).agents
		.filter((n) => n.maintenance).length;
	await until("they are", async () => await away() === NODES);
	await page.click(".toast button");
	await until("they are not", async () => await away() === 0);
	assert.deepEqual(page.errors, []);
});

test("marks: a range by Shift, by keys, only what is shown, none for a viewer; long press on a phone", async (t) => {
	const stub = await start_stub(t, { html, count: 12 });
	stub.answers["/auth/session"] = () => ({ status: 200, body: { user: "ana", role: "admin", csrf: "x" } });
	const page = await open_page(t, `${stub.url}/#/?sort=name&dir=asc`);
	await page.waitForSelector("tr[data-key]");
	const keys = await page.$$eval("tr[data-key]", (all) => all.map((e) => e.dataset.key));
	const marked = () => page.$$eval("tr.marked", (all) => all.map((e) => e.dataset.key));
	await box(page, keys[1]).click();
	await box(page, keys[4]).click({ modifiers: ["Shift"] });
	assert.deepEqual(await marked(), keys.slice(1, 5));
	await page.click(`tr[data-key="${keys[6]}"] td.c-status`, { modifiers: ["Shift"] });
	assert.deepEqual(await marked(), keys.slice(1, 7));
	assert.equal(await page.locator("aside.drawer").count(), 0, "that opens nothing");
	await box(page, keys[2]).click();
	assert.equal(await page.locator(".bulk b").textContent(), "5 selected");
	/* what the filter hides is not changed */
	await page.fill("#search", keys[1].split("/")[1]);
	await until("one", async () => await page.locator(".bulk b").textContent() === "1 selected");
	await page.fill("#search", "");
	await until("five", async () => await page.locator(".bulk b").textContent() === "5 selected");
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press("Escape");
	await page.waitForSelector(".bulk", { state: "detached" });
	await page.keyboard.press("j");
	await page.keyboard.press("x");
	assert.deepEqual(await marked(), keys.slice(0, 1));
	stub.answers["/auth/session"] = () => ({ status: 200, body: { user: "ben", role: "viewer", csrf: "x" } });
	await page.reload();
	await page.getByText("Log out ben").waitFor();
	assert.equal(await page.locator("input.pick").count(), 0);
	assert.deepEqual(page.errors, []);

	stub.answers["/auth/session"] = () => ({ status: 200, body: { user: "ana", role: "admin", csrf: "x" } });
	const phone = await open_page(t, stub.url, { viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true });
	await phone.waitForSelector(".card");
	await phone.locator(".card a").nth(0).dispatchEvent("contextmenu");
	await phone.waitForSelector(".bulk");
	await phone.locator(".card a").nth(1).tap();
	await until("two", async () => await phone.locator(".bulk b").textContent() === "2 selected");
	assert.ok(await phone.evaluate(() =>
		document.documentElement.scrollWidth <= document.documentElement.clientWidth));
	const bar = await phone.locator(".bulk").boundingBox();
	assert.ok(bar.x >= 0 && bar.x + bar.width <= 360, JSON.stringify(bar));
	await phone.locator(".bulk summary", { hasText: "Phase status" }).tap();
	const panel = await phone.locator(".bulk details[open] .panel").boundingBox();
	assert.ok(panel.x >= 0 && panel.x + panel.width <= 360 && panel.y > 0, JSON.stringify(panel));
	assert.deepEqual(phone.errors, []);
});

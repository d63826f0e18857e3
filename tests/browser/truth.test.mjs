// truth.test.mjs: the page about itself: what it does not hear, what it does not
// know, what is typed and not saved.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BUILD, tmp } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";
import { start_stub } from "./stub.mjs";

const html = join(BUILD, "htdocs");
const there = (page) => page.waitForSelector("[data-key]");
const link = (page) => page.textContent(".link .word");

for (const how of ["handshake", "all"])
	test(`a socket that a proxy swallows (${how}) is noticed, and polling goes on quietly`, async (t) => {
		const stub = await start_stub(t, { html, count: 3 });
		stub.swallow = how;
		const page = await open_page(t, stub.url);
		await there(page);
		await until("it polls", async () => await link(page) === "polling");
		assert.equal(await page.locator(".banner").count(), 0);
		const key = `${stub.rows[0].server}/${stub.rows[0].login}`;
		stub.rows[0].account.profit = 4321.5;
		await until("what polling brings", async () => /4.321\.50/.test(
			await page.textContent(`tr[data-key="${key}"] td.c-profit`)));
		assert.equal(await page.locator(".banner").count(), 0);
		assert.deepEqual(page.errors, []);
	});

test("a socket that was heard and goes silent is asked, and left", async (t) => {
	const stub = await start_stub(t, { html, count: 3 });
	const page = await open_page(t, stub.url);
	await there(page);
	await until("it is live", async () => await link(page) === "live");
	stub.swallow = "all";
	await until("another way", async () => /polling|reconnecting/.test(await link(page)));
	assert.equal(await page.locator(".banner").count(), 0, "polling has the data meanwhile");
	stub.swallow = null;
	await until("live again", async () => await link(page) === "live", 60_000);
});

test("nothing is red while the page loads, and nothing moves when the rows come", async (t) => {
	const stub = await start_stub(t, { html, count: 12 });
	const page = await open_page(t, "about:blank");
	await page.addInitScript(() => {
		window.seen = [];
		window.shift = 0;
		new MutationObserver(() => {
			if (document.querySelector(".banner, .link.bad"))
				window.seen.push(document.querySelector(".banner, .link.bad").textContent);
		}).observe(document, { subtree: true, childList: true, attributes: true });
		new PerformanceObserver((list) => {
			for (const e of list.getEntries())
				window.shift += e.hadRecentInput ? 0 : e.value;
		}).observe({ type: "layout-shift", buffered: true });
	});
	for (const viewport of [{ width: 1440, height: 900 }, { width: 360, height: 740 }]) {
		await page.setViewportSize(viewport);
		await page.goto("about:blank");
		await page.goto(stub.url);
		await there(page);
		await until("the curve", async () => await page.locator(".drawn").count() > 0 || viewport.width < 700);
		assert.deepEqual(await page.evaluate(() => window.seen), []);
		const shift = await page.evaluate(() => window.shift);
		assert.ok(shift < 0.05, `layout shift ${shift} at ${viewport.width}`);
	}
});

test("a newer page offers to reload, and does not by itself", async (t) => {
	const dir = tmp(t);
	cpSync(html, dir, { recursive: true });
	const stub = await start_stub(t, { html: dir, count: 3 });
	const page = await open_page(t, stub.url);
	await there(page);
	const index = join(dir, "index.html");
	writeFileSync(index, readFileSync(index, "utf8").replace(/assets\/app\.\w+\.js/, "assets/app.NEW.js"));
	for (const s of stub.sockets)
		s.destroy();
	await page.getByText("There is a newer version of this page.").waitFor();
	assert.equal(await page.locator("[data-key]").count(), 3);
});

test("a session that has ended is said, and what was typed stays", async (t) => {
	const stub = await start_stub(t, { html, count: 3 });
	stub.answers["/auth/session"] = () => ({ status: 200, body: { user: "ana", role: "admin", csrf: "x" } });
	const page = await open_page(t, stub.url);
	await there(page);
	await page.getByText("Log out ana").waitFor();
	stub.answers["/auth/session"] = () => ({ status: 401, body: { error: { code: "unauthorized", message: "no" } } });
	stub.answers["/api/accounts"] = () => ({ status: 401, body: { error: { code: "unauthorized", message: "no" } } });
	await page.click(".link");
	await page.getByText("Your session has ended.").waitFor();
	assert.equal(await page.locator("header", { hasText: "Log out" }).count(), 0);
});

test("walking: arrows and j, k keep the tab and take the drawer along; typing is held", async (t) => {
	const stub = await start_stub(t, { html, count: 20 });
	stub.answers["/auth/session"] = () => ({ status: 200, body: { user: "ana", role: "admin", csrf: "x" } });
	const page = await open_page(t, `${stub.url}/#/?sort=name&dir=asc`);
	await there(page);
	const keys = await page.$$eval("tr[data-key]", (all) => all.map((e) => e.dataset.key));
	const opened = () => page.evaluate(() => decodeURIComponent(location.hash.split("?")[0]));
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await page.waitForSelector("#tab-equity");
	await page.click("#tab-equity");
	await page.click("button.chip:text('30D')");
	await until("tab and range in the address", async () => await opened() === `#/a/${keys[0]}/equity/30d`);
	await page.keyboard.press("j");
	await until("the next one in the same tab", async () => await opened() === `#/a/${keys[1]}/equity/30d`);
	await page.keyboard.press("ArrowDown");
	await until("by the arrow too", async () => await opened() === `#/a/${keys[2]}/equity/30d`);
	assert.equal(await page.evaluate(() => document.activeElement.closest("tr")?.dataset.key), keys[2]);
	await page.click(`tr[data-key="${keys[4]}"] td.c-status`);
	await until("by a click", async () => await opened() === `#/a/${keys[4]}/equity/30d`);
	/* half typed */
	await page.click("#tab-phases");
	await page.getByText("Edit…").click();
	await page.fill("aside input[name=holder]", "half a na");
	await page.click(`tr[data-key="${keys[5]}"] td.c-status`);
	await page.waitForSelector("[role=alertdialog]");
	assert.match(await opened(), new RegExp(`${keys[4].split("/")[1]}/phases`));
	await page.getByText("Keep editing").click();
	assert.equal(await page.inputValue("aside input[name=holder]"), "half a na");
	await page.goBack();
	await page.waitForSelector("[role=alertdialog]");
	assert.equal(await page.inputValue("aside input[name=holder]"), "half a na");
	await page.getByText("Discard them").click();
	await page.waitForSelector("aside input[name=holder]", { state: "detached" });
	assert.deepEqual(page.errors, []);
});

test("the first Tab skips to the accounts", async (t) => {
	const stub = await start_stub(t, { html, count: 3 });
	const page = await open_page(t, stub.url);
	await there(page);
	await page.keyboard.press("Tab");
	assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the accounts");
	await page.keyboard.press("Enter");
	assert.equal(await page.evaluate(() => document.activeElement.closest("tr")?.dataset.key),
		await page.getAttribute("tr[data-key]", "data-key"));
});

/* The tasks of the desk, in clicks. */
test("worst by limit 1 click, fleet loss left 0, a phase 1, a broker 1, why is a node down 1", async (t) => {
	const stub = await start_stub(t, { html, count: 30 });
	const page = await open_page(t, stub.url);
	await there(page);
	/* 0: it stands there, of the fleet and of each firm, in sight */
	const box = await page.locator(".tile.risk tr.whole .figure >> nth=0").boundingBox();
	assert.ok(box.y + box.height < 900 && box.width > 0);
	assert.match(await page.textContent(".tile.risk tr.part >> nth=0"), /FTMO|FundedNext|The5ers/);
	/* 0: what is broken, with what to do */
	assert.match(await page.textContent(".alerts li >> nth=0"), /vps06: 1 unreachable.*connection refused.*→ /);
	/* 1 */
	await page.click(".tile.closest h2 button");
	const used = await page.$$eval("tr[data-key] td.c-limit_used .value", (all) =>
		all.map((e) => parseFloat(e.textContent)));
	assert.ok(used.length > 3);
	assert.deepEqual(used.slice(0, 8), [...used].sort((a, b) => b - a).slice(0, 8));
	const first = await page.textContent(".tile.closest li .who >> nth=0");
	assert.match(first, new RegExp((await page.getAttribute("tr[data-key]", "data-key")).split("/")[1]),
		"the tile's first is the table's first");
	/* 1 */
	await page.click(".tile.stages .chip:has-text('F2')");
	assert.ok((await page.$$eval("tr[data-key] td.c-phase", (all) => all.map((e) => e.textContent)))
		.every((text) => text.startsWith("F2")));
	await page.click(".tile.stages .chip:has-text('F2')");
	/* 1 */
	await page.click(".chips[aria-label=Broker] .chip:has-text('The5ers')");
	assert.ok((await page.$$eval("tr[data-key]", (all) => all.map((e) => e.dataset.key)))
		.every((key) => key.startsWith("The5ers")));
	await page.click(".chips[aria-label=Broker] .chip:has-text('The5ers')");
	/* 1 */
	await page.click(".alerts li .plain >> nth=0");
	assert.deepEqual(await page.$$eval("tr[data-key]", (all) => all.map((e) => e.dataset.status)), ["unreachable"]);
});

test("1440 by 900: the three questions and the first rows, nothing cut; columns hold still", async (t) => {
	const stub = await start_stub(t, { html, count: 30 });
	const page = await open_page(t, stub.url);
	await there(page);
	const bottom = await page.$eval("tr[data-key]:nth-child(4)", (e) => e.getBoundingClientRect().bottom);
	assert.ok(bottom < 900, `the fourth row ends at ${bottom}`);
	const cut = await page.$$eval(".tile", (all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1)
		.map((e) => e.className));
	assert.deepEqual(cut, []);
	const edges = () => page.$$eval(".table thead th", (all) => all.map((e) => e.getBoundingClientRect().left));
	await until("the socket", async () => stub.sockets.size === 1 && await link(page) === "live");
	const key = `${stub.rows[0].server}/${stub.rows[0].login}`;
	const cell = `tr[data-key="${key}"] td.c-profit`;
	const text = await page.textContent(cell);
	const before = await edges();
	for (const row of stub.rows) {
		row.account.profit = row.account.profit / 3;
		stub.send({ type: "account", ...row, at_utc: new Date().toISOString() });
	}
	await until("other figures", async () => await page.textContent(cell) !== text);
	assert.deepEqual(await edges(), before);
});

// many.test.mjs: the page before a thousand accounts and five hundred messages a
// second: only what is in sight is drawn, and no step takes long.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { BUILD } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";
import { start_stub } from "./stub.mjs";

const html = join(BUILD, "htdocs");

/* P/L goes up and down, `each` accounts every 50 ms. */
function trade(t, stub, each) {
	let turn = 0;
	const timer = setInterval(() => {
		for (let i = 0; i < each; i++) {
			const row = stub.rows[(turn += 7) % stub.rows.length];
			const by = (turn * 7919 % 401 - 200) / 10;
			row.account.profit = Math.round((row.account.profit + by) * 100) / 100;
			row.account.equity = Math.round((row.account.equity + by) * 100) / 100;
			stub.send({ type: "account", ...row, at_utc: new Date().toISOString() });
		}
	}, 50);
	t.after(() => clearInterval(timer));
}

/* How many times the work of the first screen is done while nothing moves and
 * while all moves, and how long the page's own steps take. */
async function open_many(t, count, options = {}) {
	const stub = await start_stub(t, { html, count });
	const page = await open_page(t, stub.url, options);
	await page.waitForSelector("[data-key]");
	return { stub, page };
}

const drawn = (page) => page.$$eval("[data-key]", (all) => all.length);
const first = (page) => page.getAttribute("[data-key] >> nth=0", "data-key");

test("of ten thousand accounts those in sight are drawn, and each can be reached", async (t) => {
	const { stub, page } = await open_many(t, 10_000);
	assert.ok(await drawn(page) < 80, `${await drawn(page)} rows are drawn`);
	assert.equal(await page.getAttribute(".table > table", "aria-rowcount"), "10001");
	const height = await page.$eval(".table", (e) => e.scrollHeight);
	assert.ok(height > 10_000 * 30, "the scroll bar is as long as all rows");
	await page.$eval(".table", (e) => e.scrollTo(0, e.scrollHeight));
	await until("the last rows", async () => await page.$$eval("tr[data-key]", (all) =>
		Math.max(...all.map((e) => Number(e.getAttribute("aria-rowindex"))))) === 10_001);
	assert.ok(await drawn(page) < 80);
	await page.fill("#search", stub.rows[7_777].login);
	await until("the one found", async () => await drawn(page) === 1);
	assert.equal(await first(page), `${stub.rows[7_777].server}/${stub.rows[7_777].login}`);
	await page.fill("#search", "");
	/* by keys beyond what is drawn */
	await until("all again", async () => await drawn(page) > 10);
	await page.$eval(".table", (e) => e.scrollTo(0, 0));
	await page.evaluate(() => document.activeElement.blur());
	for (let i = 0; i < 70; i++)
		await page.keyboard.press("j");
	await until("the row of the keys is in sight", async () => await page.evaluate(() => {
		const row = document.activeElement?.closest("tr[data-key]");
		const box = row?.getBoundingClientRect(), frame = document.querySelector(".table").getBoundingClientRect();
		return row?.getAttribute("aria-rowindex") === "71" && box.bottom <= frame.bottom + 1;
	}));
	assert.deepEqual(page.errors, []);
});

test("cards are windowed as rows are", async (t) => {
	const { page } = await open_many(t, 3_000, { viewport: { width: 360, height: 740 } });
	assert.ok(await drawn(page) < 80, `${await drawn(page)} cards are drawn`);
	const heights = await page.$$eval(".card", (all) => [...new Set(all.map((e) => e.offsetHeight))]);
	assert.deepEqual(heights.length, 1, `all of one height: ${heights}`);
	assert.ok(740 / (heights[0] + 6) >= 4, "four to six on a screen");
	await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
	await until("others", async () => await page.evaluate(() => {
		const last = [...document.querySelectorAll(".card")].at(-1).getBoundingClientRect();
		return last.bottom > 0 && last.top < innerHeight + 400;
	}));
	assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sideways");
});

test("a flood of messages is one piece of work a frame, and every account ends up right", async (t) => {
	const { stub, page } = await open_many(t, 1_000);
	await until("the socket", () => stub.sockets.size === 1);
	await page.evaluate(() => {
		window.drawn_rows = 0;
		new MutationObserver((all) => { window.drawn_rows += all.length; }).observe(
			document.querySelector(".table tbody"), { subtree: true, childList: true, characterData: true });
	});
	trade(t, stub, 25);
	await until("a thousand messages are seen", async () => await page.evaluate(() => window.drawn_rows) > 100);
	const node_count = await page.evaluate(() => document.querySelectorAll("*").length);
	assert.ok(node_count < 4_000, `${node_count} elements`);
	const key = await first(page);
	const row = stub.rows.find((r) => `${r.server}/${r.login}` === key);
	row.account.profit = 98_765.43;
	stub.send({ type: "account", ...row, at_utc: new Date().toISOString() });
	stub.send({ type: "account", ...row, account: { ...row.account, profit: 87_654.32 }, at_utc: new Date().toISOString() });
	row.account.profit = 87_654.32;
	await until("the last word of two", async () => (await page.textContent(
		`tr[data-key="${key}"] td.c-profit`)).includes("87"));
	assert.deepEqual(page.errors, []);
});

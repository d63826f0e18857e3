// comfort.test.mjs: palette, notifications, the tab's badge, switches, CSV's mark.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { startFleet } from "../system/lib.mjs";
import { load, open_page, until } from "./lib.mjs";

const { matching } = await load("palette.ts");
const { to_csv } = await load("csv.ts");
const NODES = 3;

test("the palette finds by words, in any order, the start of a word first", () => {
	const all = ["Cent hedge 52001001", "Second cent", "Group by phase"].map((name) => ({ name, hint: "x" }));
	const names = (typed) => matching(all, typed, 9).map((c) => c.name);
	assert.deepEqual(names("cent"), ["Cent hedge 52001001", "Second cent"]);
	assert.deepEqual(names("5200 cent"), ["Cent hedge 52001001"]);
	assert.deepEqual(names("cent nothing"), []);
	assert.equal(names("").length, 3);
	assert.equal(matching(all, "", 2).length, 2);
});

test("CSV without the byte order mark, when asked", () => {
	assert.equal(to_csv(["a"], [[1]], false), "a\r\n1\r\n");
});

const rows_there = (page) => until("the rows", async () =>
	await page.locator("tr[data-key]").count() === NODES);
const hash = (page) => page.evaluate(() => location.hash);

async function palette(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	const row = (await (await fetch(`${fleet.url}/api/accounts`)).json()).accounts[1];
	await page.keyboard.press("Control+k");
	await page.waitForSelector(".goto:focus");
	await page.keyboard.type(row.login);
	await page.keyboard.press("Enter");
	await page.waitForSelector("aside.drawer");
	assert.ok((await hash(page)).endsWith(`/${row.login}`));
	assert.equal(await page.locator("dialog[open]").count(), 0);
	await page.keyboard.press("Escape");
	await page.keyboard.press("Control+k");
	await page.keyboard.type("group phase");
	await page.keyboard.press("Enter");
	await page.waitForSelector("tr.group");
	await page.keyboard.press("Control+k");
	await page.keyboard.type("nothing is called so at all");
	assert.equal(await page.locator("[role=option]").count(), 0);
	await page.keyboard.press("Escape");
	await page.waitForSelector("dialog[open]", { state: "detached" });
	assert.deepEqual(page.errors, []);
}

async function shortcuts_off(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	await page.click("summary");
	await page.uncheck("label:has-text('Keyboard shortcuts') input");
	await page.keyboard.press("Escape");
	await page.evaluate(() => document.activeElement?.blur());
	for (const key of ["?", "/", "j", "Control+k"])
		await page.keyboard.press(key);
	assert.equal(await page.locator("dialog[open]").count(), 0);
	assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
}

async function csv_mark(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	await page.click("summary");
	await page.uncheck("label:has-text('byte order mark') input");
	await page.keyboard.press("Escape");
	const [download] = await Promise.all([page.waitForEvent("download"),
		page.click("header button:has-text('CSV')")]);
	assert.match(readFileSync(await download.path(), "utf8"), /^name,status/);
}

/* Chromium without a screen shows none: what the page asks for is written down. */
function stand_in() {
	window.told = [];
	window.Notification = class {
		static permission = "default";
		static requestPermission() {
			this.permission = "granted";
			return Promise.resolve("granted");
		}
		constructor(title, options) { window.told.push(`${title}: ${options.body}`); }
		close() {}
	};
}

async function notifications_and_badge(t, fleet) {
	const page = await open_page(t, "about:blank");
	await page.addInitScript(stand_in);
	await page.goto(fleet.url);
	await rows_there(page);
	const told = () => page.evaluate(() => window.told);
	const icon = () => page.getAttribute("link[rel=icon]", "href");
	const row = (await (await fetch(`${fleet.url}/api/accounts`)).json()).accounts[0];
	const offline = page.locator(`tr[data-key="${row.server}/${row.login}"]`, { hasText: "offline" });

	fleet.control(row.node, "lose-broker");
	await offline.waitFor();
	await until("the badge", async () => /favicon-\d+\.svg/.test(await icon()));
	assert.match(await page.title(), /^\(\d+\) /);
	assert.equal((await fetch(`${fleet.url}/${await icon()}`)).headers.get("content-type"), "image/svg+xml");
	assert.deepEqual(await told(), [], "nobody asked for any");
	fleet.control(row.node, "regain-broker");
	await offline.waitFor({ state: "detached" });

	await page.click("summary");
	await page.check("label:has-text('an account is not live') input");
	await page.keyboard.press("Escape");
	fleet.control(row.node, "lose-broker");
	await until("a notification", async () => (await told()).length === 1, 30_000);
	assert.match((await told())[0], /broker offline/);
	fleet.control(row.node, "regain-broker");
	await offline.waitFor({ state: "detached" });
	assert.equal((await told()).length, 1);
	assert.deepEqual(page.errors, []);
}

const cases = { palette, shortcuts_off, csv_mark, notifications_and_badge };

test("comfort", async (t) => {
	const fleet = await startFleet(t, { nodes: NODES });
	for (const [name, run] of Object.entries(cases))
		await t.test(name.replaceAll("_", " "), (t) => run(t, fleet));
});

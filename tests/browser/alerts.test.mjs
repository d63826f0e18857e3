// alerts.test.mjs: alerts are one list for all: muted and acknowledged by whom, the
// same after a reload; what one person puts away stays with the others.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { BUILD } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";
import { start_stub } from "./stub.mjs";

const html = join(BUILD, "htdocs");
const NODE = "node/vps06"; /* of the made-up account that is unreachable */

const lines = (page) => page.$$eval(".alerts > ul > li .plain", (all) => all.map((e) => e.textContent));
const of_vps06 = (page) => page.locator(".alerts > ul > li", { hasText: "vps06: 1 unreachable" });
const session = (user, role = "admin") => () => ({ status: 200, body: { user, role, csrf: "x" } });

function entry(key, more = {}) {
	return { key, level: "critical", open: true, server: null, login: null, text: key,
		since_utc: new Date(Date.now() - 60_000).toISOString(), ...more };
}

async function desk(t, options = {}) {
	const stub = await start_stub(t, { html, count: 30 });
	stub.answers["/auth/session"] = session("ana");
	stub.alerts.alerts = [entry(NODE), entry("collector"), entry("clock/vps02", { level: "warn" })];
	const page = await open_page(t, stub.url, options);
	await of_vps06(page).waitFor();
	return { stub, page };
}

test("an alert is muted in two clicks, for all, and stays so after a reload", async (t) => {
	const { stub, page } = await desk(t);
	let clicks = 0;
	page.on("console", (m) => { clicks += m.text() === "a click"; });
	await page.evaluate(() => document.addEventListener("click", () => console.log("a click"), true));
	await of_vps06(page).locator("summary").click();
	await of_vps06(page).locator("button", { hasText: "8 hours" }).click();
	await until("it is gone", async () => await of_vps06(page).count() === 0);
	assert.equal(clicks, 2);
	assert.deepEqual(stub.said, [{ action: "mute", keys: [NODE], minutes: 480 }]);
	const muted = () => page.textContent(".alerts details.muted summary");
	assert.equal(await muted(), "1 muted alert");
	const title = await page.title();
	await page.reload();
	await until("the same after a reload", async () =>
		await page.locator(".alerts details.muted").count() === 1 && await muted() === "1 muted alert");
	assert.equal(await of_vps06(page).count(), 0);
	assert.equal(await page.title(), title, "it does not count in the title");
	await page.click(".alerts details.muted summary");
	assert.match(await page.textContent(".alerts li.muted"), /vps06: 1 unreachable.*muted by ana until/);
	await page.click(".alerts li.muted button:has-text('Unmute')");
	await of_vps06(page).waitFor();
	assert.deepEqual(stub.said[1], { action: "unmute", keys: [NODE] });
	/* and back by the word that says it was done */
	await of_vps06(page).locator("summary").click();
	await of_vps06(page).locator("button", { hasText: "1 hour" }).click();
	await page.locator(".toast button", { hasText: "Undo" }).click();
	await of_vps06(page).waitFor();
	assert.deepEqual(page.errors, []);
});

test("one is there once: found in the rows, in the server's list and by the socket", async (t) => {
	const { stub, page } = await desk(t);
	await until("the list", async () => (await lines(page)).some((l) => /No collector runs/.test(l)));
	await until("the socket", async () => stub.sockets.size === 1);
	stub.send({ type: "alert", key: NODE, level: "critical", text: "node/vps06 by the socket" });
	stub.send({ type: "alert", key: "collector", level: "critical", text: "collector by the socket" });
	stub.send({ type: "alert", key: "redis", level: "critical", text: "Redis by the socket" });
	await until("what is new", async () => (await lines(page)).some((l) => l === "Redis does not answer"));
	await page.click(".alerts .all");
	const all = await lines(page);
	assert.equal(all.filter((l) => /vps06/.test(l)).length, 1, all.join("\n"));
	assert.equal(all.filter((l) => /collector/i.test(l)).length, 1, all.join("\n"));
	assert.equal(all.filter((l) => /by the socket/.test(l)).length, 0, all.join("\n"));
	assert.equal(all.filter((l) => /vps02: the clock/.test(l)).length, 1, all.join("\n"));
});

test("acknowledged: by whom, and only what people are called for; a new one is not", async (t) => {
	const { stub, page } = await desk(t);
	await page.click(".alerts .all");
	const ack = of_vps06(page).locator("button", { hasText: "Acknowledge" });
	await ack.click();
	await page.locator(".alerts li.taken", { hasText: /vps06.*acknowledged by ana/ }).waitFor();
	assert.deepEqual(stub.said, [{ action: "ack", keys: [NODE] }]);
	assert.match((await lines(page))[0], /No collector/, "what nobody has taken on comes first");
	/* the broker's: nobody is called for it by the list */
	const other = page.locator(".alerts > ul > li", { hasText: "broker offline" }).first();
	assert.equal(await other.locator("button", { hasText: "Acknowledge" }).count(), 0);
	/* it ended, and began again after that */
	stub.alerts.alerts[0].since_utc = new Date(Date.now() + 1000).toISOString();
	await page.reload();
	await ack.waitFor();
	assert.equal(await page.locator(".alerts li.taken").count(), 0);
});

test("put away: for one person, until it begins again; a viewer cannot mute", async (t) => {
	const { stub, page } = await desk(t);
	await of_vps06(page).locator("button.x").click();
	await until("away", async () => await of_vps06(page).count() === 0);
	await page.reload();
	await page.locator(".alerts li").first().waitFor();
	assert.equal(await of_vps06(page).count(), 0, "after a reload, too");
	assert.deepEqual(stub.said, [], "the others are not told");
	stub.answers["/auth/session"] = session("ben", "viewer");
	await page.reload();
	await of_vps06(page).waitFor();
	assert.equal(await of_vps06(page).locator("summary").count(), 0);
	stub.answers["/auth/session"] = session("ana");
	await page.reload();
	await until("ana's again", async () => /Log out ana/.test(await page.textContent("header")));
	assert.equal(await of_vps06(page).count(), 0);
	const row = stub.rows.find((r) => r.node === "vps06" && r.status === "unreachable");
	row.since_utc = new Date().toISOString();
	await page.reload();
	await of_vps06(page).waitFor();
});

test("muted as an account, or all: as the job sees it; nobody logged in: the rows' alerts", async (t) => {
	const { stub, page } = await desk(t);
	const until_utc = new Date(Date.now() + 3600_000).toISOString();
	const offline = stub.rows.find((r) => r.status === "broker_disconnected");
	const its_lines = () => page.locator(".alerts > ul > li", { hasText: `${offline.node}: 1 broker offline` });
	await page.click(".alerts .all");
	await its_lines().waitFor();
	stub.alerts.mutes = [{ key: `${offline.server}/${offline.login}`, until_utc, who: "ben" }];
	await page.reload();
	await page.locator(".alerts details.muted").waitFor();
	await page.click(".alerts details.muted summary");
	assert.match(await page.textContent(".alerts details.muted"), /broker offline.*muted by ben/);
	stub.alerts.mutes = [{ key: "all", until_utc, who: "ben" }];
	await page.reload();
	await page.getByText("Nothing needs attention").waitFor();
	/* over */
	stub.alerts.mutes[0].until_utc = new Date(Date.now() - 1000).toISOString();
	await page.reload();
	await of_vps06(page).waitFor();
	stub.answers["/auth/session"] = () => ({ status: 204 });
	const asked = [];
	page.on("request", (r) => { if (r.url().endsWith("/api/alerts")) asked.push(r.url()); });
	await page.reload();
	await of_vps06(page).waitFor();
	assert.deepEqual(asked, [], "what would be refused is not asked for");
});

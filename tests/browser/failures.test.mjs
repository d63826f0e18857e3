// failures.test.mjs: what the page shows when something is broken: never an old
// number as a live one, and no reload to get well again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { redisText, startFleet } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";

const NODES = 3;

const rows_there = (page) => until("the rows", async () =>
	await page.locator("tr[data-key]").count() === NODES);
const pills = (page) => page.$$eval("tr[data-key] .pill", (all) => all.map((e) => e.textContent.trim()));
const money = (page) => page.$$eval("tbody td.c-balance .value", (all) =>
	all.map((e) => e.textContent));
const all_live = (page) => until("all live", async () =>
	(await pills(page)).every((word) => /^(ok|syncing|trading off|read only)$/.test(word)) &&
	await page.locator(".banner").count() === 0);

/* A mark that a reload would wipe. */
const mark = (page) => page.evaluate(() => { window.not_reloaded = true; });
const marked = (page) => page.evaluate(() => window.not_reloaded === true);

async function greyed_and_back(page, what, banner) {
	await page.waitForSelector(".banner");
	await until(what, async () => banner.test(await page.textContent(".banner")));
	const words = await pills(page);
	assert.equal(words.length, NODES);
	assert.ok(words.every((w) => w.startsWith("was ")), words.join());
	const values = await money(page);
	assert.equal(values.length, NODES);
	assert.ok(values.every((text) => /\d/.test(text)), values.join());
	assert.equal(await page.textContent(".accounts .label"), "Were live");
	assert.match(await page.title(), /^\(!\)/);
}

async function redis_stopped(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	await all_live(page);
	await mark(page);
	process.kill(fleet.pid("redis"), "SIGSTOP");
	try {
		await greyed_and_back(page, "the server's own words",
			/Server error|The server does not respond/);
	} finally {
		process.kill(fleet.pid("redis"), "SIGCONT");
	}
	await all_live(page);
	assert.ok(await marked(page));
	assert.deepEqual(page.errors, []);
}

async function network_gone(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	await all_live(page);
	await mark(page);
	await page.context().setOffline(true);
	await greyed_and_back(page, "that nothing is heard", /cannot be reached|The server does not respond/);
	const age = () => page.textContent(".banner");
	const before = await age();
	await until("a growing age", async () => (await age()) !== before);
	await page.context().setOffline(false);
	await all_live(page);
	assert.ok(await marked(page));
}

async function agent_killed(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	await all_live(page);
	const row = page.locator("tr[data-key]", { hasText: "unreachable" });
	process.kill(fleet.pid("vps02-agent"), "SIGKILL");
	await row.waitFor();
	assert.ok((await row.getAttribute("class")).includes("old"));
	assert.match(await row.locator("td.c-balance .value").textContent(), /\d/);
	/* it leaves the sums with the very same redraw */
	assert.equal((await page.textContent(".accounts .figure")).trim(), `${NODES - 1} of ${NODES}`);
	assert.match(await page.textContent(".alerts"), /1 unreachable/);
	const foot = await page.textContent("tfoot");
	assert.match(foot, /1 unreachable/);
	/* the others go on */
	assert.equal(await page.locator("tr.old").count(), 1);
	/* nor is what the account's own page shows of now */
	await row.locator("a").first().click();
	await page.waitForSelector(".drawer .figures.old");
	await until("its positions, of when", async () => /Not live: what was known .* ago/.test(
		await page.textContent(".drawer [role=tabpanel]")));
	await page.keyboard.press("Escape");
	/* a click on the alert shows just that one */
	await page.click(".alerts .plain");
	await until("the one row", async () => await page.locator("tr[data-key]").count() === 1);
}

const cases = { network_gone, redis_stopped, agent_killed };

test("the page, when something is broken", async (t) => {
	const fleet = await startFleet(t, { nodes: NODES });
	for (const [name, run] of Object.entries(cases))
		await t.test(name.replaceAll("_", " "), (t) => run(t, fleet));
});

/* Its key is gone, too, so that nobody can say how long it has been silent. */
test("a collector that died is said for as long as it is dead", async (t) => {
	const fleet = await startFleet(t, { nodes: NODES, env: { COLLECT_EVERY: "3600", CACHE_TTL: "8" } });
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	await all_live(page);
	const collector = JSON.parse(await redisText(fleet.socket, "GET", "collector"));
	process.kill(collector.pid, "SIGKILL");
	await greyed_and_back(page, "that there is no collector", /No collector is running/);
	await until("rows that are old by themselves", async () =>
		(await pills(page)).every((word) => word === "was stale"));
	assert.match(await page.title(), /^\(!\)/);
});

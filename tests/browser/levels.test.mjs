// levels.test.mjs: floors and target on the equity curve: where each stands, since
// when, static or trailing; payouts and phases beside them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { BUILD } from "../system/lib.mjs";
import { load, open_page, until } from "./lib.mjs";
import { start_stub } from "./stub.mjs";

const html = join(BUILD, "htdocs");
const { levels_of } = await load("levels.ts");
const DAY = 86_400_000, now = Date.parse("2026-11-21T12:00:00Z"), reset = now + DAY / 4;

const line = (kind, level, more = {}) => ({ kind, unit: "money", level, mode: "static", ...more });
const row = (rule_lines, started_utc = new Date(now - 9 * DAY).toISOString()) => ({ rule_lines,
	phase: { started_utc }, rules: { resets_utc: new Date(reset).toISOString() } });

test("a daily floor is of the day, a trailing one too, a static one of the phase", () => {
	const of = (r, moved) => levels_of(r, now, moved).map((l) => [l.what, l.value, (l.from_ms - now) / DAY]);
	assert.deepEqual(of(row([line("daily_loss", 95), line("max_loss", 90), line("profit_target", 108)])),
		[["daily_floor", 95, -0.75], ["total_floor", 90, -9], ["target", 108, -9]]);
	assert.deepEqual(of(row([line("max_loss", 92, { mode: "trailing_eod" })])), [["total_floor", 92, -0.75]]);
	/* the phase began today; a payout moved what is static */
	assert.deepEqual(of(row([line("daily_loss", 95)], new Date(now - DAY / 8).toISOString())),
		[["daily_floor", 95, -0.125]]);
	assert.deepEqual(of(row([line("max_loss", 90)]), now - 2 * DAY), [["total_floor", 90, -2]]);
	/* not known, not money, no such line */
	assert.deepEqual(of(row([line("max_loss", null), line("max_lots", 3, { unit: "lots" })])), []);
	assert.deepEqual(levels_of({ rule_lines: null, phase: null, rules: null }, now), []);
	assert.deepEqual(levels_of({ rule_lines: [line("max_loss", 90)], phase: null, rules: null }, now)
		.map((l) => l.from_ms), [-Infinity]);
});

/* In the page: how many pixels of a colour of colours.css the first chart has. */
function pixels(name) {
	const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
	pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
	pen.fillRect(0, 0, 1, 1);
	const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
	const canvas = document.querySelector(".chart canvas");
	const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
	let n = 0;
	for (let i = 0; i < data.length; i += 4)
		n += data[i + 3] > 60 && [r, g, b].every((c, k) => Math.abs(data[i + k] - c) < 8);
	return n;
}

test("the curve has them in words and in the picture, with payouts; not in percent", async (t) => {
	const stub = await start_stub(t, { html, count: 6 });
	const at = Date.now();
	const it = stub.rows.find((r) => r.rule_lines.length > 0 && r.account.currency === "USD");
	const of = `/api/accounts/${it.server}/${it.login}`, size = it.phase.initial_balance;
	it.rule_lines = [
		{ ...it.rule_lines[0], level: size * 0.95 },
		{ ...it.rule_lines[1], level: size * 0.9, mode: "trailing" },
		{ ...it.rule_lines[0], kind: "profit_target", level: size * 1.08, left: size * 0.05, used: null },
		{ ...it.rule_lines[0], kind: "min_trading_days", unit: "days", level: 4, value: 2, left: 2 },
		{ ...it.rule_lines[0], kind: "best_day", unit: "percent", level: 50, value: 31.5, left: null }];
	stub.answers[`${of}/equity`] = () => ({ status: 200, body: { server: it.server, login: it.login, range: "7d",
		equity: Array.from({ length: 100 }, (_, i) => ({ at_utc: new Date(at - (100 - i) * 3600_000).toISOString(),
			balance: size, credit: 0, equity: size + i, low: size + i - 1, high: size + i + 1 })) } });
	stub.answers[`${of}/cashflows`] = () => ({ status: 200, body: { next: null, cashflows: [{ ticket: "1",
		time_msc: at - 90 * 3600_000, time_utc: new Date(at - 90 * 3600_000).toISOString(), kind: "flow",
		time_utc_estimated: false, type: 2, amount: -100, comment: "Payout", excluded: null, meaning: "payout",
		meaning_reason: null, meaning_by: null, cancels: null, void_reason: null }] } });
	stub.answers[`${of}/phases`] = () => ({ status: 200, body: { phases: [], verdicts: [] } });
	const page = await open_page(t, `${stub.url}/#/a/${it.server}/${it.login}/equity`);
	await page.waitForSelector(".levels");
	const said = Object.fromEntries(await page.$$eval(".levels > div", (all) =>
		all.map((e) => [e.dataset.level, e.querySelector("dd").textContent])));
	assert.deepEqual(Object.keys(said), ["daily_floor", "total_floor", "target", "min_trading_days", "best_day"]);
	assert.match(said.daily_floor, /fixed until the reset.* left .*resets in \d+ h/);
	assert.match(said.total_floor, /USD · trailing · /);
	assert.match(said.target, /to go/);
	assert.match(said.min_trading_days, /2 of 4 days/);
	assert.match(said.best_day, /31\.5\s%/);
	const label = await page.getAttribute(".chart >> nth=0", "aria-label");
	assert.match(label, /Daily floor, fixed until the reset [\d\s.]+; Total floor, trailing /, label);
	await until("the lines", async () => await page.evaluate(pixels, "--bad") > 20 &&
		await page.evaluate(pixels, "--ok") > 20);
	await page.click("button.chip:text('%')");
	await until("none in percent", async () => await page.evaluate(pixels, "--bad") === 0);
	assert.equal(await page.locator(".levels > div").count(), 5, "in words they stay");
	assert.deepEqual(page.errors, []);
});

test("beside an open account no tile is cut or lies on another", async (t) => {
	const stub = await start_stub(t, { html, count: 12 });
	for (const width of [1100, 1440, 1920]) {
		const page = await open_page(t, stub.url, { viewport: { width, height: 900 } });
		await page.waitForSelector("tr[data-key]");
		await page.click("tr[data-key] td.c-status >> nth=0");
		await page.waitForSelector("aside.drawer");
		const cut = await page.$$eval(".tile", (all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1)
			.map((e) => `${e.className} ${e.scrollWidth} > ${e.clientWidth}`));
		assert.deepEqual(cut, [], `${width} wide`);
	}
});

// business.test.mjs: the business book on the page: entered, summed, removed, put back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { get, startFleet } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function no_findings(page) {
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
	assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), []);
}

test("the business book", async (t) => {
	const fleet = await startFleet(t, { nodes: 1 });
	const page = await open_page(t, fleet.url);
	await page.click("header button:has-text('Log in')");
	await page.fill("input[name=user]", "admin");
	await page.fill("input[name=password]", fleet.password());
	await page.click("dialog button.main");
	await page.waitForSelector("dialog", { state: "hidden" });
	await page.click("header button:has-text('Business')");
	const enter = async (kind, amount, date) => {
		await page.selectOption("select[name=kind]", kind);
		await page.fill("input[name=amount]", amount);
		await page.fill("input[name=currency]", "chf");
		await page.fill("input[name=at_utc]", date);
		await page.fill("input[name=firm]", "=<b>Firm</b>");
		await page.click("form button.main");
		await until("the form is empty again", async () => await page.inputValue("input[name=amount]") === "");
	};
	await enter("fee", "155,50", "2026-01-05");
	await enter("payout", "400", "2026-02-06");
	const sums = (of) => page.locator("table", { has: page.locator(`caption:text-is('${of}')`) })
		.locator("tr", { hasText: "CHF" }).allTextContents();
	await until("both are summed", async () => (await sums("By month")).length === 2);
	const [line] = await sums("By firm");
	assert.match(line, /=<b>Firm<\/b> CHF155\.50400\.00▲ \+244\.50\+157\.2/);
	assert.match((await sums("By month"))[0], /2026-02 CHF0\.00400\.00/, "the newest month first");
	assert.match((await sums("By month"))[1], /2026-01 CHF155\.500\.00▼ −155\.50−100/);
	await no_findings(page);

	/* removed in two clicks, and put back by the audit */
	const fees = () => page.locator("tr", { has: page.locator("td:text-is('fee')") });
	await fees().locator("button", { hasText: "Remove" }).click();
	await fees().locator("button", { hasText: "Really remove" }).click();
	await until("it is gone", async () => await fees().count() === 0);
	await page.click("header button:has-text('Admin')");
	await page.click(".admin nav button:has-text('Audit')");
	await page.locator("tr", { hasText: "fee 155.5 CHF 2026-01-05" }).first()
		.locator("button:has-text('Undo')").click();
	await until("it is back", async () => (await get(`${fleet.url}/api/business`)).json.entries
		.some((e) => e.kind === "fee" && e.amount === 155.5));

	const phone = await open_page(t, `${fleet.url}#/business`,
		{ locale: "es-ES", viewport: { width: 360, height: 780 } });
	await phone.waitForSelector("h2:has-text('Negocio')");
	await phone.waitForSelector("td:has-text('cuota')");
	assert.equal(await phone.locator("select[name=kind]").count(), 0, "who is not logged in enters nothing");
	assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 360, "nothing beside the screen");
	await no_findings(phone);
	assert.deepEqual([...page.errors, ...phone.errors], []);
});

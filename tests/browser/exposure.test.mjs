// exposure.test.mjs: what is open over all accounts on the page: by symbol, what
// stands against each other, pairs made of what looks like one.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { get, logIn, startFleet, tmp, waitFor } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const CASE = "tests/cases/vnd-40bn/vnd-40bn-0";

/* A terminal that holds these positions: [symbol, 0 buy or 1 sell, lots]. */
function recording(dir, name, login, currency, positions) {
	const to = join(dir, name);
	mkdirSync(to);
	cpSync(CASE, to, { recursive: true });
	const account = JSON.parse(readFileSync(join(to, "account.json"), "utf8"));
	writeFileSync(join(to, "account.json"), JSON.stringify({ ...account, login, currency,
		currency_digits: 2, name, server: "Firm-Live" }));
	const head = readFileSync(join(to, "positions.csv"), "utf8").split("\n")[0];
	writeFileSync(join(to, "positions.csv"), [head, ...positions.map(([symbol, type, lots], i) =>
		[i + 1, 1790000000, 1790000000000, 1790000000, 1790000000000, type, 0, i + 1, 0, lots,
			1.1, 0, 0, 1.1, 0, 0, symbol, "", ""].join(","))].join("\n") + "\n");
}

async function no_findings(page) {
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
	assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), []);
}

test("exposure", async (t) => {
	const dir = tmp(t);
	recording(dir, "ann", 11, "USD", [["EURUSD", 0, 1.5]]);
	recording(dir, "bob", 12, "EUR", [["EURUSD.pro", 1, 1.5], ["XAUUSD", 0, 0.1]]);
	recording(dir, "eve", 13, "USD", []);
	const fleet = await startFleet(t, { nodes: 3, recordings: dir, env: { RATE: "0" } });
	const headers = await logIn(fleet);
	for (const login of [11, 12]) {
		const put = await fetch(`${fleet.url}/api/accounts/Firm-Live/${login}/meta`, { method: "PUT",
			headers: { ...headers, "Content-Type": "application/json" },
			body: JSON.stringify({ prop_firm: "The <b>Firm</b>", version: null }) });
		assert.equal(put.status, 200, await put.text());
	}
	await waitFor("the API to say it", async () =>
		(await get(`${fleet.url}/api/exposure`)).json.opposites.length === 1);
	const page = await open_page(t, fleet.url);
	await page.click("header button:has-text('Exposure')");
	await page.waitForSelector(".exposure-table");
	assert.equal(new URL(page.url()).hash, "#/exposure");
	const cells = (text) => page.locator(".exposure-table tr", { hasText: text }).first()
		.locator("td").allTextContents();
	assert.deepEqual((await cells("EURUSD")).slice(0, 5), ["1.50", "1.50", "0.00", "3.00", "2"]);
	assert.deepEqual((await cells("XAUUSD")).slice(0, 5), ["0.10", "–", "+0.10", "0.10", "1"]);
	assert.match(await page.textContent(".opposites li"), /EURUSD within The <b>Firm<\/b>/);
	await no_findings(page);

	/* what looks like a pair becomes one, by one click */
	await page.click("header button:has-text('Log in')");
	await page.fill("input[name=user]", "admin");
	await page.fill("input[name=password]", fleet.password());
	await page.click("dialog button.main");
	await page.waitForSelector("dialog", { state: "hidden" });
	await page.click("button:has-text('Make a pair')");
	await until("the pair", async () => await page.locator(".exposure-table th", { hasText: "VS 1" }).count() === 1);
	assert.match(await page.textContent(".exposure-table th:has-text('VS 1')"), /XAUUSD: no short leg/);
	await no_findings(page);

	/* a leg that is not seen: nothing is said of what is missing */
	process.kill(fleet.pid("vps02-agent"), "SIGKILL");
	await until("it is left out", async () => /1 account is left out/.test(await page.textContent(".exposure")));
	assert.match(await page.textContent(".exposure-table th:has-text('VS 1')"), /not seen now/);

	/* the address brings it back, in Spanish too, and on a phone */
	const phone = await open_page(t, `${fleet.url}#/exposure`, { locale: "es-ES", viewport: { width: 360, height: 780 } });
	await phone.waitForSelector("h2:has-text('Exposición')");
	await phone.waitForSelector(".exposure-table");
	assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 360, "nothing beside the screen");
	await no_findings(phone);
	await phone.click("#exposure-title ~ button");
	await until("the accounts again", async () => new URL(phone.url()).hash === "#/");
	assert.deepEqual([...page.errors, ...phone.errors], []);
});

// admin.test.mjs: the administration on the page: users, nodes, rule sets, audit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { get, logIn, startFleet, waitFor } from "../system/lib.mjs";
import { load, open_page, until } from "./lib.mjs";

const form = await load("admin/rule_form.ts");
const { es } = await load("text/es.ts");

test("the rule form changes what it shows, and nothing else", () => {
	const rules = { flows: [{ type: "bonus" }], max_days: 30, daily_loss: { pct: 5, odd: 1 },
		phases: { F1: { profit_target: { money: 800 } }, R: { daily_loss: null } } };
	const { rule_of, with_rule, with_size, with_value, with_phase, size_of, phases_of } = form;
	assert.deepEqual(phases_of(rules), ["F1", "R"]);
	assert.deepEqual(rule_of(rules, "", "max_days"), { days: 30 });
	assert.equal(rule_of(rules, "R", "daily_loss"), null);
	assert.equal(rule_of(rules, "F1", "daily_loss"), undefined);
	assert.deepEqual(size_of(rule_of(rules, "F1", "profit_target")), { unit: "money", value: 800 });
	const daily = with_value(with_size(rule_of(rules, "", "daily_loss"), "money", 500), "effect", "pause");
	assert.deepEqual(with_rule(rules, "", "daily_loss", daily), { ...rules,
		daily_loss: { money: 500, odd: 1, effect: "pause" } });
	assert.deepEqual(with_rule(rules, "F1", "profit_target", undefined).phases,
		{ F1: {}, R: { daily_loss: null } });
	assert.deepEqual(with_value({ pct: 5, effect: "pause" }, "effect", ""), { pct: 5 });
	assert.deepEqual(with_phase(rules, "F2", true).phases.F2, {});
	assert.equal("R" in with_phase(rules, "R", false).phases, false);
	assert.deepEqual(rules.daily_loss, { pct: 5, odd: 1 }, "what it was given stays");
});

test("a path is read line by line; a bad line is quoted", () => {
	assert.deepEqual(form.path_from("sample 1 2\n\n reset 3 4 \nflow -5\nday 7\nsample 1 2 0.5 3"), {
		wrong: null, events: [{ sample: { balance: 1, equity: 2 } }, { reset: { balance: 3, equity: 4 } },
			{ flow: -5 }, { day: { net: 7 } }, { sample: { balance: 1, equity: 2, low: 0.5, high: 3 } }] });
	for (const line of ["sample 1", "jump 3", "reset 1 x", "payout", "day 1 2", "__proto__ 1"])
		assert.equal(form.path_from(`sample 1 2\n${line}`).wrong, line);
	assert.deepEqual(form.shares_from("0.7, 0.85;0.95"), [0.7, 0.85, 0.95]);
	assert.equal(form.shares_from("many"), null);
});

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function no_findings(page) {
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
	assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), []);
}

async function log_in(page, fleet, words = "Log in") {
	await page.click(`header button:has-text('${words}')`);
	await page.fill("input[name=user]", "admin");
	await page.fill("input[name=password]", fleet.password());
	await page.click("dialog button.main");
	await page.waitForSelector("dialog", { state: "hidden" });
}

const toast = (page, text) => page.waitForSelector(`.toast:has-text(${JSON.stringify(text)})`);

async function users(t, fleet) {
	const page = await open_page(t, fleet.url);
	await log_in(page, fleet);
	let clicks = 0;
	const click = async (what) => { clicks++; await page.click(what); };
	await click("header button:has-text('Admin')");
	await page.fill("input[name=user]", "zoe");
	await click("button:has-text('Add user')");
	const link = await page.textContent(".copy .line");
	assert.equal(clicks, 2, "a user in 3 clicks at most");
	assert.match(link, /\/admin\/password\?token=[0-9a-f]{64}$/);
	await no_findings(page);
	/* the link works in another browser, without JavaScript */
	const other = await open_page(t, link, { javaScriptEnabled: false });
	await other.fill("input[name=password]", "long enough");
	await other.click("main button");
	await other.fill("input[name=user]", "zoe");
	await other.fill("input[name=password]", "long enough");
	await other.click("main button");
	assert.match(other.url(), /\/admin\/phases$/);
	const row = page.locator("tr", { has: page.locator("th", { hasText: "zoe" }) });
	await row.locator("select").selectOption("admin");
	await toast(page, "zoe: changed");
	await row.locator("button", { hasText: "Disable" }).click();
	await toast(page, "zoe: disabled");
	await row.locator("button", { hasText: "Enable" }).waitFor();
	assert.deepEqual(page.errors, []);
}

async function nodes(t, fleet) {
	const page = await open_page(t, `${fleet.url}/#/admin/nodes`);
	await log_in(page, fleet);
	const row = page.locator("tr[data-node=vps01]");
	await row.waitFor();
	await until("its live state", async () => await row.locator(".pill").count() === 1);
	await row.locator("button", { hasText: /^Maintenance/ }).click();
	await row.locator("button", { hasText: "End maintenance" }).waitFor();
	await row.locator("button", { hasText: "End maintenance" }).click();
	await row.locator("button", { hasText: /^Maintenance/ }).waitFor();
	/* what cannot be undone asks once more */
	await row.locator("summary").click();
	await row.locator("button", { hasText: "Remove from the list" }).click();
	await row.locator("button", { hasText: "Really remove it?" }).waitFor();
	await no_findings(page);
	assert.deepEqual(page.errors, []);
}

async function rules(t, fleet) {
	const page = await open_page(t, `${fleet.url}/#/admin/rules`);
	await log_in(page, fleet);
	await page.locator("tr", { hasText: "FTMO 2-step" }).locator("button", { hasText: "Copy" }).click();
	await page.waitForSelector(".rule-form");
	assert.equal(await page.inputValue(".line-form input >> nth=0"), "FTMO 2-step, copy");
	const daily = page.locator(".scope >> nth=0").locator("fieldset", { hasText: "Daily loss" });
	await daily.locator("input[type=number]").fill("4");
	await daily.locator("input[type=number]").press("Tab");
	await page.locator(".scope >> nth=0").locator("select.add").selectOption({ label: "Next trade" });
	await page.click("summary:has-text('Try a path')");
	await page.click("button:has-text('Show the floors')");
	await page.waitForSelector(".try table tbody tr >> nth=4");
	await no_findings(page);
	await page.click("button:has-text('Save')");
	await toast(page, "saved");
	const made = await waitFor("the copy", async () => (await get(`${fleet.url}/api/rules`)).json.rules
		.find((r) => r.name === "FTMO 2-step, copy"));
	assert.equal(made.rules.daily_loss.pct, 4);
	assert.equal(made.rules.daily_loss.baseline, "balance");
	assert.equal(made.rules.inactivity_days.days, 30);
	assert.equal(made.preset, false);
	/* what is wrong is said, and the draft stays */
	await page.click("button.plain:has-text('FTMO 2-step, copy')");
	await page.check("label.check input");
	await page.fill(".json textarea", '{"max_loss":{"pct":-1}}');
	await page.locator(".json textarea").press("Tab");
	await page.click("button:has-text('Save')");
	await page.waitForSelector(".wrong[role=alert]:has-text('pct')");
	assert.match(await page.inputValue(".json textarea"), /-1/);
	await page.click("button:has-text('Cancel')");
	const row = page.locator("tr", { hasText: "FTMO 2-step, copy" });
	await row.locator("button", { hasText: "Delete" }).click();
	await row.locator("button", { hasText: "Really delete it?" }).click();
	await toast(page, "deleted");
	await row.waitFor({ state: "detached" });
	assert.deepEqual(page.errors, []);
}

async function audit(t, fleet) {
	const [row] = (await get(`${fleet.url}/api/accounts`)).json.accounts;
	const { id } = (await get(`${fleet.url}/api/rules`)).json.rules.find((r) => r.name === "FTMO 1-step");
	const put = await fetch(`${fleet.url}/api/accounts/${encodeURIComponent(row.server)}/${row.login}/meta`, {
		method: "PUT", body: JSON.stringify({ rule_set: id, version: row.phase?.version ?? null }),
		headers: { ...await logIn(fleet, "admin", fleet.password()), "Content-Type": "application/json" } });
	assert.equal(put.status, 200, await put.text());
	const page = await open_page(t, fleet.url);
	await log_in(page, fleet);
	let clicks = 0;
	const click = async (what) => { clicks++; await page.click(what); };
	await click("header button:has-text('Admin')");
	await click("nav button:has-text('Audit')");
	await page.waitForSelector("table.audit tbody tr");
	assert.equal(clicks, 2, "who changed what: 2 clicks");
	const undo = page.locator("table.audit button", { hasText: "Undo" }).first();
	await undo.waitFor();
	const box = await undo.boundingBox();
	assert.ok(box.x + box.width < 1440, "in sight at 1440");
	/* the rule set by its name, the account by its own */
	await page.fill("input[type=search]", "admin ftmo 1-step");
	await until("one row", async () => await page.locator("table.audit tbody tr").count() === 1);
	assert.match(await page.textContent("table.audit tbody"), new RegExp(row.account.name ?? row.login));
	await no_findings(page);
	await undo.click();
	await toast(page, "Undone");
	await until("it is marked", async () => /undone/.test(await page.textContent("table.audit tbody")));
	assert.deepEqual(page.errors, []);
}

async function spanish_phone(t, fleet) {
	const page = await open_page(t, `${fleet.url}/#/admin/nodes`,
		{ locale: "es-ES", viewport: { width: 360, height: 740 }, colorScheme: "dark" });
	await page.waitForSelector("h2:has-text('Administración')");
	assert.equal(await page.getAttribute("html", "lang"), "es");
	await page.waitForSelector("text=Entre para ver esto");
	await log_in(page, fleet, "Entrar");
	await page.waitForSelector("tr[data-node=vps01]");
	/* whatever the sign of the connection says */
	for (const word of ["link.live", "link.polling", "link.reconnecting", "link.stale", "link.error"])
		assert.ok(await page.evaluate((said) => {
			document.querySelector(".link .word").firstChild.data = said;
			return document.documentElement.scrollWidth <= innerWidth;
		}, es[word]), `nothing sticks out at 360: ${es[word]}`);
	await no_findings(page);
	assert.deepEqual(page.errors, []);
}

test("administration in a browser", async (t) => {
	const fleet = await startFleet(t, { nodes: 1 });
	await waitFor("an account with a phase", async () =>
		(await get(`${fleet.url}/api/rules`)).json.rules?.length > 0);
	for (const [name, run] of Object.entries({ users, nodes, rules, audit, spanish_phone }))
		await t.test(name, (t2) => run(t2, fleet));
});

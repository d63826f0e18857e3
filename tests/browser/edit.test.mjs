// edit.test.mjs: changing a phase from the page; live changes without a reload.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startFleet } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";

const NODES = 3;

async function first_account(fleet) {
	const doc = await (await fetch(`${fleet.url}/api/accounts`)).json();
	return doc.accounts[0];
}

const path_of = (row) => `/a/${encodeURIComponent(row.server)}/${row.login}`;

async function log_in(page, fleet, password = fleet.password()) {
	await page.fill("input[name=user]", "admin");
	await page.fill("input[name=password]", password);
	await page.click("dialog .main");
}

async function editor(t, fleet, row) {
	const page = await open_page(t, `${fleet.url}/#${path_of(row)}/phases`);
	await page.click("text=Edit…");
	await page.waitForSelector("dialog[open]");
	await log_in(page, fleet);
	await page.waitForSelector("form.edit");
	return page;
}

const badge = (page, row) => page.locator(
	`tr[data-key="${row.server}/${row.login}"] td.c-phase b`);

async function wrong_password(t, fleet) {
	const page = await open_page(t, fleet.url);
	await page.click("text=Log in");
	await log_in(page, fleet, "certainly not this");
	await page.getByText("wrong user or password").waitFor();
	await page.keyboard.press("Escape");
	await page.waitForSelector("dialog[open]", { state: "detached" });
}

async function change_and_undo(t, fleet) {
	const row = await first_account(fleet);
	const page = await editor(t, fleet, row);
	await page.fill("input[name=phase]", "F1");
	await page.fill("input[name=initial_balance]", "not an amount");
	await page.click("form.edit .main");
	await page.getByText('"not an amount" is not an amount').waitFor();
	await page.fill("input[name=initial_balance]", "5 000,50");
	await page.fill("input[name=holder]", "A. <b>Holder</b>");
	await page.click("form.edit .main");
	await saved(page);
	assert.equal(await badge(page, row).textContent(), "F1");
	assert.match(await page.textContent("#tabpanel"), /A\. <b>Holder<\/b>/);
	const stored = await stored_as(fleet, row, "F1");
	assert.equal(stored.initial_balance, 5000.5);
	assert.equal(stored.holder, "A. <b>Holder</b>");

	await page.click("text=Edit…");
	await page.fill("input[name=phase]", "F2");
	await page.click("form.edit .main");
	await until("F2", async () => await badge(page, row).textContent() === "F2");
	await page.click(".toast button");
	await until("F1 again", async () => await badge(page, row).textContent() === "F1");
	const again = await stored_as(fleet, row, "F1");
	assert.deepEqual([again.initial_balance, again.status], [5000.5, stored.status]);
	assert.equal(again.started_utc, stored.started_utc, "the period goes on");
	assert.deepEqual(await periods_of(fleet, row), ["F1 5000.5"]);
	assert.deepEqual(page.errors, []);
}

/* The account's periods as the ledger has them: undone ones are not there. */
async function periods_of(fleet, row) {
	const doc = await (await fetch(`${fleet.url}/api/accounts/` +
	    `${encodeURIComponent(row.server)}/${row.login}/phases`)).json();
	return doc.phases.map((p) => `${p.phase} ${p.initial_balance}`);
}

/* A new phase begins with what the form shows, not with the balance of the moment. */
async function a_new_phase_has_what_the_form_shows(t, fleet) {
	const { accounts } = await (await fetch(`${fleet.url}/api/accounts`)).json();
	const row = accounts.find((r) => !r.phase?.phase); /* the order follows P/L */
	const page = await editor(t, fleet, row);
	await page.fill("input[name=phase]", "F1");
	await page.fill("input[name=initial_balance]", "3000000");
	await page.click("form.edit .main");
	await saved(page);
	assert.equal((await stored_as(fleet, row, "F1")).initial_balance, 3000000);
	await page.click("text=Edit…");
	assert.equal(await page.inputValue("input[name=initial_balance]"), "3000000");
	await page.fill("input[name=phase]", "F2");
	await page.fill("input[name=holder]", "B");
	await page.click("form.edit .main");
	const f2 = await stored_as(fleet, row, "F2");
	assert.deepEqual([f2.initial_balance, f2.holder], [3000000, "B"]);
	assert.deepEqual(await periods_of(fleet, row), ["F2 3000000", "F1 3000000"]);
	/* one step back: both the phase and the holder, as they were */
	await page.click(".toast button");
	await page.getByText("Undone").waitFor();
	const f1 = await stored_as(fleet, row, "F1");
	assert.deepEqual([f1.initial_balance, f1.holder], [3000000, null]);
	assert.deepEqual(await periods_of(fleet, row), ["F1 3000000"]);
	assert.deepEqual(page.errors, []);
}

/* The server's own word on it; nginx may answer with one a second old. */
function stored_as(fleet, row, phase) {
	return until(`${phase} in the ledger`, async () => {
		const doc = await (await fetch(`${fleet.url}/api/accounts`)).json();
		const now = doc.accounts.find((r) => r.login === row.login && r.server === row.server);
		return now.phase?.phase === phase && now.phase;
	}, 20_000);
}

const saved = (page) => page.locator(".toast p", { hasText: ": saved" }).waitFor();

/* Two people open the form; the second to save sees both values. */
async function conflict(t, fleet) {
	const row = await first_account(fleet);
	const one = await editor(t, fleet, row);
	const two = await editor(t, fleet, row);
	await one.fill("input[name=phase]", "R");
	await two.fill("input[name=phase]", "Q");
	await one.click("form.edit .main");
	await saved(one);
	await two.click("form.edit .main");
	await two.waitForSelector(".conflict");
	const line = await two.locator(".conflict tbody tr", { hasText: "phase" }).textContent();
	assert.equal(line, "PhaseRQ");
	await stored_as(fleet, row, "R");
	await two.click("text=Overwrite with mine");
	await saved(two);
	await stored_as(fleet, row, "Q");
	/* and the first one's page hears of it by itself */
	await until("Q on the first page", async () => await badge(one, row).textContent() === "Q");
}

async function session_survives_reload(t, fleet) {
	const row = await first_account(fleet);
	const page = await editor(t, fleet, row);
	await page.reload();
	await page.getByText("Log out admin").waitFor();
	await page.click("text=Log out admin");
	await page.getByText("Log in").waitFor();
	await page.reload();
	await page.waitForSelector("tr[data-key]");
	assert.equal(await page.getByText("Log out").count(), 0);
}

/* A change in a terminal is there by itself, over the socket. */
async function live(t, fleet) {
	const page = await open_page(t, fleet.url);
	await until("the socket", async () => await page.textContent(".link .word") === "live");
	const polls = [];
	page.on("request", (r) => polls.push(r.url()));
	const row = await first_account(fleet);
	const balance = page.locator(`tr[data-key="${row.server}/${row.login}"] td.c-balance .value`);
	const before = await balance.textContent();
	fleet.control(row.node, "deposit 12345");
	await until("the deposit", async () => await balance.textContent() !== before, 10_000);
	assert.ok(polls.length <= 2, `asked ${polls.length} times`);
	/* the gateway dies: the page polls, says so, and goes on */
	process.kill(fleet.pid("live"), "SIGKILL");
	await until("another way", async () =>
		/reconnecting|polling/.test(await page.textContent(".link .word")));
	assert.equal(await page.locator(".banner").count(), 0);
	const then = await balance.textContent();
	fleet.control(row.node, "deposit 777");
	await until("the next deposit", async () => await balance.textContent() !== then, 10_000);
}

const cases = { wrong_password, change_and_undo, a_new_phase_has_what_the_form_shows,
	 conflict, session_survives_reload, live };

test("the page, changed and changing", async (t) => {
	const fleet = await startFleet(t, { nodes: NODES, env: { RATE: "0.05" } });
	for (const [name, run] of Object.entries(cases))
		await t.test(name.replaceAll("_", " "), (t) => run(t, fleet));
});

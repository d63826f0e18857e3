// joined.test.mjs: the row of a machine that joined and whose bridge is not
// started yet says what is left to do; then it is green.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { startAgent, startFleet, startTerminal, tmp } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";

test("a node without a terminal says: start the bridge", async (t) => {
	const fleet = await startFleet(t, { nodes: 1 });
	const dir = tmp(t), common = path.join(dir, "common");
	fs.mkdirSync(common);
	const agent = await startAgent(t, common, { AGENT_NAME: "vps07" });
	const file = path.join(fleet.state, "nodes.json");
	const nodes = JSON.parse(fs.readFileSync(file, "utf8"));
	fs.writeFileSync(`${file}.new`, JSON.stringify([...nodes, { id: "vps07", url: agent.url }]));
	fs.renameSync(`${file}.new`, file);
	const page = await open_page(t, fleet.url);
	const text = () => page.textContent("table[aria-rowcount]");
	await until("the row", async () => /start the bridge in MetaTrader/.test(await text()), 60_000);
	assert.match(await page.getAttribute("table[aria-rowcount] .away", "title"), /Mt5FleetService\.mq5, F7/);
	startTerminal(t, dir, ["--seed", 70], common);
	await until("its account", async () =>
		await page.locator("table[aria-rowcount] .pill.ok").count() === 2 &&
		!/start the bridge/.test(await text()), 90_000);
	assert.deepEqual(page.errors, []);
});

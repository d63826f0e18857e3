// subpath.test.mjs: the whole site below a path of its host, in a real browser:
// page, WebSocket, log-in, an edit, the forms without JavaScript, the contract.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startFleet } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";

const PATH = "/my.fleet";

test("below a path", async (t) => {
	const fleet = await startFleet(t, { nodes: 1, env: { SITE_PATH: PATH } });
	const host = `http://127.0.0.1:${fleet.port}`;
	const row = (await (await fetch(`${fleet.url}/api/accounts`)).json()).accounts[0];
	const plain = (path) => fetch(host + path, { redirect: "manual" });

	await t.test("only what is below is ours", async () => {
		for (const path of ["/", PATH, `${PATH}?a=1`]) {
			const answer = await plain(path);
			assert.equal(answer.status, 302, path);
			assert.equal(answer.headers.get("location"), `${fleet.url}/`);
		}
		for (const path of ["/api/accounts", "/my-fleet/api/accounts", `${PATH}x/`,
			"/auth/login", "/assets/x.js", `/x${PATH}/api`])
			assert.equal((await plain(path)).status, 404, path);
	});

	await t.test("the page, live, with an edit", async (t) => {
		const page = await open_page(t, `${fleet.url}/`);
		const asked = [];
		page.on("request", (r) => asked.push(new URL(r.url()).pathname));
		const sockets = [];
		page.on("websocket", (s) => sockets.push(s.url()));
		await page.reload();
		await page.locator(`tr[data-key="${row.server}/${row.login}"]`).waitFor();
		await until("the WebSocket", () => sockets.length > 0);
		assert.ok(sockets[0].startsWith(fleet.url.replace("http", "ws") + "/ws"), sockets[0]);
		await page.goto(`${fleet.url}/#/a/${encodeURIComponent(row.server)}/${row.login}/phases`);
		await page.click("text=Edit…");
		await page.fill("input[name=user]", "admin");
		await page.fill("input[name=password]", fleet.password());
		await page.click("dialog .main");
		await page.waitForSelector("form.edit");
		await page.fill("input[name=phase]", "F1");
		await page.click("form.edit .main");
		await until("the phase", async () => (await (await fetch(
			`${fleet.url}/api/accounts/${encodeURIComponent(row.server)}/${row.login}`,
		)).json()).phase?.phase === "F1");
		const cookie = (await page.context().cookies()).find((c) => c.name === "mt5fleet");
		assert.equal(cookie.path, PATH);
		for (const path of asked)
			assert.ok(path.startsWith(`${PATH}/`), path);
		assert.deepEqual(page.errors, []);
	});

	await t.test("the forms, with JavaScript off", async (t) => {
		const page = await open_page(t, `${fleet.url}/admin`, { javaScriptEnabled: false });
		assert.equal(page.url(), `${fleet.url}/admin/login`);
		await page.fill("input[name=user]", "admin");
		await page.fill("input[name=password]", fleet.password());
		await page.click("main button");
		assert.equal(page.url(), `${fleet.url}/admin/phases`);
		await page.click(`main a:has-text("${row.login}")`);
		await page.fill("input[name=phase]", "F2");
		await page.click("main button");
		assert.equal(await page.inputValue("input[name=phase]"), "F2");
		for (const name of ["Audit", "Rules", "Nodes"]) {
			await page.click(`nav a:text-is("${name}")`);
			assert.equal(page.url(), `${fleet.url}/admin/${name.toLowerCase()}`);
		}
		await page.click('nav a:text-is("Rules")');
		await page.click('main a:text-is("New rule set")');
		assert.equal(page.url(), `${fleet.url}/admin/rules/0`);
		await page.click('nav a:text-is("mt5fleet")');
		assert.equal(page.url(), `${fleet.url}/`);
		await page.goto(`${fleet.url}/admin`);
		await page.click("nav button");
		assert.equal(page.url(), `${fleet.url}/admin/login`);
	});

	await t.test("the contract names the path", async () => {
		const api = await (await fetch(`${fleet.url}/api`)).json();
		assert.equal(api.docs, `${PATH}/docs`);
		for (const r of api.routes) assert.ok(r.path.startsWith(`${PATH}/`), r.path);
		const yaml = await (await fetch(`${fleet.url}/docs/openapi.yaml`)).text();
		assert.match(yaml, new RegExp(`^servers: \\[\\{url: "${PATH}"\\}\\]$`, "m"));
		const docs = await (await fetch(`${fleet.url}/docs`)).text();
		assert.match(docs, new RegExp(`href="${PATH}/docs/openapi.yaml"`));
	});
});

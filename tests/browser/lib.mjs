// lib.mjs: for the page's tests: one of its modules by itself, or a browser.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

/* A module of htdocs/src, bundled as the page is, for node; its texts are English. */
export async function load(...names) {
	const dir = mkdtempSync(join(tmpdir(), "mt5fleet-page-"));
	try {
		const { outputFiles } = await build({
			stdin: {
				contents: 'import "./text/load_en.ts";' + names.map((n) => `export * from "./${n}";`).join("\n"),
				resolveDir: join(process.cwd(), "htdocs/src"),
			},
			bundle: true, format: "esm", target: "es2022", write: false,
			jsx: "automatic", jsxImportSource: "preact", logLevel: "error",
		});
		const file = join(dir, "module.mjs");
		writeFileSync(file, outputFiles[0].contents);
		return await import(pathToFileURL(file).href);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

/* A row as /api/accounts has it; what a test is about goes into `part`. */
export function wire_row({ account, ...part } = {}) {
	const login = part.login ?? "52001001";
	return {
		server: "CentBroker-Live", login, node: "vps01", status: "ok",
		since_utc: "2026-11-21T09:00:00.000Z", age_s: 1, broker_offset_s: 10800,
		account: account === null ? null : {
			login, trade_mode: 2, currency: "USD", currency_digits: 2, balance: 100,
			equity: 100, profit: 0, margin: 0, margin_level: 0, name: `account ${login}`,
			...account },
		terminal: { connected: true }, positions: 0, orders: 0,
		pl: { floating: 0, day: null, total: null, total_pct: null },
		phase: null, rules: null, ...part,
	};
}

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
	"--no-first-run", "--disable-background-networking", "--disable-component-update",
	"--disable-sync"];

/* One browser a file: to start it costs more than most tests. */
let browser;
export const close_browser = async () => (await browser)?.close();
if (process.env.NODE_TEST_CONTEXT) // not in a bench, which ends it itself
	after(close_browser);

/*
 * A page of a fresh profile; `page.errors` gets what broke in it (an exception,
 * a breach of the content security policy).
 */
export async function open_page(t, url, options = {}) {
	browser ??= chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
	const context = await (await browser).newContext(
		{ viewport: { width: 1440, height: 900 }, ...options });
	t.after(() => context.close());
	context.setDefaultTimeout(20_000);
	const page = await context.newPage();
	page.errors = [];
	page.on("pageerror", (err) => page.errors.push(String(err)));
	page.on("console", (m) => {
		if (/Content Security Policy/.test(m.text()))
			page.errors.push(m.text());
	});
	await page.goto(url);
	return page;
}

/* Waits until check() in node is truthy. */
export async function until(what, check, ms = 20_000) {
	const end = Date.now() + ms;
	for (;;) {
		const got = await check();
		if (got)
			return got;
		if (Date.now() > end)
			throw new Error(`not within ${ms} ms: ${what}`);
		await new Promise((done) => setTimeout(done, 100));
	}
}

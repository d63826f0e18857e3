// access.test.mjs: can it be read and used by all? Contrast, names, roles, focus, motion.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startFleet } from "../system/lib.mjs";
import { open_page, until } from "./lib.mjs";

const NODES = 3;

/* In the page: texts whose contrast is below 4.5 (3 where large). */
function faint_texts() {
	/* any CSS colour, color-mix() too, as a canvas draws it */
	const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
		.getContext("2d", { willReadFrequently: true });
	const rgba = (text) => {
		pen.clearRect(0, 0, 1, 1);
		pen.fillStyle = text;
		pen.fillRect(0, 0, 1, 1);
		const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
		return [r, g, b, a / 255];
	};
	const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
	const back_of = (e) => {
		const layers = [];
		for (let at = e; at; at = at.parentElement)
			layers.push(rgba(getComputedStyle(at).backgroundColor));
		return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
	};
	const light = (c) => c.map((v) => v / 255).map((v) =>
		v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const bad = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n = walk.nextNode(); n; n = walk.nextNode()) {
		const e = n.parentElement;
		if (!n.textContent.trim() || !e.checkVisibility() || e.closest("option, script, noscript, [disabled]") ||
		    e.closest(".unseen"))
			continue;
		const style = getComputedStyle(e);
		const under = back_of(e);
		const [a, b] = [light(over(rgba(style.color), under)), light(under)].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		const size = parseFloat(style.fontSize);
		const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
		if (ratio < (large ? 3 : 4.5))
			bad.push(`${ratio.toFixed(2)} "${n.textContent.trim().slice(0, 30)}" .${e.className}`);
	}
	return [...new Set(bad)];
}

/* In the page: what has no name, a broken reference, a doubled id. */
function unnamed() {
	const bad = [];
	const name_of = (e) => e.getAttribute("aria-label") || e.title || e.textContent.trim() ||
	    e.labels?.length || e.getAttribute("alt");
	for (const e of document.querySelectorAll("button, a[href], input, select, textarea, summary, " +
	    "[role=img], [role=tab], dialog, nav, aside, section"))
		if (!name_of(e))
			bad.push(`no name: ${e.outerHTML.slice(0, 90)}`);
	for (const attribute of ["aria-controls", "aria-labelledby", "aria-activedescendant"])
		for (const e of document.querySelectorAll(`[${attribute}]`))
			if (!document.getElementById(e.getAttribute(attribute)))
				bad.push(`${attribute} leads nowhere: ${e.outerHTML.slice(0, 90)}`);
	const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
	for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i)))
		bad.push(`id twice: ${id}`);
	for (const e of document.querySelectorAll("table"))
		if (![...e.querySelectorAll("thead th")].every((th) => th.scope === "col"))
			bad.push("a column heading without scope");
	for (const e of document.querySelectorAll("button button, a button, button a, a a"))
		bad.push(`a control in a control: ${e.outerHTML.slice(0, 90)}`);
	for (const e of document.querySelectorAll("img:not([alt])"))
		bad.push(`an image without alt: ${e.outerHTML.slice(0, 90)}`);
	return bad;
}

const tabs = ["positions", "orders", "equity", "statistics", "trades", "cashflows", "phases",
	"account", "connection"];
const rows_there = (page) => until("the rows", async () =>
	await page.locator("tbody tr[data-key]").count() === NODES);

async function first(fleet) {
	return (await (await fetch(`${fleet.url}/api/accounts`)).json()).accounts[0];
}

async function contrast(t, fleet) {
	const row = await first(fleet);
	for (const colorScheme of ["light", "dark"]) {
		const page = await open_page(t, `${fleet.url}/#/a/${encodeURIComponent(row.server)}/${row.login}`,
			{ colorScheme, reducedMotion: "reduce" });
		await rows_there(page);
		for (const palette of ["green-red", "blue-orange"]) {
			await page.evaluate((p) => { document.documentElement.dataset.palette = p; }, palette);
			for (const tab of tabs) {
				await page.click(`#tab-${tab}`);
				await until("no more loading", async () =>
					!/Loading…/.test(await page.textContent("#tabpanel")));
				assert.deepEqual(await page.evaluate(faint_texts), [], `${colorScheme} ${palette} ${tab}`);
			}
		}
		await page.keyboard.press("?");
		await page.waitForSelector("dialog[open]");
		assert.deepEqual(await page.evaluate(faint_texts), [], `${colorScheme} help`);
	}
}

/* What is not live is grey, and can still be read. */
async function contrast_of_old(t, fleet) {
	const row = await first(fleet);
	fleet.control(row.node, "lose-broker");
	for (const colorScheme of ["light", "dark"]) {
		const page = await open_page(t, fleet.url, { colorScheme, reducedMotion: "reduce" });
		await page.locator("tbody tr.old").waitFor();
		assert.deepEqual(await page.evaluate(faint_texts), [], colorScheme);
		await page.context().setOffline(true);
		await page.waitForSelector(".banner", { timeout: 40_000 });
		assert.deepEqual(await page.evaluate(faint_texts), [], `${colorScheme}, nothing heard`);
	}
	fleet.control(row.node, "regain-broker");
}

async function names_and_roles(t, fleet) {
	const row = await first(fleet);
	const page = await open_page(t, `${fleet.url}/#/a/${encodeURIComponent(row.server)}/${row.login}`);
	await rows_there(page);
	for (const tab of tabs) {
		await page.click(`#tab-${tab}`);
		await until("no more loading", async () => !/Loading…/.test(await page.textContent("#tabpanel")));
		assert.deepEqual(await page.evaluate(unnamed), [], tab);
	}
	await page.click("summary");
	assert.deepEqual(await page.evaluate(unnamed), [], "view");
	await page.keyboard.press("Escape");
	await page.keyboard.press("Control+k");
	await page.waitForSelector(".goto");
	assert.deepEqual(await page.evaluate(unnamed), [], "palette");
	await page.keyboard.press("Escape");
	assert.deepEqual(page.errors, []);
}

/* Tab goes through the page as it is read, and never out of sight. */
async function focus_order(t, fleet) {
	const page = await open_page(t, fleet.url);
	await rows_there(page);
	await page.evaluate(() => document.activeElement?.blur());
	const seen = [];
	for (let i = 0; i < 80; i++) {
		await page.keyboard.press("Tab");
		const at = await page.evaluate(() => {
			const e = document.activeElement;
			if (e === document.body)
				return null;
			const box = e.getBoundingClientRect();
			const block = e.closest("header, .tiles, .alerts, .filters, .table thead, .table tbody, footer");
			const name = block?.closest(".tiles") ? "DIV.tiles" : block?.tagName + "." +
				(block?.tagName === "SECTION" ? block.classList[0] : "");
			return { where: name, wide: box.width > 0,
			ring: getComputedStyle(e).outlineStyle !== "none" };
		});
		if (at === null)
			break;
		assert.ok(at.wide, "the focus is on something that cannot be seen");
		assert.ok(at.ring, `no ring on ${at.where}`);
		seen.push(at.where);
	}
	const blocks = seen.filter((w, i) => w !== seen[i - 1]);
	assert.deepEqual(blocks, ["HEADER.", "SECTION.alerts", "DIV.tiles", "SECTION.filters", "THEAD.", "TBODY.", "FOOTER."]
		.filter((b) => blocks.includes(b)), "each block once, in the order of the page");
	assert.ok(blocks.length >= 6, blocks.join());
}

async function no_motion(t, fleet) {
	const page = await open_page(t, fleet.url, { reducedMotion: "reduce" });
	await rows_there(page);
	await page.evaluate(() => {
		window.moved = 0;
		const animate = Element.prototype.animate;
		Element.prototype.animate = function (...args) { window.moved++; return animate.apply(this, args); };
	});
	const row = await first(fleet);
	const before = await page.textContent(`tr[data-key="${row.server}/${row.login}"] td.c-profit`);
	fleet.control(row.node, `set-equity ${row.account.balance + 4321}`);
	await until("another P/L", async () =>
		await page.textContent(`tr[data-key="${row.server}/${row.login}"] td.c-profit`) !== before);
	assert.equal(await page.evaluate(() => window.moved + document.getAnimations().length), 0);
}

async function more_contrast(t, fleet) {
	const page = await open_page(t, fleet.url, { contrast: "more" });
	await rows_there(page);
	const value = (name) => page.evaluate((n) =>
		getComputedStyle(document.documentElement).getPropertyValue(n).trim(), name);
	assert.equal(await value("--faint"), await value("--text"));
}

const cases = { contrast, contrast_of_old, names_and_roles, focus_order, no_motion, more_contrast };

test("for all", async (t) => {
	const fleet = await startFleet(t, { nodes: NODES, env: { RATE: "0.2" } });
	for (const [name, run] of Object.entries(cases))
		await t.test(name.replaceAll("_", " "), (t) => run(t, fleet));
});

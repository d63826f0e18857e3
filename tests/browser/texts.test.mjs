// texts.test.mjs: every text of the page is in the table of each language.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { load } from "./lib.mjs";

const { en, es } = await load("text/en.ts", "text/es.ts");
const src = join(process.cwd(), "htdocs/src");

function names_in(entry) {
	const forms = typeof entry === "string" ? [entry] : [entry.one, entry.other];
	return forms.map((f) => [...f.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join());
}

test("the tables have the same keys, forms and {names}", () => {
	assert.deepEqual(Object.keys(es).sort(), Object.keys(en).sort());
	for (const key of Object.keys(en)) {
		const [first] = names_in(en[key]);
		for (const names of [...names_in(en[key]), ...names_in(es[key])])
			assert.equal(names, first, key);
		assert.ok(!names_in(es[key]).some((_, i) => (typeof es[key] === "string" ? es[key] :
			Object.values(es[key])[i]).trim() === ""), `${key} is empty`);
		if (typeof en[key] !== "string")
			assert.match(en[key].other, /\{n\}/, `${key}: {n} decides the form`);
	}
});

/* The same in both languages, and rightly so. */
const SAME = /^(admin\.open|audit\.token|goto\.admin_hint|mode\.(demo|real)|order\.[2-7]|status\.ok|word\.no|view\.(language\.(en|es)|zone\.(local|utc))|role\.editor|column\.(total|total_pct|profit|profit_pct|positions|login|trade_allowed|ping|build)|field\.(sl|tp|swap|drawdown)|equity\.range\.\d+d|positions\.ticket|rule\.stop_loss|verdict\.stop_loss|statistics\.(profit_factor|swap)|connection\.(error|terminal)|meaning\.capital|table\.total|cell\.(positions|phase)|coverage\.out|alerts\.(on_node|about)|risk\.all|limit\.total|curve\.(today|days)|filter\.node|fetched\.failed(_status)?|heard\.nothing)$/;

test("a Spanish text is not the English one", () => {
	const same = Object.keys(en).filter((key) => JSON.stringify(en[key]) ===
		JSON.stringify(es[key]) && !SAME.test(key));
	assert.deepEqual(same, []);
});

/* ---- the source ---- */

const SHOWN = new Set(["title", "aria-label", "placeholder", "alt", "label", "what", "name"]);
const NOT_SHOWN = new Set(["class", "id", "key", "d", "autocomplete", "role", "type", "rel",
	"aria-controls", "aria-live", "inputMode", "href", "src", "list", "sizes", "name"]);

/* Two words, or one that begins a sentence: what a person would read. */
function is_prose(text) {
	return /[A-Za-zÁ-ú]{2,}[,.:;]? [A-Za-zÁ-ú(]/.test(text) || /^[A-ZÁ-Ú][a-zá-ú]+[.!?…]?$/.test(text.trim());
}

function attribute_of(node) {
	for (let n = node.parent; n && !ts.isJsxElement(n) && !ts.isBlock(n); n = n.parent)
		if (ts.isJsxAttribute(n))
			return n.name.getText();
	return null;
}

function callee_of(node) {
	for (let n = node.parent; n && !ts.isBlock(n); n = n.parent)
		if (ts.isCallExpression(n) || ts.isNewExpression(n))
			return n.expression.getText();
	return "";
}

/* For machines: selectors, headers, fonts, media queries, the console. */
const MACHINE = /querySelector(All)?|closest|matchMedia|console\.\w+|getPropertyValue|setRequestHeader|Headers|\.set|\.get|matches|includes|addEventListener|DateTimeFormat|tzDate|setAttribute|getAttribute|startsWith|endsWith|createElement$/;

function is_for_machines(node) {
	const p = node.parent;
	if (ts.isImportDeclaration(p) || ts.isExportDeclaration(p) || ts.isLiteralTypeNode(p) ||
	    ts.isTypeNode(p) || ts.isPropertyAssignment(p) && p.name === node ||
	    ts.isElementAccessExpression(p) || ts.isCaseClause(p))
		return true;
	if (ts.isBinaryExpression(p) && /^[!=]==?$/.test(p.operatorToken.getText()))
		return true;
	if (ts.isPropertyAssignment(p) && /^(font|colour|stroke|method|hourCycle|weekday|month|rootMargin)$/.test(p.name.getText()))
		return true;
	const attribute = attribute_of(node);
	return attribute !== null && NOT_SHOWN.has(attribute) && !SHOWN.has(attribute) ||
	    attribute === "name" && !is_prose(node.text ?? "") || MACHINE.test(callee_of(node));
}

function findings(file, text) {
	const found = [];
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TSX);
	const say = (node, words) => {
		const { line } = source.getLineAndCharacterOfPosition(node.getStart());
		found.push(`${file}:${line + 1}: ${JSON.stringify(words.trim())}`);
	};
	const visit = (node) => {
		if (ts.isJsxText(node) && /[A-Za-zÁ-ú]{2,}/.test(node.text) &&
		    !["code", "kbd"].includes(node.parent.openingElement?.tagName.getText() ?? ""))
			say(node, node.text);
		else if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
			const attribute = attribute_of(node);
			const direct = ts.isJsxAttribute(node.parent) && SHOWN.has(attribute) && attribute !== "name";
			if (direct ? /[A-Za-z]{2,}/.test(node.text) : is_prose(node.text) && !is_for_machines(node))
				say(node, node.text);
		} else if (ts.isTemplateExpression(node) && !is_for_machines(node)) {
			const words = [node.head.text, ...node.templateSpans.map((s) => s.literal.text)].join("¦");
			if (/(^|[\s¦(:,])[a-z]{2,} ?[\s¦]|[A-Z][a-z]{2,} /.test(words) && / [a-z]{2,}|[a-z]{2,} /.test(words) &&
			    !/^(M|L|H)\b/.test(words))
				say(node, words.replaceAll("¦", "…"));
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

function sources(dir) {
	return readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
		e.isDirectory() ? e.name === "text" ? [] : sources(join(dir, e.name)) :
			/\.tsx?$/.test(e.name) && e.name !== "contract.ts" ? [join(dir, e.name)] : []);
}

/* The same everywhere: the product, a unit, a key of the keyboard; or a name for machines. */
const FINE = [/: "New York close"$/, /admin\/RuleForm\.tsx:\d+: "(lock|server|(add|no) …)"$/,
	/px system-ui, sans-serif"$/, /edit\.ts:\d+: "(flow|verdict) …"$/,
	/notify\.ts:\d+: "Notification"$/, /: "\/api[\w/]*"$/, /Help\.tsx:\d+: "(Enter|Ctrl K {2}⌘ K|Esc)"$/,
	/: "mt5fleet"$/, /: "(…)? ?ms"$/, /: "UTC …+ h"$/, /: "API"$/, /: "CSV"$/,
	/: "all deals of the account, with their UTC"$/, /: "the stop loss of each position within/,
	/Fields\.tsx:\d+: "1 : …"$/, /format\.ts:\d+: "New York close"$/];

test("no text stands in the source: each is in the table", () => {
	const found = sources(src).flatMap((file) =>
		findings(file.slice(src.length + 1), readFileSync(file, "utf8")));
	assert.deepEqual(found.filter((f) => !FINE.some((fine) => fine.test(f))), []);
});

test("the search finds what it is for", () => {
	const find = (text) => findings("x.tsx", text).length;
	assert.equal(find("<p>Order held</p>"), 1);
	assert.equal(find("<p title=\"held\">{x}</p>"), 1);
	assert.equal(find("<p aria-label={x ? \"Two words\" : \"\"} />"), 1);
	assert.equal(find("say(`${login} was saved`)"), 1);
	assert.equal(find("const a = { label: \"Margin level\" }"), 1);
	assert.equal(find("const a = { label: \"Margin\" }"), 1);
	assert.equal(find("return ok ? \"no answer\" : \"\""), 1);
	assert.equal(find("<input placeholder=\"note\" />"), 1);
	assert.equal(find("<p class=\"remark wrong\">{t(\"word.more\")}</p>"), 0);
	assert.equal(find("document.querySelector(\"a b\"); console.warn(\"an odd thing\")"), 0);
});

/* ---- how the other language writes ---- */

test("Spanish numbers, dates and plurals", async () => {
	const page = await load("text.tsx", "format.ts", "language.ts", "language_choice.ts");
	globalThis.mt5fleet_text = { language: "es", table: es };
	page.loaded_text.value = globalThis.mt5fleet_text;
	const T = "\u202f", at = Date.UTC(2026, 10, 21, 12, 5, 9);
	assert.equal(page.amount(-1234567.891, 2), `−1${T}234${T}567,89`);
	assert.equal(page.amount(1234.5, 2), `1${T}234,50`);
	assert.equal(page.moment(at, "utc"), "21/11/2026 12:05:09");
	assert.equal(page.moment_of(at, "utc", null, "day_month"), "21/11");
	assert.equal(page.month_name("2026-11"), "noviembre de 2026");
	assert.equal(page.weekday_names()[0], "lun");
	assert.equal(page.t("alerts.accounts", { n: 1 }), "1 cuenta");
	assert.equal(page.t("alerts.accounts", { n: 12345 }), `12${T}345 cuentas`);
	assert.equal(page.trade_mode(1), "concurso");
	assert.equal(page.language_of("auto", ["fr-FR", "es-MX", "en"]), "es");
	assert.equal(page.language_of("en", ["es-MX"]), "en");
	assert.equal(page.language_of("auto", ["fr"]), "en");
	assert.equal(page.word("phase_status", "breached"), "incumplida");
	assert.equal(page.word("phase_status", "of_tomorrow"), "of tomorrow");
});

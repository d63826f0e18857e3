// build.mjs OUTDIR: makes the contract's types, checks all types, bundles the
// page into OUTDIR.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import openapiTS, { astToString } from "openapi-typescript";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = process.argv[2];
if (!outdir || process.argv.length !== 3) {
	console.error("usage: node htdocs/build.mjs OUTDIR");
	process.exit(2);
}

/* docs/openapi.yaml as types, for src/types.ts; not in the repository. */
async function write_contract() {
	const file = join(here, "src/contract.ts");
	const ast = await openapiTS(new URL("../docs/openapi.yaml", import.meta.url));
	const text = "// contract.ts: made by build.mjs from docs/openapi.yaml.\n" + astToString(ast);
	if (!existsSync(file) || readFileSync(file, "utf8") !== text)
		writeFileSync(file, text);
}

function check_types() {
	const tsc = join(here, "../node_modules/typescript/bin/tsc");
	execFileSync(process.execPath, [tsc, "-p", here], { stdio: "inherit" });
}

/* The page names its files by hash, so nginx may say "immutable". */
async function bundle(entryPoints, format) {
	const result = await build({
		absWorkingDir: here,
		entryPoints,
		outdir: "assets",
		entryNames: "[name].[hash]",
		chunkNames: "part.[hash]",
		bundle: true,
		splitting: format === "esm",
		minify: true,
		format,
		target: "es2022",
		jsx: "automatic",
		jsxImportSource: "preact",
		legalComments: "none",
		charset: "utf8",
		write: false,
		metafile: true,
	});
	return result.outputFiles.map((f) => {
		const name = "assets/" + basename(f.path);
		return { name, bytes: f.contents,
			parts: result.metafile.outputs[name].imports
				.filter((i) => i.kind === "import-statement").map((i) => i.path) };
	});
}

/* index.html with each @name.ext@ replaced by the bundled file's address. */
function fill_in(files) {
	let html = readFileSync(join(here, "index.html"), "utf8");
	for (const { name } of files) {
		const [stem, , ext] = basename(name).split(".");
		html = html.replaceAll(`@${stem}.${ext}@`, name);
	}
	/* what app.js cannot begin without is asked for beside it, not after it */
	html = html.replace("@parts@", files.find(({ name }) => /^assets\/app\./.test(name)).parts
		.map((name) => `<link rel="modulepreload" href="${name}">`).join("\n"));
	if (/@[a-z.]+@/.test(html))
		throw new Error("index.html names a file that was not built");
	return Buffer.from(html);
}

/* The icon with a badge, one for each text: badge.ts shows the one that is true. */
function badged(text, colour) {
	const icon = readFileSync(join(here, "favicon.svg"), "utf8");
	return Buffer.from(icon.replace("</svg>", `<circle cx="21" cy="21" r="11" fill="${colour}"/>` +
	    `<text x="21" y="26.5" font-family="sans-serif" font-size="${text.length > 1 ? 13 : 16}" ` +
	    `font-weight="700" text-anchor="middle" fill="#fff">${text}</text></svg>`));
}

function write(name, bytes) {
	const path = join(outdir, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, bytes);
	writeFileSync(path + ".gz", gzipSync(bytes, { level: 9 }));
}

try {
	await write_contract();
	check_types();
	/* what comes before the first paint is a script each; the rest comes in parts */
	const files = [
		...await bundle({ theme: "src/theme.ts", style: "style/style.css",
			en: "src/text/load_en.ts", es: "src/text/load_es.ts" }, "iife"),
		...await bundle({ app: "src/main.tsx" }, "esm"),
	];
	rmSync(join(outdir, "assets"), { recursive: true, force: true });
	for (const { name, bytes } of files)
		write(name, bytes);
	for (let n = 1; n <= 10; n++)
		write(`assets/favicon-${n}.svg`, badged(n < 10 ? String(n) : "9+", "#c02b2b"));
	write("assets/favicon-old.svg", badged("!", "#8a5a00"));
	write("favicon.svg", readFileSync(join(here, "favicon.svg")));
	write("index.html", fill_in(files));
} catch (err) {
	console.error(`page: ${err.message}`);
	process.exit(1);
}

// build.mjs OUTDIR: checks the types, bundles the page into OUTDIR.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = process.argv[2];
if (!outdir || process.argv.length !== 3) {
	console.error("usage: node htdocs/build.mjs OUTDIR");
	process.exit(2);
}

function check_types() {
	const tsc = join(here, "../node_modules/typescript/bin/tsc");
	execFileSync(process.execPath, [tsc, "-p", here], { stdio: "inherit" });
}

/* The page names its files by hash, so nginx may say "immutable". */
async function bundle() {
	const result = await build({
		absWorkingDir: here,
		entryPoints: { app: "src/main.tsx", theme: "src/theme.ts", style: "style/style.css" },
		outdir: "assets",
		entryNames: "[name].[hash]",
		bundle: true,
		minify: true,
		format: "iife",
		target: "es2022",
		jsx: "automatic",
		jsxImportSource: "preact",
		legalComments: "none",
		charset: "utf8",
		write: false,
	});
	return result.outputFiles.map((f) => ({
		name: "assets/" + basename(f.path),
		bytes: f.contents,
	}));
}

/* index.html with each @name.ext@ replaced by the bundled file's address. */
function fill_in(files) {
	let html = readFileSync(join(here, "index.html"), "utf8");
	for (const { name } of files) {
		const [stem, , ext] = basename(name).split(".");
		html = html.replaceAll(`@${stem}.${ext}@`, "/" + name);
	}
	if (/@[a-z]+\.[a-z]+@/.test(html))
		throw new Error("index.html names a file that was not built");
	return Buffer.from(html);
}

function write(name, bytes) {
	const path = join(outdir, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, bytes);
	writeFileSync(path + ".gz", gzipSync(bytes, { level: 9 }));
}

try {
	check_types();
	const files = await bundle();
	rmSync(join(outdir, "assets"), { recursive: true, force: true });
	for (const { name, bytes } of files)
		write(name, bytes);
	write("favicon.svg", readFileSync(join(here, "favicon.svg")));
	write("index.html", fill_in(files));
} catch (err) {
	console.error(`page: ${err.message}`);
	process.exit(1);
}

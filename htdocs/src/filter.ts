// filter.ts: which rows are shown, and how many each chip would show. Pure.
import { shown_status } from "./rows.ts";
import type { Row } from "./types.ts";
import { trade_mode_word } from "./format.ts";
import { is_near } from "./limits.ts";

export interface Filter {
	q: string;
	status: string[];
	phase: string[];
	currency: string[];
	mode: string[]; /* real demo contest */
	broker: string[];
	firm: string[];
	holder: string[];
	node: string[];
	losing: boolean;
	near: boolean; /* a limit */
}

export const facets = ["status", "phase", "mode", "currency", "broker", "firm", "holder", "node"] as const;
export type Facet = typeof facets[number];

export const no_filter: Filter =
	{ q: "", status: [], phase: [], currency: [], mode: [], broker: [], firm: [], holder: [],
		node: [], losing: false, near: false };

export function filter_is_empty(f: Filter): boolean {
	return !f.q && !f.losing && !f.near && facets.every((name) => f[name].length === 0);
}

/* A row's value under a facet; "none" where it is not known. */
export function facet_value(row: Row, facet: Facet, now_ms: number): string {
	switch (facet) {
	case "status":
		return shown_status(row, now_ms);
	case "phase":
		return row.phase?.phase ?? "none";
	case "currency":
		return row.account?.currency ?? "none";
	case "mode":
		return trade_mode_word(row.account?.trade_mode) ?? "none";
	case "broker":
		return row.account?.company || row.server || "none";
	case "firm":
		return row.phase?.prop_firm || "none";
	case "holder":
		return row.phase?.holder || "none";
	case "node":
		return row.node;
	}
}

export function is_losing(row: Row): boolean {
	return (row.account?.profit ?? 0) < 0;
}

function haystack(row: Row): string {
	return [row.login, row.server, row.node, row.account?.name, row.account?.company,
		row.phase?.holder, row.phase?.prop_firm, row.phase?.vs_group,
		...(row.phase?.tags ?? [])].filter(Boolean).join("\n").toLowerCase();
}

/* Every word must be somewhere. */
function matches_text(row: Row, words: readonly string[]): boolean {
	if (words.length === 0)
		return true;
	const hay = haystack(row);
	return words.every((w) => hay.includes(w));
}

function words_of(f: Filter): string[] {
	return f.q.toLowerCase().split(/\s+/).filter(Boolean);
}

type Part = Facet | "losing" | "near";

/* Which parts of the filter a row fails: none, one, or more than that. */
function failing(row: Row, f: Filter, words: readonly string[], now_ms: number): Part | "more" | null {
	let failed: Part | null = null;
	const fails = (part: Part) => {
		const before = failed;
		failed = part;
		return before !== null;
	};
	for (const facet of facets)
		if (f[facet].length > 0 && !f[facet].includes(facet_value(row, facet, now_ms)) &&
		    fails(facet))
			return "more";
	if (f.losing && !is_losing(row) && fails("losing"))
		return "more";
	if (f.near && !is_near(row, now_ms) && fails("near"))
		return "more";
	return matches_text(row, words) ? failed : "more";
}

export function filter_rows(rows: Iterable<Row>, f: Filter, now_ms: number): Row[] {
	const words = words_of(f);
	return [...rows].filter((row) => failing(row, f, words, now_ms) === null);
}

export interface Counts {
	facets: Record<Facet, Map<string, number>>;
	losing: number;
	near: number;
}

/* What each chip would show, the other choices as they are: in one pass. */
export function counts_of(rows: readonly Row[], f: Filter, now_ms: number): Counts {
	const words = words_of(f);
	const counts: Counts = { losing: 0, near: 0, facets: Object.fromEntries(facets.map((facet) =>
		[facet, new Map(f[facet].map((chosen) => [chosen, 0]))])) as Counts["facets"] };
	for (const row of rows) {
		const failed = failing(row, f, words, now_ms);
		if (failed === "more")
			continue;
		for (const facet of facets) {
			if (failed !== null && failed !== facet)
				continue;
			const value = facet_value(row, facet, now_ms);
			if (value === "none" && (facet === "currency" || facet === "mode" || facet === "broker"))
				continue; /* never seen: its status says so */
			const by = counts.facets[facet];
			by.set(value, (by.get(value) ?? 0) + 1);
		}
		if ((failed === null || failed === "losing") && is_losing(row))
			counts.losing++;
		if ((failed === null || failed === "near") && is_near(row, now_ms))
			counts.near++;
	}
	return counts;
}

/* What a chip of this facet would show. */
export function facet_counts(rows: Row[], f: Filter, facet: Facet,
    now_ms: number): Map<string, number> {
	return counts_of(rows, f, now_ms).facets[facet];
}

export function losing_count(rows: Row[], f: Filter, now_ms: number): number {
	return counts_of(rows, f, now_ms).losing;
}

// filter.ts: which rows are shown, and how many each chip would show. Pure.
import { shown_status } from "./rows.ts";
import type { Row } from "./types.ts";
import { trade_mode_word } from "./format.ts";

export interface Filter {
	q: string;
	status: string[];
	phase: string[];
	currency: string[];
	mode: string[]; /* real demo contest */
	losing: boolean;
}

export const facets = ["status", "phase", "mode", "currency"] as const;
export type Facet = typeof facets[number];

export const no_filter: Filter =
	{ q: "", status: [], phase: [], currency: [], mode: [], losing: false };

export function filter_is_empty(f: Filter): boolean {
	return !f.q && !f.losing && facets.every((name) => f[name].length === 0);
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
function matches_text(row: Row, q: string): boolean {
	const words = q.toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0)
		return true;
	const hay = haystack(row);
	return words.every((w) => hay.includes(w));
}

function matches(row: Row, f: Filter, now_ms: number, except?: Facet | "losing"): boolean {
	for (const facet of facets)
		if (facet !== except && f[facet].length > 0 &&
		    !f[facet].includes(facet_value(row, facet, now_ms)))
			return false;
	if (except !== "losing" && f.losing && !is_losing(row))
		return false;
	return matches_text(row, f.q);
}

export function filter_rows(rows: Iterable<Row>, f: Filter, now_ms: number): Row[] {
	return [...rows].filter((row) => matches(row, f, now_ms));
}

/* What a chip of this facet would show, the other choices as they are. */
export function facet_counts(rows: Row[], f: Filter, facet: Facet,
    now_ms: number): Map<string, number> {
	const counts = new Map<string, number>();
	for (const chosen of f[facet])
		counts.set(chosen, 0);
	for (const row of rows)
		if (matches(row, f, now_ms, facet)) {
			const value = facet_value(row, facet, now_ms);
			if (value === "none" && facet !== "phase")
				continue; /* never seen: its status says so */
			counts.set(value, (counts.get(value) ?? 0) + 1);
		}
	return counts;
}

export function losing_count(rows: Row[], f: Filter, now_ms: number): number {
	return rows.filter((r) => matches(r, f, now_ms, "losing") && is_losing(r)).length;
}

// sort.ts: the order of the rows: unknown last, ties broken the same way. Pure.
import { row_name } from "./rows.ts";
import type { Row } from "./types.ts";

export type Direction = "asc" | "desc";
export type SortValue = number | string | null;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

function compare(a: number | string, b: number | string): number {
	if (typeof a === "number" && typeof b === "number")
		return a - b;
	return collator.compare(String(a), String(b));
}

function tie_break(a: Row, b: Row): number {
	return collator.compare(row_name(a), row_name(b)) ||
	    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

export function sort_rows(rows: Row[], value: (row: Row) => SortValue,
    direction: Direction): Row[] {
	const sign = direction === "asc" ? 1 : -1;
	return rows.map((row) => ({ row, value: value(row) })).sort((a, b) => {
		if (a.value === null || b.value === null)
			return (a.value === null ? 1 : 0) - (b.value === null ? 1 : 0) ||
			    tie_break(a.row, b.row);
		return sign * compare(a.value, b.value) || tie_break(a.row, b.row);
	}).map((pair) => pair.row);
}

// group.ts: rows under headings: by phase, broker, firm or VPS. Pure.
import type { Row } from "./types.ts";

export const groupings = ["none", "phase", "broker", "firm", "node"] as const;
export type Grouping = typeof groupings[number];

export const NO_GROUP = "";

/* The heading a row stands under; NO_GROUP where it has none. */
export function group_of(row: Row, by: Grouping): string {
	switch (by) {
	case "none": return NO_GROUP;
	case "phase": return row.phase?.phase ?? NO_GROUP;
	case "broker": return row.account?.company || row.server || NO_GROUP;
	case "firm": return row.phase?.prop_firm ?? NO_GROUP;
	case "node": return row.node;
	}
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/* Groups by name, those without last; within a group the order stays. */
export function grouped(rows: readonly Row[], by: Grouping): Map<string, Row[]> {
	const groups = new Map<string, Row[]>();
	for (const row of rows) {
		const name = group_of(row, by);
		const list = groups.get(name);
		if (list)
			list.push(row);
		else
			groups.set(name, [row]);
	}
	return new Map([...groups].sort(([a], [b]) => a === NO_GROUP ? 1 : b === NO_GROUP ? -1 :
	    collator.compare(a, b)));
}

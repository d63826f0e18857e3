// widths.ts: how wide a column is: for the widest value it has had since the page
// was opened, so that no figure moves its neighbours.
import { computed, effect, signal } from "@preact/signals";
import type { Column } from "./columns.tsx";
import { all_rows } from "./state.ts";
import { t } from "./text.tsx";

const PADDING = 13; /* left and right of a cell */
const HEAD_SIGN = 16; /* the arrow beside a heading */
const NAME = 196; /* what is left goes to it, but never less than that */

/* What has been needed so far, in digits. */
const needed = signal<ReadonlyMap<string, number>>(new Map());

/* px of a digit, and of a letter of a heading, on average. */
export const digit_px = signal(8);

export function measure_digit(sample: HTMLElement): void {
	const px = sample.getBoundingClientRect().width / (sample.textContent?.length || 1);
	if (px > 0 && Math.abs(px - digit_px.peek()) > 0.05)
		digit_px.value = px;
}

export function widen(columns: readonly Column[]): void {
	const rows = all_rows.peek();
	const had = needed.peek();
	const now = new Map(had);
	for (const column of columns) {
		let most = now.get(column.id) ?? 0;
		for (const row of rows)
			most = Math.max(most, column.room(row));
		now.set(column.id, most);
	}
	for (const [id, n] of now)
		if (n > (had.get(id) ?? -1)) {
			needed.value = now;
			return;
		}
}

export function column_px(column: Column): number {
	const room = needed.value.get(column.id) ?? 0;
	return Math.ceil(Math.max(room * digit_px.value + (column.more ?? 0),
		t(column.label).length * digit_px.value * 0.84 + HEAD_SIGN) + PADDING);
}

/* All columns but the name have their own width; the name takes what is left. */
export function table_px(columns: readonly Column[]): number {
	return columns.reduce((sum, c) => sum + (c.id === "name" ? NAME : column_px(c)), 0);
}

export function keep_wide(columns: () => readonly Column[]): () => void {
	const shown = computed(columns);
	return effect(() => {
		all_rows.value;
		widen(shown.value);
	});
}

// marks.ts: the rows that are marked for one change of all of them.
import { computed, signal } from "@preact/signals";
import { can_edit, session } from "./session.ts";
import { row_signal } from "./state.ts";
import type { Row } from "./types.ts";
import { open_keys, order } from "./view.ts";

const marks = signal<ReadonlySet<string>>(new Set());
let last: string | null = null; /* where a range begins */

/* Who may change nothing has nothing to mark; nobody yet is asked to log in. */
export const may_mark = computed(() => session.value === null || can_edit.value);

function is_account(key: string): boolean {
	return row_signal(key)?.peek().login != null;
}

export function is_marked(key: string): boolean {
	return marks.value.has(key);
}

/* range: all from the one before to this one, as they stand. */
export function mark(key: string, on: boolean, range = false): void {
	const keys = open_keys();
	const from = last === null ? -1 : keys.indexOf(last), to = keys.indexOf(key);
	const these = range && from >= 0 && to >= 0 ?
		keys.slice(Math.min(from, to), Math.max(from, to) + 1) : [key];
	const next = new Set(marks.peek());
	for (const k of these.filter(is_account))
		if (on)
			next.add(k);
		else
			next.delete(k);
	last = key;
	marks.value = next;
}

export function mark_all(on: boolean): void {
	last = null;
	marks.value = new Set(on ? order.peek().filter(is_account) : []);
}

export function any_marks(): boolean {
	return marks.peek().size > 0;
}

/* Those that are shown: what a filter hides is not changed. */
export const marked_keys = computed(() => marks.value.size === 0 ? [] :
	order.value.filter((key) => marks.value.has(key)));

export function marked_rows(): Row[] {
	return marked_keys.peek().flatMap((key) => row_signal(key)?.peek() ?? []);
}

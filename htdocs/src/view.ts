// view.ts: what is asked for (filter, sort, open account), its address, and the
// order of the rows, which holds still while somebody points at them.
import { computed, effect, signal, untracked } from "@preact/signals";
import { now } from "./clock.ts";
import { column_by_id, type Column } from "./columns.tsx";
import { in_usd, one_currency } from "./conversion.ts";
import { filter_rows, type Facet, type Filter } from "./filter.ts";
import { group_of, grouped, type Grouping } from "./group.ts";
import { sort_rows, type Direction } from "./sort.ts";
import { all_rows, judged_ms, membership, row_signal } from "./state.ts";
import type { Row } from "./types.ts";
import { has_unsaved, held_step } from "./unsaved.ts";
import { first_view, hash_of, view_from, type AdminSection, type Open, type Panel, type Tab,
	type View } from "./url.ts";

const RESORT_MS = 3_000;

export const view = signal<View>(view_from(location.hash));

/* The keyboard's row. */
export const selected = signal<string | null>(null);

/* Set while the pointer or the focus is in the table. */
export const pointing = signal(false);
export const focused = signal(false);

export const order = signal<string[]>([]);
export const order_is_old = signal(false);

/* push: a step the back button returns from; else the same step is rewritten. */
function go(next: View, push: boolean): boolean {
	if (leaves_edit(view.peek(), next)) {
		held_step.value = next;
		return false;
	}
	const hash = hash_of(next);
	view.value = next;
	if (hash === (location.hash || "#/"))
		return true;
	if (push)
		history.pushState(null, "", hash);
	else
		history.replaceState(null, "", hash);
	return true;
}

/* Would it take away a form in which something is typed? */
function leaves_edit(from: View, to: View): boolean {
	return from.open !== null && has_unsaved() && (to.open === null ||
	    to.open.server !== from.open.server || to.open.login !== from.open.login ||
	    to.open.tab !== from.open.tab);
}

/* What was held, after all. */
export function go_on(next: View): void {
	go(next, true);
}

/* The address was changed by hand or by the back button. */
function follow_address(): void {
	const next = view_from(location.hash);
	if (leaves_edit(view.peek(), next)) {
		held_step.value = next;
		history.pushState(null, "", hash_of(view.peek()));
		return;
	}
	view.value = next;
}

export function set_filter(part: Partial<Filter>, push = true): void {
	const v = view.peek();
	go({ ...v, filter: { ...v.filter, ...part } }, push);
}

export function toggle_facet(facet: Facet, value: string): void {
	const chosen = view.peek().filter[facet];
	set_filter({ [facet]: chosen.includes(value) ?
		chosen.filter((x) => x !== value) : [...chosen, value] });
}

export function clear_filter(): void {
	go({ ...view.peek(), filter: first_view.filter }, true);
}

/* First click: numbers best on top, words from A; the next one flips. */
export function sort_by(id: string): void {
	const v = view.peek();
	const first = column_by_id(id)?.align === "end" ? "desc" : "asc";
	const flipped = v.direction === "asc" ? "desc" : "asc";
	go({ ...v, sort: id, direction: v.sort === id ? flipped : first }, true);
}

/* That order outright, whatever it is now. */
export function sort_as(id: string, direction: Direction): void {
	go({ ...view.peek(), sort: id, direction }, true);
}

/* null: back to the accounts. */
export function open_admin(admin: AdminSection | null): void {
	go({ ...view.peek(), admin, panel: null, open: null }, true);
}

/* null: back to the accounts. */
export function open_panel(panel: Panel | null): void {
	go({ ...view.peek(), panel, admin: null, open: null }, true);
}

export function open_account(server: string, login: string, tab: Tab = "positions"): boolean {
	/* from one to the next is one step back for the button */
	const had = view.peek().open;
	const range = had?.range === undefined ? {} : { range: had.range };
	return go({ ...view.peek(), admin: null, panel: null, open: { server, login, tab, ...range } }, had === null);
}

/* Another account in the tab that is open. */
export function open_row(row: Row): boolean {
	return row.server !== null && row.login !== null &&
		open_account(row.server, row.login, view.peek().open?.tab);
}

/* The time that its curve shows. */
export function set_range(range: string): void {
	const v = view.peek();
	if (v.open)
		go({ ...v, open: { ...v.open, range } }, false);
}

export function group_by(group: Grouping): void {
	go({ ...view.peek(), group }, true);
}

/* Headings that are shut, as "phase/F1". */
export const shut = signal<ReadonlySet<string>>(new Set());

export function flip_group(name: string): void {
	const id = `${view.peek().group}/${name}`;
	const next = new Set(shut.peek());
	if (!next.delete(id))
		next.add(id);
	shut.value = next;
}

export function is_shut(name: string): boolean {
	return shut.value.has(`${view.value.group}/${name}`);
}

/* Brings a row into sight that may not be drawn yet: the table or the cards. */
let reveal: (key: string) => void = () => {};

export function set_reveal(by: (key: string) => void): void {
	reveal = by;
}

export function reveal_row(key: string): void {
	reveal(key);
}

/* The keys that can be stepped to: not what lies under a shut heading. */
export function open_keys(): string[] {
	const { group } = view.peek();
	return order.peek().filter((key) => {
		const row = row_signal(key)?.peek();
		return group === "none" || (row && !shut.peek().has(`${group}/${group_of(row, group)}`));
	});
}

export function set_tab(tab: Tab): void {
	const v = view.peek();
	if (v.open)
		go({ ...v, open: { ...v.open, tab } }, false);
}

export function close_account(): void {
	go({ ...view.peek(), open: null }, true);
}

export function is_open(open: Open | null, row: Row): boolean {
	return open !== null && open.server === row.server && open.login === row.login;
}

/* Money of several currencies is put in an order by what it is worth. */
function order_value(column: Column, rows: Row[]): Column["value"] {
	const { money } = column;
	if (!money)
		return column.value;
	return one_currency(rows) ? (r) => money(r) ?? null : (r) => in_usd(money(r), r);
}

/* The keys in the order asked for, from the rows as they are now. */
function wanted_order(): string[] {
	const v = view.peek();
	const column = column_by_id(v.sort) ?? column_by_id(first_view.sort)!;
	const rows = filter_rows(all_rows.peek(), v.filter, judged_ms.peek());
	const sorted = sort_rows(rows, order_value(column, rows), v.direction);
	return [...grouped(sorted, v.group).values()].flat().map((r) => r.key);
}

function same(a: string[], b: string[]): boolean {
	return a.length === b.length && a.every((key, i) => key === b[i]);
}

export function reorder(): void {
	const wanted = wanted_order();
	if (!same(wanted, order.peek()))
		order.value = wanted;
	order_is_old.value = false;
}

function reorder_gently(): void {
	const wanted = wanted_order();
	if (same(wanted, order.peek())) {
		order_is_old.value = false;
		return;
	}
	if (pointing.peek() || focused.peek()) {
		order_is_old.value = true;
		return;
	}
	order.value = wanted;
	order_is_old.value = false;
}

/* The rows that are shown; sums and counts are about exactly these. */
export const shown_rows = computed(() => {
	all_rows.value;
	return order.value.flatMap((key) => row_signal(key)?.peek() ?? []);
});

export function start_view(): void {
	effect(() => {
		view.value;
		membership.value;
		untracked(reorder);
	});
	setInterval(reorder_gently, RESORT_MS);
	addEventListener("popstate", follow_address);
	addEventListener("hashchange", follow_address);
	addEventListener("beforeunload", (e) => { if (has_unsaved()) e.preventDefault(); });
	now.peek();
}

// keys.ts: / j k s Enter Esc ? Ctrl-K — off while typing, and switchable off altogether.
import { login_open } from "./session.ts";
import { any_marks, is_marked, mark, mark_all } from "./marks.ts";
import { palette_open } from "./panels/Palette.tsx";
import { help_open } from "./panels/Help.tsx";
import { prefs } from "./prefs.ts";
import { close_account, open_keys, open_row, reveal_row, selected, set_filter, view } from "./view.ts";
import { row_signal } from "./state.ts";
import { held_step } from "./unsaved.ts";

function is_typing(e: KeyboardEvent): boolean {
	return e.target instanceof Element &&
	    e.target.closest("input, select, textarea, [contenteditable]") !== null;
}

function focus_row(key: string): void {
	reveal_row(key);
	/* drawn by the next frame where it was not in sight */
	if (!document.querySelector(`[data-key="${CSS.escape(key)}"] a`))
		requestAnimationFrame(() => focus_link(key));
	else
		focus_link(key);
}

function focus_link(key: string): void {
	const link = document.querySelector<HTMLElement>(
		`[data-key="${CSS.escape(key)}"] a`);
	link?.focus({ preventScroll: true });
	link?.closest("tr, li")?.scrollIntoView({ block: "nearest" });
}

function step(by: 1 | -1): void {
	const keys = open_keys();
	if (keys.length === 0)
		return;
	const at = selected.peek() === null ? -1 : keys.indexOf(selected.peek()!);
	const next = at < 0 ? (by > 0 ? 0 : keys.length - 1) :
	    Math.min(keys.length - 1, Math.max(0, at + by));
	const key = keys[next];
	const row = key === undefined ? undefined : row_signal(key)?.peek();
	if (key === undefined || !row)
		return;
	/* the drawer goes along, if nothing is half typed in it */
	if (view.peek().open && !open_row(row))
		return;
	selected.value = key;
	focus_row(key);
}

/* The arrows walk where nothing else listens to them: from row to row. */
function is_among_rows(e: KeyboardEvent): boolean {
	return e.target === document.body || e.target instanceof Element &&
	    e.target.closest("tr[data-key], .card") !== null;
}

/* Back from the drawer: to the row it was opened from. */
export function focus_selected(): void {
	const key = selected.peek();
	if (key)
		focus_row(key);
}

function escape(e: KeyboardEvent): void {
	if (document.querySelector("dialog[open]"))
		return; /* the dialog closes itself */
	if (held_step.peek()) {
		held_step.value = null;
		return;
	}
	const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
	if (menu) {
		menu.open = false;
		return;
	}
	if (is_typing(e) && (e.target as HTMLElement).id !== "search")
		return;
	if (view.peek().open)
		close_account();
	else if (any_marks())
		mark_all(false);
	else if (view.peek().filter.q)
		set_filter({ q: "" }, false);
	else if (document.activeElement instanceof HTMLElement)
		document.activeElement.blur();
}

/* Ctrl or ⌘ and K, also while typing; switched off with the others. */
function is_palette(e: KeyboardEvent): boolean {
	return prefs.peek().shortcuts && (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey &&
	    e.key.toLowerCase() === "k" && !login_open.peek();
}

function on_key(e: KeyboardEvent): void {
	if (e.key === "Escape")
		return escape(e);
	if (is_palette(e)) {
		palette_open.value = !palette_open.peek();
		return e.preventDefault();
	}
	if (!prefs.peek().shortcuts || e.ctrlKey || e.metaKey || e.altKey || is_typing(e) ||
	    help_open.peek() || login_open.peek() || palette_open.peek())
		return;
	switch (e.key) {
	case "/":
		document.getElementById("search")?.focus();
		break;
	case "ArrowDown": case "ArrowUp":
		if (!is_among_rows(e))
			return;
		step(e.key === "ArrowDown" ? 1 : -1);
		break;
	case "j":
		step(1);
		break;
	case "k":
		step(-1);
		break;
	case "x":
		if (!selected.peek())
			return;
		mark(selected.peek()!, !is_marked(selected.peek()!));
		break;
	case "s":
		document.querySelector<HTMLElement>("thead [aria-sort] button")?.focus();
		break;
	case "?":
		help_open.value = true;
		break;
	default:
		return; /* Enter follows the focused row's link by itself */
	}
	e.preventDefault();
}

export function start_keys(): void {
	addEventListener("keydown", on_key);
}

// unsaved.ts: a half-typed edit in the drawer is never lost without a word.
import { signal } from "@preact/signals";
import type { View } from "./url.ts";

/* Where one wanted to go while something was typed and not saved. */
export const held_step = signal<View | null>(null);

/* A form says so by itself from the first key on (DrawerFrame.tsx), until it is
 * saved or given up and goes away. */
function dirty_form(): HTMLElement | null {
	return globalThis.document?.querySelector<HTMLElement>(".drawer form[data-dirty]") ?? null;
}

export function has_unsaved(): boolean {
	return dirty_form() !== null;
}

export function note_typing(e: Event): void {
	const form = e.target instanceof Element ? e.target.closest("form") : null;
	if (form)
		form.dataset.dirty = "yes";
}

export function discard_typed(): void {
	dirty_form()?.removeAttribute("data-dirty");
}

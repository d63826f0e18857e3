// prefs.ts: the remembered choices as a signal.
import { computed, effect, signal } from "@preact/signals";
import { set_number_style } from "./format.ts";
import { apply_appearance, apply_language, load_prefs, save_prefs, type Prefs } from "./prefs_store.ts";

export const prefs = signal<Prefs>(load_prefs());
set_number_style(prefs.value.numbers);

export function set_pref<K extends keyof Prefs>(name: K, value: Prefs[K]): void {
	if (name === "numbers")
		set_number_style(value as Prefs["numbers"]);
	prefs.value = { ...prefs.peek(), [name]: value };
}

export function start_prefs(): void {
	effect(() => {
		apply_appearance(prefs.value);
		save_prefs(prefs.value);
	});
	const wanted = computed(() => prefs.value.language);
	effect(() => {
		wanted.value;
		apply_language(prefs.peek());
	});
	addEventListener("languagechange", () => apply_language(prefs.peek()));
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
		() => apply_appearance(prefs.peek()));
}

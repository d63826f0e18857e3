// language_choice.ts: which of the languages the page is in; its table (text/) comes
// as a script of its own. Small: theme.ts and the tables' scripts contain it.
import type { Table } from "./text/en.ts";

export const languages = ["en", "es"] as const;
export type Language = typeof languages[number];

export interface Loaded {
	language: Language;
	table: Table;
}

/* What a table's script leaves behind, and says when it has come. */
export const ARRIVED = "mt5fleet-text";
declare global {
	var mt5fleet_text: Loaded | undefined;
}

/* Called by a table's script (text/load_en.ts, text/load_es.ts). */
export function arrive(language: Language, table: Table): void {
	globalThis.mt5fleet_text = { language, table };
	globalThis.dispatchEvent?.(new Event(ARRIVED));
}

/* The first of the browser's languages that there is a table of. */
export function language_of(wanted: string, browser: readonly string[]): Language {
	for (const tag of [wanted, ...browser]) {
		const word = tag.slice(0, 2).toLowerCase();
		const found = languages.find((l) => l === word);
		if (found)
			return found;
	}
	return "en";
}

/* Where index.html says the tables are: each has its own hash. */
function address_of(language: Language): string | null {
	return document.querySelector(`script[data-${language}]`)?.getAttribute(`data-${language}`) ?? null;
}

/* Adds the table's script; the one that is there is not asked for again. */
export function ask_for_text(language: Language): void {
	const address = address_of(language);
	document.documentElement.lang = language;
	if (!address || globalThis.mt5fleet_text?.language === language)
		return;
	const script = document.createElement("script");
	script.src = address;
	document.head.append(script);
}

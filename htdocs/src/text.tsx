// text.tsx: a text of the page by its key, in the language in use.
import type { ComponentChildren } from "preact";
import { language, loaded_text, whole } from "./language.ts";
import type { Entry, Key, NamesOf, Plain } from "./text/en.ts";

export type { Plain };
type Value = string | number;

/* What a text has to be given: one value for each of its {names}. */
type Given<K extends Key, V> = [NamesOf<K>] extends [never] ? [] : [values: Record<NamesOf<K>, V>];

/* Of a text with several forms, the one for this number. */
const rules = new Map<string, Intl.PluralRules>();

function form_of(entry: Entry, n: unknown): string {
	if (typeof entry === "string")
		return entry;
	let rule = rules.get(language());
	if (!rule)
		rules.set(language(), rule = new Intl.PluralRules(language()));
	const form = typeof n === "number" ? rule.select(n) : "other";
	return form === "one" ? entry.one : entry.other;
}

function entry_of(key: Key): Entry {
	return loaded_text.value?.table[key] ?? key;
}

function said(value: Value | undefined): string {
	return typeof value === "number" ? whole(value) : value ?? "";
}

/* {name} is replaced by what is given under that name; {n} decides the form. */
export function t<K extends Key>(key: K, ...given: Given<K, Value>): string {
	const values: Record<string, Value> = given[0] ?? {};
	return form_of(entry_of(key), values.n)
		.replace(/\{(\w+)\}/g, (_, name: string) => said(values[name]));
}

/* As t(), where elements stand in the sentence. */
export function rich<K extends Key>(key: K, ...given: Given<K, ComponentChildren>):
    ComponentChildren[] {
	const values: Record<string, ComponentChildren> = given[0] ?? {};
	return form_of(entry_of(key), values.n).split(/\{(\w+)\}/).map((part, i) => {
		if (i % 2 === 0)
			return part;
		const value = values[part];
		return typeof value === "number" ? whole(value) : value;
	});
}

/* The text of a word that the server says ("phase_status.active"); a word that
 * is not in the table stays as it is. */
export function word(group: string, of: string | null | undefined): string {
	if (!of)
		return "–";
	const entry = loaded_text.value?.table[`${group}.${of}` as Key];
	return typeof entry === "string" ? entry : of.replaceAll("_", " ");
}

/* "a, b and c" as the language lists them. */
export function listed(items: readonly string[]): string {
	return new Intl.ListFormat(language(), { type: "conjunction" }).format(items);
}

// language.ts: the page's language as a signal, and how that one writes numbers
// and dates.
import { signal } from "@preact/signals";
import { ARRIVED, type Language, type Loaded } from "./language_choice.ts";

export const loaded_text = signal<Loaded | null>(globalThis.mt5fleet_text ?? null);

/* Calls go_on once a table is there, and takes each later one. */
export function when_text(go_on: () => void): void {
	const take = () => {
		const first = loaded_text.peek() === null;
		loaded_text.value = globalThis.mt5fleet_text ?? null;
		if (first && loaded_text.peek())
			go_on();
	};
	addEventListener(ARRIVED, take);
	if (loaded_text.peek())
		go_on();
	else
		take();
}

export function language(): Language {
	return loaded_text.value?.language ?? "en";
}

const THIN = "\u202f"; /* narrow no-break space between thousands */

/* Numbers as the language writes them, thousands apart by a thin space: "12 345,6". */
const makers = new Map<string, Intl.NumberFormat>();

export function number_maker(locale: string | undefined, min: number, max: number):
    Intl.NumberFormat {
	const key = `${locale}/${min}/${max}`;
	let f = makers.get(key);
	if (!f)
		makers.set(key, f = new Intl.NumberFormat(locale, { useGrouping: "always" as never,
			minimumFractionDigits: min, maximumFractionDigits: max }));
	return f;
}

/* Thousands apart by a thin space, whatever the language puts there. */
export function thin(parts: Intl.NumberFormatPart[]): string {
	return parts.map((p) => p.type === "group" ? THIN : p.value).join("");
}

export function whole(n: number): string {
	return thin(number_maker(language(), 0, 0).formatToParts(n));
}

const two = "2-digit" as const;
const day = { month: two, day: two }, minute = { hour: two, minute: two, hourCycle: "h23" } as const;
const spans = {
	full: { year: "numeric", ...day, ...minute, second: two },
	minute: { year: "numeric", ...day, ...minute },
	time: { ...minute, second: two },
	time_minute: minute,
	day_month: day,
	day: { year: "numeric", ...day },
} as const;

const date_makers = new Map<string, Intl.DateTimeFormat>();

function date_maker(span: keyof typeof spans): Intl.DateTimeFormat {
	const key = `${language()}/${span}`;
	let f = date_makers.get(key);
	if (!f)
		date_makers.set(key, f = new Intl.DateTimeFormat(language(),
			{ timeZone: "UTC", ...spans[span] }));
	return f;
}

/* ISO 8601 from the parts: "11/12" is two days to readers of English. */
function iso(parts: Intl.DateTimeFormatPart[]): string {
	const of = (...types: string[]) => types.flatMap((type) =>
		parts.find((p) => p.type === type)?.value ?? []);
	return [of("year", "month", "day").join("-"), of("hour", "minute", "second").join(":")]
		.filter(Boolean).join(" ");
}

/* Writes a clock's reading that stands as if it were UTC. */
export function date_text(span: keyof typeof spans, ms: number): string {
	const f = date_maker(span);
	return language() === "en" ? iso(f.formatToParts(ms)) : f.format(ms).replace(",", "");
}

/* "2026-11" → "November 2026" */
export function month_name(month: string): string {
	const f = new Intl.DateTimeFormat(language(), { timeZone: "UTC", year: "numeric", month: "long" });
	return f.format(Date.parse(`${month}-01T00:00:00Z`));
}

/* From Monday on. */
export function weekday_names(): string[] {
	const f = new Intl.DateTimeFormat(language(), { timeZone: "UTC", weekday: "short" });
	return Array.from({ length: 7 }, (_, i) => f.format(Date.UTC(2024, 0, 1 + i)));
}

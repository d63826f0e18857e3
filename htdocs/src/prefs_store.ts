// prefs_store.ts: what this browser remembers: appearance, language, columns, zone.
import { ask_for_text, language_of } from "./language_choice.ts";

export interface Prefs {
	language: "auto" | "en" | "es";
	theme: "system" | "light" | "dark";
	palette: "green-red" | "blue-orange";
	density: "comfortable" | "compact";
	numbers: "plain" | "locale";
	zone: "local" | "utc" | "broker";
	shortcuts: boolean;
	csv_bom: boolean; /* a byte order mark, as some spreadsheets need */
	notify_down: boolean; /* the browser's own notifications, by kind */
	notify_rules: boolean;
	notify_phases: boolean;
	notify_data: boolean;
	columns: Record<string, boolean>; /* only what differs from the default */
}

const KEY = "mt5fleet.prefs";

export const choices = {
	language: ["auto", "en", "es"],
	theme: ["system", "light", "dark"],
	palette: ["green-red", "blue-orange"],
	density: ["comfortable", "compact"],
	numbers: ["plain", "locale"],
	zone: ["local", "utc", "broker"],
} as const;

export const switches = ["shortcuts", "csv_bom", "notify_down", "notify_rules",
	"notify_phases", "notify_data"] as const;

const defaults: Prefs = {
	language: "auto", theme: "system", palette: "green-red", density: "comfortable",
	numbers: "plain", zone: "local", shortcuts: true, csv_bom: true, notify_down: false,
	notify_rules: false, notify_phases: false, notify_data: false, columns: {},
};

/* A browser's storage is outside data: only known words are taken. */
export function parse_prefs(text: string | null): Prefs {
	const prefs: Prefs = { ...defaults, columns: {} };
	let raw: unknown;
	try {
		raw = JSON.parse(text ?? "{}");
	} catch {
		return prefs;
	}
	if (typeof raw !== "object" || raw === null)
		return prefs;
	const from = raw as Record<string, unknown>;
	for (const [name, allowed] of Object.entries(choices))
		if ((allowed as readonly unknown[]).includes(from[name]))
			(prefs as unknown as Record<string, unknown>)[name] = from[name];
	for (const name of switches)
		if (typeof from[name] === "boolean")
			prefs[name] = from[name];
	if (typeof from.columns === "object" && from.columns !== null)
		for (const [id, on] of Object.entries(from.columns))
			if (typeof on === "boolean")
				prefs.columns[id] = on;
	return prefs;
}

export function load_prefs(): Prefs {
	try {
		return parse_prefs(localStorage.getItem(KEY));
	} catch {
		return parse_prefs(null); /* storage is switched off */
	}
}

export function save_prefs(prefs: Prefs): void {
	try {
		localStorage.setItem(KEY, JSON.stringify(prefs));
	} catch {
		/* storage is full or switched off: the choice lasts until reload */
	}
}

/* The server's own pages follow the choice made here: it is a cookie, too. */
export function apply_language(prefs: Prefs): void {
	const path = new URL(".", document.baseURI).pathname;
	const chosen = prefs.language === "auto" ? "; max-age=0" : `${prefs.language}; max-age=31536000`;
	document.cookie = `mt5fleet_language=${chosen}; path=${path}; SameSite=Lax`;
	ask_for_text(language_of(prefs.language, navigator.languages));
}

/* style.css looks at these attributes only. */
export function apply_appearance(prefs: Prefs): void {
	const root = document.documentElement;
	root.dataset.look = prefs.theme !== "system" ? prefs.theme :
	    matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
	root.dataset.palette = prefs.palette;
	root.dataset.density = prefs.density;
}

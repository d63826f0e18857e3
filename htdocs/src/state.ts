// state.ts: what the page knows, as signals. Written by feed.ts and view.ts only.
import { batch, computed, signal, type Signal } from "@preact/signals";
import { now, server_now } from "./clock.ts";
import { note_status } from "./status_log.ts";
import type { Change, Rows } from "./rows.ts";
import type { AlertMessage, Row } from "./types.ts";

/* One signal a row: a change redraws that row alone. */
const store = new Map<string, Signal<Row>>();

/* Moves when rows come or go. */
export const membership = signal(0);

/* Moves when any row moved, at most twice a second: sums and counts hang on it. */
export const revision = signal(0);

export const loaded = signal(false);
export const alert_messages = signal<AlertMessage[]>([]);

const MANY = 300; /* rows whose sums take a while */

let bump_timer: ReturnType<typeof setTimeout> | null = null;

function bump_soon(): void {
	bump_timer ??= setTimeout(() => {
		bump_timer = null;
		revision.value++;
	}, store.size > MANY ? 1_000 : 500);
}

function bump_now(): void {
	if (bump_timer)
		clearTimeout(bump_timer);
	bump_timer = null;
	revision.value++;
}

export function row_signal(key: string): Signal<Row> | undefined {
	return store.get(key);
}

export function find_row(server: string, login: string): Row | undefined {
	return store.get(`${server}/${login}`)?.value;
}

/* The rows as they are now, for merging: not a subscription. */
export const rows_now: Rows = {
	get: (key) => store.get(key)?.peek(),
	values: () => [...store.values()].map((s) => s.peek()),
};

export const all_rows = computed(() => {
	revision.value;
	membership.value;
	return [...store.values()].map((s) => s.peek());
});

type Moved = "come" | "status" | "values";

function put(row: Row): Moved {
	const had = store.get(row.key);
	if (!had) {
		store.set(row.key, signal(row));
		return "come";
	}
	const moved = had.peek().status === row.status ? "values" : "status";
	if (moved === "status")
		note_status(had.peek(), row, server_now());
	had.value = row;
	return moved;
}

/* Sums may wait half a second for values, not for an account that died. */
export function apply(change: Change): void {
	if (change.set.length + change.drop.length === 0)
		return;
	batch(() => {
		const gone = change.drop.filter((key) => store.delete(key)).length > 0;
		const moved = new Set(change.set.map(put));
		if (gone || moved.has("come"))
			membership.value++;
		if (gone || moved.has("come") || moved.has("status"))
			bump_now();
		else
			bump_soon();
	});
}

export function replace_all(rows: Map<string, Row>): void {
	const gone = [...store.keys()].filter((key) => !rows.has(key));
	batch(() => {
		loaded.value = true;
		apply({ set: [...rows.values()], drop: gone });
	});
}

/* How the page hears from the coordinator. */
export type Link = "loading" | "live" | "reconnecting" | "polling";

export interface Feed {
	link: Link;
	heard_ms: number | null; /* server's clock: the last good word */
	error: { status: number; message: string } | null;
	collector_age_s: number | null;
	collector_heard_ms: number | null;
	version: string | null;
}

export const feed = signal<Feed>({ link: "loading", heard_ms: null, error: null,
	collector_age_s: null, collector_heard_ms: null, version: null });

/* Each message is a word heard; the signal need not move for each. */
export function heard(at_ms: number): void {
	const f = feed.peek();
	if (f.heard_ms === null || at_ms - f.heard_ms > 1000)
		set_feed({ heard_ms: at_ms });
}

export function set_feed(part: Partial<Feed>): void {
	feed.value = { ...feed.peek(), ...part };
}

/* Polls come each 2 s, heartbeats each 10 s. */
const SILENT_AFTER_MS = { loading: 8_000, live: 25_000, reconnecting: 8_000, polling: 8_000 };
const COLLECTOR_LATE_S = 15;

export type Trust = "good" | "collector_late" | "silent" | "error";

export function judge_feed(f: Feed, now_ms: number): Trust {
	if (f.error)
		return "error";
	if (f.heard_ms === null || now_ms - f.heard_ms > SILENT_AFTER_MS[f.link])
		return "silent";
	/* no age, and told so: there is no collector, or Redis is away */
	if (f.collector_heard_ms !== null && (f.collector_age_s === null ||
	    f.collector_age_s + (now_ms - f.collector_heard_ms) / 1000 - 10 > COLLECTOR_LATE_S))
		return "collector_late";
	return "good";
}

export const trust = computed<Trust>(() => judge_feed(feed.value, now.value));

/* May a number be shown as of now? */
export const trusted = computed(() => trust.value === "good");

/*
 * The moment at which rows are judged: now, or while nothing is heard the
 * moment of the last word (the whole page is then greyed and says since when).
 */
export const judged_ms = computed(() =>
	trusted.value ? now.value : feed.value.heard_ms ?? now.value);

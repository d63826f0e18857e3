// alert_list.ts: the server's list of alerts: what is muted and acknowledged, by
// whom; and what this person has put away.
import { computed, signal } from "@preact/signals";
import { request } from "./api.ts";
import { now } from "./clock.ts";
import { say } from "./panels/Toast.tsx";
import { change, session } from "./session.ts";
import type { AlertAck, AlertEntry, AlertList, AlertMute } from "./types.ts";
import { t } from "./text.tsx";

/* null: not asked for yet, or nobody is logged in. */
export const alert_list = signal<AlertList | null>(null);

const EVERY_MS = 20_000;
const AFTER_MESSAGE_MS = 2_500; /* the job that keeps the list looks each second */

let loading = 0;

/* Without a session the server does not say, and is not asked. */
export async function load_alerts(): Promise<void> {
	if (!session.peek()) {
		alert_list.value = null;
		return;
	}
	const turn = ++loading;
	const answer = await request<AlertList>("/api/alerts");
	if (turn !== loading)
		return; /* asked again meanwhile */
	if (answer.ok && Array.isArray(answer.data?.mutes))
		alert_list.value = answer.data;
	else if (!answer.ok && (answer.failure.status === 401 || answer.failure.status === 403))
		alert_list.value = null;
}

let soon: ReturnType<typeof setTimeout> | null = null;

/* An alert came by the socket: the list has it a moment later. */
export function load_alerts_soon(): void {
	soon ??= setTimeout(() => { soon = null; void load_alerts(); }, AFTER_MESSAGE_MS);
}

export function start_alerts(): void {
	session.subscribe(() => void load_alerts());
	setInterval(() => {
		if (document.visibilityState !== "hidden")
			void load_alerts();
	}, EVERY_MS);
	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "visible")
			void load_alerts();
	});
}

/* By key, of the server's list. */
export const entries = computed<ReadonlyMap<string, AlertEntry>>(() =>
	new Map((alert_list.value?.alerts ?? []).map((a) => [a.key, a])));

const mutes = computed(() => new Map((alert_list.value?.mutes ?? []).map((m) => [m.key, m])));
const acks = computed(() => new Map((alert_list.value?.acks ?? []).map((a) => [a.key, a])));

/* What an alert is about, as the server names it. */
export interface Keys {
	keys: readonly string[];
	accounts?: readonly string[]; /* SERVER/LOGIN, as many as keys */
}

function in_force(m: AlertMute | undefined): AlertMute | null {
	return m && Date.parse(m.until_utc) > now.value ? m : null;
}

/* Muted: each of its keys is, or the account of it, or all. The one that ends first. */
export function mute_of(a: Keys): AlertMute | null {
	let first: AlertMute | null = null;
	for (const [i, key] of a.keys.entries()) {
		const m = in_force(mutes.value.get(key)) ??
			in_force(mutes.value.get(a.accounts?.[i] ?? "")) ?? in_force(mutes.value.get("all"));
		if (!m)
			return null;
		if (!first || Date.parse(m.until_utc) < Date.parse(first.until_utc))
			first = m;
	}
	return first;
}

/* Those of its keys for which people are called. */
export function called(a: Keys): string[] {
	return a.keys.filter((key) => entries.value.get(key)?.open);
}

/* Acknowledged: each of those is, since it began. */
export function ack_of(a: Keys): AlertAck | null {
	let last: AlertAck | null = null;
	for (const key of called(a)) {
		const ack = acks.value.get(key);
		const since = Date.parse(entries.value.get(key)?.since_utc ?? "");
		if (!ack || Date.parse(ack.at_utc) < since)
			return null;
		last = ack;
	}
	return last;
}

const MOST_KEYS = 200; /* in one request */

async function tell(action: "ack" | "unack" | "mute" | "unmute", keys: readonly string[],
    minutes?: number): Promise<string | null> {
	for (let i = 0; i < keys.length; i += MOST_KEYS) {
		const answer = await change<unknown>("POST", "/api/alerts", { action,
			keys: keys.slice(i, i + MOST_KEYS), ...minutes === undefined ? {} : { minutes } });
		if (!answer.ok)
			return answer.failure.message;
	}
	return null;
}

/* Does it, says so, and how to take it back. */
async function done(text: string, wrong: string | null, undo: (() => void) | null): Promise<void> {
	await load_alerts();
	say(wrong === null ? text : t("word.not_saved", { why: wrong }), wrong === null ? undo : null);
}

export async function mute(a: Keys, minutes: number, what: string): Promise<void> {
	await done(t("alerts.was_muted", { what }), await tell("mute", a.keys, minutes),
		() => void unmute(a));
}

/* Also where it is the account, or all, that is muted. */
export async function unmute(a: Keys): Promise<void> {
	const said = [...a.keys, ...a.accounts ?? [], "all"].filter((key) => mutes.peek().has(key));
	await done(t("alerts.was_unmuted"), await tell("unmute", [...new Set(said)]), null);
}

export async function acknowledge(a: Keys): Promise<void> {
	const keys = called(a);
	await done(t("alerts.was_acked"), await tell("ack", keys), () => void unacknowledge({ keys }));
}

export async function unacknowledge(a: Keys): Promise<void> {
	await done(t("word.undone"), await tell("unack", a.keys), null);
}

/* ---- put away: by one person, in one browser ---- */

const KEEP_MS = 24 * 3600_000;

/* By alert: since when it was so, and when it was put away. */
type PutAway = Record<string, { since: number; at: number }>;

function store_name(): string {
	return `mt5fleet.put_away.${session.value?.user ?? ""}`;
}

function read(name: string): PutAway {
	try {
		const all = JSON.parse(localStorage.getItem(name) ?? "{}") as PutAway;
		return Object.fromEntries(Object.entries(all ?? {}).filter(([, p]) =>
			Number.isFinite(p?.since) && p.at > Date.now() - KEEP_MS));
	} catch {
		return {}; /* storage is switched off, or holds something else */
	}
}

/* Of this page's life, by the place where it is stored. */
const since_load = signal<Record<string, PutAway>>({});
const put_away = computed<PutAway>(() =>
	({ ...read(store_name()), ...since_load.value[store_name()] }));

/* What began again since then is shown. */
export function is_put_away(key: string, since: number): boolean {
	return put_away.value[key]?.since === since;
}

export function put_away_alert(key: string, since: number): void {
	const name = store_name();
	const all = { ...put_away.peek(), [key]: { since, at: Date.now() } };
	since_load.value = { ...since_load.peek(), [name]: all };
	try {
		localStorage.setItem(name, JSON.stringify(all));
	} catch {
		/* until the page is loaded again */
	}
}

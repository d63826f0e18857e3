// feed.ts: keeps the rows right: snapshot, then socket, or polling without it.
import { load_alerts_soon } from "./alert_list.ts";
import { at, request } from "./api.ts";
import { heard_server_time, now, server_now, start_clock } from "./clock.ts";
import { batch } from "@preact/signals";
import { compare_ids, merge, rebase, rows_from, type Change, type Rows } from "./rows.ts";
import { end_session, find_session, session_needed } from "./session.ts";
import { look_for_update } from "./update.ts";
import { alert_messages, apply, feed, heard, loaded, replace_all, rows_now, set_feed } from "./state.ts";
import type { AccountsAnswer, AlertMessage, Message, Row } from "./types.ts";
import { t } from "./text.tsx";

const POLL_MS = 2_000; /* without a socket */
const RESYNC_MS = 15_000; /* with one: ages made right, anything missed healed */
const FULL_MS = 15_000; /* a 304 says nothing about ages: ask for all again */
const ASK_MS = 2_500; /* heartbeats come each 10 s: between them it is asked */
const SWALLOWED_MS = 5_000;
const SESSION_ENDED = 1008;
const KEEP_MESSAGES = 5_000;

let socket: WebSocket | null = null;
let socket_tries = 0;
let had_socket = false;
let last_word = 0;
let opened_ms = 0;
let heard_hello = false;
let live_id: string | null = null;
let etag: string | null = null;
let full_at = 0;
let seen: Message[] = [];
let loading: Promise<void> | null = null;
let poll_timer: ReturnType<typeof setTimeout> | null = null;
let later_timer: ReturnType<typeof setTimeout> | null = null;
let socket_timer: ReturnType<typeof setTimeout> | null = null;

function is_open(): boolean {
	return socket?.readyState === WebSocket.OPEN;
}

function take_snapshot(a: AccountsAnswer): void {
	const as_of = Date.parse(a.as_of_utc);
	const base = rows_from(a.accounts ?? [], Number.isNaN(as_of) ? null : as_of);
	replace_all(rebase(base, a.live_id, seen));
	if (a.live_id && (live_id === null || compare_ids(a.live_id, live_id) > 0))
		live_id = a.live_id;
}

/* Asks for all now and then: a 304 says nothing about ages. */
async function load_once(): Promise<void> {
	const unconditional = Date.now() - full_at > FULL_MS;
	const answer = await request<AccountsAnswer>("/api/accounts",
		{ etag: unconditional ? null : etag });
	if (!answer.ok) {
		const { status, message } = answer.failure;
		session_needed.value = status === 401;
		if (status === 401)
			end_session();
		set_feed({ error: { status, message } });
		return;
	}
	session_needed.value = false;
	heard_server_time(answer.date);
	let heard_ms = server_now();
	if (answer.data) {
		if (!Array.isArray(answer.data.accounts)) {
			set_feed({ error: { status: 200,
				message: t("error.no_accounts") } });
			return;
		}
		heard_server_time(answer.data.as_of_utc);
		take_snapshot(answer.data);
		etag = answer.etag;
		full_at = Date.now();
		/* a cache between us may answer when the coordinator does not */
		heard_ms = Math.min(heard_ms, Date.parse(answer.data.as_of_utc) || 0);
	}
	set_feed({ error: null, heard_ms });
	now.value = server_now();
}

/* One request at a time; a second caller waits for the first's. */
export function load(): Promise<void> {
	loading ??= load_once().finally(() => { loading = null; });
	return loading;
}

function plan_poll(): void {
	if (poll_timer)
		clearTimeout(poll_timer);
	poll_timer = null;
	if (document.visibilityState === "hidden")
		return; /* made up for on return */
	const wait = is_open() && !feed.peek().error ? RESYNC_MS : POLL_MS;
	poll_timer = setTimeout(() => void load().finally(plan_poll), wait);
}

function take_alert(m: AlertMessage): void {
	const others = alert_messages.peek().filter((a) => a.key !== m.key);
	alert_messages.value = [m, ...others].slice(0, 50);
	load_alerts_soon();
}

function take_message(m: Message): void {
	switch (m.type) {
	case "hello":
		set_feed({ link: "live", version: m.version ?? null, heard_ms: server_now() });
		return;
	case "heartbeat":
		heard_server_time(m.now_utc);
		set_feed({ heard_ms: server_now(), collector_age_s: m.collector_age_s,
			collector_heard_ms: server_now() });
		return;
	case "reset":
		seen = [];
		live_id = null;
		full_at = 0;
		void load();
		load_later();
		return;
	case "pong":
		heard_server_time(m.now_utc);
		heard(server_now());
		return;
	case "error":
		if (m.code === "cache_unavailable")
			set_feed({ collector_age_s: null, collector_heard_ms: server_now() });
		console.warn("live:", m.code, m.message);
		return;
	default:
		take_event(m);
	}
}

/* Past what nginx and the coordinator keep for a second each. */
function load_later(): void {
	later_timer ??= setTimeout(() => {
		later_timer = null;
		full_at = 0;
		void load();
	}, 2_500);
}

function take_event(m: Message): void {
	const id = "id" in m ? m.id : undefined;
	if (id) {
		if (live_id && compare_ids(id, live_id) <= 0)
			return; /* had it */
		live_id = id;
		seen.push(m);
		if (seen.length > KEEP_MESSAGES)
			seen = seen.slice(-KEEP_MESSAGES / 2);
	}
	heard(server_now());
	if (m.type === "phase")
		load_later();
	if (m.type === "alert")
		take_alert(m);
	else
		take_change(merge(rows_then, m));
}

/* Rows as they will be once this frame's messages are applied. */
const later = new Map<string, Row | null>(); /* null: it goes */
const rows_then: Rows = {
	get: (key) => later.has(key) ? later.get(key) ?? undefined : rows_now.get(key),
	values: () => {
		if (later.size === 0)
			return rows_now.values();
		const rows = new Map([...rows_now.values()].map((r) => [r.key, r]));
		for (const [key, row] of later)
			if (row)
				rows.set(key, row);
			else
				rows.delete(key);
		return rows.values();
	},
};

function take_change(change: Change): void {
	for (const key of change.drop)
		later.set(key, null);
	for (const row of change.set)
		later.set(row.key, row);
}

function apply_later(): void {
	if (later.size === 0)
		return;
	const set = [...later.values()].filter((r) => r !== null);
	const drop = [...later].filter(([, r]) => r === null).map(([key]) => key);
	later.clear();
	apply({ set, drop });
}

/* Messages wait for the next frame: of many about one account the last one is
 * drawn, and a flood of them is one piece of work. */
let waiting: string[] = [];
const HIDDEN_MS = 1_000; /* no frames come where nobody looks */

function take_waiting(): void {
	const texts = waiting;
	waiting = [];
	batch(() => {
		for (const text of texts) {
			let m: Message;
			try {
				m = JSON.parse(text) as Message;
			} catch {
				continue; /* the resync makes good what this was */
			}
			take_message(m);
		}
		apply_later();
	});
}

function on_message(event: MessageEvent): void {
	last_word = Date.now();
	if (waiting.push(String(event.data)) > 1)
		return;
	if (document.visibilityState === "hidden")
		setTimeout(take_waiting, HIDDEN_MS);
	else
		requestAnimationFrame(take_waiting);
}

/* A socket that never opened is not to be had here: poll, and say only that. */
function on_close(s: WebSocket): void {
	if (s !== socket)
		return;
	socket = null;
	/* swallowed again and again: as good as none */
	if (!heard_hello && socket_tries > 1)
		had_socket = false;
	set_feed({ link: had_socket ? "reconnecting" : "polling",
		collector_age_s: null, collector_heard_ms: null });
	socket_tries++;
	const longest = had_socket ? 10_000 : 60_000;
	const wait = Math.min(longest, 500 * 2 ** socket_tries) * (0.5 + Math.random() / 2);
	if (had_socket && socket_tries > 5)
		set_feed({ link: "polling" });
	socket_timer = setTimeout(connect, wait);
	plan_poll_now();
}

function plan_poll_now(): void {
	if (document.visibilityState !== "hidden")
		void load().finally(plan_poll);
}

function connect(): void {
	if (socket_timer)
		clearTimeout(socket_timer);
	socket_timer = null;
	if (socket || !loaded.peek() || session_needed.peek()) {
		if (!socket)
			socket_timer = setTimeout(connect, POLL_MS);
		return;
	}
	const url = new URL(at("/ws"), location.href);
	url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
	if (live_id)
		url.searchParams.set("after", live_id);
	const s = new WebSocket(url);
	socket = s;
	opened_ms = Date.now();
	heard_hello = false;
	/* it is live once something is heard: a proxy may open it and swallow all */
	s.onmessage = (e) => {
		if (!heard_hello) {
			heard_hello = had_socket = true;
			socket_tries = 0;
			set_feed({ link: "live" });
			plan_poll();
			void look_for_update();
		}
		on_message(e);
	};
	s.onclose = (e) => {
		if (e.code === SESSION_ENDED)
			void find_session();
		on_close(s);
	};
}

function drop_socket(): void {
	const s = socket;
	if (!s)
		return;
	s.onclose = null;
	s.close();
	on_close(s);
}

export function reconnect_now(): void {
	drop_socket();
	socket_tries = 0;
	connect();
}

/* No word of one that was opened, or none in answer to a question: swallowed. */
function watch_silence(): void {
	setInterval(() => {
		if (!socket || document.visibilityState === "hidden")
			return;
		const now_ms = Date.now();
		const silent = now_ms - (heard_hello ? last_word : opened_ms);
		if (silent > SWALLOWED_MS)
			drop_socket();
		else if (heard_hello && silent > ASK_MS && is_open())
			socket.send(JSON.stringify({ type: "ping" }));
	}, 1_000);
}

/* The tab is looked at again: nothing old may stand there for long. */
function catch_up(): void {
	full_at = 0;
	void load().finally(plan_poll);
	/* the watch has slept with the tab */
	last_word = opened_ms = Date.now();
	if (is_open())
		socket?.send(JSON.stringify({ type: "ping" }));
	if (!socket)
		reconnect_now();
}

export function ask_refresh(): void {
	if (is_open())
		socket?.send(JSON.stringify({ type: "refresh" }));
	catch_up();
}

export function start_feed(): void {
	start_clock(catch_up);
	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "visible")
			catch_up();
		else
			take_waiting(); /* their frame may not come */
	});
	window.addEventListener("online", catch_up);
	window.addEventListener("pageshow", (e) => { if (e.persisted) catch_up(); });
	watch_silence();
	void load().finally(() => {
		plan_poll();
		connect();
	});
}

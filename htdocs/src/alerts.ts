// alerts.ts: what needs somebody: by VPS and account, with what to do. Found in the
// rows; muted, acknowledged and what else there is by the server's list.
import { computed } from "@preact/signals";
import { ack_of, called, entries, is_put_away, mute_of } from "./alert_list.ts";
import { now } from "./clock.ts";
import * as fmt from "./format.ts";
import { node_word } from "./nodes.ts";
import { prefs } from "./prefs.ts";
import { is_limit, other_lines, rule_label, rule_text } from "./rule_lines.ts";
import { is_live, row_title, shown_status } from "./rows.ts";
import { alert_messages, all_rows, judged_ms, trusted } from "./state.ts";
import { status_info, status_rank } from "./status.ts";
import type { AlertAck, AlertEntry, AlertMute, Row, RuleLine } from "./types.ts";
import { open_row, set_filter } from "./view.ts";
import { find_row } from "./state.ts";
import { t, word } from "./text.tsx";

export interface Alert {
	key: string;
	keys: string[]; /* the server's: what is muted, and what people are called for */
	accounts?: string[]; /* SERVER/LOGIN of each */
	since: number; /* UTC ms, as far as it is known: the same while it is one alert */
	level: "info" | "warn" | "critical";
	text: string;
	more?: string[]; /* since when, who, why */
	todo?: string;
	go: (() => void) | null;
	about?: string[]; /* the rows, where there are several */
}

function names(list: Row[]): string {
	const first = list.slice(0, 3).map(row_title).join(", ");
	return list.length > 3 ? t("alerts.and_more", { names: first, n: list.length - 3 }) : first;
}

function since_of(list: Row[]): number {
	const at = Math.min(...list.map((r) => r.since_ms ?? Infinity));
	return Number.isFinite(at) ? at : 0;
}

export function short_moment(at: number): string {
	return fmt.short_broker_moment({ msc: at, utc: new Date(at).toISOString() }, local_zone(),
		now.peek(), null);
}

function since_text(at: number): string {
	return at > 0 ? t("alerts.since", { at: short_moment(at) }) : "";
}

/* As collect names them (docs/alerts.md): what is wrong with the agent is said of
 * the node, the rest of each account. */
function status_keys(list: Row[], status: string): Pick<Alert, "keys" | "accounts"> {
	const known = list.filter((r) => r.login !== null);
	const { node } = list[0]!;
	if (status === "unreachable" || status === "unauthorized")
		return { keys: [`node/${node}`] };
	if (status === "stale")
		return { keys: [`asked/${node}`] };
	return known.length === 0 ? { keys: [`bridge/${node}`] } :
		{ keys: known.map((r) => `status/${r.key}/${node}`), accounts: known.map((r) => r.key) };
}

/* No account's own zone: they are several. */
function local_zone(): "local" | "utc" {
	return prefs.value.zone === "utc" ? "utc" : "local";
}

/* Of one VPS and one status, all accounts together. Stale is its own alarm; the
 * rest is judged on live rows only. */
function status_alert(list: Row[], status: string): Alert {
	const { node } = list[0]!;
	const info = status_info(status);
	const known = list.filter((r) => r.login !== null);
	return {
		key: `status/${status}/${node}/${list.map((r) => r.key).sort().join()}`,
		...status_keys(list, status),
		since: since_of(list),
		about: list.map((r) => r.key),
		level: info.kind === "warn" ? "warn" : "critical",
		text: t("alerts.on_node", { node, n: list.length, status: info.label }),
		more: [since_text(since_of(list)), names(known), list.find((r) => r.error)?.error ?? ""].filter(Boolean),
		todo: list.every((r) => r.account === null) && status === "terminal_down" ?
			t("status.bridge_steps") : info.todo,
		go: () => set_filter({ status: [status], node: [node] }),
	};
}

function status_alerts(rows: Row[], now_ms: number): Alert[] {
	const groups = new Map<string, { word: string; list: Row[] }>();
	for (const row of rows) {
		if (is_live(row, now_ms) || node_word(row.node))
			continue;
		const word = shown_status(row, now_ms);
		const key = `${word}/${row.node}`;
		const group = groups.get(key);
		if (group)
			group.list.push(row);
		else
			groups.set(key, { word, list: [row] });
	}
	return [...groups.values()].sort((a, b) => status_rank(a.word) - status_rank(b.word) ||
		a.list[0]!.node.localeCompare(b.list[0]!.node)).map((g) => status_alert(g.list, g.word));
}

/* What is nearly used up is another alert; the next day's is one, too. */
function of_rule(row: Row, kind: string, nearly: boolean): Pick<Alert, "key" | "keys" | "accounts" | "since"> {
	return { key: `rule/${row.key}/${kind}/${nearly}`, keys: [`rules/${kind}/${row.key}`],
		accounts: [row.key], since: Date.parse(row.rules?.resets_utc ?? "") || 0 };
}

function rule_alert(row: Row, what: "daily" | "total", used: number | null | undefined,
    left: number | null | undefined): Alert[] {
	if (used == null || used < 0.85)
		return [];
	return [{ ...of_rule(row, what === "daily" ? "daily_loss" : "max_loss", used >= 0.95),
		level: used >= 0.95 ? "critical" : "warn",
		text: t("alerts.about", { account: row_title(row), what: used_words(row, what, used, left) }),
		more: [what === "daily" ? resets_in(row) : ""].filter(Boolean),
		go: () => open_row(row) }];
}

function resets_in(row: Row): string {
	const at = row.rules?.resets_utc ? Date.parse(row.rules.resets_utc) - now.peek() : NaN;
	return at > 0 ? t("alerts.resets", { age: fmt.age(at) }) : "";
}

function used_words(row: Row, what: "daily" | "total", used: number,
    left: number | null | undefined): string {
	const a = row.account;
	const amount = fmt.money(left == null ? null : Math.abs(left), a?.currency, a?.currency_digits);
	return left != null && left < 0 ? t(`alerts.over_${what}`, { amount }) :
		t(`alerts.used_${what}`, { share: fmt.percent(used * 100, 0), amount });
}

/* The other rules, by their own words; a broken one was told when it broke. */
function line_alert(row: Row, line: RuleLine): Alert[] {
	const used = line.used;
	if (!is_limit(line) || line.broken || used === null || used < 0.85)
		return [];
	return [{ ...of_rule(row, line.kind, used >= 0.95), level: "warn",
		text: t("alerts.about", { account: row_title(row),
			what: `${rule_label(line)}: ${rule_text(line, row, prefs.value.zone)}` }),
		go: () => open_row(row) }];
}

function phase_alert(row: Row): Alert[] {
	const status = row.phase?.status;
	if (status !== "breached" && status !== "target_reached")
		return [];
	/* its verdict is one of the rules */
	const kinds = status === "target_reached" ? [status] : [...entries.value.values()].filter((e) =>
		e.open && e.key.startsWith("rules/") && `${e.server}/${e.login}` === row.key)
		.map((e) => e.key.split("/")[1]!);
	return [{ key: `phase/${row.key}/${row.phase?.phase}/${status}`,
		keys: (kinds.length ? kinds : [status]).map((k) => `rules/${k}/${row.key}`),
		accounts: (kinds.length ? kinds : [status]).map(() => row.key),
		since: Date.parse(row.phase?.started_utc ?? "") || 0,
		level: status === "breached" ? "critical" : "info",
		text: t("alerts.about", { account: row_title(row),
			what: `${row.phase?.phase ?? ""} ${word("phase_status", status)}` }),
		go: () => open_row(row) }];
}

function row_alerts(rows: Row[], now_ms: number): Alert[] {
	return rows.filter((r) => is_live(r, now_ms)).flatMap((r) =>
		/* over is over: the limits say nothing new then */
		r.phase?.status === "breached" ? phase_alert(r) : r.phase?.status === "paused" ? [] : [
			...rule_alert(r, "daily", r.rules?.used_today, r.rules?.today_left),
			...rule_alert(r, "total", r.rules?.used_total, r.rules?.total_left),
			...other_lines(r).flatMap((l) => line_alert(r, l)),
			...phase_alert(r),
		]);
}

/* What is said of no row: by the kinds of docs/alerts.md, in the page's words. */
function sent_text(key: string, text: string): string {
	const [kind, node] = key.split("/", 2);
	switch (kind) {
	case "clock":
		return t("alerts.clock", { node: node ?? "" });
	case "asked":
		return t("alerts.not_polled", { node: node ?? "" });
	case "collector":
		return t("alerts.collector");
	case "redis":
		return t("alerts.redis");
	default:
		return text;
	}
}

type Sent = Pick<AlertEntry, "key" | "level" | "text"> &
	{ server?: string | null | undefined; login?: string | null | undefined };

function sent_alert(m: Sent, since: number, is_over: boolean): Alert {
	const row = m.server && m.login ? find_row(m.server, m.login) : undefined;
	return { key: `sent/${m.key}/${m.level}`, keys: [m.key], since, level: m.level,
		...m.server && m.login && { accounts: [`${m.server}/${m.login}`] },
		text: is_over ? m.text : sent_text(m.key, m.text), more: [since_text(since)].filter(Boolean),
		go: row ? () => open_row(row) : null };
}

/*
 * The server's list, and what came by the socket since; not what the rows show
 * already. A message says once that something ended: it is good news until it
 * is put away.
 */
function sent_alerts(shown: readonly Alert[]): Alert[] {
	const covered = new Set(shown.flatMap((a) => a.keys));
	const list = [...entries.value.values()].filter((e) => e.open || e.level !== "info")
		.map((e) => sent_alert(e, Date.parse(e.since_utc ?? "") || 0, false));
	const listed = new Set(list.map((a) => a.keys[0]!));
	const news = alert_messages.value.filter((m) => !listed.has(m.key) &&
		(m.level === "info" || !entries.value.has(m.key)))
		.map((m) => sent_alert(m, Number((m.id ?? "0").split("-")[0]), m.level === "info"));
	return [...list, ...news].filter((a) => !covered.has(a.keys[0]!));
}

const worst_first = { critical: 0, warn: 1, info: 2 };

/* All that there are, whatever was said of them. */
const found = computed<Alert[]>(() => {
	if (!trusted.value)
		return []; /* the banner is the alarm then */
	const rows = all_rows.value;
	const now_ms = judged_ms.value;
	const shown = [...status_alerts(rows, now_ms), ...row_alerts(rows, now_ms)];
	return [...shown, ...sent_alerts(shown)];
});

/* Muted: by whom, until when. */
export const muted_alerts = computed<{ alert: Alert; mute: AlertMute }[]>(() =>
	found.value.flatMap((alert) => {
		const mute = mute_of(alert);
		return mute ? [{ alert, mute }] : [];
	}));

export interface Shown extends Alert {
	ack: AlertAck | null;
	called: boolean; /* people are called for it: it can be acknowledged */
}

/* Of the whole fleet: all else may be a consequence of it. */
const of_all = (a: Alert) => !a.keys[0]!.includes("/");

/* What needs somebody: not what is muted, or put away here. The worst first;
 * what somebody has taken on after the rest. */
export const alerts = computed<Shown[]>(() => found.value
	.filter((a) => !mute_of(a) && !is_put_away(a.key, a.since))
	.map((a) => ({ ...a, ack: ack_of(a), called: called(a).length > 0 }))
	.sort((a, b) => Number(a.ack !== null) - Number(b.ack !== null) ||
		Number(of_all(b)) - Number(of_all(a)) || worst_first[a.level] - worst_first[b.level]));

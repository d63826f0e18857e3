// Alerts.tsx: what needs somebody: a line each, by VPS and account, with what to do.
import { computed, signal } from "@preact/signals";
import { now } from "../clock.ts";
import * as fmt from "../format.ts";
import { node_word, nodes } from "../nodes.ts";
import { prefs } from "../prefs.ts";
import { is_limit, other_lines, rule_label, rule_text } from "../rule_lines.ts";
import { is_live, row_title, shown_status } from "../rows.ts";
import { narrow } from "../screen.ts";
import { alert_messages, all_rows, judged_ms, trusted } from "../state.ts";
import { status_info, status_rank } from "../status.ts";
import type { Row, RuleLine } from "../types.ts";
import { open_row, set_filter } from "../view.ts";
import { find_row } from "../state.ts";
import { t, word } from "../text.tsx";

export interface Alert {
	key: string;
	level: "info" | "warn" | "critical";
	text: string;
	more?: string[]; /* since when, who, why */
	todo?: string;
	go: (() => void) | null;
	about?: string[]; /* the rows, where there are several */
}

const put_away = signal<ReadonlySet<string>>(new Set());

function names(list: Row[]): string {
	const first = list.slice(0, 3).map(row_title).join(", ");
	return list.length > 3 ? t("alerts.and_more", { names: first, n: list.length - 3 }) : first;
}

function since(list: Row[]): string {
	const at = Math.min(...list.map((r) => r.since_ms ?? Infinity));
	return Number.isFinite(at) ? t("alerts.since", { at: fmt.short_broker_moment(
		{ msc: at, utc: new Date(at).toISOString() }, local_zone(), now.peek(), null) }) : "";
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
		about: list.map((r) => r.key),
		level: info.kind === "warn" ? "warn" : "critical",
		text: t("alerts.on_node", { node, n: list.length, status: info.label }),
		more: [since(list), names(known), list.find((r) => r.error)?.error ?? ""].filter(Boolean),
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

function rule_alert(row: Row, what: "daily" | "total", used: number | null | undefined,
    left: number | null | undefined): Alert[] {
	if (used == null || used < 0.85)
		return [];
	return [{ key: `rule/${row.key}/${what}/${used >= 0.95}`, level: used >= 0.95 ? "critical" : "warn",
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
	return [{ key: `rule/${row.key}/${line.kind}/${used >= 0.95}`, level: "warn",
		text: t("alerts.about", { account: row_title(row),
			what: `${rule_label(line)}: ${rule_text(line, row, prefs.value.zone)}` }),
		go: () => open_row(row) }];
}

function phase_alert(row: Row): Alert[] {
	const status = row.phase?.status;
	if (status !== "breached" && status !== "target_reached")
		return [];
	return [{ key: `phase/${row.key}/${row.phase?.phase}/${status}`,
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

function sent_alerts(): Alert[] {
	return alert_messages.value.map((m) => {
		const row = m.server && m.login ? find_row(m.server, m.login) : undefined;
		return { key: `sent/${m.id ?? ""}/${m.key}`, level: m.level, text: m.text,
			go: row ? () => open_row(row) : null };
	});
}

const worst_first = { critical: 0, warn: 1, info: 2 };

export const alerts = computed<Alert[]>(() => {
	if (!trusted.value)
		return []; /* the banner is the alarm then */
	const rows = all_rows.value;
	const now_ms = judged_ms.value;
	return [...status_alerts(rows, now_ms), ...row_alerts(rows, now_ms), ...sent_alerts()]
		.filter((a) => !put_away.value.has(a.key))
		.sort((a, b) => worst_first[a.level] - worst_first[b.level]);
});

const mark = { critical: "✖", warn: "▲", info: "●" };

const SHOWN = 4; /* lines; the rest after a click */
const PHONE_SHOWN = 2;
const all_lines = signal(false);

function Line({ a }: { a: Alert }) {
	return <li class={a.level}>
		<span class="sign" aria-hidden="true">{mark[a.level]}</span>
		<span class="said">
			{a.go ? <button type="button" class="plain" onClick={a.go}><bdi>{a.text}</bdi></button> :
				<bdi class="plain">{a.text}</bdi>}
			{a.more?.map((m) => <span key={m} class="more"> · <bdi>{m}</bdi></span>)}
			{a.todo && <span class="todo"> → {a.todo}</span>}
		</span>
		<button type="button" class="x" aria-label={t("alerts.dismiss")}
			onClick={() => { put_away.value = new Set([...put_away.value, a.key]); }}>×</button>
	</li>;
}

/* Always a line: that nothing is wrong is an answer, too. */
function Well() {
	const n = all_rows.value.length;
	const vps = nodes.value.size;
	return <p class="well"><span class="sign" aria-hidden="true">{trusted.value ? "✔" : "…"}</span>
		{trusted.value ? t("alerts.well") : t("alerts.untrusted")}
		{trusted.value && n > 0 && <span class="faint"> · {t("alerts.accounts", { n })}
			{vps > 0 && <> · {t("alerts.vps", { n: vps })}</>}</span>}</p>;
}

export function Alerts() {
	const list = alerts.value;
	const most = narrow.value ? PHONE_SHOWN : SHOWN;
	const hidden = all_lines.value ? 0 : Math.max(0, list.length - most);
	if (list.length === 0)
		return <section class="alerts none" aria-label={t("alerts")}><Well /></section>;
	return <section class={`alerts ${list[0]!.level} ${all_lines.value ? "open" : ""}`} aria-label={t("alerts")}><ul>
		{list.slice(0, list.length - hidden).map((a) => <Line key={a.key} a={a} />)}
	</ul>
	{list.length > most && <button type="button" class="plain all"
		onClick={() => { all_lines.value = !all_lines.peek(); }}>
		{hidden > 0 ? t("alerts.more_alerts", { n: hidden }) : t("alerts.fewer")}</button>}
	</section>;
}

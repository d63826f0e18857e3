// Alerts.tsx: what needs somebody, above the table; nothing there when all is well.
import { computed, signal } from "@preact/signals";
import * as fmt from "../format.ts";
import { node_word } from "../nodes.ts";
import { prefs } from "../prefs.ts";
import { is_limit, other_lines, rule_label, rule_text } from "../rule_lines.ts";
import { is_live, row_title, shown_status } from "../rows.ts";
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
	go: (() => void) | null;
	about?: string[]; /* the rows, where there are several */
}

const put_away = signal<ReadonlySet<string>>(new Set());

/* Stale is its own alarm; the rest is judged on live rows only. */
function status_alerts(rows: Row[], now_ms: number): Alert[] {
	const groups = new Map<string, Row[]>();
	for (const row of rows)
		if (!is_live(row, now_ms) && !node_word(row.node)) {
			const status = shown_status(row, now_ms);
			groups.set(status, [...groups.get(status) ?? [], row]);
		}
	return [...groups].sort((a, b) => status_rank(a[0]) - status_rank(b[0])).map(([status, list]) => ({
		key: `status/${status}/${list.map((r) => r.key).sort().join()}`,
		about: list.map((r) => r.key),
		level: status_info(status).kind === "warn" ? "warn" : "critical",
		text: t("alerts.status", { n: list.length, status: status_info(status).label, names: names(list) }),
		go: () => set_filter({ status: [status] }),
	}));
}

function names(list: Row[]): string {
	const first = list.slice(0, 4).map(row_title).join(", ");
	return list.length > 4 ? t("alerts.names_more", { names: first, n: list.length - 4 }) : first;
}

function rule_alert(row: Row, what: "daily" | "total", used: number | null | undefined,
    left: number | null | undefined): Alert[] {
	if (used == null || used < 0.85)
		return [];
	return [{ key: `rule/${row.key}/${what}/${used >= 0.95}`, level: used >= 0.95 ? "critical" : "warn",
		text: t("alerts.about", { account: row_title(row), what: used_words(row, what, used, left) }),
		go: () => open_row(row) }];
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

export function Alerts() {
	const list = alerts.value;
	if (list.length === 0)
		return null;
	return <section class="alerts" aria-label={t("alerts")}><ul>
		{list.map((a) => <li key={a.key} class={a.level}>
			<span aria-hidden="true">{mark[a.level]}</span>
			{a.go ? <button type="button" class="plain" onClick={a.go}>{a.text}</button> :
				<span>{a.text}</span>}
			<button type="button" class="x" aria-label={t("alerts.dismiss")}
				onClick={() => { put_away.value = new Set([...put_away.value, a.key]); }}>×</button>
		</li>)}
	</ul></section>;
}

// columns.tsx: the table's columns: what they show, sort by and export.
import type { ComponentChildren } from "preact";
import { Age, Amount, Bar, Gain, GainPercent, Left, StatusPill, used_level, Value } from "./cells.tsx";
import { server_now } from "./clock.ts";
import type { Cell } from "./csv.ts";
import * as fmt from "./format.ts";
import { prefs } from "./prefs.ts";
import { NearestRule } from "./drawer/RuleLines.tsx";
import { other_lines, rule_label, rule_nearness, rule_text } from "./rule_lines.ts";
import { row_name, shown_status } from "./rows.ts";
import { in_usd } from "./conversion.ts";
import { is_over, limit_share, limit_used } from "./limits.ts";
import type { SortValue } from "./sort.ts";
import { judged_ms } from "./state.ts";
import { view_width } from "./screen.ts";
import { Spark } from "./spark.tsx";
import { status_info, status_rank } from "./status.ts";
import { limit_left, limit_word } from "./limit_words.ts";
import type { Account, Row } from "./types.ts";
import { t, word, type Plain } from "./text.tsx";

export interface Column {
	id: string;
	label: Plain;
	title?: Plain;
	align: "start" | "end";
	/* shown unless the user says otherwise: always, never, or on a screen this wide */
	on: boolean | number;
	value: (row: Row) => SortValue;
	money?: (row: Row) => number | null | undefined; /* an amount in the account's currency */
	room: (row: Row) => number; /* what its text takes, in digits */
	more?: number; /* … and px beside it: an arrow, a bar */
	cell: (row: Row) => ComponentChildren;
	csv?: (row: Row) => Cell; /* where it is not `value` */
}

type Pick_ = (row: Row) => number | null | undefined;
type On = boolean | number;

/* Digits that an amount takes, without making its text. */
function amount_room(v: number | null | undefined, row: Row): number {
	if (v === null || v === undefined || !Number.isFinite(v))
		return 1;
	const whole = Math.max(1, Math.floor(Math.log10(Math.abs(v) || 1)) + 1);
	const places = Math.max(0, row.account?.currency_digits ?? 2);
	return whole + Math.floor((whole - 1) / 3) * 0.45 + (places ? places + 0.5 : 0) +
		(v < 0 ? 1.4 : 0) + (row.account?.currency === "USC" ? 1.3 : 0);
}

function text_room(text: string | null | undefined): number {
	return Math.min(24, text?.length ?? 1) * 0.85;
}

function money_column(id: string, label: Plain, pick: Pick_, on: On = true): Column {
	return { id, label, align: "end", on, money: pick, room: (r) => amount_room(pick(r), r),
		value: (r) => in_usd(pick(r), r),
		cell: (r) => <Amount value={pick(r)} row={r} />, csv: (r) => pick(r) };
}

function gain_column(id: string, label: Plain, pick: Pick_, title: Plain, on: On = true): Column {
	return { id, label, title, align: "end", on, money: pick, more: 16,
		room: (r) => amount_room(pick(r), r) + 1.4, value: (r) => in_usd(pick(r), r),
		cell: (r) => <Gain value={pick(r)} row={r} estimated={id !== "profit" && r.pl?.estimated} />,
		csv: (r) => pick(r) };
}

function count_column(id: string, label: Plain, pick: Pick_, on: On): Column {
	return { id, label, align: "end", on, value: (r) => pick(r) ?? null,
		room: (r) => fmt.count(pick(r)).length,
		cell: (r) => <Value text={fmt.count(pick(r))} /> };
}

function text_column(id: string, label: Plain, pick: (r: Row) => string | null | undefined,
    on: On): Column {
	return { id, label, align: "start", on, value: (r) => pick(r) || null,
		room: (r) => text_room(pick(r)),
		cell: (r) => <bdi class="clip" title={pick(r) ?? ""}>{fmt.text(pick(r))}</bdi> };
}

function left_column(id: string, label: Plain, pick: Pick_, used: Pick_, title: Plain): Column {
	return { id, label, title, align: "end", on: true, money: pick,
		room: (r) => Math.max(6, amount_room(pick(r), r) + (r.rules?.estimated ? 1.3 : 0)), more: 4,
		value: (r) => in_usd(pick(r), r), csv: (r) => pick(r),
		cell: (r) => <Left value={pick(r)} used={used(r)} row={r} what={t(title)} /> };
}

/* Floating P/L as a share of the balance: comparable between currencies. */
export function floating_pct(r: Row): number | null {
	const a = r.account;
	return a && a.balance && a.profit !== null ? a.profit / a.balance * 100 : null;
}

/* MT5 writes 0 when no margin is used: that is "none", not danger. */
export function margin_level(r: Row): number | null {
	const a = r.account;
	return a && a.margin ? a.margin_level : null;
}

/* Against the account's own levels, where those are percentages. */
function margin_tone(a: Account | null, level: number): string {
	const call = a?.margin_so_mode === 1 ? null : a?.margin_so_call ?? null;
	if (call === null || call <= 0 || level > call * 2)
		return "";
	return level <= call ? "alarmed" : "warned";
}

/* Beyond this a margin level is a long way from any call: no figure to read. */
const MUCH = 1_000;

function MarginLevel({ row }: { row: Row }) {
	const level = margin_level(row);
	const a = row.account;
	if (level === null)
		return <span class="value" title={a ? t("cell.no_margin") : ""}>–</span>;
	const tone = margin_tone(a, level);
	const mark = (v: number | null | undefined) => a?.margin_so_mode === 1 ?
		fmt.money(v, a.currency, a.currency_digits) : fmt.percent(v, 0);
	const title = t("cell.margin_marks",
		{ call: mark(a?.margin_so_call), stop: mark(a?.margin_so_so) });
	return level > MUCH ? <span class="value faint" title={`${fmt.percent(level, 0)}\n${title}`}>–</span> :
		<Value title={title} text={fmt.percent(level, 1)} tone={tone} />;
}

/* The login tells rows of one name apart: it is never cut off. */
export function Where({ row }: { row: Row }) {
	if (row.server === null)
		return <span class="where">{row.node}</span>;
	return <span class="where" title={`${row.server} · ${row.login ?? ""}`}>
		<bdi class="clip">{row.server}</bdi>
		{row.login !== row_name(row) && <b class="number">{row.login}</b>}
	</span>;
}

function AccountCell({ row }: { row: Row }) {
	return <span class="account">
		<bdi class="name" title={row_name(row)}>{row_name(row)}</bdi>
		<Where row={row} />
	</span>;
}

function PhaseBadge({ row }: { row: Row }) {
	const p = row.phase;
	if (!p?.phase)
		return <span class="faint">–</span>;
	const status = p.status ? word("phase_status", p.status) : t("cell.status_unknown");
	const title = { phase: p.phase, status };
	return <span class={`two phase ${p.status ?? ""}`} title={!p.paused_until_utc ?
		t("cell.phase", title) : t("cell.phase_until", { ...title, at: fmt.moment(
			Date.parse(p.paused_until_utc), prefs.value.zone, row.broker_offset_s, false) })}>
		<b>{p.phase}</b>{p.status && p.status !== "active" && <span class="where">{status}</span>}
	</span>;
}

function Type({ row }: { row: Row }) {
	const mode = row.account?.trade_mode;
	return <span class={`two ${fmt.trade_mode_word(mode) ?? ""}`}><span>{fmt.text(row.account?.currency)}</span>
		<span class="where">{fmt.trade_mode(mode)}</span></span>;
}

/* How far the target is: gained of what was to be gained. */
export function target_done(r: Row): number | null {
	const left = r.rules?.target_left, gained = r.pl?.total;
	if (left == null || gained == null)
		return null;
	if (left <= 0)
		return 1;
	return gained <= 0 ? 0 : gained / (gained + left);
}

function Target({ row }: { row: Row }) {
	const done = target_done(row);
	const left = row.rules?.target_left;
	const label = done === null ? t("cell.target_unknown") :
		t("cell.target_done", { share: fmt.percent(done * 100, 0) });
	return <span class="left">
		<span class="nowrap">{left != null && left <= 0 ? t("cell.reached") :
			<Amount value={left} row={row} />}</span>
		<Bar used={done} level={-1} label={label} />
	</span>;
}

function Days({ row }: { row: Row }) {
	const r = row.rules;
	return <Value text={!r || r.days_done === null ? "–" :
		r.days_needed === null ? fmt.count(r.days_done) :
		    `${fmt.count(r.days_done)} / ${fmt.count(r.days_needed)}`} />;
}

function flag_column(id: string, label: Plain, pick: (r: Row) => boolean | null | undefined): Column {
	return { id, label, align: "start", on: false, cell: (r) => fmt.yes_no(pick(r)), room: () => 4,
		value: (r) => { const v = pick(r); return v == null ? null : v ? 1 : 0; } };
}

/* How much is used of the limit that is nearest, and which one that is. */
function LimitCell({ row }: { row: Row }) {
	if (is_over(row))
		return <span class="faint">–</span>;
	const limit = limit_used(row);
	if (!limit)
		return <span class="faint">–</span>;
	const level = used_level(limit.used);
	const what = limit_word(limit);
	const label = `${what}: ${limit_left(row, limit)}`;
	return <span class={`left level${level}`} title={label}>
		<span class="nowrap"><span class="where">{what}</span>{" "}
			<span class="value">{fmt.percent(limit.used * 100, 0)}</span></span>
		<Bar used={limit.used} level={level} label={label} />
	</span>;
}

function StatusCell({ row }: { row: Row }) {
	return <span class="status"><StatusPill row={row} /><Age at_ms={row.at_ms} row={row} /></span>;
}

/* P/L, and below it what that is of the balance. */
function Floating({ row }: { row: Row }) {
	return <span class="stack"><span class="nowrap"><Gain value={row.account?.profit} row={row} /></span>
		<span class="where"><GainPercent value={floating_pct(row)} /></span></span>;
}

export const columns: Column[] = [
	{ id: "name", label: "column.name", align: "start", on: true, value: row_name, room: () => 0,
	    cell: (r) => <AccountCell row={r} /> },
	{ id: "status", label: "column.status", align: "start", on: true,
	    value: (r) => status_rank(shown_status(r, server_now())),
	    room: (r) => status_info(shown_status(r, server_now())).label.length * 0.82, more: 26,
	    cell: (r) => <StatusCell row={r} />, csv: (r) => shown_status(r, server_now()) },
	{ id: "age", label: "column.age", align: "end", on: false, room: () => 10,
	    title: "column.age_title",
	    value: (r) => r.at_ms === null ? null : -r.at_ms,
	    cell: (r) => <Age at_ms={r.at_ms} row={r} />,
	    csv: (r) => r.at_ms === null ? null : Math.round((server_now() - r.at_ms) / 1000) },
	{ id: "mode", label: "column.mode", title: "column.mode_title", align: "start",
	    on: true, room: () => 5, value: (r) => r.account ?
	        `${fmt.trade_mode_word(r.account.trade_mode) ?? ""} ${r.account.currency ?? ""}` : null,
	    cell: (r) => <Type row={r} />, csv: (r) =>
	        fmt.trade_mode_word(r.account?.trade_mode) },
	{ ...gain_column("profit", "column.profit", (r) => r.account?.profit,
	    "column.profit_title"),
	    cell: (r) => <Floating row={r} /> },
	gain_column("day", "column.day", (r) => r.pl?.day, "column.day_title"),
	{ id: "limit_used", label: "column.limit_used", title: "column.limit_used_title", align: "end", on: true,
	    room: () => 8, more: 2, value: (r) => limit_share(r, judged_ms.peek()),
	    csv: (r) => limit_used(r)?.used ?? null, cell: (r) => <LimitCell row={r} /> },
	left_column("today_left", "column.today_left", (r) => r.rules?.today_left,
	    (r) => r.rules?.used_today, "column.today_left_title"),
	left_column("total_left", "column.total_left", (r) => r.rules?.total_left,
	    (r) => r.rules?.used_total, "column.total_left_title"),
	{ id: "target_left", label: "column.target_left", align: "end", on: true,
	    title: "column.target_left_title", money: (r) => r.rules?.target_left,
	    room: (r) => Math.max(7, amount_room(r.rules?.target_left, r)),
	    value: (r) => in_usd(r.rules?.target_left, r),
	    csv: (r) => r.rules?.target_left, cell: (r) => <Target row={r} /> },
	{ id: "phase", label: "column.phase", align: "start", on: true, room: (r) => Math.max(5,
	    r.phase?.status && r.phase.status !== "active" ? r.phase.status.length * 0.85 : 0),
	    value: (r) => r.phase?.phase ?? null, cell: (r) => <PhaseBadge row={r} /> },
	{ id: "profit_pct", label: "column.profit_pct", title: "column.profit_pct_title",
	    align: "end", on: false, value: floating_pct, room: () => 9,
	    cell: (r) => <GainPercent value={floating_pct(r)} /> },
	{ id: "spark", label: "column.spark", title: "column.spark_title",
	    align: "start", on: 1600, value: () => null, csv: () => null, room: () => 9, more: 10,
	    cell: (r) => <Spark row={r} /> },
	money_column("equity", "column.equity", (r) => r.account?.equity),
	money_column("balance", "column.balance", (r) => r.account?.balance),
	{ id: "day_pct", label: "column.day_pct", title: "column.day_pct_title",
	    align: "end", on: 2200, value: (r) => r.pl?.day_pct ?? null, room: () => 9,
	    cell: (r) => <GainPercent value={r.pl?.day_pct} /> },
	gain_column("total", "column.total", (r) => r.pl?.total, "column.total_title", 1800),
	{ id: "total_pct", label: "column.total_pct", align: "end", on: 2200, room: () => 9,
	    value: (r) => r.pl?.total_pct ?? null,
	    cell: (r) => <GainPercent value={r.pl?.total_pct} /> },
	{ id: "margin_level", label: "column.margin_level", title: "column.margin_level_title",
	    align: "end", on: 1500, room: () => 8, value: margin_level, cell: (r) => <MarginLevel row={r} /> },
	count_column("positions", "column.positions", (r) => r.positions, true),
	count_column("orders", "column.orders", (r) => r.orders, false),
	{ id: "days", label: "column.days", title: "column.days_title", align: "end", on: 2000, room: () => 8,
	    value: (r) => r.rules?.days_done ?? null, cell: (r) => <Days row={r} /> },
	{ id: "rule", label: "column.rule", title: "column.rule_title",
	    align: "start", on: 2400, value: rule_nearness, room: () => 26,
	    csv: (r) => other_lines(r).map((l) => `${rule_label(l)}: ${rule_text(l, r, "utc")}`).join("; ") || null,
	    cell: (r) => <NearestRule row={r} /> },
	money_column("credit", "column.credit", (r) => r.account?.credit, false),
	money_column("margin", "column.margin", (r) => r.account?.margin, false),
	money_column("margin_free", "column.margin_free", (r) => r.account?.margin_free, false),
	money_column("initial_balance", "column.initial_balance", (r) => r.phase?.initial_balance, false),
	count_column("leverage", "column.leverage", (r) => r.account?.leverage, false),
	text_column("currency", "column.currency", (r) => r.account?.currency, false),
	text_column("login", "column.login", (r) => r.login, false),
	text_column("server", "column.server", (r) => r.server, false),
	text_column("node", "column.node", (r) => r.node, 2200),
	text_column("company", "column.company", (r) => r.account?.company, false),
	text_column("holder", "column.holder", (r) => r.phase?.holder, 2000),
	text_column("prop_firm", "column.prop_firm", (r) => r.phase?.prop_firm, 1800),
	text_column("vs_group", "column.vs_group", (r) => r.phase?.vs_group, false),
	text_column("tags", "column.tags", (r) => r.phase?.tags?.join(", "), false),
	flag_column("trade_allowed", "column.trade_allowed", (r) => r.account?.trade_allowed),
	flag_column("connected", "column.connected", (r) => r.terminal?.connected),
	{ id: "ping", label: "column.ping", align: "end", on: false, room: () => 9,
	    value: (r) => r.terminal?.ping_last ?? null,
	    cell: (r) => <Value text={r.terminal?.ping_last == null ? "–" :
	        `${fmt.plain(Math.round(r.terminal.ping_last / 100) / 10)} ms`} /> },
	count_column("build", "column.build", (r) => r.terminal?.build, false),
];

const by_id = new Map(columns.map((c) => [c.id, c]));

export function column_by_id(id: string): Column | undefined {
	return by_id.get(id);
}

export function column_is_shown(c: Column): boolean {
	return c.id === "name" || (prefs.value.columns[c.id] ??
		(typeof c.on === "number" ? view_width.value >= c.on : c.on));
}

// columns.tsx: the table's columns: what they show, sort by and export.
import type { ComponentChildren } from "preact";
import { Age, Amount, Bar, Gain, GainPercent, Left, StatusPill, Value } from "./cells.tsx";
import { server_now } from "./clock.ts";
import type { Cell } from "./csv.ts";
import * as fmt from "./format.ts";
import { prefs } from "./prefs.ts";
import { NearestRule } from "./drawer/RuleLines.tsx";
import { other_lines, rule_label, rule_nearness, rule_text } from "./rule_lines.ts";
import { row_name, shown_status } from "./rows.ts";
import { comparable, type SortValue } from "./sort.ts";
import { Spark } from "./spark.tsx";
import { status_rank } from "./status.ts";
import type { Account, Row } from "./types.ts";

export interface Column {
	id: string;
	label: string;
	title?: string;
	align: "start" | "end";
	on: boolean; /* shown unless the user says otherwise */
	value: (row: Row) => SortValue;
	cell: (row: Row) => ComponentChildren;
	csv?: (row: Row) => Cell; /* where it is not `value` */
}

type Pick_ = (row: Row) => number | null | undefined;

function money_column(id: string, label: string, pick: Pick_, on = true): Column {
	return { id, label, align: "end", on,
		value: (r) => comparable(pick(r), r.account?.currency),
		cell: (r) => <Amount value={pick(r)} row={r} />, csv: (r) => pick(r) };
}

function gain_column(id: string, label: string, pick: Pick_, title: string, on = true): Column {
	return { id, label, title, align: "end", on,
		value: (r) => comparable(pick(r), r.account?.currency),
		cell: (r) => <Gain value={pick(r)} row={r} estimated={id !== "profit" && r.pl?.estimated} />,
		csv: (r) => pick(r) };
}

function count_column(id: string, label: string, pick: Pick_, on: boolean): Column {
	return { id, label, align: "end", on, value: (r) => pick(r) ?? null,
		cell: (r) => <Value text={fmt.count(pick(r))} /> };
}

function text_column(id: string, label: string, pick: (r: Row) => string | null | undefined,
    on: boolean): Column {
	return { id, label, align: "start", on, value: (r) => pick(r) || null,
		cell: (r) => <span class="clip" title={pick(r) ?? ""}>{fmt.text(pick(r))}</span> };
}

function left_column(id: string, label: string, pick: Pick_, used: Pick_, title: string): Column {
	return { id, label, title, align: "end", on: true,
		value: (r) => comparable(pick(r), r.account?.currency), csv: (r) => pick(r),
		cell: (r) => <Left value={pick(r)} used={used(r)} row={r} what={title} /> };
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

/* Beyond this a margin level is a long way from any call: no more digits. */
const MUCH = 10_000;
/* The line stands beside all the figures here, and else in their place. */
const WIDE = globalThis.matchMedia?.("(min-width: 1600px)").matches ?? false;

function MarginLevel({ row }: { row: Row }) {
	const level = margin_level(row);
	const a = row.account;
	if (level === null)
		return <span class="value" title={a ? "no margin in use" : ""}>–</span>;
	const tone = margin_tone(a, level);
	const mark = (v: number | null | undefined) => a?.margin_so_mode === 1 ?
		fmt.money(v, a.currency, a.currency_digits) : fmt.percent(v, 0);
	const title = `margin call at ${mark(a?.margin_so_call)}, stop-out at ${mark(a?.margin_so_so)}`;
	return <Value title={level > MUCH ? `${fmt.percent(level, 0)}\n${title}` : title}
		text={level > MUCH ? `> ${fmt.percent(MUCH, 0)}` : fmt.percent(level, level < 1000 ? 1 : 0)}
		tone={tone} />;
}

/* The login tells rows of one name apart: it is never cut off. */
export function Where({ row }: { row: Row }) {
	if (row.server === null)
		return <span class="where">{row.node}</span>;
	return <span class="where" title={`${row.server} · ${row.login ?? ""}`}>
		<span class="clip">{row.server}</span>
		{row.login !== row_name(row) && <b class="number">{row.login}</b>}
	</span>;
}

function AccountCell({ row }: { row: Row }) {
	return <span class="account">
		<span class="name" title={row_name(row)}>{row_name(row)}</span>
		<Where row={row} />
	</span>;
}

function PhaseBadge({ row }: { row: Row }) {
	const p = row.phase;
	if (!p?.phase)
		return <span class="faint">–</span>;
	const word = p.status && p.status !== "active" ? p.status.replace("_", " ") : "";
	const until = p.paused_until_utc ? `, until ${fmt.moment(Date.parse(p.paused_until_utc),
		prefs.value.zone, row.broker_offset_s, false)}` : "";
	return <span class={`two phase ${p.status ?? ""}`}
		title={`${p.phase}, ${p.status ?? "status unknown"}${until}`}>
		<b>{p.phase}</b>{word && <span class="where">{word}</span>}
	</span>;
}

function Type({ row }: { row: Row }) {
	const word = fmt.trade_mode(row.account?.trade_mode);
	return <span class={`two ${word}`}><span>{fmt.text(row.account?.currency)}</span>
		<span class="where">{word}</span></span>;
}

/* How far the target is: gained of what was to be gained. */
function target_done(r: Row): number | null {
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
	const label = done === null ? "target: progress unknown" :
	    `target: ${fmt.percent(done * 100, 0)} done`;
	return <span class="left">
		<span class="nowrap">{left != null && left <= 0 ? "reached" :
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

function flag_column(id: string, label: string, pick: (r: Row) => boolean | null | undefined): Column {
	return { id, label, align: "start", on: false, cell: (r) => fmt.yes_no(pick(r)),
		value: (r) => { const v = pick(r); return v == null ? null : v ? 1 : 0; } };
}

export const columns: Column[] = [
	{ id: "name", label: "Account", align: "start", on: true, value: row_name,
	    cell: (r) => <AccountCell row={r} /> },
	{ id: "status", label: "Status", align: "start", on: true,
	    value: (r) => status_rank(shown_status(r, server_now())),
	    cell: (r) => <StatusPill row={r} />, csv: (r) => shown_status(r, server_now()) },
	{ id: "age", label: "Age", align: "end", on: true,
	    title: "time since these values were last confirmed",
	    value: (r) => r.at_ms === null ? null : -r.at_ms,
	    cell: (r) => <Age at_ms={r.at_ms} row={r} />,
	    csv: (r) => r.at_ms === null ? null : Math.round((server_now() - r.at_ms) / 1000) },
	{ id: "mode", label: "Type", title: "currency; real, demo or contest", align: "start",
	    on: true, value: (r) => r.account ?
	        `${fmt.trade_mode(r.account.trade_mode)} ${r.account.currency ?? ""}` : null,
	    cell: (r) => <Type row={r} />, csv: (r) => r.account ?
	        fmt.trade_mode(r.account.trade_mode) : null },
	gain_column("profit", "P/L", (r) => r.account?.profit,
	    "floating P/L of the open positions; across currencies compared by the figure " +
	    "(US cents as hundredths)"),
	{ id: "profit_pct", label: "P/L %", title: "floating P/L as a share of the balance",
	    align: "end", on: true, value: floating_pct,
	    cell: (r) => <GainPercent value={floating_pct(r)} /> },
	{ id: "spark", label: "7 days", title: "equity over 7 days; fetched for the rows in sight",
	    align: "start", on: WIDE, value: () => null, csv: () => null,
	    cell: (r) => <Spark row={r} /> },
	money_column("equity", "Equity", (r) => r.account?.equity),
	money_column("balance", "Balance", (r) => r.account?.balance),
	gain_column("day", "Today", (r) => r.pl?.day, "P/L since the daily reset"),
	{ id: "day_pct", label: "Today %", title: "P/L since the daily reset, of the equity then",
	    align: "end", on: false, value: (r) => r.pl?.day_pct ?? null,
	    cell: (r) => <GainPercent value={r.pl?.day_pct} /> },
	gain_column("total", "Total", (r) => r.pl?.total, "P/L since the phase began", false),
	{ id: "total_pct", label: "Total %", align: "end", on: false,
	    value: (r) => r.pl?.total_pct ?? null,
	    cell: (r) => <GainPercent value={r.pl?.total_pct} /> },
	{ id: "margin_level", label: "Margin", title: "margin level; – where no margin is in use",
	    align: "end", on: true, value: margin_level, cell: (r) => <MarginLevel row={r} /> },
	{ id: "phase", label: "Phase", align: "start", on: true,
	    value: (r) => r.phase?.phase ?? null, cell: (r) => <PhaseBadge row={r} /> },
	left_column("today_left", "Today left", (r) => r.rules?.today_left,
	    (r) => r.rules?.used_today, "daily loss remaining"),
	left_column("total_left", "Total left", (r) => r.rules?.total_left,
	    (r) => r.rules?.used_total, "total loss remaining"),
	{ id: "target_left", label: "To target", align: "end", on: true,
	    title: "amount to the profit target",
	    value: (r) => comparable(r.rules?.target_left, r.account?.currency),
	    csv: (r) => r.rules?.target_left, cell: (r) => <Target row={r} /> },
	count_column("positions", "Pos.", (r) => r.positions, true),
	count_column("orders", "Orders", (r) => r.orders, false),
	{ id: "days", label: "Days", title: "trading days done / needed", align: "end", on: false,
	    value: (r) => r.rules?.days_done ?? null, cell: (r) => <Days row={r} /> },
	{ id: "rule", label: "Rules", title: "the rule that asks for a look first, beside the losses and the target",
	    align: "start", on: WIDE, value: rule_nearness,
	    csv: (r) => other_lines(r).map((l) => `${rule_label(l)}: ${rule_text(l, r, "utc")}`).join("; ") || null,
	    cell: (r) => <NearestRule row={r} /> },
	money_column("credit", "Credit", (r) => r.account?.credit, false),
	money_column("margin", "Margin used", (r) => r.account?.margin, false),
	money_column("margin_free", "Free margin", (r) => r.account?.margin_free, false),
	money_column("initial_balance", "Initial", (r) => r.phase?.initial_balance, false),
	count_column("leverage", "Leverage", (r) => r.account?.leverage, false),
	text_column("currency", "Currency", (r) => r.account?.currency, false),
	text_column("login", "Login", (r) => r.login, false),
	text_column("server", "Server", (r) => r.server, false),
	text_column("node", "Node", (r) => r.node, false),
	text_column("company", "Broker", (r) => r.account?.company, false),
	text_column("holder", "Holder", (r) => r.phase?.holder, false),
	text_column("prop_firm", "Prop firm", (r) => r.phase?.prop_firm, false),
	text_column("vs_group", "VS group", (r) => r.phase?.vs_group, false),
	text_column("tags", "Tags", (r) => r.phase?.tags?.join(", "), false),
	flag_column("trade_allowed", "Trading", (r) => r.account?.trade_allowed),
	flag_column("connected", "Broker link", (r) => r.terminal?.connected),
	{ id: "ping", label: "Ping", align: "end", on: false,
	    value: (r) => r.terminal?.ping_last ?? null,
	    cell: (r) => <Value text={r.terminal?.ping_last == null ? "–" :
	        `${fmt.plain(Math.round(r.terminal.ping_last / 100) / 10)} ms`} /> },
	count_column("build", "Build", (r) => r.terminal?.build, false),
];

const by_id = new Map(columns.map((c) => [c.id, c]));

export function column_by_id(id: string): Column | undefined {
	return by_id.get(id);
}

export function column_is_shown(c: Column): boolean {
	return c.id === "name" || (prefs.value.columns[c.id] ?? c.on);
}

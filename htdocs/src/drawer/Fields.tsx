// Fields.tsx: all that the terminal says about the account, and how it is reached.
import type { ComponentChildren } from "preact";
import { Age, StatusPill } from "../cells.tsx";
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import type { Row } from "../types.ts";

const money = new Set(["balance", "credit", "profit", "equity", "margin", "margin_free",
	"margin_initial", "margin_maintenance", "assets", "liabilities", "commission_blocked"]);
const margin_modes = ["netting", "exchange", "hedging"];

/* Field names stay MetaQuotes' own: users know them. */
function shown(name: string, value: unknown, row: Row): string {
	const a = row.account;
	if (value === null || value === undefined || value === "")
		return "–";
	if (typeof value === "boolean")
		return fmt.yes_no(value);
	if (typeof value !== "number")
		return String(value);
	if (money.has(name))
		return fmt.money(value, a?.currency, a?.currency_digits);
	if (name === "trade_mode")
		return fmt.trade_mode(value);
	if (name === "margin_mode")
		return margin_modes[value] ?? String(value);
	if (name === "margin_so_mode")
		return value === 0 ? "percent" : "money";
	if (name === "margin_level")
		return a?.margin ? fmt.percent(value) : "– (no margin in use)";
	if (name === "leverage")
		return `1 : ${fmt.count(value)}`;
	return fmt.plain(value);
}

function List({ of, row }: { of: Record<string, unknown> | null; row: Row }) {
	if (!of)
		return <p class="remark">Never seen.</p>;
	return <dl class="fields">{Object.entries(of).map(([name, value]) =>
		<div key={name}><dt>{name}</dt><dd>{shown(name, value, row)}</dd></div>)}</dl>;
}

export function AccountFields({ row }: { row: Row }) {
	return <List of={row.account} row={row} />;
}

function Line({ name, children }: { name: string; children: ComponentChildren }) {
	return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function offset(s: number | null): string {
	if (s === null)
		return "–";
	const h = Math.abs(s) / 3600;
	return `UTC ${s < 0 ? "−" : "+"} ${fmt.plain(h)} h`;
}

export function Connection({ row }: { row: Row }) {
	const ping = row.terminal?.ping_last;
	return <>
		<dl class="fields">
			<Line name="status"><StatusPill row={row} /></Line>
			<Line name="since">{fmt.moment(row.since_ms, prefs.value.zone, row.broker_offset_s)}</Line>
			<Line name="values' age"><Age at_ms={row.at_ms} row={row} /></Line>
			<Line name="error">{fmt.text(row.error)}</Line>
			<Line name="node">{row.node}</Line>
			<Line name="broker's clock">{offset(row.broker_offset_s)}</Line>
			<Line name="ping to broker">{ping == null ? "–" : `${fmt.plain(Math.round(ping / 100) / 10)} ms`}</Line>
		</dl>
		<h3>Terminal</h3>
		<List of={row.terminal} row={row} />
	</>;
}

// Table.tsx: one row per account; rows are redrawn in place, alone.
import { useEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { useStatus } from "../cells.tsx";
import { column_by_id, column_is_shown, columns, type Column } from "../columns.tsx";
import * as fmt from "../format.ts";
import { grouped } from "../group.ts";
import { judged_ms, row_signal } from "../state.ts";
import { status_info, status_is_live } from "../status.ts";
import { as_number, type Money } from "../money.ts";
import { coverage, totals, type Total } from "../totals.ts";
import { hash_of } from "../url.ts";
import { focused, is_open, is_shut, open_row, order, order_is_old, pointing, reorder, selected,
	shown_rows, sort_by, view } from "../view.ts";
import { GroupHead } from "./GroupHead.tsx";
import type { Row } from "../types.ts";
import { t } from "../text.tsx";

/* Rows drawn at first; more as one scrolls there. */
const CHUNK = 200;
const drawn = signal(CHUNK);

export function account_hash(row: Row): string {
	return row.server === null || row.login === null ? hash_of(view.value) :
	    hash_of({ ...view.value, open: { server: row.server, login: row.login,
		tab: "positions" } });
}

function Head({ column }: { column: Column }) {
	const { sort, direction } = view.value;
	const sorted = sort === column.id;
	return <th scope="col" class={`${column.align} c-${column.id}`} title={column.title && t(column.title)}
		aria-sort={!sorted ? undefined : direction === "asc" ? "ascending" : "descending"}>
		<button type="button" onClick={() => sort_by(column.id)}>
			{t(column.label)}
			<span class="mark" aria-hidden="true">{!sorted ? "" : direction === "asc" ? "↑" : "↓"}</span>
		</button>
	</th>;
}

function RowView({ id, shown }: { id: string; shown: Column[] }) {
	const row = row_signal(id)?.value;
	if (!row)
		return null;
	return <LiveRow row={row} shown={shown} />;
}

function LiveRow({ row, shown }: { row: Row; shown: Column[] }) {
	const live = status_is_live(useStatus(row));
	const open = is_open(view.value.open, row);
	const cls = [live ? "" : "old", open ? "open" : "",
		selected.value === row.key ? "selected" : ""].join(" ").trim();
	const click = (e: MouseEvent) => {
		if (e.ctrlKey || e.metaKey || e.shiftKey || String(getSelection() ?? "") !== "")
			return;
		e.preventDefault();
		selected.value = row.key;
		open_row(row);
	};
	return <tr class={cls} data-key={row.key} data-status={row.status} onClick={click}>
		{shown.map((c) => c.id === "name" ?
			<th key={c.id} scope="row"><a href={account_hash(row)}>{c.cell(row)}</a></th> :
			<td key={c.id} class={`${c.align} c-${c.id}`}>{c.cell(row)}</td>)}
	</tr>;
}

const money_totals = new Set(["balance", "equity", "profit", "day"]);

function total_cell(of: Total, id: string): string {
	switch (id) {
	case "balance": return fmt.amount(of.balance, of.currency_digits);
	case "equity": return fmt.amount(of.equity, of.currency_digits);
	case "positions": return fmt.count(of.positions);
	case "currency": return of.currency;
	default: return "";
	}
}

const gains: Record<string, (t: Total) => Money | null> =
	{ profit: (of) => of.profit, day: (of) => of.day };

function TotalCell({ of, id }: { of: Total; id: string }) {
	const gain = gains[id]?.(of);
	if (gain !== undefined)
		return <>{id === "day" && of.estimated && gain !== null && <span class="approx">≈</span>}
			<span class={`arrow ${fmt.tone(gain)}`} aria-hidden="true">{fmt.arrow(gain)}</span>
			<span class={fmt.tone(gain)}>{fmt.signed(gain, of.currency_digits)}</span></>;
	if (id === "profit_pct") {
		const pct = of.balance && of.profit !== null ?
			as_number(of.profit) / as_number(of.balance) * 100 : null;
		return <span class={fmt.tone(pct)}>{fmt.signed_percent(pct)}</span>;
	}
	return <>{total_cell(of, id)}</>;
}

function Foot({ shown }: { shown: Column[] }) {
	return <tfoot>
		{totals(shown_rows.value, judged_ms.value).map((of) => <tr key={of.key}>
			{shown.map((c) => c.id === "name" ?
				<th key={c.id} scope="row">
					<span>{t("table.total", { what: `${of.currency} ${fmt.trade_mode(of.trade_mode)}` })}</span>
					<span class="where">{coverage(of, (s) => status_info(s).label)}</span></th> :
				<td key={c.id} class={`${c.align} c-${c.id}`}><TotalCell of={of} id={c.id} />
					{money_totals.has(c.id) && <span class="unit">
						{of.currency === "USC" && (c.id !== "day" || of.day !== null) ? "¢" : ""}</span>}
				</td>)}
		</tr>)}
	</tfoot>;
}

/* At the end of the drawn rows: coming into sight draws more. */
function More({ all }: { all: number }) {
	const end = useRef<HTMLButtonElement>(null);
	useEffect(() => {
		const watch = new IntersectionObserver((seen) => {
			if (seen.some((e) => e.isIntersecting))
				drawn.value += CHUNK;
		}, { rootMargin: "600px" });
		if (end.current)
			watch.observe(end.current);
		return () => watch.disconnect();
	}, [drawn.value]);
	if (drawn.value >= all)
		return null;
	return <button type="button" class="plain" ref={end} onClick={() => { drawn.value = all; }}>
		{t("table.draw_all", { n: drawn.value, all })}
	</button>;
}

/* Said aloud when the order was asked for, not at each re-sort. */
function Spoken() {
	const { sort, direction } = view.value;
	const column = column_by_id(sort);
	return <p class="unseen" role="status">
		{t(direction === "asc" ? "table.sorted_up" : "table.sorted_down",
			{ column: column ? t(column.label) : sort })}</p>;
}

function Body({ keys, shown }: { keys: string[]; shown: Column[] }) {
	const { group } = view.value;
	if (group === "none")
		return <>{keys.map((id) => <RowView key={id} id={id} shown={shown} />)}</>;
	const rows = keys.flatMap((key) => row_signal(key)?.peek() ?? []);
	return <>{[...grouped(rows, group)].map(([name, list]) => [
		<GroupHead key={`:${name}`} name={name} rows={list} span={shown.length} />,
		...is_shut(name) ? [] : list.map((r) => <RowView key={r.key} id={r.key} shown={shown} />),
	])}</>;
}

const mouse_in = (e: PointerEvent) => { if (e.pointerType === "mouse") pointing.value = true; };
const mouse_out = () => { pointing.value = false; };

export function Table() {
	const shown = columns.filter(column_is_shown);
	const keys = order.value;
	const cents = shown_rows.value.some((r) => r.account?.currency === "USC");
	return <div class={cents ? "table cents" : "table"}>
		<Spoken />
		{order_is_old.value && <button type="button" class="held" onClick={reorder}>
			{t("table.held")}</button>}
		<table>
			<caption class="unseen">{t("table")}</caption>
			<thead><tr>{shown.map((c) => <Head key={c.id} column={c} />)}</tr></thead>
			<tbody onPointerEnter={mouse_in} onPointerLeave={mouse_out}
				onFocusIn={() => { focused.value = true; }}
				onFocusOut={() => { focused.value = false; }}>
				<Body keys={keys.slice(0, drawn.value)} shown={shown} />
			</tbody>
			<Foot shown={shown} />
		</table>
		<More all={keys.length} />
	</div>;
}

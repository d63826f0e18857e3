// Table.tsx: one row per account; rows are redrawn in place, alone, and of many
// rows those in sight alone.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { computed } from "@preact/signals";
import { useStatus } from "../cells.tsx";
import { column_by_id, column_is_shown, columns, type Column } from "../columns.tsx";
import * as fmt from "../format.ts";
import { grouped } from "../group.ts";
import { is_marked, mark, mark_all, marked_keys, may_mark } from "../marks.ts";
import { prefs } from "../prefs.ts";
import { all_rows, row_signal } from "../state.ts";
import { status_info, status_is_live } from "../status.ts";
import { as_number, type Money } from "../money.ts";
import { shown_totals } from "../sums.ts";
import { coverage, type Total } from "../totals.ts";
import { hash_of } from "../url.ts";
import { focused, is_open, is_shut, open_row, order, order_is_old, pointing, reorder, selected,
	set_reveal, sort_by, view } from "../view.ts";
import { column_px, keep_wide, measure_digit, table_px } from "../widths.ts";
import { Windowed } from "../window.ts";
import { GroupHead } from "./GroupHead.tsx";
import { row_title } from "../rows.ts";
import type { Row } from "../types.ts";
import { t } from "../text.tsx";

export function account_hash(row: Row): string {
	return row.server === null || row.login === null ? hash_of(view.value) :
	    hash_of({ ...view.value, open: { server: row.server, login: row.login,
		tab: view.value.open?.tab ?? "positions" } });
}

/* With the mark of all that are shown. */
function NameHead({ column }: { column: Column }) {
	const { sort, direction } = view.value;
	const marked = marked_keys.value.length;
	const all = marked > 0 && marked === order.value.length;
	return <th scope="col" class="start c-name"
		aria-sort={sort !== "name" ? undefined : direction === "asc" ? "ascending" : "descending"}>
		{may_mark.value && <input type="checkbox" class="pick" aria-label={t("bulk.all")} checked={all}
			ref={(e) => { if (e) e.indeterminate = marked > 0 && !all; }}
			onChange={() => mark_all(!all)} />}
		<button type="button" onClick={() => sort_by("name")}>{t(column.label)}
			<span class="mark" aria-hidden="true">{sort !== "name" ? "" : direction === "asc" ? "↑" : "↓"}</span>
		</button>
	</th>;
}

/* A click with Shift marks all from the one before. */
function Pick({ row }: { row: Row }) {
	if (!may_mark.value || row.login === null)
		return null;
	const on = is_marked(row.key);
	return <input type="checkbox" class="pick" checked={on} tabIndex={-1}
		aria-label={t("bulk.pick", { account: row_title(row) })}
		onClick={(e) => { e.stopPropagation(); mark(row.key, !on, e.shiftKey); }} />;
}

function Head({ column }: { column: Column }) {
	const { sort, direction } = view.value;
	const sorted = sort === column.id;
	if (column.id === "name")
		return <NameHead column={column} />;
	return <th scope="col" class={`${column.align} c-${column.id}`} title={column.title && t(column.title)}
		aria-sort={!sorted ? undefined : direction === "asc" ? "ascending" : "descending"}>
		<button type="button" onClick={() => sort_by(column.id)}>
			{t(column.label)}
			<span class="mark" aria-hidden="true">{!sorted ? "" : direction === "asc" ? "↑" : "↓"}</span>
		</button>
	</th>;
}

function RowView({ id, index, shown }: { id: string; index: number; shown: Column[] }) {
	const row = row_signal(id)?.value;
	if (!row)
		return null;
	return <LiveRow row={row} index={index} shown={shown} />;
}

function LiveRow({ row, index, shown }: { row: Row; index: number; shown: Column[] }) {
	const live = status_is_live(useStatus(row));
	const open = is_open(view.value.open, row);
	const cls = [live ? "" : "old", open ? "open" : "",
		selected.value === row.key ? "selected" : "", is_marked(row.key) ? "marked" : ""].join(" ").trim();
	const click = (e: MouseEvent) => {
		if (e.shiftKey && may_mark.peek()) {
			e.preventDefault();
			getSelection()?.removeAllRanges();
			mark(row.key, true, true);
			return;
		}
		if (e.ctrlKey || e.metaKey || e.shiftKey || String(getSelection() ?? "") !== "")
			return;
		e.preventDefault();
		selected.value = row.key;
		open_row(row);
	};
	return <tr class={cls} data-key={row.key} data-status={row.status} aria-rowindex={index + 2}
		onClick={click}>
		{shown.map((c) => c.id === "name" ?
			<th key={c.id} scope="row"><Pick row={row} /><a href={account_hash(row)}>{c.cell(row)}</a></th> :
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
		{shown_totals.value.map((of) => <tr key={of.key}>
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

/* Said aloud when the order was asked for, not at each re-sort. */
function Spoken() {
	const { sort, direction } = view.value;
	const column = column_by_id(sort);
	return <p class="unseen" role="status">
		{t(direction === "asc" ? "table.sorted_up" : "table.sorted_down",
			{ column: column ? t(column.label) : sort })}</p>;
}

/* A line of the table: an account, or a heading over some. */
type Item = { key: string; name?: undefined } | { key: string; name: string; rows: Row[] };

const items = computed<Item[]>(() => {
	const keys = order.value;
	const { group } = view.value;
	if (group === "none")
		return keys.map((key) => ({ key }));
	const rows = keys.flatMap((key) => row_signal(key)?.peek() ?? []);
	return [...grouped(rows, group)].flatMap(([name, list]): Item[] => [
		{ key: `:${name}`, name, rows: list },
		...is_shut(name) ? [] : list.map((r) => ({ key: r.key }))]);
});

/* Room of the rows that are not drawn. */
function Empty({ rows, span, height }: { rows: number; span: number; height: number }) {
	return rows > 0 ? <tr class="empty" aria-hidden="true">
		<td colSpan={span} height={Math.round(rows * height)} /></tr> : null;
}

const list = new Windowed(44);

/* Where the row is in the list, and how high the head above it is. */
function reveal(key: string): void {
	const at = items.peek().findIndex((i) => i.key === key);
	if (at >= 0)
		list.reveal(at, document.querySelector<HTMLElement>(".table thead")?.offsetHeight ?? 0);
}

function Body({ shown }: { shown: Column[] }) {
	const all = items.value;
	const range = list.range.value;
	useLayoutEffect(() => list.count(all.length), [all.length]);
	const to = Math.min(range.to, all.length);
	return <>
		<Empty rows={range.from} span={shown.length} height={list.height} />
		{all.slice(range.from, to).map((item, i) => item.name === undefined ?
			<RowView key={item.key} id={item.key} index={range.from + i} shown={shown} /> :
			<GroupHead key={item.key} name={item.name} rows={item.rows} span={shown.length} />)}
		<Empty rows={all.length - to} span={shown.length} height={list.height} />
	</>;
}

const mouse_in = (e: PointerEvent) => { if (e.pointerType === "mouse") pointing.value = true; };
const mouse_out = () => { pointing.value = false; };

function Columns({ shown }: { shown: Column[] }) {
	return <colgroup>{shown.map((c) => c.id === "name" ? <col key={c.id} class="c-name" /> :
		<col key={c.id} class={`c-${c.id}`} width={column_px(c)} />)}</colgroup>;
}

/* A row's height is the style's; a digit's width the font's. */
function useMeasures(body: { current: HTMLElement | null }, digit: { current: HTMLElement | null }): void {
	const { density } = prefs.value;
	useLayoutEffect(() => {
		if (digit.current)
			measure_digit(digit.current);
		const row = body.current?.querySelector<HTMLElement>("tr[data-key]");
		if (row && row.offsetHeight > 0)
			list.height = row.getBoundingClientRect().height;
		void document.fonts?.ready.then(() => { if (digit.current) measure_digit(digit.current); });
	}, [density]);
}

export function Table() {
	const shown = columns.filter(column_is_shown);
	const cents = all_rows.value.some((r) => r.account?.currency === "USC");
	const box = useRef<HTMLDivElement>(null);
	const body = useRef<HTMLTableSectionElement>(null);
	const digit = useRef<HTMLSpanElement>(null);
	useMeasures(body, digit);
	useEffect(() => keep_wide(() => columns.filter(column_is_shown)), []);
	useLayoutEffect(() => {
		set_reveal(reveal);
		const inner = getComputedStyle(box.current!).overflowY !== "visible";
		return list.watch(body.current!, inner ? box.current : null);
	}, []);
	return <div class={["table", cents ? "cents" : "", may_mark.value ? "picks" : ""].join(" ").trim()} ref={box}>
		<Spoken />
		<span class="unseen digits" aria-hidden="true" ref={digit}>00000000000000000000</span>
		{order_is_old.value && <button type="button" class="held" onClick={reorder}>
			{t("table.held")}</button>}
		<table aria-rowcount={order.value.length + 1} width={table_px(shown)}>
			<caption class="unseen">{t("table")}</caption>
			<Columns shown={shown} />
			<thead><tr>{shown.map((c) => <Head key={c.id} column={c} />)}</tr></thead>
			<tbody ref={body} onPointerEnter={mouse_in} onPointerLeave={mouse_out}
				onFocusIn={() => { focused.value = true; }}
				onFocusOut={() => { focused.value = false; }}>
				<Body shown={shown} />
			</tbody>
			<Foot shown={shown} />
		</table>
	</div>;
}

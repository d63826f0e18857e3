// GroupHead.tsx: a heading in the table: how many, how they are, and their sums.
import { Fragment } from "preact";
import * as fmt from "../format.ts";
import { is_live } from "../rows.ts";
import { all_rows, judged_ms } from "../state.ts";
import { totals, type Total } from "../totals.ts";
import type { Row } from "../types.ts";
import { flip_group, is_shut } from "../view.ts";
import { NO_GROUP } from "../group.ts";

function Sum({ t }: { t: Total }) {
	return <span class="sum">
		<b>{fmt.money(t.equity, t.currency, t.currency_digits)}</b>{" "}
		{fmt.trade_mode(t.trade_mode)}{" "}
		<span class={fmt.tone(t.profit)} title="floating P/L">
			<span aria-hidden="true">{fmt.arrow(t.profit)}</span>{" "}
			{fmt.signed(t.profit, t.currency_digits)}</span>
	</span>;
}

export function GroupHead({ name, rows, span }: { name: string; rows: Row[]; span: number }) {
	/* the sums follow the rows as they are now */
	const now_rows = new Map(all_rows.value.map((r) => [r.key, r]));
	const list = rows.map((r) => now_rows.get(r.key) ?? r);
	const live = list.filter((r) => is_live(r, judged_ms.value)).length;
	const open = !is_shut(name);
	return <tr class="group"><td colSpan={span}><span class="head">
		<button type="button" class="plain toggle" aria-expanded={open} onClick={() => flip_group(name)}>
			<span class="mark" aria-hidden="true">{open ? "▾" : "▸"}</span>
			{name === NO_GROUP ? "none" : name}</button>
		<span class={live < list.length ? "warned" : "faint"}>{live < list.length ?
			`${live} of ${list.length} live` : fmt.count(list.length)}</span>
		{totals(list, judged_ms.value).map((t) => <Fragment key={t.key}><Sum t={t} /></Fragment>)}
	</span></td></tr>;
}

// GroupHead.tsx: a heading in the table: how many, how they are, and their sums.
import { Fragment } from "preact";
import * as fmt from "../format.ts";
import { is_live } from "../rows.ts";
import { all_rows, judged_ms } from "../state.ts";
import { totals, type Total } from "../totals.ts";
import type { Row } from "../types.ts";
import { flip_group, is_shut } from "../view.ts";
import { NO_GROUP } from "../group.ts";
import { t } from "../text.tsx";

function Sum({ of }: { of: Total }) {
	return <span class="sum">
		<b>{fmt.money(of.equity, of.currency, of.currency_digits)}</b>{" "}
		{fmt.trade_mode(of.trade_mode)}{" "}
		<span class={fmt.tone(of.profit)} title={t("stand.floating")}>
			<span aria-hidden="true">{fmt.arrow(of.profit)}</span>{" "}
			{fmt.signed(of.profit, of.currency_digits)}</span>
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
			{name === NO_GROUP ? t("word.none") : name}</button>
		<span class={live < list.length ? "warned" : "faint"}>{live < list.length ?
			t("group.live", { n: live, all: list.length }) : fmt.count(list.length)}</span>
		{totals(list, judged_ms.value).map((sum) => <Fragment key={sum.key}><Sum of={sum} /></Fragment>)}
	</span></td></tr>;
}

// Cards.tsx: the rows as cards, on a narrow screen. Same order, same filter.
import { Age, Amount, Gain, GainPercent, Left, StatusPill, useStatus } from "../cells.tsx";
import { floating_pct, Where } from "../columns.tsx";
import * as fmt from "../format.ts";
import { NearestRule } from "../drawer/RuleLines.tsx";
import { nearest_line } from "../rule_lines.ts";
import { row_name } from "../rows.ts";
import { row_signal } from "../state.ts";
import { status_is_live } from "../status.ts";
import type { Row } from "../types.ts";
import { open_row, order } from "../view.ts";
import { account_hash } from "./Table.tsx";
import { t } from "../text.tsx";

function Card({ id }: { id: string }) {
	const row = row_signal(id)?.value;
	return row ? <CardView row={row} /> : null;
}

function Losses({ row }: { row: Row }) {
	const r = row.rules;
	if (!r || (r.today_left === null && r.total_left === null))
		return null;
	return <dl>
		<div><dt>{t("column.today_left")}</dt><dd><Left value={r.today_left} used={r.used_today} row={row}
			what={t("column.today_left_title")} /></dd></div>
		<div><dt>{t("column.total_left")}</dt><dd><Left value={r.total_left} used={r.used_total} row={row}
			what={t("column.total_left_title")} /></dd></div>
		<div><dt>{t("column.target_left")}</dt><dd><Amount value={r.target_left} row={row} /></dd></div>
	</dl>;
}

function CardView({ row }: { row: Row }) {
	const live = status_is_live(useStatus(row));
	const a = row.account;
	return <li class={live ? "card" : "card old"} data-key={row.key}>
		<a href={account_hash(row)} onClick={(e) => { e.preventDefault(); open_row(row); }}>
			<span class="line">
				<b class="name">{row_name(row)}</b>
				<span class="big"><Gain value={a?.profit} row={row} /></span>
			</span>
			<span class="line small">
				<Where row={row} />
				{row.phase?.phase && <span class="phase"><b>{row.phase.phase}</b></span>}
				<span class="space" />
				<GainPercent value={floating_pct(row)} />
			</span>
			<dl>
				<div><dt>{t("column.equity")}</dt><dd><Amount value={a?.equity} row={row} /></dd></div>
				<div><dt>{t("column.balance")}</dt><dd><Amount value={a?.balance} row={row} /></dd></div>
				<div><dt>{fmt.text(a?.currency)} {fmt.trade_mode(a?.trade_mode)}</dt>
					<dd>{t("cell.positions", { n: fmt.count(row.positions) })}</dd></div>
			</dl>
			<Losses row={row} />
			{nearest_line(row) && <span class="line small"><NearestRule row={row} /></span>}
			<span class="line small"><StatusPill row={row} /><Age at_ms={row.at_ms} row={row} /></span>
		</a>
	</li>;
}

export function Cards() {
	return <ul class="cards">{order.value.map((id) => <Card key={id} id={id} />)}</ul>;
}

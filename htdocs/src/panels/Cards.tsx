// Cards.tsx: the rows as cards, on a narrow screen. Same order, same filter; of
// many those in sight alone.
import { useLayoutEffect, useRef } from "preact/hooks";
import { Age, Amount, Bar, Gain, StatusPill, used_level, useStatus } from "../cells.tsx";
import { Where } from "../columns.tsx";
import { t } from "../text.tsx";
import * as fmt from "../format.ts";
import { NearestRule } from "../drawer/RuleLines.tsx";
import { any_marks, is_marked, mark, may_mark } from "../marks.ts";
import { nearest_line } from "../rule_lines.ts";
import { row_name } from "../rows.ts";
import { row_signal } from "../state.ts";
import { status_is_live } from "../status.ts";
import type { Row } from "../types.ts";
import { open_row, order, set_reveal } from "../view.ts";
import { Windowed } from "../window.ts";
import { account_hash } from "./Table.tsx";

function Card({ id }: { id: string }) {
	const row = row_signal(id)?.value;
	return row ? <CardView row={row} /> : null;
}

/* How much of a limit is used: a bar and the figure, and what is left. */
function Used({ what, used, left, row }: { what: string; used: number | null | undefined;
    left: number | null | undefined; row: Row }) {
	const level = used_level(used);
	const label = `${what}: ${used == null ? "–" : fmt.percent(used * 100, 0)}`;
	return <span class={`used left level${level}`}><span class="faint">{what}</span>
		<Bar used={used ?? 0} level={level} label={label} />
		<b class="value">{used == null ? "–" : fmt.percent(used * 100, 0)}</b>
		<span class="value" title={fmt.money(left, row.account?.currency, row.account?.currency_digits)}>
			{fmt.rounded(left, row.account?.currency_digits)}</span></span>;
}

function Limits({ row }: { row: Row }) {
	const r = row.rules;
	if (r && (r.today_left !== null || r.total_left !== null))
		return <span class="line small limits">
			<Used what={t("limit.daily")} used={r.used_today} left={r.today_left} row={row} />
			<Used what={t("limit.total")} used={r.used_total} left={r.total_left} row={row} /></span>;
	return <span class="line small limits">{nearest_line(row) ? <NearestRule row={row} /> :
		<span class="faint">{fmt.text(row.account?.currency)} {fmt.trade_mode(row.account?.trade_mode)}{" · "}
			<Amount value={row.account?.equity} row={row} /></span>}</span>;
}

function CardView({ row }: { row: Row }) {
	const word = useStatus(row);
	const live = status_is_live(word);
	const pick = () => mark(row.key, !is_marked(row.key));
	const tap = (e: MouseEvent) => {
		e.preventDefault();
		if (any_marks())
			pick();
		else
			open_row(row);
	};
	/* a long press marks, and from then on each tap does */
	const press = (e: MouseEvent) => {
		if (may_mark.peek() && row.login !== null) {
			e.preventDefault();
			pick();
		}
	};
	const cls = ["card", live ? "" : "old", is_marked(row.key) ? "marked" : ""].join(" ").trim();
	return <li class={cls} data-key={row.key}>
		<a href={account_hash(row)} onClick={tap} onContextMenu={press}>
			<span class="line">
				<b class="name"><bdi>{row_name(row)}</bdi></b>
				{row.phase?.phase && <span class="phase"><b>{row.phase.phase}</b></span>}
				<span class="space" />
				<span class="big"><Gain value={row.account?.profit} row={row} /></span>
			</span>
			<span class="line small">
				<Where row={row} />
				<span class="space" />
				<span class="faint">{t("stand.today")}</span>
				<span><Gain value={row.pl?.day} row={row} estimated={row.pl?.estimated} /></span>
			</span>
			{live && word === "ok" ? <Limits row={row} /> :
				<span class="line small"><StatusPill row={row} /><Age at_ms={row.at_ms} row={row} /></span>}
		</a>
	</li>;
}

const list = new Windowed(102);

function reveal(key: string): void {
	const at = order.peek().indexOf(key);
	if (at >= 0)
		list.reveal(at, 100);
}

export function Cards() {
	const box = useRef<HTMLUListElement>(null);
	const keys = order.value;
	const range = list.range.value;
	useLayoutEffect(() => {
		set_reveal(reveal);
		const card = box.current?.querySelector<HTMLElement>(".card");
		if (card)
			list.height = card.offsetHeight + 6;
		return list.watch(box.current!, null);
	}, []);
	useLayoutEffect(() => list.count(keys.length), [keys.length]);
	const to = Math.min(range.to, keys.length);
	const room = (rows: number) => rows > 0 && <li class="empty" aria-hidden="true">
		<span style={{ height: `${rows * list.height - 6}px` }} /></li>;
	return <ul class="cards" ref={box}>
		{room(range.from)}
		{keys.slice(range.from, to).map((id) => <Card key={id} id={id} />)}
		{room(keys.length - to)}
	</ul>;
}

// Statistics.tsx: what an account's closed trades amount to.
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Amount, BrokerTime, Gain } from "../cells.tsx";
import * as fmt from "../format.ts";
import { days_of, is_closed, stats_of, type Stats } from "../stats.ts";
import type { Row, Trade } from "../types.ts";
import { Calendar } from "./Calendar.tsx";
import { Fetched } from "./fetched.tsx";
import { HistoryNote } from "./HistoryNote.tsx";
import { useAll } from "./pages.ts";

function Line({ name, children, title }: { name: string; children: ComponentChildren; title?: string }) {
	return <div title={title}><dt>{name}</dt><dd>{children}</dd></div>;
}

function Figures({ s, row }: { s: Stats; row: Row }) {
	return <dl class="fields">
		<Line name="trades closed">{fmt.count(s.trades)}{s.orphans > 0 && ` (${s.orphans} without an opening deal)`}
			{s.imported > 0 && ` (${s.imported} imported: net without swap and fee)`}</Line>
		<Line name="open now">{fmt.count(s.open)}</Line>
		<Line name="net"><Gain value={s.net} row={row} /></Line>
		<Line name="win rate">{fmt.percent(s.win_rate, 1)} ({fmt.count(s.wins)} : {fmt.count(s.losses)})</Line>
		<Line name="profit factor" title="gross profit / gross loss; – with no losing trade">
			{s.profit_factor === null ? "–" : fmt.plain(Math.round(s.profit_factor * 100) / 100)}</Line>
		<Line name="max drawdown" title="of the sum of closed trades; that of equity is under Equity">
			<Amount value={s.max_drawdown} row={row} /></Line>
		<Line name="average win"><Gain value={s.average_win} row={row} /></Line>
		<Line name="average loss"><Gain value={s.average_loss} row={row} /></Line>
		<Line name="best"><Gain value={s.best} row={row} /></Line>
		<Line name="worst"><Gain value={s.worst} row={row} /></Line>
		<Line name="lots">{fmt.plain(s.lots)}</Line>
		<Line name="costs" title="commission, swap and fee"><Amount value={s.costs} row={row} /></Line>
		<Line name="commission"><Amount value={s.commission} row={row} /></Line>
		<Line name="swap"><Amount value={s.swap} row={row} /></Line>
		<Line name="fee"><Amount value={s.fee} row={row} /></Line>
		<Line name="from – to"><BrokerTime msc={s.first_msc} row={row} /> – <BrokerTime
			msc={s.last_msc} row={row} /></Line>
	</dl>;
}

/* Broker ms from which the phase counts; null where that is not known. */
function phase_start(row: Row): number | null {
	const ms = row.phase?.phase && row.phase.started_utc ? Date.parse(row.phase.started_utc) : NaN;
	return Number.isNaN(ms) || row.broker_offset_s === null ? null : ms + row.broker_offset_s * 1000;
}

function Of({ list, row }: { list: Trade[]; row: Row }) {
	const [phase_only, set_phase_only] = useState(false);
	const since = phase_start(row);
	const chosen = useMemo(() => phase_only && since !== null ? list.filter((t) =>
		!is_closed(t) || (t.time_close_msc ?? 0) >= since) : list, [list, phase_only, since]);
	const [stats, days] = useMemo(() => [stats_of(chosen), days_of(chosen)] as const, [chosen]);
	return <>
		{since !== null && <label class="check"><input type="checkbox" checked={phase_only}
			onChange={(e) => set_phase_only(e.currentTarget.checked)} />
			Only what was closed in this phase ({row.phase?.phase})</label>}
		<Figures s={stats} row={row} />
		{days.size > 0 && <Calendar key={String(phase_only)} days={days} row={row} />}
	</>;
}

export function Statistics({ row }: { row: Row }) {
	const got = useAll<Trade>(row, "trades", row.account?.balance);
	return <Fetched got={got} what="Trades">{({ list, complete, history }) => <>
		<HistoryNote history={history} row={row} />
		{!complete && <p class="remark note">Of the newest {fmt.count(list.length)} trades only.</p>}
		{list.length === 0 ? <p class="remark">No trade in the ledger.</p> : <Of list={list} row={row} />}
	</>}</Fetched>;
}

// Statistics.tsx: what an account's deals amount to, as the ledger counts them.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Amount, BrokerTime, Gain } from "../cells.tsx";
import * as fmt from "../format.ts";
import { sum_of } from "../money.ts";
import type { Row, Statistics as Figures, StatisticsAnswer } from "../types.ts";
import { Calendar } from "./Calendar.tsx";
import { Fetched, useFetched } from "./fetched.tsx";
import { HistoryNote } from "./HistoryNote.tsx";

function Line({ name, children, title }: { name: string; children: ComponentChildren; title?: string }) {
	return <div title={title}><dt>{name}</dt><dd>{children}</dd></div>;
}

function List({ s, row }: { s: Figures; row: Row }) {
	return <dl class="fields">
		<Line name="trades closed">{fmt.count(s.trades_closed)}{s.orphans > 0 && ` (${s.orphans} without an opening deal)`}
			{s.imported > 0 && ` (${s.imported} imported: net without swap and fee)`}</Line>
		<Line name="open now">{fmt.count(s.trades_open)}</Line>
		<Line name="closing deals" title="each has a result, at its own time; those of a position closed in parts are several">
			{fmt.count(s.results)}</Line>
		<Line name="net" title="of all deals and charges, without deposits"><Gain value={s.net} row={row} /></Line>
		<Line name="win rate" title="of closing deals, each with its share of what opening cost">{fmt.percent(s.win_rate, 1)} ({fmt.count(s.wins)} : {fmt.count(s.losses)})</Line>
		<Line name="profit factor" title="gross profit / gross loss; – with no losing deal">
			{s.profit_factor === null ? "–" : fmt.plain(Math.round(s.profit_factor * 100) / 100)}</Line>
		<Line name="max drawdown" title="of what was realised; that of equity is under Equity">
			<Amount value={s.max_drawdown} row={row} /></Line>
		<Line name="average win"><Gain value={s.average_win} row={row} /></Line>
		<Line name="average loss"><Gain value={s.average_loss} row={row} /></Line>
		<Line name="best"><Gain value={s.best} row={row} /></Line>
		<Line name="worst"><Gain value={s.worst} row={row} /></Line>
		<Line name="lots">{fmt.plain(s.lots)}</Line>
		<Line name="costs" title="commission, swap and fee"><Amount row={row}
			value={sum_of([s.commission, s.swap, s.fee])} /></Line>
		<Line name="commission"><Amount value={s.commission} row={row} /></Line>
		<Line name="swap"><Amount value={s.swap} row={row} /></Line>
		<Line name="fee"><Amount value={s.fee} row={row} /></Line>
		<Line name="charges" title="deals that are costs: dividend, interest, tax, commission of the day"><Amount
			value={s.charges} row={row} /></Line>
		<Line name="from – to"><BrokerTime msc={s.first_msc} utc={s.first_utc} row={row} /> – <BrokerTime
			msc={s.last_msc} utc={s.last_utc} row={row} /></Line>
	</dl>;
}

export function Statistics({ row }: { row: Row }) {
	const [phase_only, set_phase_only] = useState(false);
	const has_phase = Boolean(row.phase?.phase && row.phase.started_utc);
	const of_phase = has_phase && phase_only;
	const got = useFetched<StatisticsAnswer>(row,
		`statistics?since=${of_phase ? "phase" : "all"}`, false, row.account?.balance);
	return <Fetched got={got} what="Statistics">{({ statistics: s, days, history }) => <>
		<HistoryNote history={history} row={row} />
		{has_phase && <label class="check"><input type="checkbox" checked={phase_only}
			onChange={(e) => set_phase_only(e.currentTarget.checked)} />
			Only since this phase began ({row.phase?.phase})</label>}
		{!s || !days ? <p class="remark">Statistics: not known.</p> : <>
			{days.length === 0 && <p class="remark">No trade in the ledger{of_phase ? " since then" : ""}.</p>}
			<List s={s} row={row} />
			{days.length > 0 && <Calendar key={`${of_phase} ${days[0]!.date}`} row={row}
				days={new Map(days.map((d) => [d.date, d]))} />}
		</>}
	</>}</Fetched>;
}

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
import { t } from "../text.tsx";

function Line({ name, children, title }: { name: string; children: ComponentChildren; title?: string }) {
	return <div title={title}><dt>{name}</dt><dd>{children}</dd></div>;
}

function List({ s, row }: { s: Figures; row: Row }) {
	return <dl class="fields">
		<Line name={t("statistics.trades_closed")}>{fmt.count(s.trades_closed)}{s.orphans > 0 && ` ${t("statistics.orphans", { n: s.orphans })}`}
			{s.imported > 0 && ` ${t("statistics.imported", { n: s.imported })}`}</Line>
		<Line name={t("statistics.open")}>{fmt.count(s.trades_open)}</Line>
		<Line name={t("statistics.results")} title={t("statistics.results_title")}>
			{fmt.count(s.results)}</Line>
		<Line name={t("statistics.net")} title={t("statistics.net_title")}><Gain value={s.net} row={row} /></Line>
		<Line name={t("statistics.win_rate")} title={t("statistics.win_rate_title")}>{fmt.percent(s.win_rate, 1)} ({fmt.count(s.wins)} : {fmt.count(s.losses)})</Line>
		<Line name={t("statistics.profit_factor")} title={t("statistics.profit_factor_title")}>
			{s.profit_factor === null ? "–" : fmt.plain(Math.round(s.profit_factor * 100) / 100)}</Line>
		<Line name={t("statistics.max_drawdown")} title={t("statistics.max_drawdown_title")}>
			<Amount value={s.max_drawdown} row={row} /></Line>
		<Line name={t("statistics.average_win")}><Gain value={s.average_win} row={row} /></Line>
		<Line name={t("statistics.average_loss")}><Gain value={s.average_loss} row={row} /></Line>
		<Line name={t("statistics.best")}><Gain value={s.best} row={row} /></Line>
		<Line name={t("statistics.worst")}><Gain value={s.worst} row={row} /></Line>
		<Line name={t("statistics.lots")}>{fmt.plain(s.lots)}</Line>
		<Line name={t("statistics.costs")} title={t("statistics.costs_title")}><Amount row={row}
			value={sum_of([s.commission, s.swap, s.fee])} /></Line>
		<Line name={t("statistics.commission")}><Amount value={s.commission} row={row} /></Line>
		<Line name={t("statistics.swap")}><Amount value={s.swap} row={row} /></Line>
		<Line name={t("statistics.fee")}><Amount value={s.fee} row={row} /></Line>
		<Line name={t("statistics.charges")} title={t("statistics.charges_title")}><Amount
			value={s.charges} row={row} /></Line>
		<Line name={t("statistics.from_to")}><BrokerTime msc={s.first_msc} utc={s.first_utc} row={row} /> – <BrokerTime
			msc={s.last_msc} utc={s.last_utc} row={row} /></Line>
	</dl>;
}

export function Statistics({ row }: { row: Row }) {
	const [phase_only, set_phase_only] = useState(false);
	const has_phase = Boolean(row.phase?.phase && row.phase.started_utc);
	const of_phase = has_phase && phase_only;
	const got = useFetched<StatisticsAnswer>(row,
		`statistics?since=${of_phase ? "phase" : "all"}`, false, row.account?.balance);
	return <Fetched got={got} what={t("tab.statistics")}>{({ statistics: s, days, history }) => <>
		<HistoryNote history={history} row={row} />
		{has_phase && <label class="check"><input type="checkbox" checked={phase_only}
			onChange={(e) => set_phase_only(e.currentTarget.checked)} />
			{t("statistics.of_phase", { phase: row.phase?.phase ?? "" })}</label>}
		{!s || !days ? <p class="remark">{t("statistics.unknown")}</p> : <>
			{days.length === 0 && <p class="remark">{t(of_phase ? "statistics.none_since" : "statistics.none")}</p>}
			<List s={s} row={row} />
			{days.length > 0 && <Calendar key={`${of_phase} ${days[0]!.date}`} row={row}
				days={new Map(days.map((d) => [d.date, d]))} />}
		</>}
	</>}</Fetched>;
}

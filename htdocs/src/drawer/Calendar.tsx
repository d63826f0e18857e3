// Calendar.tsx: a month of daily P/L, colour and text.
import { useState } from "preact/hooks";
import * as fmt from "../format.ts";
import { as_number, sum_of } from "../money.ts";
import { month_beside, weeks_of } from "../stats.ts";
import type { Row, StatisticsDay as Day } from "../types.ts";
import { month_name, weekday_names } from "../language.ts";
import { t } from "../text.tsx";

/* 1 … 3: how large against the largest of the month. */
function strength(net: number, most: number): number {
	return most > 0 ? Math.min(3, Math.ceil(Math.abs(net) / most * 3)) || 1 : 1;
}

function Cell({ date, day, most, row }: { date: string | null; day: Day | undefined; most: number;
    row: Row }) {
	if (!date)
		return <td class="none" />;
	const a = row.account;
	const number = <span class="date">{Number(date.slice(8))}</span>;
	if (!day)
		return <td title={t("calendar.none", { date })}>{number}</td>;
	return <td class={`${fmt.tone(day.net)} s${strength(as_number(day.net), most)}`}
		title={t("calendar.day", { date, n: day.results,
			net: `${fmt.signed(day.net, a?.currency_digits)} ${a?.currency ?? ""}` })}>
		{number}<span class="net">{fmt.compact(day.net)}</span>
		<span class="n">{fmt.count(day.results)}</span></td>;
}

function Month({ month, days, row }: { month: string; days: Map<string, Day>; row: Row }) {
	const of_month = [...days].filter(([date]) => date.startsWith(month)).map(([, day]) => day);
	const most = Math.max(0, ...of_month.map((d) => Math.abs(as_number(d.net))));
	const a = row.account;
	const net = of_month.length ? sum_of(of_month.map((d) => d.net)) : null;
	return <table class="calendar">
		<caption>{t("calendar.month", { month: month_name(month), n: of_month.length,
			net: `${fmt.signed(net, a?.currency_digits)} ${net === null ? "" : fmt.unit(a?.currency)}` })}</caption>
		<thead><tr>{weekday_names().map((n) => <th key={n} scope="col">{n}</th>)}</tr></thead>
		<tbody>{weeks_of(month).map((week, w) => <tr key={w}>{week.map((date, i) =>
			<Cell key={i} date={date} day={date ? days.get(date) : undefined} most={most} row={row} />)}
		</tr>)}</tbody>
	</table>;
}

export function Calendar({ days, row }: { days: Map<string, Day>; row: Row }) {
	const dates = [...days.keys()].sort();
	const first = dates[0]!.slice(0, 7), last = dates[dates.length - 1]!.slice(0, 7);
	const [month, set_month] = useState(last);
	return <>
		<div class="choices">
			<h3>{t("calendar.days")}</h3>
			<span>
				<button type="button" class="quiet" aria-label={t("calendar.before")} disabled={month <= first}
					onClick={() => set_month(month_beside(month, -1))}>←</button>
				<button type="button" class="quiet" aria-label={t("calendar.after")} disabled={month >= last}
					onClick={() => set_month(month_beside(month, 1))}>→</button>
			</span>
		</div>
		<Month month={month} days={days} row={row} />
		<p class="remark">{t("calendar.remark")}</p>
	</>;
}

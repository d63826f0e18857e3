// Equity.tsx: equity and balance over time, drawdown below, what happened marked.
import { useMemo, useState } from "preact/hooks";
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import { set_range, view } from "../view.ts";
import { deepest, points_of, thinned, with_gaps, type Flow, type Point } from "../series.ts";
import type { CashFlow, Row, Sample, Text } from "../types.ts";
import { Chart, type ChartLevel, type Curve, type Mark } from "./chart.tsx";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";
import { useAll } from "./pages.ts";
import { language } from "../language.ts";
import { t, word } from "../text.tsx";
import { drawn_levels, Levels } from "./Levels.tsx";
import { levels_of } from "../levels.ts";
import { now } from "../clock.ts";

const ranges = ["1d", "7d", "30d", "90d", "all"] as const;
type Unit = "money" | "percent";

interface Started {
	phase: Text;
	start_utc: Text;
}

function Choice<T extends string>({ of, value, label, word, onPick }: { of: readonly T[]; value: T;
    label: string; word: (t: T) => string; onPick: (t: T) => void }) {
	return <span class="chips" role="group" aria-label={label}>
		{of.map((t) => <button type="button" key={t} class="chip" aria-pressed={t === value}
			onClick={() => onPick(t)}>{word(t)}</button>)}
	</span>;
}

function flows_of(list: readonly CashFlow[]): Flow[] {
	return list.filter((c) => c.kind === "flow" && c.amount !== null && c.time_utc !== null)
		.map((c) => ({ at_ms: Date.parse(c.time_utc!), amount: c.amount! }));
}

/* A payout is the money that counts. */
function marks_of(cash: readonly CashFlow[], phases: Started[]): Mark[] {
	return [
		...cash.filter((c) => c.kind === "flow" && c.amount !== null && c.time_utc !== null).map((c) =>
			({ at_ms: Date.parse(c.time_utc!), colour: c.meaning === "payout" ? "--ok" : "--warn",
				text: c.meaning ? word("meaning", c.meaning) : t(c.amount! < 0 ? "equity.out" : "equity.in") })),
		...phases.filter((p) => p.start_utc).map((p) => ({ at_ms: Date.parse(p.start_utc!),
			text: p.phase ?? "", colour: "--note" })),
	];
}

function money_of(row: Row): (v: number | null) => string {
	const a = row.account;
	return (v) => fmt.money(v, a?.currency, a?.currency_digits);
}

function curves_of(points: Point[], unit: Unit): Curve[] {
	const pick = (f: (p: Point) => number | null) => points.map(f);
	return unit === "money" ? [
		{ label: t("field.equity"), colour: "--accent", values: pick((p) => p.equity) },
		{ label: t("field.balance"), colour: "--faint", values: pick((p) => p.balance), dashed: true },
	] : [
		{ label: t("field.equity"), colour: "--accent", values: pick((p) => p.gain) },
		{ label: t("field.balance"), colour: "--faint", values: pick((p) => p.balance_gain), dashed: true },
	];
}

function summary(points: Point[], row: Row): string {
	const known = points.map((p) => p.equity).filter((v): v is number => v !== null);
	if (known.length === 0)
		return t("equity.no_data");
	const money = money_of(row);
	const worst = deepest(points);
	const gain = points[points.length - 1]!.gain;
	return t("equity.from_to", { from: money(known[0]!), to: money(known[known.length - 1]!) }) +
	    (gain === null ? "" : ` ${t("equity.gain", { gain: fmt.signed_percent(gain) })}`) + ", " +
	    t("equity.extremes", { lowest: money(known.reduce((a, b) => Math.min(a, b))),
		highest: money(known.reduce((a, b) => Math.max(a, b))) }) +
	    (worst?.drawdown ? `, ${t("equity.drawdown",
		{ amount: money(worst.drawdown), share: fmt.percent(worst.drawdown_pct) })}` : "");
}

function AsTable({ points, row }: { points: Point[]; row: Row }) {
	const digits = row.account?.currency_digits;
	return <details><summary>{t("equity.as_table")}</summary><div class="scroll"><table class="small">
		<thead><tr><th scope="col">{t("field.time")}</th>
			<th scope="col" class="end">{t("field.equity")}</th>
			<th scope="col" class="end">{t("field.balance")}</th>
			<th scope="col" class="end">{t("field.drawdown")}</th>
			<th scope="col" class="end">{t("field.gain")}</th></tr></thead>
		<tbody>{thinned(points, 100).map((p) => <tr key={p.at_ms}>
			<th scope="row">{fmt.row_moment(row, p.at_ms, prefs.value.zone, false)}</th>
			<td class="end">{fmt.amount(p.equity, digits)}</td>
			<td class="end">{fmt.amount(p.balance, digits)}</td>
			<td class="end">{fmt.amount(p.drawdown, digits)}</td>
			<td class="end">{fmt.signed_percent(p.gain)}</td></tr>)}</tbody>
	</table></div></details>;
}

/* The same list while they stand where they stood: a picture is made for each. */
function useLevels(row: Row, unit: Unit, moved_ms: number): ChartLevel[] {
	const key = JSON.stringify(levels_of(row, now.peek(), moved_ms).map((l) => [l.what, l.value, l.line.mode,
		l.from_ms])) + unit + language();
	return useMemo(() => unit === "money" ? drawn_levels(row, now.peek(), moved_ms) : [], [key]);
}

function Charts({ points, marks, moved_ms, unit, row }: { points: Point[]; marks: Mark[]; moved_ms: number;
    unit: Unit; row: Row }) {
	const levels = useLevels(row, unit, moved_ms);
	const digits = row.account?.currency_digits;
	const words = unit === "money" ? (v: number | null) => fmt.amount(v, digits) :
	    (v: number | null) => fmt.signed_percent(v);
	const down = unit === "money" ? words : (v: number | null) => fmt.percent(v);
	const [times, curves, drawdown] = useMemo(() => {
		const drawn = with_gaps(points);
		return [drawn.map((p) => p.at_ms), curves_of(drawn, unit),
			[{ label: t("field.drawdown"), colour: "--down", filled: true, values:
				drawn.map((p) => unit === "money" ? p.drawdown : p.drawdown_pct) }]] as const;
	}, [points, unit, language()]);
	return <>
		<Chart label={[t("equity.chart", { summary: summary(points, row) }),
			...levels.map((l) => `${l.text} ${words(l.value)}`)].join("; ")} height={240} times_ms={times}
			curves={curves} marks={marks} levels={levels} words={words} row={row} />
		<Levels row={row} />
		<Chart label={t("equity.drawdown_chart")} height={120} times_ms={times}
			curves={[...drawdown]} marks={[]} words={down} row={row} />
	</>;
}

function Drawn({ list, flows, cash, phases, unit, row }: { list: Sample[]; flows: Flow[];
    cash: readonly CashFlow[]; phases: Started[]; unit: Unit; row: Row }) {
	const points = useMemo(() => points_of(list, flows), [list, flows]);
	const marks = useMemo(() => marks_of(cash, phases), [cash, phases, language()]);
	return <>
		<Charts points={points} marks={marks}
			moved_ms={flows.reduce((at, f) => Math.max(at, f.at_ms), -Infinity)} unit={unit} row={row} />
		<p class="remark">{t("equity.remark", { summary: summary(points, row),
			zone: fmt.zone_name(prefs.value.zone) })}</p>
		<AsTable points={points} row={row} />
	</>;
}

const NO_PHASES: Started[] = [];
const NO_CASH: CashFlow[] = [];

export default function Equity({ row }: { row: Row }) {
	const range = ranges.find((r) => r === view.value.open?.range) ?? "7d";
	const [unit, set_unit] = useState<Unit>("money");
	const got = useFetched<unknown>(row, `equity?range=${range}&points=2000`, false);
	const cash = useAll<CashFlow>(row, "cashflows");
	const phases = useFetched<unknown>(row, "phases", false, row.phase?.version);
	const unplaced = cash.data?.list.filter((c) => c.kind === "flow" && c.time_utc === null).length ?? 0;
	const flows = useMemo(() => flows_of(cash.data?.list ?? []), [cash.data]);
	const started = useMemo(() => list_of<Started>(phases.data, "phases") ?? NO_PHASES, [phases.data]);
	return <>
		<div class="choices">
			<Choice of={ranges} value={range} label={t("equity.range")} word={(r) => t(`equity.range.${r}`)} onPick={set_range} />
			<Choice of={["money", "percent"] as const} value={unit} label={t("equity.unit")} onPick={set_unit}
				word={(u) => u === "percent" ? "%" : fmt.unit(row.account?.currency) || t("equity.money")} />
		</div>
		{cash.failure && <p class="remark wrong">{t("equity.no_flows", { why: cash.failure.message })}</p>}
		{unplaced > 0 && <p class="remark wrong">{t("equity.unplaced", { n: unplaced })}</p>}
		<Fetched got={got} what={t("tab.equity")}>{(data) => {
			const list = list_of<Sample>(data, "equity");
			if (!list)
				return <Unreadable what={t("tab.equity")} data={data} name="equity" />;
			if (!cash.data && !cash.failure)
				return <p class="remark">{t("equity.reading")}</p>;
			if (list.length < 2)
				return <p class="remark">{t("equity.too_few", { n: list.length })}</p>;
			return <Drawn list={list} flows={flows} cash={cash.data?.list ?? NO_CASH} phases={started} unit={unit} row={row} />;
		}}</Fetched>
	</>;
}

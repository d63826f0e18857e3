// Equity.tsx: equity and balance over time; the canvas has a table beside it.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import type { Num, Row } from "../types.ts";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";

interface Sample {
	at_utc: string;
	balance: Num;
	equity: Num;
	low?: Num;
	high?: Num;
}

const ranges = ["1d", "7d", "30d", "all"] as const;
const HEIGHT = 260;

/* A colour of style.css, as the theme has it now. */
function css(name: string): string {
	return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function columns_of(list: Sample[]): uPlot.AlignedData {
	return [
		list.map((s) => Date.parse(s.at_utc) / 1000),
		list.map((s) => s.equity),
		list.map((s) => s.balance),
	];
}

/* Days where the steps are days or a day begins, else the time of day. */
function time_labels(splits: number[], step_s: number, row: Row): string[] {
	return splits.map((s) => {
		const m = fmt.moment(s * 1000, prefs.peek().zone, row.broker_offset_s, false);
		return step_s >= 86400 || m.endsWith("00:00") ? m.slice(5, 10) : m.slice(11);
	});
}

function axis(): uPlot.Axis {
	return { stroke: css("--faint"), grid: { stroke: css("--line"), width: 1 },
		ticks: { stroke: css("--line"), width: 1 } };
}

function options(width: number, row: Row): uPlot.Options {
	const a = row.account;
	const value = (_: uPlot, v: number | null) => fmt.amount(v, a?.currency_digits);
	const zone = prefs.peek().zone;
	return {
		width, height: HEIGHT,
		tzDate: (s) => zone === "local" ? new Date(s * 1000) :
			uPlot.tzDate(new Date(s * 1000 + (zone === "broker" ?
			    (row.broker_offset_s ?? 0) * 1000 : 0)), "Etc/UTC"),
		axes: [{ ...axis(), values: (_, vs, _i, _s, step) => time_labels(vs, step, row) }, { ...axis(), size: 84, values: (_, vs) =>
			vs.map((v) => fmt.plain(v)) }],
		series: [
			{ value: (_, v) => v === null ? "–" : fmt.moment(v * 1000, zone, row.broker_offset_s) },
			{ label: "Equity", stroke: css("--accent"), width: 1.5, value, spanGaps: false },
			{ label: "Balance", stroke: css("--faint"), width: 1, dash: [4, 3], value },
		],
	};
}

function summary(list: Sample[], row: Row): string {
	const known = list.map((s) => s.equity).filter((v): v is number => v !== null);
	if (known.length === 0)
		return "no equity known in this range";
	const a = row.account;
	const money = (v: number) => fmt.money(v, a?.currency, a?.currency_digits);
	return `equity from ${money(known[0]!)} to ${money(known[known.length - 1]!)}, ` +
	    `lowest ${money(Math.min(...known))}, highest ${money(Math.max(...known))}`;
}

function Chart({ list, row }: { list: Sample[]; row: Row }) {
	const box = useRef<HTMLDivElement>(null);
	const look = `${prefs.value.theme}/${prefs.value.zone}`;
	useEffect(() => {
		const parent = box.current;
		if (!parent)
			return;
		const plot = new uPlot(options(parent.clientWidth, row), columns_of(list), parent);
		const resize = new ResizeObserver(() =>
			plot.setSize({ width: parent.clientWidth, height: HEIGHT }));
		resize.observe(parent);
		return () => {
			resize.disconnect();
			plot.destroy();
		};
	}, [list, look]);
	return <div class="chart" ref={box} role="img" aria-label={summary(list, row)} />;
}

/* At most 100 lines: the shape, for those who cannot see the curve. */
function thinned(list: Sample[]): Sample[] {
	const step = Math.max(1, Math.ceil(list.length / 100));
	return list.filter((_, i) => i % step === 0 || i === list.length - 1);
}

function AsTable({ list, row }: { list: Sample[]; row: Row }) {
	const digits = row.account?.currency_digits;
	return <details><summary>As a table</summary><div class="scroll"><table class="small">
		<thead><tr><th scope="col">Time</th><th scope="col" class="end">Equity</th>
			<th scope="col" class="end">Balance</th></tr></thead>
		<tbody>{thinned(list).map((s) => <tr key={s.at_utc}>
			<th scope="row">{fmt.moment(Date.parse(s.at_utc), prefs.value.zone, row.broker_offset_s)}</th>
			<td class="end">{fmt.amount(s.equity, digits)}</td>
			<td class="end">{fmt.amount(s.balance, digits)}</td></tr>)}</tbody>
	</table></div></details>;
}

export function Equity({ row }: { row: Row }) {
	const [range, set_range] = useState<typeof ranges[number]>("7d");
	const got = useFetched<unknown>(row, `equity?range=${range}`, false);
	return <>
		<div class="chips" role="group" aria-label="Range">
			{ranges.map((r) => <button type="button" key={r} class="chip" aria-pressed={r === range}
				onClick={() => set_range(r)}>{r}</button>)}
		</div>
		<Fetched got={got} what="Equity">{(data) => {
			const list = list_of<Sample>(data, "equity");
			if (!list)
				return <Unreadable what="Equity" data={data} name="equity" />;
			if (list.length < 2)
				return <p class="remark">Not enough samples for a curve: {list.length}.</p>;
			return <>
				<Chart list={list} row={row} />
				<p class="remark">{summary(list, row)}; times in {fmt.zone_name(prefs.value.zone)}.</p>
				<AsTable list={list} row={row} />
			</>;
		}}</Fetched>
	</>;
}

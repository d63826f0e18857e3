// FleetCurve.tsx: the fleet's equity as a line, of 24 hours or of 30 days.
import { t } from "../text.tsx";
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import { curve_failure, curve_range, earned, fleet_curves, pick_range, type CurveRange,
	type FleetLine, type FleetPoint } from "../fleet_curve.ts";
import type { Total } from "../totals.ts";

const WIDTH = 300, HEIGHT = 84;
const ranges: [CurveRange, "curve.today" | "curve.days"][] =
	[["1d", "curve.today"], ["30d", "curve.days"]];

function clock_of(p: FleetPoint, range: CurveRange): string {
	return fmt.moment_of(Date.parse(p.at_utc), prefs.value.zone === "utc" ? "utc" : "local", null,
		range === "1d" ? "time_minute" : "day_month");
}

/* Pieces where the values are known: no line through what nobody saw. */
function path_of(points: readonly FleetPoint[], least: number, height: number): string {
	const step = WIDTH / Math.max(1, points.length - 1);
	let broken = true;
	return points.map((p, i) => {
		if (p.equity === null) {
			broken = true;
			return "";
		}
		const y = HEIGHT - 3 - (p.equity - least) / height * (HEIGHT - 6);
		const piece = `${broken ? "M" : "L"}${(i * step).toFixed(1)} ${y.toFixed(1)}`;
		broken = false;
		return piece;
	}).join("");
}

/* Where the number of accounts changes the line jumps, and says why. */
function joins(points: readonly FleetPoint[]): { at: number; text: string }[] {
	return points.flatMap((p, i) => i > 0 && points[i - 1]!.accounts !== p.accounts ?
		[{ at: i, text: t("curve.joined", { from: points[i - 1]!.accounts, to: p.accounts }) }] : []);
}

function Drawn({ line, range }: { line: FleetLine; range: CurveRange }) {
	const known = line.points.filter((p): p is FleetPoint & { equity: number } => p.equity !== null);
	if (known.length < 2)
		return <p class="remark">{t("curve.none")}</p>;
	const values = known.map((p) => p.equity);
	const least = Math.min(...values), most = Math.max(...values);
	const digits = line.currency_digits;
	const money = (v: number) => fmt.amount(v, digits);
	const first = known[0]!, last = known[known.length - 1]!;
	const what = `${line.currency} ${fmt.trade_mode(line.trade_mode)}`;
	const text = t("curve.summary", { what, first: money(first.equity), last: money(last.equity),
		low: money(least), high: money(most) });
	const step = WIDTH / Math.max(1, line.points.length - 1);
	return <>
		<div class="drawn">
			<span class="scale" aria-hidden="true"><span>{fmt.compact(most).replace("+", "")}</span>
				<span>{fmt.compact(least).replace("+", "")}</span></span>
			<svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={text}>
				<title>{text}</title>
				{joins(line.points).map((j) => <path key={j.at} class="join" d={`M${(j.at * step).toFixed(1)} 0V${HEIGHT}`}>
					<title>{j.text}</title></path>)}
				<path class="line" d={path_of(line.points, least, most - least || 1)} />
			</svg>
			<span class="ends" aria-hidden="true"><span>{clock_of(first, range)}</span>
				<span>{clock_of(last, range)}</span></span>
		</div>
	</>;
}

/* Without deposits, and without accounts that came or went. */
function Earned({ line }: { line: FleetLine }) {
	const gain = earned(line.points);
	const last = line.points[line.points.length - 1];
	return <span class="earned" title={gain === null ? "" : t("curve.change",
		{ change: fmt.signed(gain, line.currency_digits) })}>{line.currency} {fmt.trade_mode(line.trade_mode)}
	{last && <span class="faint"> · {t("curve.accounts", { n: last.accounts })}</span>}
	{gain !== null && <b class={fmt.tone(gain)}> {fmt.signed(gain, line.currency_digits)}</b>}</span>;
}

/* The curve of the first line beside it, or of the one that the filter leaves. */
export function FleetCurve({ first }: { first: Total | null }) {
	const data = fleet_curves.value;
	const range = curve_range.value;
	const line = data?.curves.find((c) => c.currency === first?.currency &&
		c.trade_mode === first.trade_mode);
	return <div class="curve">
		<div class="choices"><h2>{t("curve.title")} {line && <Earned line={line} />}</h2>
			<span class="chips" role="group" aria-label={t("curve.title")}>{ranges.map(([r, key]) =>
				<button type="button" key={r} class="chip" aria-pressed={r === range}
					onClick={() => pick_range(r)}>{t(key)}</button>)}</span></div>
		{curve_failure.value !== null && <p class="remark wrong">{t("curve.failed", { why: curve_failure.value })}</p>}
		{line ? <Drawn line={line} range={range} /> :
			<p class="remark">{data ? t("curve.none") : "…"}</p>}
	</div>;
}

// Standing.tsx: equity and P/L per currency and type, and the fleet's curve.
import * as fmt from "../format.ts";
import { t } from "../text.tsx";
import { known_sum, type Known } from "../totals.ts";
import { shown_totals } from "../sums.ts";
import { coverage, type Total } from "../totals.ts";
import { usd_rate } from "../conversion.ts";
import { as_number, type Money } from "../money.ts";
import { is_live } from "../rows.ts";
import { judged_ms } from "../state.ts";
import { status_info } from "../status.ts";
import type { Row } from "../types.ts";
import { set_filter, shown_rows, view } from "../view.ts";
import { signal } from "@preact/signals";

function Change({ of, digits, name }: { of: Known; digits: number; name?: string }) {
	const missing = of.missing > 0 && of.sum !== null;
	return <td class={`end ${name ?? ""} ${fmt.tone(of.sum)}`}>
		<span class="arrow" aria-hidden="true">{fmt.arrow(of.sum)}</span>
		<span title={fmt.signed(of.sum, digits)}>{fmt.signed_rounded(of.sum, digits)}</span>
		{missing && <span class="faint out" title={t("stand.unknown", { n: of.missing })}> −{of.missing}
			<span class="unseen"> {t("stand.unknown", { n: of.missing })}</span></span>}</td>;
}

function Line({ total, rows }: { total: Total; rows: Row[] }) {
	const mode = fmt.trade_mode(total.trade_mode);
	const f = view.value.filter;
	const on = f.currency.length === 1 && f.currency[0] === total.currency &&
	    f.mode.length === 1 && f.mode[0] === mode;
	const own = rows.filter((r) => r.account?.currency === total.currency &&
		r.account.trade_mode === total.trade_mode);
	const of = coverage(total, (s) => status_info(s).label);
	const out = Object.values(total.left_out).reduce((n, k) => n + k, 0);
	const digits = total.currency_digits;
	return <tr class="total">
		<th scope="row"><button type="button" class="plain label" aria-pressed={on}
			title={t("stand.filter", { what: `${total.currency} ${mode}`, of })}
			onClick={() => set_filter(on ? { currency: [], mode: [] } :
				{ currency: [total.currency], mode: [mode] })}>
			{total.currency} {mode}</button>
		{out > 0 && <span class="warned out" title={of}> −{out}<span class="unseen"> {of}</span></span>}</th>
		<td class="end figure" title={fmt.money(total.equity, total.currency, digits)}>
			{fmt.rounded(total.equity, digits)}{total.currency === "USC" && total.equity !== null ? " ¢" : ""}</td>
		<Change of={known_sum(own, (r) => r.pl?.day)} digits={digits} />
		<Change of={known_sum(own, (r) => r.pl?.total)} digits={digits} />
		<Change of={known_sum(own, (r) => r.account?.profit)} digits={digits} name="floating" />
	</tr>;
}

interface Converted {
	mode: number;
	equity: number;
	floating: number;
	day: number | null;
	out: number; /* without a known rate */
}

/* Where there are several currencies, real and demo each by itself. */
function converted(rows: Row[], now_ms: number): Converted[] {
	const modes = new Map<number, { rows: Row[]; currencies: Set<string> }>();
	for (const row of rows) {
		const a = row.account;
		if (!a?.currency || a.trade_mode === null || !is_live(row, now_ms))
			continue;
		const of = modes.get(a.trade_mode) ?? { rows: [], currencies: new Set() };
		of.rows.push(row);
		of.currencies.add(a.currency);
		modes.set(a.trade_mode, of);
	}
	return [...modes].filter(([, of]) => of.currencies.size > 1).map(([mode, of]) => {
		const known = of.rows.filter((r) => usd_rate(r) !== null && r.account?.equity != null);
		const sum = (pick: (r: Row) => number | null | undefined) =>
			known.reduce((s, r) => s + (pick(r) ?? 0) * usd_rate(r)!, 0);
		return { mode, equity: sum((r) => r.account?.equity), floating: sum((r) => r.account?.profit),
			day: known.every((r) => r.pl?.day != null) ? sum((r) => r.pl?.day) : null,
			out: of.rows.length - known.length };
	}).filter((c) => c.equity !== 0).sort((a, b) => b.mode - a.mode);
}

function ConvertedLine({ c }: { c: Converted }) {
	const amount = (v: Money | null) => v === null ? "–" : fmt.amount(Math.round(as_number(v)), 0);
	const signed = (v: number | null) => v === null ? "–" : fmt.signed(Math.round(v), 0);
	return <tr class="converted" title={t("stand.converted_title")}>
		<th scope="row">{t("stand.converted", { mode: fmt.trade_mode(c.mode) })}
			{c.out > 0 && <span class="out" title={t("stand.no_rate", { n: c.out })}> −{c.out}
				<span class="unseen"> {t("stand.no_rate", { n: c.out })}</span></span>}</th>
		<td class="end">≈ {amount(c.equity)}</td>
		<td class="end">{c.day === null ? "–" : `≈ ${signed(c.day)}`}</td>
		<td class="end" />
		<td class="end floating">≈ {signed(c.floating)}</td>
	</tr>;
}

const LINES = 7;
const all_lines = signal(false);

export function Standing() {
	const rows = shown_rows.value;
	const now_ms = judged_ms.value;
	const list = shown_totals.value;
	const live = rows.filter((r) => is_live(r, now_ms));
	const hidden = all_lines.value ? 0 : Math.max(0, list.length - LINES);
	return <section class="tile standing" aria-label={t("stand.title")}>
		<table class="sums">
			<caption class="unseen">{t("stand.title")}</caption>
			<thead><tr><th scope="col"><span class="unseen">{t("stand.of")}</span></th>
				<th scope="col" class="end">{t("stand.equity")}</th>
				<th scope="col" class="end">{t("stand.today")}</th>
				<th scope="col" class="end">{t("stand.phase")}</th>
				<th scope="col" class="end floating">{t("stand.floating")}</th></tr></thead>
			<tbody>{list.slice(0, list.length - hidden).map((total) =>
				<Line key={total.key} total={total} rows={live} />)}
			{converted(rows, now_ms).map((c) => <ConvertedLine key={c.mode} c={c} />)}</tbody>
		</table>
		{list.length > LINES && <button type="button" class="plain"
			onClick={() => { all_lines.value = !all_lines.peek(); }}>
			{hidden > 0 ? t("desk.more_lines", { n: hidden }) : t("desk.fewer")}</button>}
	</section>;
}

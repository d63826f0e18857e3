// Risk.tsx: what may still be lost, of the fleet and of each firm, and who is
// closest to a limit.
import { signal } from "@preact/signals";
import { Bar, used_level } from "../cells.tsx";
import { now } from "../clock.ts";
import { t } from "../text.tsx";
import * as fmt from "../format.ts";
import { shown_risks } from "../sums.ts";
import { closest, type LimitUsed, type Risk } from "../limits.ts";
import { limit_left, limit_word } from "../limit_words.ts";
import { row_title } from "../rows.ts";
import { narrow } from "../screen.ts";
import { judged_ms } from "../state.ts";
import type { Row } from "../types.ts";
import { open_row, set_filter, shown_rows, sort_as, view } from "../view.ts";

const LINES = 7;
const PHONE_LINES = 3; /* as many as the panel beside it has */
const all_lines = signal(false);

/* Why some accounts are not in the sums. */
function left_out(r: Risk): string {
	const parts = [r.dead ? t("risk.out_dead", { n: r.dead }) : "",
		r.unknown ? t("risk.out_unknown", { n: r.unknown }) : "",
		r.over ? t("risk.out_over", { n: r.over }) : ""].filter(Boolean);
	const n = r.dead + r.unknown + r.over;
	return n === 0 ? "" : `${t("risk.out", { n })}: ${parts.join(", ")}`;
}

function pick(r: Risk): void {
	set_filter(r.firm === null ?
		{ currency: [r.currency], mode: [fmt.trade_mode(r.trade_mode)], firm: [] } :
		{ currency: [r.currency], mode: [fmt.trade_mode(r.trade_mode)], firm: [r.firm || "none"] });
}

function RiskLine({ r }: { r: Risk }) {
	const out = left_out(r);
	const all = t("risk.all", { currency: r.currency, mode: fmt.trade_mode(r.trade_mode) });
	const n = r.dead + r.unknown + r.over;
	const approx = r.estimated && r.today !== null &&
		<span class="approx" title={t("estimated.baseline")}>≈</span>;
	return <tr class={r.firm === null ? "whole" : "part"}>
		<th scope="row"><button type="button" class="plain" onClick={() => pick(r)}>
			<bdi>{r.firm === null ? all : r.firm || t("risk.no_firm")}</bdi></button>
		{n > 0 && <span class="faint out" title={out}> −{n}<span class="unseen"> {out}</span></span>}</th>
		<td class="end figure" title={fmt.money(r.today, r.currency, r.currency_digits)}>
			{approx}{fmt.rounded(r.today, r.currency_digits)}</td>
		<td class="end" title={fmt.money(r.in_all, r.currency, r.currency_digits)}>
			{fmt.rounded(r.in_all, r.currency_digits)}</td>
		<td class="used">{r.used === null ? <span class="faint">–</span> : <>
			<Bar used={r.used} level={used_level(r.used)} label={t("risk.bar", { used: fmt.percent(r.used * 100, 0) })} />
			<span class="n">{fmt.percent(r.used * 100, 0)}</span></>}</td>
	</tr>;
}

export function RiskSums() {
	const list = shown_risks.value;
	const most = narrow.value ? PHONE_LINES : LINES;
	const hidden = all_lines.value ? 0 : Math.max(0, list.length - most);
	return <section class="tile risk" aria-label={t("risk.title")}>
		<h2>{t("risk.title")}</h2>
		{list.length === 0 ? <p class="remark">{t("risk.none")}</p> : <table class="sums">
			<thead><tr><th scope="col"><span class="unseen">{t("risk.who")}</span></th>
				<th scope="col" class="end">{t("risk.today")}</th>
				<th scope="col" class="end">{t("risk.in_all")}</th>
				<th scope="col" title={t("risk.used_title")}>{t("risk.used")}</th></tr></thead>
			<tbody>{list.slice(0, list.length - hidden).map((r) => <RiskLine key={r.key} r={r} />)}</tbody>
		</table>}
		{(hidden > 0 || all_lines.value) && list.length > most &&
			<button type="button" class="plain" onClick={() => { all_lines.value = !all_lines.peek(); }}>
				{hidden > 0 ? t("desk.more_lines", { n: hidden }) : t("desk.fewer")}</button>}
	</section>;
}

function resets(row: Row, limit: LimitUsed): string {
	const at = limit.kind === "daily_loss" && row.rules?.resets_utc ?
		Date.parse(row.rules.resets_utc) - now.peek() : NaN;
	return at > 0 ? t("alerts.resets", { age: fmt.age(at) }) : "";
}

export function Closest() {
	const list = closest(shown_rows.value, judged_ms.value, narrow.value ? PHONE_LINES : LINES);
	const v = view.value;
	return <section class="tile closest" aria-label={t("risk.closest")}>
		<h2><button type="button" class="plain" title={t("risk.closest_title")}
			aria-pressed={v.sort === "limit_used" && v.direction === "desc"}
			onClick={() => sort_as("limit_used", "desc")}>{t("risk.closest")}</button></h2>
		{list.length === 0 ? <p class="remark">{t("risk.closest_none")}</p> :
			<ol>{list.map(({ row, limit }) => <li key={row.key}>
				<button type="button" class="plain" onClick={() => open_row(row)}
					title={[limit_left(row, limit), resets(row, limit)].filter(Boolean).join(", ")}>
					<span class={`pct level${used_level(limit.used)}`}>{fmt.percent(limit.used * 100, 0)}</span>
					<Bar used={limit.used} level={used_level(limit.used)} label={limit_word(limit)} />
					<bdi class="clip who">{row_title(row)}</bdi>
					<span class="faint what">{limit_word(limit)}</span>
					<span class="end left_of">{limit_left(row, limit)}</span>
				</button></li>)}</ol>}
	</section>;
}

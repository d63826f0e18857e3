// Tiles.tsx: the fleet in a few figures; they follow the filter, a click filters.
import type { ComponentChildren } from "preact";
import * as fmt from "../format.ts";
import { is_losing } from "../filter.ts";
import { is_limit, other_lines } from "../rule_lines.ts";
import { is_live, row_title, shown_status } from "../rows.ts";
import { all_rows, judged_ms, trusted } from "../state.ts";
import { status_info } from "../status.ts";
import { coverage, totals, type Total } from "../totals.ts";
import type { Money } from "../money.ts";
import type { Row } from "../types.ts";
import { clear_filter, set_filter, shown_rows, sort_by, view } from "../view.ts";
import { used_level } from "../cells.tsx";
import { t } from "../text.tsx";

function Tile({ label, pressed, onClick, children, title, tone }: { label: ComponentChildren;
    pressed?: boolean; onClick: () => void; children: ComponentChildren; title?: string;
    tone?: string }) {
	return <button type="button" class={`tile ${tone ?? ""}`} aria-pressed={pressed}
		onClick={onClick} title={title}>
		<span class="label">{label}</span>
		{children}
	</button>;
}

/* Not one button: the count of those that are not live is one, too. */
function AccountsTile({ rows, now_ms }: { rows: Row[]; now_ms: number }) {
	const dead = rows.filter((r) => !is_live(r, now_ms));
	const words = [...new Set(dead.map((r) => shown_status(r, now_ms)))].sort();
	const on = view.value.filter.status.slice().sort().join() === words.join();
	return <div class="tile accounts">
		<span class="label">{t(trusted.value ? "tiles.live" : "tiles.were_live")}</span>
		<span class="line">
			<button type="button" class="figure" onClick={clear_filter} title={t("tiles.show_all")}>
				{rows.length - dead.length}<small> {t("tiles.of", { n: rows.length })}</small></button>
			{dead.length > 0 && <button type="button" class="part bad" aria-pressed={on}
				title={words.map((w) => status_info(w).label).join(", ")}
				onClick={() => set_filter({ status: on ? [] : words })}>
				{t("tiles.not_live", { n: dead.length })}</button>}
		</span>
	</div>;
}

function Change({ value, of, what, estimated }: { value: Money | null; of: Total; what: string;
    estimated?: boolean }) {
	return <span class={fmt.tone(value)} title={what}>{estimated ? "≈ " : ""}
		<span aria-hidden="true">{fmt.arrow(value)}</span>{" "}
		{fmt.signed(value, of.currency_digits)}</span>;
}

function Count({ of }: { of: Total }) {
	return <span class="faint">{coverage(of, (s) => status_info(s).label)}</span>;
}

function TotalTile({ of }: { of: Total }) {
	const mode = fmt.trade_mode_word(of.trade_mode) ?? "none";
	const what = `${of.currency} ${fmt.trade_mode(of.trade_mode)}`;
	const f = view.value.filter;
	const pressed = f.currency.length === 1 && f.currency[0] === of.currency &&
	    f.mode.length === 1 && f.mode[0] === mode;
	return <Tile pressed={pressed} tone="total"
		label={<>{what} <Change value={of.profit} of={of} what={t("tiles.floating")} /></>}
		title={t("tiles.only", { what, coverage: coverage(of, (s) => status_info(s).label) })}
		onClick={() => set_filter(pressed ? { currency: [], mode: [] } :
			{ currency: [of.currency], mode: [mode] })}>
		<span class="line">
			<span class="figure">{fmt.money(of.equity, of.currency === "USC" ? "USC" : null,
				of.currency_digits)}</span>
			{of.day === null || Object.keys(of.left_out).length > 0 ? <Count of={of} /> :
				<span class="today">{t("tiles.today")}{" "}
					<Change value={of.day} of={of} what={t("tiles.today_title")}
						estimated={of.estimated} /></span>}
		</span>
	</Tile>;
}

function Counted({ rows, now_ms }: { rows: Row[]; now_ms: number }) {
	const live = rows.filter((r) => is_live(r, now_ms));
	const known = live.filter((r) => r.positions !== null);
	const positions = known.reduce((n, r) => n + (r.positions ?? 0), 0);
	const losing = live.filter(is_losing).length;
	const on = view.value.filter.losing;
	return <>
		<Tile label={t("tiles.positions")} onClick={() => sort_by("positions")}
			title={t("tiles.positions_title")}>
			<span class="line"><span class="figure">{known.length ? fmt.count(positions) : "–"}</span>
				<span class="faint">{t("tiles.in_accounts",
					{ n: known.filter((r) => r.positions).length })}</span></span>
		</Tile>
		<Tile label={t("tiles.losing")} pressed={on} onClick={() => set_filter({ losing: !on })}
			title={t("tiles.losing_title")}>
			<span class="line"><span class="figure">{losing}<small> {t("tiles.of", { n: live.length })}</small></span></span>
		</Tile>
	</>;
}

/* The live account that has used most of an allowance. */
function Closest({ rows, now_ms }: { rows: Row[]; now_ms: number }) {
	let worst: Row | null = null;
	let used = -1;
	for (const row of rows) {
		const u = Math.max(row.rules?.used_today ?? -1, row.rules?.used_total ?? -1,
			...other_lines(row).filter(is_limit).map((l) => l.used ?? -1));
		if (u > used && is_live(row, now_ms) && row.phase?.status !== "breached") {
			used = u;
			worst = row;
		}
	}
	if (!worst)
		return null;
	return <Tile label={t("tiles.closest")} tone={`level${used_level(used)}`}
		title={t("tiles.closest_title")} onClick={() => sort_by("today_left")}>
		<span class="line"><span class="figure">{fmt.percent(used * 100, 0)}</span>
			<span class="faint clip">{row_title(worst)}</span></span>
	</Tile>;
}

export function Tiles() {
	const rows = shown_rows.value;
	const now_ms = judged_ms.value;
	return <section class="tiles" aria-label={t("tiles.fleet")}>
		<AccountsTile rows={rows} now_ms={now_ms} />
		<Counted rows={rows} now_ms={now_ms} />
		<Closest rows={rows} now_ms={now_ms} />
		{totals(rows, now_ms).map((of) => <TotalTile key={of.key} of={of} />)}
	</section>;
}

/* That the figures are of some accounts only. */
export function ShownOf() {
	const rows = shown_rows.value;
	if (rows.length === all_rows.value.length)
		return null;
	return <p class="of">
		{t("tiles.shown", { n: rows.length, all: all_rows.value.length })}{" "}
		<button type="button" class="plain" onClick={clear_filter}>{t("tiles.show_them")}</button>
	</p>;
}

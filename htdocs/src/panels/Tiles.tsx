// Tiles.tsx: the fleet in a few figures; they follow the filter, a click filters.
import type { ComponentChildren } from "preact";
import * as fmt from "../format.ts";
import { is_losing } from "../filter.ts";
import { is_live, shown_status } from "../rows.ts";
import { all_rows, judged_ms } from "../state.ts";
import { status_info, status_rank } from "../status.ts";
import { coverage, totals, type Total } from "../totals.ts";
import type { Row } from "../types.ts";
import { clear_filter, set_filter, shown_rows, sort_by, view } from "../view.ts";
import { used_level } from "../cells.tsx";

function Tile({ label, pressed, onClick, children, title, tone }: { label: ComponentChildren;
    pressed?: boolean; onClick: () => void; children: ComponentChildren; title?: string;
    tone?: string }) {
	return <button type="button" class={`tile ${tone ?? ""}`} aria-pressed={pressed}
		onClick={onClick} title={title}>
		<span class="label">{label}</span>
		{children}
	</button>;
}

function by_status(rows: Row[], now_ms: number): [string, number][] {
	const counts = new Map<string, number>();
	for (const row of rows) {
		const word = shown_status(row, now_ms);
		counts.set(word, (counts.get(word) ?? 0) + 1);
	}
	return [...counts].sort((a, b) => status_rank(b[0]) - status_rank(a[0]));
}

/* Not one button: each count in it is one. */
function AccountsTile({ rows, now_ms }: { rows: Row[]; now_ms: number }) {
	const live = rows.filter((r) => is_live(r, now_ms)).length;
	const chosen = view.value.filter.status;
	return <div class="tile accounts">
		<span class="label">Live accounts</span>
		<button type="button" class="figure" onClick={clear_filter} title="Show all accounts">
			{live}<small> of {rows.length}</small>
		</button>
		<span class="parts">
			{by_status(rows, now_ms).map(([word, n]) =>
				<button type="button" key={word} class={`part ${status_info(word).kind}`}
					aria-pressed={chosen.includes(word)} title={status_info(word).text}
					onClick={() => set_filter({ status: chosen.includes(word) ? [] : [word] })}>
					{n} {status_info(word).label}
				</button>)}
		</span>
	</div>;
}

function TotalTile({ t }: { t: Total }) {
	const mode = fmt.trade_mode(t.trade_mode);
	const f = view.value.filter;
	const pressed = f.currency.length === 1 && f.currency[0] === t.currency &&
	    f.mode.length === 1 && f.mode[0] === mode;
	const tone = fmt.tone(t.profit);
	return <Tile pressed={pressed} tone="total"
		label={<>{t.currency} {mode} <i>{coverage(t, (s) => status_info(s).label)}</i></>}
		title={`Show only ${t.currency} ${mode}. Sums are of live accounts.`}
		onClick={() => set_filter(pressed ? { currency: [], mode: [] } :
			{ currency: [t.currency], mode: [mode] })}>
		<span class="figure">{fmt.money(t.equity, t.currency === "USC" ? "USC" : null,
			t.currency_digits)}</span>
		<span class="parts">
			<span class={tone}>{fmt.arrow(t.profit)} {fmt.signed(t.profit, t.currency_digits)}</span>
			{t.day !== null && <span class="faint">today {fmt.signed(t.day, t.currency_digits)}</span>}
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
		<Tile label="Open positions" onClick={() => sort_by("positions")}
			title="Sort by open positions">
			<span class="figure">{known.length ? fmt.count(positions) : "–"}</span>
			<span class="parts faint">in {known.filter((r) => r.positions).length} accounts</span>
		</Tile>
		<Tile label="Losing now" pressed={on} onClick={() => set_filter({ losing: !on })}
			title="Show only accounts with a floating loss">
			<span class="figure">{losing}<small> of {live.length}</small></span>
			<span class="parts faint">floating P/L below 0</span>
		</Tile>
	</>;
}

/* The live account that has used most of an allowance. */
function Closest({ rows, now_ms }: { rows: Row[]; now_ms: number }) {
	let worst: Row | null = null;
	let used = -1;
	for (const row of rows) {
		const u = Math.max(row.rules?.used_today ?? -1, row.rules?.used_total ?? -1);
		if (u > used && is_live(row, now_ms)) {
			used = u;
			worst = row;
		}
	}
	if (!worst)
		return null;
	return <Tile label="Closest to a limit" tone={`level${used_level(used)}`}
		title="Sort by the loss permitted today" onClick={() => sort_by("today_left")}>
		<span class="figure">{fmt.percent(used * 100, 0)}</span>
		<span class="parts faint clip">{worst.account?.name || worst.login}</span>
	</Tile>;
}

export function Tiles() {
	const rows = shown_rows.value;
	const now_ms = judged_ms.value;
	return <section class="tiles" aria-label="Fleet">
		<AccountsTile rows={rows} now_ms={now_ms} />
		{totals(rows, now_ms).map((t) => <TotalTile key={t.key} t={t} />)}
		<Counted rows={rows} now_ms={now_ms} />
		<Closest rows={rows} now_ms={now_ms} />
		{rows.length < all_rows.value.length && <p class="of">
			{rows.length} of {all_rows.value.length} accounts shown; these figures are theirs.{" "}
			<button type="button" class="plain" onClick={clear_filter}>Show all</button>
		</p>}
	</section>;
}

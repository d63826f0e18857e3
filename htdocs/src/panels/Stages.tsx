// Stages.tsx: how many accounts there are, how many are live, and in which phase.
import { t } from "../text.tsx";
import { is_losing } from "../filter.ts";
import * as fmt from "../format.ts";
import { is_over } from "../limits.ts";
import { is_live, row_title, shown_status } from "../rows.ts";
import { judged_ms, trusted } from "../state.ts";
import { status_info } from "../status.ts";
import type { Row } from "../types.ts";
import { clear_filter, open_row, set_filter, shown_rows, sort_by, toggle_facet, view } from "../view.ts";
import { target_done } from "../columns.tsx";
import { shown_totals } from "../sums.ts";
import { FleetCurve } from "./FleetCurve.tsx";

/* Not one button: the count of those that are not live is one, too. */
function Live({ rows, now_ms }: { rows: Row[]; now_ms: number }) {
	const dead = rows.filter((r) => !is_live(r, now_ms));
	const words = [...new Set(dead.map((r) => shown_status(r, now_ms)))].sort();
	const on = view.value.filter.status.slice().sort().join() === words.join();
	return <div class="accounts tile-part">
		<dt class="label">{trusted.value ? t("fleet.live") : t("fleet.were_live")}</dt>
		<dd><button type="button" class="plain figure" onClick={clear_filter} title={t("fleet.show_all")}>
			{rows.length - dead.length}<small> {t("fleet.of", { n: rows.length })}</small></button>
		{dead.length > 0 && <button type="button" class="part bad" aria-pressed={on}
			title={words.map((w) => status_info(w).label).join(", ")}
			onClick={() => set_filter({ status: on ? [] : words })}>
			{t("fleet.not_live", { n: dead.length })}</button>}</dd>
	</div>;
}

function Counted({ rows, now_ms }: { rows: Row[]; now_ms: number }) {
	const live = rows.filter((r) => is_live(r, now_ms));
	const known = live.filter((r) => r.positions !== null);
	const positions = known.reduce((n, r) => n + (r.positions ?? 0), 0);
	const on = view.value.filter.losing;
	return <>
		<div class="tile-part"><dt>{t("fleet.positions")}</dt>
			<dd><button type="button" class="plain figure" onClick={() => sort_by("positions")}
				title={t("fleet.sort_positions")}>{known.length ? fmt.count(positions) : "–"}</button></dd></div>
		<div class="tile-part"><dt>{t("fleet.losing")}</dt>
			<dd><button type="button" class="plain figure" aria-pressed={on} title={t("fleet.show_losing")}
				onClick={() => set_filter({ losing: !on })}>
				{live.filter(is_losing).length}<small> {t("fleet.of", { n: live.length })}</small></button></dd></div>
	</>;
}

interface Stage {
	phase: string;
	accounts: number;
	nearest: Row | null; /* that has gained most of its target */
	done: number;
}

function stages(rows: Row[], now_ms: number): Stage[] {
	const by = new Map<string, Stage>();
	for (const row of rows) {
		const phase = row.phase?.phase ?? "none";
		const s = by.get(phase) ?? { phase, accounts: 0, nearest: null, done: 0 };
		s.accounts++;
		const done = is_live(row, now_ms) && !is_over(row) ? target_done(row) ?? 0 : 0;
		if (done > s.done)
			Object.assign(s, { nearest: row, done });
		by.set(phase, s);
	}
	return [...by.values()].sort((a, b) => a.phase === "none" ? 1 : b.phase === "none" ? -1 :
		a.phase.localeCompare(b.phase));
}

/* A button each: how many are in it, a click shows those. */
function StageChip({ s }: { s: Stage }) {
	const name = s.phase === "none" ? t("fleet.no_phase") : s.phase;
	return <button type="button" class="chip" aria-pressed={view.value.filter.phase.includes(s.phase)}
		title={t("fleet.show_phase", { phase: name })} onClick={() => toggle_facet("phase", s.phase)}>
		<bdi>{name}</bdi> <span class="n">{fmt.count(s.accounts)}</span></button>;
}

/* The account that has gained most of its target. */
function Nearest({ list }: { list: Stage[] }) {
	const s = list.reduce<Stage | null>((best, x) => x.nearest && x.done > (best?.done ?? 0) ? x : best, null);
	if (!s?.nearest)
		return null;
	const a = s.nearest.account;
	const left = s.nearest.rules?.target_left;
	return <p class="nearest"><span class="faint">{t("fleet.nearest")}</span>{" "}
		<button type="button" class="plain" onClick={() => open_row(s.nearest!)}>
			<b>{fmt.percent(s.done * 100, 0)}</b> <bdi>{row_title(s.nearest)}</bdi></button>
		{s.done < 1 && <span class="faint"> {t("fleet.to_go", { left: fmt.money(left, a?.currency, a?.currency_digits) })}</span>}</p>;
}

export function Stages() {
	const rows = shown_rows.value;
	const now_ms = judged_ms.value;
	const list = stages(rows, now_ms);
	return <section class="tile stages" aria-label={t("fleet.title")}>
		<dl class="counts"><Live rows={rows} now_ms={now_ms} /><Counted rows={rows} now_ms={now_ms} /></dl>
		<div class="chips" role="group" aria-label={t("fleet.phase")}>
			{list.map((s) => <StageChip key={s.phase} s={s} />)}</div>
		<Nearest list={list} />
		<FleetCurve first={shown_totals.value[0] ?? null} />
	</section>;
}

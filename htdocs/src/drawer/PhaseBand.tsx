// PhaseBand.tsx: the phases so far as one band, as long as each lasted.
import { now } from "../clock.ts";
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import type { Period, Row } from "../types.ts";
import { t, word } from "../text.tsx";

function span_of(p: Period, now_ms: number): [number, number] {
	const from = Date.parse(p.start_utc ?? "");
	return [from, p.end_utc ? Date.parse(p.end_utc) : Math.max(now_ms, from)];
}

function words(p: Period, from: number, to: number, row: Row): string {
	const at = (ms: number) => fmt.row_moment(row, ms, prefs.value.zone, false);
	return t("phase.band_piece", { phase: p.phase ?? "–",
		status: p.status ? word("phase_status", p.status) : "", from: at(from),
		to: p.end_utc ? at(to) : t("word.now"), age: fmt.age(to - from) });
}

/* Oldest first, each wide as its time, but never too narrow to be seen. */
export function PhaseBand({ list, row }: { list: Period[]; row: Row }) {
	const now_ms = now.peek();
	const spans = list.map((p) => ({ p, span: span_of(p, now_ms) }))
		.filter(({ span: [from] }) => !Number.isNaN(from)).reverse();
	if (spans.length === 0)
		return null;
	return <p class="band" role="list" aria-label={t("phase.band")}>
		{spans.map(({ p, span: [from, to] }) => <span key={from} role="listitem"
			class={`piece ${p.status ?? ""}`} title={words(p, from, to, row)}
			style={{ flexGrow: Math.max(1, to - from) }}>{p.phase ?? "–"}
			<span class="unseen">{words(p, from, to, row)}</span></span>)}
	</p>;
}

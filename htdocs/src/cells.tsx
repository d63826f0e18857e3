// cells.tsx: the small pieces a row is made of.
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { computed } from "@preact/signals";
import { now, server_now } from "./clock.ts";
import * as fmt from "./format.ts";
import type { Money } from "./money.ts";
import { node_word } from "./nodes.ts";
import { prefs } from "./prefs.ts";
import { shown_status } from "./rows.ts";
import { trusted } from "./state.ts";
import { status_info } from "./status.ts";
import type { Row } from "./types.ts";
import { t } from "./text.tsx";

const FLASH_MS = 280;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/* Text that lights up shortly when it changes. */
function Changing({ text, tone }: { text: string; tone: string }) {
	const span = useRef<HTMLSpanElement>(null);
	const before = useRef(text);
	useLayoutEffect(() => {
		if (before.current !== text && !calm.matches)
			span.current?.animate({ backgroundColor: ["var(--flash)", "transparent"] },
				{ duration: FLASH_MS });
		before.current = text;
	}, [text]);
	return <span ref={span} class={`value ${tone}`}>{text}</span>;
}

export function Value({ text, title, tone }: { text: string; title?: string; tone?: string }) {
	return <span class={tone ? `value ${tone}` : "value"} title={title}>{text}</span>;
}

/* Only USC has its unit in each cell: the others have the currency's column. */
function Unit({ currency }: { currency: string | null | undefined }) {
	return <span class="unit">{currency === "USC" ? "¢" : ""}</span>;
}

export function Amount({ value, row }: { value: Money | null | undefined; row: Row }) {
	const a = row.account;
	return <>
		<Value text={fmt.amount(value, a?.currency_digits)} />
		<Unit currency={value == null ? null : a?.currency} />
	</>;
}

export function Gain({ value, row, estimated }: { value: Money | null | undefined; row: Row;
    estimated?: boolean | null | undefined }) {
	const a = row.account;
	const tone = fmt.tone(value);
	return <>
		{estimated && value != null && <span class="approx" title={t("estimated.baseline")}>≈</span>}
		<span class={`arrow ${tone}`} aria-hidden="true">{fmt.arrow(value)}</span>
		<Changing text={fmt.signed(value, a?.currency_digits)} tone={tone} />
		<Unit currency={value == null ? null : a?.currency} />
	</>;
}

export function GainPercent({ value }: { value: number | null | undefined }) {
	return <Value text={fmt.signed_percent(value)} tone={fmt.tone(value)} />;
}

/* A broker's time by the clock of the zone chosen; to the second as a title. */
export function BrokerTime({ row, ...of }: fmt.BrokerMoment & { row: Row }) {
	const zone = prefs.value.zone;
	const at = `${fmt.broker_moment(of, zone)} ${fmt.zone_name(zone)}`;
	return <time title={of.estimated && zone !== "broker" ? t("time.estimated", { at }) : at}>
		{fmt.short_broker_moment(of, zone, server_now(), row.broker_offset_s)}</time>;
}

/* How long ago, ticking by itself; the exact moment as a title. */
export function Age({ at_ms, row }: { at_ms: number | null; row?: Row }) {
	const words = at_ms === null ? "–" : fmt.age(now.value - at_ms);
	const zone = prefs.value.zone;
	const title = at_ms === null ? t("time.never_seen") :
	    `${fmt.moment(at_ms, zone, row?.broker_offset_s ?? null)} ${fmt.zone_name(zone)}`;
	return <time class="age" title={title}>{words}</time>;
}

/* The status, and with it the redraw when it turns stale by the clock alone. */
export function useStatus(row: Row): string {
	const word = useMemo(() => computed(() => shown_status(row, now.value)), [row]);
	return word.value;
}

export function StatusPill({ row }: { row: Row }) {
	const word = useStatus(row);
	const info = status_info(word);
	const since = row.since_ms;
	const title = [info.text, row.error, since === null ? null :
	    t("time.since", { at: fmt.moment(since, prefs.value.zone, row.broker_offset_s) })]
		.filter(Boolean).join("\n");
	const away = node_word(row.node);
	return <span class="states"><span class={`pill ${info.kind}`} title={title}>
		{trusted.value ? info.label : t("status.was", { status: info.label })}</span>
		{away && <span class="away" title={t("status.no_alert", { node: row.node })}>{t(`node.${away}`)}</span>}
		{/* a machine that joined and has shown no account yet waits for this alone */
		row.account === null && word === "terminal_down" &&
			<span class="away" title={t("status.bridge_steps")}>{t("status.start_bridge")}</span>}</span>;
}

const warn_at = [0.70, 0.85, 0.95];

/* 0 calm … 3 nearly used up (a rule set's warn_at). */
export function used_level(used: number | null | undefined): number {
	return used == null ? 0 : warn_at.filter((w) => used >= w).length;
}

export function Bar({ used, level, label }:
    { used: number | null | undefined; level: number; label: string }) {
	if (used == null)
		return null;
	const width = `${Math.round(Math.min(1, Math.max(0, used)) * 100)}%`;
	return <span class={level < 0 ? "bar done" : `bar level${level} marked`} role="img" aria-label={label} title={label}>
		<span style={{ width }} />
	</span>;
}

/* Money left of an allowance, and how much of it is used. */
export function Left({ value, used, row, what }: { value: number | null | undefined;
    used: number | null | undefined; row: Row; what: string }) {
	const label = used == null ? t("cell.usage_unknown", { what }) :
		t(row.rules?.estimated ? "cell.used_estimated" : "cell.used",
			{ what, share: fmt.percent(used * 100, 0) });
	return <span class={`left level${used_level(used)}`}>
		<span class="nowrap">
			{row.rules?.estimated && value != null && <span class="approx" title={t("estimated.baseline")}>≈</span>}
			<Amount value={value} row={row} />
		</span>
		<Bar used={used} level={used_level(used)} label={label} />
	</span>;
}

// format.ts: every number, time and age on the page is put into words here.
import { date_text, language, number_maker, thin } from "./language.ts";
import { as_number, type Money } from "./money.ts";
import { t } from "./text.tsx";

const UNKNOWN = "–";
const MINUS = "−";

/* By the page's language with thousands apart by a thin space, or as the
 * browser's own locale has it. */
let by_locale = false;

export function set_number_style(style: "plain" | "locale"): void {
	by_locale = style === "locale";
}

function maker(min: number, max: number): Intl.NumberFormat {
	return number_maker(by_locale ? undefined : language(), min, max);
}

function written(value: number | bigint, min: number, max: number): string {
	const f = maker(min, max);
	return by_locale ? f.format(value) : thin(f.formatToParts(value));
}

/* A sum beyond what a number carries: all of its digits. */
function exact_text(size: bigint, min: number, max: number): string {
	const unit = 10n ** BigInt(8 - max), tail = 10n ** BigInt(max);
	const rounded = (size + unit / 2n) / unit;
	const part = String(rounded % tail).padStart(max, "0").replace(
		new RegExp(`0{0,${max - min}}$`), "");
	const point = maker(1, 1).formatToParts(0.5).find((p) => p.type === "decimal")?.value ?? ".";
	return written(rounded / tail, 0, 0) + (max > 0 && part ? point + part : "");
}

/* 12345.6 → "12 345.60"; a negative number gets a true minus. */
function digits(value: Money, min: number, max: number): string {
	const text = typeof value === "bigint" ? exact_text(value < 0n ? -value : value, min, max) :
		written(Math.abs(value), min, max);
	return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

function is_known<T extends Money>(value: T | null | undefined): value is T {
	return typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value));
}

function has_cents(value: Money): boolean {
	if (typeof value === "bigint")
		return value % 100_000_000n !== 0n;
	return !Number.isInteger(value) && Math.round(value * 100) % 100 !== 0;
}

/*
 * Decimals of an amount: as the account says, but cents that are there although
 * it says 0 (JPY with 2726.21) are shown, both of them.
 */
export function amount(value: Money | null | undefined,
    currency_digits: number | null | undefined): string {
	if (!is_known(value))
		return UNKNOWN;
	const own = Math.min(Math.max(currency_digits ?? 2, 0), 8);
	const places = own < 2 && has_cents(value) ? 2 : own;
	return digits(value, places, places);
}

/* The unit behind an amount: USC is not an ISO currency, it is US cents. */
export function unit(currency: string | null | undefined): string {
	return currency === "USC" ? "¢" : currency ?? "";
}

export function money(value: Money | null | undefined,
    currency: string | null | undefined,
    currency_digits: number | null | undefined): string {
	const text = amount(value, currency_digits);
	return text === UNKNOWN || !currency ? text : `${text}\u00a0${unit(currency)}`;
}

/* For a sum where cents say nothing any more; the whole of it stands in a title. */
export function rounded(value: Money | null | undefined,
    currency_digits: number | null | undefined): string {
	return is_known(value) && Math.abs(as_number(value)) >= 10_000 ?
		digits(value, 0, 0) : amount(value, currency_digits);
}

export function signed_rounded(value: Money | null | undefined,
    currency_digits: number | null | undefined): string {
	const text = rounded(value, currency_digits);
	return is_known(value) && value > 0 && /[1-9]/.test(text) ? "+" + text : text;
}

export function signed(value: Money | null | undefined,
    currency_digits: number | null | undefined): string {
	const text = amount(value, currency_digits);
	return is_known(value) && value > 0 && /[1-9]/.test(text) ? "+" + text : text;
}

/* Colour is never alone: the arrow says it as well. */
export function arrow(value: Money | null | undefined): string {
	if (!is_known(value) || value === 0)
		return "";
	return value > 0 ? "▲" : "▼";
}

export function tone(value: Money | null | undefined): "up" | "down" | "flat" {
	if (!is_known(value) || value === 0)
		return "flat";
	return value > 0 ? "up" : "down";
}

export function percent(value: number | null | undefined, places = 2): string {
	if (!is_known(value))
		return UNKNOWN;
	return digits(value, places, places) + "\u00a0%";
}

export function signed_percent(value: number | null | undefined, places = 2): string {
	const text = percent(value, places);
	return is_known(value) && value > 0 && /[1-9]/.test(text) ? "+" + text : text;
}

export function count(value: number | null | undefined): string {
	return is_known(value) ? digits(value, 0, 0) : UNKNOWN;
}

/* For narrow places: "+12.3K"; the whole amount stands in a title. */
export function compact(value: Money | null | undefined): string {
	if (!is_known(value))
		return UNKNOWN;
	const near = as_number(value), size = Math.abs(near);
	const [by, letter] = size >= 1e6 ? [1e6, "M"] : size >= 1e4 ? [1e3, "K"] : [1, ""];
	const places = letter ? 1 : size >= 100 || size === 0 ? 0 : 2;
	const text = digits(near / by, letter || Number.isInteger(near) ? 0 : places, places);
	return (value > 0 && /[1-9]/.test(text) ? "+" : "") + text + letter;
}

/* A price or a volume: the digits that are there. */
export function plain(value: Money | null | undefined, min = 0): string {
	return is_known(value) ? digits(value, min, 8) : UNKNOWN;
}

/* A sum of accounts whose decimals differ: all that are there. */
export function signed_plain(value: Money | null | undefined, min: number): string {
	return (is_known(value) && value > 0 ? "+" : "") + plain(value, min);
}

/* MT5 writes 0 for a stop loss that is not set. */
export function price_or_none(value: number | null | undefined): string {
	return value === 0 ? UNKNOWN : plain(value);
}

export function text(value: string | number | null | undefined): string {
	return value === null || value === undefined || value === "" ? UNKNOWN : String(value);
}

export function age(ms: number | null | undefined): string {
	if (!is_known(ms))
		return UNKNOWN;
	const s = Math.max(0, Math.floor(ms / 1000));
	if (s < 60)
		return `${s} s`;
	if (s < 3600)
		return `${Math.floor(s / 60)} min`;
	if (s < 86400)
		return `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
	return `${Math.floor(s / 86400)} d ${Math.floor(s % 86400 / 3600)} h`;
}

export type Zone = "local" | "utc" | "broker";

/* How much of a moment is said. */
export type Span = "full" | "minute" | "time" | "time_minute" | "day_month" | "day";

/* Of a clock whose reading stands as if it were UTC; what no date can hold is unknown. */
function wall(ms: number, span: Span): string {
	return Math.abs(ms) <= 8.64e15 ? date_text(span, ms) : UNKNOWN;
}

/* What the zone's clock shows at a moment, as if it were UTC; null: not known. */
function zone_ms(utc_ms: number | null | undefined, zone: Zone, broker_offset_s: number | null):
    number | null {
	if (!is_known(utc_ms) || (zone === "broker" && broker_offset_s === null))
		return null;
	return utc_ms + (zone === "broker" ? broker_offset_s! * 1000 : zone === "local" ?
		-new Date(utc_ms).getTimezoneOffset() * 60000 : 0);
}

/* UTC ms → wall clock of the zone; the broker's needs its offset. */
export function moment_of(utc_ms: number | null | undefined, zone: Zone,
    broker_offset_s: number | null, span: Span): string {
	const at = zone_ms(utc_ms, zone, broker_offset_s);
	return at === null ? UNKNOWN : wall(at, span);
}

export function moment(utc_ms: number | null | undefined, zone: Zone,
    broker_offset_s: number | null = null, with_seconds = true): string {
	return moment_of(utc_ms, zone, broker_offset_s, with_seconds ? "full" : "minute");
}

/* Does a day begin at this moment, by the zone's clock? */
export function begins_a_day(utc_ms: number, zone: Zone, broker_offset_s: number | null): boolean {
	return (zone_ms(utc_ms, zone, broker_offset_s) ?? 1) % 86_400_000 === 0;
}

/* A broker's clock: its offset now, and its zone where that is known. */
interface BrokerClock {
	broker_offset_s: number | null;
	broker_zone: string | null;
}

const NEW_YORK_CLOSE = "New York close"; /* 17:00 there is midnight */
const clocks = new Map<string, Intl.DateTimeFormat | null>();

function clock_of(zone: string): Intl.DateTimeFormat | null {
	if (!clocks.has(zone)) {
		try {
			clocks.set(zone, new Intl.DateTimeFormat("en-US", {
				timeZone: zone === NEW_YORK_CLOSE ? "America/New_York" : zone,
				hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
				hour: "numeric", minute: "numeric", second: "numeric" }));
		} catch {
			clocks.set(zone, null); /* a zone that this browser does not know */
		}
	}
	return clocks.get(zone)!;
}

/* What the broker's clock was, or will be, ahead of UTC at a moment. */
export function broker_offset(of: BrokerClock, utc_ms: number): number | null {
	const clock = of.broker_zone === null ? null : clock_of(of.broker_zone);
	if (!clock || !(Math.abs(utc_ms) <= 8.64e15))
		return of.broker_offset_s;
	const p = Object.fromEntries(clock.formatToParts(utc_ms).map((x) => [x.type, Number(x.value)]));
	const wall_ms = Date.UTC(p.year!, p.month! - 1, p.day, p.hour, p.minute, p.second);
	return Math.round((wall_ms - utc_ms) / 1000) +
	    (of.broker_zone === NEW_YORK_CLOSE ? 7 * 3600 : 0);
}

/* A moment that may be of another season, by the clock of a row's broker. */
export function row_moment(of: BrokerClock, utc_ms: number | null | undefined, zone: Zone,
    with_seconds = true): string {
	return moment(utc_ms, zone, zone === "broker" && is_known(utc_ms) ?
		broker_offset(of, utc_ms) : null, with_seconds);
}

/*
 * A broker's time: its wall clock (ms, written as Unix time), and the UTC that
 * the server found for it. Without that the broker's time is shown and said;
 * one that nobody has confirmed is marked.
 */
export interface BrokerMoment {
	msc: number | null | undefined;
	utc: string | null | undefined;
	estimated?: boolean | null | undefined;
}

export function broker_moment(of: BrokerMoment, zone: Zone, with_seconds = true): string {
	if (!is_known(of.msc) || of.msc === 0)
		return UNKNOWN;
	const span = with_seconds ? "full" : "minute";
	if (zone === "broker")
		return wall(of.msc, span);
	if (!of.utc)
		return t("time.by_broker", { at: wall(of.msc, span) });
	return (of.estimated ? "≈\u202f" : "") + moment(Date.parse(of.utc), zone, null, with_seconds);
}

/* As broker_moment, without the day where it is today's, or the year where it is this. */
export function short_broker_moment(of: BrokerMoment, zone: Zone, now_utc_ms: number,
    broker_offset_s: number | null): string {
	const by_broker = zone === "broker" || !of.utc;
	const at = by_broker ? of.msc : zone_ms(Date.parse(of.utc!), zone, null);
	const today = zone_ms(now_utc_ms, zone, broker_offset_s);
	if (!is_known(at) || at === 0 || today === null || !(Math.abs(at) <= 8.64e15))
		return broker_moment(of, zone, false);
	const text = wall(at, "day") === wall(today, "day") ? wall(at, "time_minute") :
		new Date(at).getUTCFullYear() === new Date(today).getUTCFullYear() ?
			`${wall(at, "day_month")} ${wall(at, "time_minute")}` : wall(at, "minute");
	if (by_broker)
		return zone === "broker" ? text : t("time.by_broker", { at: text });
	return (of.estimated ? "≈\u202f" : "") + text;
}

export function clock(utc_ms: number | null, zone: Zone): string {
	return moment_of(utc_ms, zone === "broker" ? "local" : zone, null, "time");
}

let local_zone: string | undefined;

export function zone_name(zone: Zone): string {
	if (zone === "utc")
		return "UTC";
	if (zone === "broker")
		return t("time.broker");
	local_zone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
	return local_zone || t("time.local");
}

export function utc_offset(s: number | null | undefined): string {
	return is_known(s) ? `UTC ${s < 0 ? MINUS : "+"}${plain(Math.abs(s) / 3600)} h` : UNKNOWN;
}

/* The word in addresses and files, the same in every language; null: not known. */
export function trade_mode_word(mode: number | null | undefined): "demo" | "contest" | "real" | null {
	return mode === 0 ? "demo" : mode === 1 ? "contest" : mode === 2 ? "real" : null;
}

export function trade_mode(mode: number | null | undefined): string {
	const word = trade_mode_word(mode);
	return word === null ? UNKNOWN : t(`mode.${word}`);
}

export function order_type(type: number | null | undefined): string {
	return !is_known(type) ? UNKNOWN : type >= 0 && type <= 8 ? t(`order.${type as 0}`) :
		t("order.other", { type: String(type) });
}

export function yes_no(value: boolean | null | undefined): string {
	return value === true ? t("word.yes") : value === false ? t("word.no") : UNKNOWN;
}

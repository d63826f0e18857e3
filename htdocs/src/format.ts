// format.ts: every number, time and age on the page is put into words here.
import { as_number, type Money } from "./money.ts";

const UNKNOWN = "–";
const MINUS = "−";
const THIN = "\u202f"; /* narrow no-break space between thousands */

let by_locale = false;
const makers = new Map<string, Intl.NumberFormat>();

export function set_number_style(style: "plain" | "locale"): void {
	by_locale = style === "locale";
	makers.clear();
}

function maker(min: number, max: number): Intl.NumberFormat {
	const key = `${min}/${max}`;
	let f = makers.get(key);
	if (!f) {
		f = new Intl.NumberFormat(by_locale ? undefined : "en-US", {
			minimumFractionDigits: min, maximumFractionDigits: max });
		makers.set(key, f);
	}
	return f;
}

/* A sum beyond what a number carries: all of its digits. */
function exact_text(size: bigint, min: number, max: number): string {
	const unit = 10n ** BigInt(8 - max), tail = 10n ** BigInt(max);
	const rounded = (size + unit / 2n) / unit;
	const part = String(rounded % tail).padStart(max, "0").replace(
		new RegExp(`0{0,${max - min}}$`), "");
	const point = maker(1, 1).formatToParts(0.5).find((p) => p.type === "decimal")?.value ?? ".";
	return maker(0, 0).format(rounded / tail) + (max > 0 && part ? point + part : "");
}

/* 12345.6 → "12 345.60"; a negative number gets a true minus. */
function digits(value: Money, min: number, max: number): string {
	const text = typeof value === "bigint" ? exact_text(value < 0n ? -value : value, min, max) :
		maker(min, max).format(Math.abs(value));
	const body = by_locale ? text : text.replaceAll(",", THIN);
	return value < 0 && /[1-9]/.test(text) ? MINUS + body : body;
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

function two(n: number): string {
	return String(n).padStart(2, "0");
}

/* The parts of a Date whose UTC fields hold the wanted wall clock. */
function wall(d: Date, with_seconds: boolean): string {
	const day = `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
	const time = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
	return `${day} ${time}` + (with_seconds ? ":" + two(d.getUTCSeconds()) : "");
}

/* UTC ms → wall clock of the zone; the broker's needs its offset. */
export function moment(utc_ms: number | null | undefined, zone: Zone,
    broker_offset_s: number | null = null, with_seconds = true): string {
	if (!is_known(utc_ms))
		return UNKNOWN;
	let shift = 0;
	if (zone === "broker") {
		if (broker_offset_s === null)
			return UNKNOWN;
		shift = broker_offset_s * 1000;
	} else if (zone === "local") {
		shift = -new Date(utc_ms).getTimezoneOffset() * 60000;
	}
	return wall(new Date(utc_ms + shift), with_seconds);
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
	if (zone === "broker")
		return wall(new Date(of.msc), with_seconds);
	if (!of.utc)
		return wall(new Date(of.msc), with_seconds) + " (broker)";
	return (of.estimated ? "≈\u202f" : "") +
	    moment(Date.parse(of.utc), zone, null, with_seconds);
}

/* "2026-11-21 12:00" without the day where it is today's, or the year's. */
export function shorter(text: string, today: string): string {
	const mark = /^≈\u202f/.exec(text)?.[0] ?? "", rest = text.slice(mark.length);
	if (rest.startsWith(today.slice(0, 10)))
		return mark + rest.slice(11);
	return mark + (rest.startsWith(today.slice(0, 5)) ? rest.slice(5) : rest);
}

export function clock(utc_ms: number | null, zone: Zone): string {
	const full = moment(utc_ms, zone === "broker" ? "local" : zone);
	return full === UNKNOWN ? full : full.slice(11);
}

export function zone_name(zone: Zone): string {
	if (zone === "utc")
		return "UTC";
	if (zone === "broker")
		return "broker's time";
	return Intl.DateTimeFormat().resolvedOptions().timeZone || "local time";
}

export function utc_offset(s: number | null | undefined): string {
	return is_known(s) ? `UTC ${s < 0 ? MINUS : "+"}${plain(Math.abs(s) / 3600)} h` : UNKNOWN;
}

export function trade_mode(mode: number | null | undefined): string {
	return mode === 0 ? "demo" : mode === 1 ? "contest" : mode === 2 ? "real" : UNKNOWN;
}

const order_types = ["buy", "sell", "buy limit", "sell limit", "buy stop", "sell stop",
	"buy stop limit", "sell stop limit", "close by"];

export function order_type(type: number | null | undefined): string {
	return is_known(type) ? order_types[type] ?? `type ${type}` : UNKNOWN;
}

export function yes_no(value: boolean | null | undefined): string {
	return value === true ? "yes" : value === false ? "no" : UNKNOWN;
}

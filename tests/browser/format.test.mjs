// format.test.mjs: every way the page writes a number, an age and a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./lib.mjs";

const fmt = await load("format.ts");
const T = "\u202f"; /* between thousands */
const N = "\u00a0"; /* before a unit */

function table(name, cases, f) {
	for (const [args, want] of cases)
		test(`${name}(${JSON.stringify(args)}) is ${want}`, () =>
			assert.equal(f(...args), want));
}

table("amount", [
	[[6047.22, 2], `6${T}047.22`],
	[[0, 2], "0.00"],
	[[-0.001, 2], "0.00"],
	[[-1055.12, 2], `−1${T}055.12`],
	[[3002745, 0], `3${T}002${T}745`],
	[[2726.21, 0], `2${T}726.21`],
	[[2726.5, 0], `2${T}726.50`],
	[[-0.004, 0], "0"],
	[[1.5, 1], "1.50"],
	[[0.00012345, 8], "0.00012345"],
	[[1234567.891, 2], `1${T}234${T}567.89`],
	[[5, null], "5.00"],
	[[null, 2], "–"],
	[[undefined, 2], "–"],
	[[NaN, 2], "–"],
], fmt.amount);

table("money", [
	[[6047.22, "USC", 2], `6${T}047.22${N}¢`],
	[[12, "USD", 2], `12.00${N}USD`],
	[[3002745, "JPY", 0], `3${T}002${T}745${N}JPY`],
	[[null, "USD", 2], "–"],
], fmt.money);

table("signed", [
	[[12.5, 2], "+12.50"], [[-12.5, 2], "−12.50"], [[0, 2], "0.00"],
	[[0.001, 2], "0.00"], [[null, 2], "–"],
], fmt.signed);

table("arrow", [[[1], "▲"], [[-1], "▼"], [[0], ""], [[null], ""]], fmt.arrow);
table("tone", [[[1], "up"], [[-1], "down"], [[0], "flat"], [[null], "flat"]], fmt.tone);
table("signed_percent", [
	[[1.816], `+1.82${N}%`], [[-0.5], `−0.50${N}%`], [[null], "–"], [[0], `0.00${N}%`],
], fmt.signed_percent);

table("age", [
	[[0], "0 s"], [[-500], "0 s"], [[59_999], "59 s"], [[60_000], "1 min"],
	[[3_599_000], "59 min"], [[3_600_000], "1 h 0 min"], [[90_000_000], "1 d 1 h"],
	[[null], "–"],
], fmt.age);

const noon = Date.UTC(2026, 10, 21, 12, 0, 0);

table("moment", [
	[[noon, "utc"], "2026-11-21 12:00:00"],
	[[noon, "broker", 10800], "2026-11-21 15:00:00"],
	[[noon, "broker", null], "–"],
	[[null, "utc"], "–"],
], fmt.moment);

/* A broker's clock in the season of the moment, whatever its offset is now. */
const seasons = (zone) => ({ broker_offset_s: 10800, broker_zone: zone });
table("row_moment", [
	[[seasons("New York close"), noon, "broker"], "2026-11-21 14:00:00"],
	[[seasons("New York close"), Date.UTC(2026, 6, 1, 21), "broker"], "2026-07-02 00:00:00"],
	/* the American switch: 8 March and 1 November */
	[[seasons("New York close"), Date.UTC(2026, 2, 8, 6, 59, 59), "broker"], "2026-03-08 08:59:59"],
	[[seasons("New York close"), Date.UTC(2026, 2, 8, 7), "broker"], "2026-03-08 10:00:00"],
	[[seasons("New York close"), Date.UTC(2026, 10, 1, 6), "broker"], "2026-11-01 08:00:00"],
	[[seasons("Europe/Athens"), Date.UTC(2026, 9, 25, 0, 59), "broker"], "2026-10-25 03:59:00"],
	[[seasons("Europe/Athens"), Date.UTC(2026, 9, 25, 1), "broker"], "2026-10-25 03:00:00"],
	[[seasons("Etc/GMT-3"), noon, "broker", false], "2026-11-21 15:00"],
	[[seasons("Asia/Kathmandu"), 1.5e3, "broker"], "1970-01-01 05:30:01"],
	/* not known: the offset of now */
	[[seasons(null), Date.UTC(2026, 0, 1), "broker"], "2026-01-01 03:00:00"],
	[[seasons("Europe/Atlantis"), Date.UTC(2026, 0, 1), "broker"], "2026-01-01 03:00:00"],
	[[{ broker_offset_s: null, broker_zone: null }, noon, "broker"], "–"],
	[[{ broker_offset_s: null, broker_zone: "UTC" }, noon, "broker"], "2026-11-21 12:00:00"],
	[[seasons("New York close"), noon, "utc"], "2026-11-21 12:00:00"],
	[[seasons("UTC"), null, "broker"], "–"],
	[[seasons("UTC"), 1e300, "broker"], "–"],
], fmt.row_moment);

table("broker_moment", [
	[[{ msc: noon + 10_800_000, utc: "2026-11-21T12:00:00.000Z" }, "utc"], "2026-11-21 12:00:00"],
	[[{ msc: noon, utc: "2026-11-21T09:00:00.000Z" }, "broker"], "2026-11-21 12:00:00"],
	/* without its UTC it is the broker time, and is said to be */
	[[{ msc: noon, utc: null }, "utc"], "2026-11-21 12:00:00 (broker)"],
	[[{ msc: noon }, "local"], "2026-11-21 12:00:00 (broker)"],
	[[{ msc: 0, utc: null }, "utc"], "–"],
	[[{ msc: noon, utc: "2026-11-21T09:00:00.000Z", estimated: true }, "utc"],
		"≈\u202f2026-11-21 09:00:00"],
], fmt.broker_moment);

const six = noon + 6 * 3_600_000; /* now: 18:00 of that day */
table("short_broker_moment", [
	[[{ msc: noon, utc: "2026-11-21T12:00:00.000Z" }, "utc", six, 0], "12:00"],
	[[{ msc: noon, utc: "2026-11-20T12:00:00.000Z" }, "utc", six, 0], "11-20 12:00"],
	[[{ msc: noon - 365 * 86_400_000, utc: null }, "utc", six, 0], "2025-11-21 12:00 (broker)"],
	[[{ msc: noon, utc: null }, "utc", six, 0], "12:00 (broker)"],
	[[{ msc: noon, utc: null }, "broker", six, 0], "12:00"],
	[[{ msc: 0, utc: null }, "utc", six, 0], "–"],
	[[{ msc: noon, utc: "2026-11-21T12:00:00.000Z", estimated: true }, "utc", six, 0], "≈\u202f12:00"],
	[[{ msc: 1e17, utc: null }, "utc", six, 0], "– (broker)"],
], fmt.short_broker_moment);

table("signed_plain", [[[0.005, 2], "+0.005"], [[-3593, 2], `−3${T}593.00`], [[0, 2], "0.00"],
	[[null, 2], "–"]], fmt.signed_plain);
table("price_or_none", [[[0], "–"], [[1.0841], "1.0841"], [[null], "–"]], fmt.price_or_none);
table("order_type", [[[0], "buy"], [[7], "sell stop limit"], [[42], "type 42"], [[null], "–"]],
	fmt.order_type);
table("trade_mode", [[[0], "demo"], [[1], "contest"], [[2], "real"], [[null], "–"]],
	fmt.trade_mode);

test("numbers as the system writes them, when asked", () => {
	fmt.set_number_style("locale");
	assert.equal(fmt.amount(1234.5, 2), new Intl.NumberFormat(undefined,
		{ minimumFractionDigits: 2 }).format(1234.5));
	fmt.set_number_style("plain");
	assert.equal(fmt.amount(1234.5, 2), `1${T}234.50`);
});

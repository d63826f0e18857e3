// money.ts: sums of money, exact: whole multiples of 1e-8, as the ledger counts.

/*
 * An amount is a number wherever a number carries it (15 digits); a sum that
 * needs more is a bigint of whole 1e-8. format.ts shows both.
 */
export type Money = number | bigint;

const ONE = 100_000_000n;

/* The decimals that MT5 meant: those of the shortest text, not of the binary. */
export function scaled(value: Money): bigint {
	if (typeof value === "bigint")
		return value;
	const text = String(value);
	const [whole = "0", part = ""] = (text.includes("e") ? value.toFixed(8) : text).split(".");
	const digits = BigInt(whole.replace("-", "")) * ONE + BigInt(part.slice(0, 8).padEnd(8, "0")) +
	    (Number(part[8] ?? 0) >= 5 ? 1n : 0n);
	return text.startsWith("-") ? -digits : digits;
}

/* "-12.5" */
function text_of(sum: bigint): string {
	const size = sum < 0n ? -sum : sum;
	return `${sum < 0n ? "-" : ""}${size / ONE}.${String(size % ONE).padStart(8, "0")}`;
}

export function unscaled(sum: bigint): Money {
	const near = Number(text_of(sum));
	return scaled(near) === sum ? near : sum;
}

/* For what is drawn or compared: as near as a number comes. */
export function as_number(value: Money): number {
	return typeof value === "bigint" ? Number(text_of(value)) : value;
}

/* More than this is no money (lib/trading/money.h), but what a broken terminal says. */
const MOST = 1e15;

/* One unknown makes the sum unknown; of nothing it is 0. */
export function sum_of(values: Iterable<Money | null | undefined>): Money | null {
	let total = 0n;
	let cents = 0; /* of amounts that are whole cents, as nearly all are */
	for (const value of values) {
		if (value === null || value === undefined ||
		    (typeof value === "number" && !(Math.abs(value) <= MOST)))
			return null;
		const own = typeof value === "number" ? Math.round(value * 100) : NaN;
		if (own / 100 !== value || Math.abs(cents + own) > MOST)
			total += scaled(value);
		else
			cents += own;
	}
	return total === 0n ? cents / 100 : unscaled(total + BigInt(cents) * (ONE / 100n));
}

/* a less b, without what binary adds. */
export function less(a: number, b: number): number {
	return as_number(scaled(a) - scaled(b));
}

/*
 * A number in JSON that is exact as a text alone: money beyond 15 digits, with
 * 8 decimals at most. Prices have as many digits as a number needs.
 */
const LONG = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function is_lossy(text: string): boolean {
	return text.length > 16 && /^-?\d+(\.\d{1,8})?$/.test(text) &&
	    String(Number(text)) !== text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

/* As JSON.parse, but such a number becomes a bigint of whole 1e-8. */
export function parse_json(text: string): unknown {
	if (!/\d[\d.]{15}/.test(text))
		return JSON.parse(text);
	const mark = "\u0001";
	const safe = text.replace(LONG, (t) => t[0] !== '"' && is_lossy(t) ? `"\\u0001${t}"` : t);
	return JSON.parse(safe, (_, v: unknown) => {
		if (typeof v !== "string" || !v.startsWith(mark))
			return v;
		const [whole = "0", part = ""] = v.slice(1).replace("-", "").split(".");
		const size = BigInt(whole) * ONE + BigInt(part.padEnd(8, "0"));
		return v[1] === "-" ? -size : size;
	});
}

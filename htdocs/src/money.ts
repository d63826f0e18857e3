// money.ts: sums of money, exact: whole multiples of 1e-8, as the ledger counts.

export function scaled(value: number): bigint {
	return BigInt(value.toFixed(8).replace(".", ""));
}

export function unscaled(sum: bigint): number {
	return Number(sum) / 1e8;
}

/* More than this is no money (lib/trading/money.h), but what a broken terminal says. */
const MOST = 1e11;

/* One unknown makes the sum unknown; of nothing it is 0. */
export function sum_of(values: Iterable<number | null | undefined>): number | null {
	let total = 0n;
	for (const value of values) {
		if (value === null || value === undefined || !(Math.abs(value) <= MOST))
			return null;
		total += scaled(value);
	}
	return unscaled(total);
}

/* What lies below eight decimals is of binary, not of money. */
export function exact(value: number): number {
	return Math.round(value * 1e8) / 1e8;
}

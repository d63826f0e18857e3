// conversion.ts: amounts of different currencies side by side. Pure. A converted
// amount only orders rows or stands where it says that it is converted.
import type { Row } from "./types.ts";

/* Dollars for one unit of the account's currency, by the broker's own symbols;
 * null: not known. */
export function usd_rate(row: Row): number | null {
	const currency = row.account?.currency;
	return currency === "USD" ? 1 : currency === "USC" ? 0.01 : row.usd_rate;
}

export function in_usd(value: number | null | undefined, row: Row): number | null {
	const rate = usd_rate(row);
	return value === null || value === undefined || rate === null ? null : value * rate;
}

/* Are all amounts of these rows of one currency? Then they need no rate. */
export function one_currency(rows: readonly Row[]): boolean {
	let first: string | null = null;
	for (const { account } of rows) {
		if (!account?.currency)
			continue;
		if (first !== null && account.currency !== first)
			return false;
		first = account.currency;
	}
	return true;
}

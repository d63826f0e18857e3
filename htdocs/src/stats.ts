// stats.ts: the calendar of an account's days. Pure.

/* The weeks of a month, Monday first; null where another month's day is. */
export function weeks_of(month: string): (string | null)[][] {
	const [year = 1970, number = 1] = month.split("-").map(Number);
	const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
	const lead = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7;
	const cells: (string | null)[] = [...Array<null>(lead).fill(null),
		...Array.from({ length }, (_, i) => `${month}-${String(i + 1).padStart(2, "0")}`)];
	while (cells.length % 7)
		cells.push(null);
	return Array.from({ length: cells.length / 7 }, (_, w) => cells.slice(w * 7, w * 7 + 7));
}

export function month_beside(month: string, by: number): string {
	const [year = 1970, number = 1] = month.split("-").map(Number);
	return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

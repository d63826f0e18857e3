// csv.ts: a table as CSV text: raw numbers, UTC times, no live formulas. Pure.

export type Cell = string | number | boolean | null | undefined;

/* A spreadsheet runs what starts like a formula; an apostrophe keeps it text. */
function defuse(text: string): string {
	return /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
}

/* 1e-8 as 0.00000001: not every program knows the other. */
function plain(n: number): string {
	const text = String(n);
	return text.includes("e-") ? n.toFixed(8).replace(/\.?0+$/, "") : text;
}

function field(cell: Cell): string {
	if (cell === null || cell === undefined)
		return "";
	if (typeof cell === "number")
		return Number.isFinite(cell) ? plain(cell) : "";
	const text = defuse(String(cell));
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/* Without a byte order mark some spreadsheets take UTF-8 for Latin-1. */
export function to_csv(header: string[], lines: Cell[][], bom = true): string {
	return (bom ? "\ufeff" : "") + [header, ...lines].map((l) => l.map(field).join(",")).join("\r\n") +
	    "\r\n";
}

export function download(name: string, csv: string): void {
	const url = URL.createObjectURL(new Blob([csv], { type: "text/csv;charset=utf-8" }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

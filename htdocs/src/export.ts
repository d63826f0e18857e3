// export.ts: what is seen, as a file: shown columns, filter and order.
import { now } from "./clock.ts";
import { column_is_shown, columns } from "./columns.tsx";
import { download, to_csv } from "./csv.ts";
import { prefs } from "./prefs.ts";
import { shown_rows } from "./view.ts";

export function export_csv(): void {
	/* the age stands with the status on the page */
	const shown = columns.filter((c) => (column_is_shown(c) || c.id === "age") && c.id !== "spark");
	const header = [...shown.map((c) => c.id), "currency", "server", "login", "values_at_utc"];
	const lines = shown_rows.peek().map((row) => [
		...shown.map((c) => (c.csv ?? c.value)(row)), row.account?.currency, row.server, row.login,
		row.at_ms === null ? null : new Date(row.at_ms).toISOString()]);
	const stamp = new Date(now.peek()).toISOString().slice(0, 19).replaceAll(":", "");
	download(`mt5fleet-${stamp}Z.csv`, to_csv(header, lines, prefs.peek().csv_bom));
}

// Fields.tsx: all that the terminal says about the account, by MetaQuotes' names.
import * as fmt from "../format.ts";
import type { Row } from "../types.ts";
import { t } from "../text.tsx";

const money = new Set(["balance", "credit", "profit", "equity", "margin", "margin_free",
	"margin_initial", "margin_maintenance", "assets", "liabilities", "commission_blocked"]);
const margin_modes = ["netting", "exchange", "hedging"];

/* Field names stay MetaQuotes' own: users know them. */
function shown(name: string, value: unknown, row: Row): string {
	const a = row.account;
	if (value === null || value === undefined || value === "")
		return "–";
	if (typeof value === "boolean")
		return fmt.yes_no(value);
	if (typeof value !== "number")
		return String(value);
	if (money.has(name))
		return fmt.money(value, a?.currency, a?.currency_digits);
	if (name === "trade_mode")
		return fmt.trade_mode(value);
	if (name === "margin_mode")
		return margin_modes[value] ?? String(value);
	if (name === "margin_so_mode")
		return t(value === 0 ? "account.percent" : "account.money");
	if (name === "margin_level")
		return a?.margin ? fmt.percent(value) : t("account.no_margin");
	if (name === "leverage")
		return `1 : ${fmt.count(value)}`;
	return fmt.plain(value);
}

export function FieldList({ of, row }: { of: Record<string, unknown> | null; row: Row }) {
	if (!of)
		return <p class="remark">{t("account.never")}</p>;
	return <dl class="fields">{Object.entries(of).map(([name, value]) =>
		<div key={name}><dt>{name}</dt><dd>{shown(name, value, row)}</dd></div>)}</dl>;
}

export function AccountFields({ row }: { row: Row }) {
	return <FieldList of={row.account} row={row} />;
}

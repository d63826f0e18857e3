// Positions.tsx: an account's open positions.
import { BrokerTime, Gain } from "../cells.tsx";
import * as fmt from "../format.ts";
import type { Position, Row } from "../types.ts";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";
import { Records, type Field } from "./Records.tsx";
import { t } from "../text.tsx";

function fields_of(row: Row): Field<Position>[] {
	return [
		{ label: "field.symbol", cell: (p) => fmt.text(p.symbol) },
		{ label: "field.side", cell: (p) => <span class={p.type === 0 ? "buy" : "sell"}>
			{fmt.order_type(p.type)}</span> },
		{ label: "field.volume", end: true, cell: (p) => fmt.plain(p.volume) },
		{ label: "field.open", end: true, cell: (p) => fmt.plain(p.price_open) },
		{ label: "field.now", end: true, cell: (p) => fmt.price_or_none(p.price_current) },
		{ label: "field.sl", end: true, cell: (p) => fmt.price_or_none(p.sl) },
		{ label: "field.tp", end: true, cell: (p) => fmt.price_or_none(p.tp) },
		{ label: "field.swap", end: true, cell: (p) => fmt.signed(p.swap, row.account?.currency_digits) },
		{ label: "column.profit", end: true, figure: true, cell: (p) => <Gain value={p.profit} row={row} /> },
		{ label: "field.since", end: true, cell: (p) => <BrokerTime msc={p.time_msc}
			utc={p.time_utc} estimated={p.time_utc_estimated} row={row} /> },
	];
}

export function Positions({ row }: { row: Row }) {
	const got = useFetched<unknown>(row, "positions", true, row.positions);
	return <Fetched got={got} what={t("tab.positions")} now_of={row}>{(data) => {
		const list = list_of<Position>(data, "positions");
		if (!list)
			return <Unreadable what={t("tab.positions")} data={data} name="positions" />;
		if (list.length === 0)
			return <p class="remark">{t("positions.none")}</p>;
		return <Records list={list} fields={fields_of(row)} key_of={(p) => p.ticket}
			title={(p) => t("positions.ticket", { ticket: p.ticket }) + (p.comment ? `, ${p.comment}` : "")} />;
	}}</Fetched>;
}

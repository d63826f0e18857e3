// Orders.tsx: an account's pending orders.
import { BrokerTime } from "../cells.tsx";
import * as fmt from "../format.ts";
import type { Order, Row } from "../types.ts";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";
import { Records, type Field } from "./Records.tsx";
import { t } from "../text.tsx";

function fields_of(row: Row): Field<Order>[] {
	return [
		{ label: "field.symbol", cell: (o) => fmt.text(o.symbol) },
		{ label: "field.type", cell: (o) => fmt.order_type(o.type) },
		{ label: "field.volume", end: true, cell: (o) => fmt.plain(o.volume_current) },
		{ label: "field.price", end: true, figure: true, cell: (o) => fmt.price_or_none(o.price_open) },
		{ label: "field.now", end: true, cell: (o) => fmt.price_or_none(o.price_current) },
		{ label: "field.sl", end: true, cell: (o) => fmt.price_or_none(o.sl) },
		{ label: "field.tp", end: true, cell: (o) => fmt.price_or_none(o.tp) },
		{ label: "field.set", end: true, cell: (o) =>
			<BrokerTime msc={o.time_setup == null ? null : o.time_setup * 1000}
				utc={o.time_setup_utc} estimated={o.time_utc_estimated} row={row} /> },
	];
}

export function Orders({ row }: { row: Row }) {
	const got = useFetched<unknown>(row, "orders", true, row.orders);
	return <Fetched got={got} what={t("tab.orders")} now_of={row}>{(data) => {
		const list = list_of<Order>(data, "orders");
		if (!list)
			return <Unreadable what={t("tab.orders")} data={data} name="orders" />;
		if (list.length === 0)
			return <p class="remark">{t("orders.none")}</p>;
		return <Records list={list} fields={fields_of(row)} key_of={(o) => o.ticket}
			title={(o) => t("positions.ticket", { ticket: o.ticket }) + (o.comment ? `, ${o.comment}` : "")} />;
	}}</Fetched>;
}

// Orders.tsx: an account's pending orders.
import { BrokerTime } from "../cells.tsx";
import * as fmt from "../format.ts";
import type { Order, Row } from "../types.ts";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";
import { Records, type Field } from "./Records.tsx";

function fields_of(row: Row): Field<Order>[] {
	return [
		{ label: "Symbol", cell: (o) => fmt.text(o.symbol) },
		{ label: "Type", cell: (o) => fmt.order_type(o.type) },
		{ label: "Volume", end: true, cell: (o) => fmt.plain(o.volume_current) },
		{ label: "Price", end: true, figure: true, cell: (o) => fmt.price_or_none(o.price_open) },
		{ label: "Now", end: true, cell: (o) => fmt.price_or_none(o.price_current) },
		{ label: "SL", end: true, cell: (o) => fmt.price_or_none(o.sl) },
		{ label: "TP", end: true, cell: (o) => fmt.price_or_none(o.tp) },
		{ label: "Set", end: true, cell: (o) =>
			<BrokerTime msc={o.time_setup == null ? null : o.time_setup * 1000}
				utc={o.time_setup_utc} estimated={o.time_utc_estimated} row={row} /> },
	];
}

export function Orders({ row }: { row: Row }) {
	const got = useFetched<unknown>(row, "orders", true, row.orders);
	return <Fetched got={got} what="Orders" now_of={row}>{(data) => {
		const list = list_of<Order>(data, "orders");
		if (!list)
			return <Unreadable what="Orders" data={data} name="orders" />;
		if (list.length === 0)
			return <p class="remark">No pending order.</p>;
		return <Records list={list} fields={fields_of(row)} key_of={(o) => o.ticket}
			title={(o) => `ticket ${o.ticket}${o.comment ? `, ${o.comment}` : ""}`} />;
	}}</Fetched>;
}

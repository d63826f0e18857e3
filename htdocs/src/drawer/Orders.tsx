// Orders.tsx: an account's pending orders.
import { BrokerTime } from "../cells.tsx";
import * as fmt from "../format.ts";
import type { Order, Row } from "../types.ts";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";

function OrderRow({ o, row }: { o: Order; row: Row }) {
	const at = o.time_setup === null || o.time_setup === undefined ? null : o.time_setup * 1000;
	return <tr title={`ticket ${o.ticket}${o.comment ? `, ${o.comment}` : ""}`}>
		<th scope="row">{fmt.text(o.symbol)}</th>
		<td>{fmt.order_type(o.type)}</td>
		<td class="end">{fmt.plain(o.volume_current)}</td>
		<td class="end">{fmt.price_or_none(o.price_open)}</td>
		<td class="end">{fmt.price_or_none(o.price_current)}</td>
		<td class="end">{fmt.price_or_none(o.sl)}</td>
		<td class="end">{fmt.price_or_none(o.tp)}</td>
		<td class="end nowrap"><BrokerTime msc={at} row={row} /></td>
	</tr>;
}

export function Orders({ row }: { row: Row }) {
	const got = useFetched<unknown>(row, "orders", true, row.orders);
	return <Fetched got={got} what="Orders">{(data) => {
		const list = list_of<Order>(data, "orders");
		if (!list)
			return <Unreadable what="Orders" data={data} name="orders" />;
		if (list.length === 0)
			return <p class="remark">No pending order.</p>;
		return <div class="scroll"><table class="small">
			<thead><tr><th scope="col">Symbol</th><th scope="col">Type</th>
				<th scope="col" class="end">Volume</th><th scope="col" class="end">Price</th>
				<th scope="col" class="end">Now</th><th scope="col" class="end">SL</th>
				<th scope="col" class="end">TP</th><th scope="col" class="end">Set</th></tr></thead>
			<tbody>{list.map((o) => <OrderRow key={o.ticket} o={o} row={row} />)}</tbody>
		</table></div>;
	}}</Fetched>;
}

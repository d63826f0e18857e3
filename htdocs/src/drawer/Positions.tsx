// Positions.tsx: an account's open positions.
import * as fmt from "../format.ts";
import type { Position, Row } from "../types.ts";
import { BrokerTime, Gain } from "../cells.tsx";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";

function PositionRow({ p, row }: { p: Position; row: Row }) {
	return <tr title={`ticket ${p.ticket}${p.comment ? `, ${p.comment}` : ""}`}>
		<th scope="row">{fmt.text(p.symbol)}</th>
		<td><span class={p.type === 0 ? "buy" : "sell"}>{fmt.order_type(p.type)}</span></td>
		<td class="end">{fmt.plain(p.volume)}</td>
		<td class="end">{fmt.plain(p.price_open)}</td>
		<td class="end">{fmt.price_or_none(p.price_current)}</td>
		<td class="end">{fmt.price_or_none(p.sl)}</td>
		<td class="end">{fmt.price_or_none(p.tp)}</td>
		<td class="end">{fmt.signed(p.swap, row.account?.currency_digits)}</td>
		<td class="end"><Gain value={p.profit} row={row} /></td>
		<td class="end nowrap"><BrokerTime msc={p.time_msc} row={row} /></td>
	</tr>;
}

export function Positions({ row }: { row: Row }) {
	const got = useFetched<unknown>(row, "positions", true, row.positions);
	return <Fetched got={got} what="Positions">{(data) => {
		const list = list_of<Position>(data, "positions");
		if (!list)
			return <Unreadable what="Positions" data={data} name="positions" />;
		if (list.length === 0)
			return <p class="remark">No open position.</p>;
		return <div class="scroll"><table class="small">
			<thead><tr><th scope="col">Symbol</th><th scope="col">Side</th>
				<th scope="col" class="end">Volume</th><th scope="col" class="end">Open</th>
				<th scope="col" class="end">Now</th><th scope="col" class="end">SL</th>
				<th scope="col" class="end">TP</th><th scope="col" class="end">Swap</th>
				<th scope="col" class="end">P/L</th><th scope="col" class="end">Since</th></tr></thead>
			<tbody>{list.map((p) => <PositionRow key={p.ticket} p={p} row={row} />)}</tbody>
		</table></div>;
	}}</Fetched>;
}

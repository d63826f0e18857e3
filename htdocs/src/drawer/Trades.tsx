// Trades.tsx: an account's trades, newest first as the ledger pages them.
import { useEffect, useState } from "preact/hooks";
import { account_path, request } from "../api.ts";
import { BrokerTime, Gain } from "../cells.tsx";
import * as fmt from "../format.ts";
import type { Row, Trade } from "../types.ts";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";

interface Page {
	trades: Trade[];
	next: string | null;
}

const PAGE = 100;

function costs(t: Trade): number | null {
	const parts = [t.commission, t.swap, t.fee];
	return parts.some((p) => p === null || p === undefined) ? null :
	    parts.reduce<number>((sum, p) => sum + (p ?? 0), 0);
}

function TradeRow({ t, row }: { t: Trade; row: Row }) {
	return <tr title={`position ${t.position_id}`}>
		<th scope="row">{fmt.text(t.symbol)}</th>
		<td>{fmt.order_type(t.type)} {t.state && t.state !== "closed" &&
			<small class="faint">{t.state.replace("_", " ")}</small>}</td>
		<td class="end">{fmt.plain(t.volume)}</td>
		<td class="end">{fmt.plain(t.price_open)}</td>
		<td class="end">{fmt.plain(t.price_close)}</td>
		<td class="end">{fmt.signed(costs(t), row.account?.currency_digits)}</td>
		<td class="end"><Gain value={t.net} row={row} /></td>
		<td class="end nowrap"><BrokerTime msc={t.time_close_msc ?? t.time_open_msc} row={row} /></td>
	</tr>;
}

/* The pages after the first, asked for one by one. */
function useMore(row: Row, first: Page | null) {
	const [more, set_more] = useState<Trade[]>([]);
	const [next, set_next] = useState<string | null>(null);
	const [wrong, set_wrong] = useState<string | null>(null);
	useEffect(() => {
		set_more([]);
		set_next(first?.next ?? null);
	}, [first]);
	const ask = async () => {
		const answer = await request<Page>(account_path(row.server ?? "", row.login ?? "",
			`trades?limit=${PAGE}&after=${encodeURIComponent(next ?? "")}`));
		set_wrong(answer.ok ? null : answer.failure.message);
		if (!answer.ok || !answer.data)
			return;
		set_more([...more, ...answer.data.trades]);
		set_next(answer.data.next);
	};
	return { more, next, wrong, ask };
}

export function Trades({ row }: { row: Row }) {
	const got = useFetched<Page>(row, `trades?limit=${PAGE}`, false);
	const { more, next, wrong, ask } = useMore(row, got.data);
	return <Fetched got={got} what="Trades">{(data) => {
		const first = list_of<Trade>(data, "trades");
		if (!first)
			return <Unreadable what="Trades" data={data} name="trades" />;
		const list = [...first, ...more];
		if (list.length === 0)
			return <p class="remark">No trade in the ledger.</p>;
		return <div class="scroll"><table class="small">
			<thead><tr><th scope="col">Symbol</th><th scope="col">Side</th>
				<th scope="col" class="end">Volume</th><th scope="col" class="end">Open</th>
				<th scope="col" class="end">Close</th><th scope="col" class="end">Costs</th>
				<th scope="col" class="end">Net</th><th scope="col" class="end">Closed</th></tr></thead>
			<tbody>{list.map((t) => <TradeRow key={`${t.position_id}.${t.part ?? 0}`} t={t} row={row} />)}</tbody>
		</table>
		{wrong && <p class="remark wrong">{wrong}</p>}
		{next !== null && <button type="button" onClick={() => void ask()}>More</button>}
		</div>;
	}}</Fetched>;
}

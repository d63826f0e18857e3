// Trades.tsx: an account's trades, newest first as the ledger pages them.
import { useEffect, useState } from "preact/hooks";
import { account_path, at, request } from "../api.ts";
import { BrokerTime, Gain } from "../cells.tsx";
import * as fmt from "../format.ts";
import { sum_of } from "../money.ts";
import type { History, Row, Trade } from "../types.ts";
import { Deals } from "./Deals.tsx";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";
import { HistoryNote } from "./HistoryNote.tsx";
import { Records, type Field } from "./Records.tsx";

interface Page {
	trades: Trade[];
	history?: History | null;
	next: string | null;
}

const PAGE = 100;

function fields_of(row: Row): Field<Trade>[] {
	return [
		{ label: "Symbol", cell: (t) => fmt.text(t.symbol) },
		{ label: "Side", cell: (t) => <><span class={t.type === 0 ? "buy" : "sell"}>
			{fmt.order_type(t.type)}</span>{t.state && t.state !== "closed" &&
			<small class="faint"> {t.state.replace("_", " ")}</small>}{t.imported &&
			<small class="faint" title="from the first system: net without swap and fee"> imported</small>}</> },
		{ label: "Volume", end: true, cell: (t) => fmt.plain(t.volume) },
		{ label: "Open", end: true, cell: (t) => fmt.plain(t.price_open) },
		{ label: "Close", end: true, cell: (t) => fmt.plain(t.price_close) },
		{ label: "Costs", end: true, cell: (t) =>
			fmt.signed(sum_of([t.commission, t.swap, t.fee]), row.account?.currency_digits) },
		{ label: "Net", end: true, figure: true, cell: (t) => <Gain value={t.net} row={row} /> },
		{ label: "Closed", end: true, cell: (t) => t.time_close_msc === null ? "–" :
			<BrokerTime msc={t.time_close_msc} utc={t.time_close_utc} estimated={t.time_utc_estimated}
				row={row} /> },
	];
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
		const csv = `/api/export/trades.csv?server=${encodeURIComponent(row.server ?? "")}` +
		    `&login=${row.login}`;
		return <>
			<HistoryNote history={data.history} row={row} />
			{list.length === 0 ? <p class="remark">No trade in the ledger.</p> :
				<Records list={list} fields={fields_of(row)}
					key_of={(t) => `${t.position_id}.${t.part ?? 0}`}
					title={(t) => `position ${t.position_id}`}
					detail={(t) => <Deals trade={t} row={row} />} />}
			{wrong && <p class="remark wrong">{wrong}</p>}
			{next !== null && <button type="button" onClick={() => void ask()}>More</button>}{" "}
			{list.length > 0 && <a href={at(csv)} download>All trades as CSV</a>}
		</>;
	}}</Fetched>;
}

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
import { t, word } from "../text.tsx";

interface Page {
	trades: Trade[];
	history?: History | null;
	next: string | null;
}

const PAGE = 100;

function fields_of(row: Row): Field<Trade>[] {
	return [
		{ label: "field.symbol", cell: (of) => fmt.text(of.symbol) },
		{ label: "field.side", cell: (of) => <><span class={of.type === 0 ? "buy" : "sell"}>
			{fmt.order_type(of.type)}</span>{of.state && of.state !== "closed" &&
			<small class="faint"> {word("trade_state", of.state)}</small>}{of.imported &&
			<small class="faint" title={t("trades.imported_title")}> {t("trades.imported")}</small>}</> },
		{ label: "field.volume", end: true, cell: (of) => fmt.plain(of.volume) },
		{ label: "field.open", end: true, cell: (of) => fmt.plain(of.price_open) },
		{ label: "field.close", end: true, cell: (of) => fmt.plain(of.price_close) },
		{ label: "field.costs", end: true, cell: (of) =>
			fmt.signed(sum_of([of.commission, of.swap, of.fee]), row.account?.currency_digits) },
		{ label: "field.net", end: true, figure: true, cell: (of) => <Gain value={of.net} row={row} /> },
		{ label: "field.closed", end: true, cell: (of) => of.time_close_msc === null ? "–" :
			<BrokerTime msc={of.time_close_msc} utc={of.time_close_utc} estimated={of.time_utc_estimated}
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
	return <Fetched got={got} what={t("tab.trades")}>{(data) => {
		const first = list_of<Trade>(data, "trades");
		if (!first)
			return <Unreadable what={t("tab.trades")} data={data} name="trades" />;
		const list = [...first, ...more];
		const csv = `/api/export/trades.csv?server=${encodeURIComponent(row.server ?? "")}` +
		    `&login=${row.login}`;
		return <>
			<HistoryNote history={data.history} row={row} />
			{list.length === 0 ? <p class="remark">{t("trades.none")}</p> :
				<Records list={list} fields={fields_of(row)}
					key_of={(of) => `${of.position_id}.${of.part ?? 0}`}
					title={(of) => t("trades.position", { id: of.position_id })}
					detail={(of) => <Deals trade={of} row={row} />} />}
			{wrong && <p class="remark wrong">{wrong}</p>}
			{next !== null && <button type="button" onClick={() => void ask()}>{t("word.more")}</button>}{" "}
			{list.length > 0 && <a href={at(csv)} download>{t("trades.csv")}</a>}
		</>;
	}}</Fetched>;
}

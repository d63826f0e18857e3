// Deals.tsx: the deals of one trade, asked for when it is opened.
import { useEffect, useState } from "preact/hooks";
import { account_path, request } from "../api.ts";
import { BrokerTime, Gain } from "../cells.tsx";
import * as fmt from "../format.ts";
import { sum_of } from "../money.ts";
import type { Deal, Row, Trade } from "../types.ts";
import { Records, type Field } from "./Records.tsx";
import { t } from "../text.tsx";

const entries = ["deals.entry_in", "deals.entry_out", "deals.entry_reversal", "deals.entry_out_by"] as const;

type Found = { deals: Deal[]; wrong: string | null };

async function find_deals(row: Row, t: Trade): Promise<Found> {
	const answer = await request<{ deals: Deal[] | null }>(account_path(
		row.server ?? "", row.login ?? "",
		`deals?position_id=${encodeURIComponent(t.position_id)}`));
	return answer.ok ? { deals: answer.data?.deals ?? [], wrong: null } :
		{ deals: [], wrong: answer.failure.message };
}

function fields_of(row: Row): Field<Deal>[] {
	const digits = row.account?.currency_digits;
	return [
		{ label: "field.deal", cell: (d) => d.ticket },
		{ label: "field.side", cell: (d) => {
			const entry = entries[d.entry ?? -1];
			const side = d.type === 0 || d.type === 1 ? t(`order.${d.type}`) :
				t("order.other", { type: fmt.text(d.type) });
			return entry ? `${side} ${t(entry)}` : side;
		} },
		{ label: "field.volume", end: true, cell: (d) => fmt.plain(d.volume) },
		{ label: "field.price", end: true, cell: (d) => fmt.plain(d.price) },
		{ label: "field.costs", end: true, cell: (d) =>
			fmt.signed(sum_of([d.commission, d.swap, d.fee]), digits) },
		{ label: "field.profit", end: true, figure: true, cell: (d) => <Gain value={d.profit} row={row} /> },
		{ label: "field.when", end: true, cell: (d) => <BrokerTime msc={d.time_msc}
			utc={d.time_utc} estimated={d.time_utc_estimated} row={row} /> },
	];
}

export function Deals({ trade, row }: { trade: Trade; row: Row }) {
	const [found, set_found] = useState<Found | null>(null);
	useEffect(() => {
		let gone = false;
		void find_deals(row, trade).then((f) => { if (!gone) set_found(f); });
		return () => { gone = true; };
	}, [trade]);
	if (!found)
		return <p class="remark">{t("word.loading")}</p>;
	const short = trade.deals !== undefined && found.deals.length < trade.deals && !found.wrong;
	return <>
		{found.wrong && <p class="remark wrong">{t("fetched.failed", { what: t("deals"), why: found.wrong })}</p>}
		{found.deals.length > 0 && <Records list={found.deals} fields={fields_of(row)}
			key_of={(d) => d.ticket} title={(d) => t("deals.order", { order: d.order ?? "–" }) + (d.comment ? `, ${d.comment}` : "")} />}
		{short && <p class="remark note">
			{t("deals.found", { n: found.deals.length, all: trade.deals ?? 0 })}</p>}
	</>;
}

// CashFlows.tsx: deposits, withdrawals, credits: never P/L.
import { Amount, BrokerTime, Gain } from "../cells.tsx";
import * as fmt from "../format.ts";
import { sum_of } from "../money.ts";
import type { CashFlow, Row } from "../types.ts";
import { Fetched } from "./fetched.tsx";
import { HistoryNote } from "./HistoryNote.tsx";
import { useAll } from "./pages.ts";
import { Records, type Field } from "./Records.tsx";

const types: Record<number, string> = { 2: "balance", 3: "credit", 4: "charge",
	5: "correction", 6: "bonus", 7: "commission", 12: "interest", 15: "dividend", 17: "tax" };

function fields_of(row: Row): Field<CashFlow>[] {
	return [
		{ label: "Kind", cell: (c) => c.type === 2 && c.amount !== null ?
			c.amount < 0 ? "withdrawal" : "deposit" :
			types[c.type ?? -1] ?? `type ${fmt.text(c.type)}` },
		{ label: "Amount", end: true, figure: true, cell: (c) => <Gain value={c.amount} row={row} /> },
		{ label: "Comment", cell: (c) => fmt.text(c.comment) },
		{ label: "When", end: true, cell: (c) => <BrokerTime msc={c.time_msc} row={row} /> },
	];
}

function Sums({ list, row }: { list: CashFlow[]; row: Row }) {
	const sum = (of: (c: CashFlow) => boolean) => sum_of(list.filter(of).map((c) => c.amount));
	const flow = (c: CashFlow) => c.kind === "flow";
	return <dl class="figures small-figures">
		<div><dt>Deposits</dt><dd><Amount row={row}
			value={sum((c) => flow(c) && (c.amount ?? 0) >= 0)} /></dd></div>
		<div><dt>Withdrawals</dt><dd><Amount row={row}
			value={sum((c) => flow(c) && (c.amount ?? 0) < 0)} /></dd></div>
		<div><dt>Credit</dt><dd><Amount value={sum((c) => c.kind === "credit")} row={row} /></dd></div>
		<div><dt>Charges</dt><dd><Amount value={sum((c) => c.kind === "cost")} row={row} /></dd></div>
	</dl>;
}

export function CashFlows({ row }: { row: Row }) {
	const got = useAll<CashFlow>(row, "cashflows", row.account?.balance);
	return <Fetched got={got} what="Cash flows">{({ list, complete, history }) => <>
		<HistoryNote history={history} row={row} />
		{list.length === 0 ? <p class="remark">No deposit or withdrawal in the ledger.</p> : <>
			{complete && <Sums list={list} row={row} />}
			<Records list={[...list].reverse()} fields={fields_of(row)} key_of={(c) => c.ticket} />
			{!complete && <p class="remark note">Only the first {fmt.count(list.length)} are shown.</p>}
		</>}
	</>}</Fetched>;
}

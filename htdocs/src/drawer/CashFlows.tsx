// CashFlows.tsx: deposits, withdrawals, credits: never P/L.
import { Amount, BrokerTime } from "../cells.tsx";
import * as fmt from "../format.ts";
import type { Num, Row, Text } from "../types.ts";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";

interface CashFlow {
	ticket: string;
	time_msc: Num;
	type: Num;
	amount?: Num;
	profit?: Num;
	comment: Text;
}

const kinds: Record<number, string> = { 2: "balance", 3: "credit", 4: "charge",
	5: "correction", 6: "bonus", 7: "commission", 12: "interest", 15: "dividend", 17: "tax" };

export function CashFlows({ row }: { row: Row }) {
	const got = useFetched<unknown>(row, "cashflows", false);
	return <Fetched got={got} what="Cash flows">{(data) => {
		const list = list_of<CashFlow>(data, "cashflows");
		if (!list)
			return <Unreadable what="Cash flows" data={data} name="cashflows" />;
		if (list.length === 0)
			return <p class="remark">No deposit or withdrawal in the ledger.</p>;
		return <div class="scroll"><table class="small">
			<thead><tr><th scope="col">Kind</th><th scope="col" class="end">Amount</th>
				<th scope="col">Comment</th><th scope="col" class="end">When</th></tr></thead>
			<tbody>{list.map((c) => <tr key={c.ticket}>
				<th scope="row">{c.type === null ? "–" : kinds[c.type] ?? `type ${c.type}`}</th>
				<td class="end"><Amount value={c.amount ?? c.profit} row={row} /></td>
				<td>{fmt.text(c.comment)}</td>
				<td class="end nowrap"><BrokerTime msc={c.time_msc} row={row} /></td></tr>)}</tbody>
		</table></div>;
	}}</Fetched>;
}

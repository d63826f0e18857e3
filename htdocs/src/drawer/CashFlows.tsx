// CashFlows.tsx: deposits, withdrawals, fees, credit, and what each is for.
import { useState } from "preact/hooks";
import { Amount, BrokerTime, Gain } from "../cells.tsx";
import { set_flow, undo } from "../edit.ts";
import * as fmt from "../format.ts";
import { sum_of } from "../money.ts";
import { say } from "../panels/Toast.tsx";
import { can_edit } from "../session.ts";
import type { CashFlow, Row } from "../types.ts";
import { Fetched } from "./fetched.tsx";
import { HistoryNote } from "./HistoryNote.tsx";
import { useAll } from "./pages.ts";
import { Records, type Field } from "./Records.tsx";

const words = ["deposit", "withdrawal", "payout", "reset", "fee", "dividend", "correction"] as const;
const credit_words = ["capital", "credit"] as const;
type Meaning = NonNullable<CashFlow["meaning"]>;

const types: Record<number, string> = { 2: "balance", 3: "credit", 4: "charge",
	5: "correction", 6: "bonus", 7: "commission", 12: "interest", 15: "dividend", 17: "tax" };

/* Who said it and why; a guess is marked as one. */
function reason_of(c: CashFlow): string {
	const why = c.meaning_reason ? `: ${c.meaning_reason}` : "";
	return c.meaning === null ? "" : `${c.meaning_by ?? "guess"}${why}`;
}

function Choice({ c, row, onDone }: { c: CashFlow; row: Row; onDone: () => void }) {
	const [wrong, set_wrong] = useState<string | null>(null);
	const submit = (e: SubmitEvent) => {
		e.preventDefault();
		const data = new FormData(e.currentTarget as HTMLFormElement);
		const meaning = String(data.get("meaning")) as Meaning | "";
		const note = String(data.get("note") ?? "").trim() || null;
		void set_flow(row, c.ticket, meaning || null, note).then((result) => {
			set_wrong(result.kind === "saved" ? null : result.message);
			if (result.kind !== "saved")
				return;
			say(`Deal ${c.ticket}: saved`, () => void undo(result.changes).then((no) => {
				say(no === null ? "Undone" : `Not undone: ${no}`);
				onDone();
			}));
			onDone();
		});
	};
	return <form class="flow" onSubmit={submit}>
		<select name="meaning" aria-label={`Meaning of deal ${c.ticket}`}>
			<option value="">guess it again</option>
			{(c.kind === "credit" ? credit_words : words).map((w) =>
				<option key={w} value={w} selected={w === c.meaning}>{w}</option>)}
		</select>
		<input name="note" aria-label="Note" placeholder="note" maxLength={200}
			defaultValue={c.meaning_by ? c.meaning_reason ?? "" : ""} />
		<button type="submit">Save</button>
		{wrong && <span class="wrong" role="alert">Not saved: {wrong}</span>}
	</form>;
}

function MeaningCell({ c, row, onDone }: { c: CashFlow; row: Row; onDone: () => void }) {
	const [open, set_open] = useState(false);
	if (open)
		return <Choice c={c} row={row} onDone={() => { set_open(false); onDone(); }} />;
	return <span title={reason_of(c)}>{fmt.text(c.meaning)}
		{c.cancels && ` of #${c.cancels}`}
		{c.meaning !== null && !c.meaning_by && <span class="remark"> (guess)</span>}
		{can_edit.value && c.excluded === null && <>{" "}<button type="button" class="plain"
			aria-label={`Change the meaning of deal ${c.ticket}`}
			onClick={() => set_open(true)}>change</button></>}</span>;
}

function fields_of(row: Row, again: () => void): Field<CashFlow>[] {
	return [
		{ label: "Meaning", cell: (c) => <MeaningCell c={c} row={row} onDone={again} /> },
		{ label: "Type", cell: (c) => types[c.type ?? -1] ?? `type ${fmt.text(c.type)}` },
		{ label: "Amount", end: true, figure: true, cell: (c) => <Gain value={c.amount} row={row} /> },
		{ label: "Comment", cell: (c) => fmt.text(c.comment) },
		{ label: "When", end: true, cell: (c) => <BrokerTime msc={c.time_msc}
			utc={c.time_utc} estimated={c.time_utc_estimated} row={row} /> },
	];
}

function Sums({ list, row }: { list: CashFlow[]; row: Row }) {
	const counted = list.filter((c) => c.excluded === null);
	const sum = (of: (c: CashFlow) => boolean) => sum_of(counted.filter(of).map((c) => c.amount));
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
	const [turn, set_turn] = useState(0);
	const got = useAll<CashFlow>(row, "cashflows", `${row.account?.balance} ${row.phase?.version} ${turn}`);
	return <Fetched got={got} what="Cash flows">{({ list, complete, history }) => <>
		<HistoryNote history={history} row={row} />
		{list.length === 0 ? <p class="remark">No deposit or withdrawal in the ledger.</p> : <>
			{complete && <Sums list={list} row={row} />}
			<Records list={[...list].reverse()} fields={fields_of(row, () => set_turn(turn + 1))}
				key_of={(c) => c.ticket} />
			{!complete && <p class="remark note">Only the first {fmt.count(list.length)} are shown.</p>}
		</>}
	</>}</Fetched>;
}

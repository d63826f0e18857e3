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
import { t, word } from "../text.tsx";

const words = ["deposit", "withdrawal", "payout", "reset", "fee", "dividend", "correction"] as const;
const credit_words = ["capital", "credit"] as const;
type Meaning = NonNullable<CashFlow["meaning"]>;

/* Types of deals that are no trades, as MT5 numbers them. */
const types = [2, 3, 4, 5, 6, 7, 12, 15, 17] as const;

function type_word(type: number | null | undefined): string {
	const known = types.find((n) => n === type);
	return known ? t(`deal_type.${known}`) : t("order.other", { type: fmt.text(type) });
}

/* Who said it and why; a guess is marked as one. */
function reason_of(c: CashFlow): string {
	const why = c.meaning_reason ? `: ${c.meaning_reason}` : "";
	return c.meaning === null ? "" : `${c.meaning_by ?? t("flow.guess")}${why}`;
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
			say(t("flow.saved", { ticket: c.ticket }), () => void undo(result.changes).then((no) => {
				say(no === null ? t("word.undone") : t("word.not_undone", { why: no }));
				onDone();
			}));
			onDone();
		});
	};
	return <form class="flow" onSubmit={submit}>
		<select name="meaning" aria-label={t("flow.meaning_of", { ticket: c.ticket })}>
			<option value="">{t("flow.guess_again")}</option>
			{(c.kind === "credit" ? credit_words : words).map((w) =>
				<option key={w} value={w} selected={w === c.meaning}>{t(`meaning.${w}`)}</option>)}
		</select>
		<input name="note" aria-label={t("flow.note")} placeholder={t("word.note")} maxLength={200}
			defaultValue={c.meaning_by ? c.meaning_reason ?? "" : ""} />
		<button type="submit">{t("word.save")}</button>
		{wrong && <span class="wrong" role="alert">{t("word.not_saved", { why: wrong })}</span>}
	</form>;
}

function MeaningCell({ c, row, onDone }: { c: CashFlow; row: Row; onDone: () => void }) {
	const [open, set_open] = useState(false);
	if (open)
		return <Choice c={c} row={row} onDone={() => { set_open(false); onDone(); }} />;
	return <span title={reason_of(c)}>{word("meaning", c.meaning)}
		{c.cancels && ` ${t("flow.cancels", { ticket: c.cancels })}`}
		{c.meaning !== null && !c.meaning_by && <span class="remark"> {t("flow.guessed")}</span>}
		{can_edit.value && c.excluded === null && <>{" "}<button type="button" class="plain"
			aria-label={t("flow.change_of", { ticket: c.ticket })}
			onClick={() => set_open(true)}>{t("flow.change")}</button></>}</span>;
}

function fields_of(row: Row, again: () => void): Field<CashFlow>[] {
	return [
		{ label: "field.meaning", cell: (c) => <MeaningCell c={c} row={row} onDone={again} /> },
		{ label: "field.type", cell: (c) => type_word(c.type) },
		{ label: "field.amount", end: true, figure: true, cell: (c) => <Gain value={c.amount} row={row} /> },
		{ label: "field.comment", cell: (c) => fmt.text(c.comment) },
		{ label: "field.when", end: true, cell: (c) => <BrokerTime msc={c.time_msc}
			utc={c.time_utc} estimated={c.time_utc_estimated} row={row} /> },
	];
}

function Sums({ list, row }: { list: CashFlow[]; row: Row }) {
	const counted = list.filter((c) => c.excluded === null);
	const sum = (of: (c: CashFlow) => boolean) => sum_of(counted.filter(of).map((c) => c.amount));
	const flow = (c: CashFlow) => c.kind === "flow";
	return <dl class="figures small-figures">
		<div><dt>{t("flow.deposits")}</dt><dd><Amount row={row}
			value={sum((c) => flow(c) && (c.amount ?? 0) >= 0)} /></dd></div>
		<div><dt>{t("flow.withdrawals")}</dt><dd><Amount row={row}
			value={sum((c) => flow(c) && (c.amount ?? 0) < 0)} /></dd></div>
		<div><dt>{t("flow.credit")}</dt><dd><Amount value={sum((c) => c.kind === "credit")} row={row} /></dd></div>
		<div><dt>{t("flow.charges")}</dt><dd><Amount value={sum((c) => c.kind === "cost")} row={row} /></dd></div>
	</dl>;
}

export function CashFlows({ row }: { row: Row }) {
	const [turn, set_turn] = useState(0);
	const got = useAll<CashFlow>(row, "cashflows", `${row.account?.balance} ${row.phase?.version} ${turn}`);
	return <Fetched got={got} what={t("tab.cashflows")}>{({ list, complete, history }) => <>
		<HistoryNote history={history} row={row} />
		{list.length === 0 ? <p class="remark">{t("flow.none")}</p> : <>
			{complete && <Sums list={list} row={row} />}
			<Records list={[...list].reverse()} fields={fields_of(row, () => set_turn(turn + 1))}
				key_of={(c) => c.ticket} />
			{!complete && <p class="remark note">{t("flow.first", { n: list.length })}</p>}
		</>}
	</>}</Fetched>;
}

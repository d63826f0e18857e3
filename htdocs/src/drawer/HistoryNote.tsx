// HistoryNote.tsx: how far the ledger's deals are the account's, where they are not.
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import type { History, Row } from "../types.ts";

function residue_words(h: History, row: Row): string | null {
	const a = row.account;
	const parts = [["balance", h.residue], ["credit", h.credit_residue]] as const;
	const off = parts.filter(([, v]) => v !== null && v !== 0).map(([what, v]) =>
		`the ${what} by ${fmt.money(v, a?.currency, a?.currency_digits)}`);
	return off.length === 0 ? null : `The deals do not add up to ${off.join(" and ")}` +
	    (h.residue_note ? `: ${h.residue_note}` : "");
}

function state_words(h: History): string | null {
	switch (h.state) {
	case "ok": return null;
	case "none": return "No deals have been read from the terminal yet";
	case "history_syncing": return "The terminal is still loading its history: deals may be missing";
	default: return `The history could not be read${h.error ? `: ${h.error}` : ""}`;
	}
}

export function HistoryNote({ history: h, row }: { history: History | null | undefined; row: Row }) {
	if (!h)
		return null;
	const lines = [state_words(h), residue_words(h, row), h.missing > 0 ?
		`${fmt.count(h.missing)} stored deals are no longer in the terminal` : null]
		.filter((line) => line !== null);
	const checked = h.checked_utc ?? h.synced_utc;
	return <>
		{lines.map((line) => <p key={line} class="remark note">{line}.</p>)}
		<p class="remark">{fmt.count(h.deals)} deals kept{checked && `, compared with the balance ${
			fmt.moment(Date.parse(checked), prefs.value.zone, row.broker_offset_s, false)}`}
		{h.residue === 0 && lines.length === 0 && ": they add up to it"}.</p>
	</>;
}

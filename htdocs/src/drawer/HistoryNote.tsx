// HistoryNote.tsx: how far the ledger's deals are the account's, where they are not.
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import type { History, Row } from "../types.ts";
import { listed, t } from "../text.tsx";

function difference_words(h: History, row: Row): string | null {
	const a = row.account;
	const parts = [["history.balance_by", h.difference], ["history.credit_by", h.credit_difference]] as const;
	const what = listed(parts.filter(([, v]) => v !== null && v !== 0).map(([key, v]) =>
		t(key, { amount: fmt.money(v, a?.currency, a?.currency_digits) })));
	return what === "" ? null : h.difference_note ?
		t("history.difference_why", { what, why: h.difference_note }) : t("history.difference", { what });
}

function state_words(h: History): string | null {
	switch (h.state) {
	case "ok": return null;
	case "none": return t("history.none");
	case "history_syncing": return t("history.syncing");
	default: return h.error ? t("history.unreadable_why", { why: h.error }) : t("history.unreadable");
	}
}

export function HistoryNote({ history: h, row }: { history: History | null | undefined; row: Row }) {
	if (!h)
		return null;
	const lines = [state_words(h), difference_words(h, row), h.missing > 0 ?
		t("history.missing", { n: h.missing }) : null]
		.filter((line) => line !== null);
	const checked = h.checked_utc ?? h.synced_utc;
	return <>
		{lines.map((line) => <p key={line} class="remark note">{line}.</p>)}
		<p class="remark">{t("history.kept", { n: h.deals })}{checked && `, ${t("history.compared", { at:
			fmt.row_moment(row, Date.parse(checked), prefs.value.zone, false) })}`}
		{h.difference === 0 && lines.length === 0 && `: ${t("history.adds_up")}`}.</p>
	</>;
}

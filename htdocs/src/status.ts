// status.ts: the words for an account's state, worst first (lib/trading/status.h).

import { t } from "./text.tsx";

type Kind = "ok" | "note" | "warn" | "bad";

interface StatusInfo {
	label: string;
	todo: string; /* what ends it; "" where nothing has to be done */
	live: boolean; /* its numbers are of now: they may stand in a total */
	kind: Kind;
	text: string;
}

const table = {
	unreachable: { live: false, kind: "bad" },
	unauthorized: { live: false, kind: "bad" },
	terminal_down: { live: false, kind: "bad" },
	bridge_silent: { live: false, kind: "bad" },
	wrong_account: { live: false, kind: "bad" },
	conflict: { live: false, kind: "bad" },
	bad_data: { live: false, kind: "bad" },
	not_logged_in: { live: false, kind: "bad" },
	broker_disconnected: { live: false, kind: "bad" },
	stale: { live: false, kind: "warn" },
	history_syncing: { live: true, kind: "note" },
	trading_disabled: { live: true, kind: "note" },
	read_only: { live: true, kind: "ok" },
	ok: { live: true, kind: "ok" },
} satisfies Record<string, { live: boolean; kind: Kind }>;

type Word = keyof typeof table;

function is_word(word: string): word is Word {
	return Object.hasOwn(table, word);
}

export const status_words = Object.keys(table);

/* Nothing has to be done where it is live. */
function todo(word: Word): string {
	switch (word) {
	case "history_syncing": case "trading_disabled": case "read_only": case "ok": return "";
	default: return t(`status_todo.${word}`);
	}
}

/* A word this page does not know is shown as it is, and is not live. */
export function status_info(word: string): StatusInfo {
	return is_word(word) ?
		{ ...table[word], label: t(`status.${word}`), text: t(`status_text.${word}`),
			todo: todo(word) } :
		{ todo: "", label: word, live: false, kind: "bad", text: t("status.unknown_text") };
}

export function status_rank(word: string): number {
	return status_words.indexOf(word);
}

export function status_is_live(word: string): boolean {
	return is_word(word) && table[word].live;
}

// status.ts: the words for an account's state, worst first (lib/trading/status.h).

interface StatusInfo {
	label: string;
	live: boolean; /* its numbers are of now: they may stand in a total */
	kind: "ok" | "note" | "warn" | "bad";
	text: string;
}

const table: Record<string, StatusInfo> = {
	unreachable: { label: "unreachable", live: false, kind: "bad",
		text: "the agent does not answer" },
	unauthorized: { label: "unauthorized", live: false, kind: "bad",
		text: "the agent rejects our token" },
	terminal_down: { label: "terminal down", live: false, kind: "bad",
		text: "the terminal is not running" },
	bridge_silent: { label: "bridge silent", live: false, kind: "bad",
		text: "the bridge in the terminal stopped writing" },
	wrong_account: { label: "wrong account", live: false, kind: "bad",
		text: "a different login than expected" },
	conflict: { label: "conflict", live: false, kind: "bad",
		text: "two nodes show this account: nodes.json must say which one counts" },
	bad_data: { label: "bad data", live: false, kind: "bad",
		text: "what the terminal says of it cannot be true" },
	not_logged_in: { label: "not logged in", live: false, kind: "bad",
		text: "no account in the terminal" },
	broker_disconnected: { label: "broker offline", live: false, kind: "bad",
		text: "the terminal is not connected to its trade server" },
	stale: { label: "stale", live: false, kind: "warn",
		text: "no update within the time limit" },
	history_syncing: { label: "syncing", live: true, kind: "note",
		text: "live; the terminal still loads its history" },
	trading_disabled: { label: "trading off", live: true, kind: "note",
		text: "live; trading is disabled by AutoTrading or by the server" },
	read_only: { label: "read only", live: true, kind: "ok",
		text: "live; investor password" },
	ok: { label: "ok", live: true, kind: "ok", text: "live" },
};

export const status_words = Object.keys(table);

/* A word this page does not know is shown as it is, and is not live. */
export function status_info(word: string): StatusInfo {
	return table[word] ??
		{ label: word, live: false, kind: "bad", text: "unknown status" };
}

export function status_rank(word: string): number {
	return status_words.indexOf(word);
}

export function status_is_live(word: string): boolean {
	return status_info(word).live;
}

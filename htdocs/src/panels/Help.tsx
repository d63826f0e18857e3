// Help.tsx: the keys, and what each status means.
import { signal } from "@preact/signals";
import { prefs } from "../prefs.ts";
import { status_info, status_words } from "../status.ts";
import { Dialog } from "./Dialog.tsx";

export const help_open = signal(false);

const keys: [string, string][] = [
	["/", "search"], ["j  k", "next, previous account"], ["Enter", "open it"],
	["s", "focus the sorted column; Tab and Enter choose another"],
	["Ctrl K  ⌘ K", "go to an account or a command"],
	["Esc", "close the open panel, or clear the search"], ["?", "this"],
];

export function Help() {
	return <Dialog open={help_open.value} onClose={() => { help_open.value = false; }} label="Help">
		<h2>Keys</h2>
		<dl class="keys">{keys.map(([key, what]) =>
			<div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>)}</dl>
		<p>{prefs.value.shortcuts ? "Shortcuts are ignored while you type and can be switched off" :
			"Shortcuts are off and can be switched on"} under View.</p>
		<h2>Status</h2>
		<dl class="legend">{[...status_words].reverse().map((word) => {
			const info = status_info(word);
			return <div key={word}><dt><span class={`pill ${info.kind}`}>{info.label}</span></dt>
				<dd>{info.text}</dd></div>;
		})}</dl>
		<p>Grey rows are not live: they keep their last values and their age, and are in no
		sum. “–” means unknown, never nothing. Sorting by money compares the figures of
		different currencies as they are (US cents as hundredths); P/L % compares fairly.</p>
		<form method="dialog"><button>Close</button></form>
	</Dialog>;
}

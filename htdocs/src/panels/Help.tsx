// Help.tsx: the keys, and what each status means.
import { signal } from "@preact/signals";
import { prefs } from "../prefs.ts";
import { status_info, status_words } from "../status.ts";
import { Dialog } from "./Dialog.tsx";
import { t, type Plain } from "../text.tsx";

export const help_open = signal(false);

const keys: [string, Plain][] = [
	["/", "help.search"], ["j  k", "help.walk"], ["Enter", "help.open"], ["x", "help.mark"], ["s", "help.sort"],
	["Ctrl K  ⌘ K", "help.goto"], ["Esc", "help.escape"], ["?", "help.this"],
];

const phases = ["F1", "F2", "F3", "R", "Q"] as const;

export function Help() {
	return <Dialog open={help_open.value} onClose={() => { help_open.value = false; }} label={t("head.help")}>
		<h2>{t("help.keys")}</h2>
		<dl class="keys">{keys.map(([key, what]) =>
			<div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(what)}</dd></div>)}</dl>
		<p>{t(prefs.value.shortcuts ? "help.shortcuts_on" : "help.shortcuts_off")}</p>
		<h2>{t("column.phase")}</h2>
		<dl class="legend phases">{phases.map((p) => <div key={p}><dt><b>{p}</b></dt>
			<dd>{t(`phase_text.${p}`)}</dd></div>)}</dl>
		<h2>{t("help.status")}</h2>
		<dl class="legend">{[...status_words].reverse().map((word) => {
			const info = status_info(word);
			return <div key={word}><dt><span class={`pill ${info.kind}`}>{info.label}</span></dt>
				<dd>{info.text}</dd></div>;
		})}</dl>
		<p>{t("help.grey")}</p>
		<form method="dialog"><button>{t("word.close")}</button></form>
	</Dialog>;
}

// Palette.tsx: Ctrl or ⌘ and K: an account or a command by a few letters.
import { signal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { export_csv } from "../export.ts";
import { ask_refresh } from "../feed.ts";
import { groupings } from "../group.ts";
import { matching, type Choice } from "../palette.ts";
import { prefs, set_pref } from "../prefs.ts";
import { choices } from "../prefs_store.ts";
import { row_title } from "../rows.ts";
import { login_open, session } from "../session.ts";
import { all_rows } from "../state.ts";
import { clear_filter, group_by, open_row, selected, set_filter, view } from "../view.ts";
import { Dialog } from "./Dialog.tsx";
import { help_open } from "./Help.tsx";

export const palette_open = signal(false);

const MOST = 12;

function commands(): Choice[] {
	const losing = view.peek().filter.losing;
	return [
		{ name: "Show all accounts", hint: "clear the filter", run: clear_filter },
		{ name: losing ? "Include winning accounts" : "Show only losing accounts", hint: "filter",
			run: () => set_filter({ losing: !losing }) },
		...groupings.map((g) => ({ name: g === "none" ? "No groups" : `Group by ${g}`,
			hint: "table", run: () => group_by(g) })),
		{ name: "Save as CSV", hint: "the rows shown", run: export_csv },
		{ name: "Refresh all", hint: "refresh", run: ask_refresh },
		...choices.theme.map((t) => ({ name: `Theme: ${t}`, hint: "display", run: () => set_pref("theme", t) })),
		...choices.zone.map((z) => ({ name: `Times: ${z}`, hint: "clock", run: () => set_pref("zone", z) })),
		{ name: prefs.peek().density === "compact" ? "Comfortable rows" : "Compact rows", hint: "display",
			run: () => set_pref("density", prefs.peek().density === "compact" ? "comfortable" : "compact") },
		{ name: "Help", hint: "keys and legend", run: () => { help_open.value = true; } },
		...session.peek() ? [] : [{ name: "Log in", hint: "", run: () => { login_open.value = true; } }],
	];
}

function accounts(): Choice[] {
	return all_rows.peek().filter((r) => r.login !== null).map((r) => ({ name: row_title(r),
		hint: [r.server, r.account?.currency, r.phase?.phase, r.node].filter(Boolean).join(" · "),
		run: () => { selected.value = r.key; open_row(r); } }));
}

function run(choice: Choice | undefined): void {
	palette_open.value = false;
	/* once the dialog has given the focus back */
	if (choice)
		setTimeout(choice.run);
}

function Box() {
	const [typed, set_typed] = useState("");
	const [at, set_at] = useState(0);
	const all = useMemo(() => [...accounts(), ...commands()], []);
	const found = matching(all, typed, MOST);
	useEffect(() => { document.getElementById(`go-${at}`)?.scrollIntoView({ block: "nearest" }); });
	const key = (e: KeyboardEvent) => {
		const by = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
		if (by)
			set_at((at + by + found.length) % Math.max(1, found.length));
		else if (e.key === "Enter")
			run(found[at]);
		else
			return;
		e.preventDefault();
	};
	return <>
		<input type="text" class="goto" placeholder="An account or a command" autocomplete="off"
			spellcheck={false} autofocus role="combobox" aria-label="Go to" aria-expanded="true"
			aria-controls="go-list" aria-activedescendant={found.length ? `go-${at}` : undefined}
			aria-autocomplete="list" onKeyDown={key} value={typed}
			onInput={(e) => { set_typed(e.currentTarget.value); set_at(0); }} />
		<ul id="go-list" class="go" role="listbox" aria-label="Matches">{found.map((c, i) =>
			<li key={`${c.name} ${c.hint}`} id={`go-${i}`} role="option" aria-selected={i === at}
				onClick={() => run(c)}><b>{c.name}</b> <span class="faint">{c.hint}</span></li>)}</ul>
		{found.length === 0 && <p>No matches</p>}
	</>;
}

export function Palette() {
	return <Dialog open={palette_open.value} onClose={() => { palette_open.value = false; }}
		label="Go to">{palette_open.value && <Box />}</Dialog>;
}

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
import { admin_sections, panels } from "../url.ts";
import { clear_filter, group_by, open_admin, open_panel, open_row, selected, set_filter, view } from "../view.ts";
import { Dialog } from "./Dialog.tsx";
import { help_open } from "./Help.tsx";
import { t } from "../text.tsx";

export const palette_open = signal(false);

const MOST = 12;

function commands(): Choice[] {
	const losing = view.peek().filter.losing;
	return [
		{ name: t("goto.all"), hint: t("goto.all_hint"), run: clear_filter },
		{ name: t(losing ? "goto.losing_off" : "goto.losing_on"), hint: t("goto.filter"),
			run: () => set_filter({ losing: !losing }) },
		...groupings.map((g) => ({ name: g === "none" ? t("goto.no_groups") : t("goto.group", { by: t(`group.${g}`) }),
			hint: t("goto.table"), run: () => group_by(g) })),
		{ name: t("goto.csv"), hint: t("goto.csv_hint"), run: export_csv },
		{ name: t("goto.refresh"), hint: t("goto.refresh_hint"), run: ask_refresh },
		...choices.theme.map((theme) => ({ name: t("goto.theme", { theme: t(`view.theme.${theme}`) }),
			hint: t("goto.display"), run: () => set_pref("theme", theme) })),
		...choices.language.map((l) => ({ name: t("goto.language", { language: t(`view.language.${l}`) }),
			hint: t("goto.display"), run: () => set_pref("language", l) })),
		...choices.zone.map((z) => ({ name: t("goto.zone", { zone: t(`view.zone.${z}`) }),
			hint: t("goto.clock"), run: () => set_pref("zone", z) })),
		{ name: t(prefs.peek().density === "compact" ? "goto.comfortable" : "goto.compact"),
			hint: t("goto.display"),
			run: () => set_pref("density", prefs.peek().density === "compact" ? "comfortable" : "compact") },
		...admin_sections.map((s) => ({ name: t("goto.admin", { section: t(`admin.${s}`) }),
			hint: t("goto.admin_hint"), run: () => open_admin(s) })),
		...panels.map((p) => ({ name: t(`${p}.open`), hint: t(`${p}.title`), run: () => open_panel(p) })),
		{ name: t("goto.help"), hint: t("goto.help_hint"), run: () => { help_open.value = true; } },
		...session.peek() ? [] : [{ name: t("login.in"), hint: "", run: () => { login_open.value = true; } }],
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
		<input type="text" class="goto" placeholder={t("goto.placeholder")} autocomplete="off"
			spellcheck={false} autofocus role="combobox" aria-label={t("goto")} aria-expanded="true"
			aria-controls="go-list" aria-activedescendant={found.length ? `go-${at}` : undefined}
			aria-autocomplete="list" onKeyDown={key} value={typed}
			onInput={(e) => { set_typed(e.currentTarget.value); set_at(0); }} />
		<ul id="go-list" class="go" role="listbox" aria-label={t("goto.matches")}>{found.map((c, i) =>
			<li key={`${c.name} ${c.hint}`} id={`go-${i}`} role="option" aria-selected={i === at}
				onClick={() => run(c)}><b>{c.name}</b> <span class="faint">{c.hint}</span></li>)}</ul>
		{found.length === 0 && <p>{t("goto.no_match")}</p>}
	</>;
}

export function Palette() {
	return <Dialog open={palette_open.value} onClose={() => { palette_open.value = false; }}
		label={t("goto")}>{palette_open.value && <Box />}</Dialog>;
}

// DrawerFrame.tsx: the drawer's frame; what is in it comes as a script of its
// own, once the rows are there: the first view does without it.
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { focus_selected } from "../keys.ts";
import { loaded, membership, row_signal } from "../state.ts";
import { t } from "../text.tsx";
import type { Row } from "../types.ts";
import { discard_typed, held_step, note_typing } from "../unsaved.ts";
import type { Open } from "../url.ts";
import { close_account, go_on, view } from "../view.ts";

type Opened = ComponentType<{ row: Row; open: Open }>;

let opened: Opened | null = null;

async function load_opened(): Promise<Opened> {
	return opened ??= (await import("./Drawer.tsx")).Opened;
}

function useOpened(wanted: boolean): Opened | null {
	const [there, set_there] = useState<Opened | null>(() => opened);
	useEffect(() => {
		/* a script that does not come is asked for again with the next account */
		const load = () => void load_opened().then((o) => set_there(() => o)).catch(() => {});
		if (there)
			return;
		if (wanted) {
			load();
			return;
		}
		const later = setTimeout(load, 3_000);
		return () => clearTimeout(later);
	}, [wanted, there]);
	return there;
}

function Unsaved() {
	const to = held_step.value;
	const stay = useRef<HTMLButtonElement>(null);
	useEffect(() => { if (to) stay.current?.focus(); }, [to]);
	if (!to)
		return null;
	return <div class="unsaved" role="alertdialog" aria-label={t("drawer.unsaved")}>
		<p>{t("drawer.unsaved")}</p>
		<button type="button" ref={stay} onClick={() => { held_step.value = null; }}>{t("drawer.stay")}</button>
		<button type="button" onClick={() => {
			discard_typed();
			held_step.value = null;
			go_on(to);
		}}>{t("drawer.discard")}</button>
	</div>;
}

export function Drawer() {
	const open = view.value.open;
	const box = useRef<HTMLElement>(null);
	const key = open ? `${open.server}/${open.login}` : null;
	const before = useRef<string | null>(null);
	const Inside = useOpened(loaded.value && open !== null);
	useEffect(() => {
		if (key && !before.current)
			box.current?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
		if (!key && before.current)
			focus_selected();
		before.current = key;
	}, [key]);
	if (!open || !key)
		return null;
	membership.value;
	const row = row_signal(key)?.value;
	return <aside class="drawer" aria-label={t("drawer", { login: open.login })} ref={box}
		onInput={note_typing}>
		<Unsaved />
		{row && Inside ? <Inside key={key} row={row} open={open} /> :
			<div class="nothing"><h2 tabIndex={-1}>{loaded.value && !row ?
				t("drawer.none", { login: open.login, server: open.server }) : t("word.loading")}</h2>
				<button type="button" onClick={close_account}>{t("word.close")}</button></div>}
	</aside>;
}

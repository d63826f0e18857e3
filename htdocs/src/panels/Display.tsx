// Display.tsx: columns, colours, density, numbers, zone: this browser's choices.
import { column_is_shown, columns } from "../columns.tsx";
import { ask_for, kinds, permission } from "../notify.ts";
import { prefs, set_pref } from "../prefs.ts";
import { choices, type Prefs } from "../prefs_store.ts";
import { t, type Plain } from "../text.tsx";

type Choice = keyof typeof choices;

function ChoiceOf({ name }: { name: Choice }) {
	return <label class="choice">{t(`view.${name}`)}
		<select value={prefs.value[name]} onChange={(e) =>
			set_pref(name, e.currentTarget.value as Prefs[typeof name])}>
			{choices[name].map((c) => <option key={c} value={c}>{t(`view.${name}.${c}` as Plain)}</option>)}
		</select>
	</label>;
}

function Switch({ name, label }: { name: "shortcuts" | "csv_bom"; label: string }) {
	return <label class="choice">{label}<input type="checkbox" checked={prefs.value[name]}
		onChange={(e) => set_pref(name, e.currentTarget.checked)} /></label>;
}

/* Asks the browser only when one is switched on. */
function Notify() {
	const may = permission.value;
	return <fieldset class="columns one" disabled={may === "unsupported" || may === "denied"}>
		<legend>{t("notify")}</legend>
		{kinds.map((k) => <label key={k}>
			<input type="checkbox" checked={prefs.value[k]}
				onChange={(e) => void ask_for(k, e.currentTarget.checked)} />{t(`notify.${k}`)}</label>)}
		{may === "denied" && <p class="remark">{t("notify.denied")}</p>}
		{may === "unsupported" && <p class="remark">{t("notify.unsupported")}</p>}
	</fieldset>;
}

function set_column(id: string, on: boolean): void {
	set_pref("columns", { ...prefs.peek().columns, [id]: on });
}

export function close_on_leave(e: FocusEvent): void {
	const box = e.currentTarget as HTMLDetailsElement;
	if (e.relatedTarget && !box.contains(e.relatedTarget as Node))
		box.open = false;
}

export function Display() {
	return <details class="menu" onFocusOut={close_on_leave}>
		<summary class="quiet">{t("view")}</summary>
		<div class="panel">
			{(Object.keys(choices) as Choice[]).map((c) => <ChoiceOf key={c} name={c} />)}
			<Switch name="shortcuts" label={t("view.shortcuts")} />
			<Switch name="csv_bom" label={t("view.csv_bom")} />
			<Notify />
			<fieldset class="columns"><legend>{t("view.columns")}</legend>
				{columns.filter((c) => c.id !== "name").map((c) => <label key={c.id} title={c.title && t(c.title)}>
					<input type="checkbox" checked={column_is_shown(c)}
						onChange={(e) => set_column(c.id, e.currentTarget.checked)} />{t(c.label)}</label>)}
				<button type="button" class="plain" onClick={() => set_pref("columns", {})}>
					{t("view.delivered")}</button>
			</fieldset>
		</div>
	</details>;
}

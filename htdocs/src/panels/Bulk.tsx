// Bulk.tsx: the bar under the table while rows are marked: one command for all of them.
import { useEffect, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { change_all, maintain_all, meta_parts, phase_parts, rule_set_parts, status_parts, tag_parts,
	type Done } from "../bulk.ts";
import { request } from "../api.ts";
import { mark_all, marked_keys, marked_rows } from "../marks.ts";
import { nodes } from "../nodes.ts";
import { row_title } from "../rows.ts";
import { rows_now } from "../state.ts";
import type { Row, RuleSet } from "../types.ts";
import { phase_statuses, phase_words } from "../phase_words.ts";
import { t, word } from "../text.tsx";
import { close_on_leave } from "./Display.tsx";
import { say } from "./Toast.tsx";

/* What was done, what was not and why, and one way back. */
function tell(done: Done, what: string): void {
	const first = done.failed[0];
	const wrong = first ? " · " + t("bulk.failed", { n: done.failed.length,
		account: row_title(first.row), why: first.why }) : "";
	const back = done.undo;
	say((done.count === 0 && !first ? t("bulk.nothing", { what }) : t("bulk.done", { n: done.count, what })) +
		wrong, back && (() => void back().then((why) =>
			say(why === null ? t("word.undone") : t("word.not_undone", { why })))));
}

/* What stands in it is found out when it is opened. */
function Menu({ name, children }: { name: string; children: () => ComponentChildren }) {
	const [open, set_open] = useState(false);
	return <details class="menu upward" onFocusOut={close_on_leave}
		onToggle={(e) => set_open(e.currentTarget.open)}>
		<summary class="quiet">{name} ▴</summary><div class="panel">{open && children()}</div></details>;
}

function Choices({ of, onPick }: { of: [value: string, label: string][]; onPick: (value: string) => void }) {
	return <div class="chips">{of.map(([value, label]) =>
		<button type="button" key={value} onClick={() => onPick(value)}><bdi>{label}</bdi></button>)}</div>;
}

/* What others have been called is offered; another word may be typed. */
function Typed({ label, known, acts }: { label: string; known: string[];
    acts: [label: string, act: (text: string) => void][] }) {
	const [text, set_text] = useState("");
	return <><label class="field">{label}<input value={text} maxLength={200}
		onInput={(e) => set_text(e.currentTarget.value)} /></label>
		<div class="chips">{acts.map(([name, act]) => <button type="button" key={name}
			disabled={!text.trim()} onClick={() => act(text.trim())}>{name}</button>)}</div>
		{known.length > 0 && <><p class="remark">{t("bulk.known")}</p>
			<Choices of={known.slice(0, 12).map((k) => [k, k])} onPick={(k) => acts[0]![1](k)} /></>}</>;
}

function known_of(value: (r: Row) => readonly (string | null | undefined)[]): string[] {
	const counts = new Map<string, number>();
	for (const v of [...rows_now.values()].flatMap((r) => value(r)))
		if (v)
			counts.set(v, (counts.get(v) ?? 0) + 1);
	return [...counts].sort((a, b) => b[1] - a[1]).map(([v]) => v);
}

function RuleSets({ onPick }: { onPick: (id: number | null, name: string) => void }) {
	const [sets, set_sets] = useState<RuleSet[] | null>(null);
	useEffect(() => void request<{ rules: RuleSet[] }>("/api/rules").then((a) =>
		set_sets(a.ok ? a.data?.rules ?? [] : [])), []);
	if (sets === null)
		return <p class="remark">{t("word.loading")}</p>;
	return <Choices of={[...sets.map((r): [string, string] => [String(r.id), r.name]), ["", t("word.none")]]}
		onPick={(id) => onPick(id ? Number(id) : null,
			sets.find((r) => String(r.id) === id)?.name ?? t("word.none"))} />;
}

function phases(): string[] {
	return [...phase_words, ...known_of((r) => [r.phase?.phase]).filter((p) => !phase_words.includes(p))];
}

export default function Bulk() {
	const [busy, set_busy] = useState<number | null>(null);
	const n = marked_keys.value.length;
	const run = async (what: string, by: (rows: Row[]) => Promise<Done>) => {
		for (const menu of document.querySelectorAll<HTMLDetailsElement>(".bulk details[open]"))
			menu.open = false;
		set_busy(0);
		tell(await by(marked_rows()), what);
		set_busy(null);
	};
	const edit = (what: string, parts_of: Parameters<typeof change_all>[1]) =>
		void run(what, (rows) => change_all(rows, parts_of, set_busy));
	const away = marked_rows().some((r) => nodes.value.get(r.node)?.maintenance);
	return <section class="bulk" aria-label={t("bulk", { n })}>
		<b role="status">{busy === null ? t("bulk", { n }) : t("bulk.busy", { n: busy + 1, of: n })}</b>
		<fieldset disabled={busy !== null}>
			<Menu name={t("column.phase")}>{() => <><Choices of={phases().map((p) => [p, p])}
				onPick={(p) => edit(p, (r) => phase_parts(r, p))} />
				<p class="remark">{t("bulk.phase_text")}</p></>}</Menu>
			<Menu name={t("bulk.status")}>{() => <Choices
				of={phase_statuses.map((s) => [s, word("phase_status", s)])}
				onPick={(s) => edit(word("phase_status", s), (r) => status_parts(r, s))} />}</Menu>
			<Menu name={t("column.prop_firm")}>{() => <Typed label={t("column.prop_firm")}
				known={known_of((r) => [r.phase?.prop_firm])}
				acts={[[t("word.save"), (f) => edit(f, (r) => meta_parts(r, "prop_firm", f))]]} />}</Menu>
			<Menu name={t("column.holder")}>{() => <Typed label={t("column.holder")}
				known={known_of((r) => [r.phase?.holder])}
				acts={[[t("word.save"), (h) => edit(h, (r) => meta_parts(r, "holder", h))]]} />}</Menu>
			<Menu name={t("column.tags")}>{() => <Typed label={t("bulk.tag")}
				known={known_of((r) => r.phase?.tags ?? [])}
				acts={[[t("bulk.add_tag"), (x) => edit(`+ ${x}`, (r) => tag_parts(r, x, true))],
					[t("bulk.remove_tag"), (x) => edit(`− ${x}`, (r) => tag_parts(r, x, false))]]} />}</Menu>
			<Menu name={t("bulk.rule_set")}>{() => <RuleSets
				onPick={(id, name) => edit(name, (r) => rule_set_parts(r, id))} />}</Menu>
			<button type="button" class="quiet" title={t("bulk.maintenance_text")}
				onClick={() => void run(t(away ? "nodes.ready" : "nodes.maintenance"), (rows) => maintain_all(rows, !away))}>
				{t(away ? "nodes.ready" : "nodes.maintenance")}</button>
			<button type="button" class="quiet" onClick={() => mark_all(false)}>{t("bulk.clear")}</button>
		</fieldset>
	</section>;
}

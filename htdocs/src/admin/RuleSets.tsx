// RuleSets.tsx: the rule sets: change one, copy a preset, delete, try a path on it.
import { useState } from "preact/hooks";
import * as fmt from "../format.ts";
import { can_manage, change } from "../session.ts";
import { say } from "../panels/Toast.tsx";
import { all_rows } from "../state.ts";
import { t, word } from "../text.tsx";
import type { RuleSet, RuleSetDone, RulesStep } from "../types.ts";
import { Editing, Got, Sure } from "./parts.tsx";
import { is_object, path_from, phases_of, type Rules } from "./rule_form.ts";
import { RuleForm } from "./RuleForm.tsx";
import { act, useGet } from "./use.ts";

interface Draft {
	id: number; /* 0: a new one */
	version: number | null;
	name: string;
	firm: string;
	program: string;
	source_url: string;
	verified_on: string;
	rules: Rules;
}

function draft_of(r: RuleSet, copy: boolean): Draft {
	return { id: copy ? 0 : r.id, version: copy ? null : r.version,
		name: copy ? t("rules.copy_of", { name: r.name }) : r.name, firm: r.firm ?? "",
		program: r.program ?? "", source_url: r.source_url ?? "", verified_on: r.verified_on ?? "",
		rules: r.rules };
}

const empty: Draft = { id: 0, version: null, name: "", firm: "", program: "", source_url: "",
	verified_on: "", rules: { daily_loss: { pct: 5 }, max_loss: { pct: 10 } } };

/* ---- trying a path ---- */

const example = "sample 100000 100000\nreset 104000 104000\nsample 103000 101500\npayout 2000";

function Steps({ steps }: { steps: RulesStep[] }) {
	const figures = ["total_floor", "total_left", "daily_floor", "daily_left", "target_level"] as const;
	return <div class="scroll"><table class="small">
		<caption>{t("try.steps")}</caption>
		<thead><tr><th scope="col">{t("try.event")}</th>{figures.map((f) =>
			<th key={f} scope="col" class="end">{t(`try.${f}`)}</th>)}
			<th scope="col" class="end">{t("column.days")}</th><th scope="col">{t("field.verdict")}</th></tr></thead>
		<tbody>{steps.map((s, i) => <tr key={i} class={s.verdict === "none" ? "" : "broken"}>
			<th scope="row"><code>{s.event ?? t("try.beginning")}</code></th>
			{figures.map((f) => <td key={f} class="end">{fmt.plain(s[f], 2)}</td>)}
			<td class="end">{fmt.count(s.days_done)}</td>
			<td>{s.verdict === "none" ? "–" : word("verdict", s.verdict)}</td></tr>)}</tbody>
	</table></div>;
}

function Try({ rules }: { rules: Rules }) {
	const [steps, set_steps] = useState<RulesStep[] | null>(null);
	const [wrong, set_wrong] = useState<string | null>(null);
	const submit = async (e: SubmitEvent) => {
		e.preventDefault();
		const data = new FormData(e.currentTarget as HTMLFormElement);
		const path = path_from(String(data.get("path")));
		if (path.wrong !== null)
			return set_wrong(t("try.bad_line", { line: path.wrong }));
		const answer = await change<{ steps: RulesStep[] }>("POST", "/api/rules/try", { rules,
			phase: String(data.get("phase")) || "F1", initial: Number(data.get("initial")), events: path.events });
		set_wrong(answer.ok ? null : answer.failure.message);
		set_steps(answer.ok ? answer.data?.steps ?? null : null);
	};
	return <details class="try"><summary>{t("try")}</summary>
		<form onSubmit={(e) => void submit(e)}>
			<p class="remark">{t("try.remark")}</p>
			<div class="line-form"><label>{t("form.phase")}<input name="phase" list="try-phases" defaultValue="F1" /></label>
				<datalist id="try-phases">{phases_of(rules).map((p) => <option key={p} value={p} />)}</datalist>
				<label>{t("form.initial_balance")}<input name="initial" type="number" min="1" step="any"
					defaultValue="100000" required /></label></div>
			<label>{t("try.path")}<textarea name="path" rows={6} defaultValue={example} spellcheck={false} /></label>
			<button type="submit">{t("try.show")}</button>
		</form>
		{wrong && <p class="wrong" role="alert">{wrong}</p>}
		{steps && <Steps steps={steps} />}
	</details>;
}

/* ---- one rule set ---- */

function AsJson({ rules, onRules }: { rules: Rules; onRules: (r: Rules) => void }) {
	const [wrong, set_wrong] = useState<string | null>(null);
	const take = (text: string) => {
		try {
			const read = JSON.parse(text) as Rules;
			if (!is_object(read))
				throw new Error(t("rules.not_object"));
			set_wrong(null);
			onRules(read);
		} catch (err) {
			set_wrong(err instanceof Error ? err.message : String(err));
		}
	};
	return <label class="json">{t("rules.json")}<textarea rows={22} spellcheck={false}
		defaultValue={JSON.stringify(rules, null, 2)} onChange={(e) => take(e.currentTarget.value)}
		aria-invalid={wrong !== null} />
		{wrong && <span class="wrong" role="alert">{wrong}</span>}</label>;
}

function Texts({ draft, onDraft }: { draft: Draft; onDraft: (d: Draft) => void }) {
	const put = (name: keyof Draft) => (e: { currentTarget: HTMLInputElement }) =>
		onDraft({ ...draft, [name]: e.currentTarget.value });
	return <div class="line-form">
		<label>{t("rules.name")}<input value={draft.name} required maxLength={100} onInput={put("name")} /></label>
		<label>{t("form.prop_firm")}<input value={draft.firm} onInput={put("firm")} /></label>
		<label>{t("rules.program")}<input value={draft.program} onInput={put("program")} /></label>
		<label>{t("rules.source")}<input type="url" value={draft.source_url} onInput={put("source_url")} /></label>
		<label>{t("rules.verified")}<input type="date" value={draft.verified_on} onInput={put("verified_on")} /></label>
	</div>;
}

function Editor({ from, onDone }: { from: Draft; onDone: () => void }) {
	const [draft, set_draft] = useState(from);
	const [expert, set_expert] = useState(false);
	const [wrong, set_wrong] = useState<string | null>(null);
	const put_rules = (rules: Rules) => set_draft({ ...draft, rules });
	const submit = async (e: SubmitEvent) => {
		e.preventDefault();
		const { id, firm, program, source_url, verified_on, ...rest } = draft;
		const answer = await change<RuleSetDone>("PUT", `/api/rules/${id}`, { ...rest, firm: firm || null,
			program: program || null, source_url: source_url || null, verified_on: verified_on || null });
		set_wrong(answer.ok ? null : answer.failure.message);
		if (!answer.ok)
			return;
		say(t("rules.saved", { name: draft.name }));
		onDone();
	};
	return <>
		<form class="rule-set" onSubmit={(e) => void submit(e)}>
			<Texts draft={draft} onDraft={set_draft} />
			<div class="choices"><label class="check"><input type="checkbox" checked={expert}
				onChange={(e) => set_expert(e.currentTarget.checked)} />{t("rules.as_json")}</label></div>
			{expert ? <AsJson rules={draft.rules} onRules={put_rules} /> :
				<RuleForm rules={draft.rules} onRules={put_rules} />}
			{wrong && <p class="wrong" role="alert">{t("word.not_saved", { why: wrong })}</p>}
			<div class="buttons"><button type="button" onClick={onDone}>{t("word.cancel")}</button>
				<Editing><button type="submit" class="main">{t("word.save")}</button></Editing></div>
		</form>
		<Try rules={draft.rules} />
	</>;
}

function Line({ r, onEdit, onDone }: { r: RuleSet; onEdit: (d: Draft) => void; onDone: () => void }) {
	const used = all_rows.value.filter((row) => row.phase?.rule_set?.id === r.id).length;
	const remove = async () => {
		if (await act("DELETE", `/api/rules/${r.id}?version=${r.version}`, undefined, t("rules.removed", { name: r.name })))
			onDone();
	};
	return <tr>
		<th scope="row"><button type="button" class="plain" onClick={() => onEdit(draft_of(r, false))}>{r.name}</button></th>
		<td>{fmt.text(r.firm)}</td><td>{fmt.text(r.program)}</td>
		<td>{r.source_url ? <a href={r.source_url} rel="noreferrer" target="_blank">{t("rules.page")}</a> : "–"}</td>
		<td>{fmt.text(r.verified_on)}</td>
		<td>{t(r.preset ? "rules.preset" : "rules.edited")}</td>
		<td class="end">{fmt.count(used)}</td>
		<td class="actions"><Editing>
			<button type="button" onClick={() => onEdit(draft_of(r, true))}>{t("rules.copy")}</button>
			{used === 0 && !r.preset && <Sure label={t("rules.remove")} sure={t("rules.remove_sure")}
				onClick={() => void remove()} />}</Editing></td>
	</tr>;
}

export function RuleSets() {
	const got = useGet<{ rules: RuleSet[] }>("/api/rules");
	const [draft, set_draft] = useState<Draft | null>(null);
	if (draft)
		return <Editor from={draft} onDone={() => { set_draft(null); got.again(); }} />;
	return <Got got={got}>{({ rules }) => <>
		{can_manage.value && <div class="line-form"><button type="button" class="main"
			onClick={() => set_draft(empty)}>{t("rules.new")}</button></div>}
		<div class="scroll"><table class="small">
			<caption class="unseen">{t("admin.rules")}</caption>
			<thead><tr><th scope="col">{t("rules.name")}</th><th scope="col">{t("form.prop_firm")}</th>
				<th scope="col">{t("rules.program")}</th><th scope="col">{t("rules.source")}</th>
				<th scope="col">{t("rules.verified")}</th><th scope="col">{t("rules.kind")}</th>
				<th scope="col" class="end">{t("nodes.accounts")}</th><td /></tr></thead>
			<tbody>{rules.map((r) => <Line key={r.id} r={r} onEdit={set_draft} onDone={got.again} />)}</tbody>
		</table></div>
	</>}</Got>;
}

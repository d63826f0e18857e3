// Audit.tsx: who changed what, newest first, with the way back.
import { useEffect, useState } from "preact/hooks";
import { request } from "../api.ts";
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import { row_name } from "../rows.ts";
import { can_edit, can_manage, session } from "../session.ts";
import { find_row } from "../state.ts";
import { t, word } from "../text.tsx";
import type { Audit as Entry, RuleSet } from "../types.ts";
import { open_account } from "../view.ts";
import { Got } from "./parts.tsx";
import { act, useGet } from "./use.ts";

const PER_PAGE = 200;

/* A rule set is its name here, not its number. */
function value_of(a: Entry, value: string | null, rules: readonly RuleSet[]): string {
	if (value === null)
		return "–";
	if (a.field === "rule_set")
		return rules.find((r) => String(r.id) === value)?.name ?? `#${value}`;
	if (a.field === "status")
		return word("phase_status", value);
	const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) : NaN;
	return Number.isNaN(moment) ? value : fmt.moment(moment, prefs.value.zone, null, false);
}

function account_name(a: Entry): string {
	if (a.server === null || a.login === null)
		return "";
	const row = find_row(a.server, a.login);
	const name = row ? row_name(row) : a.login;
	return name === a.login ? name : `${name} ${a.login}`;
}

function words_of(a: Entry, rules: readonly RuleSet[]): string {
	return [a.who, word("audit", a.action), account_name(a), a.server, a.field, value_of(a, a.from, rules),
		value_of(a, a.to, rules)].join(" ").toLowerCase();
}

/* Who may undo a change is who may make it. */
function may_undo(a: Entry): boolean {
	return a.action === "edit" &&
		(/^(merge$|name$|zone:)/.test(a.field ?? "") ? can_manage.value : can_edit.value);
}

function Line({ a, rules, onUndone }: { a: Entry; rules: readonly RuleSet[]; onUndone: () => void }) {
	const undo = async () => {
		if (await act("POST", "/admin/undo", { id: a.id }, t("word.undone")))
			onUndone();
	};
	return <tr class={a.undone ? "old" : ""}>
		<td class="nowrap">{fmt.moment(Date.parse(a.at_utc), prefs.value.zone, null)}</td>
		<td>{a.undone ? t("audit.undone") : may_undo(a) &&
			<button type="button" onClick={() => void undo()}>{t("word.undo")}</button>}</td>
		<td>{a.who}</td>
		<td>{word("audit", a.action)}</td>
		<td>{a.server !== null && a.login !== null ? <button type="button" class="plain"
			title={a.server} onClick={() => open_account(a.server!, a.login!, "phases")}>
			{account_name(a)}</button> : "–"}</td>
		<td>{word("audit_field", a.field)}</td>
		<td class="said" title={a.from ?? ""}>{value_of(a, a.from, rules)}</td>
		<td class="said" title={a.to ?? ""}>{value_of(a, a.to, rules)}</td>
		<td class="end nowrap">{fmt.plain(a.balance, 2)}</td>
	</tr>;
}

/* The pages so far; again: from the newest. */
function useAudit(): { list: Entry[]; more: boolean; next: () => void; again: () => void;
    failure: ReturnType<typeof useGet>["failure"] } {
	const [list, set_list] = useState<Entry[]>([]);
	const [more, set_more] = useState(false);
	const [turn, set_turn] = useState(0);
	const [failure, set_failure] = useState<ReturnType<typeof useGet>["failure"]>(null);
	const ask = async (before: string | null, had: Entry[]) => {
		const answer = await request<{ audit: Entry[] }>(`/api/audit?limit=${PER_PAGE}` +
			(before ? `&before=${before}` : ""));
		set_failure(answer.ok ? null : answer.failure);
		if (!answer.ok)
			return;
		const page = answer.data?.audit ?? [];
		set_list([...had, ...page]);
		set_more(page.length === PER_PAGE);
	};
	const user = session.value?.user;
	useEffect(() => { void ask(null, []); }, [turn, user]);
	return { list, more, failure, again: () => set_turn((n) => n + 1),
		next: () => void ask(list[list.length - 1]?.id ?? null, list) };
}

export function Audit() {
	const { list, more, next, again, failure } = useAudit();
	const rules = useGet<{ rules: RuleSet[] }>("/api/rules").data?.rules ?? [];
	const [typed, set_typed] = useState("");
	const needles = typed.toLowerCase().split(/\s+/).filter(Boolean);
	const shown = list.filter((a) => needles.every((n) => words_of(a, rules).includes(n)));
	return <Got got={{ data: failure && list.length === 0 ? null : list, failure, again }}>{() => <>
		<div class="line-form"><label>{t("audit.filter")}<input type="search" value={typed}
			placeholder={t("audit.filter_hint")} onInput={(e) => set_typed(e.currentTarget.value)} /></label>
			<span class="remark" role="status">{t("audit.shown", { n: shown.length, all: list.length })}</span></div>
		<div class="scroll"><table class="small audit">
			<caption class="unseen">{t("admin.audit")}</caption>
			<thead><tr><th scope="col">{t("field.when")}</th><td /><th scope="col">{t("field.who")}</th>
				<th scope="col">{t("audit.what")}</th><th scope="col">{t("column.name")}</th>
				<th scope="col">{t("conflict.field")}</th><th scope="col">{t("audit.from")}</th>
				<th scope="col">{t("audit.to")}</th><th scope="col" class="end">{t("field.balance")}</th></tr></thead>
			<tbody>{shown.map((a) => <Line key={a.id} a={a} rules={rules} onUndone={again} />)}</tbody>
		</table></div>
		{more && <button type="button" onClick={next}>{t("audit.older")}</button>}
	</>}</Got>;
}

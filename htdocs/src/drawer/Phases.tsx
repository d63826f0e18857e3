// Phases.tsx: an account's phase: the periods so far, and the form to change it.
import { useState } from "preact/hooks";
import { at } from "../api.ts";
import { annul, parse_money, save, undo, type Fields } from "../edit.ts";
import * as fmt from "../format.ts";
import { say } from "../panels/Toast.tsx";
import { prefs } from "../prefs.ts";
import { session, login_open, can_edit } from "../session.ts";
import type { Audit, Period, Phase, Proposal, Row, Text, Verdict } from "../types.ts";
import { Fetched, list_of, Unreadable, useFetched } from "./fetched.tsx";
import { PhaseBand } from "./PhaseBand.tsx";
import { Records, type Field } from "./Records.tsx";
import { phase_statuses as statuses, phase_words as words } from "../phase_words.ts";
import { t, word } from "../text.tsx";


function text_or_null(data: FormData, name: string): Text {
	return String(data.get(name) ?? "").trim() || null;
}

function fields_from(form: HTMLFormElement): Fields | string {
	const data = new FormData(form);
	const money = String(data.get("initial_balance") ?? "");
	const initial = parse_money(money);
	if (initial === undefined)
		return t("phase.bad_initial", { text: money });
	const typed_high = String(data.get("high") ?? "");
	const high = parse_money(typed_high);
	if (high === undefined)
		return t("phase.bad_high", { text: typed_high });
	return {
		phase: text_or_null(data, "phase"), status: text_or_null(data, "status"),
		vs_group: text_or_null(data, "vs_group"), holder: text_or_null(data, "holder"),
		prop_firm: text_or_null(data, "prop_firm"), initial_balance: initial,
		started_utc: text_or_null(data, "started_utc"), high,
		tags: String(data.get("tags") ?? "").split(",").map((t) => t.trim()).filter(Boolean),
		note: text_or_null(data, "note"),
	};
}

function moment_of(utc: Text, row: Row): string {
	return utc ? fmt.row_moment(row, Date.parse(utc), prefs.value.zone, false) : "–";
}

function History({ row }: { row: Row }) {
	const got = useFetched<unknown>(row, "phases", false, row.phase?.version);
	return <><h3>{t("phase.periods")}</h3><Fetched got={got} what={t("phase.history")}>{(data) => {
		const list = list_of<Period>(data, "phases");
		if (!list)
			return <Unreadable what={t("phase.history")} data={data} name="phases" />;
		if (list.length === 0)
			return <p class="remark">{t("phase.none")}</p>;
		const verdicts = list_of<Verdict>(data, "verdicts") ?? [];
		return <>
			<PhaseBand list={list} row={row} />
			<Records list={list} fields={period_fields(row)} key_of={(p) => p.start_utc ?? ""}
				title={(p) => p.note ?? ""} />
			{verdicts.length > 0 && <><h3>{t("verdicts")}</h3>
				<Records list={verdicts} fields={verdict_fields(row)} key_of={(v) => v.id} />
				{verdicts.map((v) => <VerdictDetails key={v.id} v={v} row={row} />)}</>}
		</>;
	}}</Fetched></>;
}

function period_fields(row: Row): Field<Period>[] {
	const digits = row.account?.currency_digits;
	return [
		{ label: "field.phase", cell: (p) => fmt.text(p.phase) },
		{ label: "field.status", cell: (p) => word("phase_status", p.status) },
		{ label: "field.from", cell: (p) => moment_of(p.start_utc, row) },
		{ label: "field.to", cell: (p) => p.end_utc ? moment_of(p.end_utc, row) : t("word.now") },
		{ label: "field.initial", end: true, cell: (p) => fmt.amount(p.initial_balance, digits) },
		{ label: "field.start_equity", end: true, cell: (p) => fmt.amount(p.start_equity, digits) },
		{ label: "field.who", cell: (p) => fmt.text(p.who) },
	];
}

/* What the rules' job found, and by which figure. */
function verdict_fields(row: Row): Field<Verdict>[] {
	const digits = row.account?.currency_digits;
	const about = (v: Verdict) => v.estimated ? "≈ " : "";
	return [
		{ label: "field.verdict", cell: (v) => word("verdict", v.verdict) },
		{ label: "field.when", cell: (v) => moment_of(v.at_utc, row) },
		{ label: "field.value", end: true, cell: (v) => about(v) + fmt.amount(v.value, digits) },
		{ label: "field.limit", end: true, cell: (v) => about(v) + fmt.amount(v.level, digits) },
		{ label: "field.status", cell: (v) => v.annulled_reason === null ? word("phase_status", v.status) :
			t("verdict.annulled_why", { why: v.annulled_reason }) },
	];
}

function EvidencePath({ v, row }: { v: Verdict; row: Row }) {
	const digits = row.account?.currency_digits;
	return <Records list={v.evidence?.path ?? []} key_of={(p) => p.at_utc} fields={[
		{ label: "field.when", cell: (p) => moment_of(p.at_utc, row) },
		{ label: "field.balance", end: true, cell: (p) => fmt.amount(p.balance, digits) },
		{ label: "field.equity", end: true, cell: (p) => fmt.amount(p.equity, digits) },
		{ label: "field.low", end: true, cell: (p) => fmt.amount(p.low, digits) },
		{ label: "field.high", end: true, cell: (p) => fmt.amount(p.high, digits) },
	]} />;
}

/* What was seen when it fell, and the way to take it back. */
function VerdictDetails({ v, row }: { v: Verdict; row: Row }) {
	const [wrong, set_wrong] = useState<string | null>(null);
	const annulled = v.annulled_reason !== null;
	const e = v.evidence;
	const of = { verdict: word("verdict", v.verdict), at: moment_of(v.at_utc, row) };
	const submit = (ev: SubmitEvent) => {
		ev.preventDefault();
		const data = new FormData(ev.currentTarget as HTMLFormElement);
		const reason = annulled ? null : String(data.get("reason") ?? "").trim();
		void annul(row, v.id, reason).then((result) => {
			set_wrong(result.kind === "saved" ? null : result.message);
			if (result.kind === "saved")
				say(t(annulled ? "verdict.stands" : "verdict.annulled"), undo_of(result.changes));
		});
	};
	return <details class="verdict"><summary>{annulled ?
		t("verdict.evidence_annulled", { ...of, who: fmt.text(v.annulled_by), why: v.annulled_reason ?? "" }) :
		t("verdict.evidence", of)}</summary>
		{e === null ? <p class="remark">{t("verdict.no_evidence")}</p> : <>
			<p>{t("verdict.value", { value: fmt.amount(v.value, row.account?.currency_digits),
				level: fmt.amount(v.level, row.account?.currency_digits),
				days: e.days_done === null ? "–" : t("unit.day", { n: e.days_done }),
				at: moment_of(e.deals_synced_utc, row) })}</p>
			<h4>{t("verdict.open")}</h4>
			{e.positions.length === 0 ? <p class="remark">{t("verdict.none_open")}</p> :
				<ul>{e.positions.map((p) => <li key={p.position_id}>#{p.position_id} {p.symbol}
					{" "}{t(p.type === 1 ? "order.1" : "order.0")} {p.volume}</li>)}</ul>}
			<h4>{t("verdict.around")}</h4>
			<EvidencePath v={v} row={row} /></>}
		<h4>{t("verdict.rules")}</h4>
		<pre>{JSON.stringify(v.rules, null, 1)}</pre>
		{can_edit.value && <form class="annul" onSubmit={submit}>
			{!annulled && <label>{t("verdict.because")}<input name="reason" maxLength={400} required /></label>}
			<button type="submit">{t(annulled ? "verdict.it_stands" : "verdict.annul")}</button>
			{wrong && <p class="wrong" role="alert">{t("word.not_saved", { why: wrong })}</p>}
		</form>}
	</details>;
}

const field_names = { phase: "form.phase", status: "form.status",
	initial_balance: "form.initial_balance", started_utc: "form.started_utc", high: "form.high",
	vs_group: "form.vs_group", holder: "form.holder", prop_firm: "form.prop_firm",
	tags: "now.tags", note: "form.note" } as const;

/* Both values side by side: nobody's change is lost unseen. */
function Conflict({ mine, theirs, onTakeTheirs, onKeepMine }: { mine: Fields;
    theirs: Phase | null; onTakeTheirs: () => void; onKeepMine: () => void }) {
	const names = (Object.keys(mine) as (keyof Fields)[]).filter((n) =>
		JSON.stringify(mine[n] ?? null) !== JSON.stringify(theirs?.[n] ?? null));
	const value = (n: keyof Fields, v: unknown) => Array.isArray(v) ? v.join(", ") || "–" :
		n === "status" ? word("phase_status", v as Text) : fmt.text(v as string);
	return <div class="conflict" role="alert">
		<p><b>{t("conflict")}</b></p>
		{theirs && <table class="small"><thead><tr><th scope="col">{t("conflict.field")}</th>
			<th scope="col">{t("conflict.theirs")}</th><th scope="col">{t("conflict.mine")}</th></tr></thead>
			<tbody>{names.map((n) => <tr key={n}><th scope="row">{n in field_names ? t(field_names[n as keyof typeof field_names]) : n}</th>
				<td>{value(n, theirs[n])}</td><td>{value(n, mine[n])}</td></tr>)}</tbody></table>}
		<button type="button" onClick={onTakeTheirs}>{t("conflict.take")}</button>{" "}
		<button type="button" onClick={onKeepMine}>{t("conflict.keep")}</button>
	</div>;
}

function Choose({ name, value, all }: { name: string; value: Text; all: string[] }) {
	const list = value && !all.includes(value) ? [...all, value] : all;
	return <select name={name} defaultValue={value ?? ""}>
		<option value="" selected={!value}>–</option>
		{list.map((w) => <option key={w} value={w} selected={w === value}>{word("phase_status", w)}</option>)}
	</select>;
}

/* What the stored deals say of a phase that began in the past. */
function Proposed({ row }: { row: Row }) {
	const got = useFetched<{ proposal: Proposal | null }>(row, "proposal", false);
	const p = got.data?.proposal;
	if (!p)
		return null;
	const digits = row.account?.currency_digits;
	return <p class="remark long">{t(p.equity_seen ? "phase.proposed" : "phase.proposed_unseen", {
		at: p.started_utc ?? "–", why: p.reason ?? "–", initial: fmt.amount(p.initial_balance, digits),
		high: fmt.amount(p.high, digits),
		days: p.days_opened === null ? "–" : t("unit.day", { n: p.days_opened }) })}</p>;
}

function Inputs({ p, own_word }: { p: Phase | null; own_word: string }) {
	return <>
		<label>{t("form.phase")}<input name="phase" list={own_word} defaultValue={p?.phase ?? ""}
			maxLength={32} /></label>
		<datalist id={own_word}>{words.map((w) => <option key={w} value={w} />)}</datalist>
		<label>{t("form.status")}<Choose name="status" value={p?.status ?? null} all={statuses} /></label>
		<label>{t("form.initial_balance")}<input name="initial_balance" inputMode="decimal"
			placeholder={t("form.initial_hint")} defaultValue={p?.initial_balance ?? ""} /></label>
		<label>{t("form.started_utc")}<input name="started_utc" placeholder={t("form.started_hint")}
			defaultValue={p?.started_utc ?? ""} /></label>
		<label>{t("form.high")}<input name="high" inputMode="decimal"
			placeholder={t("form.high_hint")} defaultValue={p?.high ?? ""} /></label>
		<label>{t("form.vs_group")}<input name="vs_group" defaultValue={p?.vs_group ?? ""} /></label>
		<label>{t("form.holder")}<input name="holder" defaultValue={p?.holder ?? ""} /></label>
		<label>{t("form.prop_firm")}<input name="prop_firm" defaultValue={p?.prop_firm ?? ""} /></label>
		<label>{t("form.tags")}<input name="tags" defaultValue={p?.tags?.join(", ") ?? ""} /></label>
		<label class="long">{t("form.note")}<textarea name="note" rows={2} defaultValue={p?.note ?? ""} /></label>
	</>;
}

function undo_of(changes: readonly Audit[]): (() => void) | null {
	return changes.length === 0 ? null : () => void undo(changes).then((wrong) =>
		say(wrong === null ? t("word.undone") : t("word.not_undone", { why: wrong })));
}

/* `base` is what the form was filled from: a live change must not move it. */
function Editor({ row, onDone }: { row: Row; onDone: () => void }) {
	const [base, set_base] = useState(row.phase);
	const [round, set_round] = useState(0);
	const [wrong, set_wrong] = useState<string | null>(null);
	const [clash, set_clash] = useState<{ mine: Fields; theirs: Phase | null } | null>(null);
	const [busy, set_busy] = useState(false);

	const send = async (from: Phase | null, mine: Fields) => {
		set_busy(true);
		const result = await save(row, from, mine);
		set_busy(false);
		set_wrong(result.kind === "failed" ? result.message : null);
		set_clash(result.kind === "conflict" ? { mine, theirs: result.theirs } : null);
		if (result.kind === "saved") {
			say(t("phase.saved", { login: row.login ?? "" }), undo_of(result.changes));
			onDone();
		}
	};
	const submit = (e: SubmitEvent) => {
		e.preventDefault();
		const mine = fields_from(e.currentTarget as HTMLFormElement);
		/* a beginning left as it was is not said of the period that another one began */
		for (const name of ["started_utc", "high"] as const)
			if (typeof mine !== "string" && mine[name] === (base?.[name] ?? null))
				delete mine[name];
		if (typeof mine === "string")
			set_wrong(mine);
		else
			void send(base, mine);
	};
	const take_theirs = () => {
		set_base(clash?.theirs ?? row.phase);
		set_round(round + 1);
		set_clash(null);
	};
	return <form class="edit" key={round} onSubmit={submit}>
		<Inputs p={base} own_word="phase-words" />
		<Proposed row={row} />
		{wrong && <p class="wrong long" role="alert">{t("word.not_saved", { why: wrong })}</p>}
		{clash && <Conflict mine={clash.mine} theirs={clash.theirs} onTakeTheirs={take_theirs}
			onKeepMine={() => void send(clash.theirs ?? row.phase, clash.mine)} />}
		<div class="buttons long">
			<button type="button" onClick={onDone}>{t("word.cancel")}</button>
			<button type="submit" class="main" disabled={busy}>{t("word.save")}</button>
		</div>
	</form>;
}

function Now({ row }: { row: Row }) {
	const p = row.phase;
	const a = row.account;
	return <dl class="fields">
		<div><dt>{t("now.phase")}</dt><dd>{fmt.text(p?.phase)} {p?.status && word("phase_status", p.status)}</dd></div>
		<div><dt>{t("now.initial_balance")}</dt><dd>{fmt.money(p?.initial_balance, a?.currency, a?.currency_digits)}</dd></div>
		<div><dt>{t("now.holder")}</dt><dd>{fmt.text(p?.holder)}</dd></div>
		<div><dt>{t("now.prop_firm")}</dt><dd>{fmt.text(p?.prop_firm)}</dd></div>
		<div><dt>{t("now.vs_group")}</dt><dd>{fmt.text(p?.vs_group)}</dd></div>
		<div><dt>{t("now.tags")}</dt><dd>{fmt.text(p?.tags?.join(", "))}</dd></div>
		<div><dt>{t("now.note")}</dt><dd>{fmt.text(p?.note)}</dd></div>
	</dl>;
}

export function Phases({ row }: { row: Row }) {
	const [editing, set_editing] = useState(false);
	const start = () => {
		if (!session.peek())
			login_open.value = true;
		set_editing(true);
	};
	const viewer = session.value !== null && !can_edit.value;
	return <>
		{editing && session.value ? <Editor row={row} onDone={() => set_editing(false)} /> :
			<><Now row={row} />
				<button type="button" onClick={start} disabled={viewer}
					title={viewer ? t("phase.read_only") : ""}>{t("phase.edit")}</button>{" "}
				<a href={at(`/admin/phases/${encodeURIComponent(row.server ?? "")}/${row.login}`)}>
					{t("phase.rules_and_audit")}</a></>}
		<History row={row} />
	</>;
}

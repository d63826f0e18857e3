// RuleForm.tsx: a rule set in the rule language's own words, without its JSON.
import { useState } from "preact/hooks";
import { t } from "../text.tsx";
import { is_object, phases_of, rule_fields, rule_kinds, rule_of, scope_of, shares_from, size_of,
	with_new_rule, with_phase, with_rule, with_size, with_value, type Json, type RuleField, type RuleKind,
	type Rules } from "./rule_form.ts";

type Change = (rules: Rules) => void;

function Number_({ label, value, onValue }: { label: string; value: Json | undefined;
    onValue: (v: number | "") => void }) {
	return <label>{label}<input type="number" step="any" min="0" value={typeof value === "number" ? value : ""}
		onChange={(e) => onValue(e.currentTarget.value === "" ? "" : e.currentTarget.valueAsNumber)} /></label>;
}

/* What is not said is shown as what it then is. */
function Words({ name, words, value, onValue }: { name: string; words: readonly string[];
    value: Json | undefined; onValue: (v: string) => void }) {
	return <label>{name}<select value={typeof value === "string" ? value : words[0]}
		onChange={(e) => onValue(e.currentTarget.value === words[0] ? "" : e.currentTarget.value)}>
		{words.map((w) => <option key={w} value={w}>{w}</option>)}</select></label>;
}

function Size({ rule, onRule }: { rule: Rules; onRule: Change }) {
	const { unit, value } = size_of(rule);
	return <span class="size"><Number_ label={t("rules.size")} value={value}
		onValue={(v) => onRule(with_size(rule, unit, v))} />
		<select aria-label={t("rules.unit")} value={unit} onChange={(e) =>
			onRule(with_size(rule, e.currentTarget.value as "pct" | "money", value))}>
			<option value="pct">%</option><option value="money">{t("account.money")}</option>
		</select></span>;
}

function Lock({ rule, onRule }: { rule: Rules; onRule: Change }) {
	const lock = rule.lock;
	const word = is_object(lock) ? "money" : typeof lock === "string" ? lock : "none";
	const set = (v: Json) => onRule(with_value(rule, "lock", v));
	return <span class="size"><label>lock<select value={word} onChange={(e) => {
		const w = e.currentTarget.value;
		set(w === "none" ? "" : w === "money" ? { money: 0 } : w);
	}}>{["none", "initial", "money"].map((w) => <option key={w} value={w}>{w}</option>)}</select></label>
	{is_object(lock) && <Number_ label={t("account.money")} value={lock.money}
		onValue={(v) => set({ money: v === "" ? 0 : v })} />}</span>;
}

function FieldOf({ field, rule, onRule }: { field: RuleField; rule: Rules; onRule: Change }) {
	const set = (v: Json) => onRule(with_value(rule, field.name, v));
	switch (field.kind) {
	case "size": return <Size rule={rule} onRule={onRule} />;
	case "lock": return <Lock rule={rule} onRule={onRule} />;
	case "word": return <Words name={field.name} words={field.words} value={rule[field.name]} onValue={set} />;
	case "number": return <Number_ label={field.name} value={rule[field.name]} onValue={set} />;
	case "time": return <label>{field.name}<input type="time"
		value={typeof rule[field.name] === "string" ? String(rule[field.name]) : ""}
		onChange={(e) => set(e.currentTarget.value)} /></label>;
	}
}

function Rule({ kind, phase, rules, onRules }: { kind: RuleKind; phase: string; rules: Rules;
    onRules: Change }) {
	const rule = rule_of(rules, phase, kind);
	const put = (r: Rules | null | undefined) => onRules(with_rule(rules, phase, kind, r));
	return <fieldset class="rule"><legend>{t(`rule.${kind}`)} <code>{kind}</code></legend>
		{rule === null ? <p class="remark">{t("rules.taken_away")}</p> :
			rule_fields[kind].map((f: RuleField) => <FieldOf key={f.name} field={f} rule={rule ?? {}} onRule={put} />)}
		<button type="button" class="plain" onClick={() => put(undefined)}
			aria-label={t("rules.drop_of", { rule: t(`rule.${kind}`) })}>{t("rules.drop")}</button>
	</fieldset>;
}

/* What is said for all phases, or for one of them. */
function Scope({ phase, rules, onRules }: { phase: string; rules: Rules; onRules: Change }) {
	const there = rule_kinds.filter((k) => rule_of(rules, phase, k) !== undefined);
	const absent = rule_kinds.filter((k) => !there.includes(k));
	const add = (e: Event) => {
		const select = e.currentTarget as HTMLSelectElement;
		const [what, kind] = select.value.split(" ") as [string, RuleKind];
		select.value = "";
		if (kind)
			onRules(what === "no" ? with_rule(rules, phase, kind, null) : with_new_rule(rules, phase, kind));
	};
	return <section class="scope">
		<h3>{phase === "" ? t("rules.all_phases") : t("rules.in_phase", { phase })}
			{phase !== "" && <> <button type="button" class="plain"
				onClick={() => onRules(with_phase(rules, phase, false))}>{t("rules.drop_phase")}</button></>}</h3>
		{there.map((k) => <Rule key={k} kind={k} phase={phase} rules={rules} onRules={onRules} />)}
		{absent.length > 0 && <select class="add" value="" onChange={add}
			aria-label={t("rules.add_to", { to: phase || t("rules.all_phases") })}>
			<option value="">{t("rules.add")}</option>
			{absent.map((k) => <option key={k} value={`add ${k}`}>{t(`rule.${k}`)}</option>)}
			{phase !== "" && absent.filter((k) => scope_of(rules, "")[k] !== undefined).map((k) =>
				<option key={`no ${k}`} value={`no ${k}`}>{t("rules.not_here", { rule: t(`rule.${k}`) })}</option>)}
		</select>}
	</section>;
}

function General({ rules, onRules }: { rules: Rules; onRules: Change }) {
	const reset = is_object(rules.reset) ? rules.reset : {};
	const shares = Array.isArray(rules.warn_at) ? rules.warn_at.join(", ") : "";
	const put = (name: string, v: Json) => onRules(with_value(rules, name, v));
	return <div class="line-form">
		<label>{t("rules.zone")}<input value={typeof reset.zone === "string" ? reset.zone : ""} placeholder="server"
			list="rule-zones" onChange={(e) => put("reset", with_value(reset, "zone", e.currentTarget.value.trim()))} />
		</label>
		<datalist id="rule-zones"><option value="server" />
			{["Europe/Prague", "Europe/Athens", "America/New_York", "UTC"].map((z) => <option key={z} value={z} />)}
		</datalist>
		<label>{t("rules.at")}<input type="time" value={typeof reset.at === "string" ? reset.at : "00:00"}
			onChange={(e) => put("reset", with_value(reset, "at", e.currentTarget.value))} /></label>
		<Words name="breach" words={["below", "at_or_below"]} value={rules.breach} onValue={(v) => put("breach", v)} />
		<label>{t("rules.warn_at")}<input value={shares} placeholder="0.7, 0.85, 0.95" onChange={(e) => {
			const list = shares_from(e.currentTarget.value);
			if (list)
				put("warn_at", list.length ? list : "");
			else
				e.currentTarget.setCustomValidity(t("rules.bad_shares"));
		}} /></label>
	</div>;
}

export function RuleForm({ rules, onRules }: { rules: Rules; onRules: Change }) {
	const [phase, set_phase] = useState("");
	const add_phase = () => {
		if (phase.trim())
			onRules(with_phase(rules, phase.trim(), true));
		set_phase("");
	};
	return <div class="rule-form">
		<General rules={rules} onRules={onRules} />
		<Scope phase="" rules={rules} onRules={onRules} />
		{phases_of(rules).map((p) => <Scope key={p} phase={p} rules={rules} onRules={onRules} />)}
		<div class="line-form"><label>{t("rules.new_phase")}<input value={phase} maxLength={32} list="rule-phases"
			onInput={(e) => set_phase(e.currentTarget.value)} /></label>
			<datalist id="rule-phases">{["F1", "F2", "F3", "R"].map((p) => <option key={p} value={p} />)}</datalist>
			<button type="button" onClick={add_phase}>{t("rules.add_phase")}</button></div>
	</div>;
}

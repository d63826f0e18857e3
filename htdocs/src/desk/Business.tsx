// Business.tsx: what the accounts cost and brought in, by firm, month and holder;
// fees, resets and payouts are entered here. Its address is #/business.
import { useState } from "preact/hooks";
import { AccountLink, Signed } from "./Exposure.tsx";
import { Editing, Got, Sure, values_of } from "../admin/parts.tsx";
import { act, useGet } from "../admin/use.ts";
import { at } from "../api.ts";
import * as fmt from "../format.ts";
import { row_title } from "../rows.ts";
import { all_rows, find_row } from "../state.ts";
import { t, word } from "../text.tsx";
import type { Business as Answer, BusinessEntry, BusinessSum } from "../types.ts";
import { open_panel } from "../view.ts";

const kinds = ["fee", "reset", "cost", "refund", "payout", "split"] as const;
const SHOWN = 200;

function Sums({ title, list }: { title: string; list: BusinessSum[] }) {
	if (list.length === 0)
		return null;
	return <section><h3>{title}</h3>
		<div class="scroll" tabIndex={0} role="region" aria-label={title}><table class="small">
			<caption class="unseen">{title}</caption>
			<thead><tr><th scope="col">{title}</th>
				<th scope="col" class="end">{t("business.cost")}</th>
				<th scope="col" class="end">{t("business.paid_out")}</th>
				<th scope="col" class="end">{t("business.net")}</th>
				<th scope="col" class="end" title={t("business.roi_title")}>{t("business.roi")}</th></tr></thead>
			<tbody>{list.map((s) => <tr key={`${s.name}/${s.currency}`}>
				<th scope="row"><bdi>{s.name ?? t("word.none")}</bdi>{" "}
					<span class="faint">{s.currency}</span></th>
				<td class="end">{fmt.plain(s.cost, 2)}</td>
				<td class="end">{fmt.plain(s.paid_out, 2)}{s.split_unknown > 0 &&
					<span class="approx" title={t("business.split_unknown", { n: s.split_unknown })}> ≈</span>}</td>
				<td class="end"><Signed value={s.net} /></td>
				<td class="end">{fmt.signed_percent(s.roi_pct, 1)}</td></tr>)}</tbody>
		</table></div></section>;
}

/* One account of the list, as "server/login". */
function account_of(value: string): { server?: string; login?: string } {
	const slash = value.lastIndexOf("/");
	return slash < 0 ? {} : { server: value.slice(0, slash), login: value.slice(slash + 1) };
}

function New({ onDone }: { onDone: () => void }) {
	const [kind, set_kind] = useState<typeof kinds[number]>("fee");
	const accounts = all_rows.value.filter((r) => r.server !== null && r.login !== null);
	const split = kind === "split";
	const chosen = (select: HTMLSelectElement) => {
		const { server = "", login = "" } = account_of(select.value);
		const of = find_row(server, login)?.account?.currency;
		const input = select.form?.elements.namedItem("currency");
		if (of && input instanceof HTMLInputElement)
			input.value = of;
	};
	const submit = async (e: SubmitEvent) => {
		e.preventDefault();
		const form = e.currentTarget as HTMLFormElement;
		const { account = "", amount = "", currency, at_utc, firm, note } = values_of(form);
		const done = await act("POST", "/api/business/entry", { kind, amount: amount.replace(",", "."),
			...account_of(account), ...split ? {} : { currency },
			...at_utc && { at_utc }, ...firm && { firm }, ...note && { note } }, t("business.entered"));
		if (!done)
			return;
		for (const name of ["amount", "note"]) {
			const input = form.elements.namedItem(name);
			if (input instanceof HTMLInputElement)
				input.value = ""; /* the next one is often of the same */
		}
		onDone();
	};
	return <form class="line-form" onSubmit={(e) => void submit(e)}>
		<label>{t("business.kind")}<select name="kind" value={kind}
			onChange={(e) => set_kind(e.currentTarget.value as typeof kind)}>{kinds.map((k) =>
				<option key={k} value={k}>{t(`business_kind.${k}`)}</option>)}</select></label>
		<label>{t(split ? "business.percent" : "business.amount")}<input name="amount" required inputMode="decimal"
			pattern="[0-9]+([.,][0-9]+)?" maxLength={20} /></label>
		{!split && <label>{t("business.currency")}<input name="currency" required pattern="[A-Z0-9]{3,8}"
			maxLength={8} defaultValue="USD"
			onInput={(e) => { e.currentTarget.value = e.currentTarget.value.toUpperCase(); }} /></label>}
		<label>{t("business.date")}<input name="at_utc" type="date" max={new Date().toISOString().slice(0, 10)} /></label>
		<label>{t("business.account")}<select name="account" onChange={(e) => chosen(e.currentTarget)}>
			<option value="">{t("word.none")}</option>{accounts.map((r) =>
				<option key={r.key} value={`${r.server}/${r.login}`}>{row_title(r)}</option>)}</select></label>
		<label>{t("business.firm")}<input name="firm" maxLength={100} /></label>
		<label>{t("form.note")}<input name="note" maxLength={500} /></label>
		<button type="submit" class="main">{t("business.enter")}</button>
	</form>;
}

function Entry({ e, onDone }: { e: BusinessEntry; onDone: () => void }) {
	const remove = async () => {
		if (await act("DELETE", `/api/business/entry/${e.id}`, undefined, t("business.removed")))
			onDone();
	};
	const whole = e.gross !== e.amount && e.share_pct !== null ?
		t("business.share", { gross: fmt.plain(e.gross, 2), pct: fmt.percent(e.share_pct, 0) }) : "";
	return <tr>
		<td class="nowrap">{e.at_utc === null ? "–" : fmt.moment_of(Date.parse(e.at_utc), "utc", null, "day")}</td>
		<td>{word("business_kind", e.kind)}</td>
		<td class="end nowrap" title={whole}>{e.kind === "split" ? fmt.percent(e.amount, 0) :
			`${fmt.plain(e.amount, 2)} ${e.currency ?? ""}`}</td>
		<td>{e.server !== null && e.login !== null ?
			<AccountLink a={{ server: e.server, login: e.login, prop_firm: e.firm }} /> : "–"}</td>
		<td><bdi>{fmt.text(e.firm)}</bdi></td><td><bdi>{fmt.text(e.holder)}</bdi></td>
		<td class="said" title={e.note ?? ""}>{e.note ?? ""}{e.ticket !== null &&
			<span class="faint"> {t(e.source === "deal" ? "business.of_deal" : "business.with_deal",
				{ ticket: e.ticket })}</span>}</td>
		<td class="actions">{e.id !== null && <Editing>
			<Sure label={t("business.remove")} sure={t("business.remove_sure")} onClick={() => void remove()} />
		</Editing>}</td>
	</tr>;
}

function Entries({ list, onDone }: { list: BusinessEntry[]; onDone: () => void }) {
	const [all, set_all] = useState(false);
	if (list.length === 0)
		return <p class="remark">{t("business.none")}</p>;
	return <section><h3>{t("business.entries")}</h3>
		<div class="scroll" tabIndex={0} role="region" aria-label={t("business.entries")}><table class="small">
			<caption class="unseen">{t("business.entries")}</caption>
			<thead><tr><th scope="col">{t("business.date")}</th><th scope="col">{t("business.kind")}</th>
				<th scope="col" class="end">{t("business.amount")}</th><th scope="col">{t("business.account")}</th>
				<th scope="col">{t("business.firm")}</th><th scope="col">{t("form.holder")}</th>
				<th scope="col">{t("form.note")}</th><td /></tr></thead>
			<tbody>{(all ? list : list.slice(0, SHOWN)).map((e) =>
				<Entry key={e.id ?? `${e.server}/${e.login}/${e.ticket}`} e={e} onDone={onDone} />)}</tbody>
		</table></div>
		{!all && list.length > SHOWN && <button type="button" class="plain"
			onClick={() => set_all(true)}>{t("desk.more_lines", { n: list.length - SHOWN })}</button>}
	</section>;
}

export default function Business() {
	const got = useGet<Answer>("/api/business");
	return <section class="admin exposure" aria-labelledby="business-title">
		<header><h2 id="business-title" tabIndex={-1}>{t("business")}</h2>
			<span class="space" />
			<a href={at("/api/export/business.csv")}>CSV</a>
			<button type="button" class="quiet" aria-label={t("word.close")}
				onClick={() => open_panel(null)}>×</button></header>
		<Got got={got}>{(data) => <>
			<Editing><New onDone={got.again} /></Editing>
			<div class="book">
				<Sums title={t("business.by_firm")} list={data.firms} />
				<Sums title={t("business.by_month")} list={[...data.months].reverse()} />
				<Sums title={t("business.by_holder")} list={data.holders} />
				<Sums title={t("business.all")} list={data.all.map((s) => ({ ...s, name: t("business.all") }))} />
			</div>
			<Entries list={data.entries} onDone={got.again} />
		</>}</Got>
	</section>;
}

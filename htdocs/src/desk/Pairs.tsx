// Pairs.tsx: the accounts of each VS group beside each other, and what looks
// like a pair and is none yet.
import { AccountLink, Signed } from "./Exposure.tsx";
import { Editing } from "../admin/parts.tsx";
import { account_path } from "../api.ts";
import * as fmt from "../format.ts";
import { say } from "../panels/Toast.tsx";
import { change } from "../session.ts";
import { find_row } from "../state.ts";
import { t, word } from "../text.tsx";
import type { Exposure, ExposurePair, ExposureProposal } from "../types.ts";

function state_kind(state: ExposurePair["state"]): string {
	return state === "leg_missing" || state === "alone" ? "bad" : state === "matched" ? "ok" :
		state === "flat" ? "note" : "warn";
}

function Pair({ p }: { p: ExposurePair }) {
	const missing = p.state === "leg_missing" ? p.symbols.filter((s) => s.missing) : [];
	return <tbody>
		<tr class="whole"><th scope="rowgroup"><b><bdi>{p.vs_group}</bdi></b>{" "}
			<span class={`pill ${state_kind(p.state)}`}>{word("pair_state", p.state)}</span>
			{missing.map((s) => <small class="warned" key={s.symbol}>{" "}{t(s.missing === "long" ?
				"exposure.missing_long" : "exposure.missing_short", { symbol: s.symbol })}</small>)}</th>
			{(["equity", "profit", "total"] as const).map((field) => <td class="end" key={field}>
				{p.sums.map((s) => <div key={`${s.currency}/${s.trade_mode}`}><b>{field === "equity" ?
					fmt.plain(s.equity, 2) : <Signed value={s[field]} />}</b>{" "}
					{fmt.unit(s.currency)} {fmt.trade_mode(s.trade_mode)}
					{s.left_out > 0 && <span class="warned"> −{s.left_out}</span>}</div>)}</td>)}</tr>
		{p.accounts.map((a) => <tr class={a.counted ? "part" : "part old"} key={`${a.server}/${a.login}`}>
			<th scope="row"><AccountLink a={a} />{" "}
				<small class="faint">{p.symbols.length > 0 && a.positions !== null ?
					fmt.count(a.positions) : ""}</small></th>
			<td class="end">{fmt.plain(a.equity, 2)} {fmt.unit(a.currency)}</td>
			<td class="end"><Signed value={a.profit} /></td>
			<td class="end"><Signed value={a.total} /></td></tr>)}
	</tbody>;
}

/* A name that no pair has. */
function free_name(pairs: ExposurePair[]): string {
	for (let n = 1; ; n++)
		if (!pairs.some((p) => p.vs_group === `VS ${n}`))
			return `VS ${n}`;
}

async function make_pair(p: ExposureProposal, group: string): Promise<void> {
	for (const side of [p.long, p.short]) {
		const row = find_row(side.server ?? "", side.login);
		const answer = await change("PUT", account_path(side.server ?? "", side.login, "vs"),
			{ vs_group: group, version: row?.phase?.version ?? null });
		if (!answer.ok) {
			say(t("word.not_saved", { why: answer.failure.message }));
			return;
		}
	}
	say(t("exposure.paired", { group }));
}

function Proposals({ data, onDone }: { data: Exposure; onDone: () => void }) {
	if (data.proposals.length === 0)
		return null;
	const pair = async (p: ExposureProposal) => {
		await make_pair(p, free_name(data.pairs));
		onDone();
	};
	return <section><h3>{t("exposure.proposals")}</h3>
		<p class="remark">{t("exposure.proposals_text")}</p>
		<ul class="opposites">{data.proposals.map((p) => <li key={`${p.long.login}/${p.short.login}`}>
			<b>{p.symbol}</b>
			<span class="leg"><AccountLink a={p.long} /> +{fmt.plain(p.long.lots, 2)}</span>
			<span class="leg"><AccountLink a={p.short} /> −{fmt.plain(p.short.lots, 2)}</span>
			<Editing><button type="button" onClick={() => void pair(p)}>{t("exposure.pair")}</button></Editing>
		</li>)}</ul></section>;
}

export function Pairs({ data, onDone }: { data: Exposure; onDone: () => void }) {
	return <>
		<section><h3>{t("exposure.pairs")}</h3>
			{data.pairs.length === 0 ? <p class="remark">{t("exposure.pairs_none")}</p> :
				<div class="scroll" tabIndex={0} role="region" aria-label={t("exposure.pairs")}>
				<table class="small exposure-table">
					<caption class="unseen">{t("exposure.pairs")}</caption>
					<thead><tr><th scope="col">{t("exposure.group")}</th>
						<th scope="col" class="end">{t("exposure.equity")}</th>
						<th scope="col" class="end">{t("exposure.profit")}</th>
						<th scope="col" class="end">{t("exposure.total")}</th></tr></thead>
					{data.pairs.map((p) => <Pair key={p.vs_group} p={p} />)}
				</table></div>}</section>
		<Proposals data={data} onDone={onDone} />
	</>;
}

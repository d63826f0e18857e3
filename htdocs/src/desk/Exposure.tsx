// Exposure.tsx: what is open over all accounts: by symbol and account, what
// stands against each other, pairs; its address is #/exposure.
import { useEffect } from "preact/hooks";
import { Pairs } from "./Pairs.tsx";
import { Got } from "../admin/parts.tsx";
import { useGet } from "../admin/use.ts";
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import { row_title } from "../rows.ts";
import { find_row } from "../state.ts";
import { t } from "../text.tsx";
import type { Exposure as Answer, ExposureHolding, ExposureSum, ExposureSymbol } from "../types.ts";
import { open_account, open_panel } from "../view.ts";

const AGAIN_MS = 5_000;

/* One of the answer's accounts; a click opens it. */
export function AccountLink({ a }: { a: { server: string | null; login: string; prop_firm: string | null } }) {
	const row = a.server === null ? undefined : find_row(a.server, a.login);
	return <button type="button" class="plain" title={[a.prop_firm, a.server].filter(Boolean).join(" · ")}
		onClick={() => { if (a.server !== null) open_account(a.server, a.login); }}>
		<bdi>{row ? row_title(row) : a.login}</bdi></button>;
}

export function Signed({ value }: { value: number | null }) {
	return <span class={fmt.tone(value)}><span aria-hidden="true">{fmt.arrow(value)}</span>
		{" "}{fmt.signed_plain(value, 2)}</span>;
}

function lots(value: number): string {
	return value === 0 ? "–" : fmt.plain(value, 2);
}

function net(value: number): string {
	return (value > 0 ? "+" : "") + fmt.plain(value, 2);
}

function sum_name(s: ExposureSum): string {
	return `${fmt.unit(s.currency) || "–"} ${fmt.trade_mode(s.trade_mode)}`;
}

function Opposed() {
	return <span class="pill warn" title={t("exposure.opposite_title")}>{t("exposure.opposite")}</span>;
}

function Holding({ h }: { h: ExposureHolding }) {
	return <tr class="part">
		<th scope="row"><AccountLink a={h} />{" "}{h.opposite && <Opposed />}
			<small class="faint"> {h.symbol}</small></th>
		<td class="end">{lots(h.long)}</td><td class="end">{lots(h.short)}</td>
		<td class="end">{net(h.net)}</td><td class="end">{fmt.plain(h.gross, 2)}</td>
		<td class="end">{fmt.count(h.positions)}</td>
		<td class="end"><Signed value={h.profit} /> {fmt.unit(h.currency)}</td>
	</tr>;
}

function Symbol({ s }: { s: ExposureSymbol }) {
	return <tbody>
		<tr class="whole"><th scope="rowgroup"><b>{s.symbol}</b>{" "}{s.opposite && <Opposed />}</th>
			<td class="end">{lots(s.long)}</td><td class="end">{lots(s.short)}</td>
			<td class="end"><b>{net(s.net)}</b></td><td class="end">{fmt.plain(s.gross, 2)}</td>
			<td class="end">{fmt.count(s.positions)}</td>
			<td class="end">{s.profits.map((p) => <div key={sum_name(p)}>
				<Signed value={p.profit} /> {sum_name(p)}</div>)}</td></tr>
		{s.accounts.map((h) => <Holding key={`${h.server}/${h.login}`} h={h} />)}
	</tbody>;
}

function Symbols({ list }: { list: ExposureSymbol[] }) {
	if (list.length === 0)
		return <p class="remark">{t("exposure.none")}</p>;
	return <div class="scroll" tabIndex={0} role="region" aria-label={t("exposure.symbols")}>
		<table class="small exposure-table">
		<caption class="unseen">{t("exposure.symbols")}</caption>
		<thead><tr><th scope="col">{t("exposure.symbol")}</th>
			<th scope="col" class="end" title={t("exposure.lots_title")}>{t("exposure.long")}</th>
			<th scope="col" class="end" title={t("exposure.lots_title")}>{t("exposure.short")}</th>
			<th scope="col" class="end" title={t("exposure.lots_title")}>{t("exposure.net")}</th>
			<th scope="col" class="end" title={t("exposure.lots_title")}>{t("exposure.gross")}</th>
			<th scope="col" class="end">{t("exposure.positions")}</th>
			<th scope="col" class="end">{t("exposure.profit")}</th></tr></thead>
		{list.map((s) => <Symbol key={s.symbol} s={s} />)}
	</table></div>;
}

function Opposites({ list }: { list: Answer["opposites"] }) {
	return <section><h3>{t("exposure.opposites")}</h3>
		{list.length === 0 ? <p class="remark">{t("exposure.opposites_none")}</p> :
			<ul class="opposites">{list.map((o) => <li key={`${o.of}/${o.name}/${o.symbol}`}>
				<span class="pill warn">{t(o.of === "firm" ? "exposure.of_firm" : "exposure.of_holder",
					{ symbol: o.symbol, name: o.name })}</span>
				{o.accounts.map((a) => <span key={`${a.server}/${a.login}`} class="leg">
					<AccountLink a={a} /> {net(a.net)}</span>)}</li>)}</ul>}
	</section>;
}

function Currencies({ list }: { list: ExposureSum[] }) {
	if (list.length === 0)
		return null;
	return <dl class="counts" aria-label={t("exposure.currencies")}>{list.map((c) =>
		<div class="tile-part" key={sum_name(c)}><dt>{sum_name(c)}</dt>
			<dd class="figure"><Signed value={c.profit} /></dd></div>)}</dl>;
}

export default function Exposure() {
	const got = useGet<Answer>("/api/exposure");
	const { again } = got;
	useEffect(() => {
		const timer = setInterval(() => { if (!document.hidden) again(); }, AGAIN_MS);
		return () => clearInterval(timer);
	}, []);
	return <section class="admin exposure" aria-labelledby="exposure-title">
		<header><h2 id="exposure-title" tabIndex={-1}>{t("exposure")}</h2>
			{got.data && <span class={got.failure ? "wrong" : "faint"}>{t("exposure.as_of",
				{ at: fmt.moment(Date.parse(got.data.as_of_utc), prefs.value.zone) })}</span>}
			<span class="space" />
			<button type="button" class="quiet" aria-label={t("word.close")}
				onClick={() => open_panel(null)}>×</button></header>
		<Got got={got}>{(data) => <div class={got.failure ? "untrusted" : ""}>
			{data.left_out > 0 && <p class="warned" title={data.left_out_accounts.map((a) =>
				`${a.login} ${a.status}`).join(", ")}>{t("exposure.left_out", { n: data.left_out })}</p>}
			<Currencies list={data.currencies} />
			<Opposites list={data.opposites} />
			<section><h3>{t("exposure.symbols")}</h3><Symbols list={data.symbols} /></section>
			<Pairs data={data} onDone={again} />
		</div>}</Got>
	</section>;
}

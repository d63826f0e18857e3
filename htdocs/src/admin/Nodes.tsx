// Nodes.tsx: each VPS, how it does now, and what can be done with it.
import { useState } from "preact/hooks";
import * as fmt from "../format.ts";
import { load_nodes, nodes } from "../nodes.ts";
import { now } from "../clock.ts";
import { status_info } from "../status.ts";
import { t } from "../text.tsx";
import type { NodeDone, NodeEntry, NodeJoin, NodeList } from "../types.ts";
import { Copy, Editing, Got, Sure, values_of } from "./parts.tsx";
import { act, useGet } from "./use.ts";

async function do_it(id: string, action: string, more: object = {}): Promise<NodeDone | null> {
	const done = await act<NodeDone>("POST", "/api/nodes", { action, id, ...more },
		t("nodes.done", { node: id }));
	void load_nodes();
	return done;
}

/* How it does now: status, since when, what is said of it, and by which agent. */
function Live({ id }: { id: string }) {
	const n = nodes.value.get(id);
	if (!n?.status)
		return <><td>–</td><td>–</td><td>–</td></>;
	const info = status_info(n.status);
	return <>
		<td><span class={`pill ${info.kind}`} title={info.text}>{info.label}</span>
			{n.since_utc && <small class="faint"> {fmt.age(now.value - Date.parse(n.since_utc))}</small>}
			{n.error && <small class="wrong"> {n.error}</small>}</td>
		<td>{n.agent?.version ?? "–"}{n.latency_ms !== null && <small class="faint">
			{" "}{fmt.plain(n.latency_ms)} ms</small>}</td>
		<td>{fmt.count(n.accounts.length)}</td>
	</>;
}

function More({ n, onDone }: { n: NodeEntry; onDone: () => void }) {
	const run = async (action: string, more: object = {}) => {
		await do_it(n.id, action, more);
		onDone();
	};
	const rename = (e: SubmitEvent) => {
		e.preventDefault();
		void run("rename", { to: values_of(e.currentTarget as HTMLFormElement).to });
	};
	return <details class="more"><summary class="quiet">{t("nodes.more")}</summary><div class="more-box">
		<button type="button" onClick={() => void run(n.enabled ? "disable" : "enable")}>
			{t(n.enabled ? "nodes.disable" : "nodes.enable")}</button>
		<Sure label={t("nodes.rotate")} sure={t("nodes.rotate_sure")} onClick={() => void run("rotate")} />
		<form class="line-form" onSubmit={rename}><label>{t("nodes.to")}<input name="to" required
			maxLength={64} /></label><button type="submit">{t("nodes.rename")}</button></form>
		<Sure label={t("nodes.remove")} sure={t("nodes.remove_sure")} onClick={() => void run("remove")} />
	</div></details>;
}

function Line({ n, onDone }: { n: NodeEntry; onDone: () => void }) {
	const flip = async () => {
		await do_it(n.id, n.maintenance ? "ready" : "maintenance");
		onDone();
	};
	return <tr class={n.enabled ? "" : "old"} data-node={n.id}>
		<th scope="row">{n.id}{n.note && <small class="faint"> {n.note}</small>}</th>
		<Live id={n.id} />
		<td class="address">{n.url}</td>
		<td>{!n.enabled ? t("node.disabled") : n.maintenance ? t("node.maintenance") : t("nodes.polled")}</td>
		<td class="actions"><Editing>
			<button type="button" onClick={() => void flip()}>
				{t(n.maintenance ? "nodes.ready" : "nodes.maintenance")}</button>
			<More n={n} onDone={onDone} /></Editing></td>
	</tr>;
}

function Join({ j, onDone }: { j: NodeJoin; onDone: () => void }) {
	const run = async (action: string, more: object = {}) => {
		await do_it(j.name, action, more);
		onDone();
	};
	return <li><b>{j.name}</b>{" "}
		{j.came_utc === null ? t(j.expired ? "nodes.join_expired" : "nodes.join_waits", { who: j.who }) :
			<>{t("nodes.join_came", { address: j.address ?? "–", url: j.url ?? "–" })}{" "}
				<code class="print-of">{j.fingerprint}</code></>}{" "}
		<Editing>{j.came_utc !== null && <button type="button" class="main"
			onClick={() => void run("approve", { fingerprint: j.fingerprint })}>{t("nodes.approve")}</button>}{" "}
		<button type="button" onClick={() => void run("reject")}>
			{t(j.came_utc === null ? "nodes.take_back" : "nodes.reject")}</button></Editing></li>;
}

function Joins({ list, onDone }: { list: NodeJoin[]; onDone: () => void }) {
	if (list.length === 0)
		return null;
	return <section><h3>{t("nodes.joins")}</h3><p class="remark">{t("nodes.joins_remark")}</p>
		<ul class="joins">{list.map((j) => <Join key={j.name} j={j} onDone={onDone} />)}</ul></section>;
}

/* The line that makes a VPS a node; it has a token, so it is here and nowhere else. */
function Invite({ onDone }: { onDone: () => void }) {
	const [lines, set_lines] = useState<NodeDone | null>(null);
	const submit = async (e: SubmitEvent) => {
		e.preventDefault();
		const form = e.currentTarget as HTMLFormElement;
		const { id = "", note = "" } = values_of(form);
		const made = await do_it(id, "invite", note ? { note } : {});
		if (!made)
			return;
		form.reset();
		set_lines(made);
		onDone();
	};
	return <>
		<form class="line-form" onSubmit={(e) => void submit(e)}>
			<label>{t("nodes.name")}<input name="id" required maxLength={64} autocomplete="off"
				pattern="[A-Za-z0-9._\-]+" title={t("nodes.name_hint")} /></label>
			<label>{t("form.note")}<input name="note" maxLength={200} /></label>
			<button type="submit" class="main">{t("nodes.invite")}</button>
		</form>
		{lines?.powershell && <section class="lines"><p>{t("nodes.lines", { node: lines.name ?? "" })}</p>
			<Copy label={t("nodes.windows")} text={lines.powershell} />
			<Copy label={t("nodes.linux")} text={lines.shell ?? ""} /></section>}
	</>;
}

function Retired({ list, onDone }: { list: NodeEntry[]; onDone: () => void }) {
	const all = list.flatMap((n) => n.retired.map((a) => ({ ...a, node: n.id })));
	if (all.length === 0)
		return null;
	const back = async (server: string, login: string) => {
		await do_it("-", "expect", { server, login });
		onDone();
	};
	return <section><h3>{t("nodes.retired")}</h3><ul class="joins">{all.map((a) =>
		<li key={`${a.server}/${a.login}`}>{a.login} · {a.server} · {a.node}{" "}
			<Editing><button type="button" onClick={() => void back(a.server, a.login)}>
				{t("nodes.expect")}</button></Editing></li>)}</ul></section>;
}

export function Nodes() {
	const got = useGet<NodeList>("/api/nodes");
	return <Got got={got}>{(data) => <>
		{data.error && <p class="wrong" role="alert">{data.error}</p>}
		<Editing><Invite onDone={got.again} /></Editing>
		<Joins list={data.joins} onDone={got.again} />
		<div class="scroll"><table class="small">
			<caption class="unseen">{t("admin.nodes")}</caption>
			<thead><tr><th scope="col">{t("nodes.node")}</th><th scope="col">{t("field.status")}</th>
				<th scope="col">{t("nodes.agent")}</th><th scope="col">{t("nodes.accounts")}</th>
				<th scope="col">{t("nodes.url")}</th><th scope="col">{t("nodes.state")}</th><td /></tr></thead>
			<tbody>{data.nodes.map((n) => <Line key={n.id} n={n} onDone={got.again} />)}</tbody>
		</table></div>
		<Retired list={data.nodes} onDone={got.again} />
	</>}</Got>;
}

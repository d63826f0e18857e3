// Connection.tsx: how an account is reached, and how that went lately.
import type { ComponentChildren } from "preact";
import { Age, StatusPill } from "../cells.tsx";
import * as fmt from "../format.ts";
import { nodes } from "../nodes.ts";
import { prefs } from "../prefs.ts";
import { status_info } from "../status.ts";
import { status_log } from "../status_log.ts";
import type { Row } from "../types.ts";
import { FieldList } from "./Fields.tsx";
import { Heard } from "./Heard.tsx";
import { t } from "../text.tsx";

function Line({ name, children }: { name: string; children: ComponentChildren }) {
	return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function Changes({ row }: { row: Row }) {
	const list = status_log.value.filter((c) => c.key === row.key).slice(0, 20);
	if (list.length === 0)
		return <p class="remark">{t("connection.no_changes")}</p>;
	return <ul class="log">{list.map((c) => <li key={`${c.at_ms} ${c.to}`}>
		<time>{fmt.row_moment(row, c.at_ms, prefs.value.zone)}</time>{" "}
		{status_info(c.from).label} → <span class={`pill ${status_info(c.to).kind}`}>
			{status_info(c.to).label}</span> {c.error}</li>)}</ul>;
}

function Node({ row }: { row: Row }) {
	const node = nodes.value.get(row.node);
	return <>
		<Line name={t("connection.node")}>{node?.maintenance ?
			t("connection.in_maintenance", { node: row.node }) : row.node}</Line>
		<Line name={t("connection.agent")}>{node?.agent?.version ?
			t("connection.version", { version: node.agent.version }) : "–"}</Line>
		<Line name={t("connection.latency")}>{node?.latency_ms == null ? "–" :
			`${fmt.plain(node.latency_ms)} ms`}</Line>
		<Line name={t("connection.terminals")}>{fmt.count(node?.terminals)}</Line>
		{node?.note && <Line name={t("word.note")}>{node.note}</Line>}
	</>;
}

export function Connection({ row }: { row: Row }) {
	const ping = row.terminal?.ping_last;
	return <>
		<dl class="fields">
			<Line name={t("connection.status")}><StatusPill row={row} /></Line>
			<Line name={t("connection.since")}>{fmt.row_moment(row, row.since_ms, prefs.value.zone)}</Line>
			<Line name={t("connection.age")}><Age at_ms={row.at_ms} row={row} /></Line>
			<Line name={t("connection.error")}>{fmt.text(row.error)}</Line>
			<Node row={row} />
			<Line name={t("connection.broker_time")}>{fmt.utc_offset(row.broker_offset_s)}</Line>
			<Line name={t("connection.ping")}>{ping == null ? "–" : `${fmt.plain(Math.round(ping / 100) / 10)} ms`}</Line>
		</dl>
		<h3>{t("connection.day")}</h3>
		<Heard row={row} />
		<h3>{t("connection.changes")}</h3>
		<Changes row={row} />
		<h3>{t("connection.terminal")}</h3>
		<FieldList of={row.terminal} row={row} />
	</>;
}

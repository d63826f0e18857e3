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

function Line({ name, children }: { name: string; children: ComponentChildren }) {
	return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function Changes({ row }: { row: Row }) {
	const list = status_log.value.filter((c) => c.key === row.key).slice(0, 20);
	if (list.length === 0)
		return <p class="remark">No change of status since this page was opened.</p>;
	return <ul class="log">{list.map((c) => <li key={`${c.at_ms} ${c.to}`}>
		<time>{fmt.moment(c.at_ms, prefs.value.zone, row.broker_offset_s)}</time>{" "}
		{status_info(c.from).label} → <span class={`pill ${status_info(c.to).kind}`}>
			{status_info(c.to).label}</span> {c.error}</li>)}</ul>;
}

function Node({ row }: { row: Row }) {
	const node = nodes.value.get(row.node);
	return <>
		<Line name="node">{row.node}{node?.maintenance ? ", in maintenance" : ""}</Line>
		<Line name="agent">{node?.agent?.version ? `version ${node.agent.version}` : "–"}</Line>
		<Line name="agent response time">{node?.latency_ms == null ? "–" :
			`${fmt.plain(node.latency_ms)} ms`}</Line>
		<Line name="terminals on the VPS">{fmt.count(node?.terminals)}</Line>
		{node?.note && <Line name="note">{node.note}</Line>}
	</>;
}

export function Connection({ row }: { row: Row }) {
	const ping = row.terminal?.ping_last;
	return <>
		<dl class="fields">
			<Line name="status"><StatusPill row={row} /></Line>
			<Line name="since">{fmt.moment(row.since_ms, prefs.value.zone, row.broker_offset_s)}</Line>
			<Line name="data age"><Age at_ms={row.at_ms} row={row} /></Line>
			<Line name="error">{fmt.text(row.error)}</Line>
			<Node row={row} />
			<Line name="broker time">{fmt.utc_offset(row.broker_offset_s)}</Line>
			<Line name="ping to broker">{ping == null ? "–" : `${fmt.plain(Math.round(ping / 100) / 10)} ms`}</Line>
		</dl>
		<h3>Last 24 hours</h3>
		<Heard row={row} />
		<h3>Changes</h3>
		<Changes row={row} />
		<h3>Terminal</h3>
		<FieldList of={row.terminal} row={row} />
	</>;
}

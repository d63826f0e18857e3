// rows.ts: what the wire says → the rows the page holds. Pure; no signals.
import { status_is_live } from "./status.ts";
import type { Message, Phase, Row, WireRow } from "./types.ts";

/*
 * An agent is asked again after 25 s at the latest, the cache lives 60 s:
 * values older than this are not of now, whatever the last word was.
 */
export const STALE_AFTER_MS = 75_000;

/* A Map, or anything that can be looked into like one. */
export interface Rows {
	get(key: string): Row | undefined;
	values(): Iterable<Row>;
}

/* What a message does to the rows. */
export interface Change {
	set: Row[];
	drop: string[];
}

const NOTHING: Change = { set: [], drop: [] };

/* A node that shows no account still has a row: under the node's name. */
export function row_key(r: Pick<WireRow, "server" | "login" | "node">): string {
	return r.server !== null && r.login !== null && r.server !== undefined &&
	    r.login !== undefined ? `${r.server}/${r.login}` : `node:${r.node}`;
}

function utc_ms(text: string | null | undefined): number | null {
	const ms = text ? Date.parse(text) : NaN;
	return Number.isNaN(ms) ? null : ms;
}

/* When the values were true: said outright, or by an age at a known moment. */
function values_at(w: WireRow, as_of_ms: number | null): number | null {
	const at = utc_ms(w.at_utc);
	if (at !== null)
		return at;
	if (typeof w.age_s === "number" && as_of_ms !== null)
		return as_of_ms - w.age_s * 1000;
	return null;
}

export function row_from(w: WireRow, as_of_ms: number | null): Row {
	return {
		key: row_key(w), server: w.server ?? null, login: w.login ?? null, node: w.node,
		status: w.status, since_ms: utc_ms(w.since_utc), at_ms: values_at(w, as_of_ms),
		error: w.error ?? null, account: w.account ?? null, terminal: w.terminal ?? null,
		broker_offset_s: w.broker_offset_s ?? null, broker_zone: w.broker_zone ?? null,
		usd_rate: w.usd_rate ?? null, positions: w.positions ?? null,
		orders: w.orders ?? null, cash: w.cash ?? null, pl: w.pl ?? null, phase: w.phase ?? null,
		rules: w.rules ?? null, rule_lines: w.rule_lines ?? null,
	};
}

/* The same account on two nodes: the live one, else the newer one. */
export function better(a: Row, b: Row): Row {
	const a_live = status_is_live(a.status);
	if (a_live !== status_is_live(b.status))
		return a_live ? a : b;
	return (b.at_ms ?? -1) > (a.at_ms ?? -1) ? b : a;
}

export function rows_from(list: WireRow[], as_of_ms: number | null): Map<string, Row> {
	const rows = new Map<string, Row>();
	for (const w of list) {
		const row = row_from(w, as_of_ms);
		const had = rows.get(row.key);
		rows.set(row.key, had ? better(had, row) : row);
	}
	return rows;
}

/* Only what the message has. pl and rules are of its own money, or unknown. */
function merge_account(rows: Rows, w: WireRow): Change {
	const fresh = row_from(w, utc_ms(w.at_utc));
	const had = rows.get(fresh.key);
	const placeholder = `node:${w.node}`;
	const drop = rows.get(placeholder) && fresh.key !== placeholder ? [placeholder] : [];
	if (!had)
		return { set: [fresh], drop };
	if (had.node !== fresh.node && better(fresh, had) === had)
		return { set: [], drop };
	const row: Row = { ...fresh };
	if (w.phase === undefined) row.phase = had.phase;
	if (w.account === undefined) row.account = had.account;
	if (w.terminal === undefined) row.terminal = had.terminal;
	if (w.positions === undefined) row.positions = had.positions;
	if (w.orders === undefined) row.orders = had.orders;
	if (w.cash === undefined) row.cash = had.cash;
	if (w.broker_offset_s === undefined) row.broker_offset_s = had.broker_offset_s;
	if (w.broker_zone === undefined) row.broker_zone = had.broker_zone;
	if (w.usd_rate === undefined) row.usd_rate = had.usd_rate;
	if (w.since_utc === undefined && had.status === row.status) row.since_ms = had.since_ms;
	if (row.at_ms === null) row.at_ms = had.at_ms;
	return { set: [row], drop };
}

/* A status without an account is about the node: it never makes a row live. */
function merge_node_status(rows: Rows, w: WireRow): Change {
	const own = [...rows.values()].filter((r) => r.node === w.node && r.login !== null);
	if (own.length === 0)
		return { set: [row_from(w, null)], drop: [] };
	if (status_is_live(w.status))
		return NOTHING;
	return { set: own.map((r) => with_status(r, w)), drop: [] };
}

function with_status(had: Row, w: WireRow): Row {
	return { ...had, status: w.status, error: w.error ?? null,
		since_ms: utc_ms(w.since_utc) ??
		    (had.status === w.status ? had.since_ms : null) };
}

function merge_status(rows: Rows, w: WireRow): Change {
	const key = row_key(w);
	if (key.startsWith("node:"))
		return merge_node_status(rows, w);
	const had = rows.get(key);
	if (!had)
		return { set: [row_from(w, null)], drop: [] };
	/* the account has moved on: what its former node says is no news */
	if (had.node !== w.node && status_is_live(had.status))
		return NOTHING;
	return { set: [with_status(had, w)], drop: [] };
}

function rules_hang_on(p: Phase | null): string {
	return JSON.stringify([p?.phase, p?.initial_balance, p?.started_utc, p?.rule_set?.id]);
}

/* Another phase has other limits: unknown until the server says them. */
export function with_phase(had: Row, phase: Phase): Row {
	if (rules_hang_on(had.phase) === rules_hang_on(phase))
		return { ...had, phase };
	const pl = had.pl && { ...had.pl, total: null, total_pct: null };
	return { ...had, phase, pl, rules: null, rule_lines: null };
}

export function merge(rows: Rows, m: Message): Change {
	switch (m.type) {
	case "account":
		return merge_account(rows, m);
	case "status":
		return merge_status(rows, m);
	case "phase": {
		const had = rows.get(`${m.server}/${m.login}`);
		return had ? { set: [with_phase(had, m.phase)], drop: [] } : NOTHING;
	}
	default:
		return NOTHING;
	}
}

/* Stream ids "ms-seq" by value; an id that cannot be read is the oldest. */
export function compare_ids(a: string, b: string): number {
	const [a_ms = 0, a_seq = 0] = a.split("-").map(Number);
	const [b_ms = 0, b_seq = 0] = b.split("-").map(Number);
	return a_ms - b_ms || a_seq - b_seq || 0;
}

/* Its values are older than those that are there already. */
function is_behind(base: Map<string, Row>, m: Message): boolean {
	if (m.type !== "account")
		return false;
	const had = base.get(row_key(m)), at = utc_ms(m.at_utc);
	return had?.node === m.node && had.at_ms !== null && at !== null && at < had.at_ms;
}

/*
 * A snapshot may be older than the messages seen since (nginx keeps it for a
 * second): those newer than it are played again. Of a Redis that was emptied
 * the id says nothing, the data age does.
 */
export function rebase(base: Map<string, Row>, live_id: string | null,
    seen: readonly Message[]): Map<string, Row> {
	for (const m of seen) {
		const id = "id" in m ? m.id : undefined;
		if (!id || (live_id && compare_ids(id, live_id) <= 0) || is_behind(base, m))
			continue;
		const change = merge(base, m);
		for (const key of change.drop)
			base.delete(key);
		for (const row of change.set)
			base.set(row.key, row);
	}
	return base;
}

/* Live by the server's word and by the clock. */
export function is_live(row: Row, now_ms: number): boolean {
	return status_is_live(row.status) && row.at_ms !== null &&
	    now_ms - row.at_ms <= STALE_AFTER_MS;
}

/* The status to show: a live word on old values is "stale". */
export function shown_status(row: Row, now_ms: number): string {
	return status_is_live(row.status) && !is_live(row, now_ms) ? "stale" : row.status;
}

export function row_name(row: Row): string {
	return row.account?.name || row.login || row.node;
}

/* Several accounts may have one name: said where it stands alone. */
export function row_title(row: Row): string {
	const name = row_name(row);
	return row.login === null || name === row.login ? name : `${name} ${row.login}`;
}

// bulk.ts: one change of many accounts, each with its version, and one way back.
import { account_path, request } from "./api.ts";
import { changed_parts, undo, type Fields } from "./edit.ts";
import { load_nodes, nodes } from "./nodes.ts";
import { with_phase } from "./rows.ts";
import { change, session } from "./session.ts";
import { apply, row_signal } from "./state.ts";
import type { Audit, Phase, Row } from "./types.ts";

/* What it did: to how many, how that went with the others, and the way back. */
export interface Done {
	count: number;
	failed: { row: Row; why: string }[];
	undo: (() => Promise<string | null>) | null;
}

/* What is to be changed of one account; an empty list: nothing. */
type Parts = [part: "phase" | "meta", fields: Record<string, unknown>][];

/* Its phase and what else the form of one account would send with it. */
export function phase_parts(row: Row, phase: string): Parts {
	const had = row.phase;
	const after: Fields = { phase, status: "active", initial_balance: had?.initial_balance ?? null };
	const fields = changed_parts(had, after).get("phase");
	return fields && had?.phase !== phase ? [["phase", fields]] : [];
}

export function status_parts(row: Row, status: string): Parts {
	return row.phase?.status === status ? [] : [["phase", { status }]];
}

export function meta_parts(row: Row, name: "prop_firm" | "holder", value: string | null): Parts {
	return (row.phase?.[name] ?? null) === value ? [] : [["meta", { [name]: value }]];
}

export function rule_set_parts(row: Row, id: number | null): Parts {
	return (row.phase?.rule_set?.id ?? null) === id ? [] : [["meta", { rule_set: id }]];
}

export function tag_parts(row: Row, tag: string, add: boolean): Parts {
	const had = row.phase?.tags ?? [];
	return had.includes(tag) === add ? [] :
		[["meta", { tags: add ? [...had, tag] : had.filter((x) => x !== tag) }]];
}

async function newest_id(): Promise<bigint> {
	const answer = await request<{ audit: Audit[] }>("/api/audit?limit=1");
	return BigInt(answer.ok ? answer.data?.audit?.[0]?.id ?? 0 : 0);
}

/* What this session wrote into the audit since then, of each account, newest first. */
async function written_since(id: bigint, keys: ReadonlySet<string>): Promise<Map<string, Audit[]>> {
	const found = new Map<string, Audit[]>();
	let before = "";
	for (;;) {
		const answer = await request<{ audit: Audit[] }>(`/api/audit?limit=200${before}`);
		const page = answer.ok ? answer.data?.audit ?? [] : [];
		for (const a of page) {
			const key = `${a.server}/${a.login}`;
			if (BigInt(a.id) > id && a.who === session.peek()?.user && keys.has(key))
				found.set(key, [...found.get(key) ?? [], a]);
		}
		const last = page[page.length - 1];
		if (page.length < 200 || !last || BigInt(last.id) <= id)
			return found;
		before = `&before=${last.id}`;
	}
}

/* null: as asked for. */
async function send(row: Row, parts: Parts): Promise<string | null> {
	let version = row.phase?.version ?? null;
	for (const [part, fields] of parts) {
		const answer = await change<{ phase?: Phase }>("PUT",
			account_path(row.server ?? "", row.login ?? "", part), { ...fields, version });
		if (!answer.ok)
			return answer.failure.message;
		const stored = answer.data?.phase;
		const now = row_signal(row.key)?.peek();
		if (stored && now)
			apply({ set: [with_phase(now, stored)], drop: [] });
		version = stored?.version ?? version;
	}
	return null;
}

async function undo_all(of: Map<string, Audit[]>): Promise<string | null> {
	let wrong: string | null = null;
	for (const changes of of.values())
		wrong = await undo(changes) ?? wrong;
	return wrong;
}

/* Each by itself: what cannot be changed does not keep the others from it. */
export async function change_all(rows: readonly Row[], parts_of: (row: Row) => Parts,
    progress: (n: number) => void): Promise<Done> {
	const todo = rows.map((row) => ({ row, parts: parts_of(row) })).filter(({ parts }) => parts.length > 0);
	const before = await newest_id();
	const failed: Done["failed"] = [];
	const saved = new Set<string>();
	for (const [i, { row, parts }] of todo.entries()) {
		progress(i);
		const why = await send(row, parts);
		if (why === null)
			saved.add(row.key);
		else
			failed.push({ row, why });
	}
	if (saved.size === 0)
		return { count: 0, failed, undo: null };
	const written = await written_since(before, saved);
	return { count: saved.size, failed, undo: written.size > 0 ? () => undo_all(written) : null };
}

/* Of the VPSs that the accounts run on. */
export async function maintain_all(rows: readonly Row[], on: boolean): Promise<Done> {
	const ids = [...new Set(rows.map((r) => r.node))]
		.filter((id) => (nodes.peek().get(id)?.maintenance ?? false) !== on);
	const failed: Done["failed"] = [];
	const done: string[] = [];
	const say = (id: string, begin: boolean) =>
		change<unknown>("POST", "/api/nodes", { action: begin ? "maintenance" : "ready", id });
	for (const id of ids) {
		const answer = await say(id, on);
		if (answer.ok)
			done.push(id);
		else
			failed.push({ row: rows.find((r) => r.node === id)!, why: answer.failure.message });
	}
	await load_nodes();
	const back = async () => {
		let wrong: string | null = null;
		for (const id of done) {
			const answer = await say(id, !on);
			wrong = answer.ok ? wrong : answer.failure.message;
		}
		await load_nodes();
		return wrong;
	};
	return { count: done.length, failed, undo: done.length ? back : null };
}

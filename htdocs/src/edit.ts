// edit.ts: a change of an account's phase, group or notes: version check and undo.
import { account_path, request } from "./api.ts";
import { with_phase } from "./rows.ts";
import { change, session } from "./session.ts";
import { apply, find_row } from "./state.ts";
import type { Audit, Phase, Row } from "./types.ts";
import { t } from "./text.tsx";

/* Which fields go to which address (docs/openapi.yaml). */
export const parts = {
	phase: ["phase", "status", "initial_balance", "started_utc", "high"],
	vs: ["vs_group"],
	meta: ["holder", "prop_firm", "tags", "note"],
} as const;
export type Part = keyof typeof parts;

export type Fields = Partial<Omit<Phase, "version">>;

export type Result =
	| { kind: "saved"; changes: Audit[] } /* the audit's rows of it, newest first */
	| { kind: "conflict"; theirs: Phase | null; message: string }
	| { kind: "failed"; message: string };

function same(a: unknown, b: unknown): boolean {
	return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/* "5 000,50" and "5000.5" are the same; null is empty, undefined is no number.
 * "100,000" is a hundred to some and a hundred thousand to others: no number. */
export function parse_money(text: string): number | null | undefined {
	const plain = text.replace(/[\s\u202f\u00a0']/g, "").replace(",", ".");
	if (plain === "")
		return null;
	if (/^[1-9]\d{0,2}\.\d{3}$/.test(plain))
		return undefined;
	return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

/*
 * What differs from what was there, by address. A new phase begins a new period:
 * it gets all of what the form shows of it, changed or not.
 */
export function changed_parts(before: Phase | null, after: Fields): Map<Part, Fields> {
	const out = new Map<Part, Fields>();
	const is_new = after.phase != null && !same(after.phase, before?.phase);
	const of_past = (name: string) => name === "started_utc" || name === "high";
	for (const part of Object.keys(parts) as Part[]) {
		const fields: Record<string, unknown> = {};
		for (const name of parts[part])
			if (name in after &&
			    (!same(after[name], before?.[name]) ||
				(is_new && part === "phase" && !of_past(name))) &&
			    (part !== "phase" || after[name] != null || name === "high")) /* changed, never taken away */
				fields[name] = after[name] ?? null;
		if (Object.keys(fields).length)
			out.set(part, fields);
	}
	return out;
}

interface PutAnswer {
	phase?: Phase;
}

/* The other's values, where the 409 brings them. */
function theirs_of(body: unknown): Phase | null {
	const b = body as { current?: Phase; phase?: Phase } | null;
	return b?.current ?? b?.phase ?? null;
}

function show(row: Row, phase: Phase): void {
	const now = find_row(row.server ?? "", row.login ?? "");
	if (now)
		apply({ set: [with_phase(now, phase)], drop: [] });
}

/* The account's rows of the audit, newest first. */
async function audit_of(row: Row, limit: number): Promise<Audit[]> {
	const answer = await request<{ audit: Audit[] }>("/api/audit?" + new URLSearchParams({
		server: row.server ?? "", login: row.login ?? "", limit: String(limit) }).toString());
	return answer.ok ? answer.data?.audit ?? [] : [];
}

/* Those that this change made: newer than the newest before it, and of its fields. */
async function changes_since(row: Row, newest: Audit | undefined, fields: Set<string>):
    Promise<Audit[]> {
	const list = await audit_of(row, 50);
	const at = newest ? list.findIndex((a) => a.id === newest.id) : list.length;
	return list.slice(0, Math.max(0, at)).filter((a) => a.field !== null &&
		fields.has(a.field) && a.who === session.peek()?.user);
}

/*
 * The audit's own undo, row by row. A new phase takes with it what was said of
 * its period. Returns what went wrong, or null.
 */
export async function undo(changes: readonly Audit[]): Promise<string | null> {
	const new_phase = changes.some((a) => a.field === "phase");
	for (const { id, field } of changes) {
		if (new_phase && ["status", "initial_balance", "started", "high"].includes(field ?? ""))
			continue;
		const answer = await change<unknown>("POST", "/admin/undo", { id });
		if (!answer.ok)
			return answer.failure.status === 409 ? t("error.changed_since") :
			    answer.failure.message;
	}
	return null;
}

/* Sends each part with the version it was made from; stops at the first "no". */
export async function save(row: Row, before: Phase | null, after: Fields): Promise<Result> {
	let version = before?.version ?? null;
	const changed = changed_parts(before, after);
	const [newest] = await audit_of(row, 1);
	for (const [part, fields] of changed) {
		const answer = await change<PutAnswer>("PUT",
			account_path(row.server ?? "", row.login ?? "", part), { ...fields, version });
		if (!answer.ok) {
			const { status, message, body } = answer.failure;
			return status === 409 ? { kind: "conflict", theirs: theirs_of(body), message } :
			    { kind: "failed", message };
		}
		const stored = answer.data?.phase;
		if (stored) {
			version = stored.version ?? version;
			show(row, stored);
		}
	}
	const fields = new Set([...changed.values()].flatMap((part) => Object.keys(part))
		.map((f) => f === "started_utc" ? "started" : f));
	return { kind: "saved", changes: await changes_since(row, newest, fields) };
}

/* What a deal that is no trade is for; null: guess it again. */
export async function set_flow(row: Row, ticket: string, meaning: string | null, note: string | null):
    Promise<Result> {
	const [newest] = await audit_of(row, 1);
	const answer = await change<PutAnswer>("PUT",
		account_path(row.server ?? "", row.login ?? "", "flow"),
		{ ticket, meaning, note, version: row.phase?.version ?? null });
	if (!answer.ok) {
		const { status, message, body } = answer.failure;
		return status === 409 ? { kind: "conflict", theirs: theirs_of(body), message } :
			{ kind: "failed", message };
	}
	if (answer.data?.phase)
		show(row, answer.data.phase);
	return { kind: "saved", changes: await changes_since(row, newest, new Set([`flow ${ticket}`])) };
}

/* reason null: it stands again. */
export async function annul(row: Row, id: string, reason: string | null): Promise<Result> {
	const [newest] = await audit_of(row, 1);
	const answer = await change<PutAnswer>("PUT",
		account_path(row.server ?? "", row.login ?? "", "verdict"),
		{ id, annulled: reason !== null, reason, version: row.phase?.version ?? null });
	if (!answer.ok) {
		const { status, message, body } = answer.failure;
		return status === 409 ? { kind: "conflict", theirs: theirs_of(body), message } :
			{ kind: "failed", message };
	}
	if (answer.data?.phase)
		show(row, answer.data.phase);
	return { kind: "saved", changes: await changes_since(row, newest, new Set([`verdict ${id}`])) };
}

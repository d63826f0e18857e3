// status_log.ts: the changes of status that this page has heard of, newest first.
import { signal } from "@preact/signals";
import type { Row } from "./types.ts";

export interface StatusChange {
	key: string;
	at_ms: number;
	from: string;
	to: string;
	error: string | null;
}

const KEEP = 500;

export const status_log = signal<StatusChange[]>([]);

export function note_status(had: Row, row: Row, now_ms: number): void {
	status_log.value = [{ key: row.key, at_ms: row.since_ms ?? now_ms, from: had.status,
		to: row.status, error: row.error }, ...status_log.peek()].slice(0, KEEP);
}

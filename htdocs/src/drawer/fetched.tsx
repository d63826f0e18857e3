// fetched.tsx: what a tab asks the coordinator for, with its states said honestly.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { account_path, request, type Failure } from "../api.ts";
import { server_now } from "../clock.ts";
import { Age } from "../cells.tsx";
import { is_live } from "../rows.ts";
import { judged_ms } from "../state.ts";
import type { Row } from "../types.ts";
import { rich, t } from "../text.tsx";

export interface Got<T> {
	data: T | null;
	failure: Failure | null;
	at_ms: number | null;
	again: () => void;
}

const AGAIN_MS = 5_000;

/*
 * Fetches the account's `tail` now, each 5 s while the tab is looked at where
 * `live`, and whenever `watch` moves. What was there stays while it fails.
 */
export function useFetched<T>(row: Row, tail: string, live: boolean, watch: unknown = null):
    Got<T> {
	const [got, set_got] = useState<Omit<Got<T>, "again">>({ data: null, failure: null, at_ms: null });
	const [turn, set_turn] = useState(0);
	useEffect(() => {
		let gone = false;
		const ask = async () => {
			if (document.visibilityState === "hidden")
				return;
			const answer = await request<T>(account_path(row.server ?? "", row.login ?? "", tail));
			if (gone)
				return;
			set_got((had) => answer.ok ?
				{ data: answer.data, failure: null, at_ms: server_now() } :
				{ ...had, failure: answer.failure });
		};
		void ask();
		const timer = live ? setInterval(() => void ask(), AGAIN_MS) : null;
		return () => {
			gone = true;
			if (timer)
				clearInterval(timer);
		};
	}, [row.key, tail, turn, watch, live]);
	return { ...got, again: () => set_turn(turn + 1) };
}

function not_available(f: Failure): boolean {
	return f.status === 404 || f.status === 501;
}

function failure_text(f: Failure, what: string): string {
	const of = { what, why: f.message, status: String(f.status) };
	if (not_available(f))
		return t("fetched.not_available_status", of);
	return t(f.status ? "fetched.failed_status" : "fetched.failed", of);
}

/* Of a terminal that is not live now: its last word, and of when it is. */
function LastKnown({ row }: { row: Row }) {
	return <p class="remark">{rich("fetched.not_live", { age: <Age at_ms={row.at_ms} row={row} /> })}</p>;
}

/* The states every tab shares; `children` draws what has come. `now_of`: the
 * account, where that is a list of what is now. */
export function Fetched<T>({ got, what, now_of, children }: { got: Got<T>; what: string;
    now_of?: Row; children: (data: T) => ComponentChildren }) {
	const f = got.failure;
	const past = now_of !== undefined && !is_live(now_of, judged_ms.value);
	return <>
		{f && <p class={`remark ${not_available(f) ? "" : "wrong"}`} role="status">
			{failure_text(f, what)}{" "}
			{got.data !== null && <>{rich("fetched.showing", { age: <Age at_ms={got.at_ms} /> })} </>}
			<button type="button" class="plain" onClick={got.again}>{t("fetched.again")}</button></p>}
		{got.data === null && !f && <p class="remark">{t("word.loading")}</p>}
		{got.data !== null && past && <LastKnown row={now_of} />}
		{got.data !== null && <div class={f || past ? "old" : ""}>{children(got.data)}</div>}
	</>;
}

/* A list's rows: an array under the name, or nothing that can be read. */
export function list_of<T>(data: unknown, name: string): T[] | null {
	if (Array.isArray(data))
		return data as T[];
	const list = (data as Record<string, unknown> | null)?.[name];
	return Array.isArray(list) ? list as T[] : null;
}

/* null is an answer too: nobody knows (an account that was never seen). */
export function Unreadable({ what, data, name }: { what: string; data: unknown; name: string }) {
	if ((data as Record<string, unknown> | null)?.[name] === null)
		return <p class="remark">{t("fetched.unknown", { what })}</p>;
	return <p class="remark wrong">{t("fetched.no_list", { what })}</p>;
}

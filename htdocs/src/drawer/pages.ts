// pages.ts: a list of the ledger page by page: all of it, or on demand.
import { useEffect, useState } from "preact/hooks";
import { account_path, request, type Failure } from "../api.ts";
import { server_now } from "../clock.ts";
import type { History, Row } from "../types.ts";
import type { Got } from "./fetched.tsx";

const PAGE = 1000; /* the most the coordinator gives */
const PAGES = 20;

export interface All<T> {
	list: T[];
	complete: boolean; /* false: there is more than we asked for */
	history: History | null;
}

type Answer<T> = { next: string | null; history?: History | null } & Record<string, T[] | null>;

/* name is both the address and the list's name in the answer. */
export async function fetch_all<T>(row: Row, name: string): Promise<All<T> | Failure> {
	const all: All<T> = { list: [], complete: false, history: null };
	let after = "";
	for (let page = 0; page < PAGES; page++) {
		const answer = await request<Answer<T>>(account_path(row.server ?? "", row.login ?? "",
			`${name}?limit=${PAGE}${after}`));
		if (!answer.ok)
			return answer.failure;
		all.list.push(...answer.data?.[name] ?? []);
		all.history = answer.data?.history ?? all.history;
		if (!answer.data?.next)
			return { ...all, complete: true };
		after = `&after=${encodeURIComponent(answer.data.next)}`;
	}
	return all;
}

/* As useFetched, for the whole list. */
export function useAll<T>(row: Row, name: string, watch: unknown = null): Got<All<T>> {
	const [got, set_got] = useState<Omit<Got<All<T>>, "again">>(
		{ data: null, failure: null, at_ms: null });
	const [turn, set_turn] = useState(0);
	useEffect(() => {
		let gone = false;
		void fetch_all<T>(row, name).then((answer) => {
			if (!gone)
				set_got((had) => "list" in answer ?
					{ data: answer, failure: null, at_ms: server_now() } :
					{ ...had, failure: answer });
		});
		return () => { gone = true; };
	}, [row.key, name, turn, watch]);
	return { ...got, again: () => set_turn(turn + 1) };
}

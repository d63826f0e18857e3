// use.ts: what the administration asks for, and the changes it makes.
import { useEffect, useState } from "preact/hooks";
import { request, type Failure } from "../api.ts";
import { say } from "../panels/Toast.tsx";
import { change, session } from "../session.ts";
import { t } from "../text.tsx";

export interface Asked<T> {
	data: T | null;
	failure: Failure | null;
	again: () => void;
}

/* What was there stays while it fails; asked for again by another session. */
export function useGet<T>(path: string): Asked<T> {
	const [got, set_got] = useState<{ data: T | null; failure: Failure | null }>(
		{ data: null, failure: null });
	const [turn, set_turn] = useState(0);
	const user = session.value?.user;
	useEffect(() => {
		let gone = false;
		void request<T>(path).then((answer) => {
			if (!gone)
				set_got((had) => answer.ok ? { data: answer.data, failure: null } :
					{ ...had, failure: answer.failure });
		});
		return () => { gone = true; };
	}, [path, turn, user]);
	return { ...got, again: () => set_turn((n) => n + 1) };
}

/* Does it, says how that went, and gives the answer, or null. */
export async function act<T>(method: string, path: string, body: unknown, done: string):
    Promise<T | null> {
	const answer = await change<T>(method, path, body);
	say(answer.ok ? done : t("word.not_saved", { why: answer.failure.message }));
	return answer.ok ? answer.data ?? {} as T : null;
}

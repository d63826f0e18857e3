// session.ts: who is logged in, and changes made in that name.
import type { Session } from "./types.ts";
import { computed, signal } from "@preact/signals";
import { request, type Answer } from "./api.ts";
import { t } from "./text.tsx";

export const session = signal<Session | null>(null);

/* Reading itself was refused (DASHBOARD_AUTH=required). */
export const session_needed = signal(false);

/* The log-in dialog is open; a change may be waiting for it. */
export const login_open = signal(false);

let waiting: (() => void)[] = [];

const is_one_of = (...roles: string[]) => computed(() =>
	session.value !== null && roles.includes(session.value.role));

/* What the role lets one change: alerts; accounts; the fleet and who may log in. */
export const can_say = is_one_of("trader", "manager", "admin");
export const can_edit = is_one_of("manager", "admin");
export const can_manage = is_one_of("admin");

/* A session from before a reload lives in the cookie; no is an answer, too. */
export async function find_session(): Promise<void> {
	const answer = await request<Session>("/auth/session?optional=1");
	if (answer.ok && answer.data?.csrf)
		session.value = answer.data;
	else if (answer.ok || answer.failure.status === 401)
		end_session();
}

/* The server does not know the session any more: the page says so, and what was
 * typed stays. */
export const session_ended = signal(false);

export function end_session(): void {
	if (session.peek() !== null)
		session_ended.value = true;
	session.value = null;
}

/* Returns what went wrong, or null. */
export async function log_in(user: string, password: string): Promise<string | null> {
	const answer = await request<Session>("/auth/login",
		{ method: "POST", body: { user, password } });
	if (!answer.ok)
		return answer.failure.message;
	if (!answer.data?.csrf)
		return t("error.no_csrf");
	session.value = answer.data;
	login_open.value = false;
	session_needed.value = false;
	session_ended.value = false;
	const todo = waiting;
	waiting = [];
	for (const go_on of todo)
		go_on();
	return null;
}

export async function log_out(): Promise<void> {
	await request("/auth/logout", { method: "POST", csrf: session.peek()?.csrf ?? null });
	session.value = null;
	session_ended.value = false;
}

export function give_up_login(): void {
	login_open.value = false;
	const todo = waiting;
	waiting = [];
	for (const go_on of todo)
		go_on();
}

function log_in_first(): Promise<void> {
	login_open.value = true;
	return new Promise((resolve) => waiting.push(resolve));
}

/*
 * A change; where the session is gone it asks to log in and tries once more,
 * so that what was typed is not lost.
 */
export async function change<T>(method: string, path: string, body: unknown):
    Promise<Answer<T | null>> {
	if (!session.peek())
		await log_in_first();
	const send = () => request<T>(path, { method, body, csrf: session.peek()?.csrf ?? null });
	const answer = await send();
	if (answer.ok || answer.failure.status !== 401)
		return answer;
	end_session();
	await log_in_first();
	return session.peek() ? send() : answer;
}

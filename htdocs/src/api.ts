// api.ts: requests to the coordinator; failures are values with the server's words.
import { parse_json } from "./money.ts";
import { t } from "./text.tsx";

export interface Failure {
	status: number; /* 0: no answer */
	code: string;
	message: string;
	body: unknown;
}

export type Answer<T> =
	| { ok: true; status: number; data: T; etag: string | null; date: string | null }
	| { ok: false; failure: Failure };

const TIMEOUT_MS = 10_000;

/* An address of ours, from the page: the site may be below a path of its host. */
export function at(path: string): string {
	return path.replace(/^\//, "");
}

interface Options {
	method?: string;
	body?: unknown;
	etag?: string | null;
	csrf?: string | null;
	timeout_ms?: number;
}

function failure(status: number, code: string, message: string, body: unknown = null):
    { ok: false; failure: Failure } {
	return { ok: false, failure: { status, code, message, body } };
}

/* {"error":{"code","message"}}, or what can be said without it. */
function failure_from(response: Response, body: unknown): { ok: false; failure: Failure } {
	const error = (body as { error?: { code?: unknown; message?: unknown } } | null)?.error;
	return failure(response.status,
		typeof error?.code === "string" ? error.code : `http_${response.status}`,
		typeof error?.message === "string" ? error.message :
		    t("error.http", { status: `${response.status} ${response.statusText}`.trim() }), body);
}

function headers_of(o: Options): Headers {
	const h = new Headers({ Accept: "application/json" });
	if (o.etag)
		h.set("If-None-Match", o.etag);
	if (o.csrf)
		h.set("X-CSRF-Token", o.csrf);
	if (o.body !== undefined)
		h.set("Content-Type", "application/json");
	return h;
}

async function json_of(response: Response): Promise<unknown> {
	try {
		return parse_json(await response.text());
	} catch {
		return null;
	}
}

/* data is null with 304 and 204. */
export async function request<T>(path: string, o: Options = {}): Promise<Answer<T | null>> {
	let response: Response;
	try {
		response = await fetch(at(path), {
			method: o.method ?? "GET", headers: headers_of(o), cache: "no-store",
			credentials: "same-origin",
			body: o.body === undefined ? null : JSON.stringify(o.body),
			signal: AbortSignal.timeout(o.timeout_ms ?? TIMEOUT_MS),
		});
	} catch (err) {
		const late = err instanceof DOMException && err.name === "TimeoutError";
		return failure(0, late ? "timeout" : "no_answer",
			t(late ? "error.timeout" : "error.no_answer"));
	}
	const meta = { status: response.status, etag: response.headers.get("ETag"),
		date: response.headers.get("Date") };
	if (response.status === 304 || response.status === 204)
		return { ok: true, data: null, ...meta };
	const body = await json_of(response);
	if (!response.ok)
		return failure_from(response, body);
	if (body === null)
		return failure(response.status, "not_json", t("error.not_json"));
	return { ok: true, data: body as T, ...meta };
}

export function account_path(server: string, login: string, tail = ""): string {
	return `/api/accounts/${encodeURIComponent(server)}/${encodeURIComponent(login)}` +
	    (tail ? "/" + tail : "");
}

/* A program written against the contract alone: logs in, reads, edits, and
 * logs out. What it says is judged by tests/system/programs.test.mjs. */
import createClient from "openapi-fetch";
import type { paths } from "./api";

export async function visit(url: string, password: string, server: string, login: string) {
	const api = createClient<paths>({ baseUrl: url });
	const path = { server, login };
	const seen: Record<string, unknown> = {};

	const refused = await api.GET("/api/accounts");
	seen.refused = refused.response.status;
	const session = await api.POST("/auth/login",
		{ body: { user: "admin", password } });
	if (!session.data)
		throw new Error(`log-in: ${session.response.status}`);
	api.use({
		onRequest({ request }) {
			request.headers.set("Cookie",
				(session.response.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "");
			request.headers.set("X-CSRF-Token", session.data.csrf);
		},
	});
	seen.role = session.data.role;
	const before = await api.GET("/api/accounts/{server}/{login}", { params: { path } });
	if (!before.data)
		throw new Error(`read: ${before.response.status}`);
	seen.balance = before.data.account?.balance ?? null;
	const edited = await api.PUT("/api/accounts/{server}/{login}/meta", {
		params: { path },
		body: { holder: "Ada", version: before.data.phase?.version ?? 0 },
	});
	seen.edited = edited.response.status;
	seen.holder = edited.data?.phase.holder;
	seen.wrong = (await api.PUT("/api/accounts/{server}/{login}/meta", {
		params: { path },
		body: { holder: "Eve", version: before.data.phase?.version ?? 0 },
	})).error?.error.code;
	seen.loggedOut = (await api.POST("/auth/logout")).response.status;
	seen.afterwards = (await api.GET("/api/accounts")).response.status;
	return seen;
}

// stub.mjs: a coordinator of made-up accounts, for what takes more of them than
// a machine can have terminals: many rows, many messages, each state of a page.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";

/* splitmix64 of a number: the same accounts on every machine. */
function noise(seed) {
	let state = BigInt(seed) * 0x9e3779b97f4a7c15n;
	return () => {
		state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
		let z = state;
		z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
		z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
		return Number((z ^ (z >> 31n)) >> 11n) / 9007199254740992;
	};
}

const firms = ["FTMO", "FundedNext", "The5ers"];
const holders = ["Ana Ruiz", "Ben Vogt", "Chiara Neri", "Dmitri Orlov"];
const phases = ["F1", "F1", "F1", "F2", "F2", "R", "R", "Q"];
const currencies = ["USD", "USD", "USD", "USD", "EUR", "JPY", "USC"];
const rates = { USD: 1, EUR: 1.0843, JPY: 0.00661, USC: 0.01 };
const cents = (v) => Math.round(v * 100) / 100;

function line(kind, level, size, left, used) {
	return { kind, unit: "money", level, size, value: null, left, used, test: "equity", mode: "static",
		high: "balance", breach: "below", room: null, rise: null, due_utc: null, needs: null,
		seconds: null, warns: false, broken: false, estimated: false };
}

/* The i-th account, whole, as /api/accounts has it. */
export function made_up(i, now = Date.now()) {
	const r = noise(i + 1);
	const currency = currencies[i % currencies.length];
	const unit = 1 / rates[currency], digits = currency === "JPY" ? 0 : 2;
	const money = (v) => digits ? cents(v * unit) : Math.round(v * unit);
	const size = [10_000, 25_000, 50_000, 100_000][Math.floor(r() * 4)];
	const firm = firms[i % firms.length], phase = phases[i % phases.length];
	const day = (r() - 0.45) * size * 0.03, floating = (r() - 0.5) * size * 0.012;
	const total = (r() - 0.4) * size * 0.09;
	const breached = phase === "Q";
	const today_left = size * 0.05 + Math.min(0, day), total_left = size * 0.1 + total;
	const login = String(52_001_000 + i * 37), server = `${firm}-Server${i % 3 ? "" : "2"}`;
	const status = i % 29 === 11 ? "unreachable" : i % 23 === 7 ? "broker_disconnected" : "ok";
	return {
		server, login, node: `vps${String(1 + Math.floor(i / 2)).padStart(2, "0")}`, status,
		since_utc: new Date(now - (status === "ok" ? 86_400_000 : 780_000)).toISOString(),
		age_s: status === "ok" ? 1 : 780, at_utc: null,
		error: status === "unreachable" ? "connection refused" : null, claims: null,
		account: { login, trade_mode: i % 5 === 3 ? 2 : 0, leverage: 100, limit_orders: 200,
			margin_so_mode: 0, trade_allowed: true, trade_expert: true, margin_mode: 2,
			currency_digits: digits, fifo_close: false, balance: money(size + total - floating), credit: 0,
			profit: money(floating), equity: money(size + total), margin: money(size * 0.02 * r()),
			margin_free: money(size), margin_level: cents(r() * 3000 + 120), margin_so_call: 50, margin_so_so: 30,
			margin_initial: 0, margin_maintenance: 0, assets: 0, liabilities: 0, commission_blocked: 0,
			name: `${firm} ${size / 1000}k ${holders[i % holders.length]}`, server, currency,
			company: `${firm} Markets` },
		terminal: { connected: status === "ok", trade_allowed: true, build: 5200, ping_last: 31234 },
		broker_offset_s: 10800, usd_rate: rates[currency], positions: Math.floor(r() * 7), orders: 0, cash: 2,
		equity_range: null, history: null,
		pl: { floating: money(floating), day: money(day), day_pct: cents(day / size * 100),
			total: money(total), total_pct: cents(total / size * 100), estimated: i % 11 === 4 },
		phase: { phase, status: breached ? "breached" : "active", holder: holders[i % holders.length],
			prop_firm: firm, vs_group: null, initial_balance: money(size), tags: [], note: null,
			started_utc: new Date(now - 20 * 86_400_000).toISOString(), high: null, paused_until_utc: null,
			rule_set: { id: 1, name: `${firm} 2-step` }, version: 3 },
		rules: breached || phase === "R" && i % 3 === 0 ? null : {
			today_left: money(today_left), total_left: money(total_left),
			target_left: phase === "R" ? null : money(size * 0.08 - total),
			used_today: Math.max(0, Math.round((1 - today_left / (size * 0.05)) * 1e4) / 1e4),
			used_total: Math.max(0, Math.round((1 - total_left / (size * 0.1)) * 1e4) / 1e4),
			today_test: "equity", total_test: "equity", target_test: "balance", total_mode: "static",
			total_high: "balance", total_room: null, total_rise: null, days_done: i % 7, days_needed: 4,
			best_day_passed: false, resets_utc: new Date(now + 11_520_000).toISOString(), estimated: i % 11 === 4 },
		rule_lines: breached ? [] : [line("daily_loss", money(size * 0.95), money(size * 0.05), money(today_left),
			Math.max(0, 1 - today_left / (size * 0.05))),
		line("max_loss", money(size * 0.9), money(size * 0.1), money(total_left),
			Math.max(0, 1 - total_left / (size * 0.1)))],
	};
}

function curve(currency, trade_mode, range, now) {
	const r = noise(currency.charCodeAt(0) + trade_mode + range.length);
	const step = range === "1d" ? 600_000 : 18_000_000;
	let equity = 500_000 / rates[currency];
	return { currency, currency_digits: currency === "JPY" ? 0 : 2, trade_mode,
		points: Array.from({ length: 145 }, (_, i) => ({
			at_utc: new Date(now - (144 - i) * step).toISOString(),
			equity: cents(equity += (r() - 0.48) * equity * 0.003), accounts: i < 40 ? 11 : 12, held: 0,
			moved: i === 40 ? 1000 : 0 })) };
}

/* As cgi-bin/admin/alerts_api.c does it. */
function say_of_alerts(list, { action, keys, minutes }) {
	const name = action.endsWith("mute") ? "mutes" : "acks";
	list[name] = list[name].filter((m) => !keys.includes(m.key));
	if (action === "mute")
		list.mutes.push(...keys.map((key) => ({ key, who: "ana",
			until_utc: new Date(Date.now() + minutes * 60_000).toISOString() })));
	if (action === "ack")
		list.acks.push(...keys.map((key) => ({ key, who: "ana", at_utc: new Date().toISOString() })));
}

function read_json(req, then) {
	let text = "";
	req.on("data", (part) => { text += part; });
	req.on("end", () => then(JSON.parse(text)));
}

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css",
	".svg": "image/svg+xml", ".json": "application/json", ".webmanifest": "application/manifest+json" };

/* A text message, as a server frames it. */
function frame(text) {
	const body = Buffer.from(text);
	const head = body.length < 126 ? Buffer.from([0x81, body.length]) : body.length < 65536 ?
		Buffer.from([0x81, 126, body.length >> 8, body.length & 255]) :
		Buffer.from([0x81, 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((s) => (body.length >>> s) & 255)]);
	return Buffer.concat([head, body]);
}

/*
 * {url, rows, send(message), answers, end()}: the page of `html` before `count`
 * accounts. answers: what a path gets in place of the made-up answer, a function
 * of the request that may return undefined. alerts: the server's list; said: what
 * was posted to it.
 */
export async function start_stub(t, { html, count = 30, port = 0, socket = true }) {
	const rows = Array.from({ length: count }, (_, i) => made_up(i));
	const sockets = new Set();
	let id = 1;
	/* swallow: "handshake" is never answered, "all" that is said is lost */
	const stub = { rows, answers: {}, sockets, swallow: null,
		alerts: { alerts: [], mutes: [], acks: [] }, said: [],
		send(message) {
			const text = JSON.stringify({ id: `${Date.now()}-${id++}`, ...message });
			for (const s of sockets)
				s.write(frame(text));
		} };
	const json = (res, body, status = 200) => {
		res.writeHead(status, { "Content-Type": "application/json", Date: new Date().toUTCString() });
		res.end(JSON.stringify(body));
	};
	const answer = (req, res) => {
		const url = new URL(req.url, "http://stub");
		const path = url.pathname, own = stub.answers[path]?.(req, url);
		if (own !== undefined)
			return own.status === 204 ? res.writeHead(204).end() : json(res, own.body, own.status);
		if (path === "/api/accounts")
			return json(res, { as_of_utc: new Date().toISOString(), live_id: `${Date.now()}-0`,
				counts: {}, totals: [], accounts: rows });
		if (path === "/api/equity")
			return json(res, { range: url.searchParams.get("range") ?? "1d", step_s: 600,
				curves: Object.keys(rates).flatMap((c) => [0, 2].map((m) =>
					curve(c, m, url.searchParams.get("range") ?? "1d", Date.now()))) });
		if (path === "/api/alerts")
			return req.method === "GET" ? json(res, stub.alerts) : read_json(req, (b) => {
				stub.said.push(b);
				say_of_alerts(stub.alerts, b);
				json(res, { ok: true });
			});
		if (path === "/api/agents/status")
			return json(res, { agents: [...new Set(rows.map((r) => r.node))].map((node) =>
				({ node, enabled: true, maintenance: false, terminals: 2, latency_ms: 12 })) });
		if (path === "/auth/session" && url.searchParams.get("optional") === "1")
			return res.writeHead(204).end();
		if (path.startsWith("/api/") || path.startsWith("/auth/"))
			return json(res, { error: { code: "not_found", message: "no such thing here" } },
				404);
		try {
			const file = join(html, path === "/" ? "index.html" : path);
			const bytes = readFileSync(file);
			res.writeHead(200, { "Content-Type": types[extname(file)] ?? "text/plain",
				"Content-Security-Policy": "default-src 'self'" });
			res.end(bytes);
		} catch {
			res.writeHead(404).end();
		}
	};
	const server = createServer(answer);
	server.on("upgrade", (req, s) => {
		if (!socket)
			return s.destroy();
		s.on("error", () => {});
		if (stub.swallow === "handshake") {
			sockets.add(s); /* so that end() reaches it */
			return s.resume();
		}
		const key = createHash("sha1").update(req.headers["sec-websocket-key"] +
			"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
		s.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			`Sec-WebSocket-Accept: ${key}\r\n\r\n`);
		sockets.add(s);
		s.on("error", () => {});
		s.on("close", () => sockets.delete(s));
		s.resume();
		if (stub.swallow !== "all")
			s.write(frame(JSON.stringify({ type: "hello", version: "stub" })));
	});
	await new Promise((done) => server.listen(port, "127.0.0.1", done));
	stub.url = `http://127.0.0.1:${server.address().port}`;
	stub.end = () => {
		for (const s of sockets)
			s.destroy();
		server.closeAllConnections();
		server.close();
	};
	const beat = setInterval(() => {
		if (stub.swallow)
			return;
		const text = frame(JSON.stringify({ type: "heartbeat", now_utc: new Date().toISOString(),
			collector_age_s: 1 }));
		for (const s of sockets)
			s.write(text);
	}, 2_000);
	t?.after(() => { clearInterval(beat); stub.end(); });
	return stub;
}

// agents.mjs: agents that behave as told, for the tests of collect: a good
// one in the format of docs/agent-api.md, and every kind of bad one.
import http from 'node:http';
import net from 'node:net';

export const TERMINAL = '0123456789abcdef';

/** A bridge's document with all its fields. */
export function document(login, changes = {}) {
  return {
    v: 1, kind: 'snapshot', terminal_id: TERMINAL, seq: 1, rev: 1,
    gmt_msc: 1782154438909, trade_server_msc: 1782165238000,
    broker_offset_s: 10800, clock_moving: true,
    account: {
      login: String(login), trade_mode: 2, leverage: 100, limit_orders: 200,
      margin_so_mode: 0, trade_allowed: true, trade_expert: true,
      margin_mode: 2, currency_digits: 2, fifo_close: false, balance: 6047.22,
      credit: 0, profit: -12.5, equity: 6034.72, margin: 0, margin_free: 6034.72,
      margin_level: 0, margin_so_call: 50, margin_so_so: 30, margin_initial: 0,
      margin_maintenance: 0, assets: 0, liabilities: 0, commission_blocked: 0,
      name: 'Test', server: 'Test-Live', currency: 'USD', company: 'Test Ltd',
      ...changes.account,
    },
    terminal: { connected: true, trade_allowed: true, build: 5200,
      ping_last: 31234, ...changes.terminal },
    positions: changes.positions ?? [],
    orders: changes.orders ?? [],
    equity: { low: 6034.72, high: 6034.72, since_msc: 1, day: '2026-06-22',
      day_low: 6030, day_high: 6060, day_since_msc: 1 },
    history: { deals: 3, cash: 1, complete: true, last_ticket: '9007199254740993',
      last_msc: 5, ...changes.history },
  };
}

function listen(t, server) {
  const sockets = new Set();
  server.on('connection', (s) => {
    sockets.add(s);
    s.on('error', () => {});
    s.on('close', () => sockets.delete(s));
  });
  const close = () => new Promise((done) => {
    for (const s of sockets) s.destroy();
    server.close(done);
  });
  t.after(close);
  return (port) => new Promise((done) => server.listen(port, '127.0.0.1', () => {
    const at = server.address().port;
    done({ port: at, url: `http://127.0.0.1:${at}`, close, sockets });
  }));
}

/**
 * A good agent: {url, port, close(), set(terminals), seen}. A terminal is
 * {terminal_id, age_ms, bridge, process, snapshot}; set() answers those
 * who wait. token: what it wants; ids: revs never repeat.
 */
export async function goodAgent(t, login, { port = 0, token = null } = {}) {
  const run = Math.random().toString(36).slice(2, 8);
  const agent = { seen: [], rev: 1, waiting: new Set(), clockAheadMs: 0 };
  const terminal = (snapshot) => ({ terminal_id: TERMINAL, age_ms: 20,
    bridge: 'ok', process: null, snapshot });
  agent.terminals = [terminal(document(login))];
  const answer = (res, after) => {
    const rev = `${run}-${agent.rev}`;
    const body = after === rev
      ? { rev, unchanged: true, terminals: agent.terminals.map(
        ({ terminal_id, age_ms }) => ({ terminal_id, age_ms })) }
      : { rev, now_utc: new Date(Date.now() + agent.clockAheadMs).toISOString(),
        agent: { name: 'fake', version: '0', started_utc: 'x' },
        terminals: agent.terminals };
    res.end(JSON.stringify(body));
  };
  const server = http.createServer((req, res) => {
    const url = new URL(req.url, 'http://x');
    agent.seen.push({ url: req.url, at: Date.now(), headers: req.headers });
    if (token && req.headers.authorization !== `Bearer ${token}`) {
      res.statusCode = 401;
      res.end('{"error":{"code":"unauthorized","message":"no"}}');
      return;
    }
    const after = url.searchParams.get('after');
    const wait = Number(url.searchParams.get('wait') ?? 0);
    if (wait === 0 || after !== `${run}-${agent.rev}`) return answer(res, after);
    const w = { res, after };
    w.timer = setTimeout(() => { agent.waiting.delete(w); answer(res, after); },
      wait * 1000);
    res.on('close', () => { clearTimeout(w.timer); agent.waiting.delete(w); });
    agent.waiting.add(w);
  });
  server.keepAliveTimeout = 60000;
  agent.set = (terminals) => {
    agent.terminals = terminals;
    agent.rev++;
    for (const w of [...agent.waiting]) {
      clearTimeout(w.timer);
      agent.waiting.delete(w);
      answer(w.res, w.after);
    }
  };
  agent.show = (snapshot) => agent.set([terminal(snapshot)]);
  return Object.assign(agent, await listen(t, server)(port));
}

/** An HTTP server with one answer: text, or a function(req, res). */
export function answering(t, what, status = 200) {
  return listen(t, http.createServer((req, res) => {
    if (typeof what === 'function') return what(req, res);
    res.statusCode = status;
    res.end(what);
  }))(0);
}

/** A raw TCP server: each connection goes to fn. */
export function raw(t, fn) {
  return listen(t, net.createServer(fn))(0);
}

/** Accepts and says nothing. */
export const hung = (t) => raw(t, () => {});

/** A byte a second, for ever, of what could become an answer. */
export const dripping = (t) => raw(t, (socket) => {
  const text = 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{"rev":"';
  let i = 0;
  const timer = setInterval(() => socket.write(text[i++] ?? 'x'), 1000);
  socket.on('close', () => clearInterval(timer));
});

/** A gigabyte, announced or in chunks, as fast as it goes. */
export const flooding = (t, chunked) => answering(t, (req, res) => {
  const piece = Buffer.alloc(1 << 20, ' ');
  let left = 1024;
  if (!chunked) res.setHeader('Content-Length', left * piece.length);
  const more = () => {
    while (left-- > 0) if (!res.write(piece)) return;
    res.end();
  };
  res.on('drain', more);
  more();
});

// claims.test.mjs: one account on two nodes: whose word is taken
// (tests/cases/ops/liar.md), and values that cannot be.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { answering, document, goodAgent, TERMINAL } from './agents.mjs';
import { cgi } from './cgi_lib.mjs';
import { setting } from './collect_lib.mjs';
import { sql } from './ledger_lib.mjs';
import { bin, freePort, run, startAgent, tmp, waitFor } from './lib.mjs';
import { putSnapshot, snapshot } from './agent_lib.mjs';

const rows = async (t, s) => {
  const { json, text } = await cgi(t, 'dashboard.fcgi', '/api/accounts',
    { ...s.env, DASHBOARD_AUTH: 'off' });
  assert.ok(json?.accounts, text);
  return json;
};
const row = async (t, s, login) =>
  (await rows(t, s)).accounts.find((r) => r.login === String(login));
const books = (balance) => document(777001, { account: { balance, equity: balance,
  profit: 0, server: 'Broker-Live' } });
/* The status of the node's n-th account, as collect writes it. */
const becomes = (s, id, word, n = 0) => waitFor(`${id} to be ${word}`, async () =>
  (await s.snapshot(id))?.accounts[n]?.status === word);

test('two nodes that show one account are a conflict, out of every total', async (t) => {
  const honest = await goodAgent(t, 777001), liar = await goodAgent(t, 777001);
  const other = await goodAgent(t, 5);
  honest.show(books(5000));
  liar.show(books(1000000));
  const nodes = [{ id: 'zz-honest', url: honest.url }, { id: 'other', url: other.url }];
  const s = await setting(t, nodes, { ALERT_AFTER: '1' });
  s.collect();
  await becomes(s, 'zz-honest', 'ok');
  assert.equal((await row(t, s, 777001)).status, 'ok');
  assert.equal((await row(t, s, 777001)).claims, null);
  s.write([...nodes, { id: 'aa-liar', url: liar.url }]);
  await becomes(s, 'aa-liar', 'conflict');
  await becomes(s, 'zz-honest', 'conflict');

  const all = await rows(t, s);
  assert.equal(all.accounts.length, 2);
  const r = all.accounts.find((a) => a.login === '777001');
  assert.equal(r.status, 'conflict');
  assert.deepEqual(r.claims, ['aa-liar', 'zz-honest']);
  assert.match(r.error, /shown by nodes aa-liar, zz-honest: pin it/);
  assert.equal(r.account, null, 'whose balance would it be?');
  assert.equal(r.pl.floating, null);
  const [usd] = all.totals.filter((x) => x.currency === 'USD');
  assert.deepEqual([usd.accounts, usd.left_out, usd.balance], [1, 1, 6047.22]);
  assert.equal(all.counts.conflict, 1);
  const health = async (auth) => (await cgi(t, 'dashboard.fcgi', '/health',
    { ...s.env, DASHBOARD_AUTH: auth })).json;
  const open = await health('off');
  assert.equal(open.status, 'degraded');
  assert.deepEqual([open.accounts.total, open.accounts.failed, open.accounts.reasons],
    [2, 1, { conflict: 1 }]);
  assert.equal(open.accounts.which[0].login, '777001');
  assert.match(open.accounts.which[0].why, /aa-liar, zz-honest/);
  const closed = await health('required');
  assert.equal(closed.accounts.which, null);
  assert.doesNotMatch(JSON.stringify(closed), /liar|777001/);
  const events = await s.events();
  const said = events.filter((e) => e.type === 'status' && e.status === 'conflict');
  assert.deepEqual([...new Set(said.map((e) => e.node))].sort(), ['aa-liar', 'zz-honest']);
  assert.match(said[0].error, /aa-liar, zz-honest/);
  assert.equal(events.filter((e) => e.type === 'account' && e.account?.balance === 1000000)
    .length, 0, 'the liar\'s balance was never told');
  const alert = await waitFor('the alert', async () => (await s.events()).find(
    (e) => e.type === 'alert' && e.level === 'critical' && e.login === '777001'));
  assert.match(alert.text, /conflict: shown by nodes aa-liar, zz-honest/);

  // pinned: that node alone counts, at once
  s.write([...nodes.slice(1), { id: 'aa-liar', url: liar.url }, { ...nodes[0],
    accounts: [{ server: 'Broker-Live', login: '777001' }] }]);
  await becomes(s, 'zz-honest', 'ok');
  await becomes(s, 'aa-liar', 'wrong_account');
  const now = await row(t, s, 777001);
  assert.deepEqual([now.status, now.node, now.account.balance, now.claims],
    ['ok', 'zz-honest', 5000, null]);
  // no longer pinned, and the liar's agent goes: the other one counts again
  s.write([...nodes, { id: 'aa-liar', url: liar.url }]);
  await becomes(s, 'zz-honest', 'conflict');
  await liar.close();
  await becomes(s, 'zz-honest', 'ok');
  assert.equal((await row(t, s, 777001)).account.balance, 5000);
});

test('a conflict is seen across the shards of collect, and by who reads Redis', async (t) => {
  const agents = [], nodes = [];
  for (let i = 0; i < 8; i++) {
    agents.push(await goodAgent(t, 100 + i));
    nodes.push({ id: `n${i}`, url: agents[i].url });
  }
  const s = await setting(t, nodes);
  s.collect('--shard', '1/2');
  s.collect('--shard', '2/2');
  for (const n of nodes) await becomes(s, n.id, 'ok');
  // each node polled by which shard: its list of nodes says
  const first = (await s.get('polled:1/2')).split('\n');
  const here = nodes.find((n) => first.includes(n.id));
  const there = nodes.find((n) => !first.includes(n.id));
  agents[nodes.indexOf(here)].show(books(5000));
  agents[nodes.indexOf(there)].show(books(1000000));
  // whoever reads Redis decides at once, before one shard knew of the other
  await waitFor('the row', async () =>
    (await row(t, s, 777001))?.status === 'conflict');
  assert.deepEqual((await row(t, s, 777001)).claims, [here.id, there.id].sort());
  // and both shards say so to who listens, and take no sample
  const own = (id) => waitFor(`${id} to say conflict`, async () =>
    (await s.snapshot(id))?.accounts.find((a) => a.login === '777001')?.status === 'conflict');
  await own(here.id);
  await own(there.id);
  await agents[nodes.indexOf(there)].close();
  await waitFor('the other one to count again', async () =>
    (await s.snapshot(here.id))?.accounts.find((a) => a.login === '777001')?.status === 'ok');
  assert.equal((await row(t, s, 777001)).account.balance, 5000);
});

const deposit = (ticket, profit) => ({ ticket, order: '0', time: 1700000000,
  time_msc: 1700000000000, type: 2, entry: 0, magic: '0', position_id: '0', reason: 0,
  volume: 0, price: 0, commission: 0, swap: 0, profit, fee: 0, symbol: '', comment: '',
  external_id: '', sl: 0, tp: 0 });

/* An agent that answers as collect and trades ask, from one list of deals. */
async function deskAgent(t, book) {
  const server = http.createServer((req, res) => {
    if (req.url.startsWith('/accounts'))
      return res.end(JSON.stringify({ accounts: [{ server: 'Broker-Live', login: '777001',
        status: 'ok', account: { currency_digits: 2 }, broker_offset_s: 0 }] }));
    res.end(JSON.stringify({ server: 'Broker-Live', login: '777001', complete: true,
      more: false, balance: book.deals.reduce((sum, d) => sum + d.profit, 0), credit: 0,
      deals: book.deals }));
  });
  const port = await freePort();
  await new Promise((done) => { server.listen(port, '127.0.0.1', done); });
  t.after(() => server.close());
  return `http://127.0.0.1:${port}`;
}

test('deals are taken from the bound node only', async (t) => {
  const honest = { deals: [deposit('1', 5000)] }, liar = { deals: [deposit('90001', 1000000)] };
  const s = await setting(t, []);
  const env = { ...s.env, REDIS_URL: `unix:${s.dir}/none.sock`, LEDGER_FILE: path.join(s.dir, 'l.db') };
  const trades = () => run(t, bin('trades'), [], { env });
  const stored = () => sql(env.LEDGER_FILE, 'SELECT ticket FROM deal ORDER BY ticket')
    .map((d) => d.ticket);
  const two = [{ id: 'aa-liar', url: await deskAgent(t, liar) },
    { id: 'zz-honest', url: await deskAgent(t, honest) }];
  // both at once: nothing is taken from either
  s.write(two);
  const first = await trades();
  assert.equal(first.code, 1);
  assert.match(first.output, /conflict: shown by nodes aa-liar, zz-honest: pin it/);
  assert.equal(fs.existsSync(env.LEDGER_FILE) ? stored().length : 0, 0);
  // one of them alone: it is bound, and stays so while the other one shows up
  s.write([two[1]]);
  assert.equal((await trades()).code, 0);
  assert.deepEqual(stored(), [1]);
  honest.deals.push(deposit('2', 10));
  s.write(two);
  await trades();
  assert.deepEqual(stored(), [1, 2], 'new deals of the bound node, none of the other');
  // pinned to the other: its word counts from now on
  s.write([{ ...two[0], accounts: [{ server: 'Broker-Live', login: '777001' }] }, two[1]]);
  await trades();
  assert.deepEqual(stored(), [1, 2, 90001]);
});

const T = (id, snapshot, more) => ({ terminal_id: id, age_ms: 5, bridge: 'ok',
  process: null, snapshot: snapshot && { ...snapshot, terminal_id: id }, ...more });
const id = (n) => n.toString(16).padStart(16, '0');

test('a value that MT5 cannot give is refused by name, for that account alone', async (t) => {
  const agent = await goodAgent(t, 1);
  const good = () => document(1), bad = (f) => { const d = document(2); f(d); return d; };
  agent.set([T(id(1), good()), T(id(2), document(2))]);
  const s = await setting(t, [{ id: 'a', url: agent.url }]);
  s.collect();
  await becomes(s, 'a', 'ok', 0);
  await becomes(s, 'a', 'ok', 1);
  const position = { ticket: '5', volume: 0.1, symbol: 'EURUSD', type: 0 };
  const cases = [
    [(d) => { d.account.balance = 1e308; }, /account\.balance: 1e\+?308/],
    [(d) => { d.account.equity = -2e15; }, /account\.equity: -2/],
    [(d) => { d.account.currency_digits = 99; }, /account\.currency_digits: 99/],
    [(d) => { d.account.currency_digits = -1; }, /account\.currency_digits: -1/],
    [(d) => { d.account.leverage = 9007199254740992; }, /account\.leverage: 90071/],
    [(d) => { d.account.name = 'A\u0000B'; }, /account\.name: a text with a NUL/],
    [(d) => { d.broker_offset_s = 1e9; }, /broker_offset_s: 1000000000/],
    [(d) => { d.broker_offset_s = -50400; }, /broker_offset_s: -50400/],
    [(d) => { d.positions = [position, { ...position, volume: -1 }]; }, /positions\[1\]\.volume: -1/],
    [(d) => { d.positions = [{ ...position, time: 31556889864403200 }]; }, /positions\[0\]\.time: 3/],
    [(d) => { d.positions = [{ ...position, ticket: 9007199254740992 }]; }, /positions\[0\]\.ticket/],
    [(d) => { d.positions = [{ ...position, magic: '9223372036854775808' }]; },
      /positions\[0\]\.magic: 9223372036854775808/],
    [(d) => { d.orders = [{ ticket: '5', time_setup_msc: '-9223372036854775808' }]; },
      /orders\[0\]\.time_setup_msc: -9223372036854775808/],
    [(d) => { d.history.cash = -3; }, /history\.cash: -3/],
    [(d) => { d.equity.day_low = 1e300; }, /equity\.day_low: 1/],
    [(d) => { d.positions = {}; }, /no whole list of positions/],
    [(d) => { d.orders = [{ type: 1 }]; }, /no whole list of orders/],
  ];
  const two = async () => (await s.snapshot('a')).accounts.find((a) => a.login === '2');
  for (const [spoil, why] of cases) {
    agent.set([T(id(1), good()), T(id(2), bad(spoil))]);
    const a = await waitFor(String(why), async () => {
      const x = await two();
      return x.status === 'bad_data' && why.test(x.error) && x;
    });
    assert.equal(a.balance, 6047.22, 'the last good values stay');
    const r = await row(t, s, 2);
    assert.equal(r.status, 'bad_data');
    assert.match(r.error, why);
    assert.equal((await row(t, s, 1)).status, 'ok', 'the other one goes on');
    assert.equal((await s.node('a')).status, 'ok');
    agent.set([T(id(1), good()), T(id(2), document(2))]);
    await waitFor('it to be good again', async () => (await two()).status === 'ok');
    assert.equal((await two()).error, undefined);
  }
  // one that was never good has no values, and says why
  agent.set([T(id(1), good()), T(id(3), { ...document(3), broker_offset_s: 1e9 })]);
  const r = await waitFor('the new one', async () => {
    const x = await row(t, s, 3);
    return x?.status === 'bad_data' && x;
  });
  assert.match(r.error, /broker_offset_s/);
  assert.deepEqual([r.account, r.positions, r.at_utc, r.age_s], [null, null, null, null]);
  // the words that JSON does not have, out of another program's agent
  const words = await answering(t, (req, res) => {
    const text = JSON.stringify({ rev: `w-${Math.random().toString(36).slice(2)}`,
      agent: { name: 'x' }, terminals: [T(id(1), document(11)), T(id(2), document(12))] });
    res.end(text.replace(/6047\.22(?![^]*6047\.22)/, 'NaN').replace(/-12\.5(?![^]*-12\.5)/, '-Infinity'));
  });
  s.write([{ id: 'w', url: words.url }]);
  await becomes(s, 'w', 'ok', 0);
  await becomes(s, 'w', 'bad_data', 1);
  assert.match((await s.snapshot('w')).accounts[1].error, /account\.(balance|profit): -?Infinity/);
});

test('what the real agent refuses is refused for that account, by its word', async (t) => {
  const common = tmp(t), other = 'f'.repeat(16);
  const put = (over) => putSnapshot(common, { gmt_msc: Date.now(), ...over });
  const account = (login, over) => ({ account: { ...snapshot().account, login, currency: 'USD',
    currency_digits: 2, equity: 6047.22, profit: 0, credit: 0, ...over } });
  put(account('1'));
  put({ terminal_id: other, ...account('2') });
  const agent = await startAgent(t, common, { AGENT_SILENT: '600' });
  const s = await setting(t, [{ id: 'a', url: agent.url }]);
  s.collect();
  await becomes(s, 'a', 'ok', 0);
  await becomes(s, 'a', 'ok', 1);
  put({ terminal_id: other, seq: 2, rev: 2, ...account('2', { balance: 1e308 }) });
  const refused = async (why) => waitFor(String(why), async () => {
    const x = (await s.snapshot('a')).accounts.find((a) => a.login === '2');
    return x.status === 'bad_data' && why.test(x.error) && x;
  });
  assert.equal((await refused(/^account\.balance: 1e\+?308/)).balance, 6047.22);
  assert.equal((await row(t, s, 1)).status, 'ok');
  put({ terminal_id: other, seq: 1, rev: 1, ...account('2', { balance: 7 }) });
  assert.equal((await refused(/^seq: 1 is older than 2/)).balance, 6047.22);
  put({ terminal_id: other, seq: 3, rev: 3, ...account('2', { balance: 8 }) });
  await waitFor('a good one', async () => (await row(t, s, 2)).status === 'ok');
  assert.equal((await row(t, s, 2)).account.balance, 8);
});

test('an older write of the same run of the bridge is refused', async (t) => {
  const agent = await goodAgent(t, 1);
  const write = (seq, balance, session = 'run1') => ({ ...document(1, { account: { balance } }),
    bridge: { version: '1.0.0', program: 'service', session }, seq });
  const a = async () => (await s.snapshot('a'))?.accounts[0];
  agent.show(write(812, 100));
  const s = await setting(t, [{ id: 'a', url: agent.url }]);
  const run1 = s.collect();
  await becomes(s, 'a', 'ok');
  agent.show(write(811, 99));
  await becomes(s, 'a', 'bad_data');
  assert.match((await a()).error, /seq: 811 is older than 812/);
  assert.equal((await a()).balance, 100);
  // the next run of collect remembers
  const run2 = s.collect();
  await waitFor('the next run', async () => (await s.json('collector')).pid === run2.pid);
  assert.ok(run1);
  agent.show(write(810, 98));
  await waitFor('its word', async () => /seq: 810/.test((await a()).error ?? ''));
  agent.show(write(813, 101));
  await becomes(s, 'a', 'ok');
  assert.equal((await a()).balance, 101);
  // another run of the bridge counts from its own beginning
  agent.show(write(1, 102, 'run2'));
  await waitFor('the other run', async () => (await a()).balance === 102);
  assert.equal((await a()).status, 'ok');
  // a bridge of before, without a session, is believed as it comes
  agent.show({ ...document(1, { account: { balance: 103 } }), seq: 0 });
  await waitFor('the old bridge', async () => (await a()).balance === 103);
  assert.equal((await a()).status, 'ok');
});

test('deals that MT5 cannot give are refused by name, the other accounts go on', async (t) => {
  const accounts = [
    ['1', (d) => d], ['2', (d) => ({ ...d, volume: -1 }), /deal volume: -1/],
    ['3', (d) => ({ ...d, profit: 1e308 }), /deal profit: 1e\+?308/],
    ['4', (d) => ({ ...d, comment: 'a\u0000b' }), /deal comment/],
    ['5', (d) => ({ ...d, time: 31556889864403200 }), /deal time/],
    ['6', (d) => ({ ...d, ticket: 9007199254740992 }), /deal ticket/],
    ['7', (d) => ({ ...d, price: '@NaN@' }), /deal price/],
    ['8', (d) => ({ ...d, time_msc: '9223372036854775807' }), /deal time_msc/],
    ['9', (d) => d]];
  const server = http.createServer((req, res) => {
    const url = new URL(req.url, 'http://x'), login = url.searchParams.get('login');
    if (url.pathname === '/accounts')
      return res.end(JSON.stringify({ accounts: accounts.map(([l]) => ({ server: 'S', login: l,
        status: 'ok', account: { currency_digits: 2 }, broker_offset_s: 0 })) }));
    const [, spoil] = accounts.find(([l]) => l === login);
    res.end(JSON.stringify({ server: 'S', login, complete: true, more: false, balance: 10,
      credit: 0, deals: [spoil(deposit('1', 10))] }).replace('"@NaN@"', 'NaN'));
  });
  const port = await freePort();
  await new Promise((done) => { server.listen(port, '127.0.0.1', done); });
  t.after(() => server.close());
  const s = await setting(t, [{ id: 'x', url: `http://127.0.0.1:${port}` }]);
  const env = { ...s.env, REDIS_URL: `unix:${s.dir}/none.sock` };
  const done = await run(t, bin('trades'), [], { env });
  assert.equal(done.code, 1, done.output);
  const states = sql(path.join(s.dir, 'ledger.db'), `SELECT login, state, error FROM sync
    JOIN account a ON a.id = account ORDER BY login`);
  assert.deepEqual(states.map((r) => r.state), accounts.map(([, , why]) => why ? 3 : 2));
  for (const [login, , why] of accounts)
    if (why) assert.match(states.find((r) => r.login === Number(login)).error, why);
  assert.equal(TERMINAL.length, 16);
});

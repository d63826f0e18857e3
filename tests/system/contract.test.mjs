// contract.test.mjs: every route of docs/openapi.yaml is asked in a running
// system, and the answer is what the contract says of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answerMisfits, doc } from '../cgi/contract.mjs';
import { get, startFleet, waitFor } from './lib.mjs';

const FORM = 'application/x-www-form-urlencoded';
const json = (body) => ({ type: 'application/json', body: JSON.stringify(body) });
const form = (fields) => ({ type: FORM, body: String(new URLSearchParams(fields)) });

/** What is asked of each: [status, query, request], by its tag and its name.
 * The rest of what a route may answer is in tests/cgi. */
const asks = (s) => ({
  coordinator: {
    'GET /': [200], 'GET /api': [200], 'GET /docs': [200],
    'GET /docs/openapi.yaml': [200], 'GET /health': [200], 'GET /metrics': [200],
    'GET /api/accounts': [200, 'limit=2&sort=-day'],
    'GET /api/summary': [200], 'GET /api/exposure': [200],
    'GET /api/business': [200], 'GET /api/export/business.csv': [200],
    'GET /api/accounts/{server}/{login}': [200],
    'GET /api/accounts/{login}': [200],
    'GET /api/accounts/{server}/{login}/positions': [200],
    'GET /api/accounts/{server}/{login}/orders': [200],
    'GET /api/accounts/{server}/{login}/trades': [200, 'limit=5'],
    'GET /api/accounts/{server}/{login}/deals': [200, 'limit=5&order=newest'],
    'GET /api/accounts/{server}/{login}/cashflows': [200],
    'GET /api/accounts/{server}/{login}/equity': [200, 'range=1d&points=10'],
    'GET /api/accounts/{server}/{login}/phases': [200],
    'GET /api/accounts/{server}/{login}/statistics': [200],
    'GET /api/accounts/{server}/{login}/proposal': [200,
      'started_utc=2026-01-01T00:00:00Z'],
    'GET /api/audit': [200, 'limit=5'],
    'GET /api/rules': [200], 'GET /api/equity': [200, 'range=30d'],
    'GET /api/export/trades.csv': [200],
    'GET /api/export/accounts.csv': [200],
    'GET /api/export/accounts.ndjson': [200, 'fields=login,account.balance'],
    'GET /api/agents/status': [200],
    'GET /account': [200], 'GET /account/cached': [200],
    'GET /mt5/status': [200], 'GET /connection-status': [200],
    'GET /ws': [426], // a WebSocket: tests/system/live.test.mjs
  },
  admin: {
    'GET /auth/session': [200], 'GET /auth/check': [204],
    'PUT /api/accounts/{server}/{login}/phase': [200, '', () => json({ phase: 'F1',
      status: 'active', initial_balance: 1000, version: s.version })],
    'PUT /api/accounts/{server}/{login}/vs': [200, '', () => json({ vs_group: 'a',
      version: s.version })],
    'PUT /api/accounts/{server}/{login}/meta': [200, '', () => json({ holder: 'A. B.',
      version: s.version })],
    'PUT /api/accounts/{server}/{login}/flow': [200, '', () => json({
      ticket: s.ticket, meaning: 'correction', version: s.version })],
    'PUT /api/accounts/{server}/{login}/verdict': [404, '', () => json({ id: '1',
      annulled: true, reason: 'none', version: s.version })],
    'GET /api/alerts': [200],
    'POST /api/alerts': [200, '', () => json({ action: 'mute', keys: ['node/none'], minutes: 1 })],
    'GET /api/users': [200],
    'POST /api/users': [200, '', () => json({ user: 'of.the.contract', role: 'viewer' })],
    'POST /auth/password': [403, '', () => json({ token: 'none', password: 'long enough' })],
    'GET /admin/password': [200, 'token=none'],
    'GET /api/nodes': [200],
    'POST /api/nodes': [200, '', () => json({ action: 'ready', id: 'vps01' })],
    'PUT /api/rules/{id}': [409, '', () => json({ name: 'No such version', version: 4711,
      rules: { max_loss: { pct: 10 } } })],
    'DELETE /api/rules/{id}': [409, 'version=4711'],
    'POST /api/business/entry': [200, '', () => json({ kind: 'fee', amount: 155.5, currency: 'USD' })],
    'DELETE /api/business/entry/{id}': [200],
    'POST /api/refresh': [202],
    'POST /api/sync-to-sheets': [202],
    'POST /api/rules/try': [200, '', () => json({ rule_set: s.id, initial: 1000,
      events: [{ sample: { balance: 1000, equity: 990, low: 980, high: 1000 } }] })],
    'POST /reconnect': [501, 'node=vps01'],
    'POST /mt5/connect': [501, 'node=vps01'],
    'POST /mt5/disconnect': [501, 'node=vps01'],
    'GET /admin': [303], 'GET /admin/login': [200], 'GET /admin/style.css': [200],
    'GET /admin/phases': [200], 'GET /admin/phases/{server}/{login}': [200],
    'POST /admin/phases': [303, '', () => form({ csrf: s.csrf, server: s.server,
      login: s.login, version: s.version, phase: 'F2', status: 'active',
      initial_balance: '1000' })],
    'POST /admin/flow': [303, '', () => form({ csrf: s.csrf, server: s.server,
      login: s.login, version: s.version, ticket: s.ticket, meaning: 'deposit' })],
    // by the version of before the flow
    'POST /admin/verdict': [409, '', () => form({ csrf: s.csrf, server: s.server,
      login: s.login, version: s.version, id: '1', annulled: '1', reason: 'none' })],
    'GET /admin/audit': [200],
    'POST /admin/undo': [200, '', () => json({ id: s.audit })],
    'GET /admin/rules': [200], 'GET /admin/rules/{id}': [200],
    'POST /admin/rules': [303, '', () => form({ csrf: s.csrf, id: 0, version: 0,
      name: 'Of the contract', rules: '{"max_loss":{"pct":10}}' })],
    'POST /admin/rules/try': [200, '', () => form({ csrf: s.csrf, id: 0, version: 0,
      name: 'Of the contract', rules: '{"max_loss":{"pct":10}}', phase: 'F1',
      initial: '1000', path: 'sample 900' })],
    'GET /admin/nodes': [200],
    'POST /admin/nodes': [303, '', () => form({ csrf: s.csrf, action: 'maintenance',
      id: 'vps01' })],
    'GET /admin/zones': [200],
    'GET /admin/alerts': [200],
    // the digest of no file
    'POST /admin/alerts': [303, '', () => form({ csrf: s.csrf, do: 'save',
      digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      json: '{"targets":[]}' })],
    'GET /admin/deals/{server}/{login}': [200],
    'POST /admin/deals': [303, '', () => form({ csrf: s.csrf, server: s.server,
      login: s.login, [`t${s.ticket}`]: '1', reason: 'a test' })],
    'GET /admin/merge/{server}/{login}': [200],
    'POST /admin/merge': [400, '', () => form({ csrf: s.csrf, server: s.server,
      login: s.login })],
    'POST /admin/rename': [400, '', () => form({ csrf: s.csrf, server: s.server,
      login: s.login })],
    'POST /admin/zones': [303, '', () => form({ csrf: s.csrf, server: s.server,
      zone: 'Europe/Athens' })],
    'POST /auth/logout': [204],
    'POST /auth/login': [200, '', () => json({ user: 'admin', password: s.password })],
  },
  agent: {
    'GET /': [200], 'GET /ping': [200], 'GET /snapshot': [200],
    'GET /accounts': [200], 'GET /positions': [200], 'GET /orders': [200],
    'GET /deals': [200, 'limit=5'],
    'POST /reconnect': [501], 'POST /mt5/connect': [501], 'POST /mt5/disconnect': [501],
    // it has no certificate: tests/system/agent_tls.test.mjs
    'POST /identity': [501], 'POST /identity/confirm': [409],
  },
});

/** Asked by their own tests alone: `fits METHOD PATH`. */
const elsewhere = {
  'admin GET /join/address': 'tests/cgi/join.sh',
  'admin POST /join': 'tests/cgi/join.sh',
};

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

test('every route of the contract answers as it says', async (t) => {
  const fleet = await startFleet(t, { nodes: 1 });
  const [row] = (await get(`${fleet.url}/api/accounts`)).json.accounts;
  const [node] = JSON.parse(fs.readFileSync(path.join(fleet.state, 'nodes.json'), 'utf8'));
  const s = { server: row.server, login: row.login, password: fleet.password(), version: null };
  const headers = { origin: fleet.url };
  const ask = async (base, method, p, query, { type, body } = {}) => {
    // the entry that was made is the first of its ledger; other ids are of rule sets
    const known = p.startsWith('/api/business/') ? { id: '1' } : s;
    const url = base + p.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(known[name])) +
      (query ? `?${query}` : '');
    const own = base === fleet.url
      ? { ...headers, ...(type !== FORM && s.csrf && { 'x-csrf-token': s.csrf }) }
      : { ...(node.token && { authorization: `Bearer ${node.token}` }) };
    const answer = await fetch(url, { method, body, redirect: 'manual',
      headers: { ...own, ...(type && { 'content-type': type }) } });
    return { status: answer.status, type: answer.headers.get('content-type'),
      cookie: answer.headers.get('set-cookie'), text: await answer.text() };
  };
  const logIn = async () => {
    const answer = await ask(fleet.url, 'POST', '/auth/login', '',
      json({ user: 'admin', password: s.password }));
    headers.cookie = answer.cookie.split(';')[0];
    s.csrf = JSON.parse(answer.text).csrf;
  };
  await logIn();
  s.id = (await waitFor('the rule sets', async () =>
    (await get(`${fleet.url}/api/rules`, { headers })).json.rules?.[0], 40000)).id;
  s.ticket = (await waitFor('the deposits', async () =>
    (await get(`${fleet.url}/api/accounts/${encodeURIComponent(s.server)}/` +
      `${s.login}/cashflows`, { headers })).json.cashflows
      ?.find((flow) => flow.type === 2), 60000)).ticket;
  const bases = { coordinator: fleet.url, admin: fleet.url, agent: node.url };
  const table = asks(s);
  const left = new Set();
  for (const [p, item] of Object.entries(doc.paths))
    for (const method of METHODS.filter((m) => item[m]))
      for (const tag of item[method].tags) left.add(`${tag} ${method.toUpperCase()} ${p}`);
  for (const [tag, routes] of Object.entries(table))
    for (const [name, [status, query = '', request = () => ({})]] of Object.entries(routes)) {
      const [method, p] = name.split(' ');
      await t.test(`${tag}: ${name}`, async () => {
        const answer = await ask(bases[tag], method, p, query, request());
        assert.equal(answer.status, status, answer.text.slice(0, 300));
        assert.deepEqual(answerMisfits(method, p, status, answer.type, answer.text), []);
        if (method === 'PUT' && p.includes('{login}') && status === 200) s.version = JSON.parse(answer.text).phase.version;
        if (p === '/admin/phases' && method === 'POST') {
          const [last] = (await get(`${fleet.url}/api/audit?limit=1`, { headers })).json.audit;
          s.audit = last.id;
          const before = s.version; // nginx has the answer for a second
          s.version = await waitFor('the next version', async () => {
            const { json: now } = await get(`${fleet.url}/api/accounts/` +
              `${encodeURIComponent(s.server)}/${s.login}`, { headers });
            return now.phase.version !== before && now.phase.version;
          });
        }
      });
      left.delete(`${tag} ${name}`);
    }
  for (const [name, file] of Object.entries(elsewhere)) {
    const [, method, p] = name.split(' ');
    assert.match(fs.readFileSync(file, 'utf8'), new RegExp(`fits ${method} ${p}\n`));
    left.delete(name);
  }
  assert.deepEqual([...left], [], 'of the contract, and never asked');
});

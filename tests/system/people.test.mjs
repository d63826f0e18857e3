// people.test.mjs: a person of some accounts is told of no others, by any route,
// any message, any cache; and may change what his role says.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import yaml from 'js-yaml';
import { command, get, logIn, startFleet, waitFor } from './lib.mjs';
import { connect } from './ws.mjs';

const PASSWORD = 'correct horse 1';
const REQUIRED = { DASHBOARD_AUTH: 'required' };

/** A fleet of three accounts: of Ann at FirmA, of Bea at FirmB, of nobody. */
async function threeAccounts(t) {
  const fleet = await startFleet(t, { nodes: 3, env: REQUIRED });
  const admin = await logIn(fleet);
  const accounts = await waitFor('three accounts', async () => {
    const { json } = await get(`${fleet.url}/api/accounts`, { headers: admin });
    return json?.accounts.length === 3 && json.accounts.every((a) => a.server) &&
      [...json.accounts].sort((a, b) => Number(a.login) - Number(b.login));
  });
  const [own, other] = accounts;
  const at = (a) => `/api/accounts/${encodeURIComponent(a.server)}/${a.login}`;
  const put = (who, a, what, body) => fetch(`${fleet.url}${at(a)}/${what}`, { method: 'PUT',
    headers: { ...who, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const version = async (a) => (await get(`${fleet.url}${at(a)}`, { headers: admin }))
    .json.phase?.version ?? 0;
  // the list's version is up to a second old
  const edit = (who, a, body) => waitFor('the version', async () => {
    const { status } = await put(who, a, 'meta', { version: await version(a), ...body });
    return status !== 409 && status;
  });
  assert.equal(await edit(admin, own, { holder: 'Ann', prop_firm: 'FirmA' }), 200);
  assert.equal(await edit(admin, other, { holder: 'Bea', prop_firm: 'FirmB', tags: ['swing'] }), 200);
  const person = (name, role, ...accounts) => {
    command(fleet, ['passwd', '--role', role, name], `${PASSWORD}\n`);
    if (accounts.length > 0) command(fleet, ['user', 'set', name, ...accounts]);
    return logIn(fleet, name, PASSWORD);
  };
  return { fleet, admin, accounts, at, edit, put, person };
}

/** What tells of the accounts that are not his. */
const tells = ({ accounts: [, ...others] }) => new RegExp([...others.flatMap((a) =>
  [a.login, `\\b${a.node}\\b`]), 'Bea', 'FirmB', 'swing'].join('|'));

function operations() {
  const { paths } = yaml.load(fs.readFileSync('docs/openapi.yaml', 'utf8'));
  return Object.entries(paths).flatMap(([at, methods]) => Object.entries(methods)
    .filter(([, op]) => op.tags.some((tag) => tag !== 'agent'))
    .map(([method]) => ({ method: method.toUpperCase(), at })));
}

const ask = async (fleet, method, at, a, headers, more = {}) => {
  const known = { server: a.server, login: a.login, id: '1' };
  const url = at.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(known[name]));
  const res = await fetch(fleet.url + url, { method, redirect: 'manual',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: method === 'GET' ? undefined : '{}', ...more });
  return { status: res.status, text: await res.text(), headers: res.headers };
};

test('a person of one account: every route, and no other account', async (t) => {
  const s = await threeAccounts(t);
  const { fleet, admin, accounts: [own, other] } = s;
  const others = tells(s);
  const callers = {
    'viewer by holder': await s.person('ann', 'viewer', '--holder', 'Ann'),
    'manager by firm': await s.person('mia', 'manager', '--firm', 'FirmA'),
    'token by account': { Authorization: `Bearer ${command(fleet, ['token', 'add', 'one',
      '--scope', 'read', '--account', `${own.server}/${own.login}`])}` },
    'token write': { Authorization: `Bearer ${command(fleet, ['token', 'add', 'w',
      '--scope', 'write', '--firm', 'FirmA'])}` },
  };
  assert.match((await ask(fleet, 'GET', '/api/accounts', own, admin)).text, others,
    'what is looked for is what the others are known by');
  let walked = 0;
  for (const [who, headers] of Object.entries(callers))
    for (const { method, at } of operations()) {
      if (['/ws', '/', '/auth/logout', '/auth/login', '/auth/password', '/join',
        '/docs', '/docs/openapi.yaml'].includes(at)) continue;
      const mine = await ask(fleet, method, at, own, headers);
      assert.doesNotMatch(mine.text, others, `${method} ${at} as ${who}`);
      assert.ok(mine.status < 500 || [501, 502].includes(mine.status),
        `${method} ${at} as ${who}: ${mine.status}`);
      walked++;
      if (!at.includes('{login}')) continue;
      // as one that nobody has: the words of the answer, too
      const body = method === 'GET' ? undefined : JSON.stringify(
        at.endsWith('/flow') ? { ticket: '1', meaning: 'deposit' }
          : at.endsWith('/verdict') ? { id: '1', annulled: true } : {});
      const missing = { ...other, login: '999999999' };
      const theirs = await ask(fleet, method, at, other, headers, { body });
      const none = await ask(fleet, method, at, missing, headers, { body });
      assert.equal(theirs.status, none.status, `${method} ${at} as ${who}`);
      assert.ok([404, 403].includes(theirs.status), `${method} ${at} as ${who}: ${theirs.status}`);
      assert.equal(theirs.text.replaceAll(other.login, missing.login), none.text,
        `${method} ${at} as ${who}`);
    }
  assert.ok(walked > 200, `${walked}`);

  // by query instead of path
  for (const [path, status] of [['/api/audit', 404], ['/api/export/trades.csv', 404],
    ['/account', 404], ['/account/cached', 404]]) {
    const res = await ask(fleet, 'GET',
      `${path}?server=${encodeURIComponent(other.server)}&login=${other.login}`, own,
      callers['viewer by holder']);
    assert.equal(res.status, status, path);
  }
  const list = await get(`${fleet.url}/api/accounts`, { headers: callers['viewer by holder'] });
  assert.deepEqual(list.json.accounts.map((a) => a.login), [own.login]);
  assert.equal(Object.values(list.json.counts).reduce((a, b) => a + b, 0), 1);
  const sums = await get(`${fleet.url}/api/summary`, { headers: callers['viewer by holder'] });
  assert.equal(sums.json.accounts, 1);
  assert.deepEqual(sums.json.firms.map((f) => f.firm), ['FirmA']);
  const audit = await get(`${fleet.url}/api/audit`, { headers: callers['viewer by holder'] });
  assert.deepEqual([...new Set(audit.json.audit.map((a) => a.login))], [own.login]);
  const metrics = async (...args) => (await fetch(`${fleet.url}/metrics`, { headers: {
    Authorization: `Bearer ${command(fleet, ['token', 'add', ...args])}` } })).text();
  const firm = await metrics('prom', '--scope', 'metrics', '--firm', 'FirmA');
  assert.match(firm, new RegExp(`^mt5fleet_equity\\{.*"${own.login}"`, 'm'));
  assert.doesNotMatch(firm, others);
  assert.match(await metrics('prom2', '--scope', 'metrics'), others);
});

test('no cache gives one person the answer made for another', async (t) => {
  const s = await threeAccounts(t);
  const { fleet, admin, accounts } = s;
  const others = tells(s);
  const ann = await s.person('ann', 'viewer', '--holder', 'Ann');
  const bea = await s.person('bea', 'viewer', '--tag', 'swing');
  const none = await s.person('zoe', 'viewer', '--no-accounts');
  const list = async (headers, more) => {
    const res = await fetch(`${fleet.url}/api/accounts`, { headers: { ...headers, ...more } });
    const text = await res.text();
    return { status: res.status, text, etag: res.headers.get('etag'),
      logins: text ? JSON.parse(text).accounts.map((a) => a.login).sort() : null };
  };
  const all = accounts.map((a) => a.login);
  const etags = new Set();
  for (let i = 0; i < 20; i++) {
    // one after the other within the second for which a worker and nginx keep it
    const answers = await Promise.all([list(admin), list(ann), list(bea), list(none)]);
    assert.deepEqual(answers.map((a) => a.logins), [all, [all[0]], [all[1]], []]);
    const again = await list(ann, { 'If-None-Match': answers[0].etag });
    assert.equal(again.status, 200);
    assert.doesNotMatch(again.text, others);
    assert.equal((await list(none, { 'If-None-Match': answers[1].etag })).status, 200);
    answers.forEach((a, n) => etags.add(`${n} ${a.etag}`));
    for (const path of ['/api/summary', '/api/equity', '/api/accounts?limit=3', '/api/audit',
      '/api/alerts', '/api/export/accounts.ndjson', '/api/export/trades.csv', '/api/agents/status']) {
      const whole = await fetch(fleet.url + path, { headers: admin });
      const text = await whole.text();
      const some = await fetch(fleet.url + path, { headers: { ...ann,
        'If-None-Match': whole.headers.get('etag') ?? '"x"' } });
      assert.doesNotMatch(await some.text(), others, path);
      // the same only where there is nothing of anybody in it
      if (some.status === 304) assert.doesNotMatch(text, others, path);
      else assert.equal(some.status, 200, path);
    }
  }
  const tags = [...etags].map((e) => e.slice(2));
  assert.equal(new Set(tags).size, tags.length, 'no two people have an ETag in common');
});

test('a socket tells of the accounts given, and of what changed about that at once', async (t) => {
  const s = await threeAccounts(t);
  const { fleet, admin, accounts: [own, other] } = s;
  const listen = async (headers, more) => {
    const heard = { texts: [], types: new Set(), logins: new Set(), code: null };
    const ws = await connect({ port: fleet.port }, '/ws', {
      message: (m, text) => {
        heard.texts.push(text); heard.types.add(m.type);
        if (m.login) heard.logins.add(m.login);
      },
      close: (code) => { heard.code = code; },
    }, { headers: { Origin: fleet.url, ...headers } });
    if (more) ws.send(JSON.stringify(more));
    return Object.assign(heard, { ws });
  };
  const ann = await s.person('ann', 'viewer', '--holder', 'Ann');
  const all = await listen(admin);
  const some = await listen(ann);
  // that asks for others by name, and for all alerts and phases
  const curious = await listen(ann, { type: 'subscribe',
    accounts: [{ server: other.server, login: other.login }], also: ['alert', 'phase', 'status'] });
  assert.equal(await s.edit(admin, other, { note: 'theirs' }), 200);
  assert.equal(await s.edit(admin, own, { note: 'his' }), 200);
  await waitFor('messages', () => all.logins.size === 3 && some.types.has('account') &&
    some.types.has('phase') && curious.types.has('phase'));
  const others = tells(s);
  assert.match(all.texts.join('\n'), others);
  assert.deepEqual([...some.logins], [own.login]);
  assert.doesNotMatch(some.texts.join('\n'), others);
  assert.doesNotMatch(curious.texts.join('\n'), others);
  // the other one is given to him, by a change of the account
  assert.equal(await s.edit(admin, other, { holder: 'Ann' }), 200);
  await waitFor('reset', () => some.types.has('reset'));
  await waitFor('the second one', () => some.logins.has(other.login));
  // and taken: nothing more of it
  assert.equal(await s.edit(admin, other, { holder: 'Bea' }), 200);
  const resets = () => some.texts.filter((x) => x.includes('"reset"')).length;
  await waitFor('another reset', () => resets() >= 2);
  const from = some.texts.length;
  await waitFor('more of his own', () => some.texts.slice(from)
    .filter((x) => x.includes(own.login)).length > 2);
  assert.doesNotMatch(some.texts.slice(from).join('\n'), new RegExp(other.login));
  // what the person was given changed: the session is over
  command(fleet, ['user', 'set', 'ann', '--firm', 'FirmB']);
  await waitFor('closed', () => some.code !== null);
  assert.equal(some.code, 1008);
  assert.equal((await fetch(`${fleet.url}/api/accounts`, { headers: ann })).status, 401);
  const again = await logIn(fleet, 'ann', PASSWORD);
  const { json } = await get(`${fleet.url}/api/accounts`, { headers: again });
  assert.deepEqual(json.accounts.map((a) => a.login), [other.login]);
});

test('what each role may change, and of which account', async (t) => {
  const s = await threeAccounts(t);
  const { fleet, admin, accounts: [own, other] } = s;
  const name = (a) => `${a.server}/${a.login}`;
  const mute = async (who, key) => (await fetch(`${fleet.url}/api/alerts`, { method: 'POST',
    headers: { ...who, 'Content-Type': 'application/json' },
    body: JSON.stringify({ action: 'mute', keys: [key], minutes: 5 }) })).status;
  const who = {};
  for (const role of ['viewer', 'trader', 'manager'])
    who[role] = await s.person(role, role, '--holder', 'Ann');
  const roleOf = (h) => get(`${fleet.url}/auth/session`, { headers: h });
  assert.deepEqual((await roleOf(who.trader)).json.accounts, ['holder:Ann']);
  assert.equal((await roleOf(admin)).json.accounts, null);
  assert.deepEqual([await mute(who.viewer, name(own)), await mute(who.trader, name(own)),
    await mute(who.trader, name(other)), await mute(who.trader, 'all'),
    await mute(who.manager, name(own)), await mute(admin, name(other))],
  [403, 200, 404, 404, 200, 200]);
  const { json } = await get(`${fleet.url}/api/alerts`, { headers: who.viewer });
  assert.deepEqual(json.mutes.map((m) => m.key), [name(own)]);
  const note = { note: 'of the role' };
  assert.deepEqual([await s.edit(who.viewer, own, note), await s.edit(who.trader, own, note),
    await s.edit(who.manager, own, note), await s.edit(who.manager, other, note)],
  [403, 403, 200, 404]);
  const undo = async (h, id) => (await fetch(`${fleet.url}/admin/undo`, { method: 'POST',
    headers: { ...h, 'Content-Type': 'application/json' }, body: JSON.stringify({ id }) })).status;
  const audit = await get(`${fleet.url}/api/audit`, { headers: admin });
  const last = (a) => audit.json.audit.find((x) => x.login === a.login && x.action === 'edit').id;
  assert.deepEqual([await undo(who.trader, last(own)), await undo(who.manager, last(other)),
    await undo(who.manager, last(own))], [403, 404, 200]);
  // who may log in, and the fleet, are an admin's; and he sees all
  const change = async (h, body) => (await fetch(`${fleet.url}/api/users`, { method: 'POST',
    headers: { ...h, 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).status;
  assert.equal(await change(who.manager, { user: 'manager', accounts: null }), 403);
  assert.equal(await change(admin, { user: 'manager', role: 'admin' }), 400);
  assert.equal(await change(admin, { user: 'viewer', accounts: ['planet:Mars'] }), 400);
  assert.equal(await change(admin, { user: 'viewer', accounts: [`account:${name(other)}`] }), 200);
  assert.equal(await change(admin, { user: 'viewer', role: 'trader' }), 200, 'keeps its accounts');
  command(fleet, ['passwd', 'viewer'], `${PASSWORD}\n`);
  const viewer = await logIn(fleet, 'viewer', PASSWORD);
  assert.deepEqual((await roleOf(viewer)).json, { user: 'viewer', role: 'trader',
    csrf: viewer['X-CSRF-Token'], accounts: [`account:${name(other)}`] });
  // an old user is as before: of all accounts
  const { json: users } = await get(`${fleet.url}/api/users`, { headers: admin });
  assert.equal(users.users.find((u) => u.name === 'admin').accounts, null);
});

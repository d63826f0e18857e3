// admin_api.test.mjs: users, nodes and rule sets, changed as JSON.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, logIn, startFleet, waitFor } from './lib.mjs';

/** ask(method, path, body) in that session: {status, json}. */
function asker(fleet, headers) {
  return async (method, path, body) => {
    const answer = await fetch(fleet.url + path, { method, redirect: 'manual',
      headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body) });
    const text = await answer.text();
    return { status: answer.status, json: text && JSON.parse(text) };
  };
}

async function users(t, fleet, admin) {
  const named = async (name) =>
    (await admin('GET', '/api/users')).json.users.find((u) => u.name === name);
  const nobody = asker(fleet, {});
  await t.test('a user is added with a link for a password, good once', async () => {
    const made = await admin('POST', '/api/users', { user: 'zoe', role: 'viewer' });
    assert.equal(made.status, 200);
    assert.ok(Date.parse(made.json.expires_utc) > Date.now() + 23 * 3_600_000);
    assert.equal((await named('zoe')).has_password, false);
    const { token } = made.json;
    const short = await nobody('POST', '/auth/password', { token, password: 'short' });
    assert.equal(short.status, 400);
    const set = await nobody('POST', '/auth/password', { token, password: 'long enough' });
    assert.deepEqual([set.status, set.json.user], [200, 'zoe']);
    const again = await nobody('POST', '/auth/password', { token, password: 'another one' });
    assert.equal(again.json.error.code, 'link_refused');
    assert.equal((await named('zoe')).has_password, true);
  });
  await t.test('a viewer may not look at users; a new role counts after the next log-in', async () => {
    const zoe = asker(fleet, await logIn(fleet, 'zoe', 'long enough'));
    assert.equal((await zoe('GET', '/api/users')).status, 403);
    assert.equal((await admin('POST', '/api/users', { user: 'zoe', role: 'admin' })).status, 200);
    assert.equal((await zoe('GET', '/api/users')).status, 401);
    const now = asker(fleet, await logIn(fleet, 'zoe', 'long enough'));
    assert.equal((await now('GET', '/api/users')).status, 200);
  });
  await t.test('a disabled one is out at once, and comes back with the password kept', async () => {
    const zoe = asker(fleet, await logIn(fleet, 'zoe', 'long enough'));
    assert.equal((await admin('POST', '/api/users', { user: 'zoe', disabled: true })).status, 200);
    assert.equal((await zoe('GET', '/auth/session')).status, 401);
    await admin('POST', '/api/users', { user: 'zoe', disabled: false, role: 'viewer' });
    await logIn(fleet, 'zoe', 'long enough');
  });
  await t.test('the last admin stays one', async () => {
    for (const change of [{ role: 'viewer' }, { disabled: true }]) {
      const answer = await admin('POST', '/api/users', { user: 'admin', ...change });
      assert.deepEqual([answer.status, answer.json.error.code], [409, 'last_admin']);
    }
  });
  await t.test('bad input is quoted', async () => {
    for (const [body, quoted] of [[{ user: 'a b' }, /a b/], [{ user: 'x', role: 'king' }, /king/],
      [{ user: 'x', disabled: 'yes' }, /disabled/], [{ user: 'x', action: 'kiss' }, /kiss/],
      [{ user: 'x'.repeat(65) }, /xxx/], [{ role: 'admin' }, /user/], [{ user: 'x', odd: 1 }, /odd/]]) {
      const { status, json } = await admin('POST', '/api/users', body);
      assert.equal(status, 400, JSON.stringify(body));
      assert.match(json.error.message, quoted);
    }
    assert.equal((await admin('POST', '/api/users', { user: 'nobody', action: 'link' })).status, 404);
    assert.equal(await named('x'), undefined);
  });
  await t.test('the form without JavaScript', async () => {
    const { json } = await admin('POST', '/api/users', { user: 'zoe', action: 'link' });
    const page = await (await fetch(`${fleet.url}/admin/password?token=${json.token}`)).text();
    assert.match(page, new RegExp(json.token));
    const send = () => fetch(`${fleet.url}/auth/password`, { method: 'POST', redirect: 'manual',
      body: new URLSearchParams({ token: json.token, password: 'by the form' }) });
    const first = await send();
    assert.deepEqual([first.status, first.headers.get('location')], [303, '/admin/login']);
    assert.equal((await send()).status, 403);
    await logIn(fleet, 'zoe', 'by the form');
  });
}

async function nodes(t, fleet, admin) {
  const entry = async () => (await admin('GET', '/api/nodes')).json.nodes[0];
  await t.test('a node: maintenance and back', async () => {
    assert.equal((await entry()).maintenance, false);
    const { id } = await entry();
    assert.deepEqual((await admin('POST', '/api/nodes', { action: 'maintenance', id })).json, { ok: true });
    assert.equal((await entry()).maintenance, true);
    await admin('POST', '/api/nodes', { action: 'ready', id });
    assert.equal((await entry()).maintenance, false);
    assert.equal(JSON.stringify((await admin('GET', '/api/nodes')).json).includes('token'), false);
  });
  await t.test('what is asked wrongly is said, and changes nothing', async () => {
    for (const body of [{ action: 'explode', id: 'vps01' }, { action: 'maintenance', id: 'none' },
      { action: 'maintenance' }, { action: 'rename', id: 'vps01', to: 'a b' }]) {
      const { status, json } = await admin('POST', '/api/nodes', body);
      assert.equal(status, 400, JSON.stringify(json));
      assert.equal(json.error.code, 'bad_request');
    }
    assert.equal((await admin('GET', '/api/nodes')).json.nodes.length, 1);
  });
}

async function rules(t, fleet, admin) {
  const all = async () => (await admin('GET', '/api/rules')).json.rules;
  let id;
  await t.test('a rule set is made, changed by its version, and deleted', async () => {
    const made = await admin('PUT', '/api/rules/0', { name: 'Of a test', firm: 'Ours',
      rules: { max_loss: { pct: 10 } } });
    assert.equal(made.status, 200, JSON.stringify(made.json));
    id = made.json.id;
    const is = (await all()).find((r) => r.id === id);
    const change = { name: 'Of a test', rules: { max_loss: { pct: 8 } }, version: is.version };
    assert.equal((await admin('PUT', `/api/rules/${id}`, change)).status, 200);
    assert.equal((await admin('PUT', `/api/rules/${id}`, change)).status, 409);
    assert.equal((await all()).find((r) => r.id === id).rules.max_loss.pct, 8);
    assert.equal((await admin('DELETE', `/api/rules/${id}?version=${is.version}`)).status, 409);
    assert.equal((await admin('DELETE', `/api/rules/${id}?version=${is.version + 1}`)).status, 200);
    assert.equal((await admin('DELETE', `/api/rules/${id}`)).status, 404);
  });
  await t.test('one that accounts have stays', async () => {
    const made = await admin('PUT', '/api/rules/0', { name: 'In use', rules: { max_loss: { pct: 10 } } });
    const [row] = (await get(`${fleet.url}/api/accounts`)).json.accounts;
    const put = await admin('PUT', `/api/accounts/${encodeURIComponent(row.server)}/${row.login}/meta`,
      { rule_set: made.json.id, version: row.phase?.version ?? null });
    assert.equal(put.status, 200, JSON.stringify(put.json));
    const no = await admin('DELETE', `/api/rules/${made.json.id}`);
    assert.deepEqual([no.status, no.json.error.code], [409, 'in_use']);
    assert.match(no.json.error.message, /1 account has it/);
  });
  await t.test('rules that cannot be are refused with what is wrong', async () => {
    for (const [body, wrong] of [[{ name: 'x', rules: { max_loss: { pct: -1 } } }, /pct/],
      [{ name: 'x', rules: { no_such: {} } }, /no_such/], [{ name: 'x', rules: [] }, /rules/],
      [{ name: '', rules: {} }, /name/], [{ rules: {} }, /name/],
      [{ name: 'x'.repeat(101), rules: {} }, /100/]]) {
      const { status, json } = await admin('PUT', '/api/rules/0', body);
      assert.equal(status, 400, JSON.stringify(body));
      assert.match(json.error.message, wrong);
    }
    assert.equal((await admin('PUT', '/api/rules/abc', { name: 'x', rules: {} })).status, 404);
  });
}

test('administration as JSON', async (t) => {
  const fleet = await startFleet(t, { nodes: 1 });
  await waitFor('an account', async () =>
    (await get(`${fleet.url}/api/accounts`)).json.accounts?.[0]?.login);
  const admin = asker(fleet, await logIn(fleet, 'admin', fleet.password()));
  await users(t, fleet, admin);
  await nodes(t, fleet, admin);
  await rules(t, fleet, admin);
});

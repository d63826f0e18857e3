// programs.test.mjs: who may read and for how long, through the whole site as
// `make run DASHBOARD_AUTH=required` starts it: a generated client, tokens of
// programs, and sockets that end with their session.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import openapiTS, { astToString } from 'openapi-typescript';
import { TREE, command, get, logIn, startFleet, tmp, waitFor } from './lib.mjs';
import { connect } from './ws.mjs';

/** The client of tests/client, its types made from the contract. */
async function generatedClient(t) {
  const dir = tmp(t, 'mt5c-');
  for (const name of ['client.ts', 'tsconfig.json'])
    fs.copyFileSync(path.join(TREE, 'tests/client', name), path.join(dir, name));
  fs.symlinkSync(path.join(TREE, 'node_modules'), path.join(dir, 'node_modules'));
  fs.writeFileSync(path.join(dir, 'api.d.ts'), astToString(
    await openapiTS(fs.readFileSync(path.join(TREE, 'docs/openapi.yaml'), 'utf8'))));
  const { status, stdout } = spawnSync(process.execPath,
    [path.join(TREE, 'node_modules/typescript/bin/tsc'), '-p', dir],
    { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
  const out = path.join(dir, 'client.mjs');
  await build({ entryPoints: [path.join(dir, 'client.ts')], outfile: out,
    bundle: true, format: 'esm', platform: 'node', logLevel: 'error' });
  return import(out);
}

/** An open socket that counts what it is told of accounts. */
async function listen(fleet, headers) {
  const seen = { accounts: 0, first: null, code: null };
  const ws = await connect({ port: fleet.port }, '/ws', {
    message: (m) => { if (m.type === 'account') seen.accounts++; },
    close: (code) => { seen.code = code; },
  }, { headers: { Origin: fleet.url, ...headers } });
  return Object.assign(seen, { ws });
}

const closed = (s, what) => waitFor(`the socket closes: ${what}`, () => s.code !== null);

test('a client generated from the contract reads and edits', async (t) => {
  const fleet = await startFleet(t, { nodes: 1, env: { DASHBOARD_AUTH: 'required' } });
  const { visit } = await generatedClient(t);
  const { json } = await get(`${fleet.url}/api/accounts`,
    { headers: await logIn(fleet) });
  const [row] = json.accounts;
  const seen = await visit(fleet.url, fleet.password(), row.server, row.login);
  assert.equal(typeof seen.balance, 'number');
  delete seen.balance;
  assert.deepEqual(seen, { refused: 401, role: 'admin', edited: 200,
    holder: 'Ada', wrong: 'conflict', loggedOut: 204, afterwards: 401 });
});

test('a token reads what its scope says, and a socket ends with it', async (t) => {
  const fleet = await startFleet(t, { nodes: 1, env: { DASHBOARD_AUTH: 'required' } });
  const token = {};
  for (const scope of ['read', 'metrics', 'write'])
    token[scope] = { Authorization:
      `Bearer ${command(fleet, ['token', 'add', scope, '--scope', scope])}` };
  const status = async (at, headers, options = {}) =>
    (await fetch(fleet.url + at, { headers, ...options })).status;
  const { json } = await get(`${fleet.url}/api/accounts`, { headers: token.read });
  const at = `/api/accounts/${json.accounts[0].server}/${json.accounts[0].login}`;
  const edit = { method: 'PUT', body: JSON.stringify({ note: 'by a program' }) };
  const typed = (who) => ({ ...who, 'Content-Type': 'application/json' });
  assert.equal(await status('/api/accounts', {}), 401);
  assert.equal(await status('/api/accounts', token.metrics), 403);
  assert.equal(await status(`${at}/meta`, typed(token.read), edit), 403);
  assert.equal(await status(`${at}/meta`, typed(token.metrics), edit), 403);
  assert.equal(await status(`${at}/meta`, typed(token.write), edit), 200);
  const metrics = async (headers) =>
    (await fetch(`${fleet.url}/metrics`, { headers })).text();
  assert.match(await metrics(token.metrics), /^mt5fleet_equity\{/m);
  assert.doesNotMatch(await metrics({}), /^mt5fleet_equity\{/m);

  await assert.rejects(listen(fleet, {}), { status: 401 });
  await assert.rejects(listen(fleet, token.metrics), { status: 401 });
  const reader = await listen(fleet, token.read);
  const writer = await listen(fleet, token.write);
  await waitFor('messages', () => reader.accounts > 0 && writer.accounts > 0);
  command(fleet, ['token', 'remove', 'read']);
  await closed(reader, 'token removed');
  assert.equal(reader.code, 1008);
  const { accounts } = writer;
  await waitFor('the other goes on', () => writer.accounts > accounts + 1);
  assert.equal(writer.code, null);
});

test('a socket ends with its session, whatever ended it', async (t) => {
  const fleet = await startFleet(t, { nodes: 1, env: { DASHBOARD_AUTH: 'required' } });
  for (const name of ['ada', 'bob', 'eve'])
    command(fleet, ['passwd', '--role', 'viewer', name], 'correct horse 1\n');
  const people = {};
  for (const name of ['ada', 'bob', 'eve']) {
    const headers = await logIn(fleet, name, 'correct horse 1');
    people[name] = Object.assign(await listen(fleet, headers), { headers });
  }
  const stays = await listen(fleet, await logIn(fleet));
  await waitFor('messages', () => Object.values(people).every((p) => p.accounts > 0));

  const out = await fetch(`${fleet.url}/auth/logout`,
    { method: 'POST', headers: people.ada.headers });
  assert.equal(out.status, 204);
  await closed(people.ada, 'logged out');
  command(fleet, ['passwd', '--disable', 'bob']);
  await closed(people.bob, 'disabled');
  command(fleet, ['passwd', '--role', 'viewer', 'eve'], 'another horse 2\n');
  await closed(people.eve, 'a new password');
  for (const person of Object.values(people))
    assert.equal(person.code, 1008);
  const { accounts } = stays;
  await waitFor('who stays is told more', () => stays.accounts > accounts + 1);
  assert.equal(stays.code, null);
});

// mcp.test.mjs: `mt5fleet mcp` as an assistant uses it: the client of the
// Model Context Protocol's own SDK, over standard input and output.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { bin, command, freePort, get, startFleet, tmp, waitFor } from './lib.mjs';

/** A client of `mt5fleet mcp`; closed with the test. */
async function assistant(t, args, env = {}) {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({
    command: bin('mt5fleet'), args: ['mcp', ...args],
    env: { PATH: process.env.PATH, ...env }, stderr: 'inherit' }));
  t.after(() => client.close());
  /** What a tool says: the whole text of an error, else the JSON. */
  const ask = async (name, args = {}) => {
    const { content, isError } = await client.callTool({ name, arguments: args });
    assert.equal(content.length, 1);
    assert.equal(content[0].type, 'text');
    if (isError) return { error: content[0].text };
    const said = JSON.parse(content[0].text);
    assert.match(said.asked_utc, /^\d{4}-\d\d-\d\dT.*Z$/);
    return { path: said.path, answer: said.answer };
  };
  return { client, ask };
}

test('an assistant reads the fleet with a token, and is told what is not known', async (t) => {
  const fleet = await startFleet(t, { nodes: 2, env: { DASHBOARD_AUTH: 'required' } });
  const dir = tmp(t);
  const token = (name, scope) => {
    const file = path.join(dir, name);
    fs.writeFileSync(file, `${command(fleet, ['token', 'add', name, '--scope', scope])}\n`,
      { mode: 0o600 });
    return file;
  };
  const file = token('assistant', 'read');
  const { client, ask } = await assistant(t, ['--url', `${fleet.url}/`, '--token-file', file]);
  const headers = { Authorization: `Bearer ${fs.readFileSync(file, 'utf8').trim()}` };

  assert.equal(client.getServerVersion().name, 'mt5fleet');
  assert.match(client.getInstructions(), /null means unknown/);
  const { tools } = await client.listTools();
  for (const name of ['accounts', 'limits', 'positions', 'trades', 'alerts', 'fleet_summary',
    'exposure'])
    assert.ok(tools.some((tool) => tool.name === name), name);
  for (const { name, annotations, inputSchema } of tools) {
    assert.equal(annotations.readOnlyHint, true, name);
    assert.equal(inputSchema.type, 'object', name);
  }

  // the same as the API says, with the age of each row
  await waitFor('two live accounts', async () =>
    (await ask('fleet_summary')).answer.counts.ok === 2, 60000);
  const { answer } = await ask('accounts', { limit: 10 });
  const { json } = await get(`${fleet.url}/api/accounts`, { headers });
  assert.deepEqual(answer.accounts.map(({ login }) => login).sort(),
    json.accounts.map(({ login }) => login).sort());
  for (const row of answer.accounts) assert.equal(typeof row.age_s, 'number');
  const { server, login, node } = answer.accounts[0];
  const one = await ask('account', { server, login: Number(login) });
  assert.equal(one.path, `/api/accounts/${encodeURIComponent(server)}/${login}`);
  assert.equal(one.answer.account.login, login);

  // every tool answers
  for (const { name, inputSchema } of tools) {
    const args = inputSchema.required.length > 0 ? { server, login } : {};
    if (name === 'alerts')
      await waitFor('the alerts job', async () => (await ask('alerts')).answer.alerts !== null, 90000);
    const said = await ask(name, args);
    assert.equal(said.error, undefined, `${name}: ${said.error}`);
    assert.ok(said.answer !== null && typeof said.answer === 'object', name);
  }
  const limits = (await ask('limits', { limit: 1 })).answer;
  assert.equal(limits.accounts.length, 1);
  assert.ok('rules' in limits.accounts[0] && 'age_s' in limits.accounts[0]);

  // what is wrong is an error, never an empty list
  assert.match((await ask('positions', { server, login: '1' })).error, /^HTTP 404 for .*: /);
  assert.match((await ask('positions', { server: '..', login })).error, /^server: not "\.\."/);
  assert.match((await ask('positions', { login })).error, /^server: missing/);
  assert.match((await ask('positions', { server, login: 1.5 })).error, /^login: expected/);
  assert.match((await ask('accounts', { limit: 0 })).error, /^limit: expected a whole number, 1 to 200/);
  assert.match((await ask('accounts', { page: 2 })).error, /no argument "page"/);
  assert.match((await ask('accounts', { sort: 'nonsense' })).error, /^HTTP 400 for .*nonsense/);
  await assert.rejects(ask('sell_all'), /unknown tool: "sell_all"/);
  await assert.rejects(client.listResources(), /Method not found|no such method|not support/i);

  const strangers = {
    'no token': await assistant(t, ['--url', fleet.url]),
    'a token for metrics': await assistant(t,
      ['--url', fleet.url, '--token-file', token('prometheus', 'metrics')]),
    'a wrong token': await assistant(t, ['--url', fleet.url], { MT5FLEET_TOKEN: 'x'.repeat(64) }),
  };
  for (const [who, stranger] of Object.entries(strangers))
    for (const name of ['accounts', 'alerts', 'nodes'])
      assert.match((await stranger.ask(name)).error, /^HTTP 40[13] for .*token/, `${who}: ${name}`);
  command(fleet, ['token', 'remove', 'assistant']);
  assert.match((await ask('accounts')).error, /^HTTP 401 /);
  const again = await assistant(t, ['--url', fleet.url, '--token-file', token('again', 'read')]);

  // a lost terminal: the row says that it is not live, and how old it is
  fleet.control(node, 'crash');
  let lost;
  await waitFor('the terminal to be lost', async () => {
    lost = (await again.ask('account', { server, login })).answer;
    return lost.status !== 'ok';
  }, 120000);
  assert.equal(typeof lost.age_s, 'number');
  assert.equal((await again.ask('fleet_summary')).answer.counts.ok, 1);
});

test('a site that does not answer is an error', async (t) => {
  const { ask } = await assistant(t, ['--url', `http://127.0.0.1:${await freePort()}`]);
  for (const name of ['accounts', 'fleet_health', 'alerts'])
    assert.match((await ask(name)).error, /no answer: /, name);
});

test('versions, broken messages, and messages without end', () => {
  const say = (...lines) => spawnSync(bin('mt5fleet'), ['mcp', '--url', 'http://127.0.0.1:1'],
    { input: lines.join('\n'), encoding: 'utf8' }).stdout.trim().split('\n')
    .filter((line) => line !== '').map((line) => JSON.parse(line));
  const hello = (version) => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize',
    params: { protocolVersion: version, capabilities: {}, clientInfo: { name: 'x', version: '1' } } });
  for (const version of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])
    assert.equal(say(hello(version))[0].result.protocolVersion, version);
  assert.equal(say(hello('1999-01-01'))[0].result.protocolVersion, '2025-11-25');
  const code = (line) => say(line)[0].error.code;
  assert.equal(code('{'), -32700);
  assert.equal(code('[]'), -32600);
  assert.equal(code('{"jsonrpc":"1.0","id":1,"method":"ping"}'), -32600);
  assert.equal(code('{"jsonrpc":"2.0","id":{},"method":"ping"}'), -32600);
  assert.equal(code('{"jsonrpc":"2.0","id":1,"method":"tools/sell"}'), -32601);
  assert.equal(code('{"jsonrpc":"2.0","id":1,"method":"initialize"}'), -32602);
  assert.equal(code('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}}'), -32602);
  assert.deepEqual(say('{"jsonrpc":"2.0","method":"notifications/cancelled"}'), []);
  // one message too long for the memory it may have; the next one is answered
  const [first, second] = say('x'.repeat(1 << 20), '{"jsonrpc":"2.0","id":"é","method":"ping"}');
  assert.match(first.error.message, /longer than/);
  assert.deepEqual(second, { jsonrpc: '2.0', id: 'é', result: {} });
  // nesting without end
  assert.equal(code('['.repeat(100000)), -32700);
});

test('what it is started with is checked', (t) => {
  const run = (...args) => spawnSync(bin('mt5fleet'), ['mcp', ...args],
    { input: '', encoding: 'utf8' });
  const empty = path.join(tmp(t), 'token');
  fs.writeFileSync(empty, '\n');
  for (const [args, why] of [
    [['--url', 'ftp://x'], /--url: expected http.*"ftp:\/\/x"/],
    [['--token-file', '/nonexistent', '--url', 'http://127.0.0.1:1'], /\/nonexistent: No such file/],
    [['--token-file', empty, '--url', 'http://127.0.0.1:1'], /no token in it/],
    [['more'], /usage/],
  ]) {
    const { status, stderr } = run(...args);
    assert.equal(status, 2, stderr);
    assert.match(stderr, why);
  }
});

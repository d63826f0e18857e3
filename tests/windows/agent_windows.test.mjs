// agent_windows.test.mjs: what agent.exe does as a program of Windows.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { agentPath, freePort, get, sleep, startAgent, startAgentProgram, tmp, waitFor }
  from '../system/lib.mjs';
import { coordinator, machine } from '../system/join_lib.mjs';
import { folder, put, putSnapshot, seal, snapshot } from '../system/agent_lib.mjs';

test('the mailbox of its user is found by itself', async (t) => {
  const users = path.join(process.env.WINEPREFIX, 'drive_c/users');
  const user = fs.readdirSync(users).find((u) => u !== 'Public');
  const roaming = path.join(users, user, 'AppData/Roaming');
  const common = path.join(roaming, 'MetaQuotes/Terminal/Common/Files');
  putSnapshot(common);
  t.after(() => fs.rmSync(path.join(roaming, 'MetaQuotes'), { recursive: true }));
  const agent = await startAgent(t, '');
  assert.equal((await get(`${agent.url}/account`)).json.login, '52001001');
});

test('names beyond ASCII are kept, in paths and in settings', async (t) => {
  const common = path.join(tmp(t), 'Zoë Файлы データ');
  putSnapshot(common);
  const agent = await startAgent(t, common, { AGENT_NAME: 'Zoë-データ' });
  assert.equal((await get(`${agent.url}/`)).json.name, 'Zoë-データ');
  assert.equal((await get(`${agent.url}/account`)).json.login, '52001001');
});

test('with --log it says all to the end of that file', async (t) => {
  const dir = tmp(t), log = path.join(dir, 'agent.log');
  const run = () => startAgentProgram(t, ['--log', log], {
    AGENT_PORT: '0', AGENT_COMMON: dir, AGENT_NAME: 'x' });
  const says = (n) => waitFor('the log', () => fs.existsSync(log) &&
    fs.readFileSync(log, 'utf8').match(/listening on/g)?.length === n);
  const one = run();
  await says(1);
  await one.kill('SIGKILL'); // it has no console that could tell it
  assert.equal(one.output(), '');
  assert.equal(fs.statSync(log).mode & 0o007, 0);
  const two = run();
  await says(2);
  await two.kill('SIGKILL');
  fs.appendFileSync(log, Buffer.alloc(9 << 20, '\n'));
  const three = run();
  await says(1);
  await three.kill('SIGKILL');
  assert.ok(fs.statSync(`${log}.old`).size > 9 << 20);
});

test('a log that cannot be written is said', async (t) => {
  const { code, output } = await startAgentProgram(t,
    ['--log', path.join(tmp(t), 'no/such/agent.log')], {}).exited;
  assert.equal(code, 1);
  assert.match(output, /--log .*agent\.log: /);
});

test('what changes 1,000 times in a row is never misread', async (t) => {
  const common = tmp(t);
  putSnapshot(common);
  const agent = await startAgent(t, common);
  for (let i = 2; i <= 1000; i++) {
    put(common, seal(JSON.stringify(snapshot({ seq: i, rev: i,
      positions: Array.from({ length: i }, () => ({ comment: 'x'.repeat(30) })) }))));
    if (i % 10 === 0) await sleep(1);
  }
  await waitFor('the last one', async () =>
    (await get(`${agent.url}/snapshot`)).json.terminals[0].snapshot.seq === 1000);
  const { mailbox } = (await get(`${agent.url}/mt5/status`)).json.terminals[0];
  assert.deepEqual({ ...mailbox, read: 0 },
    { read: 0, torn: 0, bad: 0, oversized: 0 });
  assert.ok(mailbox.read > 10, `${mailbox.read} read`);
  assert.deepEqual(fs.readdirSync(folder(common)), ['snapshot.json']);
  assert.ok(agentPath(common).startsWith('Z:'));
});

test('agent.exe joins a coordinator, is approved, and its token rotated', async (t) => {
  const c = await coordinator(t), m = machine(t), port = await freePort();
  const added = await c.mt5fleet('node', 'add', 'win07');
  assert.equal(added.code, 0, added.output);
  const line = added.output.match(/^\$d=.*$/m)[0];
  const [, token] = line.match(/MT5FLEET_JOIN='(\w+)'/);
  const [, words] = line.match(/mt5fleet-agent\.exe" (join .*);popd$/);
  const other = await startAgentProgram(t, [...words.split(' ').slice(0, -1),
    `sha256//${'A'.repeat(43)}=`, '--dir', m.agent, '--common', m.common],
  { MT5FLEET_JOIN: token }).exited;
  assert.match(other.output, /its key is not the one that the line names/);
  const joined = await startAgentProgram(t, [...words.split(' '), '--dir', m.agent,
    '--common', m.common, '--port', String(port), '--address', '127.0.0.1'],
  { MT5FLEET_JOIN: token }).exited;
  assert.equal(joined.code, 0, joined.output);
  const fingerprint = joined.output.match(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/)[0];
  assert.ok(fs.existsSync(path.join(m.data, 'MQL5/Services/mt5fleet/Mt5FleetService.mq5')));
  assert.equal(fs.statSync(path.join(m.agent, 'key.pem')).mode & 0o007, 0);
  assert.ok(fs.existsSync(path.join(m.agent, 'install.ps1')), 'the installer is fetched');
  startAgentProgram(t, ['-c', path.join(m.agent, 'agent.env')]);
  const approved = await c.mt5fleet('node', 'approve', 'win07', fingerprint);
  assert.equal(approved.code, 0, approved.output);
  putSnapshot(m.common);
  await waitFor('the account', async () =>
    (await c.node('win07'))?.status === 'ok' && (await c.node('win07')).terminals === 1);
  const rotated = await c.mt5fleet('node', 'rotate', 'win07');
  assert.equal(rotated.code, 0, rotated.output);
  assert.equal(fs.readFileSync(path.join(m.agent, 'token'), 'utf8').trim(), c.nodes()[0].token);
  const at = (await c.node('win07')).polled_msc;
  await waitFor('a poll by the new token', async () => (await c.node('win07')).polled_msc > at + 1000 &&
    (await c.node('win07')).status === 'ok');
});

// join.test.mjs: a machine becomes a node by the line that the coordinator
// prints: the real site by https, the real programs, the real agent.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bin, freePort, run, start, startTerminal, waitFor } from './lib.mjs';
import { coordinator, machine, shellLine } from './join_lib.mjs';

/** The line, typed there; the options go behind it. */
async function type(t, m, line, port) {
  return run(t, 'sh', ['-c', `${line} --dir '${m.agent}' --common '${m.common}'` +
    ` --port ${port}`], { cwd: m.dir });
}

test('a machine joins by one line, and its account is on the page', async (t) => {
  const c = await coordinator(t), m = machine(t), port = await freePort();
  await c.logIn();
  const added = await c.mt5fleet('node', 'add', 'vps07', '--note', 'London');
  assert.equal(added.code, 0, added.output);
  const line = shellLine(added.output);

  // whoever else answers at that address gets nothing, and gives nothing
  const pin = line.match(/sha256\/\/[^']*/)[0];
  const other = pin.replace(/\/\/./, (s) => `//${s[2] === 'A' ? 'B' : 'A'}`);
  const wrong = await type(t, m, line.replaceAll(pin, other), port);
  assert.match(wrong.output, /pinned public key|\(90\)/);
  assert.ok(!fs.existsSync(m.agent));
  // not even if the script came from somewhere: the agent looks, too
  const direct = await run(t, bin('mt5fleet-agent'), ['join', '--site', c.site,
    '--fingerprint', other, '--token', 'x'.repeat(64), '--dir', m.agent, '--common',
    m.common], { cwd: m.dir });
  assert.equal(direct.code, 1);
  assert.match(direct.output, /its key is not the one that the line names/);
  assert.equal(c.ledger('SELECT came_utc_ms AS came FROM node_join')[0].came, null);

  const joined = await type(t, m, line, port);
  assert.equal(joined.code, 0, joined.output);
  const fingerprint = joined.output.match(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/)[0];
  const token = fs.readFileSync(path.join(m.agent, 'token'), 'utf8').trim();
  assert.ok(!joined.output.includes(token));
  assert.equal(fs.statSync(path.join(m.agent, 'key.pem')).mode & 0o077, 0);
  assert.deepEqual(fs.readdirSync(path.join(m.data, 'MQL5/Services/mt5fleet')).sort(),
    fs.readdirSync('agent/bridge').sort());

  // again: it was good once
  const again = await type(t, m, line, port);
  assert.equal(again.code, 1);
  assert.match(again.output, /was used already/);

  const page = await c.ask('/admin/nodes', { headers: { Cookie: c.cookie } });
  assert.ok(page.body.includes(fingerprint));
  assert.ok(!page.body.includes(token));
  assert.match((await c.mt5fleet('node', 'list')).output, new RegExp(fingerprint));
  start(t, path.join(m.agent, 'mt5fleet-agent'), ['-c', path.join(m.agent, 'agent.env')]);
  assert.equal((await c.act({ action: 'approve', id: 'vps07', fingerprint })).status, 303);
  assert.equal(c.nodes()[0].url, `https://127.0.0.1:${port}`);
  assert.equal(c.nodes()[0].note, 'London');

  // no terminal yet: the row is there, and says what is to be done
  await waitFor('the row', async () => (await c.rows()).some((r) => r.node === 'vps07' &&
    r.status === 'terminal_down'));
  const terminal = startTerminal(t, m.dir, ['--seed', 7, '--rate', 1], m.common);
  await waitFor('the account', async () => (await c.rows()).some((r) =>
    r.node === 'vps07' && r.status === 'ok' && r.account !== null));
  assert.ok(terminal.handle.running());
  await t.test('token and certificate are exchanged while it is polled', async () => {
    const before = c.nodes()[0], certificate = fs.readFileSync(c.file('vps07.pem'), 'utf8');
    const polled = async () => (await c.node('vps07')).polled_msc;
    const said = c.collect.output().length;
    for (let i = 0; i < 3; i++) {
      const at = await polled();
      const r = await c.mt5fleet('node', 'rotate', 'vps07');
      assert.equal(r.code, 0, r.output);
      await waitFor('a poll', async () => await polled() > at + 1000);
    }
    const after = c.nodes()[0];
    assert.notEqual(after.token, before.token);
    assert.notEqual(fs.readFileSync(c.file('vps07.pem'), 'utf8'), certificate);
    assert.equal(fs.readFileSync(c.file('vps07.pem'), 'utf8').match(/BEGIN/g).length, 1);
    assert.equal(fs.readFileSync(path.join(m.agent, 'token'), 'utf8').trim(), after.token);
    assert.equal(fs.readFileSync(path.join(m.agent, 'cert.pem'), 'utf8'),
      fs.readFileSync(c.file('vps07.pem'), 'utf8'));
    assert.doesNotMatch(c.collect.output().slice(said), /node=vps07/,
      'no poll failed');
    assert.equal((await c.node('vps07')).status, 'ok');
  });
  await t.test('renamed, its account goes along', async () => {
    assert.equal((await c.mt5fleet('node', 'rename', 'vps07', 'london-7')).code, 0);
    await waitFor('the new name', async () => {
      const rows = await c.rows();
      return rows.length === 1 && rows[0].node === 'london-7' && rows[0].status === 'ok';
    });
  });
  await t.test('removed, it is polled no more', async () => {
    assert.equal((await c.mt5fleet('node', 'remove', 'london-7')).code, 0);
    await waitFor('no row', async () => (await c.rows()).length === 0);
    assert.ok(!fs.existsSync(c.file('london-7.pem')));
  });
  const audit = c.ledger("SELECT who, field FROM audit WHERE action = 'node' ORDER BY id")
    .map((a) => `${a.who}: ${a.field}`);
  assert.deepEqual(audit, ['mt5fleet node: join token', 'join: joins', 'ada: approve',
    'mt5fleet node: rotate', 'mt5fleet node: rotate', 'mt5fleet node: rotate',
    'mt5fleet node: rename', 'mt5fleet node: remove']);
});

test('an account that is retired is gone without an alert, until it is back', async (t) => {
  const c = await coordinator(t), m = machine(t), port = await freePort();
  await c.logIn();
  const line = shellLine((await c.mt5fleet('node', 'add', 'a')).output);
  const joined = await type(t, m, line, port);
  assert.equal(joined.code, 0, joined.output);
  const fingerprint = joined.output.match(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/)[0];
  start(t, path.join(m.agent, 'mt5fleet-agent'), ['-c', path.join(m.agent, 'agent.env')]);
  const terminal = startTerminal(t, m.dir, ['--seed', 7], m.common);
  assert.equal((await c.mt5fleet('node', 'approve', 'a', fingerprint)).code, 0);
  const row = await waitFor('the account', async () => (await c.rows()).find((r) =>
    r.status === 'ok' && r.account !== null));
  // the ledger knows of it by its first sample
  await waitFor('the ledger', () => c.ledger('SELECT node FROM account')[0]?.node === 'a',
    150000);
  const name = `${row.server}/${row.login}`;
  const retired = await c.mt5fleet('node', 'retire', name);
  assert.equal(retired.code, 0, retired.output);
  // still logged in: still shown
  assert.equal((await c.rows()).length, 1);
  terminal.control('login Other-Live 777');
  await waitFor('its end', async () => {
    const rows = await c.rows();
    return rows.length === 1 && rows[0].login === '777' && rows[0].status === 'ok';
  });
  const alerts = (await c.redis.command('XRANGE', 'alert-stream', '-', '+'));
  assert.doesNotMatch(alerts, new RegExp(`"login":"${row.login}"`));
});

test('a token that is over is refused, and says so', async (t) => {
  const c = await coordinator(t), m = machine(t), port = await freePort();
  const line = shellLine((await c.mt5fleet('node', 'add', 'late')).output);
  execFileSync('sqlite3', [c.env.LEDGER_FILE, 'UPDATE node_join SET expires_utc_ms = 1']);
  const { code, output } = await type(t, m, line, port);
  assert.equal(code, 1);
  assert.match(output, /has expired/);
  assert.ok(!output.includes(line.match(/MT5FLEET_JOIN=(\S+)/)[1]));
});


const MONO = ['/usr/bin/mcs', '/usr/bin/mono'].every((f) => fs.existsSync(f));

test('the C# of the line for Windows fetches from the pinned key alone',
  { skip: MONO ? false : 'no mono here' }, async (t) => {
    const c = await coordinator(t);
    const { output } = await c.mt5fleet('node', 'add', 'win');
    const line = output.match(/^\$d=.*$/m)[0];
    const code = line.match(/Add-Type '([^']*)'/)[1];
    const [, url, key] = line.match(/Get\('([^']*)',.*?,'([0-9A-F]{64})'\)/);
    assert.equal(url, `${c.site}/join/mt5fleet-agent.exe`);
    const source = c.file('line.cs'), program = c.file('line.exe');
    fs.writeFileSync(source, `${code} class P { static int Main(string[] a) {
      try { Mt5Fleet.Get(a[0], a[1], a[2]); return 0; } catch (Exception) { return 1; } } }`);
    execFileSync('mcs', [`-out:${program}`, source]);
    const get = async (hash, to) => (await run(t, 'mono',
      [program, `${c.site}/join/files`, c.file(to), hash])).code;
    assert.equal(await get(key, 'right'), 0);
    assert.equal(fs.readFileSync(c.file('right'), 'utf8'),
      fs.readFileSync(c.file('join', 'files'), 'utf8'));
    assert.equal(await get(key.replace(/./, (d) => d === 'A' ? 'B' : 'A'), 'wrong'), 1);
    assert.ok(!fs.existsSync(c.file('wrong')));
  });

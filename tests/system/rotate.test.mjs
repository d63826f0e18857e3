// rotate.test.mjs: an exchange of token and certificate that is broken off at any
// moment: the node is polled on, and doing it again goes on from there.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bin, freePort, run, start, startRedis, stop, tmp, waitFor } from './lib.mjs';

/** An agent with token and certificate of its own, and a collector that polls it. */
async function rig(t) {
  const dir = tmp(t), port = await freePort();
  const file = (...names) => path.join(dir, ...names);
  for (const name of ['agent', 'common', 'state']) fs.mkdirSync(file(name));
  fs.writeFileSync(file('agent', 'agent.env'), ['AGENT_HOST=127.0.0.1', `AGENT_PORT=${port}`,
    `AGENT_COMMON=${file('common')}`, `AGENT_TOKEN_FILE=${file('agent', 'token')}`,
    `AGENT_CERT_FILE=${file('agent', 'cert.pem')}`, `AGENT_KEY_FILE=${file('agent', 'key.pem')}`,
    ''].join('\n'));
  const init = await run(t, bin('mt5fleet-agent'),
    ['-c', file('agent', 'agent.env'), '--init', '127.0.0.1']);
  assert.equal(init.code, 0, init.output);
  const entry = JSON.parse(init.output.match(/\{[^]*?\n?\}/)[0]);
  fs.writeFileSync(file('vps07.pem'), init.output.match(/-----BEGIN[^]*?END CERTIFICATE-----\n/)[0]);
  fs.writeFileSync(file('nodes.json'), JSON.stringify([{ ...entry, id: 'vps07', ca: 'vps07.pem' }]));
  const redis = await startRedis(t, file('state'));
  const env = { ...redis.env, NODES_FILE: file('nodes.json'), STATE_DIR: file('state'),
    PRESETS_FILE: path.resolve('etc/rules.json'), AGENT_TIMEOUT: '10', MT5FLEET_CONFIG: '' };
  const r = { dir, file, env };
  r.agent = () => start(t, bin('mt5fleet-agent'), ['-c', file('agent', 'agent.env')]);
  r.handle = r.agent();
  r.crash = async () => { await r.handle.kill('SIGKILL'); };
  r.rotate = () => run(t, bin('mt5fleet'), ['node', 'rotate', 'vps07'], { env });
  r.token = () => JSON.parse(fs.readFileSync(file('nodes.json'), 'utf8'))[0].token;
  r.state = async () => JSON.parse(await redis.command('GET', 'node:vps07') || 'null');
  r.polled = async () => {
    const at = (await r.state())?.polled_msc ?? 0;
    await waitFor('a good poll', async () => {
      const s = await r.state();
      if (s === null || s.polled_msc <= at || s.status !== 'ok')
        throw new Error(JSON.stringify(s) + r.handle.output() + r.collect.output());
      return true;
    }, 60000);
  };
  assert.equal((await run(t, bin('admin.fcgi'), ['-n'], { env })).code, 0); // the ledger
  r.collect = start(t, bin('collect'), ['--for', '3000'], { env });
  await r.polled();
  return r;
}

const agentToken = (r) => fs.readFileSync(r.file('agent', 'token'), 'utf8').trim();

test('the command is killed at any moment: polled on, and the next one ends it', async (t) => {
  const r = await rig(t);
  const said = r.collect.output().length;
  const first = r.token();
  for (let i = 0; i < 12; i++) {
    const half = start(t, bin('mt5fleet'), ['node', 'rotate', 'vps07'], { env: r.env });
    // as far as it comes until its process has used so many ticks of the clock
    const until = performance.now() + i * 4;
    while (performance.now() < until && half.running()) await new Promise((d) => setImmediate(d));
    await half.kill('SIGKILL');
    await r.polled();
  }
  const last = await r.rotate();
  assert.equal(last.code, 0, last.output);
  await r.polled();
  assert.notEqual(r.token(), first);
  assert.equal(agentToken(r), r.token());
  assert.doesNotMatch(r.collect.output().slice(said), /vps07.*(unauthorized|unreachable)/);
  const pem = fs.readFileSync(r.file('vps07.pem'), 'utf8');
  assert.equal(pem.match(/BEGIN/g).length, 1);
  assert.equal(pem, fs.readFileSync(r.file('agent', 'cert.pem'), 'utf8'));
});

test('the agent dies in the midst: what it had made is gone on with, or away', async (t) => {
  const r = await rig(t);
  const agent = (name) => r.file('agent', name);
  const restart = async (change) => {
    await r.crash();
    change();
    r.handle = r.agent();
    await r.polled();
  };
  // a whole rotation, to have another token and certificate of its own making
  const copy = (name) => fs.readFileSync(agent(name));
  const old = { token: copy('token'), cert: copy('cert.pem'), key: copy('key.pem') };
  assert.equal((await r.rotate()).code, 0);
  const next = { token: copy('token'), cert: copy('cert.pem'), key: copy('key.pem') };
  const put = (name, text, mode) => fs.writeFileSync(agent(name), text, { mode });
  const asBefore = () => {
    put('token', old.token, 0o600);
    put('cert.pem', old.cert, 0o644);
    put('key.pem', old.key, 0o600);
  };
  const nodes = r.file('nodes.json');
  const entry = JSON.parse(fs.readFileSync(nodes, 'utf8'))[0];
  const both = old.cert.toString() + next.cert;

  // it was asked for a new identity, and died before it was confirmed; the
  // coordinator has the new token already
  fs.writeFileSync(r.file('vps07.pem'), both);
  await restart(() => {
    asBefore();
    put('token.next', next.token, 0o600);
    put('cert.pem.next', next.cert, 0o644);
    put('key.pem.next', next.key, 0o600);
  });
  let done = await r.rotate();
  assert.equal(done.code, 0, done.output);
  assert.equal(agentToken(r), String(next.token).trim(), 'the same new one, not a third');
  await r.polled();

  // it died while it was confirmed: the key is moved, the rest is not
  fs.writeFileSync(nodes, JSON.stringify([entry]));
  fs.writeFileSync(r.file('vps07.pem'), both);
  await restart(() => {
    asBefore();
    put('key.pem', next.key, 0o600);
    put('token.next', next.token, 0o600);
    put('cert.pem.next', next.cert, 0o644);
  });
  assert.equal(agentToken(r), String(next.token).trim());
  assert.deepEqual(fs.readFileSync(agent('cert.pem')), next.cert);
  assert.ok(!fs.existsSync(agent('token.next')));

  // it died while it made them: half of it is of no use
  await restart(() => {
    put('cert.pem.next', old.cert, 0o644);
    put('key.pem.next', old.key, 0o600);
  });
  assert.ok(!fs.existsSync(agent('key.pem.next')) && !fs.existsSync(agent('cert.pem.next')));
  done = await r.rotate();
  assert.equal(done.code, 0, done.output);
  await r.polled();
  assert.notEqual(agentToken(r), String(next.token).trim());
  await stop(r.handle);
});

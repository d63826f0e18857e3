// collect_pin.test.mjs: whose key the collector accepts at a node's address.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { test } from 'node:test';
import { atEnd, waitFor } from './lib.mjs';
import { document, TERMINAL } from './agents.mjs';
import { setting } from './collect_lib.mjs';

const openssl = (dir, ...args) =>
  execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });

/** An agent at https that says an account, by this certificate. */
function serve(t, dir, name, login) {
  const server = https.createServer({ cert: fs.readFileSync(path.join(dir, `${name}.pem`)),
    key: fs.readFileSync(path.join(dir, `${name}.key`)) }, (req, res) => {
    res.end(JSON.stringify({ rev: 'a-1', now_utc: new Date().toISOString(),
      agent: { name, version: '0', started_utc: 'x' },
      terminals: [{ terminal_id: TERMINAL, age_ms: 20, bridge: 'ok', process: null,
        snapshot: document(login) }] }));
  });
  atEnd(t, () => { server.closeAllConnections(); server.close(); });
  return new Promise((done) => server.listen(0, '127.0.0.1', () =>
    done(`https://127.0.0.1:${server.address().port}`)));
}

test('only the pinned key is accepted, not what it has signed', async (t) => {
  const s = await setting(t, []);
  // as the agent makes it: signed by itself, and allowed to sign
  openssl(s.dir, 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:prime256v1', '-nodes', '-days', '9', '-subj', '/CN=agent',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', 'agent.key',
    '-out', 'agent.pem');
  openssl(s.dir, 'req', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=leaf',
    '-keyout', 'leaf.key', '-out', 'leaf.csr');
  fs.writeFileSync(path.join(s.dir, 'ext'), 'subjectAltName=IP:127.0.0.1\n');
  openssl(s.dir, 'x509', '-req', '-in', 'leaf.csr', '-CA', 'agent.pem', '-CAkey',
    'agent.key', '-CAcreateserial', '-days', '9', '-extfile', 'ext', '-out', 'leaf.pem');
  openssl(s.dir, 'verify', '-CAfile', 'agent.pem', 'leaf.pem');
  fs.writeFileSync(path.join(s.dir, 'bundle.pem'),
    ['leaf', 'agent'].map((n) => fs.readFileSync(path.join(s.dir, `${n}.pem`))).join(''));
  const agent = await serve(t, s.dir, 'agent', 1);
  const leaf = await serve(t, s.dir, 'leaf', 2);
  s.write([{ id: 'own', url: agent, ca: 'agent.pem' },
    { id: 'signed', url: leaf, ca: 'agent.pem' },
    { id: 'both', url: agent, ca: 'bundle.pem' },
    { id: 'authority', url: leaf, ca: 'agent.pem', ca_signs: true }]);
  await s.once();
  const status = async (id) => (await s.node(id))?.status;
  assert.equal(await status('own'), 'ok');
  assert.equal(await status('signed'), 'unreachable');
  assert.match((await s.node('signed')).error, /key/);
  assert.equal(await status('both'), 'ok');
  assert.equal(await status('authority'), 'ok');
});

test('a certificate that is replaced counts from the next connection on', async (t) => {
  const s = await setting(t, []);
  for (const name of ['one', 'two'])
    openssl(s.dir, 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
      'ec_paramgen_curve:prime256v1', '-nodes', '-days', '9', '-subj', '/CN=agent',
      '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', `${name}.key`,
      '-out', `${name}.pem`);
  const url = await serve(t, s.dir, 'two', 1);
  fs.copyFileSync(path.join(s.dir, 'one.pem'), path.join(s.dir, 'node.pem'));
  s.write([{ id: 'a', url, ca: 'node.pem' }]);
  s.collect();
  await waitFor('the refusal', async () => (await s.node('a'))?.status === 'unreachable');
  fs.copyFileSync(path.join(s.dir, 'two.pem'), path.join(s.dir, 'node.pem.new'));
  fs.renameSync(path.join(s.dir, 'node.pem.new'), path.join(s.dir, 'node.pem'));
  await waitFor('the answer', async () => (await s.node('a')).status === 'ok');
});

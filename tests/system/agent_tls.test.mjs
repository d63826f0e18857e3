// agent_tls.test.mjs: --init, and the agent over TLS with a pinned certificate.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { test } from 'node:test';

import { AGENT_EXE, agentPath, startAgentProgram, tmp, waitFor } from './lib.mjs';
import { putSnapshot } from './agent_lib.mjs';

/** Who must not read a secret; Wine shows Administrators as the group. */
const OTHERS = AGENT_EXE ? 0o007 : 0o077;

/** A folder with the settings of an agent that has to be reached from afar. */
function settings(t) {
  const dir = tmp(t);
  const common = path.join(dir, 'common');
  putSnapshot(common);
  const file = (name) => path.join(dir, name);
  const own = (name) => agentPath(file(name));
  fs.writeFileSync(file('env'), [`AGENT_CERT_FILE=${own('cert.pem')}`,
    `AGENT_KEY_FILE=${own('key.pem')}`, `AGENT_TOKEN_FILE=${own('token')}`,
    `AGENT_COMMON=${agentPath(common)}`, 'AGENT_HOST=0.0.0.0', 'AGENT_PORT=0',
    'AGENT_NAME=vps07', ''].join('\n'));
  return { dir, common, file };
}

const agent = (t, s, ...args) =>
  startAgentProgram(t, ['-c', s.file('env'), ...args]).exited;

async function serve(t, s) {
  const handle = startAgentProgram(t, ['-c', s.file('env')]);
  const port = await waitFor('the port', () => {
    if (!handle.running()) throw new Error(handle.output());
    return handle.output().match(/listening on https:\S*?:(\d+)/)?.[1];
  });
  return { handle, port: Number(port) };
}

/** GET over TLS: {status, json}; rejects where the certificate is wrong. */
const ask = (port, ca, token, p = '/', sent = () => {}) => new Promise((done, fail) => {
  https.get({ host: '127.0.0.1', port, path: p, ca, agent: false,
    headers: { authorization: `Bearer ${token}` } }, (res) => {
    let text = '';
    res.on('data', (data) => { text += data; });
    res.on('end', () => done({ status: res.statusCode, json: JSON.parse(text) }));
  }).on('error', fail).on('finish', sent);
});

test('init makes an identity once and prints the entry', async (t) => {
  const s = settings(t);
  const first = await agent(t, s, '--init', '203.0.113.7', 'vps07.example');
  assert.equal(first.code, 0, first.output);
  const entry = JSON.parse(first.output.match(/^\{.*\}$/m)[0]);
  const token = fs.readFileSync(s.file('token'), 'utf8').trim();
  assert.deepEqual(entry, { id: 'vps07', url: 'https://203.0.113.7:0', token,
    ca: 'vps07.pem' });
  assert.match(token, /^[0-9a-f]{64}$/);
  for (const secret of ['token', 'key.pem'])
    assert.equal(fs.statSync(s.file(secret)).mode & OTHERS, 0, secret);
  const pem = fs.readFileSync(s.file('cert.pem'), 'utf8');
  assert.ok(first.output.includes(pem));
  const cert = new X509Certificate(pem);
  assert.match(cert.subjectAltName, /IP Address:203\.0\.113\.7/);
  assert.match(cert.subjectAltName, /DNS:vps07\.example/);
  assert.ok(Date.parse(cert.validTo) > Date.now() + 9 * 365 * 86400e3);
  const again = await agent(t, s, '--init', '203.0.113.7');
  assert.equal(again.output, first.output);
});

test('before init it does not listen beyond this machine', async (t) => {
  const s = settings(t);
  const { code, output } = await agent(t, s);
  assert.equal(code, 1);
  assert.match(output, /AGENT_TOKEN_FILE/);
  fs.writeFileSync(s.file('token'), 'x\n');
  const second = await agent(t, s);
  assert.equal(second.code, 1);
  assert.match(second.output, /cert\.pem/);
});

test('the pinned certificate opens it, another one does not', async (t) => {
  const s = settings(t), other = settings(t);
  await agent(t, s, '--init');
  await agent(t, other, '--init');
  const ca = fs.readFileSync(s.file('cert.pem'));
  const token = fs.readFileSync(s.file('token'), 'utf8').trim();
  const { port, handle } = await serve(t, s);
  assert.equal((await ask(port, ca, token)).json.name, 'vps07');
  assert.equal((await ask(port, ca, 'wrong')).status, 401);
  await assert.rejects(ask(port, fs.readFileSync(other.file('cert.pem')), token));
  await assert.rejects(ask(port, undefined, token));
  assert.ok(!handle.output().includes(token));
});

test('a long poll over TLS ends with the news', async (t) => {
  const s = settings(t);
  await agent(t, s, '--init');
  const ca = fs.readFileSync(s.file('cert.pem'));
  const token = fs.readFileSync(s.file('token'), 'utf8').trim();
  const { port } = await serve(t, s);
  const took = [];
  for (let i = 2; i < 12; i++) {
    const { rev } = (await ask(port, ca, token, '/snapshot')).json;
    let sent;
    const asked = new Promise((done) => { sent = done; });
    const poll = ask(port, ca, token, `/snapshot?after=${rev}&wait=20`, sent);
    await asked;
    putSnapshot(s.common, { seq: i, rev: i });
    const t0 = Date.now();
    assert.equal((await poll).json.terminals[0].snapshot.seq, i);
    took.push(Date.now() - t0);
  }
  console.log(`# news over TLS after, ms: ${took}`);
  assert.ok(Math.max(...took) < 5000);
});

test('a large answer and plain HTTP on the port are both survived', async (t) => {
  const s = settings(t);
  await agent(t, s, '--init');
  const ca = fs.readFileSync(s.file('cert.pem'));
  const token = fs.readFileSync(s.file('token'), 'utf8').trim();
  putSnapshot(s.common, { seq: 2, rev: 2, positions: Array.from(
    { length: 20000 }, (_, i) => ({ ticket: String(i), comment: 'x'.repeat(200) })) });
  const { port } = await serve(t, s);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/ping`));
  const { json } = await ask(port, ca, token, '/snapshot');
  assert.equal(json.terminals[0].snapshot.positions.length, 20000);
});

test('TLS 1.2 and 1.3 are spoken, nothing older', async (t) => {
  const s = settings(t);
  await agent(t, s, '--init');
  const ca = fs.readFileSync(s.file('cert.pem'));
  const { port } = await serve(t, s);
  const speak = (version) => new Promise((done, fail) => {
    const socket = tls.connect({ host: '127.0.0.1', port, ca,
      minVersion: version, maxVersion: version,
      ciphers: 'DEFAULT:@SECLEVEL=0' }, () => {
      done(socket.getProtocol());
      socket.destroy();
    }).on('error', fail);
  });
  assert.equal(await speak('TLSv1.3'), 'TLSv1.3');
  assert.equal(await speak('TLSv1.2'), 'TLSv1.2');
  await assert.rejects(speak('TLSv1.1'));
  await assert.rejects(speak('TLSv1'));
});

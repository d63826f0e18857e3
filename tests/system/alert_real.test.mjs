// alert_real.test.mjs: targets that Debian has for real: Prometheus'
// Alertmanager, a mail server (aiosmtpd) with STARTTLS and a log-in, Apprise.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { freePort, start, tmp, TREE, waitFor } from './lib.mjs';
import { alertRig, startService } from './alerts_lib.mjs';

const PYTHON = '/usr/bin/python3'; // Debian's, which has Debian's packages
const KEY = 'status/Demo-Server/52001001/vps01';
const ACCOUNT = { server: 'Demo-Server', login: '52001001' };
const DOWN = 'Demo-Server 52001001 on vps01: terminal_down';

const listens = (port) => new Promise((done) => {
  const s = net.connect(port, '127.0.0.1', () => { s.end(); done(true); });
  s.on('error', () => done(false));
});

const has = (command, ...args) => spawnSync(command, args).status === 0;

test('Prometheus\' Alertmanager: it arrives, gets worse, ends', { timeout: 180000,
  skip: !has('sh', '-c', 'command -v prometheus-alertmanager') &&
    'prometheus-alertmanager is not installed' }, async (t) => {
  const s = await startService(t);
  const dir = tmp(t), port = await freePort(), config = path.join(dir, 'am.yml');
  fs.writeFileSync(config, `route: {receiver: hook, group_by: [key], group_wait: 0s,
  group_interval: 1s}
receivers: [{name: hook, webhook_configs: [{url: "${s.url}/am", send_resolved: true}]}]
`);
  start(t, 'prometheus-alertmanager', [`--config.file=${config}`,
    `--storage.path=${dir}`, `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=']);
  const url = `http://127.0.0.1:${port}`;
  await waitFor('the Alertmanager', async () => (await fetch(`${url}/-/ready`)).ok, 60000);
  const active = async () => (await (await fetch(
    `${url}/api/v2/alerts?active=true`)).json()).map((a) =>
    [a.labels.key, a.labels.severity, a.annotations.summary]);
  const g = await alertRig(t, [{ name: 'am', type: 'alertmanager', url }]);
  await g.alert(KEY, 'warn', 'Demo-Server 52001001 on vps01: not_logged_in', ACCOUNT);
  assert.equal((await g.look()).code, 0);
  await waitFor('it', async () => (await active()).length === 1);
  assert.deepEqual(await active(), [[KEY, 'warning',
    'Demo-Server 52001001 on vps01: the terminal is not logged in']]);
  await g.alert(KEY, 'critical', DOWN, ACCOUNT);
  assert.equal((await g.look()).code, 0);
  await waitFor('worse, and no longer a warning', async () => {
    const list = await active();
    return list.length === 1 && list[0][1] === 'critical';
  });
  await g.alert(KEY, 'info', 'Demo-Server 52001001 on vps01: ok', ACCOUNT);
  assert.equal((await g.look()).code, 0);
  await waitFor('its end', async () => (await active()).length === 0);
  await waitFor('what its own receiver hears', () => s.got.some((m) =>
    JSON.parse(m.text).status === 'resolved'), 60000);
  assert.ok(s.got.some((m) => JSON.parse(m.text).status === 'firing'));
});

test('mail: STARTTLS, a log-in, and a message that a reader understands',
  { timeout: 120000, skip: !has(PYTHON, '-c', 'import aiosmtpd') &&
    'python3-aiosmtpd is not installed' }, async (t) => {
    const dir = tmp(t), port = await freePort();
    spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
      'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=DNS:localhost', '-keyout', `${dir}/key.pem`,
      '-out', `${dir}/cert.pem`]);
    const server = start(t, PYTHON, [path.join(TREE, 'tests/system/alert_smtp.py'), dir,
      String(port)]);
    const got = () => server.output().split('\n').filter((l) => l.startsWith('{'))
      .map((l) => JSON.parse(l)).filter((m) => !m.ready);
    await waitFor('the server', () => server.output().includes('ready'), 60000);
    const mail = { name: 'mail', type: 'email', url: `smtp://localhost:${port}`,
      user: 'fleet', password: 'pa55', from: 'fleet@example.org', language: 'es',
      to: ['ana@example.org', 'eva@example.org'], ca: `${dir}/cert.pem` };
    const g = await alertRig(t, [mail, { ...mail, name: 'none', to: ['nobody@example.org'] },
      { ...mail, name: 'wrong', password: 'pa55-wr0ng' },
      { ...mail, name: 'trust', ca: undefined }],
    { SITE_URL: 'https://fleet.example.org', SITE_TLS: 'proxy' });
    await g.alert(KEY, 'critical', DOWN, ACCOUNT);
    const look = await g.look();
    assert.equal(look.code, 1, look.output);
    assert.equal(got().length, 1, look.output);
    const [m] = got();
    assert.deepEqual([m.sender, m.to, m.tls, m.auth, m.defects],
      ['fleet@example.org', ['ana@example.org', 'eva@example.org'], true, true, []]);
    assert.equal(m.subject,
      'CRÍTICO: Demo-Server 52001001 en vps01: el terminal no está en marcha');
    assert.match(m.text, /^CRÍTICO: Demo-Server 52001001 en vps01: el terminal no está en marcha \(desde .*\)\nhttps:\/\/fleet\.example\.org\/#\/a\/Demo-Server\/52001001\n?$/);
    assert.equal(m.header_to, 'ana@example.org, eva@example.org');
    assert.ok(Math.abs(Date.parse(m.date) - Date.now()) < 60000, m.date);
    assert.match(m.id, /^<mt5fleet-\d+-\d+@example\.org>$/);
    assert.ok(m.longest <= 78);
    // what will not heal, and what is not said of it
    assert.match(look.output, /target none: email: .*will not heal/);
    assert.match(look.output, /target wrong: email: .*will not heal/);
    assert.match(look.output, /target trust: email: .*certificate/i);
    assert.ok(!look.output.includes('wr0ng'));
    const rows = await g.sql('SELECT target FROM alert_outbox WHERE sent_utc_ms IS NULL ORDER BY target');
    assert.equal(rows.output.trim(), 'none\ntrust\nwrong');
  });

test('Apprise reads our URLs and sends', { timeout: 120000,
  skip: !has(PYTHON, '-c', 'import apprise') && 'apprise is not installed' }, async (t) => {
  const s = await startService(t), port = await freePort();
  start(t, PYTHON, [path.join(TREE, 'tests/system/alert_apprise.py'), String(port)]);
  await waitFor('the server', () => listens(port), 60000);
  const host = new URL(s.url).host;
  const g = await alertRig(t, [
    { name: 'a', type: 'apprise', url: `http://127.0.0.1:${port}/notify`,
      to: [`json://${host}/one`, `json://${host}/two`] },
    { name: 'b', type: 'apprise', url: `http://127.0.0.1:${port}/notify`,
      to: ['nonsense://'] }]);
  await g.alert(KEY, 'critical', DOWN, ACCOUNT);
  const look = await g.look();
  assert.equal(look.code, 1, look.output);
  assert.match(look.output, /target b: apprise: HTTP 424/);
  assert.deepEqual(s.got.map((m) => m.path).sort(), ['/one', '/two']);
  const doc = JSON.parse(s.got[0].text);
  assert.equal(doc.type, 'failure');
  assert.equal(doc.title, 'CRITICAL: Demo-Server 52001001 on vps01: the terminal is not running');
  assert.match(doc.message, /^CRITICAL: Demo-Server 52001001 on vps01: the terminal is not running \(since /);
});

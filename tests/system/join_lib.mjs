// join_lib.mjs: a coordinator with its real site by https, and a machine that is
// to become a node, for the tests of joining.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { bin, BUILD, freePort, run, start, startRedis, tmp, TREE, waitFor }
  from './lib.mjs';
import { sql } from './ledger_lib.mjs';

const PASSWORD = 'correct horse battery';

/** A coordinator with its site at https, a collector that keeps polling. */
export async function coordinator(t) {
  const dir = tmp(t), port = await freePort();
  const file = (...names) => path.join(dir, ...names);
  const c = { dir, file, site: `https://127.0.0.1:${port}` };
  fs.chmodSync(dir, 0o755);
  for (const name of ['log', 'nginx', 'state']) fs.mkdirSync(file(name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:prime256v1', '-nodes', '-days', '9', '-subj', '/CN=site',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', file('site.key'), '-out',
    file('site.pem')], { stdio: 'ignore' });
  fs.writeFileSync(file('nodes.json'), '[]\n');
  const redis = await startRedis(t, file('state'));
  c.redis = redis;
  c.env = { ...redis.env, NODES_FILE: file('nodes.json'),
    STATE_DIR: file('state'), LEDGER_FILE: file('state', 'ledger.db'),
    PRESETS_FILE: path.join(TREE, 'etc/rules.json'), SITE_URL: c.site,
    SITE_TLS: 'files', TLS_CERT_FILE: file('site.pem'), TLS_KEY_FILE: file('site.key'),
    AGENT_TIMEOUT: '10', MT5FLEET_CONFIG: '' };
  c.mt5fleet = (...args) => run(t, bin('mt5fleet'), args, { env: c.env });
  execFileSync(bin('mt5fleet'), ['passwd', '--role', 'admin', 'ada'],
    { input: `${PASSWORD}\n`, env: { ...process.env, ...c.env }, stdio: 'pipe' });
  for (const name of ['dashboard', 'admin']) {
    start(t, 'spawn-fcgi', ['-n', '-s', file(`${name}.sock`), '-M', '0666', '--',
      bin(`${name}.fcgi`)], { env: c.env });
    await waitFor(name, () => fs.existsSync(file(`${name}.sock`)));
  }
  execFileSync('agent/join_folder.sh', [file('join')], { env: { ...process.env, BUILD } });
  execFileSync('nginx/render', [file('nginx')], { env: { ...process.env, STATE: dir,
    HTDOCS: dir, LIVE_SOCKET: file('live.sock'), LISTEN: `127.0.0.1:${port}`,
    ORIGIN: c.site, SERVER_NAME: '127.0.0.1', TLS_CERT: file('site.pem'),
    TLS_KEY: file('site.key'), JOIN: file('join'), CACHE: file('nginx', 'cache') } });
  start(t, 'nginx', ['-e', file('log', 'nginx.log'), '-p', dir, '-c',
    file('nginx', 'private.conf'), '-g', 'daemon off;']);
  c.ask = (where, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((done, fail) => {
      const req = https.request(`${c.site}${where}`, { method, agent: false,
        rejectUnauthorized: false, headers: body === undefined ? headers
          : { 'Content-Length': Buffer.byteLength(body), ...headers } }, (res) => {
        let text = '';
        res.on('data', (d) => { text += d; });
        res.on('end', () => done({ status: res.statusCode, headers: res.headers,
          body: text }));
      });
      req.on('error', fail);
      req.end(body);
    });
  c.logIn = async () => {
    const r = await c.ask('/auth/login', { method: 'POST', headers: {
      'Content-Type': 'application/json' },
    body: JSON.stringify({ user: 'ada', password: PASSWORD }) });
    assert.equal(r.status, 200, r.body);
    c.cookie = r.headers['set-cookie'][0].split(';')[0];
    c.csrf = JSON.parse(r.body).csrf;
  };
  /** The form of the page of nodes. */
  c.act = (fields) => c.ask('/admin/nodes', { method: 'POST', headers: {
    Cookie: c.cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
  body: String(new URLSearchParams({ csrf: c.csrf, ...fields })) });
  c.rows = async () => JSON.parse((await c.ask('/api/accounts',
    { headers: { Cookie: c.cookie } })).body).accounts;
  c.nodes = () => JSON.parse(fs.readFileSync(file('nodes.json'), 'utf8'));
  c.node = async (id) => JSON.parse(await redis.command('GET', `node:${id}`) || 'null');
  c.ledger = (query) => sql(c.env.LEDGER_FILE, query);
  await waitFor('the site', () => c.ask('/join/files').then((r) => r.status === 200));
  c.collect = start(t, bin('collect'), ['--for', '3000'], { env: c.env });
  return c;
}

export const shellLine = (output) => output.match(/^curl .*$/m)[0];

/** A machine with a terminal that is not there yet: its folders. */
export function machine(t) {
  const dir = tmp(t);
  const common = path.join(dir, 'MetaQuotes/Terminal/Common/Files');
  const data = path.join(dir, 'MetaQuotes/Terminal/0123456789ABCDEF0123456789ABCDEF');
  fs.mkdirSync(common, { recursive: true });
  fs.mkdirSync(path.join(data, 'MQL5'), { recursive: true });
  return { dir, common, data, agent: path.join(dir, 'agent') };
}

// rig.mjs: the whole system, each part of which can be killed, stopped, cut
// off and started again: terminals with their books, agents, Redis, the jobs as
// cron starts them, both FastCGI programs, the gateway, nginx, and an agent that
// lies.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { TREE, atEnd, bin, freePort, get, start, startAgent, startRedis, startTerminal, tmp,
  waitFor } from '../system/lib.mjs';
import { waitForHistory } from '../system/ledger_lib.mjs';

const SERVER = 'Chaos-Live', CRON_MS = 10000, TTL_S = 20;
const FAKETIME = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1'].find((f) => fs.existsSync(f));
export const ttl_ms = TTL_S * 1000;
export const is_root = process.getuid() === 0;

/** A small generator, so that a run can be repeated. */
export function random(seed) {
  let s = BigInt(seed) * 2862933555777941757n + 3037000493n;
  const next = () => {
    s = (s * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(s >> 11n) / 2 ** 53;
  };
  return { next, pick: (list) => list[Math.floor(next() * list.length)],
    between: (a, b) => a + next() * (b - a) };
}

/** The state's folder on a small disk of its own, which can be filled. */
function smallDisk(t) {
  const dir = tmp(t, 'mt5c-');
  if (!is_root || spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256m,mode=0700',
    'tmpfs', dir]).status !== 0) return { dir, small: false };
  atEnd(t, () => spawnSync('umount', ['-l', dir]));
  return { dir, small: true };
}

/**
 * An agent that passes another's answers on, made false as `lie.mode` says:
 * its own words are never shown as another's account.
 */
async function startLiar(t, honest) {
  const lie = { mode: 'foreign' };
  const bend = {
    foreign: (s) => { s.account.balance = s.account.equity = 7777777.77; s.account.profit = 0; },
    huge: (s) => { s.account.equity = 1e308; },
    nothing: (s) => { s.account.balance = null; s.account.equity = 'NaN'; },
    old: (s) => { s.seq = 1; s.account.balance = 6666666.66; },
    offset: (s) => { s.broker_offset_s = 1e9; s.account.balance = 5555555.55; },
  };
  lie.modes = [...Object.keys(bend), 'garbage', 'error', 'silence'];
  const server = http.createServer(async (req, res) => {
    const { mode } = lie;
    if (mode === 'silence') return;
    if (mode === 'error') { res.writeHead(500).end('{}'); return; }
    if (mode === 'garbage') { res.end('[[[{"terminals":'); return; }
    try {
      const { json } = await get(honest().url + req.url.replace(/wait=\d+/, 'wait=1'));
      for (const terminal of json.terminals ?? [])
        if (terminal.snapshot) bend[mode](terminal.snapshot);
      res.end(JSON.stringify(json));
    } catch {
      res.destroy();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  atEnd(t, () => { server.closeAllConnections(); server.close(); });
  return Object.assign(lie, { url: `http://127.0.0.1:${server.address().port}` });
}

export async function startRig(t, { terminals, seed }) {
  const { dir, small } = smallDisk(t);
  const sub = (name) => { const d = path.join(dir, name); fs.mkdirSync(d); return d; };
  for (const name of ['log', 'nginx', 'backup', 'cache']) sub(name);
  const port = await freePort();
  const rig = { dir, small, port, url: `http://127.0.0.1:${port}`, nodes: [],
    ledger: path.join(dir, 'ledger.db'), cron: true, log: path.join(dir, 'log') };
  rig.redis = await startRedis(t, sub('redis'));

  // the terminals are other machines: not on the disk that is filled
  for (let i = 0; i < terminals; i++) {
    const home = tmp(t, 'mt5c-vps-'), id = `vps${i}`, book = path.join(home, 'book.csv');
    const login = String(71000000 + i);
    const terminal = startTerminal(t, home, ['--seed', seed * 100 + i, '--server', SERVER,
      '--login', login, '--deals', 200, '--rate', 1, '--history', 200,
      '--netting', i % 3 === 0 ? 1 : 0, '--book', book, '--quiet']);
    const agent = await startAgent(t, terminal.common);
    rig.nodes.push({ id, login, server: SERVER, book, home, terminal, agent,
      url: agent.url, port: agent.port });
  }
  rig.liar = await startLiar(t, () => rig.nodes[0]);
  const nodes = [...rig.nodes.map((n) => ({ id: n.id, url: n.url,
    accounts: [{ server: n.server, login: n.login }] })),
  { id: 'liar', url: rig.liar.url }];
  fs.writeFileSync(path.join(dir, 'nodes.json'), JSON.stringify(nodes));

  const settings = path.join(dir, 'mt5fleet.env');
  fs.writeFileSync(settings, Object.entries({ REDIS_URL: rig.redis.url, APP_PORT: port,
    NODES_FILE: path.join(dir, 'nodes.json'), STATE_DIR: dir, DASHBOARD_AUTH: 'off',
    BACKUP_DIR: path.join(dir, 'backup'), PRESETS_FILE: path.join(TREE, 'etc/rules.json'),
    CACHE_TTL: TTL_S, AGENT_TIMEOUT: 3 }).map(([k, v]) => `${k}=${v}\n`).join(''),
  { mode: 0o600 });
  const clock = path.join(dir, 'clock');
  fs.writeFileSync(clock, '+0');
  rig.env = { MT5FLEET_CONFIG: settings, ...(FAKETIME ? { LD_PRELOAD: FAKETIME,
    FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: '1', DONT_FAKE_MONOTONIC: '1' } : {}) };
  rig.env_true = { MT5FLEET_CONFIG: settings };
  /** The coordinator's clock, by so many seconds; false: cannot be had here. */
  rig.setClock = (s) => FAKETIME && (fs.writeFileSync(clock, `${s < 0 ? '' : '+'}${s}`), true);
  for (const node of rig.nodes) await waitForHistory(node.url, 120000);

  const log = (name) => fs.openSync(path.join(rig.log, `${name}.log`), 'a');
  const program = (name, command, args, env) => start(t, command, args,
    { env, stdio: ['ignore', log(name), log(name)] });
  const parts = {
    dashboard: () => web('dashboard'), admin: () => web('admin'),
    // with the true clock: libfaketime breaks waiting by the monotonic one
    live: () => program('live', bin('live'), [], rig.env_true),
    nginx: () => program('nginx', 'nginx', ['-e', path.join(rig.log, 'nginx.log'), '-p', dir,
      '-c', path.join(dir, 'nginx/private.conf'), '-g', 'daemon off;'], {}),
  };
  const web = (name) => {
    fs.rmSync(path.join(dir, `${name}.sock`), { force: true });
    return program(name, 'spawn-fcgi', ['-n', '-s', path.join(dir, `${name}.sock`), '-M',
      '0600', '-b', '1024', '--', bin(`${name}.fcgi`), '--workers', '2'],
    rig.env);
  };
  rig.job = (name, args = []) => program(name, bin(name), args, rig.env);
  rig.running = {};
  rig.startPart = (name) => { rig.running[name] = parts[name](); };

  const password = 'chaos is a ladder 1';
  execFileSync(bin('mt5fleet'), ['passwd', '--role', 'admin', 'admin'],
    { env: { ...process.env, ...rig.env_true }, input: `${password}\n` });
  execFileSync(path.join(TREE, 'nginx/render'), [path.join(dir, 'nginx')],
    { env: { ...process.env, STATE: dir, HTDOCS: path.join(TREE, 'htdocs'),
      LISTEN: `127.0.0.1:${port}`, LIVE_SOCKET: path.join(dir, 'live.sock'),
      ORIGIN: rig.url } });
  for (const name of Object.keys(parts)) rig.startPart(name);

  // cron: a run of collect works until the next one takes over
  const jobs = () => {
    for (const [name, part] of Object.entries(rig.running))
      if (!part.running()) rig.startPart(name);
    if (!rig.cron) return;
    for (const [name, args] of [['collect', []], ['trades', ['--moved']], ['phases', []],
      ['alerts', []]]) rig.job(name, args);
  };
  jobs();
  const timer = setInterval(jobs, CRON_MS);
  rig.end = () => clearInterval(timer);
  rig.logIn = async () => {
    const res = await fetch(`${rig.url}/auth/login`, { method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user: 'admin', password }), signal: AbortSignal.timeout(5000) });
    if (res.status !== 200) return null;
    return { Cookie: res.headers.getSetCookie()[0].split(';')[0],
      'X-CSRF-Token': (await res.json()).csrf, 'Content-Type': 'application/json' };
  };
  try {
    await waitFor('every account', async () => {
      const { json } = await get(`${rig.url}/api/accounts`);
      return json?.accounts?.filter((r) => r.status === 'ok' && r.server === SERVER).length >= terminals;
    }, 120000);
  } catch (error) {
    rig.end();
    throw error;
  }
  return rig;
}

/** Processes of this system whose command ends so: of jobs, and of workers. */
export function pidsOf(rig, name) {
  return fs.readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] === bin(name) &&
        fs.readFileSync(`/proc/${pid}/environ`, 'utf8').includes(rig.dir);
    } catch {
      return false;
    }
  }).map(Number);
}

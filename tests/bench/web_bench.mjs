// web_bench.mjs: /api/accounts with 23 accounts beside the same bytes as a
// static file, and beside FastAPI on the same Redis; a plain-CGI request beside /bin/true; memory of each program.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { bin, get, startFleet, tmp } from '../system/lib.mjs';
import { context, figure, pss, row, startNginx, startUvicorn, wrk } from './lib.mjs';

const t = context();
const fleet = await startFleet(t, { nodes: 23 });
const dir = tmp(t);

const answer = await get(`${fleet.url}/api/accounts`);
fs.writeFileSync(path.join(dir, 'accounts.json'), answer.text);
const file = `${await startNginx(t, dir, { root: dir })}/accounts.json`;
const peer = await startUvicorn(t, 'peer_read:app',
  { REDIS_SOCKET: fleet.socket, NODES_FILE: path.join(fleet.state, 'nodes.json') });

// another cookie with each request: none is found in the cache
const script = path.join(dir, 'uncached.lua');
fs.writeFileSync(script, `local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", nil, { Cookie = "mt5fleet=bench" .. n })
end`);

const url = `${fleet.url}/api/accounts`;
const still = wrk(file);
const cached = wrk(url);
const uncached = wrk(url, { script, connections: 8 });
const python = wrk(`${peer}/api/accounts`, { connections: 8 });
row('web', `static file of ${answer.text.length} bytes`, still.perSecond, 'req/s');
row('web', '/api/accounts, 23 accounts, cached', cached.perSecond, 'req/s',
  'static file', cached.perSecond / still.perSecond);
row('web', '/api/accounts, 23 accounts, uncached', uncached.perSecond, 'req/s',
  'static file', uncached.perSecond / still.perSecond);
row('web', 'FastAPI, two workers, from the same Redis', python.perSecond, 'req/s',
  'static file', python.perSecond / still.perSecond);
figure('read.cached_vs_static', cached.perSecond / still.perSecond);
figure('read.cached_vs_peer', cached.perSecond / python.perSecond);
figure('read.uncached_vs_peer', uncached.perSecond / python.perSecond);

function cold(command, args, env) {
  const rounds = 100, t0 = process.hrtime.bigint();
  for (let i = 0; i < rounds; i++) {
    const { status } = spawnSync(command, args, { env, stdio: 'ignore' });
    if (status !== 0) throw new Error(`${command} failed`);
  }
  return Number(process.hrtime.bigint() - t0) / 1e6 / rounds;
}
const cgi = { GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET',
  REQUEST_URI: '/api/accounts', QUERY_STRING: '', REMOTE_ADDR: '127.0.0.1',
  MT5FLEET_CONFIG: path.join(fleet.state, 'mt5fleet.env') };
const nothing = cold('/bin/true', [], {});
const once = cold(bin('dashboard.fcgi'), [], cgi);
const bare = cold('python3', ['-c', 'pass'], {});
row('web', 'plain CGI, cold, whole request', once, 'ms', '/bin/true',
  once / nothing);
row('web', 'python3 -c pass', bare, 'ms', 'plain CGI request', bare / once);
figure('cgi.cold_vs_true', once / nothing);

/** The processes that were started for a name, by the state's pid files. */
function family(name) {
  const root = fleet.pid(name);
  return fs.readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === root;
    } catch {
      return false;
    }
  });
}
for (const name of ['dashboard', 'admin', 'live', 'nginx', 'redis', 'schedule',
  'vps01-agent', 'vps01-terminal']) {
  try {
    const kb = family(name).reduce((sum, pid) => sum + pss(pid), 0);
    row('memory', name === 'schedule' ? 'collect and its shell' : name,
      kb / 1024, 'MB (PSS)');
  } catch { /* not part of this build */ }
}
await t.end();
process.exit(0);

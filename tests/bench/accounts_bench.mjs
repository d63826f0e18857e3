// accounts_bench.mjs: what /api/accounts, a page of it and the summary cost the
// handler with 1,000 and 10,000 accounts, where every node changes once in 5 s.
import fs from 'node:fs';
import path from 'node:path';
import { BUILD, bin, get, start, startRedis, tmp, waitFor } from '../system/lib.mjs';
import { context, cpu, figure, row, startNginx } from './lib.mjs';

const REQUESTS = 30;

for (const nodes of [1000, 10000]) {
  const t = context();
  const dir = tmp(t);
  const redis = await startRedis(t, dir);
  const file = path.join(dir, 'nodes.json'), socket = path.join(dir, 'dashboard.sock');
  const fleet = start(t, path.join(BUILD, 'test/fleet'), ['--nodes', String(nodes),
    '--out', file, '--positions', '3', '--rate', '0.2']);
  await waitFor('the fleet', () => fleet.output().includes('listening'));
  const settings = path.join(dir, 'env');
  fs.writeFileSync(settings, Object.entries({ REDIS_URL: redis.url, NODES_FILE: file,
    STATE_DIR: dir, DASHBOARD_AUTH: 'off' }).map(([k, v]) => `${k}=${v}\n`).join(''),
  { mode: 0o600 });
  const env = { MT5FLEET_CONFIG: settings };
  start(t, bin('collect'), ['--for', '600'], { env });
  const dashboard = start(t, 'spawn-fcgi', ['-n', '-s', socket, '-M', '0600', '--',
    bin('dashboard.fcgi')], { env });
  await waitFor('dashboard.fcgi', () => fs.existsSync(socket));
  const url = `${await startNginx(t, dir, { fcgi: socket })}/api/accounts`;
  const read = async () => (await get(url)).json;
  await waitFor('all accounts', async () => (await read()).counts?.ok === nodes, 240000);
  const before = cpu(dashboard.pid), t0 = performance.now();
  for (let i = 0; i < REQUESTS; i++) {
    const answer = await fetch(url);
    if ((await answer.arrayBuffer()).byteLength < nodes * 100) throw new Error('too short');
  }
  const used = cpu(dashboard.pid) - before;
  const each = used * 1e6 / REQUESTS / nodes;
  row('web', `/api/accounts, ${nodes} accounts: CPU for each account`, each, 'us',
    'the goal of 5 us', each / 5);
  row('web', `/api/accounts, ${nodes} accounts: a request`,
    (performance.now() - t0) / REQUESTS, 'ms');
  if (nodes === 1000) figure('accounts.us_per_row', each);
  const base = url.replace('/accounts', '');
  for (const [what, path, goal] of [
    ['a page of 50 rows', '/accounts?limit=50', 5],
    ['a page of 50 of a search', '/accounts?limit=50&sort=-equity&q=account+77', 5],
    ['/api/summary', '/summary', 10]]) {
    await (await fetch(base + path)).arrayBuffer();
    const used0 = cpu(dashboard.pid);
    for (let i = 0; i < 4 * REQUESTS; i++) {
      await new Promise((done) => setTimeout(done, 25)); // a page asks, then looks
      const answer = await fetch(base + path);
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
      await answer.arrayBuffer();
    }
    const ms = (cpu(dashboard.pid) - used0) * 1000 / REQUESTS / 4;
    row('web', `${what}, ${nodes} accounts: CPU of the handler`, ms, 'ms',
      `the goal of ${goal} ms`, ms / goal);
    if (nodes === 10000 && path === '/accounts?limit=50')
      figure('accounts.page_ms', ms);
    if (nodes === 10000 && path === '/summary') figure('accounts.summary_ms', ms);
  }
  await t.end();
}
process.exit(0);

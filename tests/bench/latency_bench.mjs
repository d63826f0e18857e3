// latency_bench.mjs: from a change in a terminal to 100 WebSocket clients,
// through bridge, agent, collect, Redis, the gateway and nginx. The time is
// written by the simulated terminal and read by the client.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { BUILD, get, startFleet, waitFor } from '../system/lib.mjs';
import { context, cpu, figure, row } from './lib.mjs';

const SECONDS = 15, CLIENTS = 100, NODES = 23, RATE = 5;

const wsload = path.join(BUILD, 'bench/wsload');
fs.mkdirSync(path.dirname(wsload), { recursive: true });
execFileSync('cc', ['-O2', '-D_GNU_SOURCE', '-o', wsload,
  'tests/bench/wsload.c']);

const t = context();
try {
  const fleet = await startFleet(t, { nodes: NODES,
    env: { RATE: String(RATE), TERMINAL_ARGS: '--stamp' } });
  await waitFor('settled histories', async () =>
    (await get(`${fleet.url}/api/accounts`)).json.counts.ok === NODES, 60000);
  const pid = fleet.pid('live'), used = cpu(pid);
  const { status, stdout } = spawnSync(wsload,
    [fleet.port, CLIENTS, SECONDS, 'stamp'].map(String), { encoding: 'utf8' });
  if (status !== 0) throw new Error('wsload failed');
  const r = JSON.parse(stdout.slice(stdout.indexOf('{')));
  const each = r.messages / SECONDS / CLIENTS;
  const what = `terminal to ${CLIENTS} clients, ${NODES} nodes x ${RATE}/s`;
  row('latency', `${what}: p50`, r.p50, 'ms', 'the goal of 40 ms', r.p50 / 40);
  row('latency', `${what}: p99`, r.p99, 'ms', 'the goal of 100 ms', r.p99 / 100);
  figure('live.p50_ms', r.p50);
  figure('live.p99_ms', r.p99);
  row('latency', `${what}: delivered`, each, 'messages/s a client',
    `${NODES * RATE} changes/s`, each / (NODES * RATE));
  row('latency', `${what}: CPU of live`, (cpu(pid) - used) / SECONDS * 100,
    '% of a core');
} finally {
  await t.end();
}
process.exit(0);

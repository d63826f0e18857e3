// live_bench.mjs: one change to many clients: the gateway, and the same by
// FastAPI + uvicorn beside it. Writer, clients and server share the machine.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { context, cpu, figure, pss, row } from './lib.mjs';
import { BUILD, start, waitFor } from '../system/lib.mjs';
import { Writer, startRig } from '../system/live_lib.mjs';
import { connect } from '../system/ws.mjs';

const SECONDS = 6;
const CASES = [ // clients, changes a second (23 nodes x 5 = 115)
  [100, 115], [1000, 50], [5000, 10],
];
const PAD = 'x'.repeat(900);

const wsload = path.join(BUILD, 'bench/wsload');
fs.mkdirSync(path.dirname(wsload), { recursive: true });
execFileSync('cc', ['-O2', '-D_GNU_SOURCE', '-o', wsload,
  'tests/bench/wsload.c']);

async function startFastApi(t, rig) {
  const socket = path.join(rig.dir, 'fastapi.sock');
  const handle = start(t, '/usr/bin/python3', ['-m', 'uvicorn', '--uds',
    socket, '--ws', 'websockets', '--log-level', 'warning', '--app-dir',
    'tests/bench', 'live_fastapi:app'],
  { env: { REDIS_SOCKET: rig.redis.socket } });
  await waitFor('uvicorn', async () => {
    if (!handle.running()) throw new Error(handle.output());
    (await connect({ path: socket }, '/ws')).drop();
    return true;
  });
  return { socket, pid: handle.pid };
}

/** CLIENTS listen while changes are written: what they got, what it cost. */
async function measure(rig, server, clients, perSecond) {
  const load = spawn(wsload, [server.socket, clients, SECONDS].map(String),
    { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  load.stdout.on('data', (data) => { text += data; });
  const ended = once(load, 'exit');
  await waitFor('the clients', () => text.includes('ready'), 60000);
  const writer = new Writer(rig.redis);
  const cpu0 = cpu(server.pid), t0 = performance.now();
  // none is under way when the clients stop counting
  const timer = waitFor('the end', () =>
    performance.now() - t0 > (SECONDS - 1.5) * 1000);
  writer.run(perSecond, { pad: PAD });
  await timer;
  await writer.stop();
  const memory = pss(server.pid);
  await ended;
  writer.end();
  const seconds = (performance.now() - t0) / 1000;
  const result = JSON.parse(text.slice(text.indexOf('{')));
  return { ...result, memory, perSecond: result.messages / (SECONDS - 1.5),
    share: result.messages / (writer.n * clients),
    cpu: (cpu(server.pid) - cpu0) / seconds * 100 };
}

const t = context();
try {
  for (const [clients, perSecond] of CASES) {
    const rig = await startRig(t);
    const live = await measure(rig,
      { socket: rig.at.path, pid: rig.live.pid }, clients, perSecond);
    const python = await measure(rig, await startFastApi(t, rig), clients,
      perSecond);
    const what = `${clients} clients, ${perSecond} changes/s`;
    const beside = (name, digits, unit, of) => row('live', `${what}: ${name}`,
      of(live), unit, `FastAPI ${Number(of(python).toPrecision(digits))}`,
      of(live) > 0 ? of(python) / of(live) : undefined);
    beside('delivered', 4, 'messages/s', (r) => r.perSecond);
    beside('delivered of all', 4, '%', (r) => r.share * 100);
    beside('latency p50', 3, 'ms', (r) => r.p50);
    beside('latency p99', 3, 'ms', (r) => r.p99);
    beside('CPU', 3, '% of a core', (r) => r.cpu);
    beside('memory (PSS)', 4, 'KB', (r) => r.memory);
    if (clients === 1000) figure('live.fanout_cpu_vs_peer', live.cpu / python.cpu);
    if (live.share < 1 || live.cut_off)
      throw new Error(`the gateway delivered ${live.share}`);
    await rig.live.kill();
  }
} finally {
  await t.end();
}
process.exit(0);

// latency_bench.mjs: from the terminal to the client: 23 terminals that change
// five times a second, 100 clients. The clock starts when the bridge writes its
// snapshot (the file's time) and stops when the WebSocket client has the change.
import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { context, cpu, row } from './lib.mjs';
import { BUILD, startFleet, waitFor } from '../system/lib.mjs';
import { connect } from '../system/ws.mjs';

const NODES = 23, RATE = 5, CLIENTS = 100, SECONDS = 10;

const wsload = path.join(BUILD, 'bench/wsload');
fs.mkdirSync(path.dirname(wsload), { recursive: true });
execFileSync('cc', ['-O2', '-D_GNU_SOURCE', '-o', wsload,
  'tests/bench/wsload.c']);

const now = () => performance.timeOrigin + performance.now();

/** Every snapshot.json below dir: when(login, equity) it was put there. */
function watchSnapshots(dir) {
  const seen = new Map();
  const watchers = fs.readdirSync(dir, { recursive: true })
    .filter((file) => path.basename(file) === 'snapshot.json')
    .map((file) => path.join(dir, file))
    .map((file) => fs.watch(path.dirname(file), (_, name) => {
      if (name !== 'snapshot.json') return;
      try {
        // the file's own time, a few ms before it is renamed into place
        const at = fs.statSync(file).mtimeMs;
        const text = fs.readFileSync(file, 'utf8');
        const login = text.match(/"login":"?(\d+)/)[1];
        const equity = text.match(/"equity":(-?[\d.]+)/)[1];
        const key = `${login} ${Number(equity)}`;
        if (!seen.has(key)) seen.set(key, at);
      } catch { /* replaced under our hands: the next one counts */ }
    }));
  return { seen, close: () => watchers.forEach((w) => w.close()) };
}

/** Through nginx where it lets us in (no admin.fcgi yet: 502), else directly. */
async function open(fleet, on) {
  try {
    return ['nginx', await connect({ port: fleet.port, host: '127.0.0.1' },
      '/ws', on)];
  } catch {
    return ['the gateway', await connect(
      { path: path.join(fleet.state, 'live.sock') }, '/ws', on)];
  }
}

const t = context();
try {
  const fleet = await startFleet(t, { nodes: NODES, env: { RATE: String(RATE) } });
  const snapshots = watchSnapshots(path.join(fleet.state, 'nodes'));
  const latencies = [];
  let events = 0;
  const [where, ws] = await open(fleet, { message: (m) => {
    if (m.type !== 'account' || !m.account) return;
    events++;
    const at = snapshots.seen.get(`${m.login} ${m.account.equity}`);
    if (at !== undefined) latencies.push(now() - at);
  } });
  const others = spawn(wsload, [path.join(fleet.state, 'live.sock'),
    String(CLIENTS - 1), String(SECONDS)], { stdio: 'ignore' });
  const pid = fleet.pid('live');
  const cpu0 = cpu(pid), t0 = now();
  await once(others, 'exit');
  const seconds = (now() - t0) / 1000;
  ws.drop();
  snapshots.close();
  await waitFor('enough of them', () => latencies.length > 100, 1000);
  latencies.sort((a, b) => a - b);
  const what = `${NODES} terminals x ${RATE}/s, ${CLIENTS} clients, by ${where}`;
  const at = (p) => latencies[Math.floor(latencies.length * p)];
  row('latency', `${what}: changes`, events / seconds, '/s');
  row('latency', `${what}: of them timed`, latencies.length / events * 100, '%');
  row('latency', `${what}: terminal to client p50`, at(0.5), 'ms');
  row('latency', `${what}: terminal to client p99`, at(0.99), 'ms');
  row('latency', `${what}: CPU of live`, (cpu(pid) - cpu0) / seconds * 100,
    '% of a core');
} finally {
  await t.end();
}
process.exit(0);

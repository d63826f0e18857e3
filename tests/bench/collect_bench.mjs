// collect_bench.mjs: one sweep of 23, 1,000, 5,000 and 10,000 agents, and what
// it costs to keep that many true; beside httpx. The agents are tests/bench/fleet.c.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { bin, BUILD, start, startRedis, tmp, waitFor } from '../system/lib.mjs';
import { PYTHON, context, figure, row } from './lib.mjs';

const HELD_S = 20;
const fleetProgram = path.join(BUILD, 'test', 'fleet');

async function withFleet(nodes, options, work) {
  const t = context();
  const dir = tmp(t);
  const redis = await startRedis(t, dir);
  const file = path.join(dir, 'nodes.json');
  const fleet = start(t, fleetProgram, ['--nodes', String(nodes), '--out', file,
    '--positions', '3', ...options]);
  await waitFor('the fleet', () => fleet.output().includes('listening'));
  try {
    await work({ REDIS_URL: redis.url, NODES_FILE: file, STATE_DIR: dir,
      AGENT_TIMEOUT: '3' });
  } finally {
    await t.end();
  }
}

/** One run to its end: {seconds, cpu_s, memory_kb, failed} by GNU-less means. */
async function collect(env, args) {
  // /proc's figures end with the process: watched until then
  const run = start(null, bin('collect'), args, { env });
  const seen = { cpu: 0, memory: 0 };
  const timer = setInterval(() => {
    try {
      const stat = fs.readFileSync(`/proc/${run.pid}/stat`, 'utf8');
      const f = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      seen.cpu = (Number(f[11]) + Number(f[12])) / 100;
      seen.memory = Number(fs.readFileSync(`/proc/${run.pid}/status`, 'utf8')
        .match(/VmHWM:\s+(\d+)/)?.[1] ?? seen.memory);
    } catch { /* it has ended */ }
  }, 20);
  const { output } = await run.exited;
  clearInterval(timer);
  const said = Object.fromEntries([...output.matchAll(/(\w+)=([\d.]+)/g)]
    .map(([, name, value]) => [name, Number(value)]));
  if (said.polls === undefined) throw new Error(output);
  return { ...said, ...seen };
}

/** The same sweep by tests/bench/peer_sweep.py. */
async function pythonSweep(env) {
  const { stdout } = await promisify(execFile)(PYTHON,
    ['tests/bench/peer_sweep.py', env.NODES_FILE],
    { env: { ...process.env, REDIS_SOCKET: env.REDIS_URL.slice('unix:'.length) } });
  return JSON.parse(stdout);
}

let small;
for (const nodes of [23, 1000, 5000, 10000])
  await withFleet(nodes, ['--rate', '0.2', '--delay', '20'], async (env) => {
    const first = await collect(env, ['--once']);
    if (nodes < 10000 && first.failing !== 0) throw new Error(`${first.failing} failed`);
    small ??= Math.max(first.seconds, 0.1);
    row('collect', `sweep of ${nodes} agents`, first.seconds, 's',
      'a sweep of 23', first.seconds / small);
    if (nodes === 1000 || nodes === 5000) {
      const peer = await pythonSweep(env);
      row('collect', `sweep of ${nodes} agents by httpx`, peer.seconds, 's',
        'ours', peer.seconds / first.seconds);
      row('collect', `sweep of ${nodes} agents by httpx: failed`, peer.failed, 'agents');
      figure(`sweep.n${nodes}_vs_peer`, peer.seconds / first.seconds);
    }
    if (nodes === 10000) figure('sweep.n10000_false_timeouts', first.failing);
    row('collect', `sweep of ${nodes} agents, CPU`, first.cpu, 's');
    const held = await collect(env, ['--for', String(HELD_S)]);
    if (held.failed !== 0) throw new Error(`${held.failed} failed`);
    row('collect', `${nodes} agents kept true, a change each 5 s: CPU`,
      100 * held.cpu / held.seconds, '% of a core');
    row('collect', `${nodes} agents: polls`, held.polls / held.seconds, '/s');
    row('collect', `${nodes} agents: memory`, held.memory, 'KB');
  });

// 1 % of the agents take the question and never answer
await withFleet(5000, ['--rate', '0.2', '--delay', '20', '--hung', '10'],
  async (env) => {
    const run = await collect(env, ['--once']);
    if (run.ok !== 4950) throw new Error(`${run.ok} of 4950 healthy ones`);
    row('collect', 'sweep of 5000, 1 % hung (time-out 3 s)', run.seconds, 's');
  });

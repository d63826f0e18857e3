// events.mjs: what may happen to the system. Each is a function of the rig and
// the random numbers: it does it, waits as long as it lasts, makes it good, and
// says it in a line. null: cannot be had on this machine.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { sleep, startAgent } from '../system/lib.mjs';
import { pidsOf } from './rig.mjs';

const PROGRAMS = ['collect', 'trades', 'phases', 'alerts', 'live', 'dashboard.fcgi', 'admin.fcgi'];

function signal(rig, name, what) {
  const pids = pidsOf(rig, name);
  for (const pid of pids) try { process.kill(pid, what); } catch { /* it has ended */ }
  return pids.length;
}

/** nft in the namespace of our own that main.mjs made, or nothing. */
const nft = (text) => spawnSync('nft', ['-f', '-'], { input: text }).status === 0;
const can_filter = () => process.env.CHAOS_NAMESPACE === '1';

async function filtered(rules, ms) {
  if (!can_filter() || !nft(`table inet chaos { chain in {
    type filter hook input priority 0; ${rules} } }\n`)) return false;
  await sleep(ms);
  nft('delete table inet chaos\n');
  return true;
}

export const events = {
  async kill(rig, r) {
    const name = r.pick(PROGRAMS);
    return `kill -9 of ${signal(rig, name, 'SIGKILL')} ${name}`;
  },
  async killNginx(rig) {
    await rig.running.nginx.kill('SIGKILL');
    return 'kill -9 of nginx';
  },
  async killAgent(rig, r) {
    const node = r.pick(rig.nodes);
    await node.agent.handle.kill('SIGKILL');
    await sleep(r.between(0, 5000));
    node.agent = await startAgent(rig.t, node.terminal.common, { AGENT_PORT: String(node.port) });
    return `kill -9 of the agent of ${node.id}`;
  },
  async stop(rig, r) {
    const name = r.pick(PROGRAMS), ms = r.between(1000, 12000);
    const n = signal(rig, name, 'SIGSTOP');
    await sleep(ms);
    signal(rig, name, 'SIGCONT');
    return `${n} ${name} stopped for ${(ms / 1000).toFixed(1)} s`;
  },
  async stopTerminal(rig, r) {
    const node = r.pick(rig.nodes), ms = r.between(2000, 15000);
    node.terminal.handle.child.kill('SIGSTOP');
    await sleep(ms);
    node.terminal.handle.child.kill('SIGCONT');
    return `the terminal of ${node.id} stopped for ${(ms / 1000).toFixed(1)} s`;
  },
  async killRedis(rig, r) {
    await rig.redis.handle.kill('SIGKILL');
    await sleep(r.between(0, 4000));
    await rig.redis.restart();
    return 'kill -9 of Redis, which forgets all';
  },
  async stopRedis(rig, r) {
    const ms = r.between(500, 5000);
    rig.redis.handle.child.kill('SIGSTOP');
    await sleep(ms);
    rig.redis.handle.child.kill('SIGCONT');
    return `Redis stopped for ${(ms / 1000).toFixed(1)} s`;
  },
  async flush(rig) {
    await rig.redis.command('FLUSHALL');
    return 'Redis emptied';
  },
  async lockLedger(rig, r) {
    const s = Math.round(r.between(2, 9));
    await new Promise((done) => spawn('sqlite3', [rig.ledger,
      '.timeout 5000', 'BEGIN IMMEDIATE;', `.shell sleep ${s}`, 'COMMIT;'],
    { stdio: 'ignore' }).on('close', done));
    return `the ledger locked for ${s} s`;
  },
  async fillDisk(rig, r) {
    if (!rig.small) return null;
    const file = path.join(rig.dir, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M', 'status=none']);
    await sleep(r.between(2000, 8000));
    fs.rmSync(file, { force: true });
    return 'the disk full';
  },
  async readOnlyDisk(rig, r) {
    if (!rig.small || spawnSync('mount', ['-o', 'remount,ro', rig.dir]).status !== 0) return null;
    await sleep(r.between(1000, 5000));
    execFileSync('mount', ['-o', 'remount,rw', rig.dir]);
    return 'the disk read-only';
  },
  async cronAway(rig, r) {
    rig.cron = false;
    signal(rig, 'collect', 'SIGKILL');
    const ms = r.between(15000, 40000);
    await sleep(ms);
    rig.cron = true;
    return `cron away for ${(ms / 1000).toFixed(0)} s, and no collector`;
  },
  async secondCoordinator(rig) {
    for (const job of ['collect', 'trades', 'phases', 'trades']) rig.job(job);
    return 'all jobs started a second time';
  },
  async clock(rig, r) {
    const s = Math.round(r.pick([-1, 1]) * r.pick([120, 3600, 10800, 86400]));
    if (!rig.setClock(s)) return null;
    await sleep(r.between(3000, 10000));
    rig.setClock(0);
    return `the coordinator's clock ${s > 0 ? '+' : ''}${s} s for some seconds`;
  },
  async cutOff(rig, r) {
    const node = r.pick(rig.nodes), ms = r.between(3000, 12000);
    return await filtered(`tcp dport ${node.port} drop;`, ms) ?
      `${node.id} cut off for ${(ms / 1000).toFixed(1)} s` : null;
  },
  async loss(rig, r) {
    const percent = Math.round(r.between(5, 40));
    const ports = rig.nodes.map((n) => n.port).join(', ');
    return await filtered(`tcp dport { ${ports} } numgen random mod 100 < ${percent} drop;`,
      r.between(3000, 10000)) ? `${percent} % of packets to agents lost` : null;
  },
  async lie(rig, r) {
    rig.liar.mode = r.pick(rig.liar.modes);
    return `the liar says ${rig.liar.mode}`;
  },
  async trade(rig, r) {
    for (const node of rig.nodes)
      node.terminal.control(r.pick(['two-deals-one-ms', 'late-deal 3600', 'late-deal 864000',
        'deposit 500', 'deposit -250.25', 'credit 10', 'trade']));
    return 'an order in each terminal';
  },
  async wholeHistory(rig, r) {
    const job = rig.job('trades', ['--full']);
    await sleep(r.between(0, 400));
    await job.kill('SIGKILL');
    return 'kill -9 of trades --full';
  },
};

// agent_bench.mjs: what an idle agent costs its machine, four terminals and a
// collector that waits for their changes, and how fast it answers: ours, and
// FastAPI + uvicorn beside it. Both with TLS and token, as on a VPS.
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { context, cpu, figure, pss, row, wrk } from './lib.mjs';
import { bin, freePort, run, sleep, start, startRedis, startTerminal, tmp,
  waitFor } from '../system/lib.mjs';
import { usage } from '../system/agent_lib.mjs';

const TERMINALS = 4, RATE = 5, SECONDS = 15;
const GOALS = { cpu: 1, rss: 8, exe: 3 }; // less than: %, MB, MB
const EXE = 'build/windows/mt5fleet-agent.exe';
const MB = 1 << 20;
const missed = [];

/** Four terminals in one common folder, certificate and token beside it. */
async function startMachine(t) {
  const dir = tmp(t), common = path.join(dir, 'common');
  const file = (name) => path.join(dir, name);
  for (let i = 0; i < TERMINALS; i++)
    startTerminal(t, file(`t${i}`), ['--seed', 100 + i, '--rate', RATE,
      '--quiet'], common);
  const env = { AGENT_COMMON: common, AGENT_HOST: '127.0.0.1', AGENT_NAME: 'b',
    AGENT_TOKEN_FILE: file('token'), AGENT_CERT_FILE: file('cert.pem'),
    AGENT_KEY_FILE: file('key.pem') };
  const init = await run(t, bin('mt5fleet-agent'), ['--init', '127.0.0.1'],
    { env });
  if (init.code !== 0) throw new Error(init.output);
  return { dir, env, file,
    token: fs.readFileSync(file('token'), 'utf8').trim(),
    ca: fs.readFileSync(file('cert.pem')) };
}

async function startOurs(t, machine) {
  const port = await freePort();
  const handle = start(t, bin('mt5fleet-agent'), [],
    { env: { ...machine.env, AGENT_PORT: String(port) } });
  return { port, handle };
}

async function startFastApi(t, machine) {
  const port = await freePort();
  const handle = start(t, '/usr/bin/python3', ['-m', 'uvicorn', '--host',
    '127.0.0.1', '--port', String(port), '--log-level', 'warning',
    '--ssl-keyfile', machine.env.AGENT_KEY_FILE,
    '--ssl-certfile', machine.env.AGENT_CERT_FILE,
    '--app-dir', 'tests/bench', 'agent_fastapi:app'], { env: machine.env });
  return { port, handle };
}

const ask = (machine, port, p) => new Promise((done, fail) => {
  https.get({ host: '127.0.0.1', port, path: p, ca: machine.ca, agent: false,
    headers: { authorization: `Bearer ${machine.token}` } }, (res) => {
    let text = '';
    res.on('data', (data) => { text += data; });
    res.on('end', () => done(JSON.parse(text)));
  }).on('error', fail);
});

/** A collector on that agent: {events()} is how many changes it has told. */
async function startCollect(t, machine, port) {
  const dir = tmp(t);
  const redis = await startRedis(t, dir);
  const nodes = path.join(dir, 'nodes.json');
  fs.writeFileSync(nodes, JSON.stringify([{ id: 'b', token: machine.token,
    url: `https://127.0.0.1:${port}`, ca: machine.env.AGENT_CERT_FILE }]));
  const handle = start(t, bin('collect'), [],
    { env: { REDIS_URL: redis.url, NODES_FILE: nodes, STATE_DIR: dir } });
  const live = async () => {
    const text = await redis.command('GET', 'snapshot:b');
    return text ? JSON.parse(text.split('\n')[0]).accounts : [];
  };
  await waitFor(`${TERMINALS} accounts`, async () => (await live())
    .filter((a) => a.status === 'ok').length === TERMINALS);
  const events = async () =>
    Number((await redis.command('XINFO', 'STREAM', 'live'))
      .match(/entries-added\n(\d+)/)[1]);
  return { handle, events };
}

/** One agent: idle with its collector, then under wrk. */
async function measure(t, machine, startAgent) {
  const { port, handle } = await startAgent(t, machine);
  await waitFor('the accounts', async () => {
    if (!handle.running()) throw new Error(handle.output());
    const { accounts } = await ask(machine, port, '/accounts');
    return accounts.length === TERMINALS;
  });
  const collect = await startCollect(t, machine, port);
  const cpu0 = cpu(handle.pid), events0 = await collect.events();
  const t0 = performance.now();
  await sleep(SECONDS * 1000); // the measurement itself
  const used = cpu(handle.pid) - cpu0;
  const seconds = (performance.now() - t0) / 1000;
  const result = { cpu: used / seconds * 100,
    changes: (await collect.events() - events0) / seconds,
    rss: usage(handle.pid).rss / MB, pss: pss(handle.pid) / 1024 };
  await collect.handle.kill();
  const script = machine.file('wrk.lua');
  fs.writeFileSync(script,
    `wrk.headers["Authorization"] = "Bearer ${machine.token}"\n`,
    { mode: 0o600 });
  Object.assign(result, wrk(`https://127.0.0.1:${port}/accounts`,
    { seconds: 5, connections: 16, script }));
  result.after = usage(handle.pid).rss / MB;
  await handle.kill();
  return result;
}

function goal(name, value) {
  if (value >= GOALS[name]) missed.push(`${name} ${value}, not < ${GOALS[name]}`);
  return `goal < ${GOALS[name]}`;
}

function report(ours, python) {
  const beside = (what, unit, of, inverse) => row('agent', what, of(ours),
    unit, `FastAPI ${Number(of(python).toPrecision(3))}`,
    inverse ? of(ours) / of(python) : of(python) / of(ours));
  const idle = `idle, ${TERMINALS} terminals of ${RATE} changes/s`;
  beside(`${idle}: CPU, ${goal('cpu', ours.cpu)}`, '% of a core', (r) => r.cpu);
  beside(`${idle}: RSS, ${goal('rss', ours.rss)}`, 'MB', (r) => r.rss);
  figure('agent.rss_mb', ours.rss);
  figure('agent.cpu_percent', ours.cpu);
  beside(`${idle}: PSS`, 'MB', (r) => r.pss);
  beside(`${idle}: told by collect`, 'events/s', (r) => r.changes, true);
  beside('GET /accounts over TLS', 'requests/s', (r) => r.perSecond, true);
  beside('RSS after that', 'MB', (r) => r.after);
  if (!fs.existsSync(EXE)) return;
  const exe = fs.statSync(EXE).size / MB;
  row('agent', `agent.exe, ${goal('exe', exe)}`, exe, 'MB');
}

const t = context();
try {
  const machine = await startMachine(t);
  report(await measure(t, machine, startOurs),
    await measure(t, machine, startFastApi));
} finally {
  await t.end();
}
if (missed.length > 0) console.error(`missed: ${missed.join('; ')}`);
process.exit(missed.length > 0 ? 1 : 0);

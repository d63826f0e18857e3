// leases.test.mjs: two coordinators that share a ledger in PostgreSQL and one
// Redis: one works, the other takes over, and what slept writes nothing.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { atEnd, bin, run, start, startAgent, startRedis, startTerminal, tmp,
  waitFor } from './lib.mjs';
import { startPostgres } from './postgres.mjs';

/** Two coordinators: each its state folder, the same ledger, Redis and nodes. */
function coordinators(t, pg, redis, urls) {
  return ['a', 'b'].map(() => {
    const state = tmp(t, 'mt5f-coordinator-');
    const file = path.join(state, 'nodes.json');
    fs.writeFileSync(file, JSON.stringify(urls.map((url, i) => ({ id: `n${i}`, url }))));
    const env = { MT5FLEET_CONFIG: undefined, ...redis.env, STATE_DIR: state,
      NODES_FILE: file, LEDGER_URL: pg.url(), BACKUP_DIR: path.join(state, 'backup'),
      PRESETS_FILE: path.resolve('etc/rules.json') };
    return { state, start: (name, ...args) => start(t, bin(name), args, { env }),
      run: (name, ...args) => run(t, bin(name), args, { env }) };
  });
}

const heartbeat = async (redis) =>
  JSON.parse(await redis.command('GET', 'collector') ?? 'null');
const byWhom = (redis, pid) => waitFor(`the heartbeat of ${pid}`,
  async () => (await heartbeat(redis))?.pid === pid, 60000);
const lastEvent = (redis) => redis.command('XREVRANGE', 'live', '+', '-', 'COUNT', '1');

async function terminal(t, dir = tmp(t), ...options) {
  const one = startTerminal(t, dir, ['--seed', 3, '--deals', 20, '--server', 'S',
    '--login', 1, '--quiet', ...options]);
  return { one, agent: await startAgent(t, one.common) };
}

test('collect: another coordinator takes over; one that slept writes nothing', async (t) => {
  const pg = await startPostgres(t);
  if (pg === null) return t.skip('no PostgreSQL is installed');
  const redis = await startRedis(t);
  const { agent } = await terminal(t, tmp(t), '--rate', 5);
  const [a, b] = coordinators(t, pg, redis, [agent.url]);
  const first = a.start('collect', '--for', '600');
  await byWhom(redis, first.pid);
  const second = b.start('collect', '--for', '600');
  await waitFor('the second to stand by',
    () => /done by another coordinator/.test(second.output()));
  assert.equal((await b.run('collect', '--once')).code, 1, 'nor does --once poll beside it');

  const token = await redis.command('GET', 'fence:1/1');
  const slept = Date.now();
  process.kill(first.pid, 'SIGSTOP');
  await byWhom(redis, second.pid);
  t.diagnostic(`taken over after ${Date.now() - slept} ms`);
  assert.ok(BigInt(await redis.command('GET', 'fence:1/1')) > BigInt(token));
  assert.equal(pg.ask("SELECT count(*) FROM lease WHERE job = 'collect'"), 1);
  const checked = await b.run('mt5fleet', 'check');
  assert.match(checked.output, new RegExp(`lease: collect 1/1: .*${fs.realpathSync(b.state)}`));
  // both stopped, then the first one wakes: nothing changes
  process.kill(second.pid, 'SIGSTOP');
  await redis.command('SET', 'snapshot:n0', 'left alone', 'EX', '600');
  await redis.command('SET', 'last:n0', 'left alone');
  const event = await lastEvent(redis);
  process.kill(first.pid, 'SIGCONT');
  const { code } = await first.exited;
  assert.ok(code === 2 || code === 0, first.output());
  assert.match(first.output(), /another coordinator/);
  assert.equal(await redis.command('GET', 'snapshot:n0'), 'left alone');
  assert.equal(await redis.command('GET', 'last:n0'), 'left alone');
  assert.equal(await lastEvent(redis), event, 'nor an event');
  process.kill(second.pid, 'SIGCONT');
  await waitFor('the second one\'s values', async () =>
    (await redis.command('GET', 'last:n0')).startsWith('{'));

  // killed: back to the first one, whose next run stood by
  const next = a.start('collect', '--for', '600');
  await waitFor('the first to stand by', () => /done by another/.test(next.output()));
  process.kill(second.pid, 'SIGKILL');
  await byWhom(redis, next.pid);
  // a run of its own takes over at once, without another token
  const before = await redis.command('GET', 'fence:1/1');
  const last = a.start('collect', '--for', '600');
  await byWhom(redis, last.pid);
  assert.equal((await next.exited).code, 0, next.output());
  assert.equal(await redis.command('GET', 'fence:1/1'), before);
});

test('collect goes on while the ledger is away, also in its next run', async (t) => {
  const pg = await startPostgres(t);
  if (pg === null) return t.skip('no PostgreSQL is installed');
  const redis = await startRedis(t);
  const { agent } = await terminal(t);
  const [a, b] = coordinators(t, pg, redis, [agent.url]);
  const first = a.start('collect', '--for', '600');
  await byWhom(redis, first.pid);
  const standby = b.start('collect', '--for', '600');
  await waitFor('the second to stand by', () => /done by another/.test(standby.output()));
  pg.stop();
  const polled = async () => JSON.parse(await redis.command('GET', 'node:n0')).polled_msc;
  const then = await polled();
  await waitFor('another poll', async () => await polled() !== then);
  const next = a.start('collect', '--for', '600');
  await byWhom(redis, next.pid);
  assert.match(next.output(), /going on with the lease that this coordinator had/);
  // the one without it writes nothing, however often it is started
  const other = b.start('collect', '--for', '600');
  await standby.exited;
  await waitFor('it to look', () => /unreachable/.test(other.output()));
  assert.equal((await heartbeat(redis)).pid, next.pid);
  pg.start();
  await waitFor('the lease to be renewed', () => pg.ask(`SELECT count(*) FROM lease
    WHERE job = 'collect' AND until_utc_ms > extract(epoch FROM now()) * 1000`) === 1, 60000);
  assert.ok(next.running());
  assert.equal((await heartbeat(redis)).pid, next.pid);
});

/** An agent whose answers are the test's: asked(n) resolves with the n-th. */
async function heldAgent(t) {
  const waiting = [];
  const server = http.createServer((req, res) => waiting.push(res));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  atEnd(t, () => { server.closeAllConnections(); server.close(); });
  return { url: `http://127.0.0.1:${server.address().port}`, waiting };
}

test('trades: what is taken over is done once, and the one that slept is refused', async (t) => {
  const pg = await startPostgres(t);
  if (pg === null) return t.skip('no PostgreSQL is installed');
  const redis = await startRedis(t);
  const agent = await heldAgent(t);
  const [a, b] = coordinators(t, pg, redis, [agent.url]);
  const first = a.start('trades');
  await waitFor('its question', () => agent.waiting.length === 1);
  const second = b.start('trades');
  await waitFor('the second to wait', () => /done by another/.test(second.output()));
  assert.equal(agent.waiting.length, 1, 'it asks nobody meanwhile');
  process.kill(first.pid, 'SIGSTOP');
  await waitFor('the second to take over', () => agent.waiting.length === 2, 60000);
  agent.waiting[1].writeHead(500).end();
  assert.equal((await second.exited).code, 1, second.output());
  assert.equal(pg.ask("SELECT count(*) FROM job_run WHERE job = 'trades'"), 1);
  agent.waiting[0].writeHead(500).end();
  process.kill(first.pid, 'SIGCONT');
  const { code } = await first.exited;
  assert.notEqual(code, 0);
  assert.match(first.output(), /another coordinator/);
  assert.equal(pg.ask("SELECT count(*) FROM job_run WHERE job = 'trades'"), 1);

  // of two that begin together one works, and the other has nothing to do
  const [x, y] = [a.start('phases'), b.start('phases')];
  for (const one of [x, y]) assert.equal((await one.exited).code, 0, one.output());
  const runs = pg.ask("SELECT count(*) FROM job_run WHERE job = 'phases'");
  assert.ok(runs === 1 || runs === 2, `${runs}`);
  assert.equal(pg.ask('SELECT count(*) FROM lease WHERE until_utc_ms > 0'), 0,
    'each ended its lease');
  assert.equal((await b.run('backup')).code, 0);
  assert.equal((await a.run('alerts', '--for', '0')).code, 0);
});

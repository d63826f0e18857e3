// sentinel.test.mjs: Redis with a replica and three sentinels: a fleet whose
// master dies, and one that steps down; what a sentinel says that is not so.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { atEnd, bin, command, get, logIn, run, sleep, startFleet, tmp, waitFor } from './lib.mjs';
import { connect } from './ws.mjs';
import { NAME, startSentinels } from './sentinels.mjs';

test('a fleet on Redis with sentinels: its master dies, another steps down', async (t) => {
  const redis = await startSentinels(t);
  const fleet = await startFleet(t, { nodes: 3,
    env: { REDIS_URL: redis.url, RATE: '5', DASHBOARD_AUTH: 'required', COLLECT_EVERY: '15' } });
  const headers = await logIn(fleet);
  const rows = async () => (await get(`${fleet.url}/api/accounts`, { headers })).json?.accounts;
  assert.equal((await rows()).length, 3);
  assert.match(command(fleet, ['check']), /redis: good/);
  let messages = [];
  const ws = await connect(fleet.port, '/ws', { message: (m) => messages.push(m) },
    { headers: { Cookie: headers.Cookie } });
  atEnd(t, () => ws.drop());
  await waitFor('a change', () => messages.some((m) => m.type === 'account'));

  // all along: no row of another fleet's age is called live
  let over = false, wrong = null, asked = 0;
  atEnd(t, () => { over = true; });
  const load = (async () => {
    while (!over) {
      const got = await get(`${fleet.url}/api/accounts`, { headers }).catch(() => null);
      if (got?.status !== 200) await sleep(50);
      asked++;
      for (const r of got?.json?.accounts ?? [])
        if (r.status === 'ok' && (r.account === null || r.age_s > 60)) wrong = r;
    }
  })();
  const lost = await redis.master();
  const began = Date.now();
  process.kill(lost.handle.pid, 'SIGKILL');
  const next = await waitFor('another master', async () => {
    const now = await redis.master();
    return now !== lost && now;
  }, 60000);
  const all_live = async () => {
    const list = await rows();
    return list?.length === 3 && list.every((r) => r.status === 'ok' && r.age_s < 10);
  };
  await waitFor('all rows live', all_live, 60000);
  t.diagnostic(`live again after ${Date.now() - began} ms`);
  messages = [];
  await waitFor('changes by the gateway', () => messages.some((m) => m.type === 'account'), 60000);
  assert.match(command(fleet, ['check']), /redis: good/);
  assert.ok(Number(await next.command('-n', '2', 'EXISTS', 'collector')) === 1);

  // it comes back as a replica, and the other one steps down
  await lost.restart();
  await waitFor('it to follow', async () =>
    /role:slave[^]*master_link_status:up/.test(await lost.command('INFO', 'replication')), 60000);
  // a failover that was asked for is given up after 6 s, and not tried again
  await waitFor('the first to be the master again', async () =>
    await redis.master() === lost || (await redis.failover().catch(() => {}), false), 60000);
  await waitFor('all rows live', all_live, 60000);
  messages = [];
  await waitFor('changes by the gateway', () => messages.some((m) => m.type === 'account'), 60000);
  over = true;
  await load;
  assert.equal(wrong, null, JSON.stringify(wrong));
  assert.ok(asked > 10);
  const health = (await get(`${fleet.url}/health`)).json;
  assert.equal(health.redis.ok, true);
});

/** One that calls that port the master, whoever asks for whatever. */
async function liar(t, port) {
  const text = String(port);
  const server = net.createServer((c) => {
    c.on('data', () => c.write(`*2\r\n$9\r\n127.0.0.1\r\n$${text.length}\r\n${text}\r\n`));
    c.on('error', () => {});
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  atEnd(t, () => server.close());
  return server.address().port;
}

test('what a sentinel says is looked at: role, name, silence', async (t) => {
  const redis = await startSentinels(t);
  const check = async (url) => (await run(t, bin('mt5fleet'), ['check'],
    { env: { MT5FLEET_CONFIG: undefined, REDIS_URL: url, STATE_DIR: tmp(t),
      VPS_AGENTS_JSON: '["http://127.0.0.1:1"]' } })).output;
  const who = `${redis.user}:${encodeURIComponent(redis.password)}@`;
  const master = await redis.master();
  const replica = redis.servers.find((s) => s !== master);
  const behind = await liar(t, replica.port);
  assert.match(await check(`redis+sentinel://${who}127.0.0.1:${behind}/${NAME}`),
    /redis: .*named by the sentinel, but no master/);
  assert.match(await check(redis.url.replace(NAME, 'other')),
    /redis: .*sentinel .*: it knows no master of the name other/);
  assert.match(await check(redis.url), /redis: good/);
  // two of three are silent or gone: the third is asked
  process.kill(redis.sentinels[0].handle.pid, 'SIGSTOP');
  process.kill(redis.sentinels[1].handle.pid, 'SIGKILL');
  assert.match(await check(redis.url), /redis: good/);
  process.kill(redis.sentinels[2].handle.pid, 'SIGKILL');
  const none = await check(redis.url);
  assert.match(none, /redis: .*sentinel 127\.0\.0\.1:\d+: /);
  assert.ok(!none.includes(redis.password) && !none.includes('p%2Fw'));
});

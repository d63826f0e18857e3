// live.test.mjs: what the gateway says, and what it takes from a client.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { bin, run, start, tmp, waitFor } from './lib.mjs';
import { Writer, startNginx, startRig } from './live_lib.mjs';
import { connect, frame } from './ws.mjs';

/** A client that keeps what it gets: {ws, got, next(type)}. */
async function listen(rig, url = '/ws', options = {}, at = rig.at) {
  const got = [];
  const client = { got, texts: [] };
  client.ws = await connect(at, url, {
    message: (m, text) => { got.push(m); client.texts.push(text); },
  }, options);
  let taken = 0;
  /** The next message of that type; what comes before it is passed over. */
  client.next = (type) => waitFor(`${type}`, () => {
    while (taken < got.length)
      if (got[taken++].type === type) return got[taken - 1];
    return null;
  }, 15000);
  return client;
}

const refused = (rig, url, options, at = rig.at) => connect(at, url, {},
  options).then((ws) => { ws.drop(); return 101; },
  (error) => error.status ?? error.message);

test('hello, then each change as it was written, its id in front', async (t) => {
  const rig = await startRig(t);
  const writer = new Writer(rig.redis);
  const c = await listen(rig);
  assert.deepEqual(await c.next('hello'),
    { type: 'hello', live_id: '0-0', version: '1.0.0' });
  const id = await writer.write({ equity: 0.1, text: 'ž"\\\n' });
  const m = await c.next('account');
  assert.equal(m.id, id);
  assert.equal(m.text, 'ž"\\\n');
  assert.deepEqual([m.pl.floating, m.pl.day, m.pl.total, m.rules],
    [null, null, null, null]);
  assert.ok(c.texts.at(-1).startsWith(`{"id":"${id}",`));
  // the newest id is what a client without ?after= stands at
  const late = await listen(rig);
  assert.equal((await late.next('hello')).live_id, id);
  writer.end();
});

/** The ledger, made as the programs make it, with one account of 1,000. */
async function makeLedger(t, rig) {
  const file = path.join(rig.dir, 'ledger.db');
  const made = await run(t, bin('admin.fcgi'), ['-n'], { env: {
    MT5FLEET_CONFIG: undefined, ...rig.redis.env, STATE_DIR: rig.dir,
    NODES_FILE: path.join(rig.dir, 'nodes.json') } });
  assert.ok(fs.existsSync(file), made.output);
  const sql = async (text) => {
    const { code, output } = await run(t, 'sqlite3',
      ['-cmd', '.timeout 5000', file, text]);
    assert.equal(code, 0, output);
  };
  await sql(`INSERT INTO account (id, server, login, currency, first_seen_msc)
      VALUES (1, 'Demo-1', 52, 'USD', 1);
    INSERT INTO phase_period (account, phase, status, started_msc,
      initial_balance, who) VALUES (1, 'F1', 'active', 1500, 1000e8, 'root');`);
  return { file, sql };
}

test('P/L is of the ledger as it is now; null while it cannot be read',
  async (t) => {
    const rig = await startRig(t);
    const writer = new Writer(rig.redis);
    const c = await listen(rig);
    const account = { balance: 1000, credit: 0, equity: 1010.5, profit: 10.5 };
    const total = async () => {
      await writer.write({ login: '52', account });
      const { pl } = await c.next('account');
      assert.equal(pl.floating, 10.5);
      return pl.total;
    };
    assert.equal(await total(), null);
    const { file, sql } = await makeLedger(t, rig);
    await waitFor('the ledger', async () => await total() === 10.5, 60000);
    await sql(`UPDATE phase_period SET initial_balance = 1010e8;
      UPDATE revision SET n = n + 1`);
    await writer.write({ type: 'phase', login: '52', phase: { phase: 'F1' } });
    // at no time by the phase that was changed
    assert.ok([null, 0.5].includes(await total()));
    await waitFor('the change', async () => await total() === 0.5, 60000);
    // one that is damaged keeps nobody from going on without it
    await rig.live.kill();
    for (const end of ['-wal', '-shm']) fs.rmSync(file + end, { force: true });
    fs.writeFileSync(file, 'no ledger');
    await rig.restartLive();
    const late = await listen(rig);
    await writer.write({ login: '52', account });
    const { pl } = await late.next('account');
    assert.deepEqual([pl.floating, pl.day, pl.total], [10.5, null, null]);
    writer.end();
  });

test('?after= gives what came since, or says reset', async (t) => {
  const rig = await startRig(t);
  const writer = new Writer(rig.redis);
  const ids = [];
  for (let i = 0; i < 5; i++) ids.push(await writer.write());
  const resumed = async (after) => {
    const c = await listen(rig, `/ws?after=${after}`);
    for (let i = 0; i < 2; i++) { // what was on its way is there by the second
      await c.ws.send({ type: 'ping' });
      await c.next('pong');
    }
    return c.got.filter((m) => m.type !== 'pong')
      .map((m) => m.type === 'account' ? m.n : m.type);
  };
  assert.deepEqual(await resumed(ids[2]), ['hello', 4, 5]);
  assert.deepEqual(await resumed(ids[4]), ['hello']);
  assert.deepEqual(await resumed('0-0'), ['hello', 1, 2, 3, 4, 5]);
  assert.deepEqual(await resumed('1-1'), ['hello', 'reset'],
    'older than all that is held');
  assert.deepEqual(await resumed('9999999999999-0'), ['hello', 'reset'],
    'newer than all: another Redis');
  const [ms, seq] = ids[1].split('-');
  assert.deepEqual(await resumed(`${ms}-${Number(seq) + 7}`),
    ['hello', 'reset'], 'between two');
  assert.equal(await refused(rig, '/ws?after=five'), 400);
  assert.equal(await refused(rig, '/other'), 404);
  writer.end();
});

test('what Redis trimmed away is a reset, not a gap', async (t) => {
  const rig = await startRig(t);
  const writer = new Writer(rig.redis);
  const first = await writer.write();
  for (let i = 0; i < 5; i++) await writer.write();
  await rig.live.kill('SIGKILL');
  await writer.redis.command('XTRIM', 'live', 'MAXLEN', 3);
  await rig.restartLive();
  const c = await listen(rig, `/ws?after=${first}`);
  await c.next('reset');
  writer.end();
});

test('a message that is not understood is answered, and quoted', async (t) => {
  const rig = await startRig(t);
  const c = await listen(rig);
  const error = async (message) => {
    c.ws.send(message);
    return c.next('error');
  };
  assert.equal((await error('{"type":"dance"}')).code, 'unknown_type');
  const bad = await error('not json');
  assert.equal(bad.code, 'bad_message');
  assert.match(bad.message, /"not json"/);
  assert.equal((await error('{"type":"subscribe","accounts":[{"login":1}]}'))
    .code, 'bad_account');
  assert.equal((await error('[]')).code, 'bad_message');
  // who goes on so is sent away
  c.ws.send('again');
  assert.equal(await c.ws.closed, 1008);
});

test('subscribe: only these accounts, and what concerns everyone', async (t) => {
  const rig = await startRig(t);
  const writer = new Writer(rig.redis);
  const c = await listen(rig);
  await c.next('hello');
  c.ws.send({ type: 'subscribe',
    accounts: [{ server: 'Demo-1', login: '52' }, { server: 'B', login: '1' }] });
  c.ws.send({ type: 'ping' });
  await c.next('pong');
  await writer.write({ login: '51' });
  await writer.write({ login: '52' });
  await writer.write({ server: 'Other', login: '52' });
  await writer.write({ type: 'status', server: null, login: null });
  await waitFor('two', () => c.got.filter((m) => m.n).length === 2);
  assert.deepEqual(c.got.filter((m) => m.n).map((m) => m.n), [2, 4]);
  c.ws.send({ type: 'subscribe' });
  c.ws.send({ type: 'ping' });
  await c.next('pong');
  await writer.write({ login: '51' });
  await waitFor('all again', () => c.got.at(-1).n === 5);
  writer.end();
});

test('subscribe with a rate: of each account the newest, of all else each one',
  async (t) => {
    const rig = await startRig(t);
    const writer = new Writer(rig.redis);
    const c = await listen(rig);
    const { live_id } = await c.next('hello');
    const told = async (message) => {
      c.ws.send(message);
      c.ws.send({ type: 'ping' });
      await c.next('pong');
    };
    await told({ type: 'subscribe', every_ms: 50, also: ['status', 'alert'],
      accounts: [{ server: 'Demo-1', login: '52' }] });
    let n = 100;
    // all in one transaction, so that the gateway sees them at once
    const at_once = (...events) => Promise.all([rig.redis.command('MULTI'),
      ...events.map((event) => rig.redis.command('XADD', 'live', '*', 'type', 'x',
        'data', JSON.stringify({ type: 'account', server: 'Demo-1', n: ++n,
          ...event }))),
      rig.redis.command('PUBLISH', 'live', ''), rig.redis.command('EXEC')]);
    const numbers = () => c.got.filter((m) => m.n).map((m) => m.n);
    await at_once({ login: '52' }, { login: '51' }, { login: '52' },
      { type: 'status', login: '52' }, { type: 'status', login: '51' },
      { type: 'phase', login: '51' }, { login: '52' }, { type: 'status', login: '51' },
      { type: 'alert', login: '51' }, { type: 'reset', server: null });
    await waitFor('the burst', () => numbers().includes(110));
    assert.deepEqual(numbers(), [104, 105, 107, 108, 109, 110]);
    const ids = c.got.filter((m) => m.n).map((m) => m.id);
    assert.deepEqual([...ids].sort(), ids);
    // what comes later comes too, without anything new to wake it
    await at_once({ login: '52' });
    await waitFor('the next', () => numbers().at(-1) === 111);
    await at_once({ login: '52' }, { login: '52' });
    await waitFor('the newest', () => numbers().at(-1) === 113);
    // other rows: what changed in them since their page was made
    await told({ type: 'subscribe', every_ms: 50, after: ids[0],
      accounts: [{ server: 'Demo-1', login: '51' }] });
    await waitFor('what was missed', () => numbers().includes(110, 8));
    assert.deepEqual(numbers().slice(8), [105, 106, 108, 109, 110]);
    assert.equal(c.got.some((m) => m.type === 'reset' && !m.id), false);
    await told({ type: 'subscribe', after: '1-1',
      accounts: [{ server: 'Demo-1', login: '51' }] });
    await waitFor('a reset', () => c.got.some((m) => m.type === 'reset' && !m.id));
    assert.ok(live_id);
    for (const [bad, quoted] of [[{ every_ms: -1 }, 'every_ms'],
      [{ every_ms: 10001 }, '10000'], [{ every_ms: 'often' }, 'every_ms'],
      [{ after: 'five' }, '"five"']]) {
      c.ws.send({ type: 'subscribe', ...bad });
      const { code, message } = await c.next('error');
      assert.equal(code, 'bad_subscribe');
      assert.ok(message.includes(quoted), message);
    }
    writer.end();
  });

test('refresh asks collect, once a second at most', async (t) => {
  const rig = await startRig(t);
  const heard = start(t, 'stdbuf', ['-o0', 'redis-cli', '-s',
    rig.redis.socket, 'subscribe', 'refresh']);
  await waitFor('subscribed', () => heard.output().includes('subscribe'));
  const c = await listen(rig);
  const count = () => heard.output().split('\nmessage\n').length - 1;
  for (let i = 0; i < 5; i++) c.ws.send({ type: 'refresh' });
  await waitFor('one', () => count() === 1);
  // one a second is let through
  await waitFor('two', () => {
    c.ws.send({ type: 'refresh' });
    return count() === 2;
  });
});

test('heartbeat: the age of the collector, null where it is not known',
  async (t) => {
    const rig = await startRig(t);
    const c = await listen(rig);
    assert.equal((await c.next('heartbeat')).collector_age_s, null);
    await rig.redis.command('SET', 'collector',
      JSON.stringify({ pid: 1, at_msc: Date.now() - 3000 }), 'EX', '60');
    const beat = await c.next('heartbeat');
    assert.ok(beat.collector_age_s >= 3 && beat.collector_age_s < 15,
      `${beat.collector_age_s}`);
    assert.ok(Math.abs(Date.parse(beat.now_utc) - Date.now()) < 2000);
  });

test('Redis away is said once, and heard of again when it is back',
  async (t) => {
    const rig = await startRig(t);
    const c = await listen(rig);
    await c.next('hello');
    await rig.redis.handle.kill();
    assert.equal((await c.next('error')).code, 'cache_unavailable');
    const late = await listen(rig);
    assert.equal((await late.next('error')).code, 'cache_unavailable');
    // tried again and again, which it does not say each time
    let tries = 0;
    const nobody = net.createServer((socket) => { tries++; socket.destroy(); });
    await once(nobody.listen(rig.redis.socket), 'listening');
    await waitFor('its tries', () => tries >= 8);
    await new Promise((done) => nobody.close(done));
    assert.equal(c.got.filter((m) => m.type === 'error').length, 1);
    await rig.redis.restart();
    await c.next('heartbeat');
    const writer = new Writer(rig.redis);
    await writer.write();
    assert.equal((await c.next('account')).n, 1);
    assert.equal((await late.next('account')).n, 1);
    writer.end();
  });

test('a Redis that hangs is noticed', async (t) => {
  const rig = await startRig(t);
  const c = await listen(rig);
  await c.next('hello');
  process.kill(rig.redis.handle.pid, 'SIGSTOP');
  assert.equal((await c.next('error')).code, 'cache_unavailable');
  process.kill(rig.redis.handle.pid, 'SIGCONT');
  await c.next('heartbeat');
});

test('a gateway that starts before Redis resets who came early', async (t) => {
  const rig = await startRig(t);
  await rig.redis.handle.kill();
  await rig.live.kill('SIGKILL');
  await rig.restartLive({ synced: false });
  const c = await listen(rig);
  assert.equal((await c.next('hello')).live_id, null);
  await rig.redis.restart();
  assert.equal((await c.next('reset')).live_id, '0-0');
});

test('SIGTERM: every client is told 1001, and the program ends with 0',
  async (t) => {
    const rig = await startRig(t);
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => listen(rig)));
    const deaf = await connect(rig.at, '/ws', {}, { read: false });
    const t0 = Date.now();
    const ended = rig.live.kill('SIGTERM');
    for (const c of clients) assert.equal(await c.ws.closed, 1001);
    assert.equal((await ended).code, 0);
    assert.ok(Date.now() - t0 < 5000, 'one that does not read delays little');
    deaf.drop();
  });

test('limits: rate, size, binary, UTF-8, clients of one address', async (t) => {
  const rig = await startRig(t);
  const close = async (bytes) => {
    const c = await connect(rig.at, '/ws');
    c.sendRaw(bytes);
    return c.closed;
  };
  const flood = await listen(rig);
  // in one piece: who still writes when it is closed may lose the reason
  flood.ws.sendRaw(Buffer.concat(Array.from({ length: 40 },
    () => frame(1, '{"type":"ping"}'))));
  assert.equal(await flood.ws.closed, 1008);
  assert.ok(flood.got.some((m) => m.code === 'too_many_messages'));
  assert.equal(await close(frame(1, 'x'.repeat(40000))), 1009);
  assert.equal(await close(frame(2, 'abc')), 1003);
  assert.equal(await close(frame(1, Buffer.from([0xff, 0xfe]))), 1007);
  // a message in parts is one message
  const c = await listen(rig);
  c.ws.sendRaw(frame(1, '{"type":', { fin: false }));
  c.ws.sendRaw(frame(0, '"ping"}'));
  await c.next('pong');
  const options = { headers: { 'X-Real-IP': '192.0.2.7' } };
  const many = [];
  for (let i = 0; i < 512; i++) many.push(await connect(rig.at, '/ws', {}, options));
  assert.equal(await refused(rig, '/ws', options), 429);
  assert.equal(await refused(rig, '/ws',
    { headers: { 'X-Real-IP': '192.0.2.8' } }), 101);
  for (const ws of many) ws.drop();
  await waitFor('room again', async () =>
    await refused(rig, '/ws', options) === 101);
});

test('behind nginx: who may, and from which page', async (t) => {
  const rig = await startRig(t);
  const nginx = await startNginx(t, rig);
  const { Cookie, Origin } = nginx.headers;
  const status = (headers) => refused(rig, '/ws', { headers }, nginx.at);
  assert.equal(await status({ Cookie, Origin }), 101);
  assert.equal(await status({ Cookie }), 101, 'no browser: no Origin');
  assert.equal(await status({ Origin }), 401);
  assert.equal(await status({ Cookie, Origin: 'https://evil.example' }), 403);
});

test("Python's websockets is a client, too", async (t) => {
  const rig = await startRig(t);
  const nginx = await startNginx(t, rig);
  const writer = new Writer(rig.redis);
  await writer.write();
  const python = start(t, '/usr/bin/python3', ['tests/system/live_client.py',
    `ws://127.0.0.1:${nginx.at.port}/ws?after=0-0`, '200']);
  for (let i = 0; i < 199; i++) await writer.write();
  const { code, output } = await python.exited;
  assert.equal(output.trim(), 'hello, 200 in order, pong');
  assert.equal(code, 0);
  writer.end();
});

test('options: -V, -h, -n and what is wrong, quoted', async (t) => {
  const dir = tmp(t);
  const live = (args, env = {}) => run(t, bin('live'), args, { env: {
    MT5FLEET_CONFIG: undefined, STATE_DIR: dir, ...env } });
  assert.match((await live(['-V'])).output, /^live \d+\.\d+/);
  assert.match((await live(['-h'])).output, /usage: live/);
  assert.equal((await live(['-n'])).code, 0);
  const bad = await live(['-n'], { LIVE_PORT: 'seven' });
  assert.equal(bad.code, 2);
  assert.match(bad.output, /LIVE_PORT.*"seven"/);
  assert.equal((await live(['-n'], { LIVE_SOCKET:
    path.join(dir, 'x'.repeat(120)) })).code, 2);
  assert.equal((await live(['-n'], { REDIS_URL: 'http://x' })).code, 2);
  const unknown = await live(['-x']);
  assert.equal(unknown.code, 2);
});

test('a second gateway does not take the socket away', async (t) => {
  const rig = await startRig(t);
  const second = await run(t, bin('live'), [], { env: { STATE_DIR: rig.dir,
    MT5FLEET_CONFIG: undefined, LIVE_SOCKET: rig.at.path,
    ...rig.redis.env } });
  assert.equal(second.code, 1);
  assert.match(second.output, /another gateway listens/);
  assert.equal(await refused(rig, '/ws'), 101);
});

// alerts.test.mjs: the job that calls people: real Redis, a real webhook.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { bin, run, start, startRedis, tmp, waitFor } from './lib.mjs';
import { seed } from '../sheets/ledger.mjs';
import { cgi, cgiPostJson } from './cgi_lib.mjs';
import { openRedis } from './resp.mjs';

/** A webhook that keeps what it is sent: {url, got, status}. */
function startHook(t) {
  const hook = { got: [], status: 200 };
  const server = http.createServer((req, res) => {
    let text = '';
    req.on('data', (data) => { text += data; });
    req.on('end', () => {
      hook.got.push({ status: hook.status, text, path: req.url,
        type: req.headers['content-type'] });
      res.writeHead(hook.status).end('ok');
    });
  });
  t.after(() => server.close());
  return new Promise((done) => server.listen(0, '127.0.0.1', () => {
    hook.url = `http://127.0.0.1:${server.address().port}/hook?token=secret1`;
    done(hook);
  }));
}

/** Seconds a fault lasts here before it is one. */
const AFTER = 3;

async function rig(t, env = {}) {
  const redis = await startRedis(t);
  const hook = await startHook(t);
  const r = openRedis(redis.socket);
  t.after(() => r.end());
  // a heartbeat is written once here, and is to count as long as the test runs
  const dir = tmp(t);
  const all = { MT5FLEET_CONFIG: undefined, ...redis.env,
    CACHE_TTL: '600', STATE_DIR: dir, ALERT_URL: hook.url,
    ALERT_AFTER: String(AFTER), ...env };
  const beat = () => r.command('SET', 'collector',
    JSON.stringify({ pid: 1, at_msc: Date.now() }));
  await beat();
  return {
    r, hook, redis, beat, dir, env: all,
    alert: (key, level, text = `${key} is ${level}`, more = {}) =>
      r.command('XADD', 'alert-stream', '*', 'type', 'alert', 'data', JSON.stringify(
        { type: 'alert', key, level, server: null, login: null, text, ...more })),
    once: () => run(t, bin('alerts'), ['--for', '0'], { env: all }),
    start: () => start(t, bin('alerts'), ['--for', '50'], { env: all }),
    run: (...args) => run(t, bin('alerts'), args, { env: all }),
    told: () => hook.got.filter((m) => m.status === 200)
      .flatMap((m) => JSON.parse(m.text).alerts.map((a) => `${a.key} ${a.what}`)),
  };
}

test('an alert is told when it begins and when it ended, over runs', async (t) => {
  const g = await rig(t);
  await g.alert('status/S/1', 'critical', 'S 1 on vps01: terminal_down',
    { server: 'S', login: '1' });
  const first = await g.once();
  assert.equal(first.code, 0, first.output);
  assert.deepEqual(g.told(), ['status/S/1 began']);
  const [{ alerts: [a] }] = g.hook.got.map((m) => JSON.parse(m.text));
  assert.equal(a.text, 'S 1 on vps01: terminal_down');
  assert.equal(a.server, 'S');
  assert.ok(Math.abs(Date.parse(a.since_utc) - Date.now()) < 20000);
  await g.once();
  assert.equal(g.told().length, 1, 'the next run does not say it again');
  await g.alert('status/S/1', 'info');
  await g.once();
  assert.deepEqual(g.told(), ['status/S/1 began', 'status/S/1 ended']);
  assert.ok(!first.output.includes('secret1'), 'the URL is in no log');
});

test('a running job tells within seconds; what comes together goes together',
  async (t) => {
    const g = await rig(t);
    const job = g.start();
    await Promise.all([g.alert('a', 'warn'), g.alert('b', 'critical')]);
    await waitFor('told', () => g.told().length === 2, 5000);
    assert.ok((await job.kill('SIGTERM')).code === 0);
    const list = JSON.parse((await g.run('--list')).output);
    assert.deepEqual(list.alerts.map((a) => [a.key, a.open]),
      [['a', true], ['b', true]]);
  });

test('a mute of an account holds under its new name', async (t) => {
  const g = await rig(t);
  const account = { server: 'S', login: '1', node: 'vps01', currency: 'USD',
    currency_digits: 2, offset_s: 10800 };
  await seed(t, path.join(g.dir, 'ledger.db'), [{ account },
    { account: { ...account, login: '5' } }]);
  await g.run('--mute', 'S/1', '--minutes', '10');
  await g.run('--mute', 'daily_loss/S/5', '--minutes', '10');
  for (const [from, to] of [['S:1', 'New:2'], ['S:5', 'New:6']]) {
    const renamed = await run(t, bin('mt5fleet'), ['account', 'rename', from, to],
      { env: { STATE_DIR: g.dir } });
    assert.equal(renamed.code, 0, renamed.output);
  }
  await g.alert('status/New/2', 'critical', 'a', { server: 'New', login: '2' });
  await g.alert('daily_loss/New/6', 'critical', 'b', { server: 'New', login: '6' });
  await g.alert('max_loss/New/6', 'critical', 'c', { server: 'New', login: '6' });
  await g.once();
  assert.deepEqual(g.told(), ['max_loss/New/6 began']);
  await g.run('--mute', 'S/1', '--minutes', '0');
  await g.once();
  assert.deepEqual(g.told(), ['max_loss/New/6 began', 'status/New/2 began']);
});

test('what is muted and acknowledged on the page counts for the job, and by whom', async (t) => {
  const g = await rig(t);
  await g.once(); // makes the ledger
  const made = await run(t, bin('mt5fleet'), ['token', 'add', 'desk', '--scope', 'write'],
    { env: g.env });
  const say = (body) => cgiPostJson('admin.fcgi', '/api/alerts', body, made.stdout.trim(), g.env);
  const list = async () => (await cgi(t, 'admin.fcgi', '/api/alerts', { ...g.env,
    HTTP_AUTHORIZATION: `Bearer ${made.stdout.trim()}` })).json;
  assert.deepEqual(await list(), { alerts: [], mutes: [], acks: [] });
  assert.equal(say({ action: 'mute', keys: ['node/vps01', 'S/1'], minutes: 10 }).status, 200);
  await g.alert('node/vps01', 'critical');
  await g.alert('node/vps02', 'critical');
  await g.alert('status/S/1/vps01', 'critical', 'x', { server: 'S', login: '1' });
  await g.once();
  assert.deepEqual(g.told(), ['node/vps02 began']);
  const now = await list();
  assert.deepEqual(now.alerts.map((a) => [a.key, a.open, a.level]).sort(),
    [['node/vps01', true, 'critical'], ['node/vps02', true, 'critical'],
      ['status/S/1/vps01', true, 'critical']]);
  assert.deepEqual(now.mutes.map((m) => [m.key, m.who]),
    [['S/1', 'token:desk'], ['node/vps01', 'token:desk']]);
  const left = Date.parse(now.mutes[0].until_utc) - Date.now();
  assert.ok(left > 8 * 60000 && left <= 10 * 60000);
  // by the command, too: taken back on the page it is gone
  await g.run('--mute', 'node/vps01', '--minutes', '10');
  assert.equal(say({ action: 'unmute', keys: ['node/vps01', 'S/1', 'never/was'] }).status, 200);
  await g.once();
  assert.deepEqual(g.told().sort(), ['node/vps01 began', 'node/vps02 began',
    'status/S/1/vps01 began']);
  assert.equal(say({ action: 'ack', keys: ['node/vps02'] }).status, 200);
  assert.deepEqual((await list()).acks.map((a) => [a.key, a.who]), [['node/vps02', 'token:desk']]);
  assert.equal(say({ action: 'unack', keys: ['node/vps02'] }).status, 200);
  assert.deepEqual((await list()).acks, []);
  for (const [body, quoted] of [[{ action: 'shout', keys: ['a'] }, /shout/],
    [{ action: 'mute', keys: ['a'] }, /minutes/], [{ action: 'mute', keys: ['a'], minutes: 43201 }, /minutes/],
    [{ action: 'ack', keys: [] }, /keys/], [{ action: 'ack', keys: [7] }, /keys/],
    [{ action: 'ack', keys: [''] }, /keys/], [{ action: 'ack', keys: ['x'.repeat(401)] }, /keys/],
    [{ action: 'ack' }, /keys/], [{ action: 'ack', keys: ['a'], odd: 1 }, /odd/]]) {
    const { status, json } = say(body);
    assert.equal(status, 400, JSON.stringify(body));
    assert.match(json.error.message, quoted);
  }
});

test('mute: one alert, one account, all; told later if it is still so',
  async (t) => {
    const g = await rig(t);
    await g.run('--mute', 'a', '--minutes', '10');
    await g.run('--mute', 'S/1', '--minutes', '10');
    await g.alert('a', 'critical');
    await g.alert('b', 'critical', 'b', { server: 'S', login: '1' });
    await g.alert('c', 'critical', 'c', { server: 'S', login: '2' });
    await g.once();
    assert.deepEqual(g.told(), ['c began']);
    await g.run('--mute', 'all', '--minutes', '10');
    await g.run('--mute', 'a', '--minutes', '0');
    await g.once();
    assert.deepEqual(g.told(), ['c began']);
    await g.run('--mute', 'all', '--minutes', '0');
    await g.once();
    assert.deepEqual(g.told(), ['c began', 'a began']);
    await g.alert('b', 'info', 'b');
    await g.run('--mute', 'S/1', '--minutes', '0');
    await g.once();
    assert.equal(g.told().length, 2, 'over before anyone was called');
  });

test('a webhook that fails is tried again, and nothing is lost', async (t) => {
  const g = await rig(t);
  g.hook.status = 500;
  await g.alert('a', 'critical');
  const failed = await g.once();
  assert.match(failed.output, /webhook: /);
  assert.ok(!failed.output.includes('secret1'));
  await g.once();
  assert.equal(g.hook.got.length, 1, 'not before its time');
  g.hook.status = 200;
  const job = g.start();
  await waitFor('told', () => g.told().length === 1, 15000);
  await job.kill();
});

test('no collector: that alone is told, until it is back', { timeout: 120000 },
  async (t) => {
    const g = await rig(t);
    await g.r.command('DEL', 'collector');
    const job = g.start();
    const t0 = Date.now();
    await waitFor('told', () => g.told().length === 1, 40000);
    assert.ok(Date.now() - t0 > AFTER * 900, 'not at once');
    assert.deepEqual(g.told(), ['collector began']);
    await g.alert('rules/daily/S/1', 'critical');
    await waitFor('it was read', async () => JSON.parse(
      await g.r.command('GET', 'alerts')).alerts.length === 2);
    assert.equal(g.told().length, 1, 'nothing from stale data');
    await g.beat();
    await waitFor('both', () => g.told().length === 3, 10000);
    assert.deepEqual(g.told().slice(1).sort(),
      ['collector ended', 'rules/daily/S/1 began']);
    const entries = await g.r.command('XRANGE', 'live', '-', '+');
    assert.equal(entries.filter(([, f]) => f[3].includes('"collector"')).length,
      2, 'the pages hear of it too');
    await job.kill();
  });

test('a collector is not missed while nobody could look for it', async (t) => {
  const g = await rig(t, { ALERT_AFTER: '60' });
  const seen = (more) => g.r.command('SET', 'alerts', JSON.stringify({
    last_id: '0-0', collector_seen_msc: Date.now() - 120000, alerts: [], ...more }));
  await g.r.command('DEL', 'collector');
  await seen({});
  await g.once();
  await g.once();
  assert.deepEqual(g.told(), [], 'its patience begins now');
  await seen({ looked_msc: Date.now() + 60000 }); // not later than now
  await g.once();
  assert.deepEqual(g.told(), ['collector began'], 'it was looked for all the time');
});

test('a node that no collector asks is told, where one runs', { timeout: 90000 },
  async (t) => {
    const dir = tmp(t), file = path.join(dir, 'nodes.json');
    const g = await rig(t, { NODES_FILE: file });
    const write = (...list) => fs.writeFileSync(file, JSON.stringify(list.map(
      ([id, more]) => ({ id, url: 'http://127.0.0.1:1', ...more }))));
    const polled = (id, ago_s) => g.r.command('SET', `node:${id}`,
      JSON.stringify({ node: id, status: 'ok', polled_msc: Date.now() - ago_s * 1000 }));
    write(['a'], ['b'], ['c', { enabled: false }], ['d', { maintenance: true }]);
    await polled('a', 0);
    await polled('b', 1200);
    const job = g.start();
    await waitFor('told', () => g.told().length > 0, 45000);
    assert.deepEqual(g.told(), ['asked/b began']);
    await polled('b', 0);
    await waitFor('its end', () => g.told().length > 1, 15000);
    assert.deepEqual(g.told(), ['asked/b began', 'asked/b ended']);
    await g.r.command('XADD', 'alert-stream', '*', 'type', 'alert', 'data', JSON.stringify(
      { type: 'alert', key: 'asked/gone', level: 'critical', text: 'gone' }));
    await waitFor('the end of one that is no more', () =>
      g.told().includes('asked/gone ended'), 15000);
    await job.kill();
  });

test('without Redis that alone is told, until it is back',
  { timeout: 120000 }, async (t) => {
    const g = await rig(t);
    await g.alert('a', 'critical');
    await g.once();
    assert.deepEqual(g.told(), ['a began']);
    await g.redis.handle.kill('SIGKILL');
    const one = await g.once();
    assert.equal(one.code, 1);
    assert.match(one.output, /redis: /);
    assert.equal(g.told().length, 1, 'not at once');
    const job = g.start();
    await waitFor('told', () => g.told().length === 2, 40000);
    const { alerts: [a] } = JSON.parse(g.hook.got.at(-1).text);
    assert.deepEqual([a.key, a.what, a.level], ['redis', 'began', 'critical']);
    assert.equal((await job.kill('SIGTERM')).code, 1);
    await g.once();
    assert.equal(g.told().length, 2, 'once');
    await g.redis.restart();
    g.hook.status = 503;
    await g.once();
    g.hook.status = 200;
    const last = await g.once();
    assert.equal(last.code, 0, last.output);
    assert.deepEqual(g.told().slice(2), ['redis ended']);
    const [failed, sent] = g.hook.got.slice(-2)
      .map((m) => JSON.parse(m.text).alerts[0]);
    assert.equal(failed.what, 'ended');
    assert.equal(sent.since_utc, failed.since_utc,
      'since it answered, not since the webhook did');
    await g.once();
    assert.equal(g.told().length, 3);
  });

test('a clock that was set back silences nothing', async (t) => {
  const g = await rig(t);
  const later = Date.now() + 3600e3;
  await g.r.command('SET', 'alerts', JSON.stringify({ last_id: '0-0',
    collector_seen_msc: later, try_msc: later, failures: 3, alerts: [{ key: 'a',
      level: 'info', text: 'a', open: false, since_msc: later, told_msc: later,
      due: 0 }] }));
  await g.alert('b', 'critical');
  await g.once();
  assert.deepEqual(g.told(), ['b began']);
  const { alerts, collector_seen_msc } = JSON.parse(await g.r.command('GET', 'alerts'));
  assert.ok(collector_seen_msc < later && alerts[0].told_msc < later);
});

test('ntfy gets plain text, telegram its JSON; without a URL all is well',
  async (t) => {
    const g = await rig(t, { ALERT_FORMAT: 'ntfy' });
    await g.alert('a', 'critical', 'S 1: not_logged_in');
    await g.once();
    assert.match(g.hook.got[0].text,
      /^CRITICAL: S 1: not_logged_in \(since \d{4}-\d\d-\d\dT[\d:]{8}Z\)\n$/);
    assert.match(g.hook.got[0].type, /text\/plain/);
    const h = await rig(t, { ALERT_FORMAT: 'telegram' });
    await h.alert('a', 'warn', 'x');
    await h.once();
    assert.match(JSON.parse(h.hook.got[0].text).text, /^warning: x /);
    const n = await rig(t, { ALERT_URL: '' });
    await n.alert('a', 'warn', 'x');
    assert.equal((await n.once()).code, 0);
  });

test('what does not fit is the least of it', async (t) => {
  const g = await rig(t, { ALERT_FORMAT: 'ntfy' });
  for (let i = 0; i < 60; i++)
    await g.alert(`w${i}`, 'warn', `S ${i} on vps01: broker_disconnected`);
  await g.alert('c', 'critical', 'S 99 on vps02: terminal_down');
  await g.once();
  assert.match(g.hook.got[0].text, /^CRITICAL: S 99 on vps02: terminal_down/);
  assert.match(g.hook.got[0].text, /and \d+ more\n$/);
});

test('what is wrong is quoted; two runs are one', async (t) => {
  const g = await rig(t);
  const bad = await run(t, bin('alerts'), ['-n'],
    { env: { MT5FLEET_CONFIG: undefined, ALERT_FORMAT: 'pigeon' } });
  assert.equal(bad.code, 2);
  assert.match(bad.output, /ALERT_FORMAT.*"pigeon"/);
  assert.match((await g.run('--for', 'ever')).output, /"ever"/);
  assert.equal((await g.run('--mute', 'a')).code, 2);
  const job = g.start();
  await g.alert('a', 'warn');
  await waitFor('told', () => g.told().length === 1);
  assert.match((await g.once()).output, /another run/);
  await job.kill();
});

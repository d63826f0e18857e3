// collect.test.mjs: the collector against good, dead and hostile agents.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { answering, document, dripping, flooding, goodAgent, hung, raw,
  TERMINAL } from './agents.mjs';
import { testClock } from './clock.mjs';
import { entry, setting } from './collect_lib.mjs';
import { bin, freePort, run, start, startAgent,
  startTerminal, tmp, waitFor } from './lib.mjs';
import { test } from './together.mjs';

test('an answer is in Redis as docs/redis.md has it', async (t) => {
  const agent = await goodAgent(t, 52001001);
  const position = { ticket: '9007199254740995', time: 1, time_msc: 1000,
    type: 0, volume: 0.1, price_open: 1.1, profit: -12.5, symbol: 'EURUSD',
    comment: '=1+1, "quoted" é', magic: '-5' };
  agent.show(document(52001001, { positions: [position] }));
  const s = await setting(t, [{ id: 'vps01', url: agent.url }]);
  const { code, output } = await s.once();
  assert.equal(code, 0, output);

  const text = await s.get('snapshot:vps01');
  assert.equal(text, await s.get('last:vps01'));
  const ttl = Number(await s.redis.command('TTL', 'snapshot:vps01'));
  assert.ok(ttl > 55 && ttl <= 60, `TTL ${ttl}`);
  assert.equal(await s.redis.command('TTL', 'last:vps01'), '-1');
  const [head, detail, positions, orders, end] =
    text.split('\n').map((l) => (l ? JSON.parse(l) : l));
  assert.equal(end, undefined);
  assert.equal(head.node, 'vps01');
  assert.equal(head.status, 'ok');
  assert.equal(head.accounts.length, 1);
  const a = head.accounts[0];
  assert.equal(a.login, '52001001');
  assert.equal(a.status, 'ok');
  assert.equal(a.balance, 6047.22);
  assert.equal(a.currency_digits, 2);
  assert.ok(Math.abs(Date.now() - a.at_msc) < 5000);
  const sent = agent.terminals[0].snapshot;
  assert.deepEqual(detail.account, sent.account);
  assert.equal(Object.keys(detail.account).length, 28);
  assert.equal(Object.keys(detail.terminal).length, 22);
  assert.equal(detail.positions, 1);
  assert.equal(detail.broker_offset_s, 10800);
  assert.deepEqual(detail.equity_range, sent.equity);
  assert.deepEqual(detail.history, sent.history);
  assert.equal(detail.cash, 1);
  assert.equal(a.cash, 1, 'the head says it, too');
  assert.equal(positions[0].ticket, '9007199254740995');
  assert.equal(positions[0].comment, position.comment);
  assert.equal(positions[0].swap, null, 'what was not told is null');
  assert.deepEqual(orders, []);
  const node = await s.node('vps01');
  assert.equal(node.status, 'ok');
  assert.equal(node.terminals, 1);
  assert.equal(node.error, null);
  const events = await s.events();
  assert.deepEqual(events.map((e) => e.type), ['status', 'account']);
  assert.deepEqual(events[1].account, sent.account);
  assert.equal(events[1].since_utc, new Date(a.since_msc).toISOString());
});

test('a number that is not told is null, never 0', async (t) => {
  const agent = await goodAgent(t, 1);
  const doc = document(1, { account: { balance: '6047', equity: null } });
  delete doc.account.profit;
  agent.show(doc);
  const s = await setting(t, [{ id: 'a', url: agent.url }]);
  await s.once();
  const a = await entry(s, 'a');
  assert.equal(a.balance, null);
  assert.equal(a.equity, null);
  assert.equal(a.profit, null);
  assert.equal(a.credit, 0);
});

test('each kind of bad answer harms only its own row', async (t) => {
  const good = await goodAgent(t, 1, { token: 'right' });
  const noServer = document(1);
  delete noServer.account.server;
  const whole = (terminals) => JSON.stringify({ rev: 'a-1',
    agent: { name: 'x' }, terminals });
  const terminal = (snapshot, more) => ({ terminal_id: TERMINAL, age_ms: 1,
    bridge: 'ok', process: null, snapshot, ...more });
  const bad = {
    html: [await answering(t, '<html><body>hello'),
      /not JSON: "<html><body>hello"/],
    cut: [await answering(t, '{"rev":"a-1","terminals":['), /not JSON/],
    empty: [await answering(t, ''), /not JSON: ""/],
    list: [await answering(t, '[1,2]'), /not JSON/],
    norev: [await answering(t, '{"terminals":[]}'), /no rev/],
    noserver: [await answering(t, whole([terminal(noServer)])),
      /terminal 0123456789abcdef: an account without a server/],
    textage: [await answering(t, whole([terminal(document(1), { age_ms: '5' })])),
      /without an age/],
    nopositions: [await answering(t,
      whole([terminal({ ...document(1), positions: {} })])), /positions/],
    noticket: [await answering(t,
      whole([terminal({ ...document(1), orders: [{ type: 1 }] })])), /orders/],
    stale: [await answering(t, '{"rev":"b-9","unchanged":true,"terminals":[]}'),
      /unchanged since "b-9"/],
    million: [await answering(t, `[${'0,'.repeat(1100000)}0]`),
      /too many values/],
    e500: [await answering(t, 'oops', 500), /HTTP 500/],
    redirect: [await answering(t, (req, res) => {
      res.writeHead(302, { Location: good.url });
      res.end();
    }), /HTTP 302/],
    closed: [await raw(t, (c) => c.end()), /closed without an answer/],
    garbage: [await raw(t, (c) => c.end('\x00\x01\x02 not HTTP\r\n\r\n')), /./],
  };
  const nodes = Object.entries(bad).map(([id, [{ url }]]) => ({ id, url }));
  nodes.push({ id: 'refused', url: `http://127.0.0.1:${await freePort()}` });
  nodes.push({ id: 'good', url: good.url, token: 'right' });
  nodes.push({ id: 'token', url: good.url, token: 'secret-and-wrong' });
  const s = await setting(t, nodes);
  const { code, output } = await s.once();
  assert.equal(code, 1, 'some failed: the exit code says so');
  for (const [id, [, error]] of Object.entries(bad)) {
    const node = await s.node(id);
    assert.equal(node.status, 'unreachable', id);
    assert.match(node.error, error, id);
    assert.equal(await s.get(`snapshot:${id}`), null, id);
  }
  assert.match((await s.node('refused')).error, /connection refused/);
  assert.equal((await s.node('token')).status, 'unauthorized');
  assert.match((await s.node('token')).error, /HTTP 401/);
  assert.equal((await s.node('good')).status, 'ok');
  assert.equal((await entry(s, 'good')).status, 'ok');
  assert.doesNotMatch(output, /secret-and-wrong|right/);
});

// the longest first: what runs beside them waits for them
test('real agent, real terminal: killed and back', async (t) => {
  if (!fs.existsSync(bin('mt5fleet-agent')) || !fs.existsSync(bin('terminal')))
    return t.skip('agent or terminal is not built');
  const dir = tmp(t);
  const terminal = startTerminal(t, dir, ['--seed', 5]);
  const agent = await startAgent(t, terminal.common);
  const s = await setting(t, [{ id: 'a', url: agent.url }]);
  s.collect();
  const first = await waitFor('the row', async () => {
    const a = await entry(s, 'a');
    return a?.status === 'ok' && a;
  });
  const detail = JSON.parse((await s.get('snapshot:a')).split('\n')[1]);
  assert.equal(Object.keys(detail.account).length, 28);
  for (const [name, value] of Object.entries(detail.account))
    assert.notEqual(value, null, name);
  await agent.handle.kill('SIGKILL');
  await waitFor('unreachable', async () =>
    (await s.node('a')).status === 'unreachable', 5000);
  assert.equal(await s.get('snapshot:a'), null);
  assert.equal((await s.json('last:a')).accounts[0].login, first.login);
  await startAgent(t, terminal.common, { AGENT_PORT: String(agent.port) });
  await waitFor('the row again', () => entry(s, 'a'), 5500);
  // its terminal dies: the bridge falls silent
  await terminal.handle.kill('SIGKILL');
  await waitFor('bridge_silent', async () =>
    (await entry(s, 'a'))?.status === 'bridge_silent', 15000);
});

test('hung, flooding and dripping agents delay no other row', async (t) => {
  const agents = [];
  for (let i = 0; i < 8; i++) agents.push(await goodAgent(t, 100 + i));
  const nodes = agents.map((a, i) => ({ id: `good${i}`, url: a.url }));
  const s = await setting(t, nodes, { POLL_WAIT: '2' });
  const collector = s.collect();
  // the oldest value of any good row, watched for a while
  const worst = async (ms) => {
    let age = 0;
    const until = Date.now() + ms;
    while (Date.now() < until) {
      for (let i = 0; i < agents.length; i++) {
        const a = await entry(s, `good${i}`);
        assert.ok(a, `good${i} is live`);
        age = Math.max(age, Date.now() - a.at_msc);
      }
    }
    return age;
  };
  await waitFor('all rows', async () => (await Promise.all(
    agents.map((_, i) => entry(s, `good${i}`)))).every(Boolean));
  const before = await worst(3000);
  s.write([...nodes,
    { id: 'hung', url: (await hung(t)).url },
    { id: 'drip', url: (await dripping(t)).url },
    { id: 'flood', url: (await flooding(t, false)).url },
    { id: 'chunks', url: (await flooding(t, true)).url },
    { id: 'html', url: (await answering(t, '<html>')).url },
  ]);
  for (const [id, error] of [['hung', /timed out after 3\.0 s/],
    ['drip', /timed out after 3\.0 s/], ['flood', /answer is larger than/],
    ['chunks', /answer is larger than/], ['html', /not JSON/]])
    await waitFor(`${id} to fail`, async () => {
      const node = await s.node(id);
      return node?.status === 'unreachable' && error.test(node.error);
    });
  const after = await worst(5000);
  assert.ok(after < before + 2000, `age ${before} ms before, ${after} ms after`);
  assert.ok(collector.running());
});

test('an agent that dies and returns', async (t) => {
  const agent = await goodAgent(t, 7);
  const s = await setting(t, [{ id: 'a', url: agent.url }]);
  s.collect();
  const first = await waitFor('the row', () => entry(s, 'a'));
  const last = await s.get('last:a');
  await agent.close();
  let t0 = Date.now();
  const node = await waitFor('unreachable', async () => {
    const n = await s.node('a');
    return n.status === 'unreachable' && n;
  }, 5000);
  assert.ok(Date.now() - t0 < 5000);
  assert.equal(await s.get('snapshot:a'), null, 'no longer live');
  const kept = (await s.json('last:a')).accounts[0];
  assert.equal(kept.balance, 6047.22);
  assert.equal(kept.login, JSON.parse(last.split('\n')[0]).accounts[0].login);
  assert.ok(node.since_msc >= first.at_msc);
  const asked = new Set();
  await waitFor('the longest back-off', async () =>
    asked.add((await s.node('a')).polled_msc).size > 4);
  await goodAgent(t, 7, { port: agent.port });
  t0 = Date.now();
  const back = await waitFor('the row again', () => entry(s, 'a'), 6000);
  assert.ok(Date.now() - t0 < 5500, `back after ${Date.now() - t0} ms`);
  assert.equal(back.status, 'ok');
  assert.ok(back.since_msc > node.since_msc, 'since it is back');
  const words = (await s.events()).filter((e) => e.type === 'status')
    .map((e) => e.status);
  assert.deepEqual(words, ['ok', 'unreachable', 'ok']);
});

test('a change reaches the stream at once', async (t) => {
  const agent = await goodAgent(t, 7);
  const s = await setting(t, [{ id: 'a', url: agent.url }]);
  s.collect();
  await waitFor('a long poll', () => agent.waiting.size === 1);
  const n = (await s.events()).length;
  const t0 = Date.now();
  agent.show(document(7, { account: { balance: 1.5 } }));
  const event = await waitFor('the event', async () => (await s.events())[n]);
  assert.equal(event.account.balance, 1.5);
  assert.ok(Date.now() - t0 < 500, `after ${Date.now() - t0} ms`);
  // the same again is no event
  await waitFor('a long poll', () => agent.waiting.size === 1);
  agent.show(document(7, { account: { balance: 1.5 } }));
  await waitFor('a long poll', () => agent.waiting.size === 1);
  assert.equal((await s.events()).length, n + 1);
});

test('statuses: terminal, bridge, login, pins', async (t) => {
  const agent = await goodAgent(t, 7);
  const s = await setting(t, [{ id: 'a', url: agent.url,
    accounts: [{ server: 'Test-Live', login: '7' }] }], { POLL_WAIT: '1' });
  s.collect();
  const becomes = (word, i = 0) => waitFor(word, async () => {
    const a = (await s.snapshot('a'))?.accounts;
    return a?.[i]?.status === word && a;
  });
  const T = (more, doc = document(7)) => ({ terminal_id: TERMINAL, age_ms: 5,
    bridge: 'ok', process: null, snapshot: doc, ...more });
  await becomes('ok');
  agent.set([T({ process: 'down' })]);
  await becomes('terminal_down');
  agent.set([T({ bridge: 'silent', age_ms: 11000 })]);
  await becomes('bridge_silent');
  agent.set([T({}, document(7, { terminal: { connected: false } }))]);
  await becomes('broker_disconnected');
  agent.set([T({}, document(7, { history: { complete: false } }))]);
  await becomes('history_syncing');
  agent.set([T({}, document(7, { account: { trade_allowed: false } }))]);
  await becomes('read_only');
  agent.set([T({}, document(7, { terminal: { trade_allowed: false } }))]);
  await becomes('trading_disabled');
  agent.set([T({})]);
  const [was] = await becomes('ok');
  // nobody is logged in: the last values stay and grow old
  agent.set([T({}, { ...document(7), account: null })]);
  let [a] = await becomes('not_logged_in');
  assert.equal(a.balance, 6047.22);
  assert.ok(a.at_msc - was.at_msc < 5000);
  // another login took the terminal: both are told, one of them wrong twice
  agent.set([T({}, document(8, { account: { balance: 1 } }))]);
  const both = await becomes('wrong_account', 1);
  assert.deepEqual(both.map((x) => [x.login, x.status, x.balance]),
    [['7', 'wrong_account', 6047.22], ['8', 'wrong_account', 1]]);
  const old = both[0].at_msc;
  // an "unchanged" must not renew what is not there
  const seen = agent.seen.length;
  await waitFor('it is unchanged', () => agent.seen.length > seen + 3);
  [a] = (await s.snapshot('a')).accounts;
  assert.equal(a.at_msc, old);
  // all terminals gone
  agent.set([]);
  await waitFor('the head', async () => (await s.snapshot('a')).status === 'terminal_down');
  agent.set([T({})]);
  await becomes('ok');
  assert.equal((await s.snapshot('a')).accounts[1].status, 'stale',
    'not pinned and no longer there');
});

test('nodes.json changes while it runs', async (t) => {
  const one = await goodAgent(t, 1), two = await goodAgent(t, 2);
  const s = await setting(t, [{ id: 'one', url: one.url }]);
  const collector = s.collect();
  await waitFor('one', () => entry(s, 'one'));
  s.write([{ id: 'one', url: one.url }, { id: 'two', url: two.url }]);
  await waitFor('two', () => entry(s, 'two'));
  fs.writeFileSync(s.file, '[{"id":"one","url":"ftp://x"}]');
  await waitFor('the complaint', () => collector.output().includes('ftp://x'));
  assert.match(collector.output(), /nodes\.json:1: .*"ftp:\/\/x"/);
  await waitFor('two, still', async () =>
    Date.now() - (await s.node('two')).polled_msc < 1000);
  s.write([{ id: 'one', url: one.url, enabled: false },
    { id: 'two', url: two.url }]);
  await waitFor('one to go', async () => (await s.get('snapshot:one')) === null);
  assert.notEqual(await s.get('last:one'), null, 'off is not forgotten');
  s.write([{ id: 'two', url: one.url }]);
  await waitFor('two at its new address', async () =>
    (await s.snapshot('two'))?.accounts.some((a) => a.login === '1'));
  assert.equal(await s.get('last:one'), null, 'forgotten');
});

test('runs take over from one another without a gap', async (t) => {
  const agents = [];
  for (let i = 0; i < 5; i++) agents.push(await goodAgent(t, i + 1));
  const s = await setting(t, agents.map((a, i) => ({ id: `n${i}`, url: a.url })));
  // by TCP the monitor tells the connections apart
  const port = await freePort();
  start(t, 'redis-server', ['--port', String(port), '--bind', '127.0.0.1',
    '--save', '', '--appendonly', 'no', '--dir', s.dir]);
  s.env.REDIS_URL = `redis://127.0.0.1:${port}`;
  s.env.REDIS_USERS = '';
  const cli = (...args) => run(t, 'redis-cli', ['-p', String(port), ...args]);
  await waitFor('redis', async () => (await cli('PING')).code === 0);
  const monitor = start(t, 'redis-cli', ['-p', String(port), 'MONITOR']);
  let seen = '';
  monitor.child.stdout.on('data', (data) => { seen += data; });
  await waitFor('the monitor', () => seen.includes('OK'));

  const runs = [s.collect()];
  // each is left at work for some beats
  const beats = () => new Set(seen.match(/"SET" "collector" .*/g)).size;
  const atWork = async () => {
    await waitFor('the turn of the last', async () =>
      runs.filter((r) => r.running()).length === 1);
    const before = beats();
    await waitFor('its beats', () => beats() >= before + 2);
  };
  await atWork();
  for (let i = 0; i < 4; i++) {
    runs.push(s.collect());
    if (i === 2) runs.push(s.collect()); // two at once
    await atWork();
  }
  assert.equal(runs.filter((r) => r.running()).length, 1, 'one is left');
  for (const r of runs) if (!r.running()) assert.equal((await r.exited).code, 0);
  await runs.find((r) => r.running()).kill();
  await waitFor('the monitor to end', () => /"SET" "node:n4"/.test(seen));
  await monitor.kill();

  const writes = [...seen.matchAll(
    /^(\d+\.\d+) \[0 127\.0\.0\.1:(\d+)\] "SET" "(collector|snapshot:n0|\w+)/gm)]
    .map(([, at, who, key]) => ({ at: Number(at), who, key }));
  const gap = (key) => {
    const times = writes.filter((w) => w.key === key).map((w) => w.at);
    assert.ok(times.length > 4, `${times.length} writes of ${key}`);
    return Math.max(...times.slice(1).map((at, i) => at - times[i]));
  };
  t.diagnostic(`longest gap of collector ${gap('collector').toFixed(3)} s`);
  // a beat each second; without a hand-over the next run would be a minute away,
  // and ten seconds are what a slow machine may take
  assert.ok(gap('collector') < 10, `${gap('collector')} s between two beats`);
  // each run writes by one connection of its own, and never again once
  // another one did
  const order = [];
  for (const w of writes) if (w.who !== order.at(-1)) order.push(w.who);
  assert.ok(order.length >= 5, `${order.length} writers`);
  assert.equal(new Set(order).size, order.length, `in turns: ${order}`);

  // taking over changes no status: each account became ok once
  const words = seen.match(/"XADD" "live" .*?"type" "status"/g);
  assert.equal(words.length, 5);
  for (const id of ['n0', 'n4']) {
    const { output } = await cli('GET', `snapshot:${id}`);
    assert.equal(JSON.parse(output.split('\n')[0]).accounts[0].status, 'ok');
  }
});

test('a run that hangs is killed and replaced', async (t) => {
  const agent = await goodAgent(t, 1);
  const s = await setting(t, [{ id: 'a', url: agent.url }]);
  const old = s.collect();
  await waitFor('the row', () => entry(s, 'a'));
  old.child.kill('SIGSTOP');
  const t0 = Date.now();
  const next = s.collect();
  const { signal } = await old.exited;
  assert.equal(signal, 'SIGKILL');
  await waitFor('the next one', async () =>
    (await s.json('collector')).pid === next.pid);
  assert.ok(Date.now() - t0 < 3500, `${Date.now() - t0} ms`);
});

test('the lock names no one else\'s process', async (t) => {
  const s = await setting(t, []);
  const bystander = start(t, 'sleep', ['60']);
  // the pid of a stranger in the file, the lock held by flock(1)
  const lock = path.join(s.dir, 'collect.lock');
  const holder = start(t, 'flock', ['--no-fork', lock, 'sleep', '60']);
  await waitFor('the lock', async () =>
    (await run(t, 'flock', ['-n', lock, 'true'])).code !== 0);
  fs.writeFileSync(lock, `${bystander.pid}\n`);
  const { code, output } = await run(t, bin('collect'), ['--for', '1'],
    { env: s.env });
  assert.equal(code, 1);
  assert.match(output, /lock is held by another process/);
  assert.ok(bystander.running());
  assert.ok(holder.running());
});

test('kill -9: rows live until their TTL, the next run heals', async (t) => {
  const agent = await goodAgent(t, 1);
  const s = await setting(t, [{ id: 'a', url: agent.url }],
    { CACHE_TTL: '4', POLL_WAIT: '1' });
  const collector = s.collect();
  const before = await waitFor('the row', () => entry(s, 'a'));
  await waitFor('the row renewed', () => agent.seen.length > 3);
  await collector.kill('SIGKILL');
  const t0 = Date.now();
  assert.ok(await entry(s, 'a'), 'still live');
  await waitFor('the TTL to end', async () => !(await entry(s, 'a')), 6000);
  const lived = Date.now() - t0;
  assert.ok(lived > 2500 && lived < 4500, `${lived} ms`);
  assert.equal((await s.json('last:a')).accounts[0].balance, 6047.22);
  s.collect();
  const after = await waitFor('the row again', () => entry(s, 'a'), 3000);
  assert.ok(after.since_msc > before.since_msc, 'it was stale in between');
});

test('Redis killed and restarted, and emptied', async (t) => {
  const agents = [];
  for (let i = 0; i < 5; i++) agents.push(await goodAgent(t, i + 1));
  const dead = await freePort();
  const s = await setting(t, [...agents.map((a, i) => ({ id: `n${i}`, url: a.url })),
    { id: 'dead', url: `http://127.0.0.1:${dead}` }], { POLL_WAIT: '30' });
  const collector = s.collect();
  const complete = async () => {
    for (let i = 0; i < 5; i++)
      if ((await entry(s, `n${i}`))?.status !== 'ok') return false;
    return (await s.node('dead'))?.status === 'unreachable';
  };
  await waitFor('all rows', complete);
  await s.redis.handle.kill('SIGKILL');
  await waitFor('the complaint', () => /redis: /.test(collector.output()));
  await s.redis.restart();
  const t0 = Date.now();
  await waitFor('all rows again', complete, 3000);
  t.diagnostic(`all was back ${Date.now() - t0} ms after Redis`);
  await s.redis.command('FLUSHALL');
  await waitFor('all rows after FLUSHALL', complete, 3000);
  // a restart between two beats is noticed, too
  await s.redis.handle.kill('SIGKILL');
  await s.redis.restart();
  await waitFor('all rows after a quick restart', complete, 3000);
  assert.ok(collector.running());
});

test('a Redis that takes no writes is away, and said so once', async (t) => {
  const agent = await goodAgent(t, 1);
  const s = await setting(t, [{ id: 'a', url: agent.url }], { CACHE_TTL: '5' });
  const collector = s.collect();
  await waitFor('the row', () => entry(s, 'a'));
  await s.redis.command('CONFIG', 'SET', 'maxmemory', '1');
  await waitFor('the complaint', () => /redis: OOM/.test(collector.output()));
  await waitFor('the row to go', async () => (await s.get('snapshot:a')) === null);
  assert.equal(await s.get('collector'), null);
  assert.equal(collector.output().match(/redis: /g).length, 1, collector.output());
  await s.redis.command('CONFIG', 'SET', 'maxmemory', '0');
  await waitFor('the row again', () => entry(s, 'a'), 3000);
});

test('refresh asks every node at once', async (t) => {
  const agent = await goodAgent(t, 1);
  let calls = 0;
  const dead = await raw(t, (socket) => { calls++; socket.end(); });
  const s = await setting(t, [{ id: 'a', url: agent.url },
    { id: 'dead', url: dead.url }]);
  s.collect();
  await waitFor('the row', () => entry(s, 'a'));
  // the next time it would be asked is 5 s later
  await waitFor('a long back-off', () => calls === 4);
  const before = await waitFor('its result', async () => {
    const at = (await s.node('dead')).polled_msc;
    return Date.now() - at < 1000 && at;
  });
  await s.redis.command('PUBLISH', 'refresh', '');
  await waitFor('the dead one asked again', async () =>
    (await s.node('dead')).polled_msc > before, 1500);
});

test('shards: each polls its own part, all is covered once', async (t) => {
  const agents = [];
  for (let i = 0; i < 6; i++) agents.push(await goodAgent(t, i + 1));
  const s = await setting(t, agents.map((a, i) => ({ id: `n${i}`, url: a.url })));
  s.collect('--shard', '1/2');
  s.collect('--shard', '2/2');
  await waitFor('all rows', async () => (await Promise.all(
    agents.map((_, i) => entry(s, `n${i}`)))).every(Boolean));
  const one = (await s.json('collector')).nodes;
  const two = (await s.json('collector:2')).nodes;
  assert.equal(one + two, 6);
});

test('a bad configuration is quoted, and nothing starts', async (t) => {
  const s = await setting(t, []);
  const bad = async (env, args, pattern) => {
    const { code, output } = await run(t, bin('collect'), args,
      { env: { ...s.env, ...env } });
    assert.equal(code, 2, output);
    assert.match(output, pattern);
  };
  await bad({ CACHE_TTL: 'soon' }, [], /CACHE_TTL: .*"soon"/);
  await bad({ NODES_FILE: '/nowhere/nodes.json' }, ['-n'], /\/nowhere\/nodes\.json/);
  await bad({ NODES_FILE: '' }, ['-n'], /neither NODES_FILE nor VPS_AGENTS_JSON/);
  await bad({ REDIS_URL: 'http://x' }, ['-n'], /REDIS_URL|http:\/\/x/);
  await bad({}, ['--for', '5x'], /--for: .*"5x"/);
  await bad({}, ['--shard', '3/2'], /--shard: .*"3\/2"/);
  await bad({}, ['more'], /"more"/);
  fs.writeFileSync(s.file, '[\n{"id":"a","url":"http://x"},\n{"id":"a","url":"http://y"}]');
  await bad({}, ['-n'], /nodes\.json:3: .*"a"/);
  assert.equal(await s.get('collector'), null);
});

test('equity goes to the ledger each minute, never from stale data', async (t) => {
  const live = await goodAgent(t, 1), dead = await goodAgent(t, 2);
  // a minute begins: all of it falls into that one
  const clock = testClock(t, { utc_ms: 60100 - Date.now() % 60000 });
  const s = await setting(t, [{ id: 'live', url: live.url },
    { id: 'dead', url: dead.url }], clock.env);
  const first = s.collect('--for', '30');
  await waitFor('both', async () => (await entry(s, 'live')) && (await entry(s, 'dead')));
  const doc = (equity, range) => {
    const d = document(1, { account: { equity, balance: 6047.22 } });
    Object.assign(d.equity, range);
    return d;
  };
  // between two looks the day's low fell and rose again
  live.show(doc(6000, { low: 5990, high: 6001, day_low: 5500.5, day_high: 6060 }));
  await waitFor('the low', async () => (await entry(s, 'live')).equity === 6000);
  live.show(doc(6010, { low: 6000, high: 6020.25, day_low: 5500.5, day_high: 6060 }));
  await waitFor('the high', async () => (await entry(s, 'live')).equity === 6010);
  await first.kill();
  // the next run never sees node "dead" live: no second sample of it
  await dead.close();
  const next = s.collect('--for', '30');
  await waitFor('unreachable', async () => (await s.node('dead')).status === 'unreachable');
  await waitFor('live again', async () =>
    (await s.json('collector')).pid === next.pid && (await entry(s, 'live')));
  await next.kill();
  const sql = `SELECT login, balance, credit, equity, low, high, span_s FROM equity
    JOIN account ON account.id = equity.account ORDER BY login, slot`;
  const { output } = await run(t, 'sqlite3', ['-json', path.join(s.dir, 'ledger.db'), sql]);
  const rows = JSON.parse(output);
  assert.equal(rows.length, 2, output);
  const e8 = 1e8;
  assert.deepEqual(rows[0], { login: 1, balance: 604722000000, credit: 0,
    equity: 6010 * e8, low: 5500.5 * e8, high: 6034.72 * e8, span_s: 60 });
  assert.equal(rows[1].login, 2);
  assert.equal(rows[1].equity, 603472000000);
  assert.doesNotMatch(first.output() + next.output(), /warn: ledger/);
});

test('what stays bad raises one alert, not each run, and none in maintenance',
  async (t) => {
    const a = await freePort(), b = await freePort();
    const c = await goodAgent(t, 3);
    const s = await setting(t, [{ id: 'a', url: `http://127.0.0.1:${a}` },
      { id: 'b', url: `http://127.0.0.1:${b}`, maintenance: true },
      { id: 'c', url: c.url }], { ALERT_AFTER: '3' });
    c.show(document(3, { terminal: { connected: false } }));
    const alerts = async () => (await s.events()).filter((e) => e.type === 'alert');
    s.collect();
    await waitFor('two alerts', async () => (await alerts()).length === 2, 45000);
    const next = s.collect();
    await waitFor('the next run', async () =>
      (await s.json('collector')).pid === next.pid);
    c.show(document(3));
    await goodAgent(t, 1, { port: a });
    await goodAgent(t, 2, { port: b });
    await waitFor('both to end', async () => (await alerts()).length === 4, 10000);
    const said = (await alerts()).map(({ key, level, login }) =>
      [key, level, login]).sort();
    assert.deepEqual(said, [
      ['node/a', 'critical', null], ['node/a', 'info', null],
      ['status/Test-Live/3/c', 'info', '3'], ['status/Test-Live/3/c', 'warn', '3']]);
  });

// fleet.test.mjs: the whole system as `make run` starts it, from the
// terminals to /api/accounts.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { RECORDINGS, bin, get, redisText, start, startFleet, stop, tmp, waitFor }
  from './lib.mjs';

const IDS = new Set(['login']);

async function accounts(fleet) {
  const { status, json } = await get(`${fleet.url}/api/accounts`);
  assert.equal(status, 200);
  return json;
}

const rowOf = (doc, node) => doc.accounts.find((row) => row.node === node);

/** Sums as the page must give them, from the live rows themselves. */
function sums(rows) {
  const groups = new Map();
  for (const { account: a } of rows) {
    const key = `${a.currency}/${a.trade_mode}`;
    const g = groups.get(key) ?? { accounts: 0, balance: 0, equity: 0, profit: 0 };
    g.accounts++;
    for (const field of ['balance', 'equity', 'profit'])
      g[field] = Math.round((g[field] + a[field]) * 1e6) / 1e6;
    groups.set(key, g);
  }
  return groups;
}

/** Processes that name the state folder, by /proc. */
function processesOf(state) {
  return fs.readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return (fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') +
        fs.readFileSync(`/proc/${pid}/environ`, 'utf8')).includes(state);
    } catch {
      return false;
    }
  });
}

test('each recording is on the page, all 28 fields of it', {
  skip: RECORDINGS ? false : 'no recordings here',
}, async (t) => {
  const names = fs.readdirSync(RECORDINGS).filter(
    (name) => fs.existsSync(path.join(RECORDINGS, name, 'account.json')));
  const fleet = await startFleet(t,
    { nodes: names.length, recordings: RECORDINGS });
  const doc = await accounts(fleet);
  for (const name of names) {
    const want = JSON.parse(
      fs.readFileSync(path.join(RECORDINGS, name, 'account.json'), 'utf8'));
    const row = doc.accounts.find((r) =>
      r.server === want.server && r.login === String(want.login));
    assert.ok(row, `${name} has a row`);
    for (const [field, value] of Object.entries(want))
      assert.deepEqual(row.account[field],
        IDS.has(field) ? String(value) : value, `${name}: ${field}`);
    assert.equal(Object.keys(row.account).length, 28);
  }
  const groups = sums(doc.accounts);
  assert.deepEqual([...groups.keys()].sort(),
    doc.totals.map((g) => `${g.currency}/${g.trade_mode}`).sort());
  for (const total of doc.totals) {
    const want = groups.get(`${total.currency}/${total.trade_mode}`);
    for (const field of ['accounts', 'balance', 'equity', 'profit'])
      assert.equal(total[field], want[field], `${total.currency} ${field}`);
    assert.equal(total.left_out, 0);
  }
  const profits = doc.accounts.map((row) => row.account.profit);
  assert.deepEqual(profits, [...profits].sort((a, b) => b - a));
});

test('an agent killed turns its own row unreachable, and comes back', async (t) => {
  const fleet = await startFleet(t, { nodes: 3 });
  const before = rowOf(await accounts(fleet), 'vps02');
  const pid = fleet.pid('vps02-agent');
  const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0').filter(Boolean);
  const env = Object.fromEntries(
    fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
      .filter(Boolean).map((e) => [e.slice(0, e.indexOf('=')),
        e.slice(e.indexOf('=') + 1)]));
  const nodes = JSON.parse(
    fs.readFileSync(path.join(fleet.state, 'nodes.json'), 'utf8'));
  const port = new URL(nodes.find((n) => n.id === 'vps02').url).port;
  process.kill(pid, 'SIGKILL');

  const dead = await waitFor('unreachable', async () => {
    const row = rowOf(await accounts(fleet), 'vps02');
    return row.status === 'unreachable' && row;
  }, 10000);
  assert.equal(dead.account.balance !== undefined, true);
  assert.equal(dead.login, before.login);
  const doc = await accounts(fleet);
  const shown = doc.totals.reduce((n, g) => n + g.accounts, 0);
  const left = doc.totals.reduce((n, g) => n + g.left_out, 0);
  assert.deepEqual([shown, left], [2, 1]);
  assert.equal(rowOf(doc, 'vps01').status, rowOf(doc, 'vps03').status);
  await waitFor('its age to grow', async () =>
    rowOf(await accounts(fleet), 'vps02').age_s > dead.age_s + 1);

  start(t, command[0], command.slice(1), { env: { ...env, AGENT_PORT: port } });
  await waitFor('back', async () => {
    const row = rowOf(await accounts(fleet), 'vps02');
    return !['unreachable', 'stale'].includes(row.status);
  }, 10000);
});

test('a collector killed: stale when the TTL ends, not before; then healed', async (t) => {
  const ttl = 5;
  const fleet = await startFleet(t, { nodes: 2,
    env: { CACHE_TTL: String(ttl), COLLECT_EVERY: '20', RATE: '0' } });
  const collector = JSON.parse(await redis(fleet, 'GET', 'collector'));
  process.kill(collector.pid, 'SIGKILL');
  const killed = Date.now();
  const seen = [];
  await waitFor('stale', async () => {
    const rows = (await accounts(fleet)).accounts;
    const stale = rows.every((row) => row.status === 'stale');
    seen.push({ at: Date.now() - killed, stale });
    return stale;
  }, (ttl + 8) * 1000);
  const first = seen.find((s) => s.stale).at;
  assert.ok(first >= (ttl - 2) * 1000, `stale after ${first} ms`);
  await waitFor('healed', async () =>
    (await accounts(fleet)).accounts.every((row) => row.status !== 'stale'),
  30000);
});

const redis = (fleet, ...args) => redisText(fleet.socket, ...args);

test('the day\'s P/L is what was won today, deposits apart', async (t) => {
  const fleet = await startFleet(t, { nodes: 4,
    env: { RATE: '0', DEMO: '1', COLLECT_EVERY: '15' } });
  const near = (a, b) => Math.abs(a - b) < 0.005;
  const rows = await waitFor('the day of each', async () => {
    const list = (await accounts(fleet)).accounts;
    return list.every((row) => row.pl.day !== null) && list;
  }, 150000);
  for (const row of rows) {
    const path = `/api/accounts/${encodeURIComponent(row.server)}/${row.login}`;
    const { deals } = (await get(`${fleet.url}${path}/deals?limit=1000`)).json;
    const server = Date.parse(row.at_utc) + row.broker_offset_s * 1000;
    const midnight = server - server % 86400000;
    const won = deals
      // interest and charges are won or lost as trades are
      .filter((d) => d.time_msc >= midnight && [null, 'fee', 'dividend'].includes(d.meaning))
      .reduce((sum, d) => sum + d.profit + d.commission + d.swap + d.fee, 0);
    if (row.phase.rule_set?.name.startsWith('FTMO')) continue; // other midnight
    assert.ok(near(row.pl.day, won + row.account.profit),
      `${row.login}: ${row.pl.day} is not ${won} + ${row.account.profit}`);
  }
});

test('a deposit is no P/L, not even before its deal is stored', async (t) => {
  const fleet = await startFleet(t, { nodes: 1,
    env: { RATE: '0', DEMO: '1', COLLECT_EVERY: '15' } });
  const first = async () => (await accounts(fleet)).accounts[0];
  const before = await waitFor('P/L since the start', async () => {
    const row = await first();
    // the demo gives it a phase, and another basis with it
    return row.pl.total !== null && row.phase.phase !== null && row;
  }, 150000);
  fleet.control('vps01', 'deposit 1000');
  const after = await waitFor('the deposit', async () => {
    const row = await first();
    return row.account.balance > before.account.balance + 999 && row;
  });
  assert.equal(after.pl.total, null);
  assert.equal(after.rules, null);
  const env = { MT5FLEET_CONFIG: path.join(fleet.state, 'mt5fleet.env') };
  assert.equal((await start(t, bin('trades'), [], { env }).exited).code, 0);
  const known = await waitFor('P/L again', async () => {
    const row = await first();
    return row.pl.total !== null && row;
  });
  assert.ok(Math.abs(known.pl.total - known.account.profit -
    (before.pl.total - before.account.profit)) < 0.005,
  `${before.pl.total} became ${known.pl.total}`);
});

test('Redis killed: 503 that says so; well again after its return', async (t) => {
  const fleet = await startFleet(t, { nodes: 2 });
  process.kill(fleet.pid('redis'), 'SIGKILL');
  const answer = await waitFor('503', async () => {
    const a = await get(`${fleet.url}/api/accounts`);
    return a.status === 503 && a;
  }, 5000);
  assert.equal(answer.json.error.code, 'cache_unavailable');
  assert.equal((await get(`${fleet.url}/health`)).status, 503);
  start(t, 'redis-server', ['--port', '0', '--unixsocket', fleet.socket,
    '--save', '', '--appendonly', 'no', '--dir', fleet.state]);
  await waitFor('all well', async () => {
    const a = await get(`${fleet.url}/api/accounts`);
    return a.status === 200 && a.json.accounts.length === 2 &&
      a.json.accounts.every((row) => row.account !== null && row.status === 'ok');
  }, 10000);
});

test('SIGTERM leaves no process and nothing that says it runs', async (t) => {
  const fleet = await startFleet(t, { nodes: 2 });
  assert.ok(processesOf(fleet.state).length > 5);
  await stop(fleet.handle);
  await waitFor('no process', () => processesOf(fleet.state).length === 0);
  assert.equal(fs.existsSync(path.join(fleet.state, 'redis.sock')), false);
});

test('two fleets run side by side', async (t) => {
  const [one, two] = await Promise.all([
    startFleet(t, { nodes: 1 }), startFleet(t, { nodes: 2 })]);
  assert.equal((await accounts(one)).accounts.length, 1);
  assert.equal((await accounts(two)).accounts.length, 2);
});

test('a bad setting starts nothing and is quoted', async (t) => {
  for (const [env, want] of [
    [{ PORT: 'eighty' }, 'PORT: not a number from 1 to 65535: "eighty"'],
    [{ NODES: '-1' }, 'NODES: not a number from 0 to 1000: "-1"'],
    [{ RECORDINGS: '/nowhere' }, 'RECORDINGS: no such folder: "/nowhere"'],
  ]) {
    const { code, output } = await start(t, 'bin/run', [], {
      env: { STATE: tmp(t), ...env } }).exited;
    assert.notEqual(code, 0);
    assert.ok(output.includes(want), output);
  }
});

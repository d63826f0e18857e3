// set_up.mjs: what each test of sheets begins with: stand-in, Redis, ledger.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { bin, run, start, startRedis, tmp } from '../system/lib.mjs';
import { byKey, deposit, dump, flowCells, random, seed, trade, tradeCells } from './ledger.mjs';
import { StandIn } from './standin.mjs';

export const ACCOUNT = { server: 'Broker-Live', login: '9007199254740995', node: 'vps01', currency: 'USD',
  currency_digits: 2, offset_s: 10800 };

/** A stand-in, a Redis, a ledger and settings: what a run needs. */
export async function setUp(t, options = {}) {
  const dir = tmp(t);
  const standin = await StandIn.start(t, dir, options);
  const redis = await startRedis(t, dir);
  const ledger = path.join(dir, 'ledger.db');
  const env = path.join(dir, 'mt5fleet.env');
  const nodes = path.join(dir, 'nodes.json');
  fs.writeFileSync(nodes, '[]');
  fs.writeFileSync(env, [`STATE_DIR=${dir}`, `REDIS_URL=${redis.url}`,
    `REDIS_USERS=${redis.env.REDIS_USERS}`,
    `NODES_FILE=${nodes}`,
    `GOOGLE_APPLICATION_CREDENTIALS=${standin.keyFile}`, `SHEETS_API_BASE=${standin.base}`,
    `SHEETS_SPREADSHEET_ID=${standin.spreadsheet.id}`, ''].join('\n'), { mode: 0o600 });
  const s = { t, dir, standin, redis, ledger, env, nodes };
  s.start = (...args) => start(t, bin('sheets'), args,
    { env: { MT5FLEET_CONFIG: env, SSL_CERT_FILE: standin.ca } });
  s.seed = (lines) => seed(t, ledger, lines);
  s.dump = () => dump(t, ledger);
  s.sheet = (title) => standin.spreadsheet.sheet(title);
  s.log = '';
  s.sync = async (...args) => {
    const result = await run(t, bin('sheets'), ['--max-wait', '0.02', '--timeout', options.timeout ?? '2', ...args],
      { env: { MT5FLEET_CONFIG: env, SSL_CERT_FILE: standin.ca } });
    s.log += result.output;
    return result;
  };
  s.ok = async (...args) => {
    const { code, output } = await s.sync(...args);
    assert.equal(code, 0, output);
    return output;
  };
  return s;
}

/** What collect would have written of some accounts on one node. */
export async function setLive(s, node, accounts, { live = true, status } = {}) {
  const known = JSON.parse(fs.readFileSync(s.nodes, 'utf8'));
  if (!known.some((n) => n.id === node))
    fs.writeFileSync(s.nodes, JSON.stringify([...known, { id: node, url: 'http://127.0.0.1:9' }]));
  const head = JSON.stringify({ node, status: 'ok', at_msc: Date.now(), accounts });
  const body = `${head}\n${'{}\n[]\n[]\n'.repeat(accounts.length)}`;
  await s.redis.command('SET', `last:${node}`, body);
  if (live) await s.redis.command('SET', `snapshot:${node}`, body, 'EX', '60');
  else await s.redis.command('DEL', `snapshot:${node}`);
  await s.redis.command('SET', `node:${node}`, JSON.stringify({ node, status: status ?? 'ok',
    since_msc: Date.now() - 5000, polled_msc: Date.now() }));
}

export const liveOf = (account, more = {}) => ({ server: account.server, login: account.login, status: 'ok',
  at_msc: Date.now() - 1000, balance: 10000, credit: 0, equity: 9876.5, profit: -123.5, ...more });

export function some(n, { seed: s = 1, account = ACCOUNT, open = 0 } = {}) {
  const next = random(s);
  return [{ account }, deposit(0, 10000),
    ...Array.from({ length: n }, (_, i) => trade(next, i, { open: i >= n - open })).flat()];
}

/** The history tabs against the ledger: every cell, no row twice, none else. */
export async function assertEqual(s) {
  const { trades, flows } = await s.dump();
  const found = byKey(s.sheet('Trades'));
  for (const t of trades) {
    const want = tradeCells(t), got = found.get(want[0]);
    assert.ok(got, `no row ${want[0]}`);
    assert.deepEqual(Array.from({ length: 20 }, (_, i) => got[i]), want);
  }
  assert.equal(found.size, trades.length);
  const foundFlows = byKey(s.sheet('Cash flows'));
  for (const f of flows) {
    const want = flowCells(f, 'USD'), got = foundFlows.get(want[0]);
    assert.ok(got, `no row ${want[0]}`);
    want[6] = got[6];
    assert.deepEqual(Array.from({ length: 10 }, (_, i) => got[i]), want);
  }
  assert.equal(foundFlows.size, flows.length);
  return trades.length;
}

/** Fails where a tab ever holds fewer rows than before. */
export function watchForGaps(standin) {
  const most = new Map();
  standin.onWrite = (spreadsheet) => {
    for (const sheet of spreadsheet.sheets) {
      const n = sheet.rows.filter((r) => r.some((c) => c !== undefined)).length;
      assert.ok(n >= (most.get(sheet.title) ?? 0), `${sheet.title}: rows went away`);
      most.set(sheet.title, n);
    }
  };
}

// cases.test.mjs: a fleet of all recordings of tests/cases at once: one odd account
// stops no other, each is read within the first run, and totals are exact.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { cgi } from './cgi_lib.mjs';
import { setting } from './collect_lib.mjs';
import { sql } from './ledger_lib.mjs';
import { bin, get, parseCsv, run, startAgent, startTerminal, tmp, waitFor } from './lib.mjs';

const CASES = path.resolve('tests/cases');

/* Folders with a recording, however deep. */
function recordings(dir) {
  const found = [];
  for (const e of fs.readdirSync(dir, { withFileTypes: true })) {
    if (!e.isDirectory()) continue;
    const at = path.join(dir, e.name);
    if (fs.existsSync(path.join(at, 'deals.csv'))) found.push(at);
    else found.push(...recordings(at));
  }
  return found;
}

const account = (dir) => JSON.parse(fs.readFileSync(path.join(dir, 'account.json'), 'utf8'));
/* 40001000000.5 as 4000100000050 hundredths, exactly. */
const cents = (v) => BigInt(Math.round(Number(v.toFixed(2)) * 100));

test('every account of the cases is read within the first run', async (t) => {
  // the same account before and after is one
  const list = recordings(CASES).filter((d) => !d.endsWith('/after'));
  assert.ok(list.length >= 20, `${list.length} recordings`);
  const dir = tmp(t), common = path.join(dir, 'common');
  for (const [i, r] of list.entries()) {
    const home = path.join(dir, String(i));
    fs.mkdirSync(home);
    startTerminal(t, home, ['--recording', r, '--quiet'], common);
  }
  const agent = await startAgent(t, common);
  await waitFor('all histories', async () => {
    const { json } = await get(`${agent.url}/snapshot`);
    return json.terminals?.length === list.length &&
      json.terminals.every((x) => x.snapshot?.history?.complete === true);
  }, 120000);
  const s = await setting(t, [{ id: 'vps', url: agent.url }]);
  s.collect();
  const rows = async () => (await cgi(t, 'dashboard.fcgi', '/api/accounts',
    { ...s.env, DASHBOARD_AUTH: 'off' })).json;
  await waitFor('all rows', async () => {
    const all = (await rows())?.accounts ?? [];
    return all.length === list.length && all.every((r) => r.account !== null);
  }, 60000);

  const done = await run(t, bin('trades'), [], { env: s.env });
  assert.equal(done.code, 0, done.output);
  const stored = sql(path.join(s.dir, 'ledger.db'), `SELECT a.server, a.login, s.state, s.error,
    (SELECT count(*) FROM deal WHERE account = a.id) AS deals
    FROM account a LEFT JOIN sync s ON s.account = a.id`);
  for (const r of list) {
    const a = account(r), row = stored.find((x) => x.login === a.login && x.server === a.server);
    const deals = parseCsv(fs.readFileSync(path.join(r, 'deals.csv'), 'utf8')).length;
    assert.ok(row, r);
    assert.deepEqual([row.state, row.error, row.deals], [2, null, deals], r);
  }
  // the sums of what the recordings say, in whole hundredths
  const want = new Map();
  for (const r of list) {
    const a = account(r), key = `${a.currency} ${a.trade_mode}`;
    want.set(key, (want.get(key) ?? 0n) + cents(a.balance));
  }
  const all = await rows();
  assert.deepEqual(all.totals.filter((x) => x.left_out !== 0), []);
  for (const x of all.totals)
    assert.equal(cents(x.balance), want.get(`${x.currency} ${x.trade_mode}`), x.currency);
  assert.equal(all.totals.length, want.size);
});

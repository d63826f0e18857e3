// sheets.test.mjs: the sheets job against the stand-in of Google: what is in
// the sheet is what is in the ledger, whatever happens on the way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { byKey, deposit, random, recorded, T0, trade } from '../sheets/ledger.mjs';
import { ACCOUNT, assertEqual, liveOf, setLive, setUp, some } from '../sheets/set_up.mjs';
import { bin, RECORDINGS, run } from './lib.mjs';

const TABS = ['Accounts', 'Trades', 'Cash flows', 'Phases', 'Daily'];
const KEY_OF_ACCOUNTS = 18;

test('tabs are made with header, frozen row and formats', async (t) => {
  const s = await setUp(t);
  await s.seed(some(3));
  await s.ok();
  assert.deepEqual(s.standin.spreadsheet.sheets.map((x) => x.title), ['Sheet1', ...TABS]);
  for (const title of TABS) {
    assert.equal(s.sheet(title).frozenRowCount, 1);
    assert.ok(s.sheet(title).rows[0].includes('Key'));
    assert.ok(s.sheet(title).formats.some((f) => f.type === 'TEXT'));
  }
  assert.deepEqual(s.sheet('Accounts').rows[0].slice(0, 6),
    ['Account Number', 'Holder', 'Prop Firm', 'Phase', 'Day Operating', 'Balance']);
  assert.equal(s.standin.requests.filter((r) => r.path.endsWith(':batchUpdate') &&
    !r.path.includes('values')).length, 1);
});

test('a generated account: every cell is the ledger\'s', async (t) => {
  const s = await setUp(t);
  await s.seed(some(300, { open: 5 }));
  await s.ok();
  assert.equal(await assertEqual(s), 300);
  const symbols = s.sheet('Trades').rows.map((r) => r[4]);
  assert.ok(symbols.includes('=HYPERLINK("x")'));
  assert.match(s.sheet('Cash flows').rows[1][9], /^=IMPORTXML/);
  assert.equal(typeof s.sheet('Trades').rows[1][3], 'string');
  assert.equal(typeof s.sheet('Trades').rows[1][16], 'number');
});

test('the recordings: 2,518 and 1,010 trades, cell by cell', { skip: !RECORDINGS && 'no recordings' },
  async (t) => {
    const s = await setUp(t);
    await s.seed([...recorded(path.join(RECORDINGS, 'usd-tester-5037'), 'vps01'),
      ...recorded(path.join(RECORDINGS, 'usd-commission-2021'), 'vps02')]);
    await s.ok();
    assert.equal(await assertEqual(s), 2518 + 1010);
  });

// tests/cases/vnd-40bn: what a JSON number carries is in the sheet to the digit
test('amounts of large currencies and of many decimals are exact', async (t) => {
  const s = await setUp(t);
  const sums = {
    VND: [40000000000, 9999999999999, -9999999999999, 10000000000000],
    IRR: [1234567890123.45, 9999999999999.99, -9999999999999.99, 0.01],
    BTC: [0.00000001, 1234567.12345678, -0.12345678, 21000000],
  };
  const lines = [];
  Object.entries(sums).forEach(([currency, amounts], i) => {
    lines.push({ account: { ...ACCOUNT, server: `Server-${currency}`, login: String(940 + i), currency,
      currency_digits: { VND: 0, IRR: 2, BTC: 8 }[currency] } });
    amounts.forEach((amount, k) => lines.push(deposit(k, amount)));
  });
  await s.seed(lines);
  for (const currency of Object.keys(sums))
    await setLive(s, `n-${currency}`, [liveOf({ server: `Server-${currency}`,
      login: String(940 + Object.keys(sums).indexOf(currency)) }, { balance: Math.max(...sums[currency]) })]);
  await s.ok();
  const rows = [...byKey(s.sheet('Cash flows')).values()];
  for (const [currency, amounts] of Object.entries(sums)) {
    const found = rows.filter((r) => r[2] === `Server-${currency}`);
    assert.deepEqual(found.map((r) => r[7]).sort((a, b) => a - b), [...amounts].sort((a, b) => a - b));
    assert.ok(found.every((r) => r[8] === currency));
    const account = s.sheet('Accounts').rows.find((r) => r.includes(`Server-${currency}`));
    assert.equal(account[5], Math.max(...amounts));
  }
});

test('joined accounts are one row, and two again when that is undone', async (t) => {
  const s = await setUp(t);
  const old = { ...ACCOUNT, server: 'Old-Live', login: '1', node: 'a' };
  const now = { ...ACCOUNT, server: 'New-Live', login: '2', node: 'b' };
  const later = (n) => String(BigInt(n) + 1000000n);
  await s.seed([...some(3, { account: old }), { account: now },
    ...some(2, { seed: 9, account: now }).slice(2).map(({ deal }) => ({ deal: { ...deal,
      ticket: later(deal.ticket), position_id: later(deal.position_id) } }))]);
  await setLive(s, 'a', [liveOf(old)]);
  await setLive(s, 'b', [liveOf(now, { balance: 777 })]);
  const command = async (...args) => {
    const r = await run(t, bin('mt5fleet'), ['account', ...args], { env: { MT5FLEET_CONFIG: s.env } });
    assert.equal(r.code, 0, r.output);
    await s.ok();
  };
  const shown = () => ({
    accounts: [...byKey(s.sheet('Accounts'), KEY_OF_ACCOUNTS)].map(([k, r]) => [k, r[5]]).sort(),
    trades: [...byKey(s.sheet('Trades')).values()].map((r) => `${r[1]}@${r[2]} ${r[16]}`).sort(),
    flows: [...byKey(s.sheet('Cash flows')).values()].map((r) => `${r[1]}@${r[2]} ${r[7]}`) });
  await s.ok();
  const before = shown();
  assert.deepEqual(before.accounts, [['1@Old-Live', 10000], ['2@New-Live', 777]]);
  await command('merge', '--yes', 'Old-Live:1', 'New-Live:2');
  const joined = shown(), renamed = (list) => list.map((r) => r.replace('1@Old-Live', '2@New-Live'));
  assert.deepEqual(joined.accounts, [['2@New-Live', 777]], 'the old terminal still shows its balance');
  assert.deepEqual(joined.trades, renamed(before.trades).sort());
  assert.equal(joined.trades.length, 5);
  assert.deepEqual(joined.flows, renamed(before.flows));
  await command('undo', 'New-Live:2');
  assert.deepEqual(shown(), before);
});

test('a run with 23 accounts changed: no new token, 1 read, 1 write', async (t) => {
  const s = await setUp(t);
  const accounts = Array.from({ length: 23 }, (_, i) => ({ ...ACCOUNT, login: String(52001001 + i),
    node: `vps${i}` }));
  await s.seed(accounts.flatMap((account, i) => some(5, { seed: i, account, open: 1 })));
  for (const a of accounts) await setLive(s, a.node, [liveOf(a)]);
  await s.ok();
  s.standin.forget();
  await s.seed(accounts.flatMap((account, i) => [{ account },
    ...trade(random(i + 100), 50), ...trade(random(i), 4)]));
  for (const a of accounts) await setLive(s, a.node, [liveOf(a, { balance: 77 })]);
  await s.ok();
  await assertEqual(s);
  assert.equal(s.standin.count('token'), 0);
  assert.equal(s.standin.count('read'), 1);
  assert.equal(s.standin.count('write'), 1);
  assert.equal(byKey(s.sheet('Accounts'), KEY_OF_ACCOUNTS).size, 23);
  for (const row of s.sheet('Accounts').rows.slice(1)) assert.equal(row[5], 77);
});

test('nothing changed and Redis gone: nothing is asked', async (t) => {
  const s = await setUp(t);
  await s.seed(some(10));
  await s.ok();
  s.standin.forget();
  await s.redis.handle.kill();
  const { code, output } = await s.sync();
  assert.equal(code, 2, output);
  assert.equal(s.standin.requests.length, 0);
});

test('Redis gone: Accounts stays, the history goes on, the exit code says so', async (t) => {
  const s = await setUp(t);
  await s.seed(some(10));
  await setLive(s, 'vps01', [liveOf(ACCOUNT)]);
  await s.ok();
  const before = structuredClone(s.sheet('Accounts').rows);
  await s.redis.handle.kill();
  await s.seed([{ account: ACCOUNT }, ...trade(random(9), 70)]);
  const { code, output } = await s.sync();
  assert.equal(code, 2, output);
  assert.equal(await assertEqual(s), 11);
  assert.deepEqual(s.sheet('Accounts').rows, before);
});

test('Accounts: values, phase, status and age; what is unknown is empty', async (t) => {
  const s = await setUp(t);
  const other = { ...ACCOUNT, login: '5', node: 'vps02' };
  await s.seed([...some(2), { phase: { phase: 'F1', status: 'active', initial_balance: '10000',
    holder: 'Ana', prop_firm: 'Firm', at_msc: T0 } }, { account: other }]);
  await setLive(s, 'vps01', [liveOf(ACCOUNT, { at_msc: Date.now() - 5000 })]);
  await s.ok();
  const rows = byKey(s.sheet('Accounts'), KEY_OF_ACCOUNTS);
  const row = rows.get(`${ACCOUNT.login}@${ACCOUNT.server}`);
  assert.deepEqual(row.slice(0, 4), [ACCOUNT.login, 'Ana', 'Firm', 'F1']);
  assert.deepEqual(row.slice(5, 10), [10000, 9876.5, -123.5, -123.5, 123.5]);
  assert.equal(row[11], 'ok');
  assert.ok(row[12] >= 5 && row[12] < 15, `age ${row[12]}`);
  const unknown = rows.get(`5@${ACCOUNT.server}`);
  assert.deepEqual(Array.from({ length: 10 }, (_, i) => unknown[i + 1]), Array(10).fill(undefined));
  assert.equal(unknown[11], 'stale');
  assert.equal(unknown[12], undefined);
});

test('a stale account keeps its values, with status and age', async (t) => {
  const s = await setUp(t);
  await s.seed(some(1));
  await setLive(s, 'vps01', [liveOf(ACCOUNT, { at_msc: Date.now() - 3600_000 })],
    { live: false, status: 'unreachable' });
  await s.ok();
  let row = s.sheet('Accounts').rows[1];
  assert.equal(row[5], 10000);
  assert.equal(row[11], 'unreachable');
  assert.ok(row[12] >= 3600 && row[12] < 3660);
  // Redis was wiped: nothing newer is known, the sheet keeps what it had
  const updated = row[13];
  await s.redis.command('FLUSHALL');
  await s.ok();
  row = s.sheet('Accounts').rows[1];
  assert.equal(row[5], 10000);
  assert.equal(row[13], updated);
  assert.equal(row[11], 'stale');
  assert.equal(row[12], undefined);
});

test('Phases and Daily', async (t) => {
  const s = await setUp(t);
  const day = (i, equity) => ({ day: { day_msc: T0 + i * 86400000, next_msc: T0 + (i + 1) * 86400000,
    date: `2026-11-2${i}`, balance: String(equity), equity: String(equity), low: '9000', high: '11000',
    opened: i, closed: 1, net: '5.5', flows: '100' } });
  await s.seed([{ account: ACCOUNT },
    { phase: { phase: 'F1', status: 'active', initial_balance: '10000', at_msc: T0 } },
    { phase: { phase: 'F2', status: 'active', initial_balance: '20000', at_msc: T0 + 86400000, note: '=1+1' } },
    day(0, 10000), day(1, 10250.5)]);
  await s.ok();
  const phases = s.sheet('Phases').rows.slice(1).sort((a, b) => a[5] - b[5]);
  assert.deepEqual(phases.map((r) => [r[3], r[7]]), [['F1', 10000], ['F2', 20000]]);
  assert.equal(phases[0][6], phases[1][5]);
  assert.equal(phases[1][6], undefined);
  assert.equal(phases[1][11], '=1+1');
  const days = s.sheet('Daily').rows.slice(1);
  assert.deepEqual(days.map((r) => [r[3], r[4], r[5]]), [[46346, 150.5, 5.5], [46347, undefined, 5.5]]);
});

test('an imported trade: swap and fee are empty, for its file did not tell them', async (t) => {
  const s = await setUp(t);
  await s.seed([{ account: ACCOUNT }, ...trade(random(1), 1), { imported: { position_id: '77',
    time_msc: T0, volume: '0.1', profit: '12.5', commission: '-0.7' } }]);
  await s.ok();
  const row = byKey(s.sheet('Trades')).get(`${ACCOUNT.login}@${ACCOUNT.server}#77`);
  assert.deepEqual(row.slice(12, 17), [12.5, -0.7, undefined, undefined, 11.8]);
  const own = s.sheet('Trades').rows.find((r) => r[3] !== '77' && r !== s.sheet('Trades').rows[0]);
  assert.equal(own[15], 0);
});

test('--dry-run writes nothing and prints it', async (t) => {
  const s = await setUp(t);
  await s.seed(some(3));
  let output = await s.ok('--dry-run');
  assert.equal(s.standin.count('write'), 0);
  assert.equal(output.match(/^Trades new \["9007199254740995@Broker-Live#/gm).length, 3);
  await s.ok();
  await s.seed([{ account: ACCOUNT }, ...trade(random(3), 60)]);
  const before = JSON.stringify(s.standin.spreadsheet.sheets);
  output = await s.ok('--dry-run');
  assert.equal(output.match(/^Trades /gm).length, 1);
  assert.equal(JSON.stringify(s.standin.spreadsheet.sheets), before);
});

test('the user\'s own columns and tabs are left alone', async (t) => {
  const s = await setUp(t);
  await s.seed(some(20, { open: 3 }));
  await s.ok();
  const trades = s.sheet('Trades');
  // a column of theirs between ours, one behind them, a tab
  for (const row of trades.rows) row.splice(3, 0, undefined);
  trades.columnCount += 5;
  trades.rows[0][3] = 'My note';
  trades.rows[5][3] = 'mine';
  trades.rows[0][24] = 'Rating';
  trades.rows[7][24] = 5;
  s.standin.spreadsheet.set(s.sheet('Sheet1'), 3, 3, 'my sums');
  await s.seed([{ account: ACCOUNT }, ...trade(random(3), 80), ...trade(random(1), 19)]);
  await s.ok('--full');
  assert.equal(trades.rows[5][3], 'mine');
  assert.equal(trades.rows[7][24], 5);
  assert.equal(s.sheet('Sheet1').rows[3][3], 'my sums');
  for (const row of trades.rows) { row.splice(3, 1); row.length = Math.min(row.length, 22); }
  assert.equal(await assertEqual(s), 21);
});

/** Accounts as the first system left it, with a column of the user's. */
function firstSystem(s, numbers) {
  const sheet = s.standin.spreadsheet.addSheet({ sheetId: 9, title: 'Accounts',
    gridProperties: { rowCount: 100, columnCount: 8 } });
  sheet.rows = [['Account Number', 'Holder', 'Notes', 'Prop Firm', 'Phase', 'Day Operating', 'Balance'],
    ...numbers.map((n) => [n, 'old', `note ${n}`, 'old', 'F1', 3, 1])];
  return sheet;
}

test('the first system\'s Accounts is taken over, its rows and the user\'s column kept', async (t) => {
  const s = await setUp(t);
  const accounts = ['300', '52001001', '100'].map((login) => ({ ...ACCOUNT, login }));
  await s.seed(accounts.map((account) => ({ account })));
  await setLive(s, 'vps01', accounts.map((a) => liveOf(a, { balance: Number(a.login) })));
  firstSystem(s, [52001001, '100']); // a number, and text
  for (let i = 0; i < 2; i++) {
    const output = await s.ok();
    assert.equal(/2 rows of the legacy system are taken over/.test(output), i === 0, output);
    const sheet = s.sheet('Accounts');
    assert.deepEqual(sheet.rows.map((r) => [r[0], r[2], r[6]]), [['Account Number', 'Notes', 'Balance'],
      ['52001001', 'note 52001001', 52001001], ['100', 'note 100', 100], ['300', undefined, 300]]);
    assert.deepEqual([sheet.rows[0][7], sheet.rows[0][19]], ['Equity', 'Key']);
    assert.equal(sheet.rows[3][19], '300@Broker-Live');
    assert.ok(sheet.formats.some((f) => f.column === 14 && f.type === 'DATE_TIME'));
    await setLive(s, 'vps01', accounts.map((a) => liveOf(a, { balance: Number(a.login), equity: i })));
  }
});

test('an Accounts whose rows nobody knows is refused and left as it is', async (t) => {
  const s = await setUp(t);
  await s.seed(some(2));
  await setLive(s, 'vps01', [liveOf(ACCOUNT)]);
  const before = structuredClone(firstSystem(s, [ACCOUNT.login, '4711']).rows);
  const { code, output } = await s.sync();
  assert.equal(code, 1);
  assert.match(output, /tab "Accounts": its header is not ours \(no column "Key"\)/);
  assert.deepEqual(s.sheet('Accounts').rows, before);
  await assertEqual(s); // the other tabs are written
});

test('rows that were sorted are noticed and put back', async (t) => {
  const s = await setUp(t);
  await s.seed(some(40));
  await s.ok();
  const trades = s.sheet('Trades');
  const before = structuredClone(trades.rows);
  const [head, ...rows] = trades.rows;
  trades.rows = [head, ...rows.sort((a, b) => a[16] - b[16])];
  await s.seed([{ account: ACCOUNT }, ...trade(random(3), 90)]);
  const output = await s.ok();
  assert.match(output, /tab="Trades" moved=\d+: rows were sorted/);
  assert.equal(await assertEqual(s), 41);
  assert.deepEqual(trades.rows.slice(0, 41), before);
});

test('a row that was moved keeps nothing of another account', async (t) => {
  const s = await setUp(t);
  const other = { ...ACCOUNT, login: '77' };
  await s.seed([{ account: ACCOUNT }, { account: other }]);
  await setLive(s, 'vps01', [liveOf(ACCOUNT), liveOf(other, { balance: 5 })]);
  await s.ok();
  const accounts = s.sheet('Accounts');
  accounts.rows = [accounts.rows[0], accounts.rows[2], accounts.rows[1]];
  await s.redis.command('FLUSHALL'); // so that no value is known
  await s.ok();
  assert.deepEqual(accounts.rows.slice(1).map((r) => [r[0], r[5], r[11]]).sort(),
    [['77', undefined, 'stale'], [ACCOUNT.login, undefined, 'stale']]);
});

test('sorted rows beside a column of the user\'s are refused, and nothing is touched', async (t) => {
  const s = await setUp(t);
  await s.seed(some(40));
  await s.ok();
  const trades = s.sheet('Trades');
  trades.columnCount++;
  trades.rows[0][20] = 'My note';
  const [head, ...rows] = trades.rows;
  trades.rows = [head, ...rows.reverse()];
  const before = structuredClone(trades.rows);
  await s.seed([{ account: ACCOUNT }, ...trade(random(3), 90)]);
  const { code, output } = await s.sync();
  assert.equal(code, 1);
  assert.match(output, /tab "Trades": row 2 is not where it was put .* "My note"/);
  assert.deepEqual(trades.rows, before);
});

test('what a user typed below our rows is not written over', async (t) => {
  const s = await setUp(t);
  await s.seed(some(5));
  await s.ok();
  s.standin.spreadsheet.set(s.sheet('Trades'), 6, 0, 'Total');
  await s.seed([{ account: ACCOUNT }, ...trade(random(3), 90)]);
  const { code, output } = await s.sync();
  assert.equal(code, 1);
  assert.match(output, /tab "Trades": row 7 is needed .* row 7: "Total"/);
  assert.equal(s.sheet('Trades').rows[6][0], 'Total');
});

test('deleted rows and deleted tabs come back', async (t) => {
  const s = await setUp(t);
  await s.seed(some(30));
  await s.ok();
  s.sheet('Trades').rows.splice(4, 3);
  await s.seed([{ account: ACCOUNT }, ...trade(random(3), 90)]);
  await s.ok();
  assert.equal(await assertEqual(s), 31);
  const { spreadsheet } = s.standin;
  spreadsheet.sheets = spreadsheet.sheets.filter((x) => x.title !== 'Trades');
  await setLive(s, 'vps01', [liveOf(ACCOUNT)]); // something to do
  await s.ok();
  assert.equal(await assertEqual(s), 31);
});

test('a ledger of the version before: the same rows are written again, once', async (t) => {
  const s = await setUp(t);
  await s.seed(some(30));
  await setLive(s, 'vps01', [liveOf(ACCOUNT)]);
  await s.ok();
  const before = structuredClone(s.sheet('Trades').rows);
  execFileSync('sqlite3', [s.ledger, 'UPDATE sheet_row SET cells = NULL; DELETE FROM sheet_tab']);
  await s.redis.command('FLUSHALL'); // what is in Accounts is nowhere else
  assert.match(await s.ok(), /rows=[34]\d/);
  assert.deepEqual(s.sheet('Trades').rows, before);
  assert.equal(s.sheet('Accounts').rows[1][5], 10000);
  s.standin.forget();
  await s.ok();
  assert.equal(s.standin.requests.length, 0);
});

test('what was written after the backup that was restored is written over', async (t) => {
  const s = await setUp(t);
  const period = (holder) => ({ phase: { phase: 'F1', status: 'active', holder, at_msc: T0 } });
  await s.seed([...some(3), period('Ana')]);
  await s.ok();
  fs.mkdirSync(path.join(s.dir, 'backups'));
  fs.appendFileSync(s.env, `BACKUP_DIR=${s.dir}/backups\n`);
  const program = (name, ...args) => run(t, bin(name), args, { env: { MT5FLEET_CONFIG: s.env } });
  assert.equal((await program('backup')).code, 0);
  const [copy] = fs.readdirSync(path.join(s.dir, 'backups'));
  await s.seed([{ account: ACCOUNT }, period('Bea')]);
  await s.ok();
  assert.equal(s.sheet('Accounts').rows[1][1], 'Bea');
  const { code, output } = await program('mt5fleet', 'restore', path.join(s.dir, 'backups', copy));
  assert.equal(code, 0, output);
  await s.ok();
  assert.equal(s.sheet('Accounts').rows[1][1], 'Ana');
  await assertEqual(s);
});

test('an empty ledger does not empty the sheet', async (t) => {
  const s = await setUp(t);
  await s.seed(some(30));
  await s.ok();
  const before = structuredClone(s.sheet('Trades').rows);
  for (const f of fs.readdirSync(s.dir)) if (f.startsWith('ledger.db')) fs.rmSync(path.join(s.dir, f));
  await s.seed([{ account: { ...ACCOUNT, login: '1' } }]);
  const { code, output } = await s.sync();
  assert.equal(code, 1);
  assert.match(output, /tab "Trades": the ledger has none of its 30 rows/);
  assert.deepEqual(s.sheet('Trades').rows, before);
});

test('a ledger restored from a backup: every trade once, none under another\'s name', async (t) => {
  const s = await setUp(t);
  await s.seed(some(10));
  await s.ok();
  fs.copyFileSync(s.ledger, `${s.ledger}.old`);
  await s.seed([{ account: ACCOUNT }, ...trade(random(3), 90), ...trade(random(3), 91)]);
  await s.ok();
  for (const tail of ['-wal', '-shm']) fs.rmSync(s.ledger + tail, { force: true });
  fs.copyFileSync(`${s.ledger}.old`, s.ledger);
  // the deals come again, in another order, and one more
  await s.seed([{ account: ACCOUNT }, ...trade(random(3), 92), ...trade(random(3), 91),
    ...trade(random(3), 90)]);
  await s.ok();
  assert.equal(await assertEqual(s), 13);
});

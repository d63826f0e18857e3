// merge.test.mjs: an account keeps its life: joined, renamed, and taken back; and
// deals that an admin voids. Real terminals, agents and jobs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { cgi, cgiPost } from './cgi_lib.mjs';
import { money, sql, startNodes } from './ledger_lib.mjs';
import { bin, run, startRedis, tmp } from './lib.mjs';

const CASES = path.resolve('tests/cases');

/* A recording with another server and login, its ids shifted. */
function recording(dir, name, { server, login, shift = 0 }) {
  const from = path.join(CASES, name), to = path.join(dir, `${name}-${login}-${shift}`);
  fs.cpSync(from, to, { recursive: true });
  const account = JSON.parse(fs.readFileSync(path.join(to, 'account.json'), 'utf8'));
  fs.writeFileSync(path.join(to, 'account.json'), JSON.stringify({ ...account, server, login }));
  const [head, ...lines] = fs.readFileSync(path.join(to, 'deals.csv'), 'utf8').trim().split('\n');
  const columns = head.split(',');
  fs.writeFileSync(path.join(to, 'deals.csv'), [head, ...lines.map((line) => line.split(',')
    .map((v, i) => ['ticket', 'position_id'].includes(columns[i]) && v !== '0'
      ? String(Number(v) + shift) : v).join(','))].join('\n') + '\n');
  return to;
}

/* All that is stored of accounts, row by row; when a trade was made is not. */
function everything(file) {
  const out = {};
  for (const table of ['account', 'deal', 'deal_version', 'deal_void', 'trade', 'equity', 'day',
    'phase_period', 'verdict', 'imported_trade', 'sync', 'rule_state', 'book', 'sheet_row']) {
    const rows = sql(file, `SELECT * FROM ${table}`);
    for (const r of rows) {
      delete r.changed_msc;
      delete r.version;
      // what nobody said of a flow is guessed again, by the history that there is
      if (!r.meaning_who) { delete r.meaning; delete r.meaning_why; }
    }
    out[table] = rows.map((r) => JSON.stringify(r)).sort();
  }
  // the shadows of joinings stay, and are listed by nobody
  out.account = out.account.filter((r) => !/"server":"merge\//.test(r));
  for (const table of ['sync', 'rule_state'])
    out[table] = out[table].filter((r) => out.account.some((a) =>
      JSON.parse(a).id === JSON.parse(r).account));
  return out;
}

async function desk(t) {
  const dir = tmp(t, 'mt5f-recordings-');
  const redis = await startRedis(t);
  const fleet = await startNodes(t, {
    old: ['--recording', recording(dir, 'scale-out-days', { server: 'Old-Live', login: 940001 })],
    new: ['--recording', recording(dir, 'scale-out-days', { server: 'New-Live', login: 940009, shift: 500 })],
    other: ['--recording', recording(dir, 'close-by', { server: 'Other', login: 7 })],
  }, { ...redis.env });
  await fleet.wait();
  const d = { ...fleet, redis };
  d.write = (query) => execFileSync('sqlite3', [fleet.ledger, query], { stdio: 'pipe' });
  d.id = (login) => sql(fleet.ledger, `SELECT id FROM account WHERE login = ${login}
    AND server NOT LIKE 'merge/%'`)[0].id;
  assert.equal((await fleet.trades()).code, 0);
  return d;
}

const tickets = (d, account) => sql(d.ledger, `SELECT ticket FROM deal WHERE account = ${account}
  ORDER BY ticket`).map((r) => r.ticket);

test('two accounts are joined into one history, and parted again, while the jobs run', async (t) => {
  const d = await desk(t);
  const from = d.id(940001), into = d.id(940009), now = Date.now();
  const minute = Math.floor(now / 60000) * 60 - 600;
  d.write(`UPDATE account SET holder = 'Ann', note = 'the old one', tags = '["x"]' WHERE id = ${from};
    INSERT INTO phase_period (account, phase, status, started_msc, ended_msc, initial_balance, who)
      VALUES (${from}, 'F1', 'passed', 1000, 2000, 1000000000000, 'ann');
    INSERT INTO phase_period (account, phase, status, started_msc, initial_balance, who)
      VALUES (${from}, 'F2', 'active', 2000, 1000000000000, 'ann'),
        (${into}, 'R', 'active', ${now - 60000}, 1128300000000, 'ann');
    INSERT INTO equity VALUES (${from}, ${minute}, 60, ${minute}000, 1, 0, 1, 1, 1),
      (${from}, ${minute + 60}, 60, ${minute + 60}000, 2, 0, 2, 2, 2),
      (${into}, ${minute + 60}, 60, ${minute + 60}000, 3, 0, 3, 3, 3);
    INSERT INTO verdict (account, period, at_msc, word, status, value, level, balance, equity, low, baseline,
      estimated, rules) SELECT ${from}, id, 1500, 'target_reached', 'passed', 1, 1, 1, 1, 1, 1, 0, '{}'
      FROM phase_period WHERE phase = 'F1';
    INSERT INTO sheet_row (sheet, tab, "key", "row") VALUES ('s', 'Trades', '940001@Old-Live#2', 1),
      ('s', 'Trades', '940009@New-Live#502', 2), ('s', 'Accounts', '940001@Old-Live', 1),
      ('s', 'Accounts', '940009@New-Live', 2), ('s', 'Trades', '9400011@Old-Live#2', 3)`);
  const before = everything(d.ledger);
  const both = [...tickets(d, from), ...tickets(d, into)].sort((a, b) => a - b);

  // the jobs go on all the while, and none of them fails for it
  let stop = false;
  const jobs = [];
  const loop = async (name, ...args) => {
    while (!stop) jobs.push(await run(t, bin(name), args, { env: d.env }));
  };
  const working = [loop('trades', '--full'), loop('phases')];
  t.after(() => { stop = true; });
  const done = await d.command('account', 'merge', '--yes', 'Old-Live:940001', '940009');
  stop = true;
  await Promise.all(working);
  const synced = await d.trades('--full');
  assert.equal(done.code, 0, done.output);
  assert.match(done.output, /4 deals come over, 0 are in both, 1 trades, 2 samples, 2 periods, 1 verdicts/);
  assert.equal(synced.code, 0, synced.output);
  // 3: another one wrote for all of its five seconds; the next run goes on
  for (const j of jobs) assert.ok([0, 3].includes(j.code), j.output);

  assert.deepEqual(tickets(d, into), both, 'each deal once');
  assert.deepEqual(tickets(d, from), []);
  const { json } = await cgi(t, 'dashboard.fcgi', '/api/accounts/Old-Live/940001/deals',
    { ...d.env, DASHBOARD_AUTH: 'off' });
  assert.equal(json.deals.length, both.length, 'the old name finds the whole history');
  const [row] = sql(d.ledger, `SELECT holder, note, tags, version FROM account WHERE id = ${into}`);
  assert.deepEqual([row.holder, row.note, row.tags], ['Ann', 'the old one', '["x"]']);
  // the sums of both, counted by hand: two deposits, two times +1283
  const [book] = sql(d.ledger, `SELECT deals, trades_net, flows FROM book WHERE account = ${into}`);
  assert.deepEqual([book.deals, BigInt(book.trades_net), BigInt(book.flows)],
    [8, 2n * money('1283'), 2n * money('10000')]);
  assert.equal(sql(d.ledger, `SELECT count(*) AS n FROM trade WHERE account = ${into}`)[0].n, 2);
  assert.deepEqual(sql(d.ledger, `SELECT phase, ended_msc IS NULL AS open FROM phase_period
    WHERE account = ${into} ORDER BY started_msc`),
  [{ phase: 'F1', open: 0 }, { phase: 'F2', open: 0 }, { phase: 'R', open: 1 }]);
  assert.equal(sql(d.ledger, `SELECT count(*) AS n FROM equity WHERE account = ${into}`)[0].n, 2);
  assert.equal(sql(d.ledger, `SELECT count(*) AS n FROM verdict WHERE account = ${into}`)[0].n, 1);
  assert.deepEqual(sql(d.ledger, 'SELECT "key" FROM sheet_row WHERE tab = \'Trades\' ORDER BY "row"')
    .map((r) => r.key), ['940009@New-Live#2', '940009@New-Live#502', '9400011@Old-Live#2']);
  // its old terminal is still there, and makes no second account
  assert.deepEqual(sql(d.ledger, `SELECT login FROM account WHERE merged_into IS NULL ORDER BY login`)
    .map((r) => r.login), [7, 940009]);
  const [audit] = sql(d.ledger, `SELECT id, who, field, "from" FROM audit WHERE field = 'merge'`);
  assert.deepEqual([audit.who, audit.field, audit.from],
    ['mt5fleet account', 'merge', '940001@Old-Live']);
  // again is no news, and joined accounts join no more
  assert.equal((await d.command('account', 'merge', '--yes', 'Old-Live:940001', '940009')).code, 1);

  // what one row had before is put back first: the jobs have worked on it since
  const back = await d.command('account', 'undo', '940009');
  assert.equal(back.code, 0, back.output);
  const after = everything(d.ledger);
  for (const table of ['deal', 'deal_version', 'deal_void', 'trade', 'phase_period', 'verdict',
    'imported_trade', 'book', 'sheet_row'])
    assert.deepEqual(after[table], before[table], table);
  // the jobs may have read on before they were joined: the moments aside
  const ofBoth = (list) => list.map((r) => JSON.parse(r)).filter((r) => r.account !== d.id(7))
    .map((r) => ({ ...r, sync_msc: 0, full_msc: 0, checked_msc: 0 }));
  assert.deepEqual(ofBoth(after.sync), ofBoth(before.sync));
  assert.deepEqual(after.account, before.account);
  assert.deepEqual(after.equity, before.equity);
  assert.equal((await d.trades('--full')).code, 0);
  assert.deepEqual(tickets(d, from), [1, 2, 3, 4]);
  assert.equal((await d.command('account', 'undo', '940009')).code, 1, 'nothing is left to undo');
});

test('deals that both have count once; ones that differ are named, and nothing is joined', async (t) => {
  const d = await desk(t);
  const from = d.id(940001), into = d.id(940009);
  // the broker renamed its server and shows the same deals under both names
  const columns = sql(d.ledger, 'PRAGMA table_info(deal)').map((c) => `"${c.name}"`)
    .filter((c) => c !== '"account"').join(', ');
  d.write(`INSERT INTO deal (account, ${columns}) SELECT ${into}, ${columns} FROM deal
    WHERE account = ${from} AND ticket < 3`);
  d.write(`UPDATE deal SET profit = profit + 1 WHERE account = ${into} AND ticket = 2`);
  const before = everything(d.ledger);
  const refused = await d.command('account', 'merge', '--yes', '940001', '940009');
  assert.equal(refused.code, 1);
  assert.match(refused.output, /other deals with the tickets 2/);
  assert.deepEqual(everything(d.ledger), before);
  d.write(`UPDATE deal SET profit = profit - 1 WHERE account = ${into} AND ticket = 2`);
  const asked = await d.command('account', 'merge', '940001', '940009');
  assert.equal(asked.code, 1, 'nobody said yes');
  assert.match(asked.output, /2 deals come over, 2 are in both/);
  assert.equal((await d.command('account', 'merge', '--yes', '940001', '940009')).code, 0);
  assert.deepEqual(tickets(d, into), [1, 2, 3, 4, 501, 502, 503, 504]);
  assert.equal(BigInt(sql(d.ledger, `SELECT trades_net AS n FROM book WHERE account = ${into}`)[0].n),
    2n * money('1283'));
  assert.equal((await d.command('account', 'undo', '940009')).code, 0);
  assert.deepEqual(tickets(d, into), [1, 2, 501, 502, 503, 504]);
  assert.deepEqual(tickets(d, from), [1, 2, 3, 4]);
});

test('a chain of joinings is undone from its end', async (t) => {
  const d = await desk(t);
  const before = everything(d.ledger);
  const merge = (a, b) => d.command('account', 'merge', '--yes', a, b);
  // 7 has tickets 1 to 8 of its own: 940001 would clash, 940009 does not
  assert.equal((await merge('940001', '7')).code, 1);
  assert.equal((await merge('940009', '7')).code, 0);
  const [first] = sql(d.ledger, 'SELECT id FROM audit WHERE field = \'merge\'');
  assert.equal((await d.command('account', 'rename', '7', 'Newest:8')).code, 0);
  assert.deepEqual(sql(d.ledger, 'SELECT server, login FROM account WHERE id = ' + d.id(8)),
    [{ server: 'Newest', login: 8 }]);
  // both names of before find it, and the jobs make no other
  assert.equal((await d.trades('--full')).code, 0);
  assert.equal(sql(d.ledger, 'SELECT count(*) AS n FROM account WHERE merged_into IS NULL')[0].n, 2);
  assert.equal((await d.command('account', 'rename', '8', 'Old-Live:940001')).code, 1, 'taken');
  assert.equal((await d.command('account', 'undo', 'Other:7')).code, 0);
  assert.equal((await d.command('account', 'undo', '7')).code, 0);
  assert.ok(first.id > 0);
  const after = everything(d.ledger);
  for (const table of ['account', 'deal', 'trade', 'book', 'phase_period'])
    assert.deepEqual(after[table], before[table], table);
});

test('a voided deal is kept, marked, in no sum, and counts again when that is undone', async (t) => {
  const d = await desk(t);
  const id = d.id(940001);
  const sums = () => {
    const [b] = sql(d.ledger, `SELECT trades_net, flows FROM book WHERE account = ${id}`);
    return [BigInt(b.trades_net), BigInt(b.flows)];
  };
  const before = everything(d.ledger);
  assert.deepEqual(sums(), [money('1283'), money('10000')]);
  const bad = async (pattern, ...args) => {
    const r = await d.command('deal', ...args);
    assert.ok(r.code !== 0, r.output);
    assert.match(r.output, pattern);
  };
  await bad(/usage/, 'void', '940001', '4');
  await bad(/no such account: "1"/, 'void', '1', '4', '--reason', 'x');
  await bad(/not a ticket: "x"/, 'void', '940001', 'x', '--reason', 'x');
  await bad(/deal 99 is not there/, 'void', '940001', '4', '99', '--reason', 'x');
  assert.deepEqual(everything(d.ledger), before, 'all of them or none');

  const done = await d.command('deal', 'void', 'Old-Live:940001', '4', '1', '--reason', 'forged by a liar');
  assert.equal(done.code, 0, done.output);
  assert.deepEqual(sums(), [money('1793'), 0n]);
  await bad(/deal 4 is voided already/, 'void', '940001', '4', '--reason', 'x');
  const web = { ...d.env, DASHBOARD_AUTH: 'off' };
  const { json } = await cgi(t, 'dashboard.fcgi', '/api/accounts/Old-Live/940001/deals', web);
  const four = json.deals.find((x) => x.ticket === '4');
  assert.deepEqual([four.excluded, four.void_reason], ['voided', 'forged by a liar']);
  assert.equal(json.deals.find((x) => x.ticket === '3').excluded, null);
  const [trade] = sql(d.ledger, `SELECT net, volume_out FROM trade WHERE account = ${id}`);
  assert.deepEqual([BigInt(trade.net), trade.volume_out], [money('1793'), 0.9e8]);
  const audits = sql(d.ledger, `SELECT who, "to" FROM audit WHERE field = 'void' ORDER BY id`);
  assert.deepEqual(audits, [{ who: 'mt5fleet deal', to: '4: forged by a liar' },
    { who: 'mt5fleet deal', to: '1: forged by a liar' }]);
  // it stays so when the broker gives it again, and the reconciliation says so
  assert.equal((await d.trades('--full')).code, 0);
  assert.deepEqual(sums(), [money('1793'), 0n]);
  const [sync] = sql(d.ledger, `SELECT residue, residue_note AS note FROM sync WHERE account = ${id}`);
  assert.equal(BigInt(sync.residue), money('9490'));
  assert.match(sync.note, /an admin voided 2 deals worth 9490.*kept here, marked and excluded from sums/);
  assert.equal((await d.command('deal', 'unvoid', '940001', '4', '1')).code, 0);
  assert.deepEqual(sums(), [money('1283'), money('10000')]);
  assert.equal((await d.trades('--full')).code, 0);
  const after = everything(d.ledger);
  for (const table of ['deal', 'deal_void', 'trade', 'book'])
    assert.deepEqual(after[table], before[table], table);
});

test('the same by the admin page, and its undo', async (t) => {
  const d = await desk(t);
  const token = (await d.command('token', 'add', 'x', '--scope', 'write')).output.trim().split('\n').at(-1);
  const env = { ...d.env, HTTP_AUTHORIZATION: `Bearer ${token}` };
  const page = (url) => cgi(t, 'admin.fcgi', url, env);
  const post = (url, form) => cgiPost('admin.fcgi', url, form, env);
  const before = everything(d.ledger);
  const account = await page('/admin/phases/Old-Live/940001');
  assert.match(account.text, /href="\/admin\/deals\/Old-Live\/940001"/);

  const deals = await page('/admin/deals/Old-Live/940001');
  assert.match(deals.text, /name="t4"/);
  const who = { server: 'Old-Live', login: '940001' };
  assert.equal(post('/admin/deals', { ...who, t4: '1', reason: '' }).status, 400);
  assert.equal(post('/admin/deals', { ...who, t4: '1', reason: 'a <b>lie</b>' }).status, 303);
  const voided = await page('/admin/deals/Old-Live/940001');
  assert.match(voided.text, /voided/);
  assert.match(voided.text, /a &lt;b&gt;lie/);
  assert.equal(post('/admin/deals', { ...who, t4: '1', reason: 'again' }).status, 409);

  const asked = await page('/admin/merge/Old-Live/940001');
  assert.match(asked.text, /New-Live:940009/);
  const shown = await page('/admin/merge/Old-Live/940001?into=New-Live:940009');
  assert.match(shown.text, /4 deals come over/);
  const clash = await page('/admin/merge/Old-Live/940001?into=Other:7');
  assert.match(clash.text, /they cannot be joined/);
  const into = { into_server: 'New-Live', into_login: '940009' };
  assert.equal(post('/admin/merge', { ...who, into_server: 'Other', into_login: '7' }).status, 409);
  assert.equal(post('/admin/merge', { ...who, ...into }).status, 303);
  assert.equal(tickets(d, d.id(940009)).length, 8);
  assert.equal(post('/admin/rename', { server: 'New-Live', login: '940009', new_server: 'Newest',
    new_login: '940009' }).status, 303);
  for (const field of ['name', 'merge', 'void']) {
    const [row] = sql(d.ledger, `SELECT id FROM audit WHERE field = '${field}' AND undone = 0 AND action = 'edit'
      ORDER BY id DESC LIMIT 1`);
    assert.equal(post('/admin/undo', { id: String(row.id) }).status, 303, field);
  }
  const after = everything(d.ledger);
  for (const table of ['account', 'deal', 'deal_void', 'trade', 'book'])
    assert.deepEqual(after[table], before[table], table);
});

// sheets_faults.test.mjs: the sheets job when Google, the network or the
// settings fail: nothing twice, nothing missing, no secret told.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { byKey, deposit, random, trade } from '../sheets/ledger.mjs';
import { ACCOUNT, assertEqual, liveOf, setLive, setUp, some, watchForGaps } from '../sheets/set_up.mjs';
import { bin, run, sleep, waitFor } from './lib.mjs';

// 300 for the long form
const RUNS = Number(process.env.SHEETS_RUNS ?? 40);
const FAULTS = ['lost', 'lost500', 'half', 'cut', 'drip', '429', '500', '503', '401', 'kill'];

test(`${RUNS} runs with a fault each: the sheet is the ledger`, async (t) => {
  const s = await setUp(t, { minuteMs: 1000, timeout: '0.4' });
  const next = random(Number(process.env.SHEETS_SEED ?? 20261121));
  const codes = {};
  watchForGaps(s.standin);
  await s.seed(some(20));
  let open = [], made = 1000;
  for (let i = 0; i < RUNS; i++) {
    const kind = FAULTS[i % FAULTS.length];
    const lines = [{ account: ACCOUNT }, ...open.flatMap((k) => trade(random(k), k))];
    open = [made, made + 1, made + 2].filter(() => next(2));
    for (let n = next(4); n >= 0; n--, made++)
      lines.push(...trade(random(made), made, { open: open.includes(made) }));
    open = open.filter((k) => k < made);
    await s.seed(lines);
    await setLive(s, 'vps01', [liveOf(ACCOUNT, { balance: i })], { live: next(4) > 0 });
    if (next(4) === 0) fs.rmSync(path.join(s.dir, 'sheets-token.json'), { force: true });
    if (kind === 'kill') {
      const child = s.start('--timeout', '0.4');
      await sleep(next(120));
      await child.kill('SIGKILL');
      codes.kill = (codes.kill ?? 0) + 1;
    } else {
      s.standin.inject(kind, i < 3 ? i + 1 : next(3));
      const { code, output } = await s.sync();
      assert.ok(code === 0 || code === 3, `${kind}: ${code}: ${output}`);
      codes[code] = (codes[code] ?? 0) + 1;
      if (code === 0) await assertEqual(s);
    }
    s.standin.faults = [];
  }
  await s.ok();
  const trades = await assertEqual(s);
  assert.ok(codes[0] > RUNS / 2, JSON.stringify(codes));
  assert.ok(s.standin.requests.filter((r) => r.fault).length > RUNS / 3);
  t.diagnostic(`${JSON.stringify(codes)}, ${trades} trades, ${s.standin.requests.length} requests`);
});

for (const kind of ['lost', 'lost500', 'cut'])
  test(`a first fill with ${kind} at each of its requests in turn`, async (t) => {
    const s = await setUp(t);
    await s.seed(some(1500)); // more than a new tab has room for
    for (let at = 0, asked = 1; at < asked; at++) {
      s.standin.spreadsheet.sheets.splice(1);
      fs.rmSync(path.join(s.dir, 'sheets-token.json'), { force: true });
      s.standin.forget();
      s.standin.inject(kind, at);
      await s.ok('--full');
      await assertEqual(s);
      assert.equal(s.standin.spreadsheet.sheets.length, 6);
      asked = s.standin.requests.length - 1;
      assert.ok(asked >= 7, `${asked} requests`);
    }
  });

test('a fault that stays: the run ends with 3 and says why, the next one goes on', async (t) => {
  const s = await setUp(t);
  await s.seed(some(5));
  for (let i = 0; i < 8; i++) s.standin.inject('503', i + 1);
  const { code, output } = await s.sync();
  assert.equal(code, 3);
  assert.match(output, /error: 503: The service is currently unavailable/);
  s.standin.faults = [];
  await s.ok();
  await assertEqual(s);
});

test('answers lost for good: what is in doubt is written again', async (t) => {
  const s = await setUp(t);
  const note = (text) => s.seed([{ account: ACCOUNT }, { phase: { note: text, at_msc: 1750000000000 } }]);
  await s.seed([...some(2), { phase: { phase: 'F1', status: 'active', initial_balance: '1' } }]);
  await note('first');
  await s.ok();
  assert.equal(s.sheet('Phases').rows[1][11], 'first');
  await note('second');
  for (let i = 0; i < 20; i++) s.standin.inject('lost', 1);
  assert.equal((await s.sync()).code, 3);
  assert.equal(s.sheet('Phases').rows[1][11], 'second'); // it was applied
  s.standin.faults = [];
  await note('first'); // as the last certain write had it
  await s.ok();
  assert.equal(s.sheet('Phases').rows[1][11], 'first');
});

test('quotas are kept to: 429 is waited for, and a batch has less than 2 MB', async (t) => {
  const s = await setUp(t, { minuteMs: 500 });
  await s.seed(some(12000));
  s.standin.inject('429', 2);
  await s.ok();
  await assertEqual(s);
  const writes = s.standin.requests.filter((r) => r.kind === 'write');
  assert.ok(Math.max(...writes.map((r) => r.bytes)) > 1_000_000);
  assert.ok(Math.max(...writes.map((r) => r.bytes)) < 2_000_000);
});

// tests/cases/ops/sheets-protected-tab
test('a tab with a protected range is left alone, the others are written', async (t) => {
  const s = await setUp(t);
  let balance = 1000;
  const change = () => setLive(s, 'vps01', [liveOf(ACCOUNT, { balance: ++balance })]);
  const first = some(20), more = some(23, { open: 2 });
  await s.seed(first);
  await change();
  await s.ok();
  s.sheet('Trades').protected = [0, 20000];
  await s.seed(more);
  await s.seed([{ account: ACCOUNT }, deposit(777, 55)]);
  for (let i = 0; i < 3; i++) {
    await change();
    const { code, output } = await s.sync(...i === 2 ? ['--full'] : []);
    assert.equal(code, 1);
    assert.match(output, /tab "Trades": is not written: 400: a range of it is protected: .*fleet@stand-in/);
    assert.equal(s.sheet('Accounts').rows[1][5], balance);
    assert.equal(byKey(s.sheet('Cash flows')).size, (await s.dump()).flows.length);
  }
  assert.equal(byKey(s.sheet('Trades')).size, 20);
  delete s.sheet('Trades').protected;
  await s.ok();
  await assertEqual(s);
  assert.equal(byKey(s.sheet('Trades')).size, 23);
  // only some rows of it
  s.sheet('Trades').protected = [3, 5];
  await change();
  assert.equal((await s.sync('--full')).code, 1);
  assert.equal(s.sheet('Accounts').rows[1][5], balance);
  delete s.sheet('Trades').protected;
  await s.ok();
  await assertEqual(s);
});

test('two tabs are protected: both are named', async (t) => {
  const s = await setUp(t);
  await s.seed(some(3));
  await s.ok();
  for (const title of ['Trades', 'Cash flows']) s.sheet(title).protected = [0, 20000];
  await s.seed(some(5));
  await s.seed([{ account: ACCOUNT }, deposit(777, 55)]);
  await setLive(s, 'vps01', [liveOf(ACCOUNT, { balance: 4321 })]);
  const { code, output } = await s.sync();
  assert.equal(code, 1);
  for (const title of ['Trades', 'Cash flows'])
    assert.match(output, new RegExp(`tab "${title}": is not written`));
  assert.equal(s.sheet('Accounts').rows[1][5], 4321);
  for (const title of ['Trades', 'Cash flows']) delete s.sheet(title).protected;
  await s.ok();
  await assertEqual(s);
});

test('the spreadsheet has no room for more rows: the tabs that need none are written', async (t) => {
  const s = await setUp(t);
  await s.seed(some(20));
  await s.ok();
  // somebody else's tab takes all but a few of the 10,000,000 cells
  const used = s.standin.spreadsheet.sheets.reduce((n, x) => n + x.rowCount * x.columnCount, 0);
  s.standin.spreadsheet.addSheet({ sheetId: 99, title: 'Big',
    gridProperties: { rowCount: Math.floor((10_000_000 - used) / 10), columnCount: 10 } });
  await s.seed(some(1200));
  await setLive(s, 'vps01', [liveOf(ACCOUNT, { balance: 4321 })]);
  const { code, output } = await s.sync();
  assert.equal(code, 1);
  assert.match(output, /tab "Trades": has no room for its rows: 400: the spreadsheet is at Google's limit of 10,000,000/);
  assert.equal(s.sheet('Accounts').rows[1][5], 4321);
  s.standin.spreadsheet.sheets = s.standin.spreadsheet.sheets.filter((x) => x.title !== 'Big');
  await s.ok();
  await assertEqual(s);
});

test('the token is kept, 0600, renewed once after a 401, and then given up', async (t) => {
  const s = await setUp(t);
  const file = path.join(s.dir, 'sheets-token.json');
  await s.seed(some(2));
  let balance = 0;
  const change = () => setLive(s, 'vps01', [liveOf(ACCOUNT, { balance: ++balance })]);
  await change();
  await s.ok();
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  await change();
  await s.ok();
  assert.equal(s.standin.count('token'), 1);
  s.standin.tokens.clear();
  await change();
  await s.ok();
  assert.equal(s.standin.count('token'), 2);
  assert.equal(s.sheet('Accounts').rows[1][5], balance);
  s.standin.forget();
  for (let i = 0; i < 9; i++) s.standin.inject('401', 0);
  await change();
  const { code, output } = await s.sync();
  assert.equal(code, 1);
  assert.match(output, /401: a new token was refused too/);
  assert.equal(s.standin.count('token'), 1);
});

const refusals = [
  ['not shared', (s) => { s.standin.shared = false; },
    /403: the sheet is not shared with fleet@stand-in\.iam\.gserviceaccount\.com as an editor/],
  ['API off', (s) => { s.standin.enabled = false; }, /403: enable the Google Sheets API/],
  ['another spreadsheet', (s) => setting(s, 'SHEETS_SPREADSHEET_ID', '1OtherOtherOther'),
    /404: no such spreadsheet: check SHEETS_SPREADSHEET_ID/],
  ['a key that was withdrawn', (s) => { s.standin.account.publicKey =
    s.standin.account.pem; const { pem } = s.standin.account; s.standin.newAccount();
  const key = JSON.parse(fs.readFileSync(s.standin.keyFile)); key.private_key = pem;
  fs.writeFileSync(s.standin.keyFile, JSON.stringify(key)); }, /token: 400: the key is not/],
  ['no key file', (s) => fs.rmSync(s.standin.keyFile), /service-account\.json: No such file/],
  ['a bad key file', (s) => fs.writeFileSync(s.standin.keyFile, '{'), /is not JSON/],
  ['no https', (s) => setting(s, 'SHEETS_API_BASE', 'http://127.0.0.1:1'),
    /SHEETS_API_BASE: not https: "http:\/\/127\.0\.0\.1:1"/],
];

function setting(s, name, value) {
  fs.writeFileSync(s.env, fs.readFileSync(s.env, 'utf8').replace(new RegExp(`${name}=.*`), `${name}=${value}`));
}

for (const [name, spoil, message] of refusals)
  test(`${name}: one line says what to do`, async (t) => {
    const s = await setUp(t);
    await s.seed(some(2));
    spoil(s);
    const { code, output } = await s.sync();
    assert.equal(code, 1, output);
    const errors = output.split('\n').filter((l) => l.includes(' error: '));
    assert.equal(errors.length, 1, output);
    assert.match(errors[0], message);
    assert.equal(s.standin.count('write'), 0);
  });

test('a certificate nobody vouches for is not trusted', async (t) => {
  const s = await setUp(t);
  await s.seed(some(2));
  const { code, output } = await run(t, bin('sheets'), ['--max-wait', '0.01'],
    { env: { MT5FLEET_CONFIG: s.env, SSL_CERT_FILE: '' } });
  assert.equal(code, 3);
  assert.match(output, /certificate/);
  assert.equal(s.standin.requests.length, 0);
});

test('not set up: nothing is done, and -n says what is wrong', async (t) => {
  const s = await setUp(t);
  await s.seed(some(1));
  assert.equal((await s.sync('-n')).code, 0);
  setting(s, 'SHEETS_SPREADSHEET_ID', 'x y');
  const bad = await s.sync('-n');
  assert.equal(bad.code, 1);
  assert.match(bad.output, /SHEETS_SPREADSHEET_ID: no id/);
  setting(s, 'SHEETS_SPREADSHEET_ID', '');
  setting(s, 'GOOGLE_APPLICATION_CREDENTIALS', '');
  const none = await s.sync();
  assert.equal(none.code, 0);
  assert.match(none.output, /not set up/);
  assert.equal(s.standin.requests.length, 0);
});

test('two at once: the second leaves it to the first', async (t) => {
  const s = await setUp(t);
  await s.seed(some(5));
  s.standin.inject('drip', 1);
  const first = s.start('--timeout', '20');
  await waitFor('the first request', () => s.standin.count('read') > 0);
  const second = await s.sync();
  assert.equal(second.code, 0);
  assert.match(second.output, /another run is at work/);
  assert.equal((await first.exited).code, 0);
  await assertEqual(s);
});

test('no secret in a log, an error, the process list or a file that others read', async (t) => {
  const s = await setUp(t);
  await s.seed(some(5));
  await setLive(s, 'vps01', [liveOf(ACCOUNT)]);
  let lists = '';
  const watch = async (child) => {
    for (; child.running(); await sleep(1)) {
      try { lists += fs.readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'); } catch { /* ended */ }
    }
  };
  const faults = [null, 'lost', 'half', '500', '401', 'cut'];
  for (const fault of faults) {
    fs.rmSync(path.join(s.dir, 'sheets-token.json'), { force: true });
    await s.seed([{ account: ACCOUNT }, ...trade(random(1), 50 + faults.indexOf(fault))]);
    if (fault) for (let i = 0; i < 12; i++) s.standin.inject(fault, i + 1);
    const child = s.start('-v', '--max-wait', '0.01');
    await watch(child);
    s.log += (await child.exited).output;
    s.standin.faults = [];
  }
  s.standin.shared = false;
  await s.sync('-v');
  setting(s, 'SHEETS_SPREADSHEET_ID', '1OtherOtherOther');
  await s.sync('-v');
  const secrets = [s.standin.spreadsheet.id, '1OtherOtherOther', ...s.standin.secrets,
    ...s.standin.account.pem.split('\n').filter((l) => l.length > 20 && !l.includes('-----'))];
  assert.ok(s.standin.secrets.length >= 10, String(s.standin.secrets.length));
  assert.ok(lists.includes('--max-wait') && s.log.length > 500);
  for (const secret of secrets)
    for (const [where, text] of [['log', s.log], ['process list', lists]])
      assert.ok(!text.includes(secret), `${where}: ${secret.slice(0, 20)}`);
  for (const file of fs.readdirSync(s.dir)) {
    const full = path.join(s.dir, file), stat = fs.statSync(full);
    if (!stat.isFile() || (stat.mode & 0o077) === 0) continue;
    const text = fs.readFileSync(full, 'latin1');
    for (const secret of secrets) assert.ok(!text.includes(secret), `${file}: ${secret.slice(0, 20)}`);
  }
});

const python = spawnSync('/usr/bin/python3', ['-c', 'import google.auth'], { stdio: 'ignore' });
test('second opinion: Google\'s own library takes our claim',
  { skip: python.status !== 0 && 'no python3-google-auth' }, async (t) => {
    const s = await setUp(t);
    await s.seed(some(1));
    await s.ok();
    const asked = spawnSync('/usr/bin/python3', ['tests/sheets/second_opinion.py'], {
      encoding: 'utf8',
      input: JSON.stringify({ assertion: s.standin.secrets[0], key_file: s.standin.keyFile,
        public_key: s.standin.account.publicKey.export({ type: 'spki', format: 'pem' }) }),
    });
    assert.equal(asked.status, 0, asked.stderr);
    const said = JSON.parse(asked.stdout);
    assert.deepEqual(Object.keys(said.claims).sort(), Object.keys(said.theirs).sort());
    assert.deepEqual(said.header, said.their_header);
    for (const claim of ['iss', 'aud', 'scope']) assert.equal(said.claims[claim], said.theirs[claim]);
    assert.equal(said.claims.exp - said.claims.iat, said.theirs.exp - said.theirs.iat);
  });

test('the stand-in itself: what is wrong is refused', async (t) => {
  const s = await setUp(t);
  const { spreadsheet } = s.standin;
  const write = (valueInputOption, range, values) =>
    spreadsheet.write({ valueInputOption, data: [{ range, values }] });
  write('USER_ENTERED', 'Sheet1!A1:A1', [['=1+1']]);
  assert.deepEqual(spreadsheet.sheets[0].rows[0][0], { formula: '=1+1' });
  write('RAW', 'Sheet1!A1:C1', [['=1+1', null, '']]);
  assert.equal(spreadsheet.sheets[0].rows[0][0], '=1+1');
  assert.throws(() => write('RAW', 'Sheet1!A1001:A1001', [[1]]), /exceeds grid limits. Max rows: 1000/);
  assert.throws(() => write('RAW', 'Sheet1!A1:A1', [[1, 2]]), /tried writing to column \[B\]/);
  assert.throws(() => write('RAW', 'Nope!A1:A1', [[1]]), /Unable to parse range: Nope!A1:A1/);
  const add = { addSheet: { properties: { sheetId: 5, title: 'X' } } };
  assert.throws(() => spreadsheet.update({ requests: [add, add] }), /already exists/);
  assert.equal(spreadsheet.sheet('X'), undefined); // all or nothing
});

// ledger.test.mjs: a ledger that cannot be written, and the commands around
// it: import, export, backup, restore, passwd.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { bin, run, start, startRedis, tmp, waitFor } from './lib.mjs';
import { differences, sql, startNodes } from './ledger_lib.mjs';

const write = (file, query) => execFileSync('sqlite3', [file, query]);

/** A command with something on its standard input: {code, output}. */
async function feed(command, args, env, input) {
  const child = spawn(command, args, { env: { ...process.env, ...env } });
  let output = '';
  child.stdout.on('data', (d) => { output += d; });
  child.stderr.on('data', (d) => { output += d; });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const code = await new Promise((done) => child.on('exit', done));
  return { code, output };
}

test('a ledger that cannot be written', async (t) => {
  const fleet = await startNodes(t, {
    n: ['--seed', 21, '--deals', 2000, '--rate', 0, '--server', 'S', '--login', 1] });
  await fleet.wait();
  const book = () => fs.readFileSync(fleet.nodes[0].book, 'utf8');
  const limited = (blocks) => run(t, 'bash', ['-c', 'ulimit -f "$0"; exec "$1"',
    String(blocks), bin('trades')], { env: fleet.env });

  await t.test('no room at all: exit 3 and says so', async () => {
    const result = await limited(4); // 4 KiB a file
    assert.equal(result.code, 3, result.output);
    assert.match(result.output, /disk full|no room left/);
  });

  await t.test('no room in the middle: what was committed is whole', async () => {
    const result = await limited(600);
    assert.equal(result.code, 3, result.output);
    assert.match(result.output, /ledger disk full: no room left on the disk/);
    assert.match(result.output, /not finished, the next run goes on/);
    assert.equal(execFileSync('sqlite3', [fleet.ledger, 'PRAGMA integrity_check'],
      { encoding: 'utf8' }).trim(), 'ok');
    const [{ n }] = sql(fleet.ledger, 'SELECT count(*) AS n FROM deal');
    assert.ok(n === 0 || n === 1000, `${n} deals: pages are whole`);
    assert.deepEqual(sql(fleet.ledger, 'SELECT b.deals FROM book b WHERE b.deals <> ' +
      '(SELECT count(*) FROM deal)'), []);
  });

  await t.test('a disk that is really full', async (t) => {
    const result = await run(t, 'unshare', ['-m', 'bash', '-c',
      'mount -t tmpfs -o size=400k none "$0" || exit 77; LEDGER_FILE=$0/l.db; export LEDGER_FILE; exec "$1"',
      tmp(t), bin('trades')], { env: fleet.env });
    if (result.code === 77 || /^unshare: /m.test(result.output)) return t.skip('no mount allowed here');
    assert.equal(result.code, 3, result.output);
    assert.match(result.output, /ledger disk full: no room left on the disk/);
  });

  await t.test('room again: back by itself, nothing missing', async () => {
    const result = await fleet.trades();
    assert.equal(result.code, 0, result.output);
    assert.deepEqual(differences(fleet.ledger, 1, book()), []);
  });

  await t.test('locked by another writer: exit 3, then well again', async () => {
    const holder = spawn('sqlite3', [fleet.ledger], { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => holder.kill());
    let said = '';
    holder.stdout.on('data', (d) => { said += d; });
    holder.stdin.write('BEGIN IMMEDIATE;\n.print held\n');
    await waitFor('the lock', () => said.includes('held'));
    const result = await fleet.trades();
    assert.equal(result.code, 3, result.output);
    assert.match(result.output, /ledger busy: database is locked/);
    // who only reads is not disturbed
    assert.equal((await fleet.command('export', path.join(fleet.dir, 'out'))).code, 0);
    holder.stdin.end('ROLLBACK;\n');
    await new Promise((done) => holder.on('exit', done));
    assert.equal((await fleet.trades()).code, 0);
  });

  await t.test('not ours to write: exit 3', {
    skip: process.getuid() !== 0 && 'wants root to become nobody' }, async () => {
    const dir = tmp(t);
    const file = path.join(dir, 'ledger.db');
    fs.copyFileSync(fleet.ledger, file);
    fs.chmodSync(dir, 0o755);
    fs.chmodSync(file, 0o644);
    const state = tmp(t);
    fs.chmodSync(state, 0o777);
    fs.chmodSync(fleet.dir, 0o755);
    const result = await run(t, 'setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups',
      bin('trades')], { env: { ...fleet.env, STATE_DIR: state, LEDGER_FILE: file } });
    assert.equal(result.code, 3, result.output);
    assert.match(result.output, /ledger read-only: /);
  });

  await t.test('not a ledger: exit 3, the file is left alone', async () => {
    const file = path.join(fleet.dir, 'text');
    fs.writeFileSync(file, 'my notes '.repeat(1000));
    const result = await run(t, bin('trades'), [], { env: { ...fleet.env, LEDGER_FILE: file } });
    assert.equal(result.code, 3);
    assert.match(result.output, /not a database/);
    assert.equal(fs.readFileSync(file, 'utf8'), 'my notes '.repeat(1000));
  });

  await t.test('two runs at a time: one works, the other says so', async () => {
    const [a, b] = await Promise.all([fleet.trades('--full'), fleet.trades('--full')]);
    assert.equal(a.code, 0);
    assert.equal(b.code, 0);
    assert.match(a.output + b.output, /another run is at work|accounts=1 .*accounts=1/s);
  });
});

test('many begin a new ledger at once', async (t) => {
  const dir = tmp(t);
  const env = { STATE_DIR: dir, LEDGER_FILE: path.join(dir, 'ledger.db') };
  const all = await Promise.all(Array.from({ length: 8 }, (_, i) =>
    feed(bin('mt5fleet'), ['passwd', `user${i}`], env, 'long enough\n')));
  for (const one of all) assert.equal(one.code, 0, one.output);
  assert.deepEqual(sql(env.LEDGER_FILE, 'SELECT count(*) AS n FROM user'), [{ n: 8 }]);
  assert.deepEqual(sql(env.LEDGER_FILE, 'SELECT number FROM migration ORDER BY number').map((m) => m.number),
    sql(env.LEDGER_FILE, 'SELECT number FROM migration ORDER BY number').map((_, i) => i + 1));
});

test('passwd', async (t) => {
  const dir = tmp(t);
  const env = { STATE_DIR: dir, LEDGER_FILE: path.join(dir, 'ledger.db') };
  const passwd = (input, ...args) => feed(bin('mt5fleet'), ['passwd', ...args], env, input);

  await t.test('makes a user; the ledger has a hash and no password', async () => {
    assert.equal((await passwd('correct horse\n', '--role', 'admin', 'ann')).code, 0);
    const [user] = sql(env.LEDGER_FILE, 'SELECT * FROM user');
    assert.equal(user.role, 'admin');
    assert.match(user.hash, /^\$argon2id\$/);
    assert.ok(!fs.readFileSync(env.LEDGER_FILE).includes('correct horse'));
    assert.equal(fs.statSync(env.LEDGER_FILE).mode & 0o007, 0);
  });
  await t.test('a new password keeps the role', async () => {
    const before = sql(env.LEDGER_FILE, 'SELECT hash FROM user')[0].hash;
    assert.equal((await passwd('battery staple\n', 'ann')).code, 0);
    const [user] = sql(env.LEDGER_FILE, 'SELECT role, hash FROM user');
    assert.equal(user.role, 'admin');
    assert.notEqual(user.hash, before);
  });
  await t.test('too short, no name, a bad role: said, nothing changed', async () => {
    assert.equal((await passwd('short\n', 'bob')).code, 1);
    assert.equal((await passwd('', 'bob')).code, 1);
    assert.match((await passwd('long enough\n', 'a b')).output, /not a name: "a b"/);
    assert.match((await passwd('long enough\n', '--role', 'king', 'bob')).output, /not "king"/);
    assert.equal(sql(env.LEDGER_FILE, 'SELECT count(*) AS n FROM user')[0].n, 1);
  });
  await t.test('disabled keeps the hash', async () => {
    assert.equal((await passwd('', '--disable', 'ann')).code, 0);
    assert.equal(sql(env.LEDGER_FILE, 'SELECT disabled FROM user')[0].disabled, 1);
    assert.equal((await passwd('', '--disable', 'zoe')).code, 1);
  });
});

test('import and export of the first system\'s files', async (t) => {
  const dir = tmp(t);
  const env = { STATE_DIR: dir, LEDGER_FILE: path.join(dir, 'ledger.db') };
  const mt5fleet = (...args) => run(t, bin('mt5fleet'), args, { env });
  const file = (name, content) => {
    fs.writeFileSync(path.join(dir, name), JSON.stringify(content));
    return path.join(dir, name);
  };
  await feed(bin('mt5fleet'), ['passwd', 'x'], env, 'long enough\n'); // makes the ledger
  write(env.LEDGER_FILE, `INSERT INTO account (server, login, node, first_seen_msc) VALUES
    ('A', 100, 'vps01', 1), ('A', 200, 'vps02', 1), ('B', 200, 'vps03', 1), ('A', 300, 'vps04', 1)`);
  const phases = () => sql(env.LEDGER_FILE, `SELECT login, phase, initial_balance AS initial
    FROM phase_period JOIN account a ON a.id = account WHERE ended_msc IS NULL ORDER BY login`);
  const trade = { symbol: 'EURUSD', side: 'SELL', lot: 0.1, pips: 12.3, tp_money: null, sl_money: null,
    commission: -0.7, profit: 12.34, entry_time: '2026-01-15T10:20:30', exit_time: '2026-01-15T11:20:30.5',
    entry_price: 1.1, exit_price: 1.0988, position_id: 9007199254740991 };

  await t.test('phases: placed, and what fits none or several is kept aside', async () => {
    const result = await mt5fleet('import', file('phases.json',
      { 100: 'F1', 200: 'F2', 999: 'R', 300: 'my own' }));
    assert.equal(result.code, 1);
    assert.match(result.output, /2 placed, 0 known already, 2 kept aside/);
    assert.match(result.output, /"200": several accounts have this login/);
    assert.match(result.output, /"999": no such account was seen yet/);
    assert.deepEqual(phases(), [{ login: 100, phase: 'F1', initial: null },
      { login: 300, phase: 'my own', initial: null }]);
    assert.deepEqual(sql(env.LEDGER_FILE, 'SELECT login, json FROM import_aside ORDER BY login'),
      [{ login: '200', json: '"F2"' }, { login: '999', json: '"R"' }]);
  });
  await t.test('again changes nothing; a login that came is placed', async () => {
    write(env.LEDGER_FILE, "INSERT INTO account (server, login, first_seen_msc) VALUES ('C', 999, 1)");
    const result = await mt5fleet('import', path.join(dir, 'phases.json'));
    assert.match(result.output, /1 placed, 2 known already, 1 kept aside/);
    assert.deepEqual(sql(env.LEDGER_FILE, 'SELECT login FROM import_aside'), [{ login: '200' }]);
  });
  await t.test('a phase that a person set since stands', async () => {
    write(env.LEDGER_FILE, `UPDATE phase_period SET ended_msc = 5 WHERE account = 1;
      INSERT INTO phase_period (account, phase, status, started_msc, who) VALUES (1, 'F2', 'active', 5, 'ann')`);
    const result = await mt5fleet('import', path.join(dir, 'phases.json'));
    assert.equal(result.code, 1);
    assert.match(result.output, /"100": ann set another phase since: kept aside/);
    assert.equal(phases()[0].phase, 'F2');
    write(env.LEDGER_FILE, `DELETE FROM phase_period WHERE who = 'ann';
      UPDATE phase_period SET ended_msc = NULL WHERE account = 1`);
    await mt5fleet('import', path.join(dir, 'phases.json')); // placed: no longer aside
    assert.equal(phases()[0].phase, 'F1');
  });
  await t.test('vs_data, agents, and a file nobody knows', async () => {
    assert.equal((await mt5fleet('import', file('vs_data.json', { 100: 'pair-1' }))).code, 0);
    assert.equal((await mt5fleet('import', file('agents.json', { agents: [{ name: 'vps01', port: 8000,
      terminal_path: 'C:\\x', display_name: 'One', account_holder: 'Ann', prop_firm: 'FTMO',
      initial_balance: 100000.0 }] }))).code, 0);
    assert.deepEqual(sql(env.LEDGER_FILE, 'SELECT holder, prop_firm, vs_group FROM account WHERE login = 100'),
      [{ holder: 'Ann', prop_firm: 'FTMO', vs_group: 'pair-1' }]);
    assert.equal(phases()[0].initial, 100000e8);
    assert.match((await mt5fleet('import', file('what.json', { 100: 'F1' }))).output, /cannot tell what it is/);
    assert.equal((await mt5fleet('import', '--as', 'phases', path.join(dir, 'what.json'))).code, 0);
    assert.equal((await mt5fleet('import', path.join(dir, 'nowhere.json'))).code, 1);
  });
  await t.test('trades: marked as imported, bad ones aside', async () => {
    const result = await mt5fleet('import', file('trade_cache.json', { 100: { trades:
      [trade, { ...trade, position_id: 5, entry_time: 'yesterday' }], total_trades: 2 } }));
    assert.equal(result.code, 1);
    assert.match(result.output, /"100\/5": no times: kept aside/);
    assert.deepEqual(sql(env.LEDGER_FILE, `SELECT cast(position_id AS TEXT) AS id, imported, type, net, volume_in,
      time_open_msc AS open, time_close_msc AS close FROM trade`), [{ id: '9007199254740991', imported: 1, type: 1,
      net: 1164000000, volume_in: 10000000, open: Date.UTC(2026, 0, 15, 10, 20, 30),
      close: Date.UTC(2026, 0, 15, 11, 20, 30, 500) }]);
  });
  await t.test('bad trades without a number of their own are all kept aside, and again', async () => {
    const bad = { ...trade, position_id: undefined };
    const doc = file('more.json', { 100: { trades: [bad, { ...bad, lot: 7 }, { ...trade, position_id: 6, lot: 'x' }] } });
    const aside = () => sql(env.LEDGER_FILE, "SELECT json FROM import_aside WHERE file = 'more.json'").map((r) =>
      JSON.parse(r.json).lot).sort();
    for (let i = 0; i < 2; i++) {
      assert.equal((await mt5fleet('import', doc)).code, 1);
      assert.deepEqual(aside(), [0.1, 7, 'x']);
    }
  });
  await t.test('two closes of one position: the second does not take the first one\'s place', async () => {
    const doc = file('halves.json', { 100: { trades: [{ ...trade, position_id: 8, profit: 1 },
      { ...trade, position_id: 8, profit: 2, exit_time: '2026-01-15T12:20:30' }] } });
    const kept = () => sql(env.LEDGER_FILE, `SELECT (SELECT group_concat(net / 1000000, ' ') FROM trade
      WHERE position_id = 8) AS placed, (SELECT count(*) FROM import_aside WHERE file = 'halves.json') AS aside`);
    for (let i = 0; i < 2; i++) {
      const result = await mt5fleet('import', doc);
      assert.equal(result.code, 1, result.output);
      assert.match(result.output, /twice in the file/);
      assert.deepEqual(kept(), [{ placed: '30', aside: 1 }]);
    }
    write(env.LEDGER_FILE, 'DELETE FROM trade WHERE position_id = 8');
  });
  await t.test('agents again: an initial balance that is known stays', async () => {
    write(env.LEDGER_FILE, `UPDATE phase_period SET initial_balance = ${50000e8} WHERE initial_balance IS NOT NULL`);
    assert.equal((await mt5fleet('import', path.join(dir, 'agents.json'))).code, 0);
    assert.equal(phases()[0].initial, 50000e8);
  });
  await t.test('every change is in the audit', () => {
    const fields = sql(env.LEDGER_FILE, "SELECT DISTINCT field FROM audit WHERE who = 'import'").map((r) => r.field);
    for (const f of ['phase', 'vs_group', 'holder', 'prop_firm', 'initial_balance'])
      assert.ok(fields.includes(f), f);
  });
  await t.test('export gives the same back', async () => {
    const out = path.join(dir, 'out');
    const result = await mt5fleet('export', out);
    assert.equal(result.code, 0, result.output);
    const read = (name) => JSON.parse(fs.readFileSync(path.join(out, name)));
    assert.deepEqual(read('phases.json'), { 100: 'F1', 300: 'my own', 999: 'R' });
    assert.deepEqual(read('vs_data.json'), { 100: 'pair-1' });
    const { trades, total_trades } = read('trade_cache.json')['100'];
    assert.equal(total_trades, 1);
    assert.deepEqual({ ...trades[0], pips: null, exit_time: 0 }, { ...trade, pips: null, exit_time: 0 });
  });
  await t.test('imported again, what a person set since stays', async () => {
    const [{ id }] = sql(env.LEDGER_FILE, 'SELECT id FROM account WHERE login = 100');
    const set = (field, value) => execFileSync('sqlite3', [env.LEDGER_FILE, `UPDATE account SET ${field} = '${value}'
      WHERE id = ${id}; INSERT INTO audit (at_msc, who, action, account, field, "to")
      VALUES (1, 'ann', 'edit', ${id}, '${field}', '${value}')`]);
    set('vs_group', 'pair-2');
    set('holder', 'B. Trader');
    for (const [name, why] of [['vs_data.json', /"100": ann set another vs_group since: kept aside/],
      ['agents.json', /"vps01": ann set another holder since: kept aside/]]) {
      const { code, output } = await mt5fleet('import', path.join(dir, name));
      assert.equal(code, 1);
      assert.match(output, why);
    }
    assert.deepEqual(sql(env.LEDGER_FILE, `SELECT vs_group, holder FROM account WHERE id = ${id}`),
      [{ vs_group: 'pair-2', holder: 'B. Trader' }]);
  });
});

test('import of the legacy system\'s folder', async (t) => {
  const dir = tmp(t);
  const env = { STATE_DIR: dir, LEDGER_FILE: path.join(dir, 'ledger.db') };
  const mt5fleet = (...args) => run(t, bin('mt5fleet'), args, { env });
  const folder = path.join(import.meta.dirname, '../legacy');
  await feed(bin('mt5fleet'), ['passwd', 'x'], env, 'long enough\n'); // makes the ledger
  write(env.LEDGER_FILE, `INSERT INTO account (server, login, node, first_seen_msc) VALUES
    ('A', 100, 'VPS-1', 1), ('A', 300, 'vps04', 1)`);
  const state = () => sql(env.LEDGER_FILE, `SELECT (SELECT group_concat(login || ' ' || phase, ', ') FROM (SELECT login,
    phase FROM phase_period JOIN account a ON a.id = account WHERE ended_msc IS NULL ORDER BY login)) AS phases,
    (SELECT vs_group || ' ' || holder FROM account WHERE login = 100) AS person,
    (SELECT group_concat(position_id || ' ' || coalesce(price_close, 'unknown'), ', ') FROM trade) AS trades,
    (SELECT group_concat(login, ' ') FROM (SELECT login FROM import_aside ORDER BY login)) AS aside`)[0];

  for (const round of ['first', 'again'])
    await t.test(`${round}: the files are taken, and what is not says why`, async () => {
      const { code, output } = await mt5fleet('import', folder);
      assert.equal(code, 1, output);
      assert.match(output, round === 'first' ? /phases\.json \(phases\): 2 placed, 0 known already, 1 kept aside/ :
        /phases\.json \(phases\): 0 placed, 2 known already, 1 kept aside/);
      assert.match(output, /trade_cache\.json: 12 values are NaN or Infinity: taken as unknown/);
      assert.match(output, /"100\/13": no profit, commission or prices: kept aside/);
      assert.match(output, /"VPS-1b": no account on a node of that name, and no terminal known at that path: kept aside/);
      assert.match(output, /mt5fleet import --kept/);
      assert.deepEqual(state(), { phases: '100 F1, 300 F2', person: 'pair-1 Ann',
        trades: '11 1.1012, 12 unknown', aside: '100/13 100/14 999 VPS-1b' });
    });
  await t.test('its settings are said as they are called here, secrets left out', async () => {
    const { output } = await mt5fleet('import', folder);
    for (const line of ['APP_PORT=8080', 'APP_HOST=0.0.0.0', 'AGENT_TIMEOUT=10',
      'CORS_ORIGINS=https://dash.example.app,http://localhost:5173', 'GOOGLE_APPLICATION_CREDENTIALS=credentials.json',
      'SHEETS_SPREADSHEET_ID=<the value of GOOGLE_SHEETS_SPREADSHEET_ID>', 'REDIS_PASSWORD=<the value of REDIS_PASSWORD>'])
      assert.ok(output.includes(`    ${line}\n`), `${line} in ${output}`);
    assert.match(output, /of no use here: DEBUG_SQL/);
    assert.ok(!/invented|1Invented/.test(output.replaceAll(folder, '')), output);
    const nodes = JSON.parse(/\[\{"id".*\]/.exec(output)[0]);
    assert.deepEqual(nodes, [{ id: 'VPS-1', url: 'http://127.0.0.1:8000' }, { id: 'VPS-2', url: 'http://127.0.0.1:8001' }]);
  });
  await t.test('--kept lists what is aside, until it has its place', async () => {
    let { code, output } = await mt5fleet('import', '--kept');
    assert.equal(code, 0);
    assert.match(output, /phases\.json "999": no such account was seen yet: "R"/);
    assert.match(output, /4 kept aside: fix/);
    write(env.LEDGER_FILE, "INSERT INTO account (server, login, first_seen_msc) VALUES ('C', 999, 1)");
    await mt5fleet('import', folder);
    ({ output } = await mt5fleet('import', '--kept'));
    assert.ok(!output.includes('"999"'), output);
    assert.match(output, /3 kept aside/);
  });
  await t.test('a folder that is another\'s, and no arguments', async () => {
    const { code, output } = await mt5fleet('import', dir);
    assert.equal(code, 1);
    assert.match(output, /none of the legacy system's files is in it/);
    assert.equal((await mt5fleet('import')).code, 2);
    assert.equal((await mt5fleet('import', '--kept', folder)).code, 2);
  });
  await t.test('a long import lets others write, and read what it placed so far', async () => {
    const trades = Array.from({ length: 60000 }, (_, i) => ({ symbol: 'EURUSD', side: 'SELL', lot: 0.1, commission: -0.7,
      profit: 1, entry_time: '2026-01-15T10:20:30', exit_time: '2026-01-15T11:20:30', entry_price: 1.1,
      exit_price: 1.0988, position_id: 1000 + i }));
    const file = path.join(dir, 'trade_cache.json');
    fs.writeFileSync(file, JSON.stringify({ 300: { trades } }));
    const child = start(t, bin('mt5fleet'), ['import', file], { env });
    const placed = () => sql(env.LEDGER_FILE, 'SELECT count(*) AS n FROM trade WHERE position_id >= 1000')[0].n;
    let n = 0;
    await waitFor('a part of it', () => (n = placed()) > 0);
    assert.ok(n < trades.length, 'all at once');
    execFileSync('sqlite3', ['-cmd', '.timeout 5000', env.LEDGER_FILE, 'UPDATE account SET note = 1']);
    assert.equal((await child.exited).code, 0);
    assert.equal(placed(), trades.length);
  });
});

test('backup and restore', async (t) => {
  const dir = tmp(t);
  const env = { STATE_DIR: dir, LEDGER_FILE: path.join(dir, 'ledger.db'), BACKUP_DIR: path.join(dir, 'backup'),
    BACKUP_KEEP: '3' };
  const passwd = (name) => feed(bin('mt5fleet'), ['passwd', name], env, 'long enough\n');
  const backup = () => run(t, bin('backup'), [], { env });
  const list = () => fs.readdirSync(env.BACKUP_DIR).sort();
  const users = () => sql(env.LEDGER_FILE, 'SELECT name FROM user ORDER BY name').map((u) => u.name);

  await t.test('nothing to back up: exit 3', async () => assert.equal((await backup()).code, 3));
  await passwd('ann');
  await t.test('a backup is whole, and a plain file', async () => {
    assert.equal((await backup()).code, 0);
    assert.equal(list().length, 1);
    const file = path.join(env.BACKUP_DIR, list()[0]);
    assert.deepEqual(sql(file, 'SELECT name FROM user'), [{ name: 'ann' }]);
    assert.equal(fs.readFileSync(file)[18], 1); // no WAL
  });
  const first = path.join(dir, 'kept.db');
  fs.copyFileSync(path.join(env.BACKUP_DIR, list()[0]), first);
  await t.test('while another writes', async () => {
    const writer = start(t, 'bash', ['-c', `for i in $(seq 400); do
      echo "INSERT INTO job_run VALUES (NULL, 'w', 1, 1, 0, '$i');"; done | sqlite3 "$0"; sleep 1`, env.LEDGER_FILE]);
    assert.equal((await backup()).code, 0);
    await writer.exited;
    assert.equal(execFileSync('sqlite3', [path.join(env.BACKUP_DIR, list().at(-1)), 'PRAGMA integrity_check'],
      { encoding: 'utf8' }).trim(), 'ok');
  });
  await t.test('only the newest are kept, however fast they are made', async () => {
    for (let i = 0; i < 4; i++) assert.equal((await backup()).code, 0);
    assert.equal(list().length, 3);
  });
  await t.test('restore: the old content, and what was there is backed up', async () => {
    await passwd('bob');
    assert.deepEqual(users(), ['ann', 'bob']);
    // the oldest of the kept ones survives being restored
    const oldest = path.join(env.BACKUP_DIR, list()[0]);
    let result = await run(t, bin('mt5fleet'), ['restore', oldest], { env });
    assert.equal(result.code, 0, result.output);
    assert.deepEqual(users(), ['ann']);
    assert.ok(fs.existsSync(oldest));
    const there = result.output.match(/what was there: (\S+)/)[1];
    result = await run(t, bin('mt5fleet'), ['restore', there], { env });
    assert.equal(result.code, 0, result.output);
    assert.deepEqual(users(), ['ann', 'bob']);
    assert.equal(sql(env.LEDGER_FILE, 'PRAGMA journal_mode')[0].journal_mode, 'wal');
    assert.equal((await run(t, bin('mt5fleet'), ['restore', first], { env })).code, 0);
    assert.deepEqual(users(), ['ann']);
  });
  await t.test('a backup of an older version is restored, and brought up to date', async () => {
    const older = path.join(dir, 'older.db');
    const parts = fs.readFileSync(path.join(import.meta.dirname, '../../lib/ledger/ledger.sql'), 'utf8')
      .split(/^-- migration: \d+\n/m).map((part) => part.split(/^-- (?:name|list): /m)[0]);
    write(older, `CREATE TABLE migration (number INTEGER PRIMARY KEY, applied_msc INTEGER NOT NULL);
      INSERT INTO migration VALUES (1, 1); ${parts[1]}
      ATTACH '${first}' AS first; INSERT INTO user SELECT name, role, hash, changed_msc, disabled FROM first.user;`);
    await passwd('bob');
    const result = await run(t, bin('mt5fleet'), ['restore', older], { env });
    assert.equal(result.code, 0, result.output);
    assert.deepEqual(users(), ['ann']);
    assert.equal(sql(env.LEDGER_FILE, 'SELECT max(number) AS n FROM migration')[0].n,
      parts.length - 1);
  });
  await t.test('an empty file is no backup', async () => {
    const empty = path.join(dir, 'empty.db');
    write(empty, 'PRAGMA user_version = 1');
    const result = await run(t, bin('mt5fleet'), ['restore', empty], { env });
    assert.equal(result.code, 3, result.output);
    assert.deepEqual(users(), ['ann']);
  });
  await t.test('by a clock that was set back: the new backup is not the one that goes', async () => {
    const ahead = [1, 2, 3, 4].map((i) => path.join(env.BACKUP_DIR, `ledger-2099010${i}T000000Z.db`));
    for (const file of ahead) fs.copyFileSync(first, file);
    const before = list();
    assert.equal((await backup()).code, 0);
    assert.equal(list().filter((name) => !before.includes(name)).length, 1);
    for (const file of ahead) fs.rmSync(file, { force: true });
  });
  await t.test('a damaged backup is refused and changes nothing', async () => {
    const bad = path.join(dir, 'bad.db');
    fs.copyFileSync(first, bad);
    const fd = fs.openSync(bad, 'r+');
    for (let at = 4096; at < 40 * 4096; at += 4096) fs.writeSync(fd, 'damaged!', at);
    fs.closeSync(fd);
    const result = await run(t, bin('mt5fleet'), ['restore', bad], { env });
    assert.equal(result.code, 3, result.output);
    assert.deepEqual(users(), ['ann']);
  });
  for (const [what, ruin] of [
    ['in its pages', (fd, size) => {
      for (let at = 8192; at < size; at += 4096) fs.writeSync(fd, 'damaged damaged', at + 8);
    }],
    ['beyond recognition', (fd) => fs.writeSync(fd, 'x'.repeat(4096), 0)]])
    await t.test(`a ledger damaged ${what} is set aside for a good backup, and for no bad one`, async () => {
      const ruined = fs.openSync(env.LEDGER_FILE, 'r+');
      ruin(ruined, fs.fstatSync(ruined).size);
      fs.closeSync(ruined);
      const bytes = fs.readFileSync(env.LEDGER_FILE);
      let result = await run(t, bin('mt5fleet'), ['restore', path.join(dir, 'bad.db')], { env });
      assert.equal(result.code, 3, result.output);
      assert.deepEqual(fs.readFileSync(env.LEDGER_FILE), bytes);
      result = await run(t, bin('mt5fleet'), ['restore', first], { env });
      assert.equal(result.code, 0, result.output);
      assert.deepEqual(users(), ['ann']);
      const aside = result.output.match(/the damaged ledger was moved to (\S+)/)[1];
      assert.deepEqual(fs.readFileSync(aside), bytes);
      fs.rmSync(aside);
    });
  await t.test('no room for a backup: exit 3, no half of one', async () => {
    const before = list();
    const result = await run(t, 'bash', ['-c', 'ulimit -f 20; exec "$0"', bin('backup')], { env });
    assert.equal(result.code, 3, result.output);
    assert.deepEqual(fs.readdirSync(env.BACKUP_DIR).sort(), before);
  });
});

test('mt5fleet check quotes what is wrong', async (t) => {
  const dir = tmp(t);
  const redis = await startRedis(t);
  const nodes = path.join(dir, 'nodes.json');
  const check = () => run(t, bin('mt5fleet'), ['check'], { env: { STATE_DIR: dir, NODES_FILE: nodes,
    LEDGER_FILE: path.join(dir, 'ledger.db'), ...redis.env,
    PRESETS_FILE: path.resolve('etc/rules.json') } });
  fs.writeFileSync(nodes, '[{"id":"a","url":"http://127.0.0.1:1"}]');
  assert.equal((await check()).code, 0);
  fs.writeFileSync(nodes, '[{"id":"a b","url":"http://127.0.0.1:1"}]');
  const result = await check();
  assert.equal(result.code, 2);
  assert.match(result.output, /"a b"/);
});

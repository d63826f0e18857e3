// postgresql.test.mjs: a fleet whose ledger is in PostgreSQL: trades, phases
// and edits; the server stopped, and started again.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bin, get, run, startFleet, waitFor } from './lib.mjs';
import { differences, sql, startNodes } from './ledger_lib.mjs';
import { startPostgres } from './postgres.mjs';

test('trades into PostgreSQL: equal to the books, and after a copy to a file', async (t) => {
  const pg = await startPostgres(t);
  if (pg === null) return t.skip('no PostgreSQL is installed');
  const fleet = await startNodes(t, {
    a: ['--seed', 5, '--deals', 1500, '--rate', 0, '--server', 'S', '--login', 1],
    b: ['--seed', 6, '--deals', 40, '--rate', 0, '--server', 'S', '--login', 2] },
  { LEDGER_URL: pg.url() });
  await fleet.wait();
  const first = await fleet.trades();
  assert.equal(first.code, 0, first.output);
  // stopped: exit 3, and says so; again: nothing is missing, nothing twice
  pg.stop();
  const away = await fleet.trades();
  assert.equal(away.code, 3, away.output);
  assert.match(away.output, /ledger unreachable/);
  assert.ok(!fs.existsSync(fleet.ledger), 'no file was made in its place');
  pg.start();
  const again = await fleet.trades('--full');
  assert.equal(again.code, 0, again.output);
  const checked = await fleet.command('check');
  assert.match(checked.output, /ledger: postgresql:.*: good/);
  const file = path.join(fleet.dir, 'copy.db');
  const copied = await fleet.command('ledger', 'copy', pg.url(), file);
  assert.equal(copied.code, 0, copied.output);
  assert.match(copied.output, /copied and compared: \d+ tables/);
  for (const [i, node] of fleet.nodes.entries())
    assert.deepEqual(differences(file, i + 1, fs.readFileSync(node.book, 'utf8')), []);
  assert.deepEqual(sql(file, `SELECT count(*) AS n FROM book b WHERE b.deals <>
    (SELECT count(*) FROM deal d WHERE d.account = b.account)`), [{ n: 0 }]);
  // a second copy into it is refused, and a backup is a file as ever
  const twice = await fleet.command('ledger', 'copy', pg.url(), file);
  assert.equal(twice.code, 3, twice.output);
  assert.match(twice.output, /not empty/);
  const backup = await fleet.command('backup');
  assert.equal(backup.code, 0, backup.output);
  const job = await run(t, bin('backup'), [], { env: fleet.env });
  assert.equal(job.code, 0, job.output);
  const restore = await fleet.command('restore', backup.output.trim());
  assert.equal(restore.code, 3);
  assert.match(restore.output, /mt5fleet ledger copy FILE URL/);
});

test('a fleet on PostgreSQL, whose server goes and comes back', async (t) => {
  const pg = await startPostgres(t);
  if (pg === null) return t.skip('no PostgreSQL is installed');
  const fleet = await startFleet(t, { nodes: 3,
    env: { LEDGER_URL: pg.url(), DEMO: '1', RATE: '0', COLLECT_EVERY: '15' } });
  const rows = async () => (await get(`${fleet.url}/api/accounts`)).json.accounts;
  const health = async () => (await get(`${fleet.url}/health`)).json;
  // phases by the admin's API, judged by the job, samples by collect
  await waitFor('phases and the day of each', async () =>
    (await rows()).every((row) => row.phase?.phase && row.pl.day !== null), 240000);
  assert.equal((await health()).ledger.ok, true);
  assert.ok(!fs.existsSync(path.join(fleet.state, 'ledger.db')), 'no file');

  const password = fs.readFileSync(path.join(fleet.state, 'admin-password'), 'utf8').trim();
  const login = await get(`${fleet.url}/auth/login`, { method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password }) });
  assert.equal(login.status, 200);
  const cookie = login.headers.get('set-cookie').split(';')[0];
  const edit = async (row, note) => {
    const { version } = (await rows()).find((r) => r.login === row.login).phase ?? row.phase;
    return get(`${fleet.url}/api/accounts/${encodeURIComponent(row.server)}/${row.login}/meta`, {
      method: 'PUT', headers: { 'Content-Type': 'application/json', Cookie: cookie,
        'X-CSRF-Token': login.json.csrf }, body: JSON.stringify({ note, version }) });
  };
  const [row] = await rows();

  pg.stop();
  await waitFor('degraded', async () => {
    const h = await health();
    return h.status === 'degraded' && h.ledger.ok === false;
  }, 60000);
  const live = await waitFor('what the ledger knows to be unknown', async () => {
    const list = await rows();
    return list.every((r) => r.phase === null) && list;
  }, 60000);
  assert.equal(live.length, 3);
  for (const r of live) {
    assert.notEqual(r.account, null, 'what the terminal says is shown');
    assert.ok(r.age_s < 60, 'and is live');
  }
  assert.equal((await edit(row, 'lost')).status, 503);

  pg.start();
  await waitFor('all is well', async () => {
    const h = await health();
    return h.ledger.ok && (await rows()).every((r) => r.phase?.phase);
  }, 120000);
  const done = await edit(row, 'kept');
  assert.equal(done.status, 200, JSON.stringify(done.json));
  // each worker connects again by itself
  const answer = await waitFor('the audit', async () => {
    const got = await get(`${fleet.url}/api/audit?limit=50`, { headers: { Cookie: cookie } });
    return got.status === 200 && got;
  }, 60000);
  const notes = answer.json.audit;
  assert.equal(notes.filter((a) => a.field === 'note' && a.to === 'kept').length, 1);
  assert.equal(notes.filter((a) => a.to === 'lost').length, 0);
});

// digits.test.mjs: amounts of large currencies, a thousand deals an account, from
// the terminal to the API, the CSV and the sheet: exact to the last digit, as
// tests/oracle/money_random.py counts in decimal arithmetic. SEED is another set.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setUp } from '../sheets/set_up.mjs';
import { setting } from './collect_lib.mjs';
import { bin, get, run, startAgent, startTerminal, tmp, waitFor } from './lib.mjs';

const DEALS = Number(process.env.DEALS ?? 1000), SEED = process.env.SEED ?? '1';
const PAGE = 500;

function oracle(what, dir) {
  const { status, stdout, stderr } = spawnSync('python3',
    ['tests/oracle/money_random.py', what, SEED, String(DEALS), dir], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
  return stdout.trim();
}

test('a thousand deals of VND, IDR, IRR, LBP, KWD and BTC are exact everywhere', async (t) => {
  const dir = tmp(t), common = path.join(dir, 'common'), out = path.join(dir, 'out');
  fs.mkdirSync(out);
  oracle('make', dir);
  const names = fs.readdirSync(dir).filter((n) => fs.existsSync(path.join(dir, n, 'deals.csv')));
  assert.equal(names.length, 6);
  for (const name of names)
    startTerminal(t, path.join(dir, name), ['--recording', path.join(dir, name), '--quiet'], common);
  const agent = await startAgent(t, common);
  await waitFor('all histories', async () => {
    const { json } = await get(`${agent.url}/snapshot`);
    return json.terminals?.length === names.length &&
      json.terminals.every((x) => x.snapshot?.history?.complete === true);
  }, 120000);

  const s = await setting(t, [{ id: 'vps', url: agent.url }]);
  const env = { ...s.env, DASHBOARD_AUTH: 'off' };
  s.collect();
  /* to a file: a page may be longer than what a test keeps of a program's output */
  const text = async (url) => {
    const file = path.join(dir, 'answer'), fd = fs.openSync(file, 'w');
    const [uri, query = ''] = url.split('?');
    await run(t, bin('dashboard.fcgi'), [], { stdio: ['ignore', fd, 'pipe'], env: { ...env,
      GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET', SERVER_PROTOCOL: 'HTTP/1.1', SCRIPT_NAME: '',
      PATH_INFO: uri, REQUEST_URI: url, DOCUMENT_URI: uri, QUERY_STRING: query,
      SERVER_NAME: 'localhost', HTTP_HOST: 'localhost', REMOTE_ADDR: '127.0.0.1' } });
    fs.closeSync(fd);
    const answer = fs.readFileSync(file, 'utf8'), end = answer.indexOf('\r\n\r\n');
    assert.doesNotMatch(answer.slice(0, end), /^Status: [^2]/m, answer);
    return answer.slice(end + 4);
  };
  await waitFor('all rows', async () => {
    const all = JSON.parse(await text('/api/accounts')).accounts;
    return all.length === names.length && all.every((r) => r.status === 'read_only' || r.status === 'ok');
  }, 60000);
  const done = await run(t, bin('trades'), [], { env: s.env });
  assert.equal(done.code, 0, done.output);

  const accounts = await text('/api/accounts');
  fs.writeFileSync(path.join(out, 'accounts.json'), accounts);
  for (const r of JSON.parse(accounts).accounts) {
    const at = `/api/accounts/${r.server}/${r.login}`;
    const statistics = await text(`${at}/statistics`), { history } = JSON.parse(statistics);
    assert.deepEqual([history.state, history.difference, history.difference_note],
      ['ok', 0, null], r.login);
    assert.ok(history.deals >= DEALS);
    fs.writeFileSync(path.join(out, `statistics-${r.login}.json`), statistics);
    for (const what of ['deals', 'trades', 'cashflows']) {
      let after = '';
      for (let i = 0; after !== null; i++) {
        const page = await text(`${at}/${what}?limit=${PAGE}${after}`);
        fs.writeFileSync(path.join(out, `${what}-${r.login}-${i}.json`), page);
        const { next } = JSON.parse(page);
        after = next === null ? null : `&after=${next}`;
      }
    }
  }
  fs.writeFileSync(path.join(out, 'trades.csv'), await text('/api/export/trades.csv'));

  const sheet = await setUp(t);
  execFileSync('sqlite3', [path.join(s.dir, 'ledger.db'), `VACUUM INTO '${sheet.ledger}'`]);
  await sheet.ok();
  // a cell is a number of JavaScript, which is written as the shortest text that is it
  fs.writeFileSync(path.join(out, 'sheet.json'), JSON.stringify(Object.fromEntries(
    ['Trades', 'Cash flows'].map((title) => [title, sheet.sheet(title).rows]))));
  t.diagnostic(oracle('check', dir));
});

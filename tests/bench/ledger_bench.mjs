// ledger_bench.mjs: PostgreSQL beside SQLite: a minute's samples of 1,000
// accounts, pages of 1,000 deals in (with their trades) and out.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { context, figure, row } from './lib.mjs';
import { BUILD, tmp } from '../system/lib.mjs';

const ACCOUNTS = 1000, DEALS = Number(process.env.DEALS ?? 20000);
const measure = (where) => JSON.parse(execFileSync(path.join(BUILD, 'test/ledger'),
  [where, String(ACCOUNTS), String(DEALS)], { encoding: 'utf8' }));

const t = context();
const dir = tmp(t, 'mt5f-bench-');
fs.chmodSync(dir, 0o755);
const home = path.join(dir, 'pg');
try {
  const file = measure(path.join(dir, 'ledger.db'));
  const rows = [['a minute of 1,000 accounts', 'minute_s', 's'],
    ['deals in, pages of 1,000', 'deals_per_s', 'deals/s'],
    ['pages of 1,000 deals out', 'pages_per_s', '1/s']];
  for (const [what, key, unit] of rows) row('ledger', `SQLite: ${what}`, file[key], unit);
  const made = spawnSync('tests/pg/server', ['start', home], { encoding: 'utf8' });
  if (made.status !== 77) {
    if (made.status !== 0) throw new Error(made.stderr);
    const pg = measure(`postgresql://ledger@/postgres?host=${home}`);
    for (const [what, key, unit] of rows) {
      row('ledger', `PostgreSQL: ${what}`, pg[key], unit, 'SQLite', pg[key] / file[key]);
      figure(`ledger.postgresql_${key}`, pg[key]);
    }
  }
} finally {
  spawnSync('tests/pg/server', ['stop', home, 'immediate']);
  await t.end();
}

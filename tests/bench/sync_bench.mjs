// sync_bench.mjs: the first sync of a large history, and one with nothing
// new: rate, peak memory, size. DEALS in all (1,000,000) over 20 nodes.
import fs from 'node:fs';
import { context, figure, row } from './lib.mjs';
import { sql, startNodes, waitForHistory } from '../system/ledger_lib.mjs';
import { bin, start } from '../system/lib.mjs';

const deals = Number(process.env.DEALS ?? 1000000), nodes = 20;

/** The most memory a process ever had, in MB. */
function peakOf(pid) {
  try {
    return Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/)[1]) / 1024;
  } catch { return null; } // it has just ended
}

/** Runs trades to its end: {seconds, peak} with the peak memory in MB. */
async function sync(t, fleet, ...args) {
  const began = process.hrtime.bigint();
  const job = start(t, bin('trades'), args, { env: fleet.env });
  let peak = 0;
  const look = setInterval(() => { peak = peakOf(job.pid) ?? peak; }, 20);
  const { code, output } = await job.exited;
  clearInterval(look);
  if (code !== 0) throw new Error(output);
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9, peak };
}

const t = context();
try {
  const fleet = await startNodes(t, Object.fromEntries(Array.from({ length: nodes }, (_, i) =>
    [`n${i}`, ['--seed', i + 1, '--deals', deals / nodes, '--rate', 0, '--history', 100]])), {}, { book: false });
  for (const node of fleet.nodes) await waitForHistory(node.url, 300000);
  const first = await sync(t, fleet);
  const [{ n }] = sql(fleet.ledger, 'SELECT count(*) AS n FROM deal');
  if (n < deals) throw new Error(`${n} deals, not ${deals}`);
  row('sync', `first sync, ${nodes} nodes`, n, 'deals');
  row('sync', 'first sync', n / first.seconds, 'deals/s');
  row('sync', 'peak memory', first.peak, 'MB');
  figure('trades.deals_per_s', n / first.seconds);
  figure('trades.peak_mb', first.peak);
  row('sync', 'ledger', fs.statSync(fleet.ledger).size / n, 'bytes/deal');
  const again = await sync(t, fleet);
  row('sync', 'nothing new', again.seconds, 's', 'first sync', again.seconds / first.seconds);
  const full = await sync(t, fleet, '--full');
  row('sync', 'read again from the beginning', n / full.seconds, 'deals/s', 'first sync',
    first.seconds / full.seconds);
} finally {
  await t.end();
}

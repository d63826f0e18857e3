// live_long.mjs: the cases of tests/system/live_cases.mjs in their long form:
// 200 clients that sleep for 6000 changes. Some three minutes; exit 1 where one fails.
import { context } from './lib.mjs';
import { cases } from '../system/live_cases.mjs';

const CLIENTS = Number(process.env.LIVE_CLIENTS ?? 200);
const MISSED = Number(process.env.LIVE_MISSED ?? 6000);

let failed = 0;
for (const [name, run] of Object.entries(cases)) {
  const t = context();
  const t0 = Date.now();
  try {
    await run(t, { clients: CLIENTS, missed: MISSED });
    console.log(`ok ${name}: ${CLIENTS} clients (${Date.now() - t0} ms)`);
  } catch (error) {
    failed++;
    console.log(`not ok ${name}: ${error.stack}`);
  } finally {
    await t.end();
  }
}
process.exit(failed ? 1 : 0);

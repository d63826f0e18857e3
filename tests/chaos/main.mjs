// main.mjs: `make chaos SEED= TIME=`: things go wrong at random, one after the
// other, for TIME seconds (300), while an oracle holds everything that is said
// against the terminals' own books. The same SEED gives the same events. The last
// line: N events, N violations, seed N.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { sleep } from '../system/lib.mjs';
import { events } from './events.mjs';
import { Oracle } from './oracle.mjs';
import { is_root, random, startRig } from './rig.mjs';

/** {events, violations: [text]} */
export async function chaos(t, { seed, seconds, terminals = 5, say = console.log }) {
  const rig = await startRig(t, { terminals, seed });
  rig.t = t;
  const r = random(seed);
  const oracle = new Oracle(rig, random(seed + 1));
  const began = Date.now(), at = () => ((Date.now() - began) / 1000).toFixed(1).padStart(6);
  let done = 0;
  oracle.run();
  try {
    while (Date.now() - began < seconds * 1000) {
      const name = r.pick(Object.keys(events));
      const said = await events[name](rig, r);
      if (said === null) continue;
      done++;
      say(`${at()} s  ${said}`);
      await sleep(r.between(200, 4000));
    }
    rig.liar.mode = 'foreign';
    await oracle.stop();
    await oracle.judgeTheEnd();
    const c = oracle.counts;
    say(`read: ${c.reads} answers with ${c.rows} live rows, ${c.messages} messages; ` +
      `${c.edits} edits; ${[...oracle.deals.values()].reduce((a, b) => a + b, 0)} deals`);
  } finally {
    rig.end();
    oracle.done = true;
  }
  return { events: done, violations: oracle.violations };
}

async function main() {
  const seed = Number(process.env.SEED || Date.now() % 1000000);
  const seconds = Number(process.env.TIME || 300);
  if (!Number.isInteger(seed) || !(seconds > 0)) {
    console.error(`chaos: SEED and TIME are numbers: "${process.env.SEED}", "${process.env.TIME}"`);
    process.exit(2);
  }
  // packets are lost in a namespace of its own, whose loopback nobody else has
  if (is_root && process.env.CHAOS_NAMESPACE !== '1') {
    const again = spawnSync('unshare', ['-n', 'sh', '-c',
      'ip link set lo up && exec "$@"', 'sh', process.execPath, ...process.argv.slice(1)],
    { stdio: 'inherit', env: { ...process.env, CHAOS_NAMESPACE: '1', SEED: String(seed) } });
    if (again.status !== null) process.exit(again.status);
  }
  const hooks = [];
  const t = { after: (f) => hooks.push(f) };
  let result = { events: 0, violations: ['it could not begin'] };
  try {
    result = await chaos(t, { seed, seconds });
  } catch (error) {
    console.log(error.stack);
    result.violations = [...result.violations, String(error)];
  } finally {
    for (const hook of hooks.reverse()) await hook();
  }
  console.log(`${result.events} events, ${result.violations.length} violations, seed ${seed}`);
  process.exit(result.violations.length ? 1 : 0);
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) await main();

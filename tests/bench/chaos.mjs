// chaos.mjs: kill -9 at random instants of the trades job, of agents and of
// Redis, while generated terminals trade. In the end the ledger must equal
// the terminals' own books: nothing missing, nothing twice.
//
//   BUILD=build node tests/bench/chaos.mjs [KILLS [TERMINALS [SEED]]]
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { random } from '../chaos/rig.mjs';
import { differences, netOf, sql, startNodes, waitForHistory } from '../system/ledger_lib.mjs';
import { bin, get, parseCsv, sleep, start, startAgent, startRedis, waitFor } from '../system/lib.mjs';

const ORDERS = ['two-deals-one-ms', 'late-deal 3600', 'late-deal 864000',
  'late-deal 8640000', 'deposit 500', 'deposit -250.25', 'credit 10', 'trade'];

/** Until what the agent says of its terminal is what the broker has. */
async function settled(node) {
  await waitForHistory(node.url, 90000);
  await waitFor(`${node.id} to have all its deals`, async () => {
    const { json } = await get(`${node.url}/snapshot`);
    return json.terminals[0].snapshot.history.deals ===
      parseCsv(fs.readFileSync(node.book, 'utf8')).length;
  }, 30000);
}

export async function chaos(t, { kills = 200, terminals = 20, seed = 1, log = () => {} }) {
  const { next, pick } = random(seed);
  const redis = await startRedis(t);
  const fleet = await startNodes(t, Object.fromEntries(
    Array.from({ length: terminals }, (_, i) => [`n${i}`,
      ['--seed', seed * 1000 + i, '--deals', 300 + 100 * (i % 5), '--rate', 3,
        '--history', 300, '--netting', i % 3 === 0 ? 1 : 0]])), { REDIS_URL: redis.url });
  const collector = () => start(t, bin('collect'), ['--for', '3600'], { env: fleet.env });
  let collect = collector();
  const done = { trades: 0, agent: 0, redis: 0, whole: 0 };

  const kill = {
    async trades() {
      const job = start(t, bin('trades'), next() < 0.5 ? ['--full'] : [], { env: fleet.env });
      await Promise.race([sleep(next() * 150), job.exited]);
      if (!job.running()) { done.whole++; return false; }
      await job.kill('SIGKILL');
      return true;
    },
    async agent() {
      const node = pick(fleet.nodes);
      const job = start(t, bin('trades'), [], { env: fleet.env });
      await sleep(next() * 200);
      await node.agent.handle.kill('SIGKILL');
      node.agent = await startAgent(t, node.terminal.common,
        { AGENT_PORT: String(node.agent.port) });
      await job.exited;
      return true;
    },
    async redis() {
      const job = start(t, bin('trades'), [], { env: fleet.env });
      await sleep(next() * 200);
      await redis.handle.kill('SIGKILL');
      await redis.restart();
      await job.exited;
      return true;
    },
  };

  while (done.trades + done.agent + done.redis < kills) {
    pick(fleet.nodes).terminal.control(pick(ORDERS));
    const what = pick(['trades', 'trades', 'trades', 'trades', 'agent', 'redis']);
    if (await kill[what]()) done[what]++;
    if (!collect.running()) collect = collector();
  }
  log(`killed: trades ${done.trades}, agents ${done.agent}, Redis ${done.redis}; ` +
    `${done.whole} runs of trades ended before their kill`);

  for (const node of fleet.nodes) node.terminal.control('pause-trading');
  await sleep(1500);
  for (const node of fleet.nodes) await settled(node);
  await collect.kill();
  await redis.command('FLUSHALL'); // the agents themselves are asked now
  const last = await fleet.trades();
  assert.equal(last.code, 0, last.output);
  assert.match(last.output, / syncing=0 /);
  let deals = 0;
  for (const node of fleet.nodes) {
    const { json } = await get(`${node.url}/accounts`);
    const book = fs.readFileSync(node.book, 'utf8');
    assert.deepEqual(differences(fleet.ledger, json.accounts[0].login, book), [], node.id);
    deals += parseCsv(book).length;
  }
  assert.deepEqual(sql(fleet.ledger, 'SELECT count(*) AS n FROM deal'), [{ n: deals }]);
  assert.deepEqual(sql(fleet.ledger, 'SELECT login, residue, residue_note FROM sync s ' +
    'JOIN account a ON a.id = s.account WHERE residue IS NOT 0'), []);
  // the running sums and the trades say the same as the deals
  assert.deepEqual(sql(fleet.ledger, `SELECT b.account FROM book b WHERE
    b.trades_net <> (SELECT total(net) FROM trade WHERE account = b.account AND imported = 0) OR
    b.deals <> (SELECT count(*) FROM deal WHERE account = b.account)`), []);
  assert.equal(execFileSync('sqlite3', [fleet.ledger, 'PRAGMA integrity_check'],
    { encoding: 'utf8' }).trim(), 'ok');
  log(`${terminals} books of ${deals} deals equal the ledger; net ` +
    `${netOf(fleet.nodes.flatMap((n) => parseCsv(fs.readFileSync(n.book, 'utf8'))))} e-8`);
  return { ...done, deals };
}

async function main() {
  const [kills = 200, terminals = 20, seed = Date.now() % 100000] = process.argv.slice(2).map(Number);
  const hooks = [];
  const t = { after: (f) => hooks.push(f) };
  console.log(`chaos: ${kills} kills, ${terminals} terminals, seed ${seed}`);
  try {
    await chaos(t, { kills, terminals, seed, log: console.log });
  } finally {
    for (const hook of hooks.reverse()) await hook();
  }
}

if (import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) await main();

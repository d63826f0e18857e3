// phases_trading.test.mjs: the rules of trading in the phases job: what is told,
// what stands in the lines, and the stop loss of open positions.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { sql } from './ledger_lib.mjs';
import { DAY, E8, HOUR, MINUTE, desk } from './phases_lib.mjs';

/** A desk whose account has these rules. */
async function with_rules(t, rules, options) {
  const d = await desk(t, options);
  d.write(`UPDATE rule_set SET rules = '${JSON.stringify(rules)}', preset = 0 WHERE id =
    (SELECT rule_set FROM account WHERE id = 1)`);
  const line = (kind) => JSON.parse(sql(d.ledger, 'SELECT limits FROM limits')[0].limits)
    .lines.find((l) => l.kind === kind);
  const alerts = async () => (await d.events()).filter((e) => e.type === 'alert');
  return { ...d, line, alerts };
}

/** The samples that an account needs to be judged at all. */
function alive(d, at, balance = 100000) {
  d.sample(at - 2 * DAY, balance);
  for (let i = 10; i >= 1; i--) d.sample(at - i * MINUTE, balance);
  d.synced(at, balance);
}

test('more lots than allowed are told once, and the line says so', async (t) => {
  const d = await with_rules(t, { max_lots: { all: 1.5 } });
  const at = Date.now();
  d.deal(at - 3 * HOUR, { position: 1 });
  d.deal(at - 2 * HOUR, { position: 2 });
  d.deal(at - HOUR, { position: 2, type: 1, entry: 1 });
  alive(d, at);
  await d.phases();
  assert.equal(d.status(), 'active');
  const [alert, ...rest] = await d.alerts();
  assert.deepEqual(rest, []);
  assert.equal(alert.level, 'warn');
  assert.match(alert.text, /max_lots is not kept: 2 lots, limit 1\.5 lots, at 20.*Z \(1 new\)/);
  assert.deepEqual([d.line('max_lots').broken, d.line('max_lots').value / E8], [true, 1]);
  await d.phases();
  assert.equal((await d.alerts()).length, 1);
});

test('where it fails it is a verdict, at the moment of the deal', async (t) => {
  const d = await with_rules(t, { max_lots: { position: 0.5, effect: 'fail' } });
  const at = Date.now();
  d.deal(at - 2 * HOUR, { position: 1 });
  alive(d, at);
  await d.phases();
  assert.deepEqual(d.verdicts(), [['max_lots_position', 'breached', 1, 0.5, 0]]);
  const [verdict] = sql(d.ledger, 'SELECT at_msc FROM verdict');
  assert.equal(verdict.at_msc, at - 2 * HOUR);
  const [alert] = await d.alerts();
  assert.equal(alert.level, 'critical');
  assert.match(alert.text, /breached: max_lots_position 1 lots, limit 0\.5 lots/);
});

test('inactivity is warned of by the days, without a sample of now, and then a breach', async (t) => {
  const d = await with_rules(t, { inactivity_days: 10 }, { started: Date.now() - 15 * DAY });
  const at = Date.now();
  d.deal(at - 8 * DAY, { position: 1 });
  d.deal(at - 7.5 * DAY, { position: 1, type: 1, entry: 1 });
  d.sample(at - 9 * DAY, 100000);
  d.synced(at, 100000);
  await d.phases();
  assert.equal(d.status(), 'active');
  const [alert] = await d.alerts();
  assert.match(alert.text, /75 % of the time until the next trade is used, due 20.*Z/);
  assert.equal(Number(d.line('inactivity_days').due_msc), at + 2.5 * DAY);
  d.write(`UPDATE deal SET utc_msc = utc_msc - ${3 * DAY}, counts_utc_ms = counts_utc_ms - ${3 * DAY},
    time_msc = time_msc - ${3 * DAY}`);
  d.write('DELETE FROM rule_state');
  d.synced(at, 100000);
  await d.phases();
  assert.deepEqual(d.verdicts(), [['inactivity_days', 'breached', 10, 10, 0]]);
});

test('what the history does not tell is not judged, and says so', async (t) => {
  const d = await with_rules(t, { max_lots: { all: 1 }, min_hold: { seconds: 60 } });
  const at = Date.now();
  d.deal(at - 2 * HOUR, { position: 9, type: 1, entry: 1 }); // its opening was never seen
  alive(d, at);
  await d.phases();
  assert.deepEqual([d.line('max_lots').unjudged, d.line('min_hold').unjudged], [false, true]);
  d.write('UPDATE sync SET state = 1'); // the terminal still loads its history
  await d.phases();
  assert.deepEqual([d.line('max_lots').unjudged, d.line('max_lots').value], [true, undefined]);
  assert.deepEqual(await d.alerts(), []);
});

/** What collect would have written of the terminal. */
async function show(d, at, positions) {
  const head = { node: 'vps', rev: '1', at_msc: at, status: 'ok', agent: null, accounts: [{ server: 'S',
    login: '52001001', status: 'ok', since_msc: at, at_msc: at, currency: 'USD', currency_digits: 2,
    trade_mode: 2, balance: 100000, credit: 0, equity: 100000, profit: 0 }] };
  const row = { account: { login: '52001001', balance: 100000, equity: 100000, profit: 0 },
    broker_offset_s: 10800, positions: positions.length, orders: 0 };
  const text = [head, row, positions, []].map((v) => JSON.stringify(v)).join('\n');
  for (const key of ['snapshot:vps', 'last:vps']) await d.redis.command('SET', key, text);
}

test('the stop loss of an open position is looked for in its terminal', async (t) => {
  const d = await with_rules(t, { stop_loss: { within_s: 120, effect: 'fail' } });
  fs.writeFileSync(path.join(d.dir, 'nodes.json'), '[{"id":"vps","url":"http://127.0.0.1:1"}]');
  d.env.NODES_FILE = path.join(d.dir, 'nodes.json');
  const at = Date.now();
  for (const position of [1, 2]) d.deal(at - 50000, { position });
  d.write('UPDATE deal SET sl = 0');
  alive(d, at - 10000);
  await show(d, at - 1000, [{ ticket: '1', identifier: '1', sl: 1.05 }, { ticket: '2', identifier: '2', sl: 0 }]);
  await d.phases();
  assert.equal(d.status(), 'active');
  assert.deepEqual([d.line('stop_loss').value / E8, d.line('stop_loss').unjudged], [1, false]);
  // the first had it in time, the second still has none when its time is over
  d.write(`UPDATE deal SET utc_msc = utc_msc - 100000, time_msc = time_msc - 100000,
    counts_utc_ms = counts_utc_ms - 100000 WHERE position_id = 2`);
  await show(d, Date.now() - 500, [{ ticket: '1', identifier: '1', sl: 1.05 }, { ticket: '2', identifier: '2', sl: 0 }]);
  d.write(`UPDATE rule_state SET state = json_set(state, '$.trades_utc_ms', '${at - 3 * DAY}')`);
  d.synced(Date.now(), 100000);
  await d.phases();
  assert.deepEqual(d.verdicts().map((v) => v.slice(0, 2)), [['stop_loss', 'breached']]);
});

test('where no terminal shows the position nobody can say', async (t) => {
  const d = await with_rules(t, { stop_loss: { within_s: 60, effect: 'fail' } });
  const at = Date.now();
  d.deal(at - HOUR, { position: 1 });
  d.write('UPDATE deal SET sl = 0');
  alive(d, at);
  await d.phases();
  assert.equal(d.status(), 'active');
  assert.equal(d.line('stop_loss').unjudged, true);
});

// flows.test.mjs: what deals that are no trades are for, from the phases job to
// the command: guessed, folded by it, changed, put back.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bin, run } from './lib.mjs';
import { sql } from './ledger_lib.mjs';
import { E8, HOUR, MINUTE, desk } from './phases_lib.mjs';

/** The desk, its flows guessed at the next run as after a read of the deals. */
async function flows_desk(t, options) {
  const d = await desk(t, options);
  const command = (...args) => run(t, bin('mt5fleet'), args, { env: d.env });
  return { ...d, command,
    phases: () => {
      d.write('INSERT INTO flow_stale SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM flow_stale)');
      return d.phases();
    },
    comment: (ticket, text) => d.write(`UPDATE deal SET comment = '${text}' WHERE ticket = ${ticket}`),
    meanings: () => sql(d.ledger, 'SELECT ticket, meaning FROM deal WHERE kind <> 0 ORDER BY ticket')
      .map((r) => r.meaning),
    async set(...args) {
      const result = await command('flow', 'set', ...args);
      assert.equal(result.code, 0, result.output);
    } };
}

const custom = (d, rules) =>
  d.write(`UPDATE rule_set SET preset = 0, rules = '${JSON.stringify(rules)}' WHERE name = 'Custom'`);

test('a dividend booked as a balance operation is a loss, and no withdrawal', async (t) => {
  const d = await flows_desk(t);
  const at = Date.now();
  d.sample(at - 10 * MINUTE, 100000);
  d.deal(at - 8 * MINUTE, { type: 2, profit: -52.4 });
  d.comment(1, 'DIV US500 #2');
  d.sample(at - 5 * MINUTE, 99947.6);
  d.synced(at, 99947.6);
  await d.phases();
  assert.equal(d.limits().total_floor, 90000);
  assert.deepEqual(sql(d.ledger, 'SELECT net, flows FROM day ORDER BY day_msc DESC LIMIT 1'),
    [{ net: -52.4 * E8, flows: 0 }]);
  const list = await d.command('flow', 'list', 'S/52001001');
  assert.match(list.output, /^1 {2}\S+ {2}-52\.4 {2}dividend {2}guess: the comment says so: "div" {2}"DIV US500 #2"$/m);
  // a person says that it was one: the period is folded again
  await d.set('52001001', '1', 'withdrawal', '--note', 'for the desk');
  assert.equal(sql(d.ledger, 'SELECT count(*) AS n FROM limits')[0].n, 0);
  await d.phases();
  assert.equal(d.limits().total_floor, 89947.6);
  assert.match((await d.command('flow', 'list', '52001001')).output, /withdrawal {2}by mt5fleet flow: for the desk/);
  await d.set('52001001', '1', 'guess');
  await d.phases();
  assert.equal(d.limits().total_floor, 90000);
});

test('a reset one cent off is a reset: days, base and highs begin again', async (t) => {
  const d = await flows_desk(t, { started: Date.now() - 5 * HOUR });
  const at = Date.now();
  d.deal(at - 5 * HOUR - 1, { type: 2, profit: 100000 });
  d.sample(at - 4 * HOUR, 100000);
  d.deal(at - 3 * HOUR, { position: 5 });
  d.deal(at - 2 * HOUR, { type: 1, entry: 1, position: 5, profit: -3000 });
  d.sample(at - 2 * HOUR + MINUTE, 97000);
  d.deal(at - HOUR, { type: 2, profit: 2999.99 });
  d.sample(at - MINUTE, 99999.99);
  d.synced(at, 99999.99);
  await d.phases();
  const l = d.limits();
  assert.equal(l.total_floor, 90000);
  assert.equal(l.daily_floor, 94999.99);
  assert.equal(l.days_done, 0);
  assert.equal(d.meanings()[1], 4);
  // as a deposit it moves the base, and the day before it counts
  await d.set('52001001', '4', 'deposit');
  await d.phases();
  assert.equal(d.limits().total_floor, 92999.99);
  assert.equal(d.limits().days_done, 1);
});

test('a payout locks, a withdrawal does not', async (t) => {
  const d = await flows_desk(t, { rules: 'Custom', phase: 'R' });
  custom(d, { max_loss: { pct: 4, mode: 'trailing', high: 'balance', on_payout: 'locks', lock: 'initial' } });
  const at = Date.now();
  d.sample(at - 10 * MINUTE, 101000);
  d.deal(at - 8 * MINUTE, { type: 2, profit: -500 });
  d.sample(at - 5 * MINUTE, 100500);
  d.synced(at, 100500);
  await d.phases();
  assert.equal(d.limits().total_floor, 100000);
  await d.set('52001001', '1', 'withdrawal');
  await d.phases();
  assert.equal(d.limits().total_floor, 96500);
});

test('a correction takes a deposit back, whatever was won since', async (t) => {
  const d = await flows_desk(t);
  const at = Date.now();
  d.sample(at - 20 * MINUTE, 100000);
  d.deal(at - 18 * MINUTE, { type: 2, profit: 50000 });
  d.sample(at - 15 * MINUTE, 150000);
  d.deal(at - 14 * MINUTE, { type: 1, entry: 1, position: 5, profit: 700 });
  d.sample(at - 10 * MINUTE, 150700);
  d.deal(at - 8 * MINUTE, { type: 5, profit: -50000 });
  d.sample(at - 5 * MINUTE, 100700);
  d.synced(at, 100700);
  await d.phases();
  assert.deepEqual(d.verdicts(), []);
  assert.equal(d.limits().total_floor, 90000);
  assert.equal(d.limits().target_level, 110000);
  assert.deepEqual(sql(d.ledger, 'SELECT cancels FROM deal WHERE ticket = 3'), [{ cancels: 1 }]);
});

test('capital that was given as credit is what the rules look at', async (t) => {
  const d = await flows_desk(t);
  const at = Date.now();
  const credited = (when, balance, equity) => {
    d.sample(when, balance, equity);
    d.write(`UPDATE equity SET credit = ${100000 * E8} WHERE at_msc = ${when}`);
  };
  d.deal(at - 9 * 24 * HOUR, { type: 3, profit: 100000, kind: 3 });
  credited(at - 10 * MINUTE, 94, 100094);
  credited(at - 5 * MINUTE, 94, 100094);
  d.synced(at, 94);
  await d.phases();
  assert.deepEqual(d.verdicts(), []);
  assert.equal(d.status(), 'active');
  assert.equal(d.limits().total_floor, 90000);
  assert.equal(d.limits().daily_floor, 95094);
  // it is the rule set's to say
  d.write(`UPDATE rule_set SET preset = 0, rules = json_set(rules, '$.credit', 'none') WHERE name = 'FTMO 2-step'`);
  credited(at - 2 * MINUTE, 94, 100094);
  await d.phases();
  assert.equal(d.status(), 'breached');
});

test('the command says what it does not take', async (t) => {
  const d = await flows_desk(t);
  const at = Date.now();
  d.deal(at - 8 * MINUTE, { type: 2, profit: -52.4 });
  for (const [args, text, code = 1] of [
    [['set', '52001001', '1', 'gift'], /not "gift"/, 2],
    [['set', '52001001', 'x', 'fee'], /not a ticket: "x"/, 2],
    [['set', '52001001', '7', 'fee'], /no such deal: 7/],
    [['set', '52001001', '1', 'deposit'], /a deposit is above 0; deal 1 is -52\.4/],
    [['set', '52001001', '1', 'correction', '--cancels', '9'], /no deal 9/],
    [['set', 'T/52001001', '1', 'fee'], /no such account: "T\/52001001"/],
    [['list', 'abc'], /not an account .*"abc"/, 2],
    [['list', '77'], /no such account: "77"/],
    [['list'], /usage/, 2],
  ]) {
    const result = await d.command('flow', ...args);
    assert.equal(result.code, code, `${args} ${result.output}`);
    assert.match(result.output, text);
  }
});

// phases_truth.test.mjs: what must never be judged wrongly: deposits that come
// late or by another clock, credit, the last minutes of a day and of a pause.
import assert from 'node:assert/strict';
import test from 'node:test';
import { sql } from './ledger_lib.mjs';
import { DAY, E8, HOUR, MINUTE, OFFSET, desk } from './phases_lib.mjs';

const SECOND = 1000;
const midnight = (at) => Math.floor((at + OFFSET) / DAY) * DAY - OFFSET; // the server's

test('a withdrawal stamped before a sample that was judged already', async (t) => {
  const d = await desk(t);
  const at = Date.now();
  d.sample(at - 10 * MINUTE, 100000);
  d.sample(at - 5 * MINUTE, 100000);
  d.synced(at - 5 * MINUTE + 3 * SECOND, 100000);
  await d.phases();
  // the broker's clock is ten seconds behind ours
  d.deal(at - 5 * MINUTE - 5 * SECOND, { type: 2, profit: -20000 });
  d.sample(at - 2 * MINUTE, 80000);
  d.synced(at, 80000);
  await d.phases();
  assert.deepEqual(d.verdicts(), []);
  assert.equal(d.status(), 'active');
  assert.equal(d.limits().total_floor, 70000);
});

test('a withdrawal whose stamp is still to come', async (t) => {
  const d = await desk(t);
  const at = Date.now();
  d.sample(at - 10 * MINUTE, 100000);
  d.sample(at - 30 * SECOND, 80000);
  // the broker's clock is a minute ahead of ours
  d.deal(at + 30 * SECOND, { type: 2, profit: -20000 });
  d.synced(at, 80000);
  await d.phases();
  assert.deepEqual(d.verdicts(), []);
});

test('a flow whose amount the broker rewrites is counted as it is now', async (t) => {
  const d = await desk(t);
  const at = Date.now();
  d.sample(at - 10 * MINUTE, 100000);
  d.deal(at - 8 * MINUTE, { type: 2, profit: 5000 });
  d.sample(at - 5 * MINUTE, 105000);
  d.synced(at - 4 * MINUTE, 105000);
  await d.phases();
  assert.equal(d.limits().total_floor, 95000);
  d.write(`UPDATE deal SET profit = ${7000 * E8}`);
  d.sample(at - MINUTE, 107000);
  d.synced(at, 107000);
  await d.phases();
  assert.equal(d.limits().total_floor, 97000);
});

test('of a flow whose moment is not known nothing is judged', async (t) => {
  const d = await desk(t);
  const at = Date.now();
  d.sample(at - 10 * MINUTE, 100000);
  d.synced(at - 9 * MINUTE, 100000);
  await d.phases();
  d.deal(at - 5 * MINUTE, { type: 2, profit: -20000 });
  d.write('UPDATE deal SET utc_msc = NULL, counts_utc_ms = NULL, offset_s = NULL');
  d.sample(at - 2 * MINUTE, 80000);
  d.synced(at, 80000);
  await d.phases();
  assert.deepEqual(d.verdicts(), []);
  d.write(`UPDATE deal SET utc_msc = time_msc - ${OFFSET}, counts_utc_ms = time_msc - ${OFFSET},
    offset_s = ${OFFSET / 1000}`);
  await d.phases();
  assert.deepEqual(d.verdicts(), []);
  assert.equal(d.limits().total_floor, 70000);
});

test('credit given or taken within a minute is neither a low nor a high', async (t) => {
  const d = await desk(t, { rules: 'Custom' });
  d.write(`UPDATE rule_set SET preset = 0, rules = '{"max_loss": {"pct": 6, "mode": "trailing", "high": "equity"}}'
    WHERE name = 'Custom'`);
  const at = Date.now();
  const credited = (when, credit, equity, low, high) => {
    d.sample(when, 100000, equity, low, high);
    d.write(`UPDATE equity SET credit = ${credit * E8} WHERE at_msc = ${when}`);
  };
  credited(at - 5 * MINUTE, 0, 100000, 100000, 100000);
  credited(at - 4 * MINUTE, 50000, 150000, 100000, 150000); // given
  credited(at - 3 * MINUTE, 50000, 150000, 149000, 150000);
  credited(at - 2 * MINUTE, 0, 100000, 100000, 150000); // taken
  d.synced(at, 100000);
  await d.phases();
  assert.deepEqual(d.verdicts(), []);
  assert.deepEqual(sql(d.ledger, 'SELECT low, high FROM day ORDER BY day_msc DESC LIMIT 1'),
    [{ low: 99000 * E8, high: 100000 * E8 }]);
  assert.equal(d.limits().total_floor, 94000);
});

test('the maximum loss in the last minute of a pause is a breach', async (t) => {
  const d = await desk(t, { rules: 'Custom' });
  const at = Date.now();
  d.sample(at - 6 * MINUTE, 100000);
  d.sample(at - 5 * MINUTE, 100000, 94000);
  d.synced(at - 4 * MINUTE, 100000);
  await d.phases();
  assert.equal(d.status(), 'paused');
  d.sample(at - 3 * MINUTE, 100000, 94000); // below the day's floor, and paused for it
  d.sample(at - 2 * MINUTE, 100000, 94500, 89000);
  d.synced(at, 100000);
  d.write(`UPDATE phase_period SET paused_until_msc = ${at - MINUTE}`);
  await d.phases();
  assert.deepEqual(d.verdicts().map((v) => [v[0], v[1]]), [['daily_loss', 'paused'], ['max_loss', 'breached']]);
});

test('a state that cannot be read: folded anew, judged once', async (t) => {
  const d = await desk(t);
  const at = Date.now();
  d.sample(at - 5 * MINUTE, 100000);
  d.sample(at - 4 * MINUTE, 100000, 94000);
  d.synced(at, 100000);
  await d.phases();
  assert.equal(d.status(), 'breached');
  d.write("UPDATE phase_period SET status = 'active'"); // the desk knows better
  d.write("UPDATE rule_state SET state = json_remove(state, '$.day_low')"); // of an older version
  d.sample(at - 2 * MINUTE, 100000);
  await d.phases();
  assert.equal(d.status(), 'active');
  assert.equal(d.verdicts().length, 1);
  assert.equal(d.limits().daily_floor, 95000);
});

test('our clock was ahead for a while: what is judged goes on from now', async (t) => {
  const d = await desk(t);
  const at = Date.now();
  d.sample(at - 5 * MINUTE, 100000);
  d.synced(at, 100000);
  await d.phases();
  // as a run an hour ahead would have left it
  d.write(`UPDATE rule_state SET state = json_set(state, '$.at_msc', '${at + HOUR}', '$.sampled_msc', '${at + HOUR}')`);
  await d.phases();
  d.sample(Date.now(), 100000, 89000);
  d.synced(Date.now() + 3 * SECOND, 100000);
  await d.phases();
  assert.equal(d.status(), 'breached');
});

test('a verdict has the digits of the currency', async (t) => {
  const d = await desk(t);
  d.write('UPDATE account SET currency_digits = 8; UPDATE phase_period SET initial_balance = 100000000');
  d.sample(Date.now() - 2 * MINUTE, 1, 0.89999999);
  d.synced(Date.now(), 1);
  await d.phases();
  assert.match((await d.events()).at(-1).text, /max_loss 0\.89999999, floor 0\.90000000/);
});

test('a trade closed in the last seconds of a day is in the baseline', async (t) => {
  const today = midnight(Date.now());
  const d = await desk(t, { rules: 'FundedNext Stellar 2-step', started: today - DAY });
  d.deal(today - 5 * HOUR, { position: 1 });
  d.sample(today - 4 * HOUR, 100000, 98000);
  d.sample(today - 50 * SECOND, 100000, 98000);
  d.deal(today - 20 * SECOND, { type: 1, entry: 1, position: 1, profit: -2000 });
  d.sample(today + 3 * MINUTE, 98000);
  d.synced(Date.now() + DAY, 98000);
  await d.phases();
  const limits = d.limits();
  assert.deepEqual([limits.daily_floor, limits.estimated], [93000, 0]);
});

test('a deposit just before the reset does not make a gap a sample', async (t) => {
  const today = midnight(Date.now());
  const d = await desk(t, { rules: 'FundedNext Stellar 2-step', started: today - DAY });
  d.sample(today - 10 * HOUR, 100000);
  // then nobody looked
  d.deal(today - 5 * HOUR, { position: 1 });
  d.deal(today - 4 * HOUR, { type: 1, entry: 1, position: 1, profit: -3000 });
  d.deal(today - MINUTE, { type: 2, profit: 1000 });
  d.sample(today + 10 * MINUTE, 98000);
  d.synced(Date.now() + DAY, 98000);
  await d.phases();
  const limits = d.limits();
  assert.deepEqual([limits.daily_floor, limits.estimated], [93000, 1]);
});

test('a deposit before the first sample of a period is no profit', async (t) => {
  const d = await desk(t, { started: Date.now() - 20 * MINUTE });
  const at = Date.now();
  d.deal(at - 15 * MINUTE, { type: 2, profit: 10000 });
  d.sample(at - 2 * MINUTE, 110000);
  d.synced(at, 110000);
  await d.phases();
  assert.equal(d.limits().total_floor, 100000);
  assert.equal(d.limits().target_level, 120000);
});

test('a payout before the first sample of a period locks the floor, and days count from it', async (t) => {
  const d = await desk(t, { started: Date.now() - 20 * MINUTE });
  const at = Date.now();
  const rules = { max_loss: { pct: 4, mode: 'trailing', high: 'balance', lock: 'initial', on_payout: 'locks' },
    min_trading_days: { days: 5, since: 'payout' } };
  d.write(`UPDATE rule_set SET preset = 0, rules = '${JSON.stringify(rules)}' WHERE name = 'FTMO 2-step'`);
  d.deal(at - 18 * MINUTE, { position: 1 });
  d.deal(at - 15 * MINUTE, { type: 2, profit: -1000 }); // 101,000 until then
  d.sample(at - 2 * MINUTE, 100000);
  d.synced(at, 100000);
  await d.phases();
  assert.equal(d.limits().total_floor, 100000);
  assert.equal(d.limits().days_done, 0);
});

test('a deposit at the very moment of the reset is of the new day', async (t) => {
  const today = midnight(Date.now());
  const d = await desk(t, { rules: 'FundedNext Stellar 2-step', started: today - DAY });
  d.sample(today - HOUR, 100000);
  d.deal(today, { type: 2, profit: 1000 });
  d.sample(today + 3 * MINUTE, 101000);
  d.synced(Date.now() + DAY, 101000);
  await d.phases();
  assert.equal(d.limits().daily_floor, 96000);
  assert.deepEqual(sql(d.ledger, 'SELECT equity, flows FROM day ORDER BY day_msc DESC LIMIT 1'),
    [{ equity: 100000 * E8, flows: 1000 * E8 }]);
});

test('the server goes to summer time: its next midnight is the new one', async (t) => {
  const today = midnight(Date.now());
  const d = await desk(t, { rules: 'FundedNext Stellar 2-step', started: today - 2 * DAY });
  d.write(`UPDATE account SET offset_s = ${OFFSET / 1000 - 3600}`);
  const winter = today - DAY + HOUR; // the midnights by the clock of before
  d.sample(winter + 2 * HOUR, 100000);
  d.sample(winter + 23 * HOUR - 30 * SECOND, 101000); // an hour before the midnight of winter
  d.synced(winter + 23 * HOUR, 101000);
  await d.phases();
  assert.equal(d.limits().resets_msc, winter + DAY);
  d.write(`UPDATE account SET offset_s = ${OFFSET / 1000}`);
  d.sample(today + 2 * MINUTE, 101000, 99000);
  d.synced(Date.now() + DAY, 101000);
  await d.phases();
  const limits = d.limits();
  assert.equal(limits.resets_msc, today + DAY);
  assert.equal(limits.daily_floor, 96000);
});

test('after a reset of the account its days count anew', async (t) => {
  const d = await desk(t, { started: Date.now() - 6 * DAY });
  const at = Date.now();
  for (const n of [5, 4, 3]) {
    d.sample(at - n * DAY, 97000);
    d.deal(at - n * DAY + MINUTE, { position: 10 + n });
  }
  d.deal(at - 2 * DAY, { type: 2, profit: 3000 }); // the firm puts it back to 100,000
  d.sample(at - 2 * DAY + HOUR, 100000);
  d.deal(at - DAY, { position: 20 });
  d.sample(at - 2 * MINUTE, 100000);
  d.synced(at, 100000);
  await d.phases();
  d.sample(at - MINUTE, 100000);
  await d.phases();
  assert.equal(d.limits().days_done, 1);
});

test('rules that reset by another clock do not count a day twice', async (t) => {
  const d = await desk(t, { started: Date.now() - 4 * DAY });
  const at = Date.now();
  d.write('UPDATE account SET rule_set = NULL'); // days are by the server's midnight
  for (const n of [3, 2, 1]) {
    d.sample(at - n * DAY, 100000);
    d.deal(at - n * DAY + MINUTE, { position: n, profit: 0 });
  }
  d.sample(at - 3 * MINUTE, 100000);
  d.synced(at, 100000);
  await d.phases();
  d.write("UPDATE account SET rule_set = (SELECT id FROM rule_set WHERE name = 'FTMO 2-step')"); // Prague's
  await d.phases();
  await d.phases();
  assert.equal(d.limits().days_done, 3);
});

test('a floor by the ends of days is estimated where one of them was not seen', async (t) => {
  const today = midnight(Date.now());
  const d = await desk(t, { rules: 'Custom', started: today - 2 * DAY });
  d.write(`UPDATE rule_set SET preset = 0, rules = '{"max_loss": {"pct": 6, "mode": "trailing_eod", "high": "equity"}}'
    WHERE name = 'Custom'`);
  d.sample(today - 40 * HOUR, 100000);
  d.sample(today - 20 * HOUR, 100000);
  d.sample(today - MINUTE, 100000);
  d.sample(today + MINUTE, 100000);
  d.synced(Date.now() + DAY, 100000);
  await d.phases();
  const limits = d.limits();
  assert.deepEqual([limits.total_floor, limits.estimated], [94000, 1]);
});

// phases_past.test.mjs: a phase that began in the past, and verdicts: their
// evidence, and annulling one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bin, run } from './lib.mjs';
import { sql } from './ledger_lib.mjs';
import { DAY, E8, HOUR, MINUTE, OFFSET, desk } from './phases_lib.mjs';

const iso = (at) => new Date(at).toISOString();

async function past_desk(t, options) {
  const d = await desk(t, options);
  const command = async (...args) => {
    const result = await run(t, bin('mt5fleet'), args, { env: d.env });
    return result;
  };
  return { ...d, command,
    async done(...args) {
      const result = await command(...args);
      assert.equal(result.code, 0, result.output);
      return result.output;
    } };
}

/** Six days of trades that nobody sampled: up to 106,000, then back to 104,000. */
function six_days(d, at) {
  d.deal(at - 6 * DAY, { type: 2, profit: 100000 });
  for (const n of [5, 4, 3]) {
    d.deal(at - n * DAY - HOUR, { position: 10 + n });
    d.deal(at - n * DAY, { type: 1, entry: 1, position: 10 + n, profit: 2000 });
  }
  d.deal(at - 2 * DAY, { type: 1, entry: 1, position: 13, profit: -2000 });
}

test('a phase that began in the past: its days, base and highs are of the deals', async (t) => {
  const d = await past_desk(t, { rules: 'Custom' });
  const at = Date.now();
  d.write(`UPDATE rule_set SET preset = 0, rules = '${JSON.stringify({ max_loss: { pct: 5, mode: 'trailing', high: 'balance' },
    min_trading_days: { days: 5 } })}' WHERE name = 'Custom'`);
  d.write('DELETE FROM phase_period');
  six_days(d, at);
  d.sample(at - 2 * MINUTE, 104000);
  d.synced(at, 104000);
  const found = await d.done('phase', 'propose', '52001001');
  assert.match(found, new RegExp(`^--started ${iso(at - 6 * DAY)} --initial 100000 --high 106000$`, 'm'));
  assert.match(found, /3 days with a trade opened/);
  await d.done('phase', 'set', '52001001', '--phase', 'F1', '--started', iso(at - 6 * DAY));
  const [p] = sql(d.ledger, 'SELECT started_msc, initial_balance, start_equity FROM phase_period');
  assert.deepEqual([p.started_msc, p.initial_balance, p.start_equity], [at - 6 * DAY, 100000 * E8, null]);
  await d.phases();
  const l = d.limits();
  assert.equal(l.days_done, 3);
  assert.equal(l.total_floor, 101000); // 106,000 less 5 % of the initial balance
  assert.equal(l.estimated, 0); // the deals tell a balance exactly
  assert.equal(d.status(), 'active');
});

test('what nobody saw of the equity is estimated, until the floor is locked', async (t) => {
  const rules = (lock) => ({ max_loss: { pct: 5, mode: 'trailing', high: 'equity', lock } });
  const d = await past_desk(t, { rules: 'Custom' });
  const at = Date.now();
  const say = (r) => d.write(`UPDATE rule_set SET preset = 0, version = version + 1, rules = '${JSON.stringify(r)}' WHERE name = 'Custom'`);
  say(rules('none'));
  d.write('DELETE FROM phase_period');
  six_days(d, at);
  d.sample(at - 2 * MINUTE, 104000);
  d.synced(at, 104000);
  await d.done('phase', 'set', '52001001', '--phase', 'F1', '--started', iso(at - 6 * DAY));
  await d.phases();
  assert.deepEqual([d.limits().total_floor, d.limits().estimated], [101000, 1]);
  // the firm's own page says what the high was
  await d.done('phase', 'set', '52001001', '--high', '107500');
  await d.phases();
  assert.deepEqual([d.limits().total_floor, d.limits().estimated], [102500, 0]);
  // without it: a floor that is locked cannot be another one
  await d.write('UPDATE phase_period SET high = NULL');
  say(rules('initial'));
  await d.phases();
  assert.deepEqual([d.limits().total_floor, d.limits().estimated], [100000, 0]);
});

test('a payout in the past comes from the profit of then', async (t) => {
  const d = await past_desk(t, { rules: 'FundedNext Stellar 2-step' });
  const at = Date.now();
  d.write('DELETE FROM phase_period');
  six_days(d, at);
  d.deal(at - DAY, { type: 2, profit: -3000 });
  d.sample(at - 2 * MINUTE, 101000);
  d.synced(at, 101000);
  await d.done('phase', 'set', '52001001', '--phase', 'R', '--started', iso(at - 6 * DAY), '--initial', '100000');
  await d.phases();
  assert.equal(d.limits().total_floor, 90000); // the base is what it was
  assert.deepEqual(d.verdicts(), []);
});

test('samples of before it was entered are folded, and not judged', async (t) => {
  const d = await past_desk(t);
  const at = Date.now();
  d.write('DELETE FROM phase_period');
  d.deal(at - 3 * DAY, { type: 2, profit: 100000 });
  d.sample(at - 2 * DAY, 100000, 89000); // the firm let it pass
  d.sample(at - 5 * MINUTE, 100000);
  d.synced(at - 4 * MINUTE, 100000);
  await d.done('phase', 'set', '52001001', '--phase', 'F1', '--started', iso(at - 3 * DAY));
  await d.phases();
  assert.deepEqual(d.verdicts(), []);
  // entered a while ago: what is of since then is judged
  d.write(`UPDATE phase_period SET entered_utc_ms = ${at - 10 * MINUTE}`);
  d.sample(at - MINUTE, 100000, 88000);
  d.synced(at, 100000);
  await d.phases();
  assert.deepEqual(d.verdicts().map((v) => v[2]), [88000]);
});

test('what cannot be is refused, and quoted', async (t) => {
  const d = await past_desk(t);
  const at = Date.now();
  d.deal(at - 6 * DAY, { type: 2, profit: 100000 });
  d.write(`UPDATE phase_period SET started_msc = ${at - 2 * DAY};
    INSERT INTO phase_period (id, account, phase, status, started_msc, ended_msc, who)
    VALUES (2, 1, 'F0', 'passed', ${at - 5 * DAY}, ${at - 2 * DAY}, 'admin')`);
  for (const [args, text, code = 1] of [
    [['--started', iso(at + HOUR)], /is in the future; it is/],
    [['--started', iso(at - 7 * DAY)], /is before the first deal that is known/],
    [['--started', iso(at - 3 * DAY)], /overlaps phase F0, which lasted from/],
    [['--phase', 'R', '--started', iso(at - 3 * DAY)], /overlaps phase F1, which lasted from \S+ to now/],
    [['--started', 'yesterday'], /not a UTC moment .*"yesterday"/, 2],
    [['--started', '2026-02-31'], /"2026-02-31"/, 2],
    [['--high', '99000'], /high: 99000 is below the initial balance 100000/],
    [['--high', 'x'], /not an amount above 0: "x"/, 2],
    [['--initial', '-5'], /"-5"/, 2],
    [['--status', 'dead'], /not "dead"/, 2],
  ]) {
    const result = await d.command('phase', 'set', '52001001', ...args);
    assert.equal(result.code, code, `${args}: ${result.output}`);
    assert.match(result.output, text);
  }
  const nobody = await past_desk(t);
  const none = await nobody.command('phase', 'set', '52001001', '--started', iso(at - HOUR));
  assert.match(none.output, /no deal of the account is known yet/);
});

test('a verdict keeps what was seen, and an annulled one lets the period go on', async (t) => {
  const d = await past_desk(t);
  const at = Date.now();
  d.deal(at - DAY, { position: 77 });
  for (const n of [9, 8, 7]) d.sample(at - n * MINUTE, 100000);
  d.sample(at - 6 * MINUTE, 100000, 89000);
  d.sample(at - 5 * MINUTE, 100000, 89500);
  d.sample(at - 4 * MINUTE, 100000, 99000);
  d.synced(at, 100000);
  await d.phases();
  assert.deepEqual(d.verdicts(), [['max_loss', 'breached', 89000, 90000, 0]]);
  const [v] = sql(d.ledger, 'SELECT id, evidence FROM verdict');
  const seen = JSON.parse(v.evidence);
  assert.deepEqual([seen.value, seen.level, seen.equity], [89000, 90000, 89000]);
  assert.deepEqual(seen.path.map((s) => s.equity).slice(0, 6), [100000, 100000, 100000, 89000, 89500, 99000]);
  assert.deepEqual(seen.positions.map((p) => [p.position_id, p.symbol, p.type, p.volume]), []);
  assert.equal(seen.state.day_balance, 100000);
  assert.match(await d.done('verdict', 'show', '52001001', String(v.id)), /"max_loss"/);

  // a bad tick, says the firm: the two samples below are the same break
  assert.match((await d.command('verdict', 'annul', '52001001', String(v.id), '--reason', ' ')).output, /a reason is needed/);
  await d.done('verdict', 'annul', '52001001', String(v.id), '--reason', 'a bad tick');
  assert.equal(d.status(), 'active');
  assert.match((await d.command('verdict', 'annul', '52001001', String(v.id), '--reason', 'again')).output,
    /was annulled by mt5fleet verdict already: a bad tick/);
  // the limit of the day was broken by it, too: that is not hidden, and annulled as well
  await d.phases();
  assert.deepEqual(d.verdicts().map((x) => [x[0], x[2], x[3]]),
    [['max_loss', 89000, 90000], ['daily_loss', 89000, 95000]]);
  assert.equal(d.status(), 'breached');
  const [other] = sql(d.ledger, "SELECT id FROM verdict WHERE word = 'daily_loss'");
  await d.done('verdict', 'annul', '52001001', String(other.id), '--reason', 'a bad tick');
  await d.phases();
  assert.equal(d.status(), 'active');
  assert.equal(d.verdicts().length, 2);
  assert.equal(d.limits().total_floor, 90000);
  assert.match(await d.done('verdict', 'list', '52001001'), /annulled by mt5fleet verdict: a bad tick/);

  // the rule was kept again: the next break is a verdict of its own
  d.sample(at - 2 * MINUTE, 100000, 88000);
  await d.phases();
  assert.deepEqual(d.verdicts().map((x) => x[2]), [89000, 89000, 88000]);
  assert.equal(d.status(), 'breached');
});

test('what broke while a false verdict stood is found when that is annulled', async (t) => {
  const d = await past_desk(t);
  const at = Date.now();
  d.sample(at - 9 * MINUTE, 100000);
  d.sample(at - 8 * MINUTE, 100000, 94000);
  d.synced(at - 7 * MINUTE, 100000);
  await d.phases();
  assert.equal(d.status(), 'breached');
  d.sample(at - 6 * MINUTE, 100000);
  d.sample(at - 5 * MINUTE, 100000, 94500);
  d.sample(at - 4 * MINUTE, 100000);
  d.synced(at, 100000);
  await d.phases();
  assert.equal(d.verdicts().length, 1);
  await d.done('verdict', 'annul', '52001001', '1', '--reason', 'quote error');
  await d.phases();
  assert.deepEqual(d.verdicts().map((x) => x[2]), [94000, 94500]);
  assert.equal(d.status(), 'breached');
});

test('an annulment is taken back by restore, and by the audit', async (t) => {
  const d = await past_desk(t);
  const at = Date.now();
  d.sample(at - 9 * MINUTE, 100000);
  d.sample(at - 8 * MINUTE, 100000, 94000);
  d.sample(at - 7 * MINUTE, 100000);
  d.synced(at, 100000);
  await d.phases();
  await d.done('verdict', 'annul', '52001001', '1', '--reason', 'a: "bad" tick');
  assert.equal(d.status(), 'active');
  await d.done('verdict', 'restore', '52001001', '1');
  assert.equal(d.status(), 'breached');
  assert.match((await d.command('verdict', 'restore', '52001001', '1')).output, /verdict 1 is not annulled/);
  assert.match((await d.command('verdict', 'restore', '52001001', '9')).output, /no such verdict: 9/);
  await d.phases();
  assert.equal(d.verdicts().length, 1);
  assert.deepEqual(sql(d.ledger, `SELECT "from", "to" FROM audit WHERE field = 'verdict 1' ORDER BY id`), [
    { from: 'max_loss: breached', to: 'annulled: a: "bad" tick' }, { from: 'annulled: a: "bad" tick', to: 'max_loss: breached' }]
    .map((r) => ({ from: r.from.replace('max_loss', 'daily_loss'), to: r.to.replace('max_loss', 'daily_loss') })));
});

test('a target whose verdict was annulled is not reached again by standing there', async (t) => {
  const d = await past_desk(t, { rules: 'Custom' });
  const at = Date.now();
  d.write(`UPDATE rule_set SET preset = 0, rules = '${JSON.stringify({ profit_target: { pct: 10 } })}' WHERE name = 'Custom'`);
  d.sample(at - 9 * MINUTE, 100000);
  d.sample(at - 8 * MINUTE, 111000);
  d.sample(at - 7 * MINUTE, 111000);
  d.synced(at - 6 * MINUTE, 111000);
  await d.phases();
  assert.equal(d.status(), 'target_reached');
  await d.done('verdict', 'annul', '52001001', '1', '--reason', 'not withdrawn yet');
  d.sample(at - 5 * MINUTE, 112000);
  d.synced(at - 4 * MINUTE, 112000);
  await d.phases();
  assert.equal(d.status(), 'active');
  d.sample(at - 3 * MINUTE, 105000);
  d.sample(at - 2 * MINUTE, 110500);
  d.synced(at, 110500);
  await d.phases();
  assert.deepEqual(d.verdicts().map((x) => x[2]), [111000, 110500]);
});

test('days by the deals are those of the reset', async (t) => {
  const d = await past_desk(t, { rules: 'FundedNext Stellar 2-step' });
  const at = Date.now();
  const midnight = Math.floor((at + OFFSET) / DAY) * DAY - OFFSET;
  d.write('DELETE FROM phase_period');
  d.deal(midnight - 3 * DAY, { type: 2, profit: 100000 });
  d.deal(midnight - 2 * DAY - 1000, { position: 1 }); // a second before midnight
  d.deal(midnight - 2 * DAY + 1000, { position: 2 }); // and behind it
  d.deal(midnight - 2 * DAY + 2000, { type: 1, entry: 1, position: 2, profit: 500 });
  d.sample(at, 100500);
  d.synced(at + 3000, 100500);
  await d.done('phase', 'set', '52001001', '--phase', 'F1', '--started', iso(midnight - 3 * DAY), '--initial', '100000');
  await d.phases();
  assert.equal(d.limits().days_done, 2);
  assert.deepEqual(sql(d.ledger, 'SELECT opened, net FROM day ORDER BY day_msc').slice(0, 3),
    [{ opened: 1, net: 0 }, { opened: 1, net: 500 * E8 }, { opened: 0, net: 0 }]);
});

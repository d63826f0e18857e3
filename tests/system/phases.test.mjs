// phases.test.mjs: the phases job over a ledger as collect, trades and admin
// leave it: verdicts, warnings, days, phases.json and what the pages are told.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { bin, run } from './lib.mjs';
import { sql } from './ledger_lib.mjs';
import { DAY, E8, HOUR, MINUTE, OFFSET, desk } from './phases_lib.mjs';

const now = () => Date.now();

test('a breach is a verdict, told once, and in phases.json and the audit', async (t) => {
  const d = await desk(t);
  const at = now();
  d.synced(at, 100000);
  for (let i = 10; i >= 3; i--) d.sample(at - i * MINUTE, 100000);
  d.sample(at - 2 * MINUTE, 100000, 89000, 88900);
  await d.phases();
  assert.equal(d.status(), 'breached');
  assert.deepEqual(d.verdicts(), [['max_loss', 'breached', 89000, 90000, 0]]);
  const [audit] = sql(d.ledger, "SELECT who, field, \"from\", \"to\", equity FROM audit WHERE account = 1");
  assert.deepEqual(audit, { who: 'phases', field: 'status', from: 'active', to: 'breached', equity: 89000 * E8 });
  const events = await d.events();
  assert.deepEqual(events.map((e) => [e.type, e.login]), [['phase', '52001001'], ['alert', '52001001']]);
  assert.equal(events[0].phase.status, 'breached');
  assert.equal(events[1].level, 'critical');
  assert.match(events[1].text, /max_loss 89000\.00, floor 90000\.00/);
  assert.deepEqual(JSON.parse(fs.readFileSync(path.join(d.dir, 'phases.json'))), { 52001001: 'F1' });
  const written = fs.statSync(path.join(d.dir, 'phases.json')).mtimeMs;
  d.sample(at - MINUTE, 100000, 80000);
  await d.phases();
  assert.equal(d.verdicts().length, 1); // once
  assert.equal(fs.statSync(path.join(d.dir, 'phases.json')).mtimeMs, written); // nothing changed
  assert.throws(() => d.write('UPDATE verdict SET value = 0'), /never changed/);
  assert.throws(() => d.write('DELETE FROM verdict'), /never deleted/);
});

test('the low between two samples is enough', async (t) => {
  const d = await desk(t);
  const at = now();
  d.synced(at, 100000);
  d.sample(at - 3 * MINUTE, 100000);
  d.sample(at - 2 * MINUTE, 100000, 99000, 89999.99);
  await d.phases();
  assert.deepEqual(d.verdicts(), [['max_loss', 'breached', 89999.99, 90000, 0]]);
});

test('a withdrawal that is not yet known as a deal is no loss', async (t) => {
  const d = await desk(t);
  const at = now();
  d.synced(at - 5 * MINUTE, 115000);
  d.sample(at - 6 * MINUTE, 115000 - 10000); // below the target
  d.write('DELETE FROM equity');
  d.sample(at - 8 * MINUTE, 104000);
  d.synced(at - 5 * MINUTE, 104000);
  d.sample(at - 2 * MINUTE, 84000); // 20,000 went out: it looks like a breach
  await d.phases();
  assert.equal(d.status(), 'active');
  assert.deepEqual(d.verdicts(), []);
  d.deal(at - 4 * MINUTE, { type: 2, profit: -20000 }); // and now it is known
  d.synced(at, 84000);
  await d.phases();
  assert.equal(d.status(), 'active');
  // 4,000 of it was profit: the base is 84,000 now
  assert.equal(d.limits().total_floor, 74000);
});

test('a loss with new deals waits for them, then falls', async (t) => {
  const d = await desk(t);
  const at = now();
  d.synced(at - 5 * MINUTE, 100000);
  d.sample(at - 6 * MINUTE, 100000);
  d.sample(at - 2 * MINUTE, 88000); // the balance moved, by what is not known
  await d.phases();
  assert.deepEqual(d.verdicts(), []);
  d.deal(at - 3 * MINUTE, { entry: 0 });
  d.deal(at - 3 * MINUTE + 1, { type: 1, entry: 1, profit: -12000 });
  d.synced(at, 88000);
  await d.phases();
  assert.deepEqual(d.verdicts(), [['max_loss', 'breached', 88000, 90000, 0]]);
});

test('stale data: no samples, no verdict, no warning', async (t) => {
  const d = await desk(t);
  const at = now();
  d.synced(at, 100000);
  d.sample(at - 2 * HOUR, 100000, 95300); // 94 % of the day's loss, but long ago
  await d.phases();
  assert.equal(d.status(), 'active');
  assert.deepEqual((await d.events()).filter((e) => e.type === 'alert'), []);
});

test('an account whose deals were never read: nothing is said', async (t) => {
  const d = await desk(t);
  d.sample(now() - 2 * MINUTE, 100000, 50000);
  await d.phases();
  assert.deepEqual(d.verdicts(), []);
  assert.deepEqual(d.limits(), {});
});

test('warnings at 70, 85 and 95 %, each once', async (t) => {
  const d = await desk(t, { rules: 'Custom' }); // 5 % of the day's equity, pause
  const at = now();
  const texts = async () => (await d.events()).filter((e) => e.level === 'warn' && /daily/.test(e.text))
    .map((e) => Number(e.text.match(/(\d+) %/)[1]));
  d.synced(at, 100000);
  // all within one minute's age, so that each is fresh
  const steps = [[100000, []], [96600, []], [96400, [72]], [96500, [72]], [95700, [72, 86]], [95240, [72, 86, 95]],
    [96000, [72, 86, 95]], [95700, [72, 86, 95]],
    [96100, [72, 86, 95]], [95700, [72, 86, 95, 86]]];
  for (const [i, [equity, expected]] of steps.entries()) {
    d.sample(at - 120000 + i * 1000, 100000, equity);
    await d.phases();
    assert.deepEqual(await texts(), expected, String(equity));
  }
});

test('a pause ends by itself at the reset', async (t) => {
  const d = await desk(t, { rules: 'Custom' });
  const at = now();
  d.synced(at, 100000);
  d.sample(at - 3 * MINUTE, 100000);
  d.sample(at - 2 * MINUTE, 100000, 94000);
  await d.phases();
  assert.equal(d.status(), 'paused');
  const [{ until }] = sql(d.ledger, 'SELECT paused_until_msc AS until FROM phase_period');
  assert.equal((until + OFFSET) % DAY, 0); // the server's midnight
  assert.ok(until > at);
  d.write(`UPDATE phase_period SET paused_until_msc = ${at - MINUTE}`);
  await d.phases();
  assert.equal(d.status(), 'active');
  assert.equal(d.verdicts().length, 1);
});

test('the target wants its days, too', async (t) => {
  const d = await desk(t, { started: now() - 6 * DAY });
  const at = now();
  const days = [5, 4, 3]; // days ago, at noon
  for (const n of days) {
    d.sample(at - n * DAY, 100000);
    d.deal(at - n * DAY, { position: 10 + n });
  }
  d.sample(at - 3 * MINUTE, 110000);
  d.synced(at, 110000);
  await d.phases();
  assert.equal(d.status(), 'active');
  assert.equal(d.limits().days_done, 3);
  assert.equal(d.limits().days_needed, 4);
  d.deal(at - 2 * DAY, { position: 99 }); // the fourth, and it came late
  d.sample(at - 2 * MINUTE, 110000);
  d.synced(at + 1, 110000);
  await d.phases();
  d.sample(at - MINUTE, 110000);
  d.synced(at + 2, 110000);
  await d.phases();
  assert.equal(d.status(), 'target_reached');
  assert.deepEqual(d.verdicts().map((v) => v[0]), ['target_reached']);
});

test('days: baselines seen and reconstructed, sums by the deals', async (t) => {
  const d = await desk(t, { rules: 'FundedNext Stellar 2-step', started: now() - 5 * DAY });
  const today = Math.floor((now() + OFFSET) / DAY) * DAY - OFFSET; // the server's midnight
  d.sample(today - 2 * DAY - MINUTE, 101000, 100500);
  d.sample(today - 2 * DAY + MINUTE, 101000, 100400, 100300, 100600);
  // then the machine was away for a day and a half, with a trade in between
  d.deal(today - 1 * DAY - 2 * HOUR, { position: 1 });
  d.deal(today - 1 * DAY - HOUR, { type: 1, entry: 1, position: 1, profit: -700 });
  d.deal(today - 6 * HOUR, { position: 2 });
  d.deal(today - 5 * HOUR, { type: 1, entry: 1, position: 2, profit: 250.5 });
  d.deal(today - 4 * HOUR, { type: 2, profit: 5000 });
  d.sample(today - 1 * HOUR, 105550.5, 105550.5);
  d.sample(today - 30000, 105550.5, 105500);
  d.sample(today + 30000, 105550.5, 105400);
  d.synced(now() + DAY, 105550.5);
  await d.phases();
  const rows = sql(d.ledger, `SELECT (day_msc - ${today}) / ${DAY} AS day, balance, equity, estimated, opened, closed,
    net, flows FROM day ORDER BY day_msc`).map((r) => [r.day, r.balance / E8, r.equity / E8, r.estimated, r.opened,
    r.closed, r.net / E8, r.flows / E8]);
  assert.deepEqual(rows, [
    [-5, 101000, 101000, 1, 0, 0, 0, 0], // it began in the middle of a day; nobody looked yet
    [-4, 101000, 101000, 1, 0, 0, 0, 0],
    [-3, 101000, 101000, 1, 0, 0, 0, 0],
    [-2, 101000, 100500, 0, 1, 1, -700, 0],
    [-1, 100300, 100300, 1, 1, 1, 250.5, 5000], // 105,550.50 less 5,000 less 250.50
    [0, 105550.5, 105500, 0, 0, 0, 0, 0],
  ]);
  const limits = d.limits();
  assert.equal(limits.daily_floor, 105550.5 - 5000);
  assert.equal(limits.total_floor, 95000); // the deposit lifted the base
  assert.equal(limits.resets_msc, today + DAY);
  assert.equal(limits.estimated, 0);
});

test('begun in mid-day: the baseline is worked back from the deals', async (t) => {
  const d = await desk(t, { rules: 'FundedNext Stellar 2-step', started: now() - HOUR });
  const today = Math.floor((now() + OFFSET) / DAY) * DAY - OFFSET;
  if (now() - today < 20 * MINUTE) return t.skip('the server has just begun its day');
  d.deal(today + MINUTE, { type: 2, profit: 100000 });
  d.deal(today + 2 * MINUTE, { position: 1 });
  d.deal(today + 3 * MINUTE, { type: 1, entry: 1, position: 1, profit: -1500 });
  d.sample(now() - 3 * MINUTE, 98500, 98000);
  d.synced(now(), 98500);
  await d.phases();
  assert.deepEqual(sql(d.ledger, 'SELECT balance, equity, estimated, net, flows FROM day'),
    [{ balance: 0, equity: 0, estimated: 1, net: -1500 * E8, flows: 100000 * E8 }]);
  assert.equal(d.limits().daily_floor, 95000); // 100,000 less 5 %: 1,500 of it is gone
});

test('late deals are counted to the day they belong to', async (t) => {
  const d = await desk(t);
  const at = now();
  d.sample(at - 2 * DAY, 100000);
  d.sample(at - 2 * MINUTE, 100000);
  d.synced(at, 100000);
  await d.phases();
  const sums = () => sql(d.ledger, 'SELECT sum(opened) AS opened, sum(net) AS net FROM day')[0];
  assert.deepEqual(sums(), { opened: 0, net: 0 });
  d.deal(at - 2 * DAY + HOUR, { position: 3 });
  d.deal(at - 2 * DAY + 2 * HOUR, { type: 1, entry: 1, position: 3, profit: 12 });
  d.synced(at + 1, 100000);
  await d.phases();
  assert.deepEqual(sums(), { opened: 1, net: 12 * E8 });
});

test('other rules fold the period anew, and judge nothing twice', async (t) => {
  const d = await desk(t);
  const at = now();
  d.synced(at, 100000);
  d.sample(at - 4 * MINUTE, 100000);
  d.sample(at - 3 * MINUTE, 100000, 96500); // fine by FTMO's 5 %
  d.sample(at - 2 * MINUTE, 100000, 99000);
  await d.phases();
  assert.equal(d.limits().daily_floor, 95000);
  d.write("UPDATE account SET rule_set = (SELECT id FROM rule_set WHERE name = 'FTMO 1-step')");
  await d.phases();
  assert.equal(d.limits().daily_floor, 97000); // 3 %: 96,500 would have broken it, then
  assert.equal(d.status(), 'active');
  d.sample(at - MINUTE, 100000, 96999);
  await d.phases();
  assert.equal(d.status(), 'breached');
});

test('a bad rule set is said, exit 1, and says nothing of the account', async (t) => {
  const d = await desk(t);
  d.synced(now(), 100000);
  d.sample(now() - 2 * MINUTE, 100000, 50000);
  d.write(`UPDATE rule_set SET rules = '{"daily":1}', preset = 0 WHERE name = 'FTMO 2-step'`);
  const result = await run(t, bin('phases'), [], { env: d.env });
  assert.equal(result.code, 1);
  assert.match(result.output, /S 52001001: rule set \d+: rules: unknown: "daily"/);
  assert.deepEqual(d.verdicts(), []);
  assert.deepEqual(d.limits(), {});
});

test('Redis away: the verdict stands, and its alert waits until Redis is back', async (t) => {
  const d = await desk(t);
  d.synced(now(), 100000);
  d.sample(now() - 2 * MINUTE, 100000, 80000);
  await d.redis.handle.kill('SIGKILL');
  const result = await run(t, bin('phases'), [], { env: d.env });
  assert.equal(result.code, 0, result.output);
  assert.match(result.output, /events not sent/);
  assert.equal(d.status(), 'breached');
  await run(t, bin('phases'), [], { env: d.env });
  await d.redis.restart();
  await d.phases();
  const alerts = async () => (await d.events()).filter((e) => e.type === 'alert')
    .map((e) => [e.key, e.level]);
  assert.deepEqual(await alerts(), [['rules/max_loss/S/52001001', 'critical']]);
  await d.phases();
  assert.equal((await alerts()).length, 1, 'once');
  assert.equal(fs.existsSync(path.join(d.dir, 'phases-untold')), false);
});

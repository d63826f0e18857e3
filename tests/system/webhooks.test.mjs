// webhooks.test.mjs: every kind of event reaches the receiver of
// docs/webhooks.md, signed, in order, each once for who knows ids.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { freePort, start, tmp, TREE, waitFor } from './lib.mjs';
import { alertRig, startService } from './alerts_lib.mjs';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ALL = ['account', 'status', 'phase', 'verdict', 'payout', 'edit'];

/** The example of the document, as it stands there. */
async function receiver(t, secret = SECRET) {
  const text = fs.readFileSync(path.join(TREE, 'docs/webhooks.md'), 'utf8');
  const [, code] = /```js\n([\s\S]*?)```/.exec(text);
  const file = path.join(tmp(t), 'receiver.mjs'), port = await freePort();
  fs.writeFileSync(file, code);
  const r = start(t, process.execPath, [file],
    { env: { SECRET: secret, PORT: String(port) } });
  const url = `http://127.0.0.1:${port}`;
  await waitFor('the receiver', () => fetch(url).then(() => true), 60000);
  return { url, events: () => r.output().split('\n').filter((l) => l.startsWith('{'))
    .map((l) => JSON.parse(l)) };
}

/** Accounts 1 (FTMO) and 2; a verdict and a payout by hand. */
const accounts = `INSERT INTO account (id, server, login, node, first_seen_msc, prop_firm,
  currency) VALUES (1, 'Demo', 5001, 'v1', 0, 'FTMO', 'USD'), (2, 'Demo', 5002, 'v2', 0, 'X', 'USD')`;
const verdict = (account, at) => `INSERT INTO verdict (account, period, at_msc, word, status,
  value, level, balance, equity, low, baseline, estimated, rules)
  VALUES (${account}, 1, ${at}, 'daily_loss', 'breached', 94000000000, 95000000000, 94000000000,
  94000000000, 0, 0, 0, '{}')`;
const payout = (account, ticket, meaning = 3) => `INSERT INTO deal (account, ticket, "order",
  time, time_msc, type, entry, magic, position_id, reason, commission, swap, profit, fee,
  symbol, comment, external_id, kind, meaning, counts_utc_ms, seen_utc_ms)
  VALUES (${account}, ${ticket}, 0, 1, 1000, 2, 0, 0, 0, 0, 0, 0, -12550000000, 0, '', 'payout #1', '',
  2, ${meaning}, 1782154438950, 1782154438950)`;

test('each kind of event, signed, in order', { timeout: 180000 }, async (t) => {
  const to = await receiver(t);
  const g = await alertRig(t, [{ name: 'books', type: 'webhook', url: to.url, secret: SECRET,
    events: ALL }]);
  await g.look();
  await g.sql(accounts);
  const sql = async (text) => {
    const made = await g.sql(text);
    assert.equal(made.code, 0, made.output);
  };
  for (const phase of ['F1', 'F2', 'R']) {
    const set = await g.mt5fleet('phase', 'set', '--phase', phase, '--initial', '5000',
      'Demo/5001');
    assert.equal(set.code, 0, set.output);
  }
  await sql(verdict(1, g.clock.now()));
  await sql(payout(1, 7));
  await sql(payout(2, 8));
  await sql(payout(2, 9, 1)); // a deposit
  const flow = await g.mt5fleet('flow', 'set', 'Demo/5002', '9', 'payout');
  assert.equal(flow.code, 0, flow.output);
  const live = (type, more) => g.r.command('XADD', 'live', '*', 'type', type, 'data',
    JSON.stringify({ type, server: 'Demo', login: '5001', node: 'v1', ...more }));
  await live('status', { status: 'ok' });
  await live('account', { status: 'ok', account: { balance: 1 } });
  await live('alert', { key: 'k', level: 'warn', text: 'k' });
  const look = await g.look();
  assert.equal(look.code, 0, look.output);
  const kinds = (list) => Object.fromEntries(ALL.map((k) =>
    [k, list.filter((e) => e.kind === k).length]));
  await waitFor('all of them', () => Object.values(kinds(to.events())).every((n) => n > 0));
  const got = to.events();
  assert.deepEqual(got.filter((e) => e.kind === 'phase' && e.field === 'phase')
    .map((e) => [e.login, e.from, e.to]),
  [['5001', null, 'F1'], ['5001', 'F1', 'F2'], ['5001', 'F2', 'R']]);
  assert.deepEqual(got.filter((e) => e.kind === 'edit').map((e) =>
    [e.login, e.field, e.to]), [['5002', 'flow 9', 'payout']]);
  assert.deepEqual(got.filter((e) => e.kind === 'verdict').map((e) =>
    [e.login, e.word, e.status, e.value, e.level]),
  [['5001', 'daily_loss', 'breached', 940, 950]]);
  assert.deepEqual(got.filter((e) => e.kind === 'payout').map((e) =>
    [e.login, e.ticket, e.amount, e.currency]),
  [['5001', '7', 125.5, 'USD'], ['5002', '8', 125.5, 'USD'],
    ['5002', '9', 125.5, 'USD']]);
  assert.deepEqual(got.filter((e) => /account|status/.test(e.kind)).map((e) =>
    [e.kind, e.event.status]), [['status', 'ok'], ['account', 'ok']]);
  assert.equal(new Set(got.map((e) => e.id)).size, got.length);
  for (const e of got)
    assert.ok(Date.parse(e.at_utc), JSON.stringify(e));
  await live('status', { status: 'stale' });
  await g.look();
  await waitFor('one more', () => to.events().length > got.length);
  assert.deepEqual(to.events().slice(got.length).map((e) => e.event?.status), ['stale'],
    'none twice');
});

test('a receiver that fails, and runs that are killed: all, in order', { timeout: 180000 },
  async (t) => {
    const s = await startService(t);
    const g = await alertRig(t, [{ name: 'books', type: 'webhook', url: `${s.url}/books`,
      events: ['phase'], filter: { firms: ['FTMO'] } }]);
    await g.look();
    await g.sql(accounts);
    const phases = ['A', 'B', 'C', 'D', 'E', 'F'];
    for (const [i, phase] of phases.entries()) {
      s.answers['/books'] = [i % 2 === 0 ? 503 : 200, {}, ''];
      await g.mt5fleet('phase', 'set', '--phase', phase, '--initial', '1', 'Demo/5001');
      await g.mt5fleet('phase', 'set', '--phase', phase, '--initial', '1', 'Demo/5002');
      const look = await g.look();
      assert.equal(look.code, 1 - i % 2, look.output);
      await g.clock.pass(301000);
    }
    const events = s.of('/books').flatMap((m) => JSON.parse(m.text).events);
    assert.deepEqual(events.filter((e) => e.field === 'phase').map((e) => e.to), phases,
      'of the firm alone, in order');
    assert.ok(events.every((e) => e.login === '5001'));
    assert.ok(!s.got.some((m) => m.headers['webhook-signature']), 'no secret, no signature');
  });

test('what is signed with another secret is refused, and is seen', async (t) => {
  const to = await receiver(t);
  const g = await alertRig(t, [{ name: 'books', type: 'webhook', url: to.url,
    secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', events: ['phase'] }]);
  await g.look();
  await g.sql(accounts);
  await g.mt5fleet('phase', 'set', '--phase', 'F1', '--initial', '1', 'Demo/5001');
  const look = await g.look();
  assert.equal(look.code, 1);
  assert.match(look.output, /target books: webhook: HTTP 401/);
  assert.deepEqual(to.events(), []);
});

// alert_report.test.mjs: the daily report: at the target's time of day, in its
// zone, language and of its accounts; once a day, and what is not known is said
// to be so. Real Redis and a real ledger; the clock is moved on.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bin, run } from './lib.mjs';
import { alertRig, startService } from './alerts_lib.mjs';

const ONE = 100000000; // of the ledger's money
const MINUTE = 60000;
const EVE = Date.UTC(2026, 5, 22, 4, 58); // 06:58 in Madrid

async function fleet(t, targets) {
  const nodes = path.join(fs.mkdtempSync('/tmp/report-'), 'nodes.json');
  t.after(() => fs.rmSync(path.dirname(nodes), { recursive: true }));
  fs.writeFileSync(nodes, JSON.stringify(['vps01', 'vps02', 'vps03'].map((id) =>
    ({ id, url: 'http://127.0.0.1:1' }))));
  const rig = await alertRig(t, targets, { utc_ms: EVE - Date.now(), NODES_FILE: nodes });
  /** What collect writes of a node: [server, login, status, currency, mode, equity, profit]. */
  rig.snapshot = async (node, accounts) => {
    const now = rig.clock.now();
    const heads = accounts.map(([server, login, status, currency, trade_mode, equity, profit]) =>
      ({ server, login, status, since_msc: now, at_msc: now, currency, currency_digits: 2,
        trade_mode, balance: equity - profit, credit: 0, equity, profit }));
    const lines = accounts.map(([, login]) =>
      `\n${JSON.stringify({ account: { login }, positions: 0, orders: 0 })}\n[]\n[]`);
    await rig.r.command('SET', `snapshot:${node}`, JSON.stringify({ node, rev: 'r-1', at_msc: now,
      agent: { name: node, version: '1' }, status: 'ok', accounts: heads }) + lines.join(''));
    await rig.r.command('SET', `node:${node}`, JSON.stringify({ node, status: 'ok',
      since_msc: now, error: null, polled_msc: now, latency_ms: 1, terminals: 1 }));
  };
  rig.now = async () => {
    await rig.snapshot('vps01', [['S', '1', 'ok', 'USD', 2, 6040, 40], ['S', '2', 'ok', 'USD', 2, 1000000, -10]]);
    await rig.snapshot('vps02', [['S', '3', 'ok', 'EUR', 0, 500.125, 0.004]]);
    await rig.snapshot('vps03', [['S', '4', 'terminal_down', 'USD', 2, 7777, 0]]);
  };
  return rig;
}

/** Account 1 has a phase, a day and a limit; 2 is known and has none of them. */
const ledger = (rig, at) => rig.sql(`
INSERT INTO account (id, server, login, currency, currency_digits, first_seen_msc) VALUES
 (1, 'S', 1, 'USD', 2, 1), (2, 'S', 2, 'USD', 2, 1), (3, 'S', 3, 'EUR', 2, 1);
INSERT INTO phase_period (account, phase, status, started_msc, initial_balance, who)
 VALUES (1, 'F1', 'active', 1500, 5000 * ${ONE}, 'root');
INSERT INTO sync (account, state, sync_msc, full_msc, balance, credit, residue, credit_residue,
 checked_msc) VALUES (1, 2, 9, 9, 6000 * ${ONE}, 0, 0, 0, 9);
INSERT INTO book (account, deals) VALUES (1, 0);
INSERT INTO day (account, day_msc, next_msc, date, balance, equity, estimated, opened, closed,
 net, flows) VALUES (1, ${at - 3600000}, ${at + 82800000}, '2026-06-22', 6000 * ${ONE},
 6010 * ${ONE}, 0, 0, 0, 0, 0);
INSERT INTO limits VALUES (1, json_object('at_msc', '${at}', 'resets_msc', '${at + 82800000}',
 'days_done', 0, 'lines', json_array(json_object('kind', 'daily_loss', 'level',
 CAST(5800 * ${ONE} AS TEXT), 'size', CAST(300 * ${ONE} AS TEXT), 'test', 'equity', 'mode',
 'static', 'high', 'balance', 'broken', json('false'), 'estimated', json('false')))));
INSERT INTO verdict (id, account, period, at_msc, word, status, value, level, balance, equity,
 low, baseline, estimated, rules) VALUES
 (1, 2, 1, ${at - 3600000}, 'max_loss', 'breached', 1, 1, 1, 1, 1, 1, 0, '{}'),
 (2, 3, 1, ${at - 3600000}, 'daily_loss', 'breached', 1, 1, 1, 1, 1, 1, 0, '{}'),
 (3, 1, 1, ${at - 2 * 86400000}, 'daily_loss', 'breached', 1, 1, 1, 1, 1, 1, 0, '{}');
INSERT INTO verdict_annulled (account, verdict, at_utc_ms, who, reason) VALUES (3, 2, 1, 'root', 'x');
UPDATE revision SET n = n + 1;`);

const texts = (service, p) => service.of(p).flatMap((m) => JSON.parse(m.text).alerts)
  .filter(({ what }) => what === 'report').map(({ text }) => text);

test('each target is told once a day, at its time, in its language, of its accounts', async (t) => {
  const s = await startService(t);
  const rig = await fleet(t, [
    { name: 'desk', type: 'webhook', url: `${s.url}/desk`, zone: 'Europe/Madrid',
      daily_report: '07:00', quiet: { from: '22:00', to: '09:00' } },
    { name: 'ana', type: 'webhook', url: `${s.url}/ana`, zone: 'UTC', language: 'es',
      daily_report: '05:00', only_escalated: true, filter: { accounts: ['S/3'], kinds: ['rules'] } },
    { name: 'none', type: 'webhook', url: `${s.url}/none` }]);
  await rig.now();
  assert.equal((await rig.look()).code, 0);
  assert.equal(s.got.length, 0, 'not before its time');
  assert.equal((await ledger(rig, EVE)).code, 0);

  await rig.clock.pass(3 * MINUTE);
  await rig.now();
  const { code, output } = await rig.look();
  assert.equal(code, 0, output);
  assert.deepEqual(texts(s, '/desk'), [[
    'Daily report 2026-06-22 07:00 Europe/Madrid: 4 accounts',
    'USD real: 2 live, equity 1,006,040.00, floating +30.00, today +30.00 (without 1, not known)',
    'EUR demo: 1 live, equity 500.125, floating +0.004, today not known',
    'Closest to a limit: S 1 daily loss 20 % (left 240.00 USD); no limits known: 2',
    'Breached within 24 h: S 2 (max_loss)',
    'Down, and in no sum: 1: S 4 on vps03 (the terminal is not running)',
    'Open alerts: 0 critical, 0 warnings'].join('\n')]);
  assert.deepEqual(texts(s, '/ana'), [[
    'Informe diario 2026-06-22 05:00 UTC: 1 cuentas',
    'EUR demo: 1 en vivo, equity 500.125, flotante +0.004, hoy desconocido',
    'Más cerca de un límite: ninguno conocido; sin límites conocidos: 1',
    'Incumplidas en 24 h: ninguna',
    'Fuera de servicio: nada',
    'Avisos abiertos: 0 críticos, 0 advertencias'].join('\n')]);

  // another run of that day says nothing more; the next day does
  await rig.clock.pass(5 * MINUTE);
  await rig.look();
  assert.equal(s.got.length, 2);
  await rig.clock.pass(24 * 60 * MINUTE);
  await rig.look();
  assert.equal(texts(s, '/desk').length, 2);
  assert.equal(s.of('/none').length, 0);
  // nothing was heard of the terminals meanwhile: no figure is shown as live
  const stale = texts(s, '/desk')[1];
  assert.match(stale, /^Daily report 2026-06-23 /);
  assert.match(stale, /^No account is live: equity and P\/L are not known$/m);
  assert.match(stale, /^Down, and in no sum: 4: /m);
  assert.doesNotMatch(stale, /6,?040/);
});

test('a target that fails is told later, once; without Redis nothing is made up', async (t) => {
  const s = await startService(t);
  const rig = await fleet(t, [{ name: 'desk', type: 'webhook', url: `${s.url}/desk`,
    zone: 'UTC', daily_report: '05:00' }]);
  await rig.look();
  assert.equal((await ledger(rig, EVE)).code, 0);
  await rig.clock.pass(3 * MINUTE);
  await rig.now();
  s.answers['/desk'] = [500, {}, 'no'];
  assert.equal((await rig.look()).code, 1);
  delete s.answers['/desk'];
  await rig.clock.pass(10 * MINUTE);
  await rig.look();
  await rig.look();
  assert.equal(texts(s, '/desk').length, 1);
  assert.match(texts(s, '/desk')[0], /^USD real: 2 live, equity 1,006,040.00/m);
});

test('a wrong time, and a target whose messages are incidents', async (t) => {
  const rig = await alertRig(t, [
    { name: 'a', type: 'webhook', url: 'http://127.0.0.1:1', daily_report: '7:00' },
    { name: 'b', type: 'pagerduty', token: 'k', daily_report: '07:00' }]);
  const { code, output } = await run(t, bin('alerts'), ['-n'], { env: rig.env });
  assert.equal(code, 2);
  assert.match(output, /targets\[0\]\.daily_report: expected a time of day "HH:MM", not "7:00"/);
  assert.match(output, /targets\[1\]\.daily_report: expected no such member for this type/);
});

// alert_night.test.mjs: a night on call, by a clock of ours: 30 accounts on 3
// machines, the machines lost one after another, one target down with 429 and
// then 404, quiet hours, one alert acknowledged, two escalated. What each person
// got is the whole of it: none missing, none twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertRig, startService } from './alerts_lib.mjs';

const EVENING = Date.parse('2026-12-01T20:00:00Z'); // 21:00 in Madrid
const lost = (n) => `${n}: unreachable: no connection within 5.0 s`;

test('a night on call', { timeout: 600000 }, async (t) => {
  const s = await startService(t);
  const targets = [
    { name: 'desk', type: 'ntfy', url: `${s.url}/desk`, language: 'es',
      zone: 'Europe/Madrid', escalate: { to: 'boss', after_min: 15 },
      quiet: { from: '23:00', to: '07:00', up_to: 'warn', then: 'hold' } },
    { name: 'ana', type: 'ntfy', url: `${s.url}/ana`, zone: 'Europe/Madrid',
      repeat_min: 0, filter: { level: 'critical', holders: ['Ana'] } },
    { name: 'boss', type: 'pushover', url: `${s.url}/boss`, token: 'app', user: 'key',
      zone: 'Europe/Madrid', only_escalated: true },
    { name: 'log', type: 'webhook', url: `${s.url}/log` },
  ];
  const g = await alertRig(t, targets, { utc_ms: EVENING - Date.now() });
  await g.look(); // makes the ledger
  // Ana's accounts are on vps01 and vps02
  const rows = Array.from({ length: 30 }, (_, i) => {
    const node = `vps0${1 + Math.floor(i / 10)}`;
    return `('Demo', ${5001 + i}, '${node}', 0, ${i % 10 === 3 && i < 20
      ? "'Ana'" : "'Eva'"}, 'FTMO')`;
  });
  const made = await g.sql(`INSERT INTO account (server, login, node, first_seen_msc,
    holder, prop_firm) VALUES ${rows.join(',')}`);
  assert.equal(made.code, 0, made.output);

  const heard = { desk: [], ana: [], boss: [], log: [] };
  let seen = s.got.length;
  const text = (m) => m.path.startsWith('/log')
    ? JSON.parse(m.text).alerts.map((a) => `${a.what} ${a.key}`).join('\n')
    : (new URLSearchParams(m.text).get('message') ?? m.text).trimEnd();
  const lines = (m) => (m.path.startsWith('/boss') ? text(m) : m.path.startsWith('/log')
    ? text(m) : m.text.trimEnd()).split('\n');
  /** It is that time in Madrid: things happen, and the job looks. */
  const at = async (time, happen = () => {}) => {
    const [h, m] = time.split(':').map(Number);
    const when = EVENING + ((h + 24 - 21) % 24) * 3600e3 + m * 60e3;
    await g.clock.pass(when - g.clock.now());
    await happen();
    await g.look();
    for (const got of s.got.slice(seen))
      if (got.status === 200)
        heard[got.path.slice(1)].push([time, ...lines(got)]);
    seen = s.got.length;
  };
  const event = (key, level, words, more) => () => g.alert(key, level, words, more);
  const login = (n) => ({ server: 'Demo', login: String(n) });

  await at('21:00', event('status/Demo/5012/vps02', 'warn',
    'Demo 5012 on vps02: not_logged_in', login(5012)));
  await at('21:30', event('status/Demo/5012/vps02', 'info',
    'Demo 5012 on vps02: ok', login(5012)));
  await at('23:30', async () => {
    s.answers['/log'] = [429, { 'Retry-After': '600' }, ''];
    await g.alert('node/vps01', 'critical', lost('vps01'));
  });
  await at('23:35', () => { s.answers['/log'] = [404, {}, '']; });
  const tried = () => s.got.filter((m) => m.path === '/log').length;
  assert.equal(tried(), 3, 'not before the 600 s are over');
  await at('23:38', async () => {
    const ack = await g.mt5fleet('alerts', 'ack', 'node/vps01');
    assert.equal(ack.code, 0, ack.output);
  });
  await at('23:41');
  assert.equal(tried(), 4);
  await at('23:50');
  await at('00:10', event('node/vps02', 'critical', lost('vps02')));
  await at('00:12', event('status/Demo/5025/vps03', 'warn',
    'Demo 5025 on vps03: broker_disconnected', login(5025)));
  await at('00:24');
  await at('00:26');
  await at('00:31');
  await at('00:40', event('node/vps03', 'critical', lost('vps03')));
  await at('00:45', event('node/vps02', 'info', 'vps02: answers again'));
  await at('00:56');
  await at('01:30');
  await at('01:41');
  await at('01:50', async () => {
    await g.mt5fleet('alerts', 'ack', 'node/vps03');
  });
  for (const time of ['02:00', '02:45', '03:30', '04:15'])
    await at(time);
  await at('05:00', event('status/Demo/5025/vps03', 'info',
    'Demo 5025 on vps03: ok', login(5025)));
  await at('06:00', event('node/vps01', 'info', 'vps01: answers again'));
  await at('06:59');
  await at('07:01');
  await at('08:00', () => { s.answers = {}; });
  await at('08:20', event('node/vps03', 'info', 'vps03: answers again'));
  await at('08:40');

  const since = (day, time) => `2026-12-0${day} ${time}:00 Europe/Madrid`;
  const minute = (list) => list.map(([time, ...l]) =>
    [time, ...l.map((x) => x.replace(/:\d\d Europe/g, ':00 Europe'))]);
  assert.deepEqual(minute(heard.desk), [
    ['21:00', 'aviso: Demo 5012 en vps02: el terminal no ha iniciado sesión ' +
      `(desde ${since(1, '21:00')})`],
    ['21:30', `terminado: Demo 5012 en vps02: todo vuelve a estar bien (desde ${since(1, '21:30')})`],
    ['23:30', 'CRÍTICO: vps01: la máquina no responde: no connection within 5.0 s ' +
      `(desde ${since(1, '23:30')})`],
    ['00:10', 'CRÍTICO: vps02: la máquina no responde: no connection within 5.0 s ' +
      `(desde ${since(2, '00:10')})`],
    ['00:40', 'CRÍTICO: vps03: la máquina no responde: no connection within 5.0 s ' +
      `(desde ${since(2, '00:40')})`],
    ['00:45', `terminado: vps02: responde de nuevo (desde ${since(2, '00:45')})`],
    ['01:41', 'sigue CRÍTICO: vps03: la máquina no responde: no connection within 5.0 s ' +
      `(desde ${since(2, '00:40')})`],
    ['06:00', `terminado: vps01: responde de nuevo (desde ${since(2, '06:00')})`],
    // what the quiet hours held back, together
    ['07:01', 'aviso: Demo 5025 en vps03: sin conexión con el bróker ' +
      `(desde ${since(2, '00:12')})`,
    `terminado: Demo 5025 en vps03: todo vuelve a estar bien (desde ${since(2, '05:00')})`],
    ['08:20', `terminado: vps03: responde de nuevo (desde ${since(2, '08:20')})`],
  ]);
  assert.deepEqual(minute(heard.ana), [
    ['23:30', 'CRITICAL: vps01: the machine does not answer: no connection within 5.0 s ' +
      `(since ${since(1, '23:30')})`],
    ['00:10', 'CRITICAL: vps02: the machine does not answer: no connection within 5.0 s ' +
      `(since ${since(2, '00:10')})`],
    ['00:45', `ended: vps02: answers again (since ${since(2, '00:45')})`],
    ['06:00', `ended: vps01: answers again (since ${since(2, '06:00')})`],
  ]);
  assert.deepEqual(minute(heard.boss), [
    ['00:26', 'not acknowledged within 15 min (desk): CRITICAL: vps02: the machine does ' +
      `not answer: no connection within 5.0 s (since ${since(2, '00:10')})`],
    ['00:45', `ended: vps02: answers again (since ${since(2, '00:45')})`],
    ['00:56', 'not acknowledged within 15 min (desk): CRITICAL: vps03: the machine does ' +
      `not answer: no connection within 5.0 s (since ${since(2, '00:40')})`],
    ['08:20', `ended: vps03: answers again (since ${since(2, '08:20')})`],
  ]);
  // what ended while it could not be told is not told; what goes on is
  assert.deepEqual(heard.log, [
    ['21:00', 'began status/Demo/5012/vps02'],
    ['21:30', 'ended status/Demo/5012/vps02'],
    ['08:00', 'began node/vps03'],
    ['08:20', 'ended node/vps03'],
  ]);
  const waiting = await g.sql('SELECT count(*) FROM alert_outbox WHERE sent_utc_ms IS NULL');
  assert.equal(waiting.output.trim(), '0');
});

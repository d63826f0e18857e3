// alert_targets.test.mjs: each kind of target is sent what its service
// documents; one that fails is tried when it may be, seen everywhere, and loses
// nothing. Real Redis; the services are stand-ins, those that Debian has are in
// alert_real.test.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bin, run, start, waitFor } from './lib.mjs';
import { alertRig, startService } from './alerts_lib.mjs';

const NASTY = 'S 1 on vps01: bad_data: <b>@everyone</b> & *x* \u0007\u202e';
const ACCOUNT = { server: 'S', login: '1' };
const KEY = 'status/S/1/vps01';

function every(url) {
  return [
    { name: 'telegram', type: 'telegram', url, token: '123:tok', chat_id: '-100' },
    { name: 'discord', type: 'discord', url: `${url}/discord` },
    { name: 'slack', type: 'slack', url: `${url}/slack` },
    { name: 'ntfy', type: 'ntfy', url: `${url}/ntfy`, token: 'tk_ntfy' },
    { name: 'gotify', type: 'gotify', url: `${url}/gotify/`, token: 'Agotify' },
    { name: 'pushover', type: 'pushover', url: `${url}/pushover`, token: 'apptoken',
      user: 'userkey', emergency_s: 60 },
    { name: 'pagerduty', type: 'pagerduty', url: `${url}/pagerduty`, token: 'rkey' },
    { name: 'am', type: 'alertmanager', url: `${url}/am` },
    { name: 'hook', type: 'webhook', url: `${url}/hook`, token: 'bearer',
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
    { name: 'apprise', type: 'apprise', url: `${url}/notify`, to: ['json://h'] },
  ];
}

test('each service is sent what it documents', async (t) => {
  const s = await startService(t);
  const g = await alertRig(t, every(s.url),
    { SITE_URL: 'https://fleet.example.org', SITE_TLS: 'proxy' });
  await g.alert(KEY, 'critical', NASTY, ACCOUNT);
  const first = await g.look();
  assert.equal(first.code, 0, first.output);
  const link = 'https://fleet.example.org/#/a/S/1';
  const only = (p) => {
    assert.equal(s.of(p).length, 1, p);
    return s.of(p)[0];
  };
  const json = (p) => {
    assert.match(only(p).headers['content-type'], /^application\/json/);
    return JSON.parse(only(p).text);
  };

  const telegram = json('/bot123:tok/sendMessage');
  assert.equal(telegram.chat_id, '-100');
  assert.equal(telegram.parse_mode, 'HTML');
  assert.match(telegram.text, /&lt;b&gt;@\u200beveryone&lt;\/b&gt; &amp; \*x\*/);
  assert.ok(telegram.text.includes(`<a href="${link}">`));
  assert.ok(telegram.text.length <= 4096);

  const discord = json('/discord');
  assert.deepEqual(discord.allowed_mentions, { parse: [] });
  assert.match(discord.content, /\\<b\\>@\u200beveryone\\<\/b\\> & \\\*x\\\*/);
  assert.ok(discord.content.endsWith(`<${link}>`) && discord.content.length <= 2000);

  const slack = json('/slack');
  assert.match(slack.text, /&lt;b&gt;@\u200beveryone/);
  assert.deepEqual(slack.blocks.map((b) => [b.type, b.text.type]),
    [['section', 'plain_text'], ['section', 'mrkdwn']]);
  assert.ok(slack.blocks[0].text.text.length <= 3000);

  const ntfy = only('/ntfy');
  assert.deepEqual([ntfy.headers.priority, ntfy.headers.click, ntfy.headers.authorization],
    ['5', link, 'Bearer tk_ntfy']);
  assert.match(ntfy.text, /^CRITICAL: S 1 on vps01: it reports what cannot be: /);

  const gotify = json('/gotify/message');
  assert.equal(only('/gotify/message').headers['x-gotify-key'], 'Agotify');
  assert.equal(gotify.priority, 8);
  assert.equal(gotify.extras['client::notification'].click.url, link);
  assert.ok(gotify.title && gotify.message);

  const pushover = new URLSearchParams(only('/pushover').text);
  assert.match(only('/pushover').headers['content-type'], /x-www-form-urlencoded/);
  assert.deepEqual(['token', 'user', 'priority', 'retry', 'expire', 'url']
    .map((k) => pushover.get(k)), ['apptoken', 'userkey', '2', '60', '3600', link]);
  assert.ok(pushover.get('message').length <= 1024 && pushover.get('title').length <= 250);
  assert.equal(only('/pushover').headers.authorization, undefined);

  const pagerduty = json('/pagerduty');
  assert.deepEqual([pagerduty.routing_key, pagerduty.event_action, pagerduty.dedup_key,
    pagerduty.payload.severity, pagerduty.payload.source, pagerduty.links[0].href],
  ['rkey', 'trigger', KEY, 'critical', 'vps01', link]);
  assert.ok(pagerduty.payload.summary.length <= 1024);

  const [am] = json('/am/api/v2/alerts');
  assert.deepEqual(am.labels, { alertname: 'status', job: 'mt5fleet', key: KEY,
    severity: 'critical', server: 'S', login: '1', node: 'vps01' });
  assert.ok(Date.parse(am.endsAt) > Date.parse(am.startsAt));

  const hook = json('/hook');
  assert.equal(hook.alerts[0].key, KEY);
  assert.equal(hook.alerts[0].node, 'vps01');
  assert.equal(hook.alerts[0].link, link);
  const h = only('/hook').headers;
  assert.equal(h.authorization, 'Bearer bearer');
  assert.equal(h['webhook-id'], hook.id);
  assert.match(h['webhook-signature'], /^v1,/);

  const apprise = json('/notify');
  assert.deepEqual([apprise.urls, apprise.type, apprise.format],
    ['json://h', 'failure', 'text']);
  for (const m of s.got)
    assert.ok(!m.text.includes('\u0007'), `${m.path}: control characters`);

  // and its end, to each once
  await g.clock.pass(60000);
  await g.alert(KEY, 'info', 'S 1 on vps01: ok', ACCOUNT);
  await g.look();
  await g.look();
  assert.equal(s.got.length, 20);
  assert.equal(JSON.parse(s.of('/pagerduty')[1].text).event_action, 'resolve');
  const [over] = JSON.parse(s.of('/am')[1].text);
  assert.deepEqual(over.labels, am.labels, 'the same alert');
  assert.ok(Date.parse(over.endsAt) <= g.clock.now());
  assert.equal(JSON.parse(s.of('/notify')[1].text).type, 'success');
  assert.match(s.of('/ntfy')[1].text, /^ended: S 1 on vps01: all is well again/);
  const listed = await g.mt5fleet('alerts', 'targets');
  assert.equal(listed.output.match(/good, last told/g).length, 10, listed.output);
});

test('Spanish, and times of the target\'s zone', async (t) => {
  const s = await startService(t);
  const g = await alertRig(t, [{ name: 'es', type: 'ntfy', url: `${s.url}/es`,
    language: 'es', zone: 'Europe/Madrid' }]);
  await g.alert(KEY, 'critical', 'S 1 on vps01: terminal_down', ACCOUNT);
  await g.look();
  assert.match(s.got[0].text, new RegExp('^CRÍTICO: S 1 en vps01: el terminal no está ' +
    'en marcha \\(desde \\d{4}-\\d\\d-\\d\\d [\\d:]{8} Europe/Madrid\\)\\n$'));
});

// case webhook-dead
test('a service that refuses: seen everywhere; a wait is kept; nothing is lost',
  async (t) => {
    const s = await startService(t);
    const g = await alertRig(t, [
      { name: 'dead', type: 'webhook', url: `${s.url}/dead-s3cr3t-path` },
      { name: 'busy', type: 'telegram', url: s.url, token: '1:b0t-s3cr3t', chat_id: '1' },
      { name: 'well', type: 'slack', url: `${s.url}/well` }]);
    s.answers['/dead'] = [404, {}, '{"message":"chat not found at dead-s3cr3t-path"}'];
    s.answers['/bot'] = [429, {}, '{"description":"Too Many Requests","parameters":{"retry_after":60}}'];
    await g.alert(KEY, 'critical', NASTY, ACCOUNT);
    const first = await g.look();
    assert.equal(first.code, 1, first.output);
    assert.match(first.output, /target dead: webhook: HTTP 404: chat not found at \*\*\*/);
    assert.match(first.output, /target busy: telegram: HTTP 429: Too Many Requests/);
    assert.equal(s.of('/well').length, 1);
    const check = await g.mt5fleet('check');
    assert.match(check.output, /"dead" is not told since .*will not heal by itself: HTTP 404/);
    const listed = await g.mt5fleet('alerts', 'targets');
    assert.match(listed.output, /dead .*fails since .*HTTP 404.*1 wait/);

    const health = await run(t, bin('dashboard.fcgi'), [],
      { env: { ...g.env, REQUEST_METHOD: 'GET', DASHBOARD_AUTH: 'off',
        REQUEST_URI: '/health', SCRIPT_NAME: '/health' } });
    const doc = JSON.parse(health.stdout.slice(health.stdout.indexOf('{')));
    assert.equal(doc.alerts.failing, 2);
    assert.equal(doc.alerts.waiting, 2);
    const metrics = await run(t, bin('dashboard.fcgi'), [],
      { env: { ...g.env, REQUEST_METHOD: 'GET', DASHBOARD_AUTH: 'off',
        REQUEST_URI: '/metrics', SCRIPT_NAME: '/metrics' } });
    assert.match(metrics.stdout, /mt5fleet_alert_targets_failing 2\n/);
    for (const text of [first.output, check.output, listed.output, health.stdout,
      metrics.stdout])
      assert.ok(!/s3cr3t/.test(text), text);

    // not before the service said, whatever runs; then at once
    s.answers = {};
    const tries = (p) => s.got.filter((m) => m.path.startsWith(p)).length;
    await g.clock.pass(55000);
    await g.look();
    assert.deepEqual([tries('/bot'), tries('/dead')], [1, 1]);
    await g.clock.pass(6000);
    await g.look();
    assert.deepEqual([tries('/bot'), tries('/dead')], [2, 1]);
    await g.clock.pass(300000);
    assert.equal((await g.look()).code, 0);
    assert.deepEqual([tries('/bot'), tries('/dead'), s.of('/well').length], [2, 2, 1]);
    assert.equal((await g.mt5fleet('alerts', 'targets')).output
      .match(/good, last told/g).length, 3);
  });

test('Retry-After of a header, in seconds', async (t) => {
  const s = await startService(t);
  const g = await alertRig(t, [{ name: 'a', type: 'slack', url: `${s.url}/a` }]);
  s.answers['/a'] = [429, { 'Retry-After': '120' }, ''];
  await g.alert('k', 'warn');
  await g.look();
  s.answers = {};
  await g.clock.pass(118000);
  await g.look();
  assert.equal(s.got.length, 1);
  await g.clock.pass(3000);
  await g.look();
  assert.equal(s.got.length, 2);
});

test('killed at any moment: nothing is lost, and what was told is not told again',
  { timeout: 120000 }, async (t) => {
    const s = await startService(t);
    const g = await alertRig(t, [
      { name: 'a', type: 'webhook', url: `${s.url}/a` },
      { name: 'b', type: 'pagerduty', url: `${s.url}/b`, token: 'k' }]);
    const told = (p) => s.of(p).flatMap((m) => {
      const doc = JSON.parse(m.text);
      return doc.alerts?.map((a) => a.key) ?? [doc.dedup_key];
    });
    for (let i = 0; i < 12; i++) {
      await g.alert(`k${i}`, 'critical');
      await g.r.command('SET', 'collector',
        JSON.stringify({ pid: 1, at_msc: g.clock.now() }));
      const job = start(t, bin('alerts'), ['--for', '50'], { env: g.env });
      if (i % 3 === 0) // once it has said something
        await waitFor('a message', () => told('/a').includes(`k${i}`), 20000);
      await job.kill('SIGKILL');
    }
    await g.look();
    for (const p of ['/a', '/b'])
      assert.deepEqual([...new Set(told(p))].sort(),
        Array.from({ length: 12 }, (_, i) => `k${i}`).sort(), p);
    const before = s.got.length;
    await g.r.command('DEL', 'alerts'); // the list is read again from the stream
    await g.look();
    assert.equal(s.got.length, before, 'the outbox knows what it told');
  });

test('a filter, a mistake and a test message', async (t) => {
  const s = await startService(t);
  const g = await alertRig(t, [
    { name: 'rules', type: 'webhook', url: `${s.url}/rules`, filter: { kinds: ['rules'] } },
    { name: 'bad', type: 'slack', url: 'nowhere' },
    { name: 'bad too', type: 'slack', url: `${s.url}/x`, filter: [1] }]);
  await g.alert(KEY, 'critical', NASTY, ACCOUNT);
  await g.alert('rules/daily_loss/S/1', 'warn', 'S 1: 85 % of the daily loss is used', ACCOUNT);
  const look = await g.look();
  assert.equal(look.code, 2);
  assert.match(look.output, /alerts\.json: targets\[1\]\.url: expected http/);
  assert.match(look.output, /targets\[2\]\.filter: expected an object \{…\}, not an array/);
  assert.deepEqual(s.got.map((m) => JSON.parse(m.text).alerts.map((a) => a.key)),
    [['rules/daily_loss/S/1']], 'those without a mistake are told');
  assert.equal((await run(t, bin('alerts'), ['-n'], { env: g.env })).code, 2);
  g.write([{ name: 'one', type: 'gotify', url: `${s.url}/one`, token: 'x' }]);
  const good = await g.mt5fleet('alerts', 'test', 'one');
  assert.equal(good.code, 0, good.output);
  assert.match(JSON.parse(s.of('/one/message')[0].text).message, /^test: a message of mt5fleet/);
  s.answers['/one'] = [401, {}, 'you need to provide a valid access token'];
  const bad = await g.mt5fleet('alerts', 'test', 'one');
  assert.equal(bad.code, 1);
  assert.match(bad.output, /HTTP 401: you need.*will not heal/);
  assert.equal((await g.mt5fleet('alerts', 'test', 'none')).code, 1);
});

test('through the proxy, and a target that does without it', async (t) => {
  const proxy = await startService(t), s = await startService(t);
  const g = await alertRig(t, [
    { name: 'far', type: 'slack', url: 'http://hooks.invalid/far' },
    { name: 'near', type: 'slack', url: `${s.url}/near`, proxy: 'off' }],
  { PROXY_URL: proxy.url });
  await g.alert('k', 'warn');
  const look = await g.look();
  assert.equal(look.code, 0, look.output);
  assert.deepEqual(proxy.got.map((m) => m.path), ['http://hooks.invalid/far']);
  assert.equal(s.of('/near').length, 1);
});

test('a ledger that cannot be used does not silence anybody', async (t) => {
  const s = await startService(t);
  const g = await alertRig(t, [{ name: 'a', type: 'webhook', url: `${s.url}/a`,
    filter: { firms: ['FTMO'] } }], { LEDGER_FILE: '/proc/none/ledger.db' });
  await g.alert('node/v', 'critical', 'v: unreachable: x');
  await g.look();
  await g.look();
  assert.deepEqual(s.got.map((m) => JSON.parse(m.text).alerts[0].key), ['node/v']);
});

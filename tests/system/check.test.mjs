// check.test.mjs: `mt5fleet check`, one fault after the other: it says which,
// and says "good" only where everything would start.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { bin, run, startRedis, tmp } from './lib.mjs';

const EXPIRED = `-----BEGIN CERTIFICATE-----
MIIBDDCBs6ADAgECAgEBMAoGCCqGSM49BAMCMBAxDjAMBgNVBAMMBXZwczAxMB4X
DTIwMDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFowEDEOMAwGA1UEAwwFdnBzMDEw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARhgmeQqgIUsVHhJZPyCSxwC7hBmDEL
icr1T13Fvn26GIIAtoOT0By2mG+QNmL+pU2oUx5pQhEn1rkMIRTQWpO6MAoGCCqG
SM49BAMCA0gAMEUCIEqBtzWeTYVGmMg60xWOMDufMbsEG01kj1DU+E6HQULBAiEA
yIiShI3aO2gJQcAVLId13kqkey2JRlcbBAkRIXzHupo=
-----END CERTIFICATE-----
`;

async function rig(t) {
  const dir = tmp(t);
  const redis = await startRedis(t);
  const state = path.join(dir, 'state');
  fs.mkdirSync(state);
  const nodes = path.join(dir, 'nodes.json');
  const file = path.join(dir, 'mt5fleet.env');
  const good = { ...redis.env, STATE_DIR: state, NODES_FILE: nodes,
    PRESETS_FILE: path.resolve('etc/rules.json') };
  const check = async (settings = {}, list = [{ id: 'a', url: 'http://127.0.0.1:1' }],
    args = []) => {
    fs.writeFileSync(nodes, typeof list === 'string' ? list : JSON.stringify(list));
    fs.writeFileSync(file, Object.entries({ ...good, ...settings })
      .map(([k, v]) => `${k}=${v}\n`).join(''));
    return run(t, bin('mt5fleet'), ['check', ...args],
      { env: { MT5FLEET_CONFIG: file } });
  };
  return { dir, state, redis, file, check };
}

test('check is good where everything would start', async (t) => {
  const { check } = await rig(t);
  const r = await check();
  assert.equal(r.code, 0, r.output);
  assert.match(r.output, /^good$/m);
  assert.match((await check({}, [], ['--settings'])).output, /^SITE_URL /m);
});

test('each program is its own user of Redis, and what one lacks is named', async (t) => {
  const { check, redis } = await rig(t);
  assert.equal((await check()).code, 0);
  const lists = (await redis.command('ACL', 'LIST')).split('\n');
  const lacking = async (program, rule, said) => {
    const user = `mt5fleet-${program}`;
    await redis.command('ACL', 'SETUSER', user, ...rule.split(' '));
    const r = await check();
    assert.equal(r.code, 2, r.output);
    assert.match(r.output, said);
    assert.doesNotMatch(r.output, /^good$/m);
    await redis.command('ACL', 'SETUSER', user, 'reset',
      ...lists.find((l) => l.startsWith(`user ${user} `)).split(' ').slice(2));
    assert.equal((await check()).code, 0);
  };
  await lacking('live', 'resetchannels &refresh', /redis: live: channel "live": NOPERM/);
  await lacking('admin', 'resetchannels &live', /redis: admin: PUBLISH refresh: NOPERM/);
  await lacking('collect', 'resetkeys ~snapshot:*', /redis: collect: GET last:-check: NOPERM/);
  await lacking('alerts', 'resetkeys ~live ~alert-stream %R~*', /redis: alerts: SET alerts: NOPERM/);
  await lacking('phases', '-xadd', /redis: phases: XADD live: NOPERM/);
  await lacking('dashboard', 'off', /redis: dashboard: WRONGPASS/);
  // and none may do what is not its business
  const as = (program, ...words) => run(t, 'redis-cli', ['-s', redis.socket, '--no-auth-warning',
    '--user', `mt5fleet-${program}`, '--pass',
    fs.readFileSync(path.join(redis.env.REDIS_USERS, program), 'utf8').trim(), ...words]);
  for (const [program, ...words] of [
    ['dashboard', 'SET', 'snapshot:a', '{}'], ['dashboard', 'PUBLISH', 'live', ''],
    ['live', 'XADD', 'live', '*', 'type', 'account'], ['sheets', 'GET', 'session:x'],
    ['collect', 'GET', 'session:x'], ['admin', 'DEL', 'snapshot:a'],
    ['collect', 'FLUSHALL'], ['admin', 'CONFIG', 'GET', 'dir'], ['alerts', 'KEYS', '*']])
    assert.match((await as(program, ...words)).output, /NOPERM/, `${program} ${words}`);
});

test('a Redis that would evict live rows, or is too small for the fleet, is named', async (t) => {
  const { check, redis } = await rig(t);
  await redis.command('CONFIG', 'SET', 'maxmemory', '300mb');
  await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'volatile-ttl');
  const evicts = await check();
  assert.equal(evicts.code, 2, evicts.output);
  assert.match(evicts.output, /redis: maxmemory-policy is volatile-ttl: .*noeviction/);
  await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  assert.equal((await check()).code, 0);
  const nodes = Array.from({ length: 5000 }, (_, i) =>
    ({ id: `n${i}`, url: `http://127.0.0.1:${i + 1}` }));
  assert.equal((await check({}, nodes.slice(0, 4000))).code, 0);
  const small = await check({}, nodes);
  assert.equal(small.code, 2, small.output);
  assert.match(small.output, /redis: maxmemory is 300 MB, and 5000 nodes want 440 MB/);
  assert.equal((await check({ REDIS_MEMORY: '300' }, nodes)).code, 0);
});

test('each setting that is wrong is named', async (t) => {
  const { check, dir } = await rig(t);
  const faults = [
    [{ NO_SUCH: '1' }, /mt5fleet\.env:6: unknown setting: "NO_SUCH"/],
    [{ REDIS_URL: 'rediss://127.0.0.1' }, /REDIS_URL: TLS goes through stunnel: apt install stunnel4/],
    [{ REDIS_URL: `unix:${dir}/none` }, /redis: .*No such file/],
    [{ ALERT_FORMAT: 'pigeon' }, /ALERT_FORMAT: .*"pigeon"/],
    [{ ALERT_URL: 'ftp://x' }, /ALERT_URL/],
    [{ PROXY_URL: 'proxy.lan' }, /PROXY_URL: not http:/],
    [{ DASHBOARD_AUTH: 'maybe' }, /DASHBOARD_AUTH: .*"maybe"/],
    [{ DASHBOARD_AUTH: 'off', APP_HOST: '0.0.0.0' }, /DASHBOARD_AUTH: off .*"0\.0\.0\.0"/],
    [{ DASHBOARD_AUTH: 'off', SITE_URL: 'https://a.example' }, /DASHBOARD_AUTH: off/],
    [{ SITE_URL: 'http://a.example' }, /SITE_URL: plain http .*"http:\/\/a\.example"/],
    [{ SITE_URL: 'https://a.example/a/../b' }, /SITE_URL: not .*"https:\/\/a\.example\/a\/\.\.\/b"/],
    [{ SITE_URL: 'https://a.example/a b' }, /SITE_URL: not /],
    [{ SITE_URL: 'https://a.example/a?b' }, /SITE_URL: not /],
    [{ SITE_URL: 'https://a.example:99999' }, /SITE_URL/],
    [{ SITE_URL: 'https://[::1' }, /SITE_URL/],
    [{ SITE_URL: 'https://a.example', SITE_TLS: 'off' }, /SITE_TLS: "off" does not go/],
    [{ SITE_URL: 'https://a.example', SITE_TLS: 'some' }, /SITE_TLS: neither .*"some"/],
    [{ SITE_URL: 'https://a.example', SITE_TLS: 'files' }, /files needs TLS_CERT_FILE/],
    [{ SITE_URL: 'https://a.example', SITE_TLS: 'files', TLS_CERT_FILE: '/none',
      TLS_KEY_FILE: '/none' }, /TLS_CERT_FILE: \/none: No such file/, true],
    [{ SITE_URL: 'https://a.example', TRUSTED_PROXIES: '10.0.0.1; x' },
      /TRUSTED_PROXIES: not a list/],
    [{ PRESETS_FILE: '/none' }, /\/none/],
    [{ STATE_DIR: '/none' }, /STATE_DIR: \/none/],
    [{ SHEETS_SPREADSHEET_ID: 'x', GOOGLE_APPLICATION_CREDENTIALS: '/none' },
      /sheets: would not start/],
  ];
  for (const [settings, said, asRoot] of faults) {
    if (asRoot && process.getuid() !== 0) continue;
    const r = await check(settings);
    assert.notEqual(r.code, 0, JSON.stringify(settings) + r.output);
    assert.match(r.output, said);
    assert.doesNotMatch(r.output, /^good$/m);
  }
});

test('the worked examples of the presets are tried, one that fails is named', async (t) => {
  const { check, dir } = await rig(t);
  const all = JSON.parse(fs.readFileSync('etc/rules.json', 'utf8'));
  const count = all.presets.reduce((n, p) => n + (p.examples?.length ?? 0), 0);
  assert.match((await check()).output,
    new RegExp(`^rules: ${count} of ${count} examples come out$`, 'm'));
  all.presets[0].rules.daily_loss.pct = 4;
  const file = path.join(dir, 'presets.json');
  fs.writeFileSync(file, JSON.stringify(all));
  const r = await check({ PRESETS_FILE: file });
  assert.equal(r.code, 2, r.output);
  assert.match(r.output, /^WRONG FTMO 2-step 200k: 8,000 lost, 2,000 left: expected daily_left 2000.* got daily_left 0/m);
  assert.match(r.output, /rules: .*presets\.json/);
});

test('each node that cannot be asked is named', async (t) => {
  const { check, dir } = await rig(t);
  fs.writeFileSync(path.join(dir, 'expired.pem'), EXPIRED);
  fs.writeFileSync(path.join(dir, 'text.pem'), 'no certificate');
  const node = (more) => [{ id: 'vps01', url: 'https://127.0.0.1:1', ...more }];
  const faults = [
    [node({ ca: 'none.pem' }), /node "vps01": .*none\.pem: No such file/],
    [node({ ca: 'text.pem' }), /node "vps01": .*text\.pem: not a certificate/],
    [node({ ca: 'expired.pem' }), /node "vps01": .*expired\.pem: .*expired/],
    [node({ token: 'abc\ndef' }), /node "vps01": token has a blank or control character/],
    [node({ url: 'https://[[::1]]:8000' }), /"https:\/\/\[\[::1\]\]:8000"/],
    [[...node(), { id: 'vps02', url: 'https://127.0.0.1:1/' }],
      /node "vps02": has the URL of node "vps01"/],
  ];
  for (const [list, said] of faults) {
    const r = await check({}, list);
    assert.equal(r.code, 2, r.output);
    assert.match(r.output, said);
    assert.doesNotMatch(r.output, /abc/);
  }
});

test('a Redis whose ACL lacks the channels is not good', async (t) => {
  const { check, redis } = await rig(t);
  await redis.command('ACL', 'SETUSER', 'fleet', 'on', '>secret', '~*', '+@all',
    'resetchannels');
  await redis.command('CONFIG', 'SET', 'port', '0');
  await redis.command('ACL', 'SETUSER', 'default', 'resetchannels');
  const r = await check({ REDIS_USERS: '' });
  assert.equal(r.code, 2, r.output);
  assert.match(r.output, /channel "refresh": .*NOPERM/);
});

test('root works as the owner of the state, and what is not his is named',
  { skip: process.getuid() !== 0 && 'needs root' }, async (t) => {
    const { check, state, file, dir } = await rig(t);
    fs.chmodSync(dir, 0o755);
    fs.chownSync(state, 65534, 65534);
    await check(); // the settings
    const made = await run(t, 'sh', ['-c',
      'echo a good password | "$0" passwd ada', bin('mt5fleet')],
    { env: { MT5FLEET_CONFIG: file } });
    assert.equal(made.code, 0, made.output);
    for (const name of fs.readdirSync(state))
      assert.equal(fs.statSync(path.join(state, name)).uid, 65534, name);
    fs.chownSync(path.join(state, 'ledger.db'), 0, 0);
    const r = await check();
    assert.notEqual(r.code, 0);
    assert.match(r.output, /ledger\.db: is root's, not nobody's: chown nobody/);
  });

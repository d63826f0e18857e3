// check_faults.test.mjs: each setting wrong once: `mt5fleet check` (or the agent's
// own -n) says which, quotes it, and does not say "good". A setting that is new
// in lib/base/config.c and has no fault here fails.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { bin, run, startRedis, tmp } from './lib.mjs';

const root = process.getuid() === 0;
const https = { SITE_URL: 'https://fleet.example' };
const sheets = { SHEETS_SPREADSHEET_ID: '1StandInStandInStandInStandInStandInStand', GOOGLE_APPLICATION_CREDENTIALS: '/none' };

/**
 * name: [settings, what is said]; agent: the agent reads it; free: why no text is
 * wrong there. What is said has to name the setting, or what it names.
 */
const faults = {
  REDIS_URL: [{ REDIS_URL: 'http://127.0.0.1' }, /REDIS_URL: .*"http:\/\/127\.0\.0\.1"/],
  REDIS_TLS_SOCKET: [{ REDIS_URL: 'rediss://127.0.0.1', REDIS_TLS_SOCKET: '/none' },
    /redis: .*REDIS_URL: TLS goes through stunnel: apt install stunnel4/s],
  REDIS_CA_FILE: [{ REDIS_URL: 'rediss://127.0.0.1', REDIS_CA_FILE: '/none' },
    /REDIS_CA_FILE: \/none: No such file/],
  REDIS_HOST: [{ REDIS_URL: '', REDIS_HOST: '127.0.0.1', REDIS_PORT: '1' }, /redis: .*REDIS_HOST/],
  REDIS_PORT: [{ REDIS_PORT: '70000' }, /REDIS_PORT: .*"70000"/],
  REDIS_DB: [{ REDIS_DB: '-1' }, /REDIS_DB: .*"-1"/],
  REDIS_PASSWORD: [{ REDIS_PASSWORD: 'wrong' }, /redis: .*(AUTH|WRONGPASS).*/],
  REDIS_USERS: [{ REDIS_USERS: '/none' }, /REDIS_USERS: \/none\/collect: No such file/],
  REDIS_MEMORY: [{ REDIS_MEMORY: '-1' }, /REDIS_MEMORY: .*"-1"/],
  CACHE_TTL: [{ CACHE_TTL: '1' }, /CACHE_TTL: not a number from 2 to 3600: "1"/],
  APP_HOST: [{ APP_HOST: 'a b' }, /APP_HOST: .*"a b"/],
  APP_PORT: [{ APP_PORT: '0' }, /APP_PORT: .*"0"/],
  SITE_URL: [{ SITE_URL: 'fleet.example' }, /SITE_URL: .*"fleet\.example"/],
  SITE_TLS: [{ ...https, SITE_TLS: 'ssl' }, /SITE_TLS: .*"ssl"/],
  TLS_CERT_FILE: [{ ...https, SITE_TLS: 'files', TLS_CERT_FILE: '/none', TLS_KEY_FILE: '/none' },
    root ? /TLS_CERT_FILE: \/none: No such file/ : /^/],
  TLS_KEY_FILE: [{ ...https, SITE_TLS: 'files', TLS_CERT_FILE: '/etc/hostname' },
    /SITE_TLS: files needs TLS_CERT_FILE and TLS_KEY_FILE/],
  SITE_LISTEN: [{ ...https, SITE_LISTEN: '0.0.0.0; x' }, /SITE_LISTEN: .*"0\.0\.0\.0; x"/],
  TRUSTED_PROXIES: [{ ...https, TRUSTED_PROXIES: 'proxy.lan' }, /TRUSTED_PROXIES: .*"proxy\.lan"/],
  APP_DEBUG: [{ APP_DEBUG: 'perhaps' }, /APP_DEBUG: .*"perhaps"/],
  LOG_LEVEL: [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL: .*"loud"/],
  CORS_ORIGINS: [{ CORS_ORIGINS: 'https://a.example, b.example/x' }, /CORS_ORIGINS: .*"b\.example\/x"/],
  NODES_FILE: [{ NODES_FILE: '/none' }, /\/none: No such file/],
  VPS_AGENTS_JSON: [{ NODES_FILE: '', VPS_AGENTS_JSON: '{' }, /VPS_AGENTS_JSON/],
  AGENT_TIMEOUT: [{ AGENT_TIMEOUT: '0' }, /AGENT_TIMEOUT: .*"0"/],
  POLL_WAIT: [{ POLL_WAIT: '56' }, /POLL_WAIT: .*"56"/],
  POLL_PARALLEL: [{ POLL_PARALLEL: '10001' }, /POLL_PARALLEL: .*"10001"/],
  STATE_DIR: [{ STATE_DIR: '/none' }, /STATE_DIR: \/none: No such file/],
  LEDGER_FILE: [{ LEDGER_FILE: '/none/ledger.db' }, /LEDGER_FILE: .*\/none/],
  LEDGER_URL: [{ LEDGER_URL: 'mysql://x' }, /LEDGER_URL: does not begin with postgresql:/],
  BACKUP_DIR: [{ BACKUP_DIR: '/none/backup' }, /BACKUP_DIR: .*\/none/],
  BACKUP_KEEP: [{ BACKUP_KEEP: '0' }, /BACKUP_KEEP: .*"0"/],
  DASHBOARD_AUTH: [{ DASHBOARD_AUTH: 'no' }, /DASHBOARD_AUTH: .*"no"/],
  PRESETS_FILE: [{ PRESETS_FILE: '/none' }, /PRESETS_FILE: \/none: No such file/],
  LIVE_PORT: [{ LIVE_PORT: '65536' }, /LIVE_PORT: .*"65536"/],
  LIVE_SOCKET: [{ LIVE_SOCKET: '/none/live.sock' }, /LIVE_SOCKET: .*\/none/],
  PROXY_URL: [{ PROXY_URL: 'proxy.lan:3128' }, /PROXY_URL: not http:/],
  ALERT_URL: [{ ALERT_URL: 'hooks.example' }, /ALERT_URL/],
  ALERTS_FILE: [{ ALERTS_FILE: '/none/alerts.json' }, /\/none\/alerts\.json/],
  ALERT_AFTER: [{ ALERT_AFTER: '0' }, /ALERT_AFTER: .*"0"/],
  ALERT_FORMAT: [{ ALERT_FORMAT: 'pigeon' }, /ALERT_FORMAT: .*"pigeon"/],
  ALERT_ALSO: [{ ALERT_ALSO: 'pigeons' }, /ALERT_ALSO: .*"pigeons"/],
  GOOGLE_APPLICATION_CREDENTIALS: [sheets, /GOOGLE_APPLICATION_CREDENTIALS: .*\/none/],
  SHEETS_SPREADSHEET_ID: [{ SHEETS_SPREADSHEET_ID: 'a/b', GOOGLE_APPLICATION_CREDENTIALS: '/none' },
    /SHEETS_SPREADSHEET_ID/],
  SHEETS_API_BASE: [{ ...sheets, SHEETS_API_BASE: 'http://x' }, /SHEETS_API_BASE: .*"http:\/\/x"/],
  AGENT_NAME: { free: 'any text is a name' },
  AGENT_HOST: { agent: [{ AGENT_HOST: 'not an address' }, /AGENT_HOST|not an address/] },
  AGENT_PORT: [{ AGENT_PORT: '-1' }, /AGENT_PORT: .*"-1"/],
  AGENT_TOKEN: { agent: [{ AGENT_TOKEN: 'a b' }, /AGENT_TOKEN/] },
  AGENT_TOKEN_FILE: [{ AGENT_TOKEN_FILE: '/none' }, /AGENT_TOKEN_FILE: \/none: No such file/],
  AGENT_COMMON: { agent: [{ AGENT_COMMON: '/none' }, /\/none/] },
  AGENT_SILENT: [{ AGENT_SILENT: '1' }, /AGENT_SILENT: .*"1"/],
  AGENT_RESTARTS: [{ AGENT_RESTARTS: '0' }, /AGENT_RESTARTS: .*"0"/],
  AGENT_CERT_FILE: { agent: [{ AGENT_CERT_FILE: '/none', AGENT_KEY_FILE: '/none' }, /\/none/] },
  AGENT_KEY_FILE: { agent: [{ AGENT_CERT_FILE: '/none' }, /AGENT_KEY_FILE|\/none/] },
  MT5_TERMINAL_PATH: { agent: [{ MT5_TERMINAL_PATH: '/none/terminal64.exe' }, /\/none/] },
  MT5_TERMINAL_DATA: { agent: [{ MT5_TERMINAL_PATH: '/bin/true', MT5_TERMINAL_DATA: '/none' }, /\/none/] },
  MT5_LOGIN: { agent: [{ MT5_TERMINAL_PATH: '/bin/true', MT5_LOGIN: 'ada' }, /MT5_LOGIN: .*"ada"/] },
  MT5_PASSWORD: { free: 'any text may be one; the terminal says if it is wrong' },
  MT5_SERVER: { free: 'any text may be one; the terminal says if it is wrong' },
};

async function rig(t) {
  const dir = tmp(t);
  const redis = await startRedis(t);
  fs.mkdirSync(path.join(dir, 'state'));
  fs.mkdirSync(path.join(dir, 'common'));
  fs.writeFileSync(path.join(dir, 'nodes.json'), '[{"id":"a","url":"http://127.0.0.1:1"}]');
  const good = { ...redis.env, STATE_DIR: path.join(dir, 'state'),
    NODES_FILE: path.join(dir, 'nodes.json'), PRESETS_FILE: path.resolve('etc/rules.json') };
  const file = path.join(dir, 'mt5fleet.env');
  const ask = (settings, program, ...args) => {
    fs.writeFileSync(file, Object.entries(settings).map(([k, v]) => `${k}=${v}\n`).join(''));
    return run(t, bin(program), args, { env: { MT5FLEET_CONFIG: file } });
  };
  return {
    check: (settings, ...args) => ask({ ...good, ...settings }, 'mt5fleet', 'check', ...args),
    agent: (settings) => ask({ AGENT_COMMON: path.join(dir, 'common'), AGENT_PORT: '0', ...settings },
      'mt5fleet-agent', '-n'),
  };
}

test('each setting has a fault, and each fault is said', async (t) => {
  const { check, agent } = await rig(t);
  const names = [...(await check({}, '--settings')).output.matchAll(/^([A-Z0-9_]+) /gm)]
    .map((found) => found[1]);
  assert.ok(names.length > 40, names.join(' '));
  assert.deepEqual(Object.keys(faults).sort(), [...names].sort(), 'a fault for each setting');
  assert.match((await check({})).output, /^good$/m);
  assert.equal((await agent({})).code, 0);
  for (const name of names) {
    const fault = faults[name];
    if (fault.free) continue;
    const [settings, said] = fault.agent ?? fault;
    await t.test(name, async () => {
      const r = await (fault.agent ? agent : check)(settings);
      assert.notEqual(r.code, 0, r.output);
      assert.match(r.output, said);
      assert.doesNotMatch(r.output, /^good$/m);
    });
  }
});

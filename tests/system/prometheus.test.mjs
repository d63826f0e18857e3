// prometheus.test.mjs: Debian's Prometheus scrapes a running fleet, and the
// rules of monitoring/ fire as written when a terminal is lost.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { TREE, command, freePort, get, logIn, start, startFleet, tmp, waitFor } from './lib.mjs';

const has = (tool) => spawnSync(tool, ['--version']).error === undefined;
const skip = has('prometheus') && has('promtool') ? false : 'no prometheus here';
const MONITORING = path.join(TREE, 'monitoring');

test('the alerting rules fire as their tests say', { skip }, () => {
  const { status, stdout, stderr } = spawnSync('promtool',
    ['test', 'rules', path.join(MONITORING, 'mt5fleet.rules.test.yml')],
    { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

test('the example configuration is one', { skip }, () => {
  // whether the token's file exists is the operator's business
  const { status, stdout, stderr } = spawnSync('promtool',
    ['check', 'config', '--syntax-only', 'prometheus.yml'], { cwd: MONITORING, encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

const DASHBOARD = JSON.parse(
  fs.readFileSync(path.join(MONITORING, 'grafana-dashboard.json'), 'utf8'));
const EXPRESSIONS = DASHBOARD.panels.flatMap((p) => p.targets).map(({ expr }) => expr);

test('the dashboard is one that Grafana 9 imports', () => {
  assert.ok(DASHBOARD.schemaVersion >= 36 && DASHBOARD.schemaVersion <= 38);
  const ids = DASHBOARD.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'every panel has its own id');
  const taken = new Set();
  for (const { title, type, datasource, gridPos: at, targets } of DASHBOARD.panels) {
    assert.ok(['stat', 'timeseries'].includes(type), title);
    assert.deepEqual(datasource, { type: 'prometheus', uid: '${datasource}' }, title);
    assert.ok(at.x + at.w <= 24, title);
    for (let x = at.x; x < at.x + at.w; x++)
      for (let y = at.y; y < at.y + at.h; y++) {
        assert.ok(!taken.has(`${x},${y}`), `${title} lies over another panel`);
        taken.add(`${x},${y}`);
      }
    assert.ok(targets.length > 0, title);
    assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
  }
});

test('Prometheus parses each expression of the dashboard', { skip }, (t) => {
  const file = path.join(tmp(t), 'dashboard.yml');
  const check = (list) => {
    fs.writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard',
      rules: list.map((expr, i) => ({ record: `panel:${i}`, expr })) }] }));
    return spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
  };
  const { status, stdout, stderr } = check(EXPRESSIONS);
  assert.equal(status, 0, stdout + stderr);
  assert.notEqual(check(['sum(mt5fleet_equity']).status, 0, 'a wrong one is noticed');
});

test('Prometheus scrapes a fleet with a token from a file, and its rules fire as written',
  { skip }, async (t) => {
  const fleet = await startFleet(t, { nodes: 2, env: { DASHBOARD_AUTH: 'required' } });
  const dir = tmp(t);
  const token = command(fleet, ['token', 'add', 'prometheus', '--scope', 'metrics']);
  fs.writeFileSync(path.join(dir, 'token'), `${token}\n`, { mode: 0o600 });

  // the example, with this fleet's address, and shorter times
  const example = fs.readFileSync(path.join(MONITORING, 'prometheus.yml'), 'utf8');
  const config = [['15s', '1s'], ['mt5fleet.rules.yml', path.join(dir, 'rules.yml')],
    ['scheme: https', 'scheme: http'],
    ['credentials_file: /etc/prometheus/mt5fleet.token',
      `credentials_file: ${path.join(dir, 'token')}`],
    ['fleet.example.com', `127.0.0.1:${fleet.port}`]].reduce((text, [from, to]) => {
    assert.ok(text.includes(from), from);
    return text.replaceAll(from, to);
  }, example);
  fs.writeFileSync(path.join(dir, 'prometheus.yml'), config);
  const written = fs.readFileSync(path.join(MONITORING, 'mt5fleet.rules.yml'), 'utf8');
  fs.writeFileSync(path.join(dir, 'rules.yml'), written.replace(/for: \d+m/g, 'for: 1s'));

  const port = await freePort();
  const prometheus = start(t, 'prometheus', [
    `--config.file=${path.join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${path.join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`]);
  const ask = async (expr) => (await get(`http://127.0.0.1:${port}/api/v1/query?query=${
    encodeURIComponent(expr)}`)).json.data.result;
  const value = async (expr) => Number((await ask(expr))[0]?.value[1]);
  await waitFor('a scrape', async () => {
    assert.ok(prometheus.running(), prometheus.output());
    return await value('up{job="mt5fleet"}') === 1;
  }, 60000);

  // its figures are those of the API
  await waitFor('the accounts', async () =>
    await value('sum(mt5fleet_accounts{status="ok"})') === 2, 60000);
  const headers = await logIn(fleet);
  const { json } = await get(`${fleet.url}/api/accounts`, { headers });
  assert.equal(json.accounts.length, 2);
  for (const { server, login } of json.accounts)
    for (const name of ['balance', 'positions', 'orders', 'terminal_build', 'account_live'])
      assert.equal((await ask(`mt5fleet_${name}{server="${server}",login="${login}"}`)).length,
        1, `${name} of ${login}`);

  // every metric has its line in docs/metrics.md, and what is asked for exists
  let text;
  await waitFor('the first run of alerts', async () => {
    ({ text } = await get(`${fleet.url}/metrics`,
      { headers: { Authorization: `Bearer ${token}` } }));
    return text.includes('mt5fleet_alerts{');
  }, 120000);
  const exported = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map((m) => m[1]));
  const docs = new Set(fs.readFileSync(path.join(TREE, 'docs/metrics.md'), 'utf8')
    .match(/mt5fleet_\w+|process_resident_memory_bytes/g));
  assert.ok(exported.size > 30, [...exported].join(' '));
  for (const name of exported) assert.ok(docs.has(name), `docs/metrics.md has ${name}`);
  const asked = [...EXPRESSIONS.join(' ').matchAll(/mt5fleet_\w+/g),
    ...written.matchAll(/mt5fleet_\w+/g)].map((m) => m[0]);
  for (const name of asked) assert.ok(exported.has(name), `${name} is exported`);

  // without the token: no account, and so no alert that names one
  const stranger = await get(`${fleet.url}/metrics`);
  assert.match(stranger.text, /^mt5fleet_accounts\{/m);
  assert.doesNotMatch(stranger.text, /login=|node=/);

  const firing = async () =>
    (await get(`http://127.0.0.1:${port}/api/v1/alerts`)).json.data.alerts
      .filter((a) => a.state === 'firing');
  const named = (list, name) => list.find((a) => a.labels.alertname === name);
  assert.equal(named(await firing(), 'Mt5fleetAccountsLost'), undefined);
  fleet.control('vps01', 'crash');
  let lost;
  await waitFor('the rule to fire', async () => {
    lost = named(await firing(), 'Mt5fleetAccountsLost');
    return lost !== undefined;
  }, 120000);
  assert.equal(lost.labels.severity, 'warning');
  assert.equal(lost.annotations.summary, '1 accounts are not live.');
  assert.equal(await value('sum(mt5fleet_account_live)'), 1);
});

// prometheus.test.mjs: Debian's Prometheus scrapes a running fleet, and the
// rules of monitoring/ see a terminal that is lost.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { TREE, freePort, get, start, startFleet, tmp, waitFor } from './lib.mjs';

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

test('Prometheus scrapes a fleet, the dashboard\'s metrics exist, a rule sees a lost terminal', { skip }, async (t) => {
  const fleet = await startFleet(t, { nodes: 2 });
  const dashboard = JSON.parse(
    fs.readFileSync(path.join(MONITORING, 'grafana-dashboard.json'), 'utf8'));
  const asked = new Set(dashboard.panels.flatMap((p) => p.targets ?? [])
    .flatMap(({ expr }) => expr.match(/mt5fleet_\w+/g)));
  assert.ok(asked.size > 8);

  const port = await freePort();
  const dir = tmp(t);
  const rules = path.join(MONITORING, 'mt5fleet.rules.yml');
  fs.writeFileSync(path.join(dir, 'prometheus.yml'), JSON.stringify({
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [{ job_name: 'mt5fleet', metrics_path: '/metrics',
      static_configs: [{ targets: [`127.0.0.1:${fleet.port}`] }] }],
  }));
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
  const { json } = await get(`${fleet.url}/api/accounts`);
  const balances = await ask('mt5fleet_balance');
  for (const { server, login } of json.accounts)
    assert.equal(balances.filter(({ metric }) =>
      metric.server === server && metric.login === login).length, 1);

  // not from the first minute on: jobs that have run, limits, a margin in use
  const later = /^mt5fleet_(alerts|job|rule|profit_day|profit_phase|margin)/;
  for (const name of asked)
    if (!later.test(name))
      assert.ok((await ask(name)).length > 0, `${name} is exported`);

  const alerts = async () =>
    (await get(`http://127.0.0.1:${port}/api/v1/alerts`)).json.data.alerts
      .map((a) => a.labels.alertname);
  assert.ok(!(await alerts()).includes('Mt5fleetAccountsLost'));
  fleet.control('vps01', 'crash');
  await waitFor('the rule to see it', async () =>
    (await alerts()).includes('Mt5fleetAccountsLost'), 120000);
});

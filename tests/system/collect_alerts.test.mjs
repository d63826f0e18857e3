// collect_alerts.test.mjs: no alert is lost, and none stays for ever, when
// Redis or nodes.json changes under it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { document, goodAgent } from './agents.mjs';
import { entry, setting } from './collect_lib.mjs';
import { freePort, waitFor } from './lib.mjs';

const dead = async (id, more = {}) =>
  ({ id, url: `http://127.0.0.1:${await freePort()}`, ...more });

/** "node/a critical", in the order they were said. */
const alerts = async (s) => (await s.events())
  .filter((e) => e.type === 'alert').map((e) => `${e.key} ${e.level}`);

test('what fell due while Redis did not answer is said when it is back',
  { timeout: 300000 }, async (t) => {
    const agent = await goodAgent(t, 1);
    const gone = await dead('gone');
    const s = await setting(t, [{ id: 'a', url: agent.url }, gone],
      { ALERT_AFTER: '4' });
    const collector = s.collect();
    await waitFor('the row', () => entry(s, 'a'));
    await waitFor('the other', () => s.node('gone'));
    agent.show(document(1, { terminal: { connected: false } }));
    await waitFor('its word', async () =>
      (await entry(s, 'a')).status === 'broker_disconnected');
    const bad = Date.now();
    assert.deepEqual(await alerts(s), []);
    s.redis.handle.kill('SIGSTOP');
    await waitFor('the complaint', () => /redis: /.test(collector.output()));
    await waitFor('both to be due', () => Date.now() - bad > 5000);
    s.redis.handle.kill('SIGCONT');
    await waitFor('both alerts', async () =>
      (await alerts(s)).sort().join() ===
        'node/gone critical,status/Test-Live/1/a warn', 60000);
  });

test('who empties Redis is told again; what is watched no more is over',
  { timeout: 300000 }, async (t) => {
    const a = await dead('a'), b = await dead('b'), c = await dead('c');
    const s = await setting(t, [a, b, c], { ALERT_AFTER: '2' });
    s.collect();
    await waitFor('three', async () => (await alerts(s)).length === 3, 45000);
    // collect may write a node before it sees that Redis was emptied
    await s.redis.command('EVAL', `local node = redis.call('GET', 'node:a')
      redis.call('FLUSHALL') redis.call('SET', 'node:a', node)`, '0');
    await waitFor('three again', async () =>
      (await alerts(s)).sort().join() ===
        'node/a critical,node/b critical,node/c critical', 60000);
    s.write([{ ...b, enabled: false }, { ...c, maintenance: true }]);
    await waitFor('three ends', async () => (await alerts(s)).slice(3).sort()
      .join() === 'node/a info,node/b info,node/c info', 60000);
  });

test('a run that began without Redis forgets nothing of what is there',
  { timeout: 180000 }, async (t) => {
    const agent = await goodAgent(t, 1);
    const s = await setting(t, [{ id: 'a', url: agent.url }]);
    const first = s.collect();
    await waitFor('the row', () => entry(s, 'a'));
    agent.show(document(2));
    await waitFor('two rows', async () =>
      (await s.snapshot('a')).accounts.length === 2);
    await first.kill('SIGTERM');
    s.redis.handle.kill('SIGSTOP');
    const next = s.collect();
    await waitFor('the complaint', () => /redis: /.test(next.output()));
    const asked = agent.seen.length;
    await waitFor('it asks all the same', () => agent.seen.length > asked);
    s.redis.handle.kill('SIGCONT');
    await waitFor('it writes', async () =>
      (await s.json('collector'))?.pid === next.pid);
    const { polled_msc } = await s.node('a');
    agent.show(document(2));
    await waitFor('it was asked', async () =>
      (await s.node('a')).polled_msc > polled_msc);
    const { accounts } = await s.snapshot('a');
    assert.deepEqual(accounts.map((x) => [x.login, x.status]).sort(),
      [['1', 'stale'], ['2', 'ok']]);
  });

test('nodes.json is edited: who is quiet does not become unreachable',
  async (t) => {
    const agent = await goodAgent(t, 1);
    const s = await setting(t, [{ id: 'a', url: agent.url }], { POLL_WAIT: '1' });
    s.collect();
    await waitFor('a question that waits', () => agent.waiting.size === 1);
    s.write([{ id: 'a', url: agent.url, note: 'edited' }]);
    const asked = agent.seen.length;
    await waitFor('it is asked again', () => agent.seen.length >= asked + 2);
    agent.show(agent.terminals[0].snapshot); // whoever still waits is answered
    const then = agent.seen.length;
    await waitFor('some rounds', () => agent.seen.length > then + 3);
    const bad = (await s.events()).filter((e) => e.status === 'unreachable');
    assert.deepEqual(bad, []);
  });

test('a machine whose clock is off: its word on broker time is not taken',
  { timeout: 180000 }, async (t) => {
    const agent = await goodAgent(t, 1);
    const s = await setting(t, [{ id: 'a', url: agent.url }]);
    const offset = async () =>
      JSON.parse((await s.get('snapshot:a')).split('\n')[1]).broker_offset_s;
    s.collect();
    await waitFor('the row', () => entry(s, 'a'));
    assert.equal(await offset(), 10800);
    agent.clockAheadMs = -20 * 60000;
    agent.show(document(1));
    await waitFor('no offset', async () => (await offset()) === null);
    await waitFor('the alert', async () =>
      (await alerts(s)).join() === 'clock/a warn');
    assert.match((await s.events()).find((e) => e.type === 'alert').text,
      /^a: its clock is 20 min behind the coordinator's/);
    agent.clockAheadMs = 1000;
    agent.show(document(1));
    await waitFor('the offset', async () => (await offset()) === 10800);
    await waitFor('its end', async () =>
      (await alerts(s)).join() === 'clock/a warn,clock/a info');
  });

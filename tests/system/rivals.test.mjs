// rivals.test.mjs: two coordinators by mistake on one Redis or one state folder:
// the later one refuses, and says whose heartbeat it saw.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { bin, run, start, startRedis, tmp, waitFor } from './lib.mjs';

const collect = (redis, state) => ({ env: { MT5FLEET_CONFIG: undefined,
  ...redis.env, STATE_DIR: state, VPS_AGENTS_JSON: '["http://127.0.0.1:1"]' } });
const heartbeat = async (redis) =>
  JSON.parse(await redis.command('GET', 'collector') ?? 'null');

test('a second coordinator on the same Redis refuses; the first goes on', async (t) => {
  const redis = await startRedis(t);
  const [a, b] = [tmp(t), tmp(t)];
  const first = start(t, bin('collect'), [], collect(redis, a));
  const own = await waitFor('the heartbeat', () => heartbeat(redis));
  assert.equal(own.owner, `${os.hostname()}:${fs.realpathSync(a)}`);
  const later = await run(t, bin('collect'), ['--for', '60'], collect(redis, b));
  assert.equal(later.code, 2, later.output);
  assert.match(later.output, new RegExp('another coordinator works on the same Redis.*' +
    `${os.hostname()}:${fs.realpathSync(a)}, pid ${own.pid}, heartbeat \\d+\\.\\d s ago`));
  assert.ok(first.running());
  assert.equal((await heartbeat(redis)).owner, own.owner);
  // its own next run takes over as ever
  const next = await run(t, bin('collect'), ['--for', '1'], collect(redis, a));
  assert.equal(next.code, 0, next.output);
  assert.equal((await first.exited).code ?? 0, 0);
});

test('of two that begin together one stays', async (t) => {
  const redis = await startRedis(t);
  const both = [tmp(t), tmp(t)].map((state) => start(t, bin('collect'), [], collect(redis, state)));
  await waitFor('one to refuse', () => both.some((c) => !c.running()), 60000);
  const [gone] = both.filter((c) => !c.running());
  assert.match(gone.output(), /another coordinator/);
  await waitFor('the other\'s heartbeat', async () => (await heartbeat(redis))?.pid ===
    both.find((c) => c !== gone).pid);
  assert.equal(both.filter((c) => c.running()).length, 1);
});

test('a state folder that another host works in is refused', async (t) => {
  const redis = await startRedis(t), other = await startRedis(t);
  const state = tmp(t);
  await run(t, bin('collect'), ['--for', '1'], collect(redis, state));
  const file = path.join(state, 'coordinator.json');
  const mark = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.writeFileSync(file, JSON.stringify({ ...mark, owner: `elsewhere:${state}` }));
  const r = await run(t, bin('collect'), ['--for', '1'], collect(other, state));
  assert.equal(r.code, 2, r.output);
  assert.match(r.output, /another coordinator works on the same state folder.*elsewhere:/);
  // one that has gone long ago is nobody's
  fs.writeFileSync(file, JSON.stringify({ ...mark, owner: `elsewhere:${state}`, at_msc: mark.at_msc - 200000 }));
  const again = await run(t, bin('collect'), ['--for', '1'], collect(other, state));
  assert.equal(again.code, 0, again.output);
});

// collect_token.test.mjs: the collector with a wrong token, on the real agent.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bin, get, start, startAgent, startRedis, tmp,
  waitFor } from './lib.mjs';
import { putSnapshot } from './agent_lib.mjs';

test('an agent that had too many wrong tokens is unauthorized, too', async (t) => {
  const dir = tmp(t), common = path.join(dir, 'common');
  const file = path.join(dir, 'nodes.json');
  putSnapshot(common);
  const agent = await startAgent(t, common,
    { AGENT_TOKEN: 'right', AGENT_SILENT: '600' });
  const redis = await startRedis(t, dir);
  const write = (token) => {
    fs.writeFileSync(`${file}.new`,
      JSON.stringify([{ id: 'a', url: agent.url, token }]));
    fs.renameSync(`${file}.new`, file);
  };
  const node = async () => {
    const text = await redis.command('GET', 'node:a');
    return text ? JSON.parse(text) : null;
  };
  write('wrong');
  start(t, bin('collect'), [], { env: { ...redis.env, NODES_FILE: file,
    STATE_DIR: dir, AGENT_TIMEOUT: '3' } });
  await waitFor('401', async () => (await node())?.error === 'HTTP 401');

  // somebody else at the same address, until the collector is not heard either
  await waitFor('429', async () => {
    await get(`${agent.url}/`, { headers: { authorization: 'Bearer wrong' } });
    return (await node()).error === 'HTTP 429';
  });
  assert.equal((await node()).status, 'unauthorized');
  // nobody else: heard again, refused again
  await waitFor('401', async () => (await node()).error === 'HTTP 401');

  write('right');
  await waitFor('ok', async () => (await node()).status === 'ok');
  const words = (await redis.command('XRANGE', 'live', '-', '+')).split('\n')
    .filter((l) => l.startsWith('{')).map((l) => JSON.parse(l))
    .filter((e) => e.type === 'status').map((e) => e.status);
  assert.deepEqual(words, ['unauthorized', 'ok'], 'it does not flap');
});

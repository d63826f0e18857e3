// collect_lib.mjs: a Redis, a nodes.json and collectors, for the tests of collect.
import fs from 'node:fs';
import path from 'node:path';
import { bin, run, start, startRedis, tmp } from './lib.mjs';

/** One Redis, one nodes.json, and collectors on them. */
export async function setting(t, nodes, more = {}) {
  const dir = tmp(t);
  const redis = await startRedis(t, dir);
  const file = path.join(dir, 'nodes.json');
  const s = { dir, redis, file };
  s.env = { ...redis.env, NODES_FILE: file, STATE_DIR: dir,
    AGENT_TIMEOUT: '3', CACHE_TTL: '60', ...more };
  s.write = (list) => {
    fs.writeFileSync(`${file}.new`, JSON.stringify(list, null, 1));
    fs.renameSync(`${file}.new`, file);
  };
  s.write(nodes);
  s.collect = (...args) => start(t, bin('collect'), args, { env: s.env });
  s.once = () => run(t, bin('collect'), ['--once'], { env: s.env });
  s.get = async (key) => {
    const text = await redis.command('GET', key);
    return text === '' ? null : text;
  };
  s.json = async (key) => {
    const text = await s.get(key);
    return text === null ? null : JSON.parse(text.split('\n')[0]);
  };
  s.node = (id) => s.json(`node:${id}`);
  s.snapshot = (id) => s.json(`snapshot:${id}`);
  s.events = async () => {
    const lines = (await redis.command('XRANGE', 'live', '-', '+')).split('\n');
    return lines.filter((l) => l.startsWith('{')).map((l) => JSON.parse(l));
  };
  return s;
}

export const entry = async (s, id) => (await s.snapshot(id))?.accounts[0];

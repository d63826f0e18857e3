// alerts_lib.mjs: what the tests of alert targets share: a stand-in for all
// services, alerts.json, and a job that looks once at a moment of ours.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { bin, run, startRedis, tmp } from './lib.mjs';
import { openRedis } from './resp.mjs';
import { testClock } from './clock.mjs';

/**
 * A server that keeps what it is sent. answers[path] = [status, headers, body]
 * is what it says to a path that begins so.
 */
export function startService(t) {
  const service = { got: [], answers: {} };
  const server = http.createServer((req, res) => {
    const parts = [];
    req.on('data', (data) => { parts.push(data); });
    req.on('end', () => {
      const name = Object.keys(service.answers).find((k) => req.url.startsWith(k));
      const [status, headers, body] = service.answers[name] ?? [200, {}, 'ok'];
      service.got.push({ status, path: req.url, method: req.method,
        headers: req.headers, text: Buffer.concat(parts).toString() });
      res.writeHead(status, headers).end(body);
    });
  });
  t.after(() => server.close());
  return new Promise((done) => server.listen(0, '127.0.0.1', () => {
    service.url = `http://127.0.0.1:${server.address().port}`;
    /** What a path took. */
    service.of = (start) => service.got.filter((m) =>
      m.path.startsWith(start) && m.status < 300);
    done(service);
  }));
}

/** Redis, a ledger of its own, alerts.json, and a clock that is moved on. */
export async function alertRig(t, targets, env = {}) {
  const redis = await startRedis(t);
  const r = openRedis(redis.socket);
  t.after(() => r.end());
  const clock = testClock(t, { utc_ms: env.utc_ms ?? 0 });
  const dir = tmp(t), file = path.join(dir, 'alerts.json');
  const { utc_ms, ...rest } = env;
  const all = { MT5FLEET_CONFIG: undefined, REDIS_URL: redis.url, CACHE_TTL: '600',
    STATE_DIR: dir, LEDGER_FILE: path.join(dir, 'ledger.db'), ...clock.env, ...rest };
  let last = 0;
  const rig = {
    r, redis, clock, dir, file, env: all,
    write: (list) => fs.writeFileSync(file, JSON.stringify({ targets: list })),
    async alert(key, level, text = `${key} is ${level}`, more = {}) {
      const at = last = Math.max(clock.now(), last + 1);
      await r.command('XADD', 'alert-stream', `${at}-0`, 'type', 'alert', 'data',
        JSON.stringify({ type: 'alert', key, level, server: null, login: null,
          text, ...more }));
    },
    /** One look of the job, a collector being there. */
    async look(options = {}) {
      await r.command('SET', 'collector',
        JSON.stringify({ pid: 1, at_msc: clock.now() }));
      return run(t, bin('alerts'), ['--for', '0'], { env: all, ...options });
    },
    mt5fleet: (...args) => run(t, bin('mt5fleet'), args, { env: all }),
    sql: (text) => run(t, 'sqlite3', [all.LEDGER_FILE, text]),
  };
  rig.write(targets);
  return rig;
}

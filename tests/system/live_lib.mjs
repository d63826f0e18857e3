// live_lib.mjs: the gateway between a real Redis and real clients, with the
// real nginx before it where a test wants it.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { TREE, bin, freePort, run, sleep, start, startRedis, tmp, waitFor }
  from './lib.mjs';
import { openRedis } from './resp.mjs';
import { connect } from './ws.mjs';

/** Redis and the gateway: {redis, dir, at, live(), restartLive()}. */
export async function startRig(t, { redisArgs = [] } = {}) {
  const dir = tmp(t, 'mt5l-');
  const redis = await startRedis(t, dir, redisArgs);
  const rig = { dir, redis, at: { path: path.join(dir, 'live.sock') } };
  /** Back when it listens and, where Redis is there, has read it. */
  rig.restartLive = async ({ synced = true } = {}) => {
    rig.live = start(t, bin('live'), [], { env: { MT5FLEET_CONFIG: undefined,
      ...redis.env, STATE_DIR: dir, LIVE_SOCKET: rig.at.path,
      LIVE_PORT: '0' } });
    await waitFor('the gateway', async () => {
      if (!rig.live.running()) throw new Error(rig.live.output());
      let said;
      const first = new Promise((done) => { said = done; });
      const ws = await connect(rig.at, '/ws', { message: said });
      const hello = await first;
      ws.drop();
      return !synced || hello.live_id !== null;
    });
  };
  await rig.restartLive();
  return rig;
}

/** Says yes to whoever has the cookie (FastCGI), as /auth/check does. */
function startAuth(t, socketPath) {
  const record = (type, id, data) => Buffer.concat([
    Buffer.from([1, type, id >> 8, id & 255, data.length >> 8,
      data.length & 255, 0, 0]), data]);
  const server = net.createServer((socket) => {
    let seen = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      seen = Buffer.concat([seen, data]);
      // nginx sends all parameters, then an empty STDIN record
      if (!seen.subarray(-16).includes(Buffer.from([1, 5]))) return;
      const id = seen.readUInt16BE(2);
      const known = seen.includes('mt5fleet=good');
      socket.end(Buffer.concat([
        record(6, id, Buffer.from(`Status: ${known ? '204 No Content' :
          '401 Unauthorized'}\r\n\r\n`)),
        record(6, id, Buffer.alloc(0)), record(3, id, Buffer.alloc(8))]));
    });
  });
  server.listen(socketPath);
  t.after(() => server.close());
}

/** The site's nginx before the rig: {at, headers, master, workers(), reload()}. */
export async function startNginx(t, rig) {
  const port = await freePort();
  const state = rig.dir;
  for (const d of ['nginx', 'log', 'htdocs'])
    fs.mkdirSync(path.join(state, d), { recursive: true });
  startAuth(t, path.join(state, 'admin.sock'));
  const rendered = await run(t, path.join(TREE, 'nginx/render'),
    [path.join(state, 'nginx')], { env: { STATE: state,
      HTDOCS: path.join(state, 'htdocs'), LISTEN: `127.0.0.1:${port}`,
      LIVE_SOCKET: rig.at.path, ORIGIN: `http://127.0.0.1:${port}` } });
  if (rendered.code !== 0) throw new Error(rendered.output);
  const conf = path.join(state, 'nginx/private.conf');
  const master = start(t, 'nginx', ['-e', path.join(state, 'log/nginx.log'),
    '-p', state, '-c', conf, '-g', 'daemon off;']);
  const nginx = {
    at: { port, host: '127.0.0.1' },
    headers: { Cookie: 'mt5fleet=good', Origin: `http://127.0.0.1:${port}` },
    master,
    workers: () => fs.readFileSync(
      `/proc/${master.pid}/task/${master.pid}/children`, 'utf8')
      .trim().split(' ').map(Number),
  };
  nginx.reload = () => process.kill(master.pid, 'SIGHUP');
  await waitFor('nginx', async () => {
    if (!master.running()) throw new Error(master.output());
    (await connect(nginx.at, '/ws', {}, nginx)).drop();
    return true;
  });
  return nginx;
}

/** Writes numbered changes as docs/redis.md wants it: one MULTI each. */
export class Writer {
  n = 0;
  #paused = false;
  #on = false;
  #running = null;
  #writing = null;

  constructor(redis) {
    this.path = redis.socket;
    this.redis = openRedis(this.path);
  }

  async write(event = {}) {
    const n = this.n + 1;
    const data = JSON.stringify({ type: 'account', server: 'Demo-1',
      login: String(1000 + n % 23), n, t: performance.timeOrigin +
        performance.now(), pad: 'x'.repeat(300), ...event });
    const r = this.redis;
    const [, , , , answers] = await Promise.all([
      r.command('MULTI'),
      r.command('SET', 'n', n),
      r.command('XADD', 'live', 'MAXLEN', '~', 10000, '*', 'type', 'account',
        'data', data),
      r.command('PUBLISH', 'live', ''),
      r.command('EXEC'),
    ]);
    this.n = n;
    return answers[1];
  }

  /** Writes on, perSecond of them, until stop(). */
  run(perSecond, event = {}) {
    const t0 = performance.now(), n0 = this.n;
    let lost = 0; // of the plan, while paused
    this.#on = true;
    this.#running = (async () => {
      while (this.#on) {
        if (this.#paused) lost = performance.now() - t0 -
          (this.n - n0) * 1000 / perSecond;
        else while (this.n - n0 < (performance.now() - t0 - lost) *
          perSecond / 1000 && !this.#paused)
          await (this.#writing = this.write(event));
        await sleep(5);
      }
    })();
    this.#running.catch(() => {});
  }

  /** Its last write is answered when that returns. */
  async pause() {
    this.#paused = true;
    await this.#writing;
  }
  /** On a new connection. */
  resume() {
    this.redis.end();
    this.redis = openRedis(this.path);
    this.#paused = false;
  }
  async stop() {
    this.#on = false;
    await this.#running;
  }
  end() { this.redis.end(); }
}

/**
 * A client as the page is one: a snapshot first, then events newer than it;
 * comes again with ?after= when it is cut off, and takes a new snapshot when
 * it is told `reset`. `problems` has whatever was lost or came twice.
 */
export class Follower {
  n = null;
  lastId = null;
  problems = [];
  resets = 0;
  connects = 0;
  latencies = [];
  #ended = false;
  #queue = Promise.resolve();

  constructor(redis, at, options = {}) {
    this.redis = redis; // of openRedis
    this.at = at;
    this.options = options;
  }

  async start() {
    await this.#connect();
    await this.#snapshot();
    return this;
  }

  async #snapshot() {
    // a Redis that is being restarted answers in a moment
    const answers = await waitFor('Redis to answer', () => Promise.all([
      this.redis.command('MULTI'),
      this.redis.command('GET', 'n'),
      this.redis.command('XREVRANGE', 'live', '+', '-', 'COUNT', 1),
      this.redis.command('EXEC')]));
    const [n, newest] = answers[3];
    // a Redis that was just emptied knows nothing: the next one counts
    this.emptied = n === null && this.resets > 0;
    this.n = Number(n ?? 0);
    this.lastId = newest[0]?.[0] ?? '0-0';
  }

  async #connect() {
    const url = this.lastId === null ? '/ws' : `/ws?after=${this.lastId}`;
    this.ws = await connect(this.at, url, {
      message: (m) => this.#take(m),
      close: () => { if (!this.#ended) this.#again(); },
    }, this.options);
    this.connects++;
  }

  async #again() {
    for (;;) {
      await sleep(100);
      if (this.#ended) return;
      try {
        return await this.#connect();
      } catch { /* the next try */ }
    }
  }

  // in order, also while a snapshot is being fetched
  #take(message) {
    const now = performance.timeOrigin + performance.now();
    this.#queue = this.#queue.then(() => this.#apply(message, now));
  }

  async #apply(m, now) {
    if (m.type === 'reset') {
      this.resets++;
      return this.#snapshot();
    }
    if (m.n === undefined) return;
    if (this.n === null) // before the first snapshot
      await waitFor('the snapshot', () => this.n !== null);
    if (compareIds(m.id, this.lastId) <= 0) {
      // older than the snapshot; but an event is never given twice
      if (this.connects > 1 && m.n <= this.applied)
        this.problems.push(`${m.n} twice`);
      return;
    }
    if (m.n !== this.n + 1 && !this.emptied) this.problems.push(`${m.n} after ${this.n}`);
    this.latencies.push(now - m.t);
    this.emptied = false;
    this.n = this.applied = m.n;
    this.lastId = m.id;
  }

  /** Gone without a word; comes again only by wake(). */
  sleep() {
    this.#ended = true;
    this.ws.drop();
  }
  wake() {
    this.#ended = false;
    return this.#again();
  }
  end() {
    this.#ended = true;
    this.ws?.drop();
  }
}

export function compareIds(a, b) {
  const [am, as] = a.split('-').map(Number), [bm, bs] = b.split('-').map(Number);
  return am - bm || as - bs;
}

export async function startFollowers(t, rig, count, at = rig.at, options = {}) {
  const redis = openRedis(rig.redis.socket);
  // a follower asks Redis anew by whatever connection stands
  const shared = { command: (...args) => redisOf(rig).command(...args) };
  rig.reader = redis;
  const list = Array.from({ length: count },
    () => new Follower(shared, at, options));
  t.after(() => {
    list.forEach((f) => f.end());
    rig.reader.end();
  });
  await Promise.all(list.map((f) => f.start()));
  return list;
}

const redisOf = (rig) => rig.reader;
export function reopenReader(rig) {
  rig.reader?.end();
  rig.reader = openRedis(rig.redis.socket);
}

/** All have everything up to n, in order, each once. */
export async function allHave(followers, n, ms = 20000) {
  try {
    await waitFor('all clients', () => followers.every((f) => f.n === n), ms);
  } catch (error) {
    const behind = followers.filter((f) => f.n !== n);
    throw new Error(`${error.message}: ${behind.length} of ` +
      `${followers.length} are not at ${n} but ${behind.slice(0, 5).map(
        (f) => `${f.n} (${f.connects} connects, ${f.resets} resets)`)}`);
  }
  const problems = followers.flatMap((f) => f.problems);
  if (problems.length)
    throw new Error(`${problems.length} lost or twice: ${problems.slice(0, 5)}`);
}

/** Memory of a process in KB. */
export const rss = (pid) => Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8')
  .match(/VmRSS:\s+(\d+)/)[1]);

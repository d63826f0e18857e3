// live_cases.mjs: nothing lost and nothing twice, whatever is restarted.
// Each case is run by live_sequence.test.mjs in its short form and by
// tests/bench/live_long.mjs with 200 clients that sleep for 6000 changes.
import assert from 'node:assert/strict';
import { waitFor } from './lib.mjs';
import { Writer, allHave, reopenReader, startFollowers, startNginx, startRig }
  from './live_lib.mjs';

const PER_SECOND = 100;

/** Clients, changes, what is done to them, and then: has everyone all? */
async function scene(t, { clients, nginx = false, redisArgs }, disturb) {
  const rig = await startRig(t, { redisArgs });
  const front = nginx ? await startNginx(t, rig) : null;
  const writer = new Writer(rig.redis);
  t.after(() => writer.end());
  await writer.write();
  const followers = await startFollowers(t, rig, clients,
    front?.at ?? rig.at, { headers: front?.headers ?? {} });
  writer.run(PER_SECOND);
  await waitFor('the first changes', () => followers.every((f) => f.n > 10));
  await disturb({ rig, nginx: front, writer, followers });
  const mark = writer.n;
  await waitFor('changes after it', () => writer.n > mark + 20);
  await writer.stop();
  await allHave(followers, writer.n);
  return { rig, writer, followers };
}

const resets = (followers) => followers.reduce((n, f) => n + f.resets, 0);
const reconnects = (followers) =>
  followers.filter((f) => f.connects > 1).length;

/** A while, in changes that were written meanwhile. */
async function changes(writer, n) {
  const first = writer.n;
  await waitFor(`${n} changes`, () => writer.n >= first + n, 20000 + n * 100);
}

async function restartRedis({ rig, writer }) {
  await writer.pause();
  await rig.redis.handle.kill('SIGTERM');
  await waitFor('the gateway to be without it', () =>
    /redis: /.test(rig.live.output()));
  await rig.redis.restart();
  reopenReader(rig);
  writer.resume();
}

export const cases = {
  'five reloads of nginx': async (t, o) => {
    const { followers } = await scene(t, { ...o, nginx: true },
      async ({ nginx, writer }) => {
        for (let i = 0; i < 5; i++) {
          const before = nginx.workers();
          nginx.reload();
          await waitFor('new workers', () =>
            nginx.workers().some((pid) => !before.includes(pid)));
          await changes(writer, 10);
        }
        // worker_shutdown_timeout cuts the old connections
        await waitFor('old workers end', () => nginx.workers().length <= 4,
          30000);
      });
    assert.equal(resets(followers), 0);
  },
  'kill -9 of the nginx workers': async (t, o) => {
    const { followers } = await scene(t, { ...o, nginx: true },
      async ({ nginx }) => {
        // which of them has the clients is nginx' choice
        for (const pid of nginx.workers()) process.kill(pid, 'SIGKILL');
      });
    assert.equal(resets(followers), 0);
    assert.ok(reconnects(followers) > 0, 'someone was cut off');
  },
  'restart of a Redis that keeps its data': async (t, o) => {
    const { followers } = await scene(t,
      { ...o, redisArgs: ['--appendonly', 'yes', '--appendfsync', 'always'] },
      restartRedis);
    assert.equal(resets(followers), 0);
    assert.equal(reconnects(followers), 0);
  },
  'restart of a Redis that forgets: reset': async (t, o) => {
    const { followers } = await scene(t, o, async (s) => {
      await restartRedis(s);
      await waitFor('reset', () => s.followers.every((f) => f.resets > 0));
    });
    assert.equal(reconnects(followers), 0);
  },
  'FLUSHALL under way: reset': async (t, o) => {
    await scene(t, o, async (s) => {
      await s.rig.reader.command('FLUSHALL');
      await waitFor('reset', () => s.followers.every((f) => f.resets > 0));
    });
  },
  'kill -9 and restart of the gateway': async (t, o) => {
    const { followers } = await scene(t, o, async ({ rig, writer }) => {
      await rig.live.kill('SIGKILL');
      await changes(writer, 30);
      await rig.restartLive();
    });
    assert.equal(resets(followers), 0);
    assert.equal(reconnects(followers), followers.length);
  },
  'graceful restart of the gateway behind nginx': async (t, o) => {
    const { followers } = await scene(t, { ...o, nginx: true },
      async ({ rig }) => {
        await rig.live.kill('SIGTERM');
        await rig.restartLive();
      });
    assert.equal(resets(followers), 0);
  },
  'a new writer takes over': async (t, o) => {
    const { followers } = await scene(t, o, async ({ writer }) => {
      await writer.pause();
      writer.resume();
    });
    assert.equal(resets(followers), 0);
  },
  'clients that sleep': async (t, o) => {
    const { followers } = await scene(t, o, async ({ writer, followers: all }) => {
      all.forEach((f) => f.sleep());
      await changes(writer, o.missed);
      await Promise.all(all.map((f) => f.wake()));
    });
    assert.equal(resets(followers), 0);
    assert.equal(reconnects(followers), followers.length);
  },
};

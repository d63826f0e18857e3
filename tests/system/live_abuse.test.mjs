// live_abuse.test.mjs: clients that do not read, speak garbage or say
// nothing: refused or closed, and the others undisturbed.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import net from 'node:net';
import { test } from 'node:test';
import { waitFor } from './lib.mjs';
import { Writer, allHave, rss, startFollowers, startNginx, startRig }
  from './live_lib.mjs';
import { connect, frame } from './ws.mjs';

const GARBAGE = Number(process.env.LIVE_GARBAGE ?? 1000);
const RING_BYTES = 64 * 1024 * 1024;
// a sanitizer keeps what is freed: there memory says nothing
const MEASURED = !process.env.SAN;
const PAD = 'x'.repeat(50000);

test('clients that never read: memory flat, then closed; others undisturbed',
  { timeout: 120000 }, async (t) => {
    const rig = await startRig(t);
    const writer = new Writer(rig.redis);
    let followers = [];
    // no faster than those read who do
    const fill = async (all) => {
      for (let bytes = 0; bytes < all; bytes += PAD.length) {
        await writer.write({ pad: PAD });
        if (writer.n % 32 === 0) await allHave(followers, writer.n, 60000);
      }
    };
    await fill(RING_BYTES * 1.1); // the ring is as large as it gets
    const before = rss(rig.live.pid);
    assert.ok(!MEASURED || before < RING_BYTES / 1024 + 30000, `${before} KB`);
    const deaf = await Promise.all(Array.from({ length: 50 }, () =>
      connect(rig.at, '/ws', {}, { read: false })));
    followers = await startFollowers(t, rig, 5);
    await fill(RING_BYTES * 1.1);
    await allHave(followers, writer.n, 60000);
    const after = rss(rig.live.pid);
    // each may hold back one message (50 KB), and a read of Redis is 5 MB;
    // what was not read is 50 x 70 MB
    assert.ok(!MEASURED || after - before < 25000, `${before} -> ${after} KB`);
    const closed = () => rig.live.output().match(/slow client closed/g)?.length;
    // what the kernel took for them, up to 10 MB each, they are behind by less
    await waitFor('all of them closed', async () => {
      await fill(PAD.length * 32);
      assert.equal(closed(), deaf.length, `closed; ${followers.map((f) => f.connects)} connects`);
      return true;
    }, 60000);
    assert.equal(followers.filter((f) => f.connects > 1).length, 0);
    for (const ws of deaf) ws.drop();
    writer.end();
  });

/** Opens a connection, says bytes (or nothing), keeps it: {closed}. */
function rude(at, bytes) {
  const socket = net.connect(at);
  const handle = { socket, closed: false };
  socket.on('error', () => { handle.closed = true; });
  socket.on('close', () => { handle.closed = true; });
  socket.on('data', () => {});
  if (bytes.length) socket.write(bytes);
  return handle;
}

const HANDSHAKE = 'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n' +
  'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

/** All kinds of nonsense, the i-th of them. */
function nonsense(i) {
  const kinds = [
    '', // half-open
    'GET /ws HTTP/1.1\r\nHost: ', // stops in the middle
    crypto.randomBytes(1 + i % 3000),
    `GET /${'a'.repeat(20000)} HTTP/1.1\r\n\r\n`,
    `${HANDSHAKE}X: ${'b'.repeat(60000)}\r\n\r\n`,
    Buffer.concat([Buffer.from(`${HANDSHAKE}\r\n`), crypto.randomBytes(500)]),
    Buffer.concat([Buffer.from(`${HANDSHAKE}\r\n`),
      ...Array.from({ length: 5 }, () => frame(1, 'nonsense'))]),
    // a frame that promises 2^62 bytes, and some of them
    Buffer.concat([Buffer.from(`${HANDSHAKE}\r\n`),
      Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.alloc(40000, 'z')]),
    // not masked (lws takes that); a reserved opcode; a fragmented ping
    Buffer.concat([Buffer.from(`${HANDSHAKE}\r\n`), 
      ...Array.from({ length: 5 }, () => Buffer.from([0x81, 2, 65, 65]))]),
    Buffer.concat([Buffer.from(`${HANDSHAKE}\r\n`), frame(5, 'x')]),
    Buffer.concat([Buffer.from(`${HANDSHAKE}\r\n`), frame(9, 'x', { fin: false })]),
    'POST /ws HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc',
  ];
  return kinds[i % kinds.length];
}

for (const where of ['the gateway', 'nginx'])
  test(`${GARBAGE} connections of garbage and silence at ${where}`,
    { timeout: 300000 }, async (t) => {
      const rig = await startRig(t);
      const nginx = where === 'nginx' ? await startNginx(t, rig) : null;
      const at = nginx?.at ?? rig.at;
      const writer = new Writer(rig.redis);
      t.after(() => writer.end());
      await writer.write();
      const followers = await startFollowers(t, rig, 10, at,
        { headers: nginx?.headers ?? {} });
      writer.run(100);
      const before = rss(rig.live.pid);
      const all = [];
      for (let i = 0; i < GARBAGE; i++) {
        all.push(rude(at, nonsense(i)));
        if (i % 100 === 99) await waitFor('the last to get through', () =>
          !all[i].socket.connecting);
      }
      // nginx gives a silent one 60 s, and an address 500 connections
      if (nginx === null)
        await waitFor('they are closed', () => all.every((r) => r.closed),
          60000);
      else for (const r of all) r.socket.destroy();
      const late = await waitFor('room for others', () => startFollowers(t,
        rig, 5, at, { headers: nginx?.headers ?? {} }));
      await writer.stop();
      await allHave([...followers, ...late], writer.n);
      assert.equal(followers.filter((f) => f.connects > 1).length, 0);
      const latencies = followers.flatMap((f) => f.latencies).sort((a, b) => a - b);
      const p99 = latencies[Math.floor(latencies.length * 0.99)];
      assert.ok(p99 < 1000, `p99 ${p99} ms`);
      // what malloc keeps; it does not grow with a second round
      const kept = rss(rig.live.pid) - before;
      assert.ok(!MEASURED || kept < 12000 + GARBAGE * 4, `${kept} KB kept`);
      assert.ok(rig.live.running());
    });

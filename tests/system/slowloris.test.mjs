// slowloris.test.mjs: thousands of half requests of one address: others are served
// meanwhile, and nginx hangs up on what sends no whole head.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { test } from 'node:test';
import { get, startFleet, waitFor } from './lib.mjs';

test('half requests shut nobody out', async (t) => {
  const limit = Number(fs.readFileSync('/proc/self/limits', 'utf8')
    .match(/^Max open files +\d+ +(\d+)/m)[1]);
  const wanted = Math.min(8190, Math.floor(limit / 2) - 500);
  const fleet = await startFleet(t, { nodes: 1 });
  const sockets = [];
  let closed = 0;
  t.after(() => sockets.forEach((s) => s.destroy()));
  for (let i = 0; i < wanted; i += 200) {
    await Promise.all(Array.from({ length: Math.min(200, wanted - i) }, () => new Promise((done) => {
      const s = net.connect(fleet.port, '127.0.0.1', () => {
        s.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ');
        done();
      });
      s.on('error', done);
      s.on('close', () => { closed++; });
      s.resume();
      sockets.push(s);
    })));
  }
  const open = sockets.length - closed;
  const answer = await get(`${fleet.url}/health`);
  assert.equal(answer.status, 200, answer.text);
  assert.ok(sockets.length - closed > 0, `answered beside ${open} half requests`);
  t.diagnostic(`${sockets.length} half requests, ${sockets.length - closed} open at the answer`);
  await waitFor('nginx to hang up', () => closed === sockets.length, 120000);
  assert.equal((await get(`${fleet.url}/health`)).status, 200);
});

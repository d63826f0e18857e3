// site.test.mjs: what nginx itself decides: whose answer is kept for a second, and
// how much one address has under way.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { logIn, startFleet, waitFor } from './lib.mjs';

const ends = [];
const file = { after: (f) => ends.push(f) };
let fleet;
before(async () => { fleet = await startFleet(file, { nodes: 1, env: { DASHBOARD_AUTH: 'required' } }); });
after(async () => { for (const end of ends.reverse()) await end(); });

/** {status, cache} of a request, its headers as they are given. */
const ask = (where, headers = {}, localAddress = '127.0.0.1') => new Promise((done, fail) =>
  http.get({ host: '127.0.0.1', port: fleet.port, path: where, headers, localAddress, agent: false },
    (r) => { r.resume(); r.on('end', () => done({ status: r.statusCode, cache: r.headers['x-cache'] })); })
    .on('error', fail));

const headersOf = (where, method = 'GET') => new Promise((done, fail) =>
  http.request({ host: '127.0.0.1', port: fleet.port, path: where, method, agent: false },
    (r) => { r.resume(); r.on('end', () => done(r)); }).on('error', fail).end());

// a location of nginx that adds a header of its own forgets those of the server
test('every answer forbids framing, sniffing and scripts of others', async () => {
  for (const [where, method] of [['/'], ['/index.html'], ['/none'], ['/api/accounts'], ['/api/none'],
    ['/health'], ['/metrics'], ['/docs'], ['/docs/openapi.yaml'], ['/admin/login'], ['/admin/style.css'],
    ['/admin/phases'], ['/auth/check'], ['/auth/login', 'POST'], ['/api/accounts', 'DELETE'], ['/ws'],
    ['/%ff'], ['/mt5/status'], ['/join/address'], ['/account']]) {
    const r = await headersOf(where, method);
    const at = `${method ?? 'GET'} ${where}: ${r.statusCode}`;
    assert.match(r.headers['content-security-policy'] ?? '', /default-src 'self'; frame-ancestors 'none'/, at);
    assert.doesNotMatch(r.headers['content-security-policy'], /unsafe/, at);
    assert.equal(r.headers['x-content-type-options'], 'nosniff', at);
    assert.equal(r.headers['x-frame-options'], 'DENY', at);
    assert.equal(r.headers['referrer-policy'], 'no-referrer', at);
    assert.doesNotMatch(r.headers.server ?? '', /\d/, at);
    assert.equal(r.headers['x-powered-by'], undefined, at);
  }
});

test('nobody gets the answer that was kept for another one\'s cookie', async () => {
  const { Cookie } = await logIn(fleet);
  const [name, session] = Cookie.split('=');
  for (const [planted, cookie] of [
    ['planted7', `${name.toUpperCase()}=planted7; ${Cookie}`],
    ['planted9', `${name} =planted9; ${Cookie}`],
    ['planted8', `${Cookie}; ${name.toUpperCase()}=planted8`]]) {
    let kept;
    // the answer has to be there: within its second nobody else is answered by it
    await waitFor('an answer that is kept', async () => {
      const own = await ask('/api/accounts', { Cookie: cookie });
      const again = await ask('/api/accounts', { Cookie: cookie });
      kept = await ask('/api/accounts', { Cookie: `${name}=${planted}` });
      assert.equal(kept.status, 401, planted);
      assert.equal(own.status, 200, cookie);
      return again.cache === 'HIT';
    });
    assert.equal((await ask('/api/accounts')).status, 401);
    assert.equal((await ask('/api/accounts', { Cookie: `${name}=${session}x` })).status, 401);
    assert.equal((await ask('/api/accounts', { Authorization: `Bearer ${planted}` })).status, 401);
  }
});

test('what is refused is not kept: random cookies fill no disk', async () => {
  const folder = path.join(fleet.state, 'nginx/cache');
  const kept = () => fs.readdirSync(folder, { recursive: true })
    .filter((f) => /[0-9a-f]{32}$/.test(f)).length;
  await waitFor('an empty cache', () => kept() === 0, 60000);
  for (let i = 0; i < 100; i++)
    assert.equal((await ask('/api/accounts', { Cookie: `mt5fleet=${i}` })).status, 401);
  assert.equal(kept(), 0);
});

test('one address has so many requests under way; another one is served', async (t) => {
  const sockets = new Set();
  let over = false;
  const hang_up = () => { over = true; sockets.forEach((s) => s.destroy()); };
  t.after(hang_up);
  // the head is there, the body is not: nginx waits for it, and what it has
  // hung up on comes again
  const hold = () => {
    const s = net.connect({ port: fleet.port, host: '127.0.0.1' }, () =>
      s.write('POST /auth/session HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n' +
        'Content-Length: 9\r\n\r\n'));
    sockets.add(s);
    s.on('error', () => {}).resume().on('close', () => {
      sockets.delete(s);
      if (!over) hold();
    });
  };
  for (let i = 0; i < 520; i++) hold();
  await waitFor('429', async () => (await ask('/health')).status === 429, 60000);
  assert.equal((await ask('/health', {}, '127.0.0.2')).status, 200);
  over = true;
  // what sends no body is hung up on, and the address is served again
  await waitFor('the end of it', async () => (await ask('/health')).status === 200, 60000);
});

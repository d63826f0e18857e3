// proxy.test.mjs: PROXY_URL: the webhook and Google are reached through an HTTP
// proxy, agents are not, and a proxy of the environment is none of ours.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { ACCOUNT, setUp } from '../sheets/set_up.mjs';
import { bin, run, start, startRedis, tmp, waitFor } from './lib.mjs';

/** A proxy that keeps what it is asked for: {url, asked}. Plain http is answered
 * by itself, a tunnel leads to where it is asked to. */
async function startProxy(t) {
  const proxy = { asked: [] };
  const note = (req) => proxy.asked.push({ method: req.method, url: req.url,
    user: req.headers['proxy-authorization'] });
  const server = http.createServer((req, res) => {
    note(req);
    req.resume().on('end', () => res.writeHead(200).end('ok'));
  });
  server.on('connect', (req, socket, head) => {
    note(req);
    const [host, port] = req.url.split(':');
    const to = net.connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      to.write(head);
      socket.pipe(to).pipe(socket);
    });
    for (const s of [socket, to]) s.on('error', () => { socket.destroy(); to.destroy(); });
  });
  t.after(() => { server.closeAllConnections(); server.close(); });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  proxy.url = `http://fleet:p%40ss@127.0.0.1:${server.address().port}`;
  return proxy;
}
const USER = `Basic ${Buffer.from('fleet:p@ss').toString('base64')}`;

test('the webhook is reached through the proxy', async (t) => {
  const proxy = await startProxy(t);
  const redis = await startRedis(t);
  const env = { MT5FLEET_CONFIG: undefined, ...redis.env, STATE_DIR: tmp(t),
    ALERT_URL: 'http://webhook.invalid/hook', ALERT_AFTER: '1', CACHE_TTL: '600',
    no_proxy: '*', PROXY_URL: proxy.url };
  await redis.command('SET', 'collector', JSON.stringify({ pid: 1, at_msc: Date.now() }));
  await redis.command('XADD', 'alert-stream', '*', 'type', 'alert', 'data',
    JSON.stringify({ type: 'alert', key: 'a', level: 'critical', server: null, login: null, text: 'a' }));
  const job = start(t, bin('alerts'), ['--for', '50'], { env });
  await waitFor('the webhook', () => proxy.asked.length > 0);
  await job.kill('SIGTERM');
  assert.deepEqual(proxy.asked[0],
    { method: 'POST', url: 'http://webhook.invalid/hook', user: USER });
  assert.ok(!job.output().includes('p%40ss') && !job.output().includes('p@ss'));
});

test('Google is reached through the proxy', async (t) => {
  const proxy = await startProxy(t);
  const s = await setUp(t);
  fs.appendFileSync(s.env, `PROXY_URL=${proxy.url}\n`);
  await s.seed([{ account: ACCOUNT }]);
  await s.ok();
  assert.ok(s.standin.requests.length > 0);
  assert.ok(proxy.asked.every((a) => a.method === 'CONNECT' &&
    `https://${a.url}` === s.standin.base && a.user === USER), JSON.stringify(proxy.asked));
  assert.ok(proxy.asked.length > 0);
});

test('a proxy of the environment is not used', async (t) => {
  const proxy = await startProxy(t);
  const s = await setUp(t);
  await s.seed([{ account: ACCOUNT }]);
  const r = await run(t, bin('sheets'), ['--max-wait', '0.02'], { env: { MT5FLEET_CONFIG: s.env,
    SSL_CERT_FILE: s.standin.ca, https_proxy: proxy.url, HTTPS_PROXY: proxy.url,
    all_proxy: proxy.url } });
  assert.equal(r.code, 0, r.output);
  assert.deepEqual(proxy.asked, []);
});

test('agents are asked without it', async (t) => {
  const proxy = await startProxy(t);
  const redis = await startRedis(t);
  const dir = tmp(t);
  let asked = 0;
  const agent = http.createServer((req, res) => { asked++; res.writeHead(401).end(); });
  t.after(() => agent.close());
  await new Promise((done) => agent.listen(0, '127.0.0.1', done));
  fs.writeFileSync(path.join(dir, 'nodes.json'), JSON.stringify([
    { id: 'a', url: `http://127.0.0.1:${agent.address().port}` }]));
  const r = await run(t, bin('collect'), ['--for', '1'], { env: { MT5FLEET_CONFIG: undefined,
    ...redis.env, STATE_DIR: dir, NODES_FILE: path.join(dir, 'nodes.json'),
    PROXY_URL: proxy.url } });
  assert.ok(asked > 0, r.output);
  assert.deepEqual(proxy.asked, []);
});
